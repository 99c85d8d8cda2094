/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cusd.h - +CUSD: what an operator answers to a USSD code.
 * Room:      link/modem (the child; includes base/ and text/ only).
 * Standard:  3GPP TS 27.007 §7.15 (+CUSD), TS 23.038 §5 (its coding scheme), §6.1.2.3 (packing).
 * Modems give the answer's body as text, as hex of UCS-2, or (Huawei) as hex of packed septets, and
 * not all tell by the coding scheme which it is: a body that is all hex is looked at.
 * Ownership: the result is the caller's; cusd_wipe().
 * Errors:    false; *ret untouched.  Threads: no state. */
#ifndef SAFAR_LINK_MODEM_CUSD_H
#define SAFAR_LINK_MODEM_CUSD_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/frame.h"

struct cusd {
	enum ussd_outcome outcome;
	char text[USSD_ANSWER_MAX + 1]; /* UTF-8; '\n' parts lines, no other control characters */
};

/* Does its quoted body end in this line? One with line breaks in it goes on in the next. */
bool cusd_is_whole(struct span line);
/* The line from "+CUSD:" on; line breaks of its body are '\n'. */
bool cusd_read(struct span line, struct cusd *ret);
void cusd_wipe(struct cusd *c);
/* A code of digits, * and # as packed septets in hex, for modems that take no other. `room` for
 * 2 * USSD_CODE_MAX + 1. */
void cusd_pack(const char *code, char *ret, size_t room);

#endif
