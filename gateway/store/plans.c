/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate of campaigns: words, the table of moves, the one function that changes a state. */
#include "store/plans.h"

#include <stdio.h>

#include "store/gate.h"
#include "store/people.h"
#include "base/banned.h"

static const char *const words[PLAN_STATE_COUNT] = {
#define X(id, word) [PLAN_##id] = word,
	PLAN_STATES(X)
#undef X
};

#define TO(s) (1u << PLAN_##s)
static const uint32_t moves[PLAN_STATE_COUNT] = { /* no row: final */
	[PLAN_DRAFT] = TO(IN_REVIEW) | TO(STOPPED),
	[PLAN_IN_REVIEW] = TO(APPROVED) | TO(DRAFT) | TO(STOPPED),
	[PLAN_APPROVED] = TO(SCHEDULED) | TO(RUNNING) | TO(DRAFT) | TO(STOPPED),
	[PLAN_SCHEDULED] = TO(RUNNING) | TO(DRAFT) | TO(STOPPED),
	[PLAN_RUNNING] = TO(PAUSED) | TO(STOPPED) | TO(FINISHED),
	[PLAN_PAUSED] = TO(RUNNING) | TO(STOPPED),
};

const char *plan_word(enum plan_state s) { return s < PLAN_STATE_COUNT ? words[s] : "?"; }

bool plan_may(enum plan_state from, enum plan_state to)
{
	return (moves[from] & (1u << to)) != 0;
}

void plan_wipe(struct plan *p)
{
	buf_wipe(&p->spec);
	buf_wipe(&p->reviewed);
}

/* ---- rows */
struct err plan_add(struct txn *tx, int64_t id, const char *name, struct span spec, int64_t uid,
                    int64_t now_ms)
{
	int64_t other = 0;
	bool found = false;
	struct err e = query_int(tx, Q_PLAN_BY_NAME, IN(v_text(name)), &other, &found);
	if (!err_is(e) && found)
		e = err_make(ERR_REFUSED, "make the campaign", "take another name", "%s", name);
	struct value json = v_span(spec);
	json.type = VALUE_TEXT;
	if (!err_is(e))
		e = query_run(tx, Q_PLAN_ADD, IN(v_int(id), v_text(name), json, v_int(uid),
		                                 v_int(now_ms)));
	return err_is(e) ? e : audit_add(tx, uid, "campaign new", name, now_ms);
}

static int64_t uid_or_nobody(struct rows *r, int column)
{
	return row_span(r, column).n == 0 ? PLAN_SELF : row_int(r, column);
}

struct err plan_load(struct txn *tx, int64_t id, struct plan *ret)
{
	struct plan p = { .id = id };
	buf_init(&p.spec, PLAN_SPEC_OCTETS);
	buf_init(&p.reviewed, PLAN_SPEC_OCTETS);
	struct rows r = query_start(tx, Q_PLAN_LOAD, IN(v_int(id)));
	const bool found = rows_next(&r);
	if (found) {
		row_string(&r, 0, p.name, sizeof p.name);
		p.state = (enum plan_state)row_int(&r, 1);
		row_buf(&r, 2, &p.spec);
		p.revision = row_int(&r, 3);
		row_buf(&r, 4, &p.reviewed);
		p.has_digest = row_span(&r, 5).n > 0 && row_hash(&r, 5, &p.digest);
		p.made_by = row_int(&r, 6);
		p.submitted_by = uid_or_nobody(&r, 7);
		p.approved_by = uid_or_nobody(&r, 8);
		p.any_hour = row_int(&r, 9) != 0;
		row_string(&r, 10, p.reason, sizeof p.reason);
		p.start_ms = row_int(&r, 11);
		p.ends_ms = row_int(&r, 12);
		p.cursor.is_set = row_span(&r, 13).n > 0 && row_hash(&r, 13, &p.cursor.number);
		p.is_expanded = row_int(&r, 14) != 0;
		p.next_due_ms = row_int(&r, 15);
		p.people = row_int(&r, 16);
		p.parts = row_int(&r, 17);
		p.spent = row_int(&r, 18);
		p.created_ms = row_int(&r, 19);
		p.updated_ms = row_int(&r, 20);
		p.cursor.key_version = row_int(&r, 21);
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && !found)
		e = err_make(ERR_ABSENT, "find campaign", NULL, "%lld", (long long)id);
	if (!err_is(e) && p.state >= PLAN_STATE_COUNT)
		e = err_make(ERR_DATA, "read campaign", "restore the last backup", "%s", p.name);
	if (err_is(e))
		plan_wipe(&p);
	else
		*ret = p;
	return e;
}

