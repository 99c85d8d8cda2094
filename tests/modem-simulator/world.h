/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world.h - all that is simulated: the modems, the phones, what is under way between them.
 *
 * Ownership: main() owns the one world; everybody else borrows it.
 * Threads:   one.   Units: `_ms` on CLOCK_MONOTONIC since the start.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"

#define MODEMS_MAX 64
#define PATH_LIMIT 400
#define NEVER INT64_MAX

struct modem;
struct phones;
struct network;
struct control;
struct transcript;

struct options {
	char dir[PATH_LIMIT - 32];
	int modems, air_ms, dlr_ms, slots, report_slots, register_ms, echo, lead, escape;
	char pin[9]; /* empty: SIMs without one */
	char play[PATH_LIMIT]; /* empty: nothing is played back */
	int play_speed;
	bool huawei;
};

struct counts {
	uint64_t submitted, parts, messages, reports, mo, calls, hangups;
};

struct world {
	struct options opt;
	int64_t now_ms; /* set once a turn of the loop */
	int inotify;    /* tells when somebody closed a tty */
	bool ends, reports_on;
	struct modem **modems;
	struct phones *phones;
	struct network *network;
	struct control *control;
	struct transcript *transcript;
	struct counts count;
};

#endif
