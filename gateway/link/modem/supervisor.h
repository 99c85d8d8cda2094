/* SPDX-License-Identifier: GPL-3.0-or-later */
/* supervisor.h - one safar-modem process: started, spoken to in frames, ended.
 * Room:      link.
 * The child is executed, not forked off: it inherits one socket (its descriptor 3), an environment of
 * next to nothing and no signal mask. A frame with a bad head or left-over octets ends that child.
 * Ownership: supervisor_free() only after `gone` was called.
 * Threads:   the loop's. */
#ifndef SAFAR_LINK_MODEM_SUPERVISOR_H
#define SAFAR_LINK_MODEM_SUPERVISOR_H

#include "base/frame.h"
#include "base/loop.h"

struct supervisor;

struct supervisor_events {
	/* A frame from the child; false when it doesn't parse: the child is then killed. */
	bool (*frame)(void *arg, struct frame_in *f);
	/* It has ended and is reaped; the device is free again. `reason` is a literal. was_killed: from
	 * outside, by neither safard nor a fault of its own. */
	void (*gone)(void *arg, const char *reason, bool was_killed);
};

/* extra_fd: the child's descriptor 4; -1: none. It stays the caller's. */
struct err supervisor_start(struct loop *l, const char *program, const struct supervisor_events *ev,
                            void *arg, int extra_fd, struct supervisor **ret);
/* Where to put frames; then supervisor_flush(). */
struct buf *supervisor_out(struct supervisor *s);
void supervisor_flush(struct supervisor *s);
void supervisor_kill(struct supervisor *s, const char *reason);
void supervisor_free(struct supervisor *s);

#endif
