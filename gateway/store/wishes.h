/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wishes.h - what waits for staff: people who want to be rung, and words that we don't know.
 * Room:      store.
 * Whose:     a number stands in a box to the people keys, which the gateway can write and only an
 *            unlocked one can read; a word stands by itself, so that no question can be put together
 *            again from it.
 * Limits:    a wish is kept for CALL_WISH_MS after it was last said; GAP_WORDS_MAX words, of which
 *            those in fewer than GAP_SHOWN questions go after a month.
 * Threads:   inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_WISHES_H
#define SAFAR_STORE_WISHES_H

#include "base/buf.h"
#include "store/store.h"
#include "text/language.h"
#include "vault/vault.h"

/* ---- to be rung */
#define CALL_WISH_MS (INT64_C(7) * 86400000)

struct call_wish_new {
	int64_t id;            /* of the store; stands inside the box, too */
	int64_t live_version;
	struct hash live;      /* of the number: the same person again is the same wish */
	struct span box;
	enum language language;
	int64_t now_ms;
};
/* *ret_known: they had asked before; counted, and the box isn't kept. */
struct err call_wish_add(struct txn *tx, const struct call_wish_new *w, bool *ret_known);
struct call_wish {
	int64_t id, at_ms, latest_ms, times;
	char language[16];
	struct buf box; /* the row's, for as long as it is shown */
};
/* Those behind the id `after`, oldest first. */
struct err call_wish_list(struct txn *tx, int64_t after, unsigned limit,
                          struct err (*row)(const struct call_wish *, void *), void *arg);
struct err call_wish_count(struct txn *tx, int64_t *ret);
/* Somebody rang them, or they don't want it any more. *ret_found: there was such a wish. */
struct err call_wish_done(struct txn *tx, int64_t id, bool *ret_found);
struct err call_wish_forget(struct txn *tx, int64_t live_version, const struct hash *live);

/* ---- words that nothing is known for */
#define GAP_WORDS_MAX 20000
#define GAP_SHOWN 3
struct err gap_has_room(struct txn *tx, bool *ret); /* for a question's words, once */
/* Without room a word that isn't there yet isn't counted. */
struct err gap_add(struct txn *tx, const char *word, enum language l, bool has_room,
                   int64_t now_ms);
struct gap {
	char word[64], language[16];
	int64_t questions;
};
/* Those in at least GAP_SHOWN questions, most first; *ret_few: so many more are in fewer. */
struct err gap_list(struct txn *tx, unsigned limit, struct err (*row)(const struct gap *, void *),
                    void *arg, int64_t *ret_few);

struct err wishes_sweep(struct txn *tx, int64_t now_ms);

#endif
