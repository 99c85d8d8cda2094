/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate: words, the table of moves, and the one function that changes a state. */
#include "store/gate.h"
#include "store/plans.h"

#include <stdio.h>

#include "base/banned.h"

static const char *const lane_words[LANE_COUNT] = {
#define X(id, word) [LANE_##id] = word,
	LANES(X)
#undef X
};

/* The word of the state, and the name of its count. */
static const char *const state_words[DELIVERY_STATE_COUNT] = {
#define X(id, word) [DELIVERY_##id] = word,
	DELIVERY_STATES(X)
#undef X
};
static const char *const state_tallies[DELIVERY_STATE_COUNT] = {
#define X(id, word) [DELIVERY_##id] = "delivery." word,
	DELIVERY_STATES(X)
#undef X
};

static const char *const part_words[PART_STATE_COUNT] = {
#define X(id, word) [PART_##id] = word,
	PART_STATES(X)
#undef X
};

static const char *const reason_words[REASON_COUNT] = {
#define X(id, word) [REASON_##id] = word,
	REASONS(X)
#undef X
};

#define TO(s) (1u << DELIVERY_##s)
static const uint32_t moves[DELIVERY_STATE_COUNT] = { /* no row: final */
	[DELIVERY_QUEUED] = TO(CLAIMED) | TO(CANCELLED) | TO(EXPIRED) | TO(FAILED),
	[DELIVERY_CLAIMED] = TO(SUBMITTING) | TO(QUEUED) | TO(CANCELLED) | TO(EXPIRED) | TO(FAILED),
	[DELIVERY_SUBMITTING] = TO(ACCEPTED) | TO(QUEUED) | TO(FAILED) | TO(IN_DOUBT),
	[DELIVERY_ACCEPTED] = TO(DELIVERED) | TO(UNDELIVERED) | TO(EXPIRED),
	[DELIVERY_IN_DOUBT] = TO(ACCEPTED) | TO(DELIVERED) | TO(UNDELIVERED) | TO(QUEUED),
	[DELIVERY_EXPIRED] = TO(DELIVERED), /* a late report */
};

const char *lane_word(enum lane l) { return l < LANE_COUNT ? lane_words[l] : "?"; }

const char *delivery_word(enum delivery_state s)
{
	return s < DELIVERY_STATE_COUNT ? state_words[s] : "?";
}

const char *part_word(enum part_state s) { return s < PART_STATE_COUNT ? part_words[s] : "?"; }

const char *reason_word(enum reason r) { return r < REASON_COUNT ? reason_words[r] : "?"; }

bool delivery_may(enum delivery_state from, enum delivery_state to)
{
	return (moves[from] & (1u << to)) != 0;
}

bool delivery_is_final(enum delivery_state s) { return moves[s] == 0; }

/* What a campaign counts, by the state that a delivery comes to; OUTCOME_COUNT: nothing. */
static enum outcome outcome_of(enum delivery_state s)
{
	switch (s) {
	case DELIVERY_ACCEPTED:
		return OUTCOME_SENT;
	case DELIVERY_DELIVERED:
		return OUTCOME_DELIVERED;
	case DELIVERY_UNDELIVERED:
		return OUTCOME_UNDELIVERED;
	case DELIVERY_FAILED:
		return OUTCOME_FAILED;
	case DELIVERY_EXPIRED:
		return OUTCOME_EXPIRED;
	case DELIVERY_CANCELLED:
		return OUTCOME_CANCELLED;
	case DELIVERY_IN_DOUBT:
		return OUTCOME_IN_DOUBT;
	case DELIVERY_QUEUED:
	case DELIVERY_CLAIMED:
	case DELIVERY_SUBMITTING:
	case DELIVERY_STATE_COUNT:
		break;
	}
	return OUTCOME_COUNT;
}

/* ---- the gate */
struct err delivery_load(struct txn *tx, int64_t id, struct delivery *ret)
{
	struct delivery d = { .id = id };
	struct rows r = query_start(tx, Q_DELIVERY_LOAD, IN(v_int(id)));
	const bool found = rows_next(&r);
	if (found) {
		d.lane = (enum lane)row_int(&r, 0);
		d.state = (enum delivery_state)row_int(&r, 1);
		d.reason = (enum reason)row_int(&r, 2);
		d.ring = (enum ring)row_int(&r, 3);
		d.key_version = row_int(&r, 4);
		d.parts = (unsigned)row_int(&r, 5);
		d.concat_ref = (unsigned)row_int(&r, 6);
		d.route = row_int(&r, 7);
		d.tries = (unsigned)row_int(&r, 8);
		d.resent = row_int(&r, 9) != 0;
		d.on_air = (unsigned)row_int(&r, 10);
		row_string(&r, 11, d.link, sizeof d.link);
		d.not_before_ms = row_int(&r, 12);
		d.expires_ms = row_int(&r, 13);
		d.campaign = row_int(&r, 14);
		d.closes_ms = row_int(&r, 15);
	}
	struct err e = rows_end(&r);
	if (err_is(e))
		return e;
	if (!found)
		return err_make(ERR_ABSENT, "find delivery", NULL, "%lld", (long long)id);
	if (d.lane >= LANE_COUNT || d.state >= DELIVERY_STATE_COUNT || d.parts > PARTS_MAX)
		return err_make(ERR_DATA, "read delivery", "restore the last backup", "%lld",
		                (long long)id);
	*ret = d;
	return e;
}

