/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes next on a link. Each lane is looked at by itself, highest first; within it, what the
 * link has begun comes before what waits. What waits stands in one index by (lane, ring, route,
 * time): each of these few places is one seek, however many wait behind it. */
#include "store/campaigns.h"
#include "store/gate.h"
#include "store/plans.h"

#include "base/banned.h"

#define ASIDE_A_CALL 32u             /* moved aside before the sweep has to help */
#define ELSEWHERE_MS INT64_C(60000)  /* that long another SIM has the first chance */
#define PHONE_MS INT64_C(2000)       /* and a virtual phone, each time */

static const enum ring rings[] = { RING_LIVE, RING_PEOPLE };
#define RING_PLACES (sizeof rings / sizeof rings[0])

void claim_wipe(struct claim *c)
{
	buf_wipe(&c->number_sealed);
	buf_wipe(&c->args_sealed);
}

/* ---- to one number alone: a virtual phone */

/* Deliveries to one number are few: the index of numbers finds them. */
static struct err find_to(struct txn *tx, const struct claimant *by, enum lane lane, bool is_begun,
                          int64_t until_ms, int64_t *ret)
{
	struct err e = ERR_NONE_VALUE;
	bool found = false;
	for (size_t i = 0; i < by->only_count && !err_is(e) && !found; i++) {
		const struct addressee *a = &by->only[i];
		if (a->ring == RING_PEOPLE && !by->people_open)
			continue;
		e = is_begun ? query_int(tx, Q_DELIVERY_BEGUN_TO, IN(v_hash(&a->number),
		                         v_int(a->ring), v_int(a->version), v_int(lane),
		                         v_text(by->link)), ret, &found)
		             : query_int(tx, Q_DELIVERY_DUE_TO, IN(v_hash(&a->number), v_int(a->ring),
		                         v_int(a->version), v_int(lane), v_int(until_ms),
		                         v_int(by->sim)), ret, &found);
	}
	return e;
}

/* Is it one that a phone that is there will claim? Then this link comes back to it in a while. */
static struct err pass_over(struct txn *tx, const struct claimant *by, struct delivery *d,
                            int64_t now_ms, bool *ret)
{
	struct err e = ERR_NONE_VALUE;
	int64_t one = 0;
	*ret = false;
	for (size_t i = 0; d->lane != LANE_ANSWER && i < by->not_to_count && !err_is(e) && !*ret; i++) {
		const struct addressee *a = &by->not_to[i];
		e = query_int(tx, Q_DELIVERY_IS_TO, IN(v_int(d->id), v_hash(&a->number),
		              v_int(a->ring), v_int(a->version)), &one, ret);
	}
	if (err_is(e) || !*ret)
		return e;
	d->not_before_ms = now_ms + PHONE_MS;
	return delivery_keep(tx, d, now_ms);
}

/* Its campaign is paused or stopped, or its sending hours are over: it waits until somebody places
 * it again. */
static struct err set_aside(struct txn *tx, struct delivery *d, int64_t now_ms, bool *ret)
{
	bool may = true;
	*ret = false;
	if (d->campaign == 0)
		return ERR_NONE_VALUE;
	struct err e = plan_may_send(tx, d->campaign, &may);
	if (err_is(e) || (may && (d->closes_ms == 0 || now_ms < d->closes_ms)))
		return e;
	*ret = true;
	d->not_before_ms = campaign_held(d->campaign);
	return delivery_keep(tx, d, now_ms);
}

/* ---- to anybody */

static struct err find_begun(struct txn *tx, const struct claimant *by, enum lane lane,
                             int64_t *ret)
{
	struct err e = ERR_NONE_VALUE;
	bool found = false;
	if (by->only != NULL)
		return find_to(tx, by, lane, true, 0, ret);
	for (size_t i = 0; i < RING_PLACES && !err_is(e) && !found; i++) {
		if (rings[i] == RING_PEOPLE && !by->people_open)
			continue;
		e = query_int(tx, Q_DELIVERY_BEGUN, IN(v_text(by->link), v_int(lane),
		                                       v_int(rings[i])), ret, &found);
	}
	return e;
}

struct due {
	int64_t id, not_before_ms; /* id 0: none */
};

