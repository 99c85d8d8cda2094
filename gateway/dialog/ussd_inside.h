/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd_inside.h - what the files of USSD sessions share.  Room: dialog, private to it.
 * Threads:   a struct ussd is any thread's: its lock guards the book, recents have their own. */
#ifndef SAFAR_DIALOG_USSD_INSIDE_H
#define SAFAR_DIALOG_USSD_INSIDE_H

#include <pthread.h>

#include "dialog/ussd_pages.h"

/* ---- a link's */
#define USSD_OPEN_MS INT64_C(900000)     /* a step after that begins anew: no network waits so long */
#define USSD_CONTINUE_MS INT64_C(300000) /* "continue?" */
struct recents;
struct ussd {
	struct dialog *dialog;
	struct ussd_rules rules;
	struct recents *recents;
	pthread_mutex_t lock; /* guards book */
	struct ussd_book *book;
};

/* ---- ussd_session.c, for ussd_history.c */
/* The texts of now; the caller drops it. */
struct err ussd_open_book(struct ussd *u, int64_t now_ms, struct ussd_book **ret);
/* At the list of languages, or at the root where one is known. */
void ussd_start_at(const struct ussd_book *b, enum language l, struct ussd_state *ret);
/* Where the session of a step began, if that was written down. */
struct err ussd_begun(struct txn *tx, struct ussd *u, struct ussd_book *b,
                      const struct ussd_step *s, int64_t now_ms, struct ussd_state *ret,
                      bool *ret_found);

/* ---- sequence */
#define DIGEST_SIZE 8
#define MARKS_KEPT 4
struct ussd_sequence {
	uint8_t last[DIGEST_SIZE];             /* of the last step that moved something */
	uint8_t ids[MARKS_KEPT][DIGEST_SIZE];  /* of the marks before, newest first; 0: none */
	int begin, sent, got;  /* numbers: of what began it, of our page, that came last */
	bool has_got, echoes, counts;
	unsigned steps;
};
void sequence_begin(struct ussd_sequence *q, const struct ussd_step *s);
/* Was this step answered before? */
bool sequence_knows(const struct ussd_sequence *q, const struct ussd_step *s);
void sequence_add(struct ussd_sequence *q, const struct ussd_step *s);

#endif
