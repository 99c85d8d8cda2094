/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plans.h - a campaign as staff plan it: its states, behind one gate.
 * Room:      store.
 *
 *   draft ──► in_review ──► approved ──► scheduled ──► running ◄──► paused
 *     ▲           │             │            │            ├──► stopped ◄──╯
 *     ╰───────────┴─────────────┴────────────╯            ╰──► finished
 *
 * Invariants: a state moves only through plan_move(), which asks the table of moves and writes each
 * move into the audit log with who made it (uid PLAN_SELF: safard itself). An edit goes back to
 * draft and takes the approval with it. No claim takes a delivery of a plan that isn't running
 * (claim.c asks), so pause and stop hold from the commit on; what a link has begun it finishes.
 * A plan's row in `campaign`, of the same id, is written when it starts to run.
 * Ownership: a struct plan owns its bufs; plan_wipe().
 * Errors:    ERR_REFUSED for a move that the table forbids, ERR_ABSENT for an unknown name.
 * Threads:   inside a transaction.  Units: ms since 1970; money in hundredths. */
#ifndef SAFAR_STORE_PLANS_H
#define SAFAR_STORE_PLANS_H

#include "base/buf.h"
#include "store/contacts.h"
#include "store/store.h"
#include "vault/vault.h"

#define PLAN_STATES(X) \
	X(DRAFT, "draft") X(IN_REVIEW, "in_review") X(APPROVED, "approved") \
	X(SCHEDULED, "scheduled") X(RUNNING, "running") X(PAUSED, "paused") X(STOPPED, "stopped") \
	X(FINISHED, "finished")
#define X(id, word) PLAN_##id,
enum plan_state { PLAN_STATES(X) PLAN_STATE_COUNT };
#undef X

#define PLAN_NAME_MAX 64      /* octets */
#define PLAN_REASON_MAX 200
#define PLAN_SPEC_OCTETS 65536
#define PLAN_SELF (-1)        /* the uid of what safard does by itself */

struct plan {
	int64_t id;
	char name[PLAN_NAME_MAX + 1];
	enum plan_state state;
	struct buf spec, reviewed;    /* JSON */
	int64_t revision;             /* of the texts; 0: none yet */
	struct hash digest;           /* of what is reviewed or approved */
	bool has_digest, any_hour;    /* any_hour: somebody overrode the sending hours */
	int64_t made_by, submitted_by, approved_by; /* uids; PLAN_SELF: nobody yet */
	char reason[PLAN_REASON_MAX + 1];           /* of its last move */
	int64_t start_ms, ends_ms;
	/* how far the audience has become deliveries */
	struct contact_after cursor;
	bool is_expanded;
	int64_t next_due_ms, people, parts, spent;
	int64_t created_ms, updated_ms;
};
void plan_wipe(struct plan *p);

const char *plan_word(enum plan_state s);
bool plan_may(enum plan_state from, enum plan_state to);

/* A draft. ERR_REFUSED where the name is taken. */
struct err plan_add(struct txn *tx, int64_t id, const char *name, struct span spec, int64_t uid,
                    int64_t now_ms);
struct err plan_find(struct txn *tx, const char *name, struct plan *ret);
struct err plan_load(struct txn *tx, int64_t id, struct plan *ret);
/* The next one in this state above `after`; *ret_id 0: none. For scheduled to stopped. */
struct err plan_next(struct txn *tx, enum plan_state s, int64_t after, int64_t *ret_id);
/* How many are in that state. For the same ones. */
struct err plan_count(struct txn *tx, enum plan_state s, int64_t *ret);
/* The newest one below `before` (0: of all); *ret_id 0: none. */
struct err plan_newest(struct txn *tx, int64_t before, int64_t *ret_id);
/* Writes all but the state and the place in the audience; then the place alone. */
struct err plan_save(struct txn *tx, const struct plan *p, int64_t now_ms);
struct err plan_save_place(struct txn *tx, const struct plan *p);
/* `why` is staff's words or a word of ours; it goes into the audit log and is kept as the reason. */
struct err plan_move(struct txn *tx, struct plan *p, enum plan_state to, int64_t uid,
                     const char *why, int64_t now_ms);

/* ---- its deliveries */
/* May a delivery of this campaign go? A broadcast, which has no plan, always may. */
struct err plan_may_send(struct txn *tx, int64_t campaign, bool *ret);
/* How many wait that are due at until_ms, at most `limit`; with INT64_MAX: all, those held too. */
struct err plan_waiting(struct txn *tx, int64_t id, int64_t until_ms, unsigned limit,
                        unsigned *ret);
/* Is one of them queued or with a link? */
struct err plan_is_under_way(struct txn *tx, int64_t id, bool *ret);
/* Sets aside at most `limit` of what waits; *ret_count: so many. */
struct err plan_hold(struct txn *tx, int64_t id, unsigned limit, unsigned *ret_count);
/* The same with those that are due and whose sending hours are over. */
struct err plan_hold_closed(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                            unsigned *ret_count);
/* One that is set aside, and its number's country; *ret_id 0: none. */
struct err plan_held(struct txn *tx, int64_t id, int64_t *ret_id, char ret_country[3]);
/* It may go from now on until closes_ms (0: for ever). */
struct err plan_place(struct txn *tx, int64_t delivery, int64_t not_before_ms, int64_t closes_ms);
/* Cancels at most `limit` of what waits. */
struct err plan_cancel(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                       unsigned *ret_count);
/* Of a stopped one nothing is left to cancel: plan_next() doesn't find it any more. */
struct err plan_swept(struct txn *tx, int64_t id);
/* They asked for help: what waits for them of campaigns and broadcasts is cancelled. */
struct err plan_spare(struct txn *tx, int64_t key_version, const struct hash *number, int64_t now_ms);
/* Did this number get a delivery of this campaign, or this text since then? */
struct err plan_wrote_before(struct txn *tx, const struct hash *number, int64_t campaign,
                             int64_t revision, int64_t since_ms, bool *ret);

/* ---- what became of them: counts that are kept with each move */
#define OUTCOMES(X) \
	X(SENT, "sent") X(DELIVERED, "delivered") X(UNDELIVERED, "undelivered") X(FAILED, "failed") \
	X(EXPIRED, "expired") X(CANCELLED, "cancelled") X(IN_DOUBT, "in_doubt") \
	X(OPTED_OUT, "opted_out")
#define X(id, word) OUTCOME_##id,
enum outcome { OUTCOMES(X) OUTCOME_COUNT };
#undef X
const char *outcome_word(enum outcome o);
struct err outcome_add(struct txn *tx, int64_t campaign, enum outcome what, int64_t now_ms);
/* In whole minutes from then on; 0: of all time. */
struct err outcome_sum(struct txn *tx, int64_t campaign, int64_t since_ms,
                       int64_t ret[OUTCOME_COUNT]);
/* A STOP by this number: counted to the campaign that wrote to it last, within OPT_OUT_MS. */
#define OPT_OUT_MS INT64_C(259200000) /* 72 h */
struct err outcome_stop(struct txn *tx, const struct hash *number, int64_t now_ms);

/* ---- what campaigns cost in a month (2026 * 12 + 10 is November 2026), as they are expanded */
struct err month_add(struct txn *tx, int64_t month, int64_t hundredths);
struct err month_spent(struct txn *tx, int64_t month, int64_t *ret);

/* ---- stop-all: nothing but answers is claimed until it is taken back */
struct err halt_set(struct txn *tx, bool halted, int64_t uid, const char *why, int64_t now_ms);
struct err halt_get(struct txn *tx, bool *ret);

#endif
