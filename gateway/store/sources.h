/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sources.h - drives (a hand-out on a market, a radio programme) and the words on their material: how
 * many questions carried which.  Room: store.
 * A word is a skeleton (text/fold.h), so that it counts in any script. A day is a local one, 20261125.
 * Threads: inside a transaction. */
#ifndef SAFAR_STORE_SOURCES_H
#define SAFAR_STORE_SOURCES_H

#include "store/store.h"

#define SOURCE_WORD_LIMIT 16
#define SOURCE_NAME_LIMIT 48 /* of a drive or a kind, with its NUL */

struct err source_has(struct txn *tx, const char *word, bool *ret);
struct err source_any(struct txn *tx, bool *ret); /* are there words at all? */
/* The word of that kind of a drive's material; "" where it has none yet. */
struct err source_find(struct txn *tx, const char *drive, const char *kind,
                       char ret[SOURCE_WORD_LIMIT]);
struct err source_add(struct txn *tx, const char *word, const char *drive, const char *kind,
                      int64_t now_ms);
struct err source_count(struct txn *tx, const char *word, int64_t day);
struct source {
	char drive[SOURCE_NAME_LIMIT], kind[SOURCE_NAME_LIMIT], word[SOURCE_WORD_LIMIT];
	int64_t day, questions; /* 0, 0: none yet */
};
struct err source_list(struct txn *tx, struct err (*row)(const struct source *, void *), void *arg);

#endif
