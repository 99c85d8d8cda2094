/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.c - see client.h. */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "commands.h"
#include "out.h"

static int fail(const char *doing, const char *why)
{
	fprintf(stderr, "modem-simulator: %s: %s\n", doing, why);
	return 1;
}

static int reach(const char *dir)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int n = snprintf(a.sun_path, sizeof a.sun_path, "%s/control", dir);

	if (n < 0 || (size_t)n >= sizeof a.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static bool say_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
		if (k < 0 && errno != EINTR)
			return false;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

/* The text of {"error":"…"}: ours hold no escapes. */
static int judge(const struct out *answer)
{
	static const char mark[] = "{\"error\":\"";
	const size_t at = sizeof mark - 1;

	if (answer->n < at || memcmp(answer->p, mark, at) != 0) {
		fwrite(answer->p, 1, answer->n, stdout);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	const char *end = memchr(answer->p + at, '"', answer->n - at);
	size_t n = end ? (size_t)(end - answer->p) - at : answer->n - at;
	fprintf(stderr, "%.*s\n", (int)n, answer->p + at);
	return 1;
}

int client_tell(const char *dir, int words_n, char *const *words)
{
	struct out o = { 0 };
	char got[65536];

	for (int i = 0; i < words_n; i++) {
		out_text(&o, i ? " " : "");
		out_text(&o, words[i]);
	}
	if (o.n > COMMAND_MAX - 1 || (o.n && memchr(o.p, '\n', o.n))) {
		out_free(&o);
		return fail("command", "4,095 octets on one line at most");
	}
	out_text(&o, "\n");
	int fd = reach(dir);
	if (fd < 0) {
		out_free(&o);
		return fail(dir, strerror(errno));
	}
	int result = 1;
	if (!say_all(fd, o.p, o.n)) {
		fail("control", strerror(errno));
		goto out;
	}
	out_clear(&o);
	for (;;) {
		ssize_t n = read(fd, got, sizeof got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fail("control", n < 0 ? strerror(errno) : "closed before the answer came");
			goto out;
		}
		out_add(&o, got, (size_t)n);
		if (got[n - 1] == '\n')
			break;
	}
	result = judge(&o);
out:
	close(fd);
	out_free(&o);
	return result;
}
