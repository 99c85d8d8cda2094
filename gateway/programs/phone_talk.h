/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone_talk.h - a virtual phone's talk with safard: what it sends, and what comes for it.
 * Room:      programs, private to safar.
 * One question waits at the daemon all the time ("what came for me?"); its descriptor is for poll().
 * The next one says which part is there, so that none is lost; a part that comes again is dropped, as
 * phones do it. A daemon that is being restarted is waited for.
 * Ownership: talk_start() to talk_end(), which switches the phone off.
 * Errors:    an exit code, and the error is told already; 0 is none.
 * Threads:   one. */
#ifndef SAFAR_PROGRAMS_PHONE_TALK_H
#define SAFAR_PROGRAMS_PHONE_TALK_H

#include "programs/safar.h"

struct talk;

/* A whole message; borrowed for the call. */
struct phone_message {
	struct span text;
	unsigned parts, units;
	const char *alphabet;
	bool flash;
	int64_t delivery;
};

/* A page of a USSD session, from talk_dial() to page_free(). */
struct phone_page {
	struct buf text;
	unsigned units, room;
	char alphabet[8];
	bool is_open; /* it awaits an answer */
};

struct phone_said {
	bool is_answered, is_known; /* known: it was sent before, and what came of it is not told */
	int64_t delivery;           /* of the answer */
};

int talk_start(const struct call *c, struct talk **ret);
/* What to poll() for reading (-1: nothing yet), and for how long at most (-1: for ever). Asks anew
 * where nothing waits. */
int talk_listen(struct talk *t, int *ret_fd, int *ret_wait_ms);
/* There is something to read. `message` is called for what has become whole. */
int talk_hear(struct talk *t, void (*message)(const struct phone_message *, void *), void *arg);
/* Sends a text, or (text NULL) gives a missed call. A refused text is no end: the code says so. */
int talk_say(struct talk *t, const struct span *text, struct phone_said *ret);
/* Dials a code, or types in the session that it began; both may be asked again while safard is
 * restarted. A refused one is no end: the code says so, and *ret is untouched. */
int talk_dial(struct talk *t, struct span code, struct phone_page *ret);
int talk_type(struct talk *t, struct span text, struct phone_page *ret);
void page_free(struct phone_page *p);
/* The phone is off until the next talk_listen(): what comes meanwhile waits. */
void talk_rest(struct talk *t);
void talk_end(struct talk *t); /* NULL is fine */

#endif
