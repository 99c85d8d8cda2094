/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.c - see control.h. */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "commands.h"

struct client {
	int fd; /* -1: free */
	char line[COMMAND_MAX + 1];
	size_t n;
	struct out out;
	struct wait wait;
	bool ends; /* after what is in `out` */
};

struct control {
	int fd;
	char path[PATH_LIMIT];
	bool arrived;
	struct client clients[CONTROL_CLIENTS];
};

struct control *control_open(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof a.sun_path) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	memcpy(a.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	unlink(path); /* left by one that was killed */
	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, CONTROL_CLIENTS) < 0) {
		int why = errno;
		close(fd);
		errno = why;
		return NULL;
	}
	struct control *c = sim_alloc(sizeof *c);
	c->fd = fd;
	snprintf(c->path, sizeof c->path, "%s", path);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		c->clients[i].fd = -1;
	return c;
}

static void drop(struct client *cl)
{
	close(cl->fd);
	out_free(&cl->out);
	*cl = (struct client){ .fd = -1 };
}

void control_close(struct control *c)
{
	if (!c)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			drop(c->clients + i);
	close(c->fd);
	unlink(c->path);
	free(c);
}

size_t control_fds(struct control *c, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ .fd = c->fd, .events = POLLIN };
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		const struct client *cl = c->clients + i;
		short events = out_waiting(&cl->out) ? POLLOUT : POLLIN;
		fds[1 + i] = (struct pollfd){ .fd = cl->fd,
			.events = cl->wait.waits ? POLLRDHUP : events };
	}
	return 1 + CONTROL_CLIENTS;
}

static void take_client(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		if (c->clients[i].fd < 0) {
			c->clients[i].fd = fd;
			return;
		}
	}
	static const char full[] = "{\"error\":\"64 clients are connected\"}\n";
	if (send(fd, full, sizeof full - 1, MSG_NOSIGNAL) < 0)
		perror("modem-simulator: control");
	close(fd);
}

static void flush(struct client *cl)
{
	while (out_waiting(&cl->out)) {
		ssize_t n =
			send(cl->fd, cl->out.p + cl->out.from, out_waiting(&cl->out), MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			drop(cl);
			return;
		}
		out_took(&cl->out, (size_t)n);
	}
	if (cl->ends)
		drop(cl);
}

/* Runs the lines that are whole, up to one that has to wait. */
static void run_lines(struct world *w, struct client *cl)
{
	while (!cl->wait.waits && !cl->ends) {
		char *end = memchr(cl->line, '\n', cl->n);
		if (!end) {
			if (cl->n == COMMAND_MAX) {
				command_error(&cl->out, "a command has 4,096 octets at most");
				out_text(&cl->out, "\n");
				cl->ends = true;
			}
			return;
		}
		*end = 0;
		command_run(w, cl->line, &cl->out, &cl->wait);
		if (!cl->wait.waits)
			out_text(&cl->out, "\n");
		size_t used = (size_t)(end - cl->line) + 1;
		memmove(cl->line, end + 1, cl->n - used);
		cl->n -= used;
	}
}

static void hear(struct world *w, struct client *cl)
{
	ssize_t n = read(cl->fd, cl->line + cl->n, COMMAND_MAX - cl->n);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		drop(cl);
		return;
	}
	cl->n += (size_t)n;
	run_lines(w, cl);
	w->control->arrived = true; /* a wait may be over already */
}

void control_serve(struct world *w, const struct pollfd *fds)
{
	struct control *c = w->control;

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		struct client *cl = c->clients + i;
		short got = fds[1 + i].revents;
		if (cl->fd < 0 || got == 0)
			continue;
		if (cl->wait.waits || (got & (POLLERR | POLLNVAL)))
			drop(cl); /* it gave up */
		else if (got & POLLOUT)
			flush(cl);
		else
			hear(w, cl);
		if (cl->fd >= 0 && !cl->wait.waits)
			flush(cl);
	}
	if (fds[0].revents)
		take_client(c);
}

void control_arrived(struct world *w)
{
	w->control->arrived = true;
}

int64_t control_tick(struct world *w)
{
	struct control *c = w->control;
	int64_t next = NEVER;

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		struct client *cl = c->clients + i;
		if (cl->fd < 0 || !cl->wait.waits)
			continue;
		if ((c->arrived || w->now_ms >= cl->wait.until_ms)
			&& command_wait_over(w, &cl->wait, &cl->out)) {
			cl->wait = (struct wait){ 0 };
			out_text(&cl->out, "\n");
			run_lines(w, cl);
			flush(cl);
		}
		if (cl->fd >= 0 && cl->wait.waits && cl->wait.until_ms < next)
			next = cl->wait.until_ms;
	}
	c->arrived = false;
	return next;
}
