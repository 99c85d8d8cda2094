/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a part that went on the air: taken, refused, or nobody knows.
 *
 * Nobody knows, but its report came before its reference was lost: it was taken.
 * Nobody knows, and another part is still missing: the delivery waits to go on, and the doubtful
 * part goes first, under the same reference and number; a phone that has it drops the copy.
 * Nobody knows, and it was the last one missing: in_doubt. There a campaign's stays, since a
 * doubled broadcast can expose a person and a lost one is counted apart. An answer's is sent again,
 * once: somebody waits for it.
 * Where the network has a part, the others go by the same SIM: a phone joins parts of one sender. */
#include "store/gate.h"

#include "base/banned.h"

/* A delivery whose part `seq` is on the air. */
static struct err load_on_air(struct txn *tx, int64_t id, unsigned seq, struct delivery *ret)
{
	struct delivery d;
	struct err e = delivery_load(tx, id, &d);
	if (err_is(e))
		return e;
	if (d.state != DELIVERY_SUBMITTING || d.on_air != seq || seq == 0)
		return err_make(ERR_DATA, "judge a part that isn't on the air, of delivery", NULL,
		                "%lld", (long long)id);
	*ret = d;
	return e;
}

/* Back into the queue; `route` where no part binds it to a SIM. */
static struct err requeue(struct txn *tx, struct delivery *d, const struct part_view *v,
                          int64_t route, int64_t not_before_ms, enum reason why, int64_t now_ms)
{
	d->route = v->sim != 0 ? v->sim : route;
	d->not_before_ms = not_before_ms;
	return delivery_move(tx, d, DELIVERY_QUEUED, why, now_ms);
}

static struct err doubt(struct txn *tx, struct delivery *d, enum reason why, int64_t now_ms,
                        unsigned *doubtful)
{
	struct part_view v;
	bool is_known = false;
	struct err e = query_run(tx, Q_PART_STATE, IN(v_int(d->id), v_int(d->on_air),
	                                              v_int(PART_IN_DOUBT)));
	if (!err_is(e))
		e = report_early_of_doubt(tx, d, d->on_air, now_ms, &is_known);
	if (!err_is(e))
		e = parts_view(tx, d, &v);
	if (err_is(e))
		return e;
	if (is_known)
		return v.missing == 0 ? delivery_settle(tx, d, now_ms)
		                      : requeue(tx, d, &v, d->route, now_ms, d->reason, now_ms);
	++*doubtful;
	if (v.missing > 1 && ++d->tries < TRIES_MAX)
		return requeue(tx, d, &v, d->route, now_ms, why, now_ms);
	e = delivery_move(tx, d, DELIVERY_IN_DOUBT, why, now_ms);
	const bool is_awaited = d->lane == LANE_ANSWER || d->lane == LANE_ALERT;
	if (err_is(e) || !is_awaited || d->resent || v.missing > 1 || d->expires_ms <= now_ms)
		return e;
	d->resent = true;
	return requeue(tx, d, &v, d->route, now_ms, REASON_RESENT, now_ms);
}

struct err delivery_part_in_doubt(struct txn *tx, int64_t id, unsigned seq, enum reason why,
                                  int64_t now_ms)
{
	struct delivery d;
	unsigned doubtful = 0;
	struct err e = load_on_air(tx, id, seq, &d);
	return err_is(e) ? e : doubt(tx, &d, why, now_ms, &doubtful);
}

struct err delivery_part_accepted(struct txn *tx, int64_t id, unsigned seq, uint8_t tp_mr,
                                  int64_t now_ms)
{
	struct delivery d;
	int64_t state = 0, sim = 0;
	struct err e = delivery_load(tx, id, &d);
	if (err_is(e))
		return e;
	struct rows r = query_start(tx, Q_PART_LOAD, IN(v_int(id), v_int(seq)));
	const bool found = rows_next(&r);
	if (found) {
		state = row_int(&r, 0);
		sim = row_int(&r, 1);
	}
	e = rows_end(&r);
	if (err_is(e))
		return e;
	if (!found || (state != PART_SUBMITTING && state != PART_IN_DOUBT))
		return err_make(ERR_DATA, "accept a part that isn't on the air, of delivery", NULL,
		                "%lld", (long long)id);
	e = part_taken(tx, &d, seq, tp_mr, now_ms);
	if (!err_is(e) && d.on_air == seq) {
		d.on_air = 0;
		e = delivery_keep(tx, &d, now_ms);
	}
	if (!err_is(e))
		e = report_early_apply(tx, &d, seq, sim, tp_mr, now_ms);
	return err_is(e) ? e : delivery_settle(tx, &d, now_ms);
}