struct err plan_find(struct txn *tx, const char *name, struct plan *ret)
{
	int64_t id = 0;
	bool found = false;
	struct err e = query_int(tx, Q_PLAN_BY_NAME, IN(v_text(name)), &id, &found);
	if (!err_is(e) && !found)
		e = err_make(ERR_ABSENT, "find campaign", "see safar campaign list", "%.80s", name);
	return err_is(e) ? e : plan_load(tx, id, ret);
}

static struct err one_id(struct txn *tx, enum query_id q, const struct value *in, size_t n,
                         int64_t *ret_id)
{
	bool found = false;
	int64_t id = 0;
	struct err e = query_int(tx, q, in, n, &id, &found);
	if (!err_is(e))
		*ret_id = found ? id : 0;
	return e;
}

struct err plan_next(struct txn *tx, enum plan_state s, int64_t after, int64_t *ret_id)
{
	return one_id(tx, Q_PLAN_NEXT, IN(v_int(s), v_int(after)), ret_id);
}

struct err plan_count(struct txn *tx, enum plan_state s, int64_t *ret)
{
	bool found = false;
	return query_int(tx, Q_PLAN_COUNT, IN(v_int(s)), ret, &found);
}

struct err plan_newest(struct txn *tx, int64_t before, int64_t *ret_id)
{
	return one_id(tx, Q_PLAN_LIST, IN(v_int(before > 0 ? before : INT64_MAX)), ret_id);
}

static struct value v_uid(int64_t uid)
{
	return uid == PLAN_SELF ? (struct value){ VALUE_NULL, 0, NULL, 0 } : v_int(uid);
}

static struct value v_hash_or(bool has, const struct hash *h)
{
	return has ? v_hash(h) : (struct value){ VALUE_NULL, 0, NULL, 0 };
}

static struct value v_json(const struct buf *b)
{
	return (struct value){ VALUE_TEXT, 0, b->n > 0 ? (const void *)b->p : "", b->n };
}

struct err plan_save(struct txn *tx, const struct plan *p, int64_t now_ms)
{
	return query_run(tx, Q_PLAN_SAVE, IN(v_int(p->id), v_json(&p->spec), v_id(p->revision),
	                 v_json(&p->reviewed), v_hash_or(p->has_digest, &p->digest),
	                 v_uid(p->submitted_by), v_uid(p->approved_by), v_int(p->any_hour),
	                 v_int(p->start_ms), v_int(p->ends_ms), v_int(now_ms)));
}

struct err plan_save_place(struct txn *tx, const struct plan *p)
{
	return query_run(tx, Q_PLAN_SAVE_PLACE, IN(v_int(p->id), v_hash_or(p->cursor.is_set, &p->cursor.number),
	                 v_int(p->is_expanded), v_int(p->next_due_ms), v_int(p->people),
	                 v_int(p->parts), v_int(p->spent),
	                 v_int(p->cursor.key_version)));
}

