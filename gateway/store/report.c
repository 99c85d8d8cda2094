/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status reports. A TP-MR has 256 values, so that SIM and TP-MR alone would mistake one person's
 * report for another's: the tail of the number must agree too. */
#include "store/gate.h"

#include "base/banned.h"

enum verdict { VERDICT_DELIVERED, VERDICT_TEMPORARY, VERDICT_UNDELIVERED };

/* TS 23.040 §9.2.3.15. What is reserved, or a network's own beyond the table, moves nothing. */
static enum verdict judge(uint8_t status)
{
	if (status < 0x20)
		return VERDICT_DELIVERED;
	return status >= 0x40 && status < 0x80 ? VERDICT_UNDELIVERED : VERDICT_TEMPORARY;
}

struct match {
	int64_t id; /* 0: none */
	unsigned seq;
	enum part_state state;
};

/* The columns of PART_BY_REFERENCE and PART_OPEN: delivery, seq, state, ring, version, tail. */
static bool row_matches(struct rows *r, const struct report *rep, struct match *ret)
{
	struct hash tail;
	const bool has_tail = row_hash(r, 5, &tail); /* a help-seeker's goes after an hour */
	for (size_t i = 0; has_tail && i < rep->tail_count; i++) {
		const struct tail_key *k = &rep->tails[i];
		if ((int64_t)k->ring != row_int(r, 3) || k->version != row_int(r, 4) ||
		    memcmp(k->tail.octets, tail.octets, sizeof tail.octets) != 0)
			continue;
		*ret = (struct match){ .id = row_int(r, 0), .seq = (unsigned)row_int(r, 1),
		                       .state = (enum part_state)row_int(r, 2) };
		return true;
	}
	return false;
}

/* The newest part of this reference that waits for a report; failing that, one that had its report:
 * then this is the same one, read twice. */
static struct err find_by_reference(struct txn *tx, const struct report *rep, struct match *ret)
{
	struct match m, best = { .id = 0 };
	struct rows r = query_start(tx, Q_PART_BY_REFERENCE, IN(v_int(rep->sim), v_int(rep->tp_mr),
	                            v_int(rep->now_ms - REPORT_WINDOW_MS)));
	while (rows_next(&r)) {
		if (!row_matches(&r, rep, &m))
			continue;
		if (best.id == 0 || m.state == PART_ACCEPTED)
			best = m;
		if (m.state == PART_ACCEPTED)
			break;
	}
	struct err e = rows_end(&r);
	if (!err_is(e))
		*ret = best;
	return e;
}

/* The newest doubtful part to this person; *ret_on_air: one is on the air to them, and the report can
 * be of that one: it overtook the reference. */
static struct err find_doubtful(struct txn *tx, const struct report *rep, struct match *ret,
                                bool *ret_on_air)
{
	struct match m, best = { .id = 0 };
	bool is_on_air = false;
	struct rows r = query_start(tx, Q_PART_OPEN, IN(v_int(rep->sim),
	                            v_int(rep->now_ms - REPORT_WINDOW_MS)));
	while (rows_next(&r)) {
		if (!row_matches(&r, rep, &m))
			continue;
		is_on_air = is_on_air || m.state == PART_SUBMITTING;
		if (best.id == 0 && m.state == PART_IN_DOUBT)
			best = m;
	}
	struct err e = rows_end(&r);
	if (err_is(e))
		return e;
	*ret = best;
	*ret_on_air = is_on_air;
	return e;
}

static struct err keep_early(struct txn *tx, const struct report *rep)
{
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < rep->tail_count && !err_is(e); i++) {
		const struct tail_key *k = &rep->tails[i];
		e = query_run(tx, Q_EARLY_ADD, IN(v_int(rep->sim), v_int(rep->tp_mr), v_int(k->ring),
		              v_int(k->version), v_hash(&k->tail), v_int(rep->status),
		              v_int(rep->now_ms)));
	}
	return e;
}

struct err delivery_report(struct txn *tx, const struct report *rep, bool *ret_matched)
{
	const enum verdict verdict = judge(rep->status);
	struct match m = { .id = 0 }, open = { .id = 0 };
	struct delivery d;
	bool is_on_air = false;
	struct err e = find_by_reference(tx, rep, &m);
	if (!err_is(e) && m.state != PART_ACCEPTED)
		e = find_doubtful(tx, rep, &open, &is_on_air);
	if (m.state != PART_ACCEPTED && is_on_air)
		m.id = 0; /* its number has come round: the one before had its report already */
	else if (m.id == 0)
		m = open;
	if (!err_is(e) && m.id == 0 && verdict != VERDICT_TEMPORARY)
		e = keep_early(tx, rep);
	if (err_is(e))
		return e;
	*ret_matched = m.id != 0;
	if (m.id == 0 || verdict == VERDICT_TEMPORARY ||
	    (m.state != PART_ACCEPTED && m.state != PART_IN_DOUBT))
		return e;
	e = delivery_load(tx, m.id, &d);
	if (!err_is(e) && m.state == PART_IN_DOUBT)
		e = part_taken(tx, &d, m.seq, rep->tp_mr, rep->now_ms); /* it was, after all */
	if (!err_is(e))
		e = part_reported(tx, &d, m.seq, verdict == VERDICT_DELIVERED, rep->now_ms);
	return err_is(e) ? e : delivery_settle(tx, &d, rep->now_ms);
}

struct err report_early_apply(struct txn *tx, const struct delivery *d, unsigned seq, int64_t sim,
                              uint8_t tp_mr, int64_t now_ms)
{
	int64_t status = 0;
	bool found = false;
	struct err e = query_int(tx, Q_EARLY_FIND, IN(v_int(d->id), v_int(sim), v_int(tp_mr),
	                         v_int(now_ms - EARLY_MS)), &status, &found);
	if (err_is(e) || !found)
		return e;
	e = query_run(tx, Q_EARLY_TAKE, IN(v_int(sim), v_int(tp_mr)));
	return err_is(e) ? e : part_reported(tx, d, seq, judge((uint8_t)status) == VERDICT_DELIVERED,
	                                     now_ms);
}

struct err report_early_of_doubt(struct txn *tx, struct delivery *d, unsigned seq,
                                 int64_t now_ms, bool *ret_known)
{
	int64_t sim = 0, tp_mr = 0, status = 0;
	struct rows r = query_start(tx, Q_EARLY_OF_DOUBT, IN(v_int(d->id), v_int(seq),
	                            v_int(now_ms - REPORT_WINDOW_MS)));
	const bool known = rows_next(&r);
	if (known) {
		sim = row_int(&r, 0);
		tp_mr = row_int(&r, 1);
		status = row_int(&r, 2);
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && known)
		e = query_run(tx, Q_EARLY_TAKE, IN(v_int(sim), v_int(tp_mr)));
	if (!err_is(e) && known)
		e = part_taken(tx, d, seq, (uint8_t)tp_mr, now_ms);
	if (!err_is(e) && known)
		e = part_reported(tx, d, seq, judge((uint8_t)status) == VERDICT_DELIVERED, now_ms);
	if (!err_is(e))
		*ret_known = known;
	return e;
}
