/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread that answers the command line: one poll loop, one state a client.
 *
 *   READING ──its writing side is shut──► ANSWERING ──all has left──► closed
 *                  │                          ▲
 *                  └──► WAITING ──nudged──────┘   (a verb that asks somebody else)
 *
 * A request is read to its end even where it will be refused, or the client would not read why. */
#include "api/control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/place.h"
#include "api/verbs.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/banned.h"

#define PATIENCE_MS 30000
#define PIECE 65536
#define WAIT_MS 40000 /* who is asked gives up before */
#define REST_MS 1000 /* after accept() failed */

enum client_state { CLIENT_NONE, CLIENT_READING, CLIENT_WAITING, CLIENT_ANSWERING };

struct client {
	enum client_state state;
	int fd;
	int64_t uid, due_ms; /* due_ms: of the monotonic clock */
	bool may, too_long;
	struct buf in;
	struct answer answer;
	size_t sent; /* octets of the answer's piece */
};

struct control {
	struct control_context ctx;
	char *data_folder, *node_name, *keys_file; /* what ctx points to */
	struct place place;
	int listener, stop, nudged;
	bool is_bound, is_running;
	pthread_t thread;
	int64_t rests_until_ms;
	struct client clients[CONTROL_CLIENTS];
};

/* ---- one client */

static void close_client(struct client *c)
{
	(void)close(c->fd);
	buf_wipe(&c->in);
	answer_free(&c->answer);
	*c = (struct client){ .fd = -1 };
}

#define GROUPS_MAX 256

static bool is_staff(int fd, const struct ucred *peer, gid_t staff)
{
	gid_t groups[GROUPS_MAX];
	socklen_t n = sizeof groups;
	if (staff == NO_STAFF)
		return false;
	if (peer->gid == staff)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) != 0)
		return false; /* in more groups than that: a refusal, no harm */
	for (size_t i = 0; i < n / sizeof groups[0]; i++)
		if (groups[i] == staff)
			return true;
	return false;
}

static bool peer_may(int fd, gid_t staff, int64_t *ret_uid)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t n = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	*ret_uid = peer.uid;
	return peer.uid == 0 || peer.uid == geteuid() || is_staff(fd, &peer, staff);
}

static void answer(struct control *ctl, struct client *c)
{
	struct err e = ERR_NONE_VALUE;
	if (!c->may)
		e = err_make(ERR_REFUSED, "do that for you", "run this as safard's own user, or as root",
		             NULL);
	else if (c->too_long)
		e = err_make(ERR_INPUT, "read the request", "split the list: 80 MiB a request at most",
		             NULL);
	else if (c->in.failed)
		e = err_make(ERR_MEMORY, "read the request", NULL, NULL);
	if (err_is(e)) {
		buf_init(&c->answer.out, ANSWER_OCTETS);
		answer_error(&c->answer, &e);
		buf_wipe(&c->in);
	} else {
		verbs_answer(&ctl->ctx, &c->in, c->uid, &c->answer);
	}
	const bool waits = c->answer.is_ready != NULL;
	c->state = waits ? CLIENT_WAITING : CLIENT_ANSWERING;
	c->due_ms = clock_monotonic_ms() + (waits ? WAIT_MS : PATIENCE_MS);
}

static void read_piece(struct control *ctl, struct client *c)
{
	uint8_t piece[PIECE];
	const ssize_t n = recv(c->fd, piece, sizeof piece, 0);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) {
		close_client(c);
		return;
	}
	if (n == 0) {
		answer(ctl, c);
		return;
	}
	if (c->in.n + (size_t)n > c->in.limit)
		c->too_long = true;
	if (c->may && !c->too_long)
		buf_add(&c->in, span_make(piece, (size_t)n));
	else
		buf_wipe(&c->in);
	explicit_bzero(piece, (size_t)n);
}

static void send_piece(struct control *ctl, struct client *c)
{
	struct buf *out = &c->answer.out;
	if (c->sent == out->n) {
		buf_consume(out, out->n);
		c->sent = 0;
		if (!verbs_more(&ctl->ctx, &c->answer)) {
			close_client(c);
			return;
		}
	}
	const ssize_t n = send(c->fd, out->p + c->sent, out->n - c->sent, MSG_NOSIGNAL);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n < 0) { /* it went away: what it asked for is done all the same */
		close_client(c);
		return;
	}
	c->sent += (size_t)n;
	c->due_ms = clock_monotonic_ms() + PATIENCE_MS;
}

