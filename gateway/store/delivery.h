/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delivery.h - the life of a delivery and its parts, behind one gate.
 * Room:      store.
 *
 *   queued ──► claimed ──► submitting ──► accepted ──► delivered | undelivered | expired
 *     ▲           │            │ ╲
 *     └───────────┴────────────┘  ╲──► in_doubt ──► accepted | delivered | undelivered
 *     ▲                                   │
 *     └───────── once, answers and alerts ┘
 *
 * Invariants: `submitting` is committed before the first octet of a part goes out. A state moves
 * only through the gate (delivery_move), which asks the table of moves, keeps the tallies and, for
 * a help-seeker's delivery that is final, clears number, hashes and arguments. A delivery has a row
 * a part once that part was submitted.
 * Of a message in parts a doubtful part goes again under the same reference and number while
 * another is still missing (phones drop the copy); when it was the last one missing the delivery is
 * in_doubt. A campaign's in_doubt is never sent again, an answer's once, marked `resent`.
 *
 * Ownership: spans in struct delivery_new are borrowed; a struct claim owns its bufs
 *            (claim_wipe()).
 * Errors:    ERR_DATA for a move that the table forbids, ERR_ABSENT for an unknown id.
 * Threads:   inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_DELIVERY_H
#define SAFAR_STORE_DELIVERY_H

#include "base/buf.h"
#include "store/store.h"
#include "text/language.h"
#include "vault/vault.h"

#define LANES(X) X(ANSWER, "answer") X(ALERT, "alert") X(TEST, "test") X(CAMPAIGN, "campaign")
#define X(id, word) LANE_##id,
enum lane { LANES(X) LANE_COUNT };
#undef X

#define DELIVERY_STATES(X) \
	X(QUEUED, "queued") X(CLAIMED, "claimed") X(SUBMITTING, "submitting") \
	X(ACCEPTED, "accepted") X(DELIVERED, "delivered") X(UNDELIVERED, "undelivered") \
	X(FAILED, "failed") X(EXPIRED, "expired") X(CANCELLED, "cancelled") X(IN_DOUBT, "in_doubt")
#define X(id, word) DELIVERY_##id,
enum delivery_state { DELIVERY_STATES(X) DELIVERY_STATE_COUNT };
#undef X

#define PART_STATES(X) \
	X(SUBMITTING, "submitting") X(ACCEPTED, "accepted") X(IN_DOUBT, "in_doubt") \
	X(DELIVERED, "delivered") X(UNDELIVERED, "undelivered") X(REFUSED, "refused")
#define X(id, word) PART_##id,
enum part_state { PART_STATES(X) PART_STATE_COUNT };
#undef X

/* Why a delivery is where it is, for staff. */
#define REASONS(X) \
	X(NONE, "") X(CRASH, "crash") X(DEADLINE, "deadline") X(RESENT, "resent") X(STOP, "stop") \
	X(LIFETIME, "lifetime") X(NETWORK, "network") X(BARRED, "barred") X(BAD_NUMBER, "bad_number") \
	X(NO_CREDIT, "no_credit") X(MODEM, "modem") X(SIM_FULL, "sim_full") X(LATER, "later") \
	X(REPORTED, "reported") X(KEY_GONE, "key_gone") X(TEXT_GONE, "text_gone") \
	X(TOO_MANY_TRIES, "too_many_tries") X(UNKNOWN, "unknown") X(CAMPAIGN, "campaign_over")
#define X(id, word) REASON_##id,
enum reason { REASONS(X) REASON_COUNT };
#undef X

const char *lane_word(enum lane l);
const char *delivery_word(enum delivery_state s);
const char *part_word(enum part_state s);
const char *reason_word(enum reason r);
bool delivery_may(enum delivery_state from, enum delivery_state to);
bool delivery_is_final(enum delivery_state s);

