/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What time alone brings: lifetimes that end, numbers that may not be known any longer, answers
 * whose SIM stays away. A call does a bounded piece of it. */
#include "store/gate.h"

#include "base/banned.h"

/* One row at a time: the query finds the next one only once this one has moved. */
static struct err sweep(struct txn *tx, enum query_id q, int64_t until_ms,
                        struct err (*one)(struct txn *, int64_t id, int64_t now_ms),
                        int64_t now_ms, unsigned *left)
{
	for (; *left > 0; --*left) {
		int64_t id = 0;
		bool found = false;
		struct err e = query_int(tx, q, IN(v_int(until_ms)), &id, &found);
		if (!err_is(e) && found)
			e = one(tx, id, now_ms);
		if (err_is(e) || !found)
			return e;
	}
	return ERR_NONE_VALUE;
}

static struct err expire(struct txn *tx, int64_t id, int64_t now_ms)
{
	struct delivery d;
	struct err e = delivery_load(tx, id, &d);
	return err_is(e) ? e : delivery_move(tx, &d, DELIVERY_EXPIRED, REASON_LIFETIME, now_ms);
}

static struct err forget(struct txn *tx, int64_t id, int64_t now_ms)
{
	(void)now_ms;
	return delivery_clear(tx, id);
}

static struct err note_ready(struct txn *tx, const int64_t *sims, size_t n, int64_t now_ms)
{
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < n && !err_is(e); i++)
		e = query_run(tx, Q_SIM_THERE, IN(v_int(sims[i]), v_int(now_ms)));
	return e;
}

/* Answers that no part was sent of: the rest of a message must come from the same number. */
static struct err free_answers(struct txn *tx, int64_t sim, unsigned *left)
{
	static const enum ring rings[] = { RING_LIVE, RING_PEOPLE };
	for (size_t i = 0; i < sizeof rings / sizeof rings[0]; i++)
		for (; *left > 0; --*left) {
			int64_t id = 0;
			bool found = false;
			struct err e = query_int(tx, Q_DELIVERY_STRANDED, IN(v_int(LANE_ANSWER),
			                         v_int(rings[i]), v_int(sim)), &id, &found);
			if (!err_is(e) && found)
				e = query_run(tx, Q_DELIVERY_REROUTE, IN(v_int(id)));
			if (err_is(e))
				return e;
			if (!found)
				break;
		}
	return ERR_NONE_VALUE;
}

static struct err free_stranded(struct txn *tx, int64_t now_ms, unsigned *left)
{
	int64_t sim = 0;
	for (;;) {
		bool found = false;
		struct err e = query_int(tx, Q_SIM_AWAY, IN(v_int(sim), v_int(now_ms - AWAY_MS)),
		                         &sim, &found);
		if (!err_is(e) && found)
			e = free_answers(tx, sim, left);
		if (err_is(e) || !found)
			return e;
	}
}

struct err delivery_sweep(struct txn *tx, const int64_t *ready_sims, size_t ready_count,
                          int64_t now_ms, unsigned limit, bool *ret_more)
{
	unsigned left = limit;
	struct err e = note_ready(tx, ready_sims, ready_count, now_ms);
	if (!err_is(e))
		e = free_stranded(tx, now_ms, &left);
	if (!err_is(e) && !store_clock_is_behind(tx->st, now_ms)) {
		e = sweep(tx, Q_DELIVERY_PAST, now_ms, expire, now_ms, &left);
		if (!err_is(e))
			e = sweep(tx, Q_DELIVERY_UNREPORTED, now_ms - REPORT_WINDOW_MS, expire, now_ms,
			          &left);
		if (!err_is(e))
			e = sweep(tx, Q_DELIVERY_READABLE, now_ms - READABLE_MS, forget, now_ms, &left);
		if (!err_is(e))
			e = query_run(tx, Q_EARLY_DROP, IN(v_int(now_ms - EARLY_MS)));
		if (!err_is(e))
			e = query_run(tx, Q_PARTS_DAY_DROP, IN(v_int((now_ms - 2 * DAY_MS) / QUARTER_MS)));
	}
	if (!err_is(e))
		*ret_more = left == 0;
	return e;
}