/* An event here says that the client went away: nothing else is polled for. */
static void look_at_waiting(struct control *ctl, struct client *c, short events)
{
	if (events != 0) {
		close_client(c);
	} else if (c->answer.is_ready(c->answer.state)) {
		c->state = CLIENT_ANSWERING;
		c->due_ms = clock_monotonic_ms() + PATIENCE_MS;
		send_piece(ctl, c);
	}
}

static void nudge(void *arg)
{
	const struct control *ctl = arg;
	(void)eventfd_write(ctl->nudged, 1); /* full: it is nudged already */
}

/* ---- the loop */

static struct client *free_place(struct control *ctl)
{
	for (size_t i = 0; i < CONTROL_CLIENTS; i++)
		if (ctl->clients[i].state == CLIENT_NONE)
			return &ctl->clients[i];
	return NULL;
}

static void take_client(struct control *ctl)
{
	struct client *c = free_place(ctl);
	const int fd = c != NULL ? accept4(ctl->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)
	                         : -1;
	if (fd < 0) {
		if (errno != EINTR && errno != EAGAIN && errno != ECONNABORTED)
			ctl->rests_until_ms = clock_monotonic_ms() + REST_MS; /* no descriptor is left */
		return;
	}
	*c = (struct client){ .state = CLIENT_READING, .fd = fd, .uid = -1,
		.due_ms = clock_monotonic_ms() + PATIENCE_MS };
	c->may = peer_may(fd, ctl->ctx.staff, &c->uid);
	buf_init(&c->in, CONTROL_OCTETS);
}

static void serve_client(struct control *ctl, struct client *c, short events)
{
	if (c->state == CLIENT_NONE)
		return;
	if (c->state == CLIENT_WAITING)
		look_at_waiting(ctl, c, events);
	else if (events != 0 && c->state == CLIENT_READING)
		read_piece(ctl, c);
	else if (events != 0)
		send_piece(ctl, c);
	if (c->state != CLIENT_NONE && clock_monotonic_ms() > c->due_ms)
		close_client(c);
}

static short wanted(enum client_state s)
{
	switch (s) {
	case CLIENT_READING:
		return POLLIN;
	case CLIENT_ANSWERING:
		return POLLOUT;
	case CLIENT_NONE: case CLIENT_WAITING:
		break;
	}
	return 0;
}

static void *serve(void *arg)
{
	struct control *ctl = arg;
	for (;;) {
		struct pollfd fds[3 + CONTROL_CLIENTS];
		const bool rests = clock_monotonic_ms() < ctl->rests_until_ms;
		fds[0] = (struct pollfd){ .fd = ctl->stop, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = !rests && free_place(ctl) != NULL ? ctl->listener : -1,
			.events = POLLIN };
		fds[2] = (struct pollfd){ .fd = ctl->nudged, .events = POLLIN };
		int wait_ms = rests ? REST_MS : -1;
		for (size_t i = 0; i < CONTROL_CLIENTS; i++) {
			const struct client *c = &ctl->clients[i];
			fds[3 + i] = (struct pollfd){ .fd = c->state == CLIENT_NONE ? -1 : c->fd,
				.events = wanted(c->state) };
			if (c->state != CLIENT_NONE)
				wait_ms = REST_MS; /* deadlines are to the second */
		}
		const int n = poll(fds, sizeof fds / sizeof fds[0], wait_ms);
		if (n < 0 && errno != EINTR && errno != EAGAIN && errno != ENOMEM)
			break;
		if (n < 0)
			continue;
		if (fds[0].revents != 0)
			break;
		eventfd_t count = 0;
		if (fds[2].revents != 0)
			(void)eventfd_read(ctl->nudged, &count); /* each waiting client is looked at anyway */
		for (size_t i = 0; i < CONTROL_CLIENTS; i++)
			serve_client(ctl, &ctl->clients[i], fds[3 + i].revents);
		if (fds[1].revents != 0)
			take_client(ctl);
	}
	return NULL;
}

/* ---- start and end */

/* A file left by a safard that was killed: nobody answers there. */
static struct err remove_stale(const struct control *ctl)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_os(errno, "make a socket", NULL, NULL);
	const struct sockaddr *at = (const struct sockaddr *)&ctl->place.address;
	const int os = connect(fd, at, sizeof ctl->place.address) == 0 ? 0 : errno;
	(void)close(fd);
	if (os == ENOENT)
		return ERR_NONE_VALUE;
	if (os != ECONNREFUSED)
		return err_make(ERR_BUSY, "open the control socket",
		                "another safard answers there: stop that one first", "%.120s",
		                ctl->data_folder);
	if (unlinkat(ctl->place.folder, CONTROL_SOCKET, 0) != 0 && errno != ENOENT)
		return err_os(errno, "remove an old control socket", NULL, "%.120s", ctl->data_folder);
	return ERR_NONE_VALUE;
}

