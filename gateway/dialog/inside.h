/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what the files of this room share.  Room: dialog, private to it.
 * Threads: the store's writer thread, inside its transaction, unless said otherwise. */
#ifndef SAFAR_DIALOG_INSIDE_H
#define SAFAR_DIALOG_INSIDE_H

#include <pthread.h>

#include "dialog/answer.h"
#include "dialog/dialog.h"

#define VERSIONS_MAX 64 /* of a ring */

struct dialog {
	struct store *store;
	struct vault *vault;
	pthread_mutex_t lock;    /* guards content and rules */
	struct content *content;
	struct dialog_rules rules;
	/* What was made of `of`; the writer's thread alone. */
	struct {
		struct content *of;  /* held */
		struct buf body;
		struct texts *texts;
	} said;
};

/* ---- who.c: a sender, as the keys of the day know them */
struct who {
	bool is_person;          /* has a number that can be answered */
	struct msisdn number;
	struct buf octets;       /* what is hashed: the number's digits, or what the modem gave */
	int64_t version;         /* live, of now */
	struct hash live;
	int64_t older[VERSIONS_MAX]; /* live versions that still open, newest first */
	struct hash older_live[VERSIONS_MAX];
	size_t older_count;
};
struct err who_is(struct vault *v, struct span sender, int64_t now_ms, struct who *ret);
void who_wipe(struct who *w);
enum language who_by_country(const struct who *w);
/* Where they may be: by the SIM that they wrote to, where that isn't of Kazakhstan, else by their
 * number. "KZ"; "ZZ": a country that we don't know. */
struct err who_country(struct txn *tx, const struct who *w, int64_t sim, const char **ret);

/* ---- memory.c */
/* MEMORY_NONE where there is none, or none that can be read any more. */
struct err memory_get(struct txn *tx, struct vault *v, const struct who *w, int64_t now_ms,
                      struct memory *ret);
struct err memory_put(struct txn *tx, struct vault *v, const struct who *w, int64_t now_ms,
                      const struct memory *m);
struct err memory_drop(struct txn *tx, struct vault *v, const struct who *w);

/* ---- guard.c: a machine that answers ours must not keep both talking for ever */
enum guard_says { GUARD_ANSWER, GUARD_LAST, GUARD_SILENCE };
/* May this number be answered once more? GUARD_LAST: with one last line alone. It is counted. */
struct err guard_may(struct txn *tx, struct dialog *d, const struct who *w, bool is_emergency,
                     int64_t now_ms, enum guard_says *ret);

/* ---- optout.c: STOP and START */
/* DELETE is STOP, and the contact goes, too. In boxes these numbers stand. */
enum optout { OPTOUT_START, OPTOUT_STOP, OPTOUT_DELETE, OPTOUT_COUNT };
struct err optout_set(struct txn *tx, struct dialog *d, const struct who *w, enum optout what,
                      int64_t now_ms);
struct err optout_has(struct txn *tx, struct dialog *d, const struct who *w, bool *ret);

/* ---- rung.c: who wants to be rung, for staff */
struct err rung_add(struct txn *tx, struct dialog *d, const struct who *w, enum language l,
                    int64_t now_ms);

/* ---- gaps.c: the words of a question that nothing is known for are counted */
struct err gaps_count(struct txn *tx, struct span utf8, enum language l, int64_t now_ms);

/* ---- drives.c: *ret: it carries the word of a drive's material, and was counted */
struct err drives_count(struct txn *tx, struct span utf8, int64_t now_ms, bool *ret);

/* ---- erase.c: DELETE. STOP is optout.c's. */
#define USSD_WHO "ussd who" /* what a caller's hash is for */
struct err erase_person(struct txn *tx, struct dialog *d, const struct who *w, int64_t now_ms);

/* ---- heard.c: who wrote or rang is a contact, perhaps */
/* `wishes`: INTENT_BIT()s of all that was wished. */
struct err heard_note(struct txn *tx, struct dialog *d, const struct who *w, unsigned wishes,
                      int64_t now_ms);

/* ---- reply.c: an answer becomes a delivery */
struct reply {
	const struct who *who;
	const char *key;           /* NULL: what there is to say of the topic */
	const struct topic *topic; /* NULL: none */
	unsigned lines;            /* of content/topics.h */
	const char *town, *region, *country; /* where they are; NULL: not known */
	enum language language;
	enum script script;
	int64_t sim, inbox, now_ms;
};
/* *ret_language is the one that it is written in. */
struct err reply_add(struct txn *tx, struct dialog *d, struct content *c, const struct reply *r,
                     int64_t *ret_delivery, enum language *ret_language);
void reply_forget(struct dialog *d); /* frees what was made of the content */

#endif
