/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at.h - one AT command and its answer.
 * Room:      link/modem (the child).
 * Standard:  3GPP TS 27.007 §5, 27.005 §3.3.1 (the "> " prompt).
 * Echo stays on: an answer counts only once the command's own echo was seen, so that what a modem
 * says late to an earlier command is never taken for this one's. A modem that can't be brought to
 * echo (start_recover() finds out) is believed without.
 * Errors:    enum at_result; a modem that answers nothing is recovered, or ends the process.
 * Threads:   one.  Units: milliseconds. */
#ifndef SAFAR_LINK_MODEM_AT_H
#define SAFAR_LINK_MODEM_AT_H

#include "link/modem/modem.h"

#define AT_SHORT_MS 10000 /* for a command that asks nothing of the network */

enum at_result { AT_OK, AT_ERROR /* without a code */, AT_CME, AT_CMS, AT_PROMPT, AT_TIMEOUT };

struct at_reply {
	enum at_result result;
	int32_t code;     /* of AT_CME and AT_CMS; -1: none given */
	char line[256];   /* the first line of the answer, cut; "" where there was none */
	bool was_bare;    /* OK or ERROR came, but no echo before it */
	bool was_cmgs;    /* +CMGS: came, whatever followed */
	uint8_t tp_mr;
};

/* Called for each line of an answer, its echo and its end left out. */
typedef void at_line(void *arg, struct span line);

/* Runs a command (without its CR). When the modem doesn't answer in time it is recovered (which
 * ends the process where that fails) and the result is AT_TIMEOUT. */
enum at_result at_run(struct modem *m, const char *command, int64_t within_ms, struct at_reply *ret);
enum at_result at_run_lines(struct modem *m, const char *command, int64_t within_ms,
                            at_line *line, void *arg, struct at_reply *ret);
/* The same without recovery. */
enum at_result at_try(struct modem *m, const char *command, int64_t within_ms, struct at_reply *ret);
/* AT+CMGS up to its prompt, and what goes behind the prompt up to its answer; no recovery. */
enum at_result at_try_prompt(struct modem *m, const char *command, int64_t within_ms,
                             struct at_reply *ret);
enum at_result at_try_message(struct modem *m, struct span octets, int64_t within_ms,
                              struct at_reply *ret);

/* For the pump. */
const char *at_command_text(const struct command *c); /* NULL: none is waiting */
bool at_waits_for_cmgs(const struct command *c);
/* "0031…F1+CMGS: 7" to "+CMGS: 7": some modems echo a message without a line's end. */
struct span at_without_typed(const struct command *c, struct span line);
void at_take_line(struct modem *m, struct command *c, enum line_kind kind, struct span line);
bool at_take_partial(struct command *c, struct span partial); /* true: it was the prompt */

#endif
