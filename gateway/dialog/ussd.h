/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd.h - the tree of topics as pages of a USSD session: one step in, one page out.
 * Room:      dialog.  Standard: 3GPP TS 23.038 §5 (a page: 182 GSM-7 characters, or 80 of UCS-2).
 * A step is what an operator's call-back says, whatever its dialect. Where the call-back carries all
 * that was typed so far (`has_history`) the page follows from that; else the session is a row of the
 * store, and the page may go out only after the row is committed.
 * Sequence:  a step that was answered before gets the same page again, and moves nothing: known by
 *            its `mark` (struct ussd_mark), or because it came before the page was out that it would
 *            answer. One that belongs to no open session begins a new one. A caller who isn't the
 *            session's is refused.
 * Broken:    for five minutes after a session that broke its caller is asked "continue?", without a
 *            word of where it was; never after a sensitive topic.
 * Ownership: plain values; ussd_step_wipe() clears what tells of a person. A struct ussd belongs to
 *            its link, and outlives what was begun with it.
 * Threads:   any, but for ussd_take(): the store's writer.  Units: ms since 1970; characters are septets or UTF-16 units. */
#ifndef SAFAR_DIALOG_USSD_H
#define SAFAR_DIALOG_USSD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/settings.h"
#include "store/store.h"
#include "text/alphabet.h"
#include "text/language.h"

#define USSD_SESSION_MAX 128  /* octets of an operator's session id */
#define USSD_CALLER_MAX 16    /* '+' and 15 digits */
#define USSD_INPUT_MAX 728    /* 182 characters of UTF-8 */
#define USSD_HISTORY_MAX 2048 /* octets of all that was typed, parted by '*' */
#define USSD_MARK_MAX 64

enum ussd_event {
	USSD_START,  /* somebody dialled */
	USSD_STEP,   /* somebody typed */
	USSD_END,    /* the session is over without a page of ours: hung up, out of time */
	USSD_STATUS, /* is it open? */
};

/* What tells a step from the one before it. */
enum ussd_mark_kind {
	USSD_MARK_NONE,
	USSD_MARK_ID,     /* each step has its own: text */
	USSD_MARK_NUMBER, /* a TCAP invoke id: counts up with each page, but not with every gateway */
};

struct ussd_step {
	enum ussd_event event;
	bool has_history;      /* `input` is all of it */
	bool has_dialog;       /* `session` is of two transaction ids, "12/13"; "/": not told */
	enum ussd_mark_kind mark_kind;
	int mark_number;
	char mark[USSD_MARK_MAX + 1];
	char session[USSD_SESSION_MAX + 1]; /* of the operator */
	char cookie[USSD_SESSION_MAX + 1];  /* of ours, that came back; "": none */
	char caller[USSD_CALLER_MAX + 1];   /* "+77010000001"; "": not told */
	char input[USSD_HISTORY_MAX + 1];   /* START: the code that was dialled, and what follows it */
};
static inline void ussd_step_wipe(struct ussd_step *s) { explicit_bzero(s, sizeof *s); }

/* ---- what a link allows */
#define USSD_GSM7_MAX 182u
#define USSD_UCS2_MAX 80u
struct ussd_rules {
	char link[32];
	unsigned gsm7, ucs2;   /* characters of a page */
	bool gsm7_only;        /* the operator takes nothing else: Latin letters */
	bool may_send;         /* there is a link that sends an SMS */
	int64_t sim;           /* that sends it; 0: any */
	char country[3];       /* where its callers are, "KZ"; "": told from their numbers */
	char code[64];         /* that is dialled, "*123#"; what is dialled behind it is typed already */
};

void ussd_rules_from(const struct link_settings *s, bool may_send, struct ussd_rules *ret);

/* ---- a page */
#define USSD_PAGE_OCTETS 640 /* 182 characters, whose UTF-8 has three octets at most, and more */
#define USSD_COOKIE_SIZE 33
struct ussd_page {
	char text[USSD_PAGE_OCTETS];
	size_t n;
	enum alphabet alphabet;
	bool goes_on;          /* an answer is awaited */
	int mark;
	char cookie[USSD_COOKIE_SIZE]; /* to be set; "": none */
	enum language chosen;  /* of ussd_replay(): to be kept; LANGUAGE_UNKNOWN: none was chosen */
};

/* ---- what answers; one a link */
struct dialog;
struct ussd;
struct err ussd_new(struct dialog *d, const struct ussd_rules *r, struct ussd **ret);
void ussd_free(struct ussd *u);

/* A step that carries its history: its page follows from it. *ret_must_store: what it asks for is
 * more than a page, or the page needs what is remembered: pass it to ussd_take() instead. A language
 * that it chose is for ussd_keep_language(), which the page needn't wait for. Any thread. */
struct err ussd_replay(struct ussd *u, const struct ussd_step *s, int64_t now_ms,
                       struct ussd_page *ret, bool *ret_must_store);
/* A step, inside a transaction: the page may go out after its commit. `was_lost`: the answer to it
 * could not be delivered, and this is the step again. ERR_REFUSED: another caller's session. */
struct err ussd_take(struct txn *tx, struct ussd *u, const struct ussd_step *s, bool was_lost,
                     int64_t now_ms, struct ussd_page *ret);
/* The SMS dialog speaks it, too, and so does the next session. */
struct err ussd_keep_language(struct txn *tx, struct dialog *d, const char *caller, enum language l,
                              int64_t now_ms);

#endif