struct delivery_new {
	int64_t id;                 /* from store_new_id(): sealing needs it first */
	enum lane lane;
	enum ring ring;             /* RING_LIVE: a help-seeker; RING_PEOPLE: a contact */
	int64_t key_version;
	struct span number_sealed;  /* place: delivery/number/id */
	struct hash number, tail;   /* keyed hashes of all digits and of the last nine */
	int64_t revision;           /* of the content */
	const char *content_key;    /* "answer.hotline", "text" */
	struct span args_sealed;    /* place: delivery/args/id; empty: none */
	enum language language;
	int64_t sim;                /* the SIM that must send it; 0: any */
	int64_t not_before_ms, expires_ms;
	int64_t closes_ms;          /* when its sending hours end, 0: it has none */
	const char *country;        /* of the number, for the hours: "KZ"; NULL: not known */
	unsigned parts;             /* 1 to 10 */
	int64_t campaign, inbox;    /* 0: none */
	bool flash;                 /* class 0: shown at once, not kept */
};
struct err delivery_add(struct txn *tx, const struct delivery_new *d, int64_t now_ms);

/* One part to send, all that is needed for it. */
struct claim {
	int64_t id;
	enum lane lane;
	enum ring ring;
	int64_t key_version;
	struct buf number_sealed, args_sealed;
	int64_t revision;
	char content_key[64];
	enum language language;
	unsigned parts, seq;        /* seq from 1 */
	uint16_t concat_ref;        /* 8-bit, not repeated for this number while one is open */
	int64_t expires_ms;         /* or the end of its sending hours */
	bool resent, flash;
};
void claim_wipe(struct claim *c);

/* A number, as one key knows it. */
struct addressee {
	enum ring ring;
	int64_t version;
	struct hash number;
};
struct claimant {
	const char *link;
	int64_t sim;
	bool people_open;   /* false: no delivery of the people ring is claimed */
	bool answers_only;  /* the daily cap is reached, or the clock is behind */
	int64_t daily_cap;  /* parts a day of the campaign lane for this SIM, 0: none */
	int64_t day_start_ms;
	/* Virtual phones. `only` not NULL: nothing is claimed but answers bound to this SIM, and what
	 * staff start, to this number. What staff start to one of `not_to` is passed over, for two
	 * seconds: its phone claims it. */
	const struct addressee *only, *not_to;
	size_t only_count, not_to_count;
};
/* The next part for this link: a higher lane's delivery first, then the next part of what the link
 * has begun, then a new claim; expired ones are moved aside on the way. The part is `submitting`
 * when this commits: send it after the commit. *ret_found is false when nothing waits. The cost
 * doesn't grow with the queue. What is begun is finished past the cap and with answers_only. What is
 * of a campaign that doesn't run, or is past its sending hours, is set aside on the way: held, as
 * campaigns.h says, until somebody places it again. */
struct err delivery_next(struct txn *tx, const struct claimant *by, int64_t now_ms,
                         struct claim *ret, bool *ret_found);

struct err delivery_part_accepted(struct txn *tx, int64_t id, unsigned seq, uint8_t tp_mr,
                                  int64_t now_ms);
enum refusal { REFUSAL_LATER /* the same link, after `after_ms` */, REFUSAL_ELSEWHERE,
	REFUSAL_GIVE_UP };
/* Proved that the network did not take it. LATER and ELSEWHERE put it back in the queue with
 * not_before = now + after_ms, twice as long each time; after TRIES_MAX tries it fails, unless the
 * reason is the link's own (network, modem, no_credit, sim_full): then it waits while it lives.
 * Parts already accepted stay so, and bind the rest to their SIM. ELSEWHERE: another SIM takes it
 * when due, this one a minute later. */
#define TRIES_MAX 6
struct err delivery_part_refused(struct txn *tx, int64_t id, unsigned seq, enum refusal what,
                                 enum reason why, int64_t after_ms, int64_t now_ms);
/* A crash or a deadline fell on this part. */
struct err delivery_part_in_doubt(struct txn *tx, int64_t id, unsigned seq, enum reason why,
                                  int64_t now_ms);
