/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c - plays GSM modems: options, and the one loop that everything hangs on. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "commands.h"
#include "control.h"
#include "modem.h"
#include "network.h"
#include "phone.h"
#include "playback.h"
#include "text.h"
#include "transcript.h"

static const struct option_row {
	const char *name, *value, *help;
	int min, max;
	size_t at; /* of an int in struct options; 0: read_other() knows it */
} rows[] = {
	{ "--dir", "DIR", "where modem0…, control and transcript.jsonl stand", 0, 0, 0 },
	{ "--modems", "N", "how many (1)", 1, MODEMS_MAX, offsetof(struct options, modems) },
	{ "--air-ms", "MS", "how long a part is on the air (0)", 0, 86400000,
		offsetof(struct options, air_ms) },
	{ "--dlr-ms", "MS", "when the report follows (100); negative: before the OK", -1, 86400000,
		offsetof(struct options, dlr_ms) },
	{ "--pin", "PIN", "SIMs that ask for it (none)", 0, 0, 0 },
	{ "--slots", "N", "texts that a SIM holds (20)", 1, SLOTS_MAX,
		offsetof(struct options, slots) },
	{ "--report-slots", "N", "reports that a storage of their own (SR) holds (0: none)", 0,
		SLOTS_MAX, offsetof(struct options, report_slots) },
	{ "--model", "huawei|plain", "E173, or one without specialities (huawei)", 0, 0, 0 },
	{ "--register-ms", "MS", "from power-on or PIN to the network (0)", 0, 86400000,
		offsetof(struct options, register_ms) },
	{ "--echo", "0|1", "0: nothing is echoed, whatever ATE says (1)", 0, 1,
		offsetof(struct options, echo) },
	{ "--lead", "0|1", "0: no line end before an answer (1)", 0, 1,
		offsetof(struct options, lead) },
	{ "--escape", "0|1", "0: ESC is a letter of a command, which it spoils (1)", 0, 1,
		offsetof(struct options, escape) },
	{ "--play", "FILE", "modem 0 answers as this dialogue says (tests/dialogues)", 0, 0, 0 },
	{ "--play-speed", "N", "how many times faster than it says (10)", 1, 1000,
		offsetof(struct options, play_speed) },
};
#define ROWS (sizeof rows / sizeof *rows)

static void usage(void)
{
	puts("usage: modem-simulator --dir DIR [OPTION…]\n"
		"       modem-simulator --dir DIR --tell COMMAND ARGS…\n");
	for (size_t i = 0; i < ROWS; i++)
		printf("  %-14s %-13s %s\n", rows[i].name, rows[i].value, rows[i].help);
	puts("\nCommands:");
	commands_help();
}

static bool read_other(struct options *o, const char *name, const char *value)
{
	size_t n = strlen(value);

	if (strcmp(name, "--dir") == 0) {
		if (n == 0 || n >= sizeof o->dir)
			return false;
		memcpy(o->dir, value, n + 1);
		return true;
	}
	if (strcmp(name, "--pin") == 0) {
		if (n < 4 || n > 8 || strspn(value, "0123456789") != n)
			return false;
		memcpy(o->pin, value, n + 1);
		return true;
	}
	if (strcmp(name, "--play") == 0) {
		if (n == 0 || n >= sizeof o->play)
			return false;
		memcpy(o->play, value, n + 1);
		return true;
	}
	o->huawei = strcmp(value, "huawei") == 0;
	return o->huawei || strcmp(value, "plain") == 0;
}

static bool read_option(struct options *o, const char *name, const char *value)
{
	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *r = rows + i;
		if (strcmp(r->name, name) != 0)
			continue;
		if (r->at == 0)
			return read_other(o, name, value);
		int64_t v;
		if (!number_read(value, r->min < 0 ? INT64_MIN : r->min, r->max, &v))
			return false;
		if (v < r->min)
			v = r->min; /* any negative number means the same */
		*(int *)(void *)((char *)o + r->at) = (int)v;
		return true;
	}
	return false;
}

static int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Several closes of one tty may come as one event; each unlocks all the same. */
static void hear_closes(struct world *w)
{
	_Alignas(struct inotify_event) char b[4096];
	ssize_t n = read(w->inotify, b, sizeof b);

	for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= n;) {
		const struct inotify_event *e = (const void *)(b + at);
		for (int i = 0; i < w->opt.modems; i++)
			if (w->modems[i]->tty.watch == e->wd || (e->mask & IN_Q_OVERFLOW))
				tty_closed(&w->modems[i]->tty);
		at += (ssize_t)sizeof *e + e->len;
	}
}

static int patience(int64_t now, int64_t next)
{
	if (next == NEVER)
		return -1;
	return next <= now ? 0 : next - now > 60000 ? 60000 : (int)(next - now);
}