struct err plan_move(struct txn *tx, struct plan *p, enum plan_state to, int64_t uid,
                     const char *why, int64_t now_ms)
{
	const enum plan_state from = p->state;
	char detail[PLAN_NAME_MAX + PLAN_REASON_MAX + 64];
	if (!plan_may(from, to))
		return err_make(ERR_REFUSED, "move the campaign", "see safar campaign show", "from %s to %s",
		                plan_word(from), plan_word(to));
	if (!text_copy(p->reason, sizeof p->reason, why))
		return err_make(ERR_INPUT, "write down the reason", "200 octets at most", NULL);
	struct err e = query_run(tx, Q_PLAN_MOVE, IN(v_int(p->id), v_int(from), v_int(to), v_text(why),
	                                             v_int(now_ms)));
	if (!err_is(e) && query_changes(tx) != 1)
		e = err_make(ERR_DATA, "move the campaign", NULL, "%s", p->name);
	if (err_is(e))
		return e;
	p->state = to;
	(void)snprintf(detail, sizeof detail, "%s: %s to %s%s%s", p->name, plan_word(from),
	               plan_word(to), why[0] != '\0' ? ": " : "", why);
	return audit_add(tx, uid, "campaign", detail, now_ms);
}

/* ---- its deliveries */
struct err plan_may_send(struct txn *tx, int64_t campaign, bool *ret)
{
	int64_t state = PLAN_RUNNING;
	bool found = false;
	struct err e = query_int(tx, Q_PLAN_STATE, IN(v_int(campaign)), &state, &found);
	if (!err_is(e))
		*ret = !found || state == PLAN_RUNNING;
	return e;
}

struct err plan_waiting(struct txn *tx, int64_t id, int64_t until_ms, unsigned limit,
                        unsigned *ret)
{
	int64_t n = 0;
	bool found = false;
	struct err e = query_int(tx, Q_PLAN_WAITING, IN(v_int(id), v_int(0), v_int(until_ms),
	                         v_int(limit)), &n, &found);
	if (!err_is(e))
		*ret = (unsigned)n; /* ≤ limit */
	return e;
}

struct err plan_is_under_way(struct txn *tx, int64_t id, bool *ret)
{
	int64_t one = 0;
	return query_int(tx, Q_PLAN_UNDER_WAY, IN(v_int(id)), &one, ret);
}

struct err plan_hold(struct txn *tx, int64_t id, unsigned limit, unsigned *ret_count)
{
	struct err e = query_run(tx, Q_PLAN_HOLD, IN(v_int(id), v_int(limit)));
	if (!err_is(e))
		*ret_count = (unsigned)query_changes(tx); /* ≤ limit */
	return e;
}

struct err plan_hold_closed(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                            unsigned *ret_count)
{
	struct err e = query_run(tx, Q_PLAN_HOLD_CLOSED, IN(v_int(id), v_int(now_ms), v_int(limit)));
	if (!err_is(e))
		*ret_count = (unsigned)query_changes(tx); /* ≤ limit */
	return e;
}

struct err plan_held(struct txn *tx, int64_t id, int64_t *ret_id, char ret_country[3])
{
	int64_t delivery = 0;
	struct rows r = query_start(tx, Q_PLAN_HELD, IN(v_int(id)));
	if (rows_next(&r)) {
		delivery = row_int(&r, 0);
		row_string(&r, 1, ret_country, 3);
	}
	struct err e = rows_end(&r);
	if (!err_is(e))
		*ret_id = delivery;
	return e;
}

struct err plan_place(struct txn *tx, int64_t delivery, int64_t not_before_ms, int64_t closes_ms)
{
	return query_run(tx, Q_DELIVERY_PLACE, IN(v_int(delivery), v_int(not_before_ms),
	                                          v_int(closes_ms)));
}

/* The one that the query finds; *ret_was is false when there is none. */
static struct err cancel_one(struct txn *tx, enum query_id q, const struct value *in, size_t n,
                             int64_t now_ms, bool *ret_was)
{
	int64_t id = 0;
	struct delivery d;
	struct err e = one_id(tx, q, in, n, &id);
	if (!err_is(e))
		*ret_was = id != 0;
	if (err_is(e) || id == 0)
		return e;
	e = delivery_load(tx, id, &d);
	return err_is(e) ? e : delivery_move(tx, &d, DELIVERY_CANCELLED, REASON_CAMPAIGN, now_ms);
}

struct err plan_cancel(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                       unsigned *ret_count)
{
	unsigned count = 0;
	bool more = true;
	for (; count < limit && more; count += more) {
		struct err e = cancel_one(tx, Q_PLAN_QUEUED, IN(v_int(id)), now_ms, &more);
		if (err_is(e))
			return e;
	}
	*ret_count = count;
	return ERR_NONE_VALUE;
}

