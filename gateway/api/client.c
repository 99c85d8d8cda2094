/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's half of the control socket. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/control.h"
#include "api/json.h"
#include "api/place.h"
#include "base/banned.h"

#define LINE_OCTETS (64u << 20)
#define PIECE 65536

static struct err connect_to(const char *data_folder, int *ret)
{
	struct place at;
	struct err e = place_open(data_folder, &at);
	if (err_is(e))
		return e;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		e = err_os(errno, "make a socket", NULL, NULL);
	} else if (connect(fd, (const struct sockaddr *)&at.address, sizeof at.address) != 0) {
		const int os = errno;
		e = os == ENOENT || os == ECONNREFUSED
		    ? err_make(ERR_ABSENT, "reach safard: it isn't running on", "start it: safard -c FILE",
		               "%.120s", data_folder)
		    : err_os(os, "reach safard on", "run this as safard's own user, or as root", "%.120s",
		             data_folder);
		(void)close(fd);
	} else {
		*ret = fd;
	}
	(void)close(at.folder);
	return e;
}

static struct err send_all(int fd, struct span s)
{
	while (s.n > 0) {
		const ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return ERR_NONE_VALUE; /* the answer, if one came, says why */
		if (n < 0)
			return err_os(errno, "ask safard", NULL, NULL);
		s = span_make(s.p + n, s.n - (size_t)n);
	}
	if (shutdown(fd, SHUT_WR) != 0 && errno != ENOTCONN)
		return err_os(errno, "ask safard", NULL, NULL);
	return ERR_NONE_VALUE;
}

/* Gives out the whole lines of `in`; *ret_ended when the one that ends an answer was among them. */
static void give_lines(struct buf *in, void (*line)(struct span json, void *), void *arg,
                       bool *ret_ended)
{
	struct span rest = buf_span(in), one;
	size_t given = 0;
	while (rest.n > 0 && rest.p[rest.n - 1] != '\n')
		rest.n--; /* the start of a line that is still to come */
	while (span_line(&rest, &one)) {
		if (json_member(one, "ok").n > 0)
			*ret_ended = true;
		line(one, arg);
		given = (size_t)(rest.p - in->p);
	}
	if (given > 0)
		buf_consume(in, given);
}

struct err control_read(int fd, void (*line)(struct span json, void *), void *arg)
{
	static const char next[] = "see with status and outbox whether it was done";
	struct buf in;
	buf_init(&in, LINE_OCTETS);
	struct err e = ERR_NONE_VALUE;
	bool ended = false;
	while (!err_is(e)) {
		uint8_t piece[PIECE];
		const ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != ECONNRESET)
			e = err_os(errno, "read safard's answer", next, NULL);
		if (n <= 0)
			break;
		buf_add(&in, span_make(piece, (size_t)n));
		if (in.failed)
			e = err_make(ERR_DATA, "read safard's answer", next, NULL);
		else
			give_lines(&in, line, arg, &ended);
	}
	if (!err_is(e) && !ended)
		e = err_make(ERR_IO, "read safard's answer: it broke off", next, NULL);
	buf_wipe(&in);
	return e;
}

struct err control_open(const char *data_folder, struct span request, int *ret_fd)
{
	if (request.n > CONTROL_OCTETS)
		return err_make(ERR_INPUT, "ask safard", "split the list: 80 MiB a request at most", NULL);
	int fd = -1;
	struct err e = connect_to(data_folder, &fd);
	if (err_is(e))
		return e;
	e = send_all(fd, request);
	if (err_is(e))
		(void)close(fd);
	else
		*ret_fd = fd;
	return e;
}

struct err control_ask(const char *data_folder, struct span request,
                       void (*line)(struct span json, void *), void *arg)
{
	int fd = -1;
	struct err e = control_open(data_folder, request, &fd);
	if (err_is(e))
		return e;
	e = control_read(fd, line, arg);
	(void)close(fd);
	return e;
}