static struct err look_at(struct txn *tx, enum lane lane, enum ring ring, int64_t route,
                          int64_t until_ms, struct due *best)
{
	struct rows r = query_start(tx, Q_DELIVERY_DUE, IN(v_int(lane), v_int(ring), v_int(route),
	                                                   v_int(until_ms)));
	if (rows_next(&r)) {
		const struct due d = { .id = row_int(&r, 0), .not_before_ms = row_int(&r, 1) };
		if (best->id == 0 || d.not_before_ms < best->not_before_ms ||
		    (d.not_before_ms == best->not_before_ms && d.id < best->id))
			*best = d;
	}
	return rows_end(&r);
}

/* The first that is due in a lane: for this SIM, for any, and what another SIM refused. */
static struct err find_due(struct txn *tx, const struct claimant *by, enum lane lane,
                           int64_t now_ms, int64_t *ret)
{
	struct due best = { .id = 0 };
	struct err e = ERR_NONE_VALUE;
	if (by->only != NULL) /* a modem may have passed over it just now */
		return find_to(tx, by, lane, false, lane == LANE_ANSWER ? now_ms : now_ms + PHONE_MS,
		               ret);
	for (size_t i = 0; i < RING_PLACES && !err_is(e); i++) {
		const enum ring ring = rings[i];
		if (ring == RING_PEOPLE && !by->people_open)
			continue;
		e = look_at(tx, lane, ring, by->sim, now_ms, &best);
		if (!err_is(e))
			e = look_at(tx, lane, ring, 0, now_ms, &best);
		int64_t route = INT64_MIN;
		bool found = true;
		while (!err_is(e) && found) { /* as many turns as SIMs that refused something */
			e = query_int(tx, Q_DELIVERY_NEXT_ROUTE, IN(v_int(lane), v_int(ring),
			                                            v_int(route)), &route, &found);
			const int64_t wait = route == -by->sim ? ELSEWHERE_MS : 0;
			if (!err_is(e) && found)
				e = look_at(tx, lane, ring, route, now_ms - wait, &best);
		}
	}
	if (!err_is(e))
		*ret = best.id;
	return e;
}

static struct err parts_today(struct txn *tx, const struct claimant *by, int64_t *ret)
{
	bool found;
	return query_int(tx, Q_PARTS_DAY, IN(v_int(by->sim),
	                 v_int(by->day_start_ms / QUARTER_MS)), ret, &found);
}

/* Claims what waits in a lane; *ret->state tells (queued: none). */
static struct err claim_due(struct txn *tx, const struct claimant *by, enum lane lane,
                            int64_t now_ms, struct delivery *ret)
{
	int64_t used = 0;
	struct err e = ERR_NONE_VALUE;
	if (lane == LANE_CAMPAIGN && by->daily_cap > 0)
		e = parts_today(tx, by, &used);
	for (unsigned n = 0; n < ASIDE_A_CALL && !err_is(e); n++) {
		int64_t id = 0;
		struct delivery d;
		e = find_due(tx, by, lane, now_ms, &id);
		if (err_is(e) || id == 0)
			return e;
		e = delivery_load(tx, id, &d);
		if (err_is(e))
			return e;
		if (d.expires_ms <= now_ms) { /* past it even by a clock that is behind */
			e = delivery_move(tx, &d, DELIVERY_EXPIRED, REASON_LIFETIME, now_ms);
			continue;
		}
		bool passed = false;
		e = set_aside(tx, &d, now_ms, &passed);
		if (!err_is(e) && !passed)
			e = pass_over(tx, by, &d, now_ms, &passed);
		if (err_is(e))
			return e;
		if (passed)
			continue;
		/* A message longer than a day's cap would wait for ever: it may begin the day. */
		if (lane == LANE_CAMPAIGN && by->daily_cap > 0 && used > 0 &&
		    used + d.parts > by->daily_cap)
			return e;
		if (!text_copy(d.link, sizeof d.link, by->link))
			return err_make(ERR_INPUT, "claim for a link", NULL, "%s", by->link);
		e = delivery_move(tx, &d, DELIVERY_CLAIMED, d.reason, now_ms);
		if (!err_is(e))
			e = delivery_move(tx, &d, DELIVERY_SUBMITTING, d.reason, now_ms);
		*ret = d;
		return e;
	}
	return e;
}

/* 1 to 255 in turn, but none that an open delivery to the same number has: a phone would join
 * the parts of two messages. */