/* It was submitting, but provably never reached the modem: back as if never claimed. */
struct err delivery_part_not_sent(struct txn *tx, int64_t id, unsigned seq, int64_t now_ms);
/* It can't be rendered (key or text gone): failed. */
struct err delivery_fail(struct txn *tx, int64_t id, enum reason why, int64_t now_ms);

/* A +CMGS that came after its process had gone: settles the last doubtful part of this SIM, if that
 * was submitted within the last three minutes and nothing was submitted on the SIM since. */
struct err delivery_late_reference(struct txn *tx, int64_t sim, uint8_t tp_mr, int64_t now_ms,
                                   bool *ret_matched);

/* A status report (TP-ST as in TS 23.040 §9.2.3.15): 0x00–0x1F delivered, 0x20–0x3F temporary
 * (moves nothing), 0x40–0x7F undelivered. Matched by SIM, TP-MR, tail hash and a window of 72 h;
 * failing that, by SIM, tail hash and a doubtful part without a TP-MR. `tails` are the tail's
 * hashes under every open version of both rings. A report that comes before its part is accepted
 * (no match) is kept for ten minutes and tried again by delivery_part_accepted(), and when the part
 * becomes doubtful instead. */
struct tail_key {
	enum ring ring;
	int64_t version;
	struct hash tail;
};
struct report {
	int64_t sim;
	uint8_t tp_mr, status;
	const struct tail_key *tails;
	size_t tail_count;
	int64_t now_ms;
};
struct err delivery_report(struct txn *tx, const struct report *r, bool *ret_matched);

/* A child died or a node starts: what it had claimed goes back, what was submitting is judged as
 * above. link NULL: all links. *ret_doubtful counts parts that became doubtful. */
struct err delivery_free_link(struct txn *tx, const char *link, int64_t now_ms,
                              unsigned *ret_doubtful);
/* Moves what is past its lifetime (queued: expired; accepted: stays until 72 h, then expired),
 * clears help-seekers' numbers older than an hour, frees answers (none of whose parts went) whose
 * SIM has been away for two minutes (ready_sims: those that are there). Moves and clears nothing
 * while the clock is behind. At most `limit` rows a call; *ret_more tells. */
struct err delivery_sweep(struct txn *tx, const int64_t *ready_sims, size_t ready_count,
                          int64_t now_ms, unsigned limit, bool *ret_more);
/* STOP: cancels what is queued for this number in the lanes that staff start. */
struct err delivery_cancel_for(struct txn *tx, enum ring ring, int64_t version,
                               const struct hash *number, int64_t now_ms, unsigned *ret_count);
/* DELETE: what waits for that number is cancelled, and of what went already nothing says any more to
 * whom (a report that comes later finds nothing). What is on the air is forgotten when it ends. */
struct err delivery_forget(struct txn *tx, enum ring ring, int64_t version,
                           const struct hash *number, int64_t now_ms);
/* The oldest version of the ring that a row still needs (live: deliveries that hold a number, parts
 * that came in; session: sessions). INT64_MAX: none is needed; node and people: 0, they stay. */
struct err delivery_oldest_version(struct txn *tx, enum ring ring, int64_t *ret);

/* For `safar outbox`: newest first, ids below `before` (0: from the top). */
struct outbox_row {
	int64_t id;
	enum lane lane;
	enum delivery_state state;
	enum reason reason;
	bool resent;
	enum ring ring;
	int64_t key_version;
	struct buf number_sealed;
	char link[32];
	enum language language;
	unsigned parts;
	int64_t created_ms, updated_ms;
	int64_t campaign;
};
struct err delivery_list(struct txn *tx, int64_t before, unsigned limit,
                         struct err (*row)(const struct outbox_row *, void *), void *arg);
/* Counts of a campaign by state (for --wait). */
struct err delivery_count_campaign(struct txn *tx, int64_t campaign,
                                   int64_t ret[DELIVERY_STATE_COUNT]);

#endif