struct err plan_spare(struct txn *tx, int64_t key_version, const struct hash *number, int64_t now_ms)
{
	bool more = true;
	struct err e = ERR_NONE_VALUE;
	while (!err_is(e) && more) /* a few: one a campaign */
		e = cancel_one(tx, Q_PLAN_TO, IN(v_hash(number), v_int(key_version)), now_ms, &more);
	return e;
}

struct err plan_swept(struct txn *tx, int64_t id)
{
	return query_run(tx, Q_PLAN_SWEPT, IN(v_int(id)));
}

struct err plan_wrote_before(struct txn *tx, const struct hash *number, int64_t campaign,
                             int64_t revision, int64_t since_ms, bool *ret)
{
	int64_t other = 0;
	return query_int(tx, Q_DELIVERY_BEFORE, IN(v_hash(number), v_int(campaign), v_int(revision),
	                 v_int(since_ms)), &other, ret);
}

/* ---- what became of them */
#define MINUTE_MS INT64_C(60000)

static const char *const outcome_words[OUTCOME_COUNT] = {
#define X(id, word) [OUTCOME_##id] = word,
	OUTCOMES(X)
#undef X
};
const char *outcome_word(enum outcome o) { return o < OUTCOME_COUNT ? outcome_words[o] : "?"; }

struct err outcome_add(struct txn *tx, int64_t campaign, enum outcome what, int64_t now_ms)
{
	return query_run(tx, Q_OUTCOME_ADD, IN(v_int(campaign), v_int(now_ms / MINUTE_MS),
	                                       v_int(what), v_int(1)));
}

struct err outcome_sum(struct txn *tx, int64_t campaign, int64_t since_ms,
                       int64_t ret[OUTCOME_COUNT])
{
	for (int o = 0; o < OUTCOME_COUNT; o++)
		ret[o] = 0;
	struct rows r = query_start(tx, Q_OUTCOME_SUM, IN(v_int(campaign),
	                                                  v_int((since_ms + MINUTE_MS - 1) / MINUTE_MS)));
	while (rows_next(&r)) {
		const int64_t o = row_int(&r, 0);
		if (o >= 0 && o < OUTCOME_COUNT)
			ret[o] = row_int(&r, 1);
	}
	return rows_end(&r);
}

struct err outcome_stop(struct txn *tx, const struct hash *number, int64_t now_ms)
{
	int64_t campaign = 0;
	struct err e = one_id(tx, Q_OUTCOME_LAST, IN(v_hash(number), v_int(now_ms - OPT_OUT_MS)),
	                      &campaign);
	if (err_is(e) || campaign == 0)
		return e;
	return outcome_add(tx, campaign, OUTCOME_OPTED_OUT, now_ms);
}

/* ---- what a month costs */
static void month_name(int64_t month, char ret[32])
{
	(void)snprintf(ret, 32, "spent.%lld", (long long)month);
}

struct err month_add(struct txn *tx, int64_t month, int64_t hundredths)
{
	char name[32];
	month_name(month, name);
	return tally_add(tx, name, hundredths);
}

struct err month_spent(struct txn *tx, int64_t month, int64_t *ret)
{
	char name[32];
	month_name(month, name);
	return tally_get(tx, name, ret);
}

/* ---- stop-all */
struct err halt_set(struct txn *tx, bool halted, int64_t uid, const char *why, int64_t now_ms)
{
	struct err e = query_run(tx, Q_META_SET, IN(v_text("halted"), v_int(halted)));
	return err_is(e) ? e : audit_add(tx, uid, halted ? "stop-all" : "go-on", why, now_ms);
}

struct err halt_get(struct txn *tx, bool *ret)
{
	int64_t halted = 0;
	bool found = false;
	struct err e = query_int(tx, Q_META_GET, IN(v_text("halted")), &halted, &found);
	if (!err_is(e))
		*ret = found && halted != 0;
	return e;
}