static int64_t tick(struct world *w)
{
	int64_t next = NEVER;

	for (int i = 0; i < w->opt.modems; i++) {
		int64_t t = modem_tick(w->modems[i]);
		next = t < next ? t : next;
	}
	int64_t report = network_tick(w); /* after the OKs that it follows */
	int64_t wait = control_tick(w);
	for (int i = 0; i < w->opt.modems; i++)
		modem_write(w->modems[i]);
	transcript_flush(w->transcript);
	next = report < next ? report : next;
	return wait < next ? wait : next;
}

static void run(struct world *w, int signals)
{
	struct pollfd fds[2 + 1 + CONTROL_CLIENTS + MODEMS_MAX];
	const int64_t start = clock_ms() - w->now_ms;

	while (!w->ends) {
		w->now_ms = clock_ms() - start;
		int64_t next = tick(w);
		size_t n = 0;
		fds[n++] = (struct pollfd){ .fd = signals, .events = POLLIN };
		fds[n++] = (struct pollfd){ .fd = w->inotify, .events = POLLIN };
		struct pollfd *control = fds + n;
		n += control_fds(w->control, control);
		struct pollfd *ttys = fds + n;
		for (int i = 0; i < w->opt.modems; i++, n++) {
			const struct modem *m = w->modems[i];
			short events = (short)((modem_listens(m) ? POLLIN : 0)
				| (modem_wants_to_write(m) ? POLLOUT : 0));
			ttys[i] = (struct pollfd){ .fd = events ? m->tty.master : -1,
				.events = events };
		}
		if (poll(fds, (nfds_t)n, patience(w->now_ms, next)) < 0 && errno != EINTR) {
			perror("modem-simulator: poll");
			return;
		}
		w->now_ms = clock_ms() - start;
		if (fds[0].revents)
			return;
		if (fds[1].revents)
			hear_closes(w);
		for (int i = 0; i < w->opt.modems; i++)
			if (ttys[i].revents & POLLIN)
				modem_read(w->modems[i]);
		control_serve(w, control);
	}
}

static bool take_dialogue(struct world *w)
{
	if (!*w->opt.play)
		return true;
	struct dialogue *d = dialogue_open(w->opt.play);
	if (!d) {
		errno = EINVAL;
		return false;
	}
	if (*d->built_in)
		w->opt.huawei = strcmp(d->built_in, "huawei") == 0;
	w->modems[0]->play = playback_open(d, w->opt.play_speed);
	return true;
}

static bool stand_up(struct world *w)
{
	char path[PATH_LIMIT];

	if (mkdir(w->opt.dir, 0700) < 0 && errno != EEXIST)
		return false;
	snprintf(path, sizeof path, "%s/transcript.jsonl", w->opt.dir);
	w->transcript = transcript_open(path);
	w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (!w->transcript || w->inotify < 0)
		return false;
	w->phones = phones_open();
	w->network = network_open();
	w->modems = sim_alloc((size_t)w->opt.modems * sizeof *w->modems);
	for (int i = 0; i < w->opt.modems; i++)
		w->modems[i] = modem_open(w, (unsigned)i);
	if (!take_dialogue(w))
		return false;
	snprintf(path, sizeof path, "%s/control", w->opt.dir);
	w->control = control_open(path);
	if (!w->control)
		return false;
	for (int i = 0; i < w->opt.modems; i++)
		if (!modem_plug(w->modems[i]))
			return false;
	return true;
}

static void tear_down(struct world *w)
{
	for (int i = 0; w->modems && i < w->opt.modems; i++)
		modem_close(w->modems[i]);
	free(w->modems);
	control_close(w->control);
	network_close(w->network);
	phones_close(w->phones);
	transcript_close(w->transcript);
	if (w->inotify >= 0)
		close(w->inotify);
}

static int signal_fd(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
	struct world w = { .opt = { .modems = 1, .dlr_ms = 100, .slots = 20, .huawei = true,
				 .play_speed = 10, .echo = 1, .lead = 1, .escape = 1 },
		.inotify = -1, .reports_on = true };
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--tell"); i += 2) {
		if (strcmp(argv[i], "--help") == 0) {
			usage();
			return 0;
		}
		if (i + 1 == argc || !read_option(&w.opt, argv[i], argv[i + 1])) {
			fprintf(stderr,
				"modem-simulator: %s: unknown, or not its range; see --help\n",
				argv[i]);
			return 2;
		}
	}
	if (!*w.opt.dir || (i < argc && i + 1 == argc)) {
		fputs("modem-simulator: --dir DIR is needed, and --tell a command; see --help\n",
			stderr);
		return 2;
	}
	if (i < argc)
		return client_tell(w.opt.dir, argc - i - 1, argv + i + 1);
	int signals = signal_fd();
	bool stands = signals >= 0 && stand_up(&w);
	if (stands) {
		puts("ready");
		fflush(stdout);
		run(&w, signals);
	} else {
		fprintf(stderr, "modem-simulator: %s: %s\n", w.opt.dir, strerror(errno));
	}
	tear_down(&w);
	if (signals >= 0)
		close(signals);
	return stands ? 0 : 1;
}
