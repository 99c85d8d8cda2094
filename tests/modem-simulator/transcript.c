/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript.c - see transcript.h. */
#include "transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_AT 65536

struct transcript {
	int fd;
	bool failed;
	struct out out;
};

struct transcript *transcript_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return NULL;
	struct transcript *t = sim_alloc(sizeof *t);
	t->fd = fd;
	return t;
}

void transcript_close(struct transcript *t)
{
	if (!t)
		return;
	transcript_flush(t);
	close(t->fd);
	out_free(&t->out);
	free(t);
}

int64_t transcript_clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct out *transcript_begin(struct world *w, int modem, const char *event)
{
	struct out *o = &w->transcript->out;

	json_open(o, NULL, '{');
	json_int(o, "ms", w->now_ms);
	json_int(o, "us", transcript_clock_us());
	if (modem >= 0)
		json_int(o, "modem", modem);
	json_text(o, "event", event);
	return o;
}

void transcript_end(struct world *w)
{
	struct transcript *t = w->transcript;

	json_close(&t->out, '}');
	out_text(&t->out, "\n");
	if (out_waiting(&t->out) > FLUSH_AT)
		transcript_flush(t);
}

void transcript_flush(struct transcript *t)
{
	while (out_waiting(&t->out)) {
		ssize_t n = write(t->fd, t->out.p + t->out.from, out_waiting(&t->out));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (!t->failed)
				fprintf(stderr, "modem-simulator: transcript: %s\n",
					strerror(errno));
			t->failed = true;
			out_clear(&t->out);
			return;
		}
		out_took(&t->out, (size_t)n);
	}
}
