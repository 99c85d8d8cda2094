/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.h - what a test may ask of the simulator: one row a command.
 *
 * Ownership: the line is cut in place; the answer is the caller's.
 * Errors:    an answer {"error":"…"}.
 * Threads:   none.
 */
#ifndef SIM_COMMANDS_H
#define SIM_COMMANDS_H

#include "pdu.h"
#include "world.h"

#define COMMAND_MAX 4096

struct wait { /* an answer that comes later */
	bool waits, all;
	char number[ADDRESS_MAX];
	uint64_t count;
	int64_t until_ms;
};

/* Either *answer holds one JSON object, or ret_wait->waits. */
void command_run(struct world *w, char *line, struct out *answer, struct wait *ret_wait);

/* Whether it is over: then *answer holds the object. */
bool command_wait_over(struct world *w, const struct wait *wait, struct out *answer);

void command_error(struct out *answer, const char *text);
void commands_help(void); /* to stdout */

#endif
