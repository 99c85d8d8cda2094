/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h - the database: one writer that commits in groups, readers beside it.
 * Room:      store (SQLite: WAL, synchronous=FULL, secure_delete).
 * Threads:   store_submit(), store_write(), store_read(), store_new_id() from any thread. A change
 *            runs in the writer's thread, inside the transaction of its group and a savepoint of
 *            its own; it is answered after the commit that holds it, never before.
 * Ownership: a struct change is its owner's; the store has it from submit until `done` is called.
 * Errors:    a change that fails is rolled back alone; a commit that fails (ERR_FULL, ERR_IO) is
 *            the answer to every change of its group, and nothing of them is kept.
 * Limits:    CHANGES_MAX waiting changes; past it store_submit() answers ERR_BUSY at once.
 * SQL stands in queries.h alone, a row a query. */
#ifndef SAFAR_STORE_STORE_H
#define SAFAR_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/loop.h"

struct store;
struct txn; /* one transaction of one connection; valid inside the function it was passed to */

#define CHANGES_MAX 65536

struct change {
	struct err (*run)(struct txn *tx, struct change *c); /* the writer's thread */
	void (*done)(struct change *c, struct err e);        /* the loop's thread, or, without a loop,
	                                                        the writer's */
	struct loop *loop;
	struct letter letter; /* the store's */
	struct err result;    /* the store's */
	struct change *next;  /* the store's */
};

/* Opens "sqlite:PATH" (made with mode 0600 when absent), migrates the schema step by step, and
 * starts the writer. `node` (0–255) goes into ids. Refuses a schema newer than it knows. */
struct err store_open(const char *url, int64_t node, struct store **ret);
/* Ends the writer after what was submitted; closes. */
void store_close(struct store *st);

struct err store_submit(struct store *st, struct change *c);
/* Runs one change and waits for its commit. Not from the writer's own thread. */
struct err store_write(struct store *st, struct err (*run)(struct txn *, void *), void *arg);
/* Runs a read on a reading connection (one snapshot). */
struct err store_read(struct store *st, struct err (*run)(struct txn *, void *), void *arg);

/* Brings all that was committed into the database file and empties the file of changes beside it, so
 * that what was deleted stands in neither. ERR_BUSY: somebody was reading for too long. */
struct err store_settle(struct store *st);

/* 63 bits, in order of time, never twice: 41 bits of ms since 2024, 8 of node, 14 of sequence.
 * After a clock that went back it goes on from the newest id of the store. */
int64_t store_new_id(struct store *st);
/* The newest time the store has seen; behind it the clock is wrong, and nothing expires. */
int64_t store_newest_ms(struct store *st);
/* By more than two seconds: threads read the clock a moment apart, and it is slewed. */
bool store_clock_is_behind(struct store *st, int64_t now_ms);

/* A count that is kept with each change: "delivery.STATE", "parts.sent", "parts.delivered",
 * "inbox.received", "inbox.answered", "inbox.partial", "link.NAME.sent", "link.NAME.failed".
 * inbox.partial: messages that lack a part; they wait for it, or were answered without it.
 * 0 for one that nothing has counted yet. */
struct err tally_get(struct txn *tx, const char *name, int64_t *ret);

#endif