static struct err choose_reference(struct txn *tx, struct delivery *d)
{
	bool taken[256] = { true };
	int64_t last = 0;
	bool found;
	struct err e = query_int(tx, Q_META_GET, IN(v_text("concat_ref")), &last, &found);
	if (err_is(e))
		return e;
	struct rows r = query_start(tx, Q_DELIVERY_REFS, IN(v_int(d->id)));
	while (rows_next(&r))
		taken[row_int(&r, 0) & 0xff] = true;
	e = rows_end(&r);
	if (err_is(e))
		return e;
	unsigned ref = (unsigned)(last & 0xff) % 255 + 1;
	for (int n = 0; n < 255 && taken[ref]; n++) /* all taken: the oldest is repeated */
		ref = ref % 255 + 1;
	d->concat_ref = ref;
	return query_run(tx, Q_META_SET, IN(v_text("concat_ref"), v_int(ref)));
}

static struct err fill_content(struct txn *tx, const struct delivery *d, struct claim *c)
{
	char tag[16] = "";
	struct rows r = query_start(tx, Q_DELIVERY_CONTENT, IN(v_int(d->id)));
	if (rows_next(&r)) {
		row_buf(&r, 0, &c->number_sealed);
		row_buf(&r, 1, &c->args_sealed);
		c->revision = row_int(&r, 2);
		row_string(&r, 3, c->content_key, sizeof c->content_key);
		row_string(&r, 4, tag, sizeof tag);
		c->flash = row_int(&r, 5) != 0;
	}
	c->language = LANGUAGE_UNKNOWN;
	(void)language_parse(span_of(tag), &c->language); /* "und" isn't one */
	return rows_end(&r);
}

/* The next part of d goes on the air. */
static struct err begin_part(struct txn *tx, const struct claimant *by, struct delivery *d,
                             int64_t now_ms, struct claim *ret)
{
	struct part_view v;
	struct err e = parts_view(tx, d, &v);
	if (err_is(e))
		return e;
	if (v.next == 0)
		return err_make(ERR_DATA, "find the next part of delivery", NULL, "%lld",
		                (long long)d->id);
	if (d->parts > 1 && d->concat_ref == 0)
		e = choose_reference(tx, d);
	d->on_air = v.next;
	if (!err_is(e))
		e = query_run(tx, Q_PART_BEGIN, IN(v_int(d->id), v_int(v.next), v_int(d->concat_ref),
		              v_int(by->sim), v_text(by->link), v_int(now_ms)));
	if (!err_is(e))
		e = delivery_keep(tx, d, now_ms);
	struct claim c = {
		.id = d->id, .lane = d->lane, .ring = d->ring, .key_version = d->key_version,
		.parts = d->parts, .seq = v.next, .concat_ref = (uint16_t)d->concat_ref,
		.expires_ms = d->closes_ms > 0 && d->closes_ms < d->expires_ms ? d->closes_ms
		                                                               : d->expires_ms, .resent = d->resent,
	};
	if (!err_is(e))
		e = fill_content(tx, d, &c);
	if (err_is(e)) {
		claim_wipe(&c);
		return e;
	}
	*ret = c;
	return e;
}

struct err delivery_next(struct txn *tx, const struct claimant *by, int64_t now_ms,
                         struct claim *ret, bool *ret_found)
{
	bool halted = false;
	struct err e = halt_get(tx, &halted);
	for (unsigned l = 0; l < LANE_COUNT && !err_is(e); l++) {
		const enum lane lane = (enum lane)l;
		struct delivery d = { .state = DELIVERY_QUEUED };
		int64_t begun = 0;
		/* What is begun is finished whatever the cap: half a message helps nobody. */
		e = find_begun(tx, by, lane, &begun);
		if (!err_is(e) && begun != 0)
			e = delivery_load(tx, begun, &d);
		else if (!err_is(e) && (lane == LANE_ANSWER || (!by->answers_only && !halted)))
			e = claim_due(tx, by, lane, now_ms, &d);
		if (!err_is(e) && d.state == DELIVERY_SUBMITTING)
			e = begin_part(tx, by, &d, now_ms, ret);
		if (err_is(e))
			return e;
		if (d.state == DELIVERY_SUBMITTING) {
			*ret_found = true;
			return e;
		}
	}
	if (!err_is(e))
		*ret_found = false;
	return e;
}
