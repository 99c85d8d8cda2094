/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/loop.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"
#include "base/clock.h"

struct loop {
	int epoll, wake;
	struct timer *timers; /* unsorted: a few a link */
	pthread_mutex_t lock; /* guards the mailbox */
	struct letter *first, **last;
	_Atomic bool stop;
	struct epoll_event events[LOOP_EVENTS];
	int event_count; /* of the turn under way, so that unwatch can strike out a late event */
};

struct err loop_new(struct loop **ret)
{
	struct err e = ERR_NONE_VALUE;
	struct loop *l = calloc(1, sizeof *l);
	if (l == NULL)
		return err_make(ERR_MEMORY, "start an event loop", NULL, NULL);
	l->last = &l->first;
	l->wake = -1;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll >= 0)
		l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };
	if (l->epoll < 0 || l->wake < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &ev) != 0 ||
	    (errno = pthread_mutex_init(&l->lock, NULL)) != 0) {
		e = err_os(errno, "start an event loop", NULL, NULL);
		if (l->epoll >= 0)
			(void)close(l->epoll);
		if (l->wake >= 0)
			(void)close(l->wake);
		free(l);
		return e;
	}
	*ret = l;
	return e;
}

void loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	(void)close(l->epoll);
	(void)close(l->wake);
	(void)pthread_mutex_destroy(&l->lock);
	free(l);
}

static struct err control(struct loop *l, int op, struct watch *w, uint32_t epoll_events)
{
	struct epoll_event ev = { .events = epoll_events, .data.ptr = w };
	if (epoll_ctl(l->epoll, op, w->fd, &ev) != 0)
		return err_os(errno, "watch a descriptor", NULL, NULL);
	return ERR_NONE_VALUE;
}

struct err loop_watch(struct loop *l, struct watch *w, uint32_t epoll_events)
{
	return control(l, EPOLL_CTL_ADD, w, epoll_events);
}

struct err loop_watch_change(struct loop *l, struct watch *w, uint32_t epoll_events)
{
	return control(l, EPOLL_CTL_MOD, w, epoll_events);
}

void loop_unwatch(struct loop *l, struct watch *w)
{
	if (w->fd < 0)
		return;
	(void)epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
	for (int i = 0; i < l->event_count; i++)
		if (l->events[i].data.ptr == w)
			l->events[i].data.ptr = NULL;
	w->fd = -1;
}

void loop_timer_off(struct loop *l, struct timer *t)
{
	for (struct timer **at = &l->timers; *at != NULL; at = &(*at)->next)
		if (*at == t) {
			*at = t->next;
			break;
		}
	t->next = NULL;
	t->due_ms = 0;
}

void loop_timer_in(struct loop *l, struct timer *t, int64_t in_ms)
{
	loop_timer_off(l, t);
	t->due_ms = clock_monotonic_ms() + (in_ms < 0 ? 0 : in_ms) + 1;
	t->next = l->timers;
	l->timers = t;
}

void loop_post(struct loop *l, struct letter *letter)
{
	letter->next = NULL;
	(void)pthread_mutex_lock(&l->lock);
	*l->last = letter;
	l->last = &letter->next;
	(void)pthread_mutex_unlock(&l->lock);
	const uint64_t one = 1;
	if (write(l->wake, &one, sizeof one) < 0)
		return; /* EAGAIN: the loop is awake already */
}

static void open_letters(struct loop *l)
{
	uint64_t count;
	if (read(l->wake, &count, sizeof count) < 0 && errno != EAGAIN)
		return;
	(void)pthread_mutex_lock(&l->lock);
	struct letter *letter = l->first;
	l->first = NULL;
	l->last = &l->first;
	(void)pthread_mutex_unlock(&l->lock);
	while (letter != NULL) {
		struct letter *next = letter->next; /* open() may free it */
		letter->open(letter);
		letter = next;
	}
}

static int wait_for(const struct loop *l, int wait_ms)
{
	int64_t now = clock_monotonic_ms(), in = wait_ms;
	for (const struct timer *t = l->timers; t != NULL; t = t->next) {
		int64_t left = t->due_ms > now ? t->due_ms - now : 0;
		if (in < 0 || left < in)
			in = left;
	}
	return (int)(in > 3600000 ? 3600000 : in);
}

static void fire_timers(struct loop *l)
{
	int64_t now = clock_monotonic_ms();
	for (;;) {
		struct timer *due = NULL;
		for (struct timer *t = l->timers; t != NULL; t = t->next)
			if (t->due_ms <= now && (due == NULL || t->due_ms < due->due_ms))
				due = t;
		if (due == NULL)
			return;
		loop_timer_off(l, due); /* fire() may set it again: then it is due after `now` */
		due->fire(due);
	}
}

struct err loop_turn(struct loop *l, int wait_ms)
{
	int n = epoll_wait(l->epoll, l->events, LOOP_EVENTS, wait_for(l, wait_ms));
	if (n < 0 && errno != EINTR)
		return err_os(errno, "wait for events", NULL, NULL);
	l->event_count = n < 0 ? 0 : n;
	for (int i = 0; i < l->event_count; i++) {
		struct watch *w = l->events[i].data.ptr;
		if (w != NULL)
			w->ready(w, l->events[i].events);
	}
	l->event_count = 0;
	open_letters(l);
	fire_timers(l);
	return ERR_NONE_VALUE;
}

struct err loop_run(struct loop *l)
{
	while (!atomic_load(&l->stop)) {
		struct err e = loop_turn(l, -1);
		if (err_is(e))
			return e;
	}
	return ERR_NONE_VALUE;
}

void loop_stop(struct loop *l)
{
	atomic_store(&l->stop, true);
	const uint64_t one = 1;
	if (write(l->wake, &one, sizeof one) < 0)
		return;
}