static struct err write_delivery(struct txn *tx, const struct delivery *d, enum delivery_state from,
                                 int64_t now_ms)
{
	struct err e = query_run(tx, Q_DELIVERY_WRITE, IN(v_int(d->id), v_int(from),
	                         v_int(d->state), v_int(d->reason), v_int(now_ms), v_text(d->link),
	                         v_int(d->route), v_int(d->not_before_ms), v_int(d->tries),
	                         v_int(d->resent), v_int(d->on_air), v_int(d->concat_ref)));
	if (!err_is(e) && query_changes(tx) != 1)
		return err_make(ERR_DATA, "write delivery", NULL, "%lld", (long long)d->id);
	return e;
}

struct err delivery_keep(struct txn *tx, const struct delivery *d, int64_t now_ms)
{
	return write_delivery(tx, d, d->state, now_ms);
}

struct err delivery_clear(struct txn *tx, int64_t id)
{
	return query_run(tx, Q_DELIVERY_CLEAR, IN(v_int(id)));
}

struct err delivery_move(struct txn *tx, struct delivery *d, enum delivery_state to,
                         enum reason why, int64_t now_ms)
{
	const enum delivery_state from = d->state;
	if (!delivery_may(from, to))
		return err_make(ERR_DATA, "move a delivery", NULL, "%lld from %s to %s",
		                (long long)d->id, delivery_word(from), delivery_word(to));
	d->state = to;
	d->reason = why;
	if (to == DELIVERY_QUEUED)
		d->link[0] = '\0';
	if (to != DELIVERY_SUBMITTING)
		d->on_air = 0;
	struct err e = write_delivery(tx, d, from, now_ms);
	if (!err_is(e))
		e = tally_add(tx, state_tallies[from], -1);
	if (!err_is(e))
		e = tally_add(tx, state_tallies[to], 1);
	if (!err_is(e) && to == DELIVERY_DELIVERED && d->ring == RING_PEOPLE)
		e = query_run(tx, Q_CONTACT_REACHED_BY, IN(v_int(d->id), v_int(now_ms)));
	if (!err_is(e) && d->campaign != 0 && outcome_of(to) != OUTCOME_COUNT)
		e = outcome_add(tx, d->campaign, outcome_of(to), now_ms);
	/* An expired one too: that its late report can't be matched any more is the price. */
	if (!err_is(e) && d->ring == RING_LIVE && (delivery_is_final(to) || to == DELIVERY_EXPIRED))
		e = delivery_clear(tx, d->id);
	return e;
}

/* ---- parts */
struct err parts_view(struct txn *tx, const struct delivery *d, struct part_view *ret)
{
	struct part_view v = { .sim = 0 };
	struct rows r = query_start(tx, Q_PART_LIST, IN(v_int(d->id)));
	while (rows_next(&r)) {
		const int64_t seq = row_int(&r, 0);
		if (seq < 1 || seq > PARTS_MAX)
			continue; /* never written */
		v.is_there[seq] = true;
		v.state[seq] = (enum part_state)row_int(&r, 1);
		if (is_taken(v.state[seq]))
			v.sim = row_int(&r, 2);
		v.delivered += v.state[seq] == PART_DELIVERED;
		v.undelivered += v.state[seq] == PART_UNDELIVERED;
	}
	struct err e = rows_end(&r);
	if (err_is(e))
		return e;
	for (unsigned seq = d->parts; seq >= 1; seq--)
		if (!v.is_there[seq] || !is_taken(v.state[seq])) {
			v.missing++;
			v.next = seq;
		}
	*ret = v;
	return e;
}

