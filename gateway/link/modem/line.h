/* SPDX-License-Identifier: GPL-3.0-or-later */
/* line.h - octets from a modem to lines, and what a line is.
 * Room:      link/modem (the child; includes base/ only).
 * Standard:  3GPP TS 27.007 and 27.005 (result codes), ITU-T V.250 §5.7 (their form).
 * Ownership: a line borrows the reader's octets until the next line_put().
 * Errors:    a line over LINE_OCTETS_MAX is dropped whole and counted, never cut.
 * Threads:   no state.  Control octets inside a line (an echoed ESC or Ctrl-Z, NUL) are left out. */
#ifndef SAFAR_LINK_MODEM_LINE_H
#define SAFAR_LINK_MODEM_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* A PDU takes at most 2 * (12 + 164) hex digits; a list of features seldom more than 300 octets. */
#define LINE_OCTETS_MAX 1024u

struct line_reader {
	char text[LINE_OCTETS_MAX];
	size_t n;
	bool is_blank;    /* blanks at the beginning are left out: those of a prompt */
	bool whole;       /* text was given out: the next octet starts anew */
	bool too_long;    /* the rest of this line is skipped */
	uint32_t dropped; /* lines that were too long */
};

/* True when the octet ended a line that isn't empty. */
bool line_put(struct line_reader *r, uint8_t octet, struct span *ret);
/* What has come of the line that isn't ended yet: the "> " prompt never is. */
struct span line_partial(const struct line_reader *r);

/* What has come of it is done with: its line begins anew, its blanks left out. */
void line_drop(struct line_reader *r);

#define LINE_KINDS(X) \
	X(OK, "OK", true) X(ERROR, "ERROR", true) X(ERROR_HUAWEI, "COMMAND NOT SUPPORT", false) \
	X(CME, "+CME ERROR:", false) X(CMS, "+CMS ERROR:", false) \
	X(NO_CARRIER, "NO CARRIER", true) X(RING, "RING", true) X(CRING, "+CRING:", false) \
	X(CLIP, "+CLIP:", false) X(CMTI, "+CMTI:", false) X(CDSI, "+CDSI:", false) \
	X(CDS, "+CDS:", false) X(CMT, "+CMT:", false) X(CBM, "+CBM:", false) \
	X(CMGS, "+CMGS:", false) X(CREG, "+CREG:", false) X(CUSD, "+CUSD:", false) \
	X(CHATTER, "^", false)

#define X(id, text, is_whole) LINE_##id,
enum line_kind { LINE_KINDS(X) LINE_PLAIN };
#undef X

enum line_kind line_kind(struct span line);

/* The nth field (from 0) behind the colon: parted by commas outside quotes, without its quotes. */
bool line_field(struct span line, unsigned nth, struct span *ret);
bool line_number(struct span line, unsigned nth, int64_t min, int64_t max, int64_t *ret);
/* True when the nth field stands in quotes. */
bool line_quoted(struct span line, unsigned nth);

/* "AT+CREG?" to "+CREG": how the lines of its reply begin. Empty where they begin with nothing
 * ("AT+CGSN", "ATI", "AT"). */
struct span line_reply_prefix(const char *command);
bool line_starts(struct span line, struct span prefix);
/* True for a line that no command asked for: of another name than the command's ("+QIND: …" while
 * AT+CREG? waits), or one of the words that modules say while they start. */
bool line_is_foreign(struct span line, const char *command);

#endif