/* Trouble of network, modem or SIM says nothing of the message: it waits as long as it lives. */
static bool is_the_links(enum reason why)
{
	return why == REASON_NETWORK || why == REASON_MODEM || why == REASON_NO_CREDIT ||
	       why == REASON_SIM_FULL;
}

struct err delivery_part_refused(struct txn *tx, int64_t id, unsigned seq, enum refusal what,
                                 enum reason why, int64_t after_ms, int64_t now_ms)
{
	struct delivery d;
	struct part_view v;
	int64_t sim = 0;
	bool found = false;
	struct err e = load_on_air(tx, id, seq, &d);
	if (!err_is(e))
		e = query_run(tx, Q_PART_STATE, IN(v_int(id), v_int(seq), v_int(PART_REFUSED)));
	if (!err_is(e))
		e = tally_link(tx, d.link, "failed", 1);
	if (!err_is(e))
		e = parts_view(tx, &d, &v);
	if (!err_is(e))
		e = query_int(tx, Q_PART_SIM, IN(v_int(id), v_int(seq)), &sim, &found);
	if (err_is(e))
		return e;
	if (what == REFUSAL_GIVE_UP)
		return delivery_move(tx, &d, DELIVERY_FAILED, why, now_ms);
	if (!is_the_links(why) && ++d.tries >= TRIES_MAX)
		return delivery_move(tx, &d, DELIVERY_FAILED, REASON_TOO_MANY_TRIES, now_ms);
	return requeue(tx, &d, &v, what == REFUSAL_ELSEWHERE ? -sim : d.route,
	               now_ms + (after_ms << (d.tries > 0 ? d.tries - 1 : 0)), why, now_ms);
}

struct err delivery_part_not_sent(struct txn *tx, int64_t id, unsigned seq, int64_t now_ms)
{
	struct delivery d;
	struct part_view v;
	struct err e = load_on_air(tx, id, seq, &d);
	if (!err_is(e))
		e = query_run(tx, Q_PART_DROP, IN(v_int(id), v_int(seq)));
	if (!err_is(e))
		e = parts_view(tx, &d, &v);
	if (err_is(e))
		return e;
	return requeue(tx, &d, &v, d.route, d.not_before_ms, d.reason, now_ms);
}

struct err delivery_late_reference(struct txn *tx, int64_t sim, uint8_t tp_mr, int64_t now_ms,
                                   bool *ret_matched)
{
	int64_t id = 0;
	unsigned seq = 0;
	bool matches = false;
	struct rows r = query_start(tx, Q_PART_NEWEST, IN(v_int(sim)));
	if (rows_next(&r)) {
		id = row_int(&r, 0);
		seq = (unsigned)row_int(&r, 1);
		matches = row_int(&r, 2) == PART_IN_DOUBT &&
		          row_int(&r, 3) >= now_ms - LATE_REFERENCE_MS;
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && matches)
		e = delivery_part_accepted(tx, id, seq, tp_mr, now_ms);
	if (!err_is(e))
		*ret_matched = matches;
	return e;
}

static struct err free_one(struct txn *tx, int64_t id, int64_t now_ms, unsigned *doubtful)
{
	struct delivery d;
	struct part_view v;
	struct err e = delivery_load(tx, id, &d);
	if (err_is(e))
		return e;
	if (d.on_air > 0)
		return doubt(tx, &d, REASON_CRASH, now_ms, doubtful);
	e = parts_view(tx, &d, &v);
	return err_is(e) ? e : requeue(tx, &d, &v, d.route, d.not_before_ms, d.reason, now_ms);
}

struct err delivery_free_link(struct txn *tx, const char *link, int64_t now_ms,
                              unsigned *ret_doubtful)
{
	unsigned doubtful = 0;
	struct err e = ERR_NONE_VALUE;
	if (link == NULL) /* a start: no SIM has been away from this process yet */
		e = query_run(tx, Q_SIM_ALL_SEEN, IN(v_int(now_ms)));
	for (;;) {
		int64_t id = 0;
		bool found = false;
		if (!err_is(e) && link != NULL)
			e = query_int(tx, Q_DELIVERY_HELD, IN(v_text(link)), &id, &found);
		else if (!err_is(e))
			e = query_int(tx, Q_DELIVERY_HELD_ANY, IN_NONE, &id, &found);
		if (err_is(e))
			return e;
		if (!found)
			break;
		e = free_one(tx, id, now_ms, &doubtful);
	}
	*ret_doubtful = doubtful;
	return e;
}