struct err part_taken(struct txn *tx, struct delivery *d, unsigned seq, uint8_t tp_mr,
                      int64_t now_ms)
{
	char link[sizeof d->link] = "";
	int64_t sim = 0;
	struct rows r = query_start(tx, Q_PART_LOAD, IN(v_int(d->id), v_int(seq)));
	const bool found = rows_next(&r);
	if (found) {
		sim = row_int(&r, 1);
		row_string(&r, 2, link, sizeof link);
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && !found)
		e = err_make(ERR_ABSENT, "find a part of delivery", NULL, "%lld", (long long)d->id);
	if (!err_is(e))
		e = query_run(tx, Q_PART_TAKEN, IN(v_int(d->id), v_int(seq), v_int(tp_mr),
		                                   v_int(now_ms)));
	if (!err_is(e))
		e = tally_add(tx, "parts.sent", 1);
	if (!err_is(e))
		e = tally_link(tx, link, "sent", 1);
	if (!err_is(e) && d->lane == LANE_CAMPAIGN)
		e = query_run(tx, Q_PARTS_DAY_ADD, IN(v_int(sim), v_int(now_ms / QUARTER_MS)));
	return e;
}

struct err part_reported(struct txn *tx, const struct delivery *d, unsigned seq, bool is_delivered,
                         int64_t now_ms)
{
	const enum part_state to = is_delivered ? PART_DELIVERED : PART_UNDELIVERED;
	struct err e = query_run(tx, Q_PART_REPORTED, IN(v_int(d->id), v_int(seq), v_int(to),
	                                                 v_int(now_ms)));
	if (!err_is(e) && is_delivered)
		e = tally_add(tx, "parts.delivered", 1);
	return e;
}

struct err delivery_settle(struct txn *tx, struct delivery *d, int64_t now_ms)
{
	struct part_view v;
	struct err e = parts_view(tx, d, &v);
	if (err_is(e))
		return e;
	/* It waited for any SIM while nobody knew whether a part was taken: now the rest is that one's. */
	if (d->state == DELIVERY_QUEUED && v.missing > 0 && v.sim != 0 && d->route != v.sim) {
		d->route = v.sim;
		return delivery_keep(tx, d, now_ms);
	}
	/* A doubtful part can turn out to have been the last one missing while its delivery waits
	 * to be sent again: it walks the same way as if it had been. */
	static const enum delivery_state way[] = {
		DELIVERY_CLAIMED, DELIVERY_SUBMITTING, DELIVERY_ACCEPTED,
	};
	for (size_t i = 0; i < sizeof way / sizeof way[0] && v.missing == 0; i++)
		if (!err_is(e) && delivery_may(d->state, way[i]))
			e = delivery_move(tx, d, way[i], REASON_NONE, now_ms);
	if (err_is(e))
		return e;
	if (v.undelivered > 0 && delivery_may(d->state, DELIVERY_UNDELIVERED))
		return delivery_move(tx, d, DELIVERY_UNDELIVERED, REASON_REPORTED, now_ms);
	if (v.delivered == d->parts && delivery_may(d->state, DELIVERY_DELIVERED))
		return delivery_move(tx, d, DELIVERY_DELIVERED, REASON_NONE, now_ms);
	return e;
}

/* ---- adding and ending */
struct err delivery_add(struct txn *tx, const struct delivery_new *d, int64_t now_ms)
{
	if (d->id <= 0 || d->lane >= LANE_COUNT || d->parts < 1 || d->parts > PARTS_MAX ||
	    (d->ring != RING_LIVE && d->ring != RING_PEOPLE) || d->number_sealed.n == 0 ||
	    d->sim < 0 || d->content_key == NULL ||
	    strlen(d->content_key) >= sizeof ((struct claim *)NULL)->content_key)
		return err_make(ERR_INPUT, "add a delivery", NULL, NULL);
	struct err e = query_run(tx, Q_DELIVERY_ADD, IN(v_int(d->id), v_int(d->lane),
	                         v_int(d->ring), v_int(d->key_version), v_span(d->number_sealed),
	                         v_hash(&d->number), v_hash(&d->tail), v_id(d->revision),
	                         v_text(d->content_key), v_span(d->args_sealed),
	                         v_text(language_tag(d->language)), v_int(d->sim),
	                         v_int(d->not_before_ms), v_int(d->expires_ms), v_int(d->parts),
	                         v_id(d->campaign), v_id(d->inbox), v_int(now_ms),
	                         v_int(d->flash ? 1 : 0), v_int(d->closes_ms),
	                         v_text(d->country)));
	if (!err_is(e))
		e = tally_add(tx, state_tallies[DELIVERY_QUEUED], 1);
	return e;
}

struct err delivery_fail(struct txn *tx, int64_t id, enum reason why, int64_t now_ms)
{
	struct delivery d;
	struct err e = delivery_load(tx, id, &d);
	if (!err_is(e) && d.on_air > 0) {
		e = query_run(tx, Q_PART_STATE, IN(v_int(id), v_int(d.on_air), v_int(PART_REFUSED)));
		if (!err_is(e))
			e = tally_link(tx, d.link, "failed", 1);
	}
	if (!err_is(e))
		e = delivery_move(tx, &d, DELIVERY_FAILED, why, now_ms);
	return e;
}

