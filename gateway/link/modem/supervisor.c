/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link/modem/spawn.h"
#include "base/banned.h"

#define IN_LIMIT (64u * FRAME_MAX)
#define OUT_LIMIT (256u * FRAME_MAX)
#define REAP_MS 20

struct supervisor {
	struct loop *loop;
	struct supervisor_events events;
	void *arg;
	struct watch watch;
	struct timer reap;
	struct buf in, out;
	pid_t pid;
	const char *reason;
	bool out_wanted;
};

static void on_reap(struct timer *t);
static void on_ready(struct watch *w, uint32_t epoll_events);

static struct err run(const char *program, int child_end, int extra_fd, pid_t *ret)
{
	static const char *const argv[] = { "safar-modem", NULL };
	static const char *const passed[] = { "SAFAR_DEBUG", "SAFAR_CRASH_AT", "JOURNAL_STREAM",
		"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS" };
	const char *env[sizeof passed / sizeof passed[0] + 1];
	size_t n = 0;
	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++) {
		size_t len = strlen(passed[i]);
		for (char **at = environ; *at != NULL; at++)
			if (strncmp(*at, passed[i], len) == 0 && (*at)[len] == '=') {
				env[n++] = *at;
				break;
			}
	}
	env[n] = NULL;
	const struct spawn s = { .program = program, .argv = argv, .env = env, .fd3 = child_end,
		.fd4 = extra_fd };
	const int rc = spawn_run(&s, ret);
	if (rc != 0)
		return err_os(rc, "start a modem's process", "install safar-modem beside safard", "%.120s",
		              program);
	return ERR_NONE_VALUE;
}

struct err supervisor_start(struct loop *l, const char *program, const struct supervisor_events *ev,
                            void *arg, int extra_fd, struct supervisor **ret)
{
	int pair[2];
	struct supervisor *s = calloc(1, sizeof *s);
	if (s == NULL)
		return err_make(ERR_MEMORY, "start a modem's process", NULL, NULL);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
		free(s);
		return err_os(errno, "start a modem's process", NULL, NULL);
	}
	struct err e = run(program, pair[1], extra_fd, &s->pid);
	(void)close(pair[1]);
	if (err_is(e)) {
		(void)close(pair[0]);
		free(s);
		return e;
	}
	s->loop = l;
	s->events = *ev;
	s->arg = arg;
	s->watch = (struct watch){ .fd = pair[0], .ready = on_ready, .arg = s };
	s->reap = (struct timer){ .fire = on_reap, .arg = s };
	buf_init(&s->in, IN_LIMIT);
	buf_init(&s->out, OUT_LIMIT);
	e = loop_watch(l, &s->watch, EPOLLIN);
	if (err_is(e))
		supervisor_kill(s, "the daemon has no descriptors left");
	*ret = s;
	return ERR_NONE_VALUE;
}

struct buf *supervisor_out(struct supervisor *s)
{
	return &s->out;
}

static void on_reap(struct timer *t)
{
	struct supervisor *s = t->arg;
	int status = 0;
	pid_t got = waitpid(s->pid, &status, WNOHANG);
	if (got == 0) { /* a device in trouble can hold it in the kernel: ask again */
		loop_timer_in(s->loop, &s->reap, REAP_MS);
		return;
	}
	const char *reason = s->reason;
	/* not by the modem's doing: the system ran out of memory, or somebody meant it */
	const bool was_killed = reason == NULL && got == s->pid && WIFSIGNALED(status) &&
	                        (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM);
	if (reason == NULL)
		reason = got == s->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0
		         ? "ended" : "its process ended unexpectedly";
	s->pid = 0;
	s->events.gone(s->arg, reason, was_killed);
}

void supervisor_kill(struct supervisor *s, const char *reason)
{
	if (s->reason == NULL)
		s->reason = reason;
	if (s->pid > 0)
		(void)kill(s->pid, SIGKILL);
	int fd = s->watch.fd;
	if (fd >= 0) {
		loop_unwatch(s->loop, &s->watch);
		(void)close(fd);
	}
	if (s->reap.due_ms == 0)
		loop_timer_in(s->loop, &s->reap, 0);
}

/* All whole frames that are there. False: a bad one. */
static bool take_frames(struct supervisor *s)
{
	for (;;) {
		struct frame_in f;
		size_t size = 0;
		switch (frame_take(buf_span(&s->in), 'c', &f, &size)) {
		case FRAME_SHORT:
			return true;
		case FRAME_BAD:
			return false;
		case FRAME_TAKEN:
			break;
		}
		bool good = s->events.frame(s->arg, &f) && frame_end(&f);
		explicit_bzero(s->in.p, size); /* it may have held a number and a text */
		buf_consume(&s->in, size);
		if (!good)
			return false;
		if (s->watch.fd < 0)
			return true; /* the frame's handler ended this child */
	}
}

static void on_ready(struct watch *w, uint32_t epoll_events)
{
	struct supervisor *s = w->arg;
	if ((epoll_events & EPOLLOUT) != 0)
		supervisor_flush(s);
	if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0)
		return;
	uint8_t octets[8 * FRAME_MAX];
	ssize_t n = read(s->watch.fd, octets, sizeof octets);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		supervisor_kill(s, NULL); /* what it said before it ended is read by now */
		return;
	}
	buf_add(&s->in, span_make(octets, (size_t)n));
	explicit_bzero(octets, (size_t)n);
	if (s->in.failed || !take_frames(s))
		supervisor_kill(s, "its process sent what is no frame");
}

void supervisor_flush(struct supervisor *s)
{
	if (s->watch.fd < 0)
		return;
	while (s->out.n > 0) {
		ssize_t n = send(s->watch.fd, s->out.p, s->out.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break; /* full: EPOLLOUT tells; gone: EPOLLHUP does */
		explicit_bzero(s->out.p, (size_t)n);
		buf_consume(&s->out, (size_t)n);
	}
	bool wanted = s->out.n > 0;
	if (wanted != s->out_wanted) {
		struct err e = loop_watch_change(s->loop, &s->watch,
		                                 wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
		if (!err_is(e))
			s->out_wanted = wanted;
	}
}

void supervisor_free(struct supervisor *s)
{
	if (s == NULL)
		return;
	loop_timer_off(s->loop, &s->reap);
	buf_wipe(&s->in);
	buf_wipe(&s->out);
	free(s);
}
