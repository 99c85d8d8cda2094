/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/plan_turn.h"

#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "campaign/expand.h"
#include "campaign/inside.h"
#include "campaign/outgoing.h"
#include "campaign/plan_moves.h"
#include "store/campaigns.h"
#include "base/banned.h"

#define MINUTE_MS INT64_C(60000)
#define SOON_MS INT64_C(60000)   /* what is due until then counts as ahead */
#define WINDOW_MS INT64_C(3600000)
#define FEWEST_SENT 50           /* below that no share of failures says anything */
#define FEWEST_STOPS 5

struct step {
	const struct plan_turn *turn;
	int64_t now_ms, id;
	enum plan_state state;
	bool more, soon;
};

/* ---- running */

/* What failed, and who said STOP, in the last hour, and since staff let it go on. */
static struct err judge(struct txn *tx, const struct plan *p, const struct spec *s, int64_t now_ms,
                        const char **ret)
{
	int64_t n[OUTCOME_COUNT], since_ms = p->updated_ms;
	if (since_ms < p->start_ms + MINUTE_MS) /* it has just begun: its first minute counts, too */
		since_ms = p->start_ms - p->start_ms % MINUTE_MS;
	if (since_ms < now_ms - WINDOW_MS)
		since_ms = now_ms - WINDOW_MS;
	*ret = NULL;
	struct err e = outcome_sum(tx, p->id, since_ms, n);
	if (err_is(e))
		return e;
	const int64_t bad = n[OUTCOME_FAILED] + n[OUTCOME_UNDELIVERED] + n[OUTCOME_IN_DOUBT];
	const int64_t tried = n[OUTCOME_SENT] + n[OUTCOME_FAILED] + n[OUTCOME_IN_DOUBT];
	if (tried >= FEWEST_SENT && bad * 100 >= s->failed_limit * tried)
		*ret = "too many failures";
	else if (n[OUTCOME_OPTED_OUT] >= FEWEST_STOPS &&
	         n[OUTCOME_OPTED_OUT] * 100 >= s->stop_limit * n[OUTCOME_SENT])
		*ret = "too many said STOP";
	return e;
}

static struct err place_held(struct txn *tx, const struct step *t, const struct plan *p,
                             bool *ret_more)
{
	for (unsigned n = 0; n < TURN_ROWS; n++) {
		int64_t id = 0, open_ms = t->now_ms, closes_ms = 0;
		char country[3] = "";
		struct err e = plan_held(tx, p->id, &id, country);
		if (err_is(e) || id == 0)
			return e;
		/* closed for two months: it waits for the campaign's end */
		if (!p->any_hour &&
		    !hours_next(t->turn->hours, country, t->now_ms, &open_ms, &closes_ms))
			open_ms = p->ends_ms;
		e = plan_place(tx, id, open_ms, closes_ms);
		if (err_is(e))
			return e;
	}
	*ret_more = true;
	return ERR_NONE_VALUE;
}

static struct err expand_some(struct txn *tx, struct step *t, struct plan *p, const struct spec *s)
{
	struct message m;
	unsigned due = 0, all = 0;
	t->soon = true;
	struct err e = plan_waiting(tx, p->id, t->now_ms + SOON_MS, AHEAD, &due);
	if (!err_is(e))
		e = plan_waiting(tx, p->id, INT64_MAX, WAITING, &all);
	if (err_is(e) || due >= AHEAD || all >= WAITING)
		return e;
	e = outgoing_read(tx, t->turn->vault, p->revision, &m);
	if (err_is(e))
		return e;
	const struct local_time today = clock_local(t->now_ms);
	const int64_t month = today.year * 12 + today.month - 1;
	int64_t spent = 0, left = INT64_MAX;
	e = month_spent(tx, month, &spent);
	if (t->turn->month_ceiling > 0)
		left = t->turn->month_ceiling - spent;
	struct expansion x = { .month_left = left, .store = t->turn->store, .vault = t->turn->vault,
		.hours = t->turn->hours, .spec = s, .message = &m, .plan = p,
		.part_price = t->turn->part_price, .now_ms = t->now_ms };
	if (!err_is(e))
		e = expand(tx, &x, TURN_ROWS);
	if (!err_is(e))
		e = month_add(tx, month, left - x.month_left);
	message_free(&m);
	if (!err_is(e) && x.is_dear)
		e = plan_move(tx, p, PLAN_PAUSED, PLAN_SELF, x.month_left < t->turn->part_price
		              ? "this month's ceiling is reached" : "the ceiling is reached",
		              t->now_ms);
	t->more = t->more || (!p->is_expanded && !x.is_dear);
	return e;
}

