/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone_line.h - what is typed at a virtual phone, or stands in its script.
 * Room:      programs, private to safar.
 * Ownership: typed_free() ends what was typed; a line that was read borrows its text until then or
 *            until the next typed_line().
 * Errors:    of a line: LINE_BAD with what is wrong with it.
 * Limits:    a line of TYPED_MAX octets; a longer one is bad as a whole.  Threads: one. */
#ifndef SAFAR_PROGRAMS_PHONE_LINE_H
#define SAFAR_PROGRAMS_PHONE_LINE_H

#include "programs/phone_talk.h"

#define TYPED_MAX 65536u
#define ANSWER_LIMIT_S 10 /* what a text waits for its answer */

struct typed {
	struct buf in;
	size_t taken; /* octets of the line that was given last */
	bool is_at_end, is_skipping;
};

enum line_kind { LINE_TEXT, LINE_CALL, LINE_WAIT, LINE_DIAL, LINE_HANG_UP, LINE_QUIT, LINE_BAD };

struct phone_line {
	enum line_kind kind;
	struct span text;     /* of LINE_TEXT, LINE_DIAL */
	int64_t wait_s;       /* of LINE_WAIT */
	const char *bad;      /* of LINE_BAD: a sentence's end, "this line …" */
};

void typed_init(struct typed *t);
void typed_read(struct typed *t, int fd); /* once there is something, or the end */
/* The next whole line; the last one may lack its end. */
bool typed_line(struct typed *t, struct phone_line *ret);
void typed_free(struct typed *t);

/* ---- the two faces; each gives the exit code */
int phone_script(const struct call *c, struct talk *t); /* phone_script.c */
int phone_screen(const struct call *c, struct talk *t); /* phone_screen.c */

#endif
