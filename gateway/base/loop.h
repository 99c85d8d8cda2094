/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loop.h - one thread's event loop: descriptors, timers, and a mailbox other threads post to.
 * Room:      base.
 * Ownership: watchers and timers belong to the loop from add to remove; a letter belongs to its
 *            sender and is given back by the call of its `open` function.
 * Threads:   everything but loop_post() and loop_stop() is for the loop's own thread.
 * Limits:    LOOP_EVENTS descriptors are served a turn; timers and letters have none of their own,
 *            their owners do.  Units: milliseconds of the monotonic clock. */
#ifndef SAFAR_BASE_LOOP_H
#define SAFAR_BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define LOOP_EVENTS 64

struct loop;

struct watch {
	int fd; /* -1: not watched */
	void (*ready)(struct watch *, uint32_t epoll_events);
	void *arg;
};

struct timer {
	int64_t due_ms; /* 0: off */
	void (*fire)(struct timer *);
	void *arg;
	struct timer *next; /* the loop's */
};

/* Posted from any thread; opened in the loop's, in the order of posting. */
struct letter {
	void (*open)(struct letter *);
	struct letter *next; /* the loop's */
};

struct err loop_new(struct loop **ret);
void loop_free(struct loop *l);
struct err loop_watch(struct loop *l, struct watch *w, uint32_t epoll_events);
struct err loop_watch_change(struct loop *l, struct watch *w, uint32_t epoll_events);
void loop_unwatch(struct loop *l, struct watch *w); /* doesn't close; w->fd becomes -1 */
void loop_timer_in(struct loop *l, struct timer *t, int64_t in_ms); /* sets or moves it */
void loop_timer_off(struct loop *l, struct timer *t);
void loop_post(struct loop *l, struct letter *letter);
/* Runs until loop_stop(). */
struct err loop_run(struct loop *l);
/* One turn, waiting at most wait_ms (tests, and draining at the end). */
struct err loop_turn(struct loop *l, int wait_ms);
void loop_stop(struct loop *l);

#endif
