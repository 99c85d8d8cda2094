/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spawn.h - a program started beside safard: executed, not forked off.
 * Room:      link.
 * It gets no descriptor but those named (safard opens all of its own close-on-exec), no signal mask,
 * no handlers, and the environment that is given.
 * Errors:    0, or an errno.  Ownership: the caller waits for the process.  Threads: any. */
#ifndef SAFAR_LINK_MODEM_SPAWN_H
#define SAFAR_LINK_MODEM_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

struct spawn {
	const char *program;          /* a path */
	const char *const *argv, *const *env; /* ended by NULL */
	int fd3, fd4;                 /* become its descriptors 3 and 4; -1: none */
	bool is_apart; /* no standard input or output, and a process group of its own */
};
int spawn_run(const struct spawn *s, pid_t *ret);

#endif
