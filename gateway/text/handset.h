/* SPDX-License-Identifier: GPL-3.0-or-later */
/* handset.h - what a virtual phone asks of its loopback link, and what it is told: the load of an
 * errand between the control socket and the links.
 * Room:      text (the lowest that knows a number and an alphabet).
 * Ownership: handset_new() to handset_free(), which wipes number and text; its errand has it.
 * Threads:   whoever holds it: see base/errand.h. */
#ifndef SAFAR_TEXT_HANDSET_H
#define SAFAR_TEXT_HANDSET_H

#include "base/err.h"
#include "text/alphabet.h"
#include "text/msisdn.h"

#define HANDSET_ID_SIZE 16u

enum handset_asks {
	HANDSET_TEXT,  /* send `text` */
	HANDSET_CALL,  /* give a missed call */
	HANDSET_WAIT,  /* what came for me? I have got the part named in `got` */
	HANDSET_LEAVE, /* I have got that one, and go */
	HANDSET_DIAL,  /* dial the code in `text`: a USSD session begins */
	HANDSET_TYPE,  /* type `text` in it */
};

/* A part of a message: which, in which message. */
struct handset_part {
	int64_t message; /* 0: none */
	unsigned seq;
};

struct handset {
	enum handset_asks asks;
	struct msisdn number;
	int64_t uid;                      /* who holds the phone */
	uint8_t id[HANDSET_ID_SIZE];      /* of this phone, chosen at random when it is switched on */
	uint8_t request[HANDSET_ID_SIZE]; /* TEXT, DIAL, TYPE: asked again with the same one, it is one */
	uint8_t session[HANDSET_ID_SIZE]; /* DIAL, TYPE: which, chosen at random */
	struct buf text;                  /* TEXT, DIAL, TYPE: asked; WAIT, DIAL, TYPE: told */
	struct handset_part got;

	/* told: TEXT, CALL */
	bool is_known;    /* it was sent before: what came of it isn't told again */
	bool is_answered;
	int64_t delivery; /* of the answer; 0: none */
	/* told: WAIT */
	struct handset_part part; /* message 0: nothing came */
	unsigned of, units;
	uint16_t ref;
	enum alphabet alphabet;
	bool flash;
	/* told: DIAL, TYPE, with `units` and `alphabet` */
	unsigned room;    /* of a page in that alphabet */
	bool goes_on;     /* the page awaits an answer */
};

struct err handset_new(enum handset_asks asks, struct handset **ret);
void handset_free(void *handset); /* a struct handset *, as an errand wants it; NULL is fine */

#endif