struct err delivery_cancel_for(struct txn *tx, enum ring ring, int64_t version,
                               const struct hash *number, int64_t now_ms, unsigned *ret_count)
{
	unsigned count = 0;
	for (;;) {
		int64_t id = 0;
		bool found = false;
		struct delivery d;
		struct err e = query_int(tx, Q_DELIVERY_TO, IN(v_hash(number), v_int(ring),
		                         v_int(version)), &id, &found);
		if (!err_is(e) && !found)
			break;
		if (!err_is(e))
			e = delivery_load(tx, id, &d);
		if (!err_is(e))
			e = delivery_move(tx, &d, DELIVERY_CANCELLED, REASON_STOP, now_ms);
		if (err_is(e))
			return e;
		count++;
	}
	*ret_count = count;
	return ERR_NONE_VALUE;
}

/* Each row that is found leaves the query: it has no number any more. */
struct err delivery_forget(struct txn *tx, enum ring ring, int64_t version,
                           const struct hash *number, int64_t now_ms)
{
	for (;;) {
		int64_t id = 0;
		bool found = false;
		struct delivery d;
		struct err e = query_int(tx, Q_DELIVERY_OPEN_TO, IN(v_hash(number), v_int(ring),
		                         v_int(version)), &id, &found);
		if (err_is(e) || !found)
			return e;
		e = delivery_load(tx, id, &d);
		if (!err_is(e) && d.state == DELIVERY_QUEUED)
			e = delivery_move(tx, &d, DELIVERY_CANCELLED, REASON_STOP, now_ms);
		if (!err_is(e))
			e = delivery_clear(tx, id);
		if (err_is(e))
			return e;
	}
}

/* ---- reading */
struct err delivery_oldest_version(struct txn *tx, enum ring ring, int64_t *ret)
{
	int64_t oldest = INT64_MAX, other = INT64_MAX; /* nothing needs any */
	bool found = false;
	struct err e = ERR_NONE_VALUE;
	switch (ring) {
	case RING_LIVE:
		e = query_int(tx, Q_DELIVERY_OLDEST, IN_NONE, &oldest, &found);
		if (!err_is(e))
			e = query_int(tx, Q_MO_OLDEST, IN_NONE, &other, &found);
		break;
	case RING_SESSION:
		e = query_int(tx, Q_SESSION_OLDEST, IN_NONE, &oldest, &found);
		break;
	case RING_NODE:
	case RING_PEOPLE:
	case RING_COUNT:
		oldest = 0; /* these never go by themselves */
		break;
	}
	if (!err_is(e))
		*ret = oldest < other ? oldest : other;
	return e;
}

struct err delivery_list(struct txn *tx, int64_t before, unsigned limit,
                         struct err (*row)(const struct outbox_row *, void *), void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_DELIVERY_LIST, IN(v_int(before > 0 ? before : INT64_MAX),
	                                                    v_int(limit)));
	while (!err_is(e) && rows_next(&r)) {
		char tag[16];
		struct outbox_row o = {
			.id = row_int(&r, 0), .lane = (enum lane)row_int(&r, 1),
			.state = (enum delivery_state)row_int(&r, 2), .reason = (enum reason)row_int(&r, 3),
			.resent = row_int(&r, 4) != 0, .ring = (enum ring)row_int(&r, 5),
			.key_version = row_int(&r, 6), .parts = (unsigned)row_int(&r, 10),
			.created_ms = row_int(&r, 11), .updated_ms = row_int(&r, 12),
			.campaign = row_int(&r, 13), .language = LANGUAGE_UNKNOWN,
		};
		row_buf(&r, 7, &o.number_sealed);
		row_string(&r, 8, o.link, sizeof o.link);
		row_string(&r, 9, tag, sizeof tag);
		(void)language_parse(span_of(tag), &o.language); /* "und" isn't one */
		if (!err_is(r.err))
			e = row(&o, arg);
		buf_free(&o.number_sealed);
	}
	struct err end = rows_end(&r);
	return err_is(e) ? e : end;
}

struct err delivery_count_campaign(struct txn *tx, int64_t campaign,
                                   int64_t ret[DELIVERY_STATE_COUNT])
{
	for (int s = 0; s < DELIVERY_STATE_COUNT; s++)
		ret[s] = 0;
	struct rows r = query_start(tx, Q_DELIVERY_CAMPAIGN, IN(v_int(campaign)));
	while (rows_next(&r)) {
		const int64_t s = row_int(&r, 0);
		if (s >= 0 && s < DELIVERY_STATE_COUNT)
			ret[s] = row_int(&r, 1);
	}
	return rows_end(&r);
}