static struct err listen_at(struct control *ctl)
{
	struct err e = place_open(ctl->data_folder, &ctl->place);
	if (!err_is(e))
		e = remove_stale(ctl);
	if (err_is(e))
		return e;
	ctl->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* The file takes its mode from the socket: it is never open to others, not for a moment. */
	if (ctl->listener < 0 || fchmod(ctl->listener, 0600) != 0)
		return err_os(errno, "make the control socket", NULL, NULL);
	if (bind(ctl->listener, (const struct sockaddr *)&ctl->place.address,
	         sizeof ctl->place.address) != 0)
		return err_os(errno, "open the control socket", NULL, "%.120s", ctl->data_folder);
	ctl->is_bound = true;
	if (ctl->ctx.staff != NO_STAFF &&
	    (fchownat(ctl->place.folder, CONTROL_SOCKET, (uid_t)-1, ctl->ctx.staff, 0) != 0 ||
	     fchmodat(ctl->place.folder, CONTROL_SOCKET, 0660, 0) != 0))
		return err_os(errno, "open the control socket to staff", NULL, NULL);
	if (listen(ctl->listener, CONTROL_CLIENTS) != 0)
		return err_os(errno, "open the control socket", NULL, "%.120s", ctl->data_folder);
	return e;
}

static struct err copy_context(struct control *ctl, const struct control_context *ctx)
{
	ctl->ctx = *ctx;
	ctl->data_folder = strdup(ctx->data_folder);
	ctl->node_name = strdup(ctx->node_name != NULL ? ctx->node_name : "");
	ctl->keys_file = strdup(ctx->keys_file != NULL ? ctx->keys_file : "");
	if (ctl->data_folder == NULL || ctl->node_name == NULL || ctl->keys_file == NULL)
		return err_make(ERR_MEMORY, "open the control socket", NULL, NULL);
	ctl->ctx.data_folder = ctl->data_folder;
	ctl->ctx.node_name = ctl->node_name;
	ctl->ctx.keys_file = ctl->keys_file;
	ctl->ctx.nudge = nudge;
	ctl->ctx.nudge_arg = ctl;
	return ERR_NONE_VALUE;
}

struct err control_start(const struct control_context *ctx, struct control **ret)
{
	struct control *ctl = calloc(1, sizeof *ctl);
	if (ctl == NULL)
		return err_make(ERR_MEMORY, "open the control socket", NULL, NULL);
	ctl->listener = ctl->stop = ctl->nudged = ctl->place.folder = -1;
	for (size_t i = 0; i < CONTROL_CLIENTS; i++)
		ctl->clients[i].fd = -1;
	struct err e = copy_context(ctl, ctx);
	if (!err_is(e))
		e = listen_at(ctl);
	if (!err_is(e)) {
		ctl->stop = eventfd(0, EFD_CLOEXEC);
		ctl->nudged = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (ctl->stop < 0 || ctl->nudged < 0)
			e = err_os(errno, "open the control socket", NULL, NULL);
	}
	if (!err_is(e)) {
		const int rc = pthread_create(&ctl->thread, NULL, serve, ctl);
		if (rc != 0)
			e = err_os(rc, "start the control's thread", NULL, NULL);
		else
			ctl->is_running = true;
	}
	if (err_is(e))
		control_stop(ctl);
	else
		*ret = ctl;
	return e;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

void control_stop(struct control *ctl)
{
	if (ctl == NULL)
		return;
	if (ctl->is_running) {
		(void)eventfd_write(ctl->stop, 1); /* from 0 it can't be full */
		(void)pthread_join(ctl->thread, NULL);
	}
	for (size_t i = 0; i < CONTROL_CLIENTS; i++)
		if (ctl->clients[i].state != CLIENT_NONE)
			close_client(&ctl->clients[i]);
	if (ctl->is_bound)
		(void)unlinkat(ctl->place.folder, CONTROL_SOCKET, 0); /* a stale one is no harm */
	close_if_open(ctl->listener);
	close_if_open(ctl->stop);
	close_if_open(ctl->nudged);
	close_if_open(ctl->place.folder);
	free(ctl->data_folder);
	free(ctl->node_name);
	free(ctl->keys_file);
	free(ctl);
}