static struct err run_spec(struct txn *tx, struct step *t, struct plan *p, const struct spec *s)
{
	const char *why = NULL;
	unsigned closed = 0;
	struct err e = judge(tx, p, s, t->now_ms, &why);
	if (err_is(e))
		return e;
	if (why != NULL) {
		log_warning("campaign %lld pauses itself: %s", (long long)p->id, why);
		return plan_move(tx, p, PLAN_PAUSED, PLAN_SELF, why, t->now_ms);
	}
	e = plan_hold_closed(tx, p->id, t->now_ms, TURN_ROWS, &closed);
	t->more = closed == TURN_ROWS;
	if (!err_is(e))
		e = place_held(tx, t, p, &t->more);
	if (!err_is(e) && p->ends_ms <= t->now_ms && !p->is_expanded) {
		p->is_expanded = true; /* who is left is too late */
		e = plan_save_place(tx, p);
	}
	if (!err_is(e) && !p->is_expanded && vault_people_is_open(t->turn->vault)) {
		/* a segment's filter may change behind it: nobody approved those people */
		const struct err same = plan_check_digest(tx, p);
		if (same.code == ERR_REFUSED || same.code == ERR_ABSENT)
			return plan_move(tx, p, PLAN_PAUSED, PLAN_SELF, "its segment was changed", t->now_ms);
		e = err_is(same) ? same : expand_some(tx, t, p, s);
	}
	bool open = true;
	if (!err_is(e) && p->is_expanded)
		e = plan_is_under_way(tx, p->id, &open);
	if (!err_is(e) && !open)
		e = plan_move(tx, p, PLAN_FINISHED, PLAN_SELF, "", t->now_ms);
	return e;
}

/* ---- each state's */

static struct err turn_one(struct txn *tx, void *arg)
{
	struct step *t = arg;
	struct plan p;
	struct spec s;
	unsigned n = 0;
	struct err e = plan_load(tx, t->id, &p);
	t->more = false;
	if (err_is(e))
		return e;
	if (p.state != t->state) /* staff were quicker */
		goto out;
	switch (p.state) {
	case PLAN_SCHEDULED:
		if (p.start_ms <= t->now_ms)
			e = plan_run(tx, &p, PLAN_SELF, "its time has come", t->now_ms);
		break;
	case PLAN_RUNNING:
		e = spec_read(buf_span(&p.spec), &s);
		if (!err_is(e)) {
			e = run_spec(tx, t, &p, &s);
			spec_free(&s);
		}
		break;
	case PLAN_PAUSED:
		e = plan_hold(tx, p.id, TURN_ROWS, &n);
		break;
	case PLAN_STOPPED:
		e = plan_cancel(tx, p.id, t->now_ms, TURN_ROWS, &n);
		if (!err_is(e) && n < TURN_ROWS)
			e = plan_swept(tx, p.id);
		break;
	case PLAN_DRAFT:
	case PLAN_IN_REVIEW:
	case PLAN_APPROVED:
	case PLAN_FINISHED:
	case PLAN_STATE_COUNT:
		break;
	}
	t->more = t->more || n == TURN_ROWS;
out:
	plan_wipe(&p);
	return e;
}

struct finding {
	enum plan_state state;
	int64_t after, id;
};

static struct err find(struct txn *tx, void *arg)
{
	struct finding *f = arg;
	return plan_next(tx, f->state, f->after, &f->id);
}

struct err plan_turn(const struct plan_turn *turn, int64_t now_ms, int64_t *ret_wait_ms)
{
	static const enum plan_state states[] = { PLAN_PAUSED, PLAN_STOPPED, PLAN_SCHEDULED,
		PLAN_RUNNING };
	bool busy = false, soon = false;
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		struct finding f = { .state = states[i] };
		for (;;) {
			struct err e = store_read(turn->store, find, &f);
			if (err_is(e))
				return e;
			if (f.id == 0)
				break;
			struct step t = { .turn = turn, .now_ms = now_ms, .id = f.id, .state = f.state };
			e = store_write(turn->store, turn_one, &t);
			crash_point("campaign-turn");
			if (err_is(e))
				return e;
			busy = busy || t.more;
			soon = soon || t.soon;
			f.after = f.id;
		}
	}
	*ret_wait_ms = busy ? TURN_BUSY_MS : soon ? TURN_SOON_MS : TURN_IDLE_MS;
	return ERR_NONE_VALUE;
}
