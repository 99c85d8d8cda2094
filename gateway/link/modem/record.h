/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.h - the AT dialogue as a file, without what tells of a person, a SIM or this modem.
 * Room:      link/modem (the child; includes base/ only).
 * Layout:    a line an event: ms of the monotonic clock, '>' (to the modem) or '<' (from it), the text
 *            with its \r and \x1a escaped; what the modem simulator plays back.
 * Redaction: fails closed. What isn't on the list of known names, words and small numbers is replaced
 *            by as many of 0 (digits), F (hex), ? (in quotes), x (the rest).
 * Errors:    none: a file that can't be written, or has RECORD_MAX octets, is written no further.
 * Threads:   one. */
#ifndef SAFAR_LINK_MODEM_RECORD_H
#define SAFAR_LINK_MODEM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define RECORD_MAX (16u << 20)
#define RECORD_LINE_MAX 1024u

struct record {
	int fd; /* -1: nothing is recorded */
	uint64_t size;
	char sent[RECORD_LINE_MAX]; /* of the command that isn't ended yet */
	size_t sent_n;
	bool sent_too_long;
	bool asks_who;              /* the command in hand asks what the modem is */
};

void record_open(struct record *r, int fd);
void record_sent(struct record *r, struct span octets);
void record_heard(struct record *r, struct span line); /* whole, without its end */
void record_prompt(struct record *r);                  /* "> ", which has no end */

/* In place, same length. asks_who: it answers a question for maker, model or firmware. */
void record_redact(char *line, size_t n, bool asks_who);

#endif
