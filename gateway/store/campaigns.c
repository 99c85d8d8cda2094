/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/campaigns.h"

#include "store/delivery.h"
#include "store/txn.h"
#include "base/banned.h"

/* The year 33658: ids are larger, times smaller. */
#define BEYOND_TIME_MS INT64_C(1000000000000000)

struct err campaign_add(struct txn *tx, const struct campaign_new *c)
{
	if (c->id < BEYOND_TIME_MS)
		return err_make(ERR_INPUT, "add a campaign", NULL, NULL);
	return query_run(tx, Q_CAMPAIGN_ADD, IN(v_int(c->id), v_int(c->revision),
	                 v_text(c->consent), v_text(c->override), v_int(c->uid), v_int(c->now_ms),
	                 v_span(c->request)));
}

/* Its id, so that its own lie together in the index of what is due, and apart from others'. */
int64_t campaign_held(int64_t campaign) { return campaign; }

static struct err move(struct txn *tx, int64_t id, enum campaign_state from,
                       enum campaign_state to)
{
	struct err e = query_run(tx, Q_CAMPAIGN_STATE, IN(v_int(id), v_int(from), v_int(to)));
	if (!err_is(e) && query_changes(tx) != 1)
		return err_make(ERR_ABSENT, "release campaign", NULL, "%lld", (long long)id);
	return e;
}

struct err campaign_release(struct txn *tx, int64_t id)
{
	return move(tx, id, CAMPAIGN_WRITING, CAMPAIGN_RELEASING);
}

struct err campaign_let_go(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                           bool *ret_done)
{
	struct err e = query_run(tx, Q_HELD_RELEASE, IN(v_int(LANE_CAMPAIGN), v_int(RING_PEOPLE),
	                         v_int(campaign_held(id)), v_int(limit), v_int(now_ms)));
	if (err_is(e))
		return e;
	*ret_done = query_changes(tx) < limit;
	/* by the clerk too, in between: the one that ends it finds it `releasing` */
	return *ret_done ? query_run(tx, Q_CAMPAIGN_STATE, IN(v_int(id), v_int(CAMPAIGN_RELEASING),
	                                                      v_int(CAMPAIGN_WHOLE)))
	                 : e;
}

struct err campaigns_abandon(struct txn *tx) { return query_run(tx, Q_CAMPAIGN_ABANDON, IN_NONE); }

/* Held, or moved on from there by a STOP or by the end of its lifetime. */
static struct err remove_some(struct txn *tx, int64_t id, unsigned limit, bool *ret_more)
{
	static const struct {
		enum delivery_state state;
		const char *tally;
	} kinds[] = { { DELIVERY_QUEUED, "delivery.queued" },
		{ DELIVERY_CANCELLED, "delivery.cancelled" }, { DELIVERY_EXPIRED, "delivery.expired" } };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct err e = query_run(tx, Q_HELD_DROP, IN(v_int(id), v_int(kinds[i].state),
		                                             v_int(limit)));
		const int64_t n = err_is(e) ? 0 : query_changes(tx);
		if (!err_is(e) && n > 0)
			e = tally_add(tx, kinds[i].tally, -n);
		*ret_more = n > 0;
		if (err_is(e) || n > 0)
			return e;
	}
	return query_run(tx, Q_CAMPAIGN_DROP, IN(v_int(id)));
}

struct err campaigns_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more)
{
	int64_t id = 0;
	bool found = false, done = false;
	*ret_more = false;
	struct err e = query_int(tx, Q_CAMPAIGN_OPEN, IN(v_int(CAMPAIGN_RELEASING)), &id, &found);
	if (!err_is(e) && found) {
		e = campaign_let_go(tx, id, now_ms, limit, &done);
		*ret_more = true;
		return e;
	}
	if (!err_is(e))
		e = query_int(tx, Q_CAMPAIGN_OPEN, IN(v_int(CAMPAIGN_ABANDONED)), &id, &found);
	return err_is(e) || !found ? e : remove_some(tx, id, limit, ret_more);
}

struct err campaign_find(struct txn *tx, struct span request, int64_t *ret_id, bool *ret_found)
{
	return query_int(tx, Q_CAMPAIGN_FIND, IN(v_span(request)), ret_id, ret_found);
}
