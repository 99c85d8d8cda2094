/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.h - a delivery while its state is judged.  Private to the room.
 * Every change of state goes through delivery_move(): load, alter what else changes (link, route,
 * tries …), move. What the move refuses is left as it was in the database.
 * Threads: inside a transaction of the writer. */
#ifndef SAFAR_STORE_GATE_H
#define SAFAR_STORE_GATE_H

#include "base/clock.h"
#include "store/delivery.h"
#include "store/txn.h"

#define REPORT_WINDOW_MS INT64_C(259200000) /* 72 h: what operators keep a message for */
#define EARLY_MS INT64_C(600000)
#define LATE_REFERENCE_MS INT64_C(180000)
#define READABLE_MS INT64_C(3600000) /* a help-seeker's number, after the answer went */
#define AWAY_MS INT64_C(120000)      /* an answer waits that long for the SIM that was asked */
#define QUARTER_MS INT64_C(900000)
#define PARTS_MAX 10u

struct delivery {
	int64_t id;
	enum lane lane;
	enum delivery_state state;
	enum reason reason;
	enum ring ring;
	int64_t key_version;
	unsigned parts, concat_ref, on_air, tries;
	bool resent;
	int64_t route, not_before_ms, expires_ms;
	int64_t campaign, closes_ms; /* 0: none */
	char link[32];
};

/* What the network has of it. */
struct part_view {
	bool is_there[PARTS_MAX + 1]; /* by seq, from 1 */
	enum part_state state[PARTS_MAX + 1];
	int64_t sim; /* that took a part of it; 0: none was taken */
	unsigned missing;     /* parts that no SMSC has for sure */
	unsigned next;        /* the first one of them; 0: none */
	unsigned delivered, undelivered;
};

struct err delivery_load(struct txn *tx, int64_t id, struct delivery *ret);
struct err delivery_move(struct txn *tx, struct delivery *d, enum delivery_state to,
                         enum reason why, int64_t now_ms);
/* Writes what changed without a change of state. */
struct err delivery_keep(struct txn *tx, const struct delivery *d, int64_t now_ms);
/* Clears what makes a help-seeker's delivery readable. */
struct err delivery_clear(struct txn *tx, int64_t id);

struct err parts_view(struct txn *tx, const struct delivery *d, struct part_view *ret);
/* The network has this part: reference, counts. The delivery is settled by the caller. */
struct err part_taken(struct txn *tx, struct delivery *d, unsigned seq, uint8_t tp_mr,
                      int64_t now_ms);
/* A final report on a part that was taken. */
struct err part_reported(struct txn *tx, const struct delivery *d, unsigned seq, bool is_delivered,
                         int64_t now_ms);
/* Moves the delivery to where its parts say that it is. */
struct err delivery_settle(struct txn *tx, struct delivery *d, int64_t now_ms);
/* A report that came before its part was accepted. */
struct err report_early_apply(struct txn *tx, const struct delivery *d, unsigned seq, int64_t sim,
                              uint8_t tp_mr, int64_t now_ms);
/* A doubtful part whose report came before its reference, which was lost then: it is taken, and has
 * its report. *ret_known is false when there is none; a report that may be a second copy of an
 * earlier part's, under the same reference, is none. */
struct err report_early_of_doubt(struct txn *tx, struct delivery *d, unsigned seq,
                                 int64_t now_ms, bool *ret_known);

static inline bool is_taken(enum part_state s)
{
	return s == PART_ACCEPTED || s == PART_DELIVERED || s == PART_UNDELIVERED;
}

#endif
