/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/expand.h"

#include "base/clock.h"
#include "campaign/contact_import.h"
#include "campaign/outgoing.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)

struct step {
	struct expansion *x;
	struct txn *tx;
	struct contact_after last; /* the last one that is done with */
};

static struct err open_number(struct vault *v, const struct contact *c, struct msisdn *ret)
{
	struct buf plain;
	buf_init(&plain, MSISDN_DIGITS_MAX + 1);
	struct err e = contact_number(v, c, &plain);
	if (!err_is(e) && msisdn_parse(buf_span(&plain), ret) != MSISDN_OK)
		e = err_make(ERR_DATA, "read a contact's number", NULL, NULL);
	buf_wipe(&plain);
	return e;
}

static struct err is_left_out(struct step *s, const struct msisdn *to, bool *ret)
{
	const struct expansion *x = s->x;
	struct hash number;
	int64_t version = 0;
	bool found = false;
	struct err e = outgoing_stopped(s->tx, x->vault, to, &found);
	if (!err_is(e) && !found)
		e = contact_hash(x->vault, to, x->now_ms, &version, &number);
	if (!err_is(e) && !found) /* with 0 days: what was written from now on, which is nothing */
		e = plan_wrote_before(s->tx, &number, x->plan->id, x->plan->revision,
		                      x->spec->again_days > 0 ? x->now_ms - x->spec->again_days * DAY_MS
		                                              : INT64_MAX, &found);
	if (!err_is(e))
		*ret = found;
	return e;
}

static struct err add(struct step *s, const struct contact *c, const struct msisdn *to,
                      enum language l)
{
	struct expansion *x = s->x;
	struct plan *p = x->plan;
	const unsigned parts = x->message->parts[l].count;
	struct outgoing o = { .store = x->store, .vault = x->vault, .lane = LANE_CAMPAIGN,
		.revision = p->revision, .campaign = p->id, .now_ms = x->now_ms,
		.not_before_ms = p->next_due_ms > x->now_ms ? p->next_due_ms : x->now_ms,
		.expires_ms = p->ends_ms, .country = c->facts.country };
	int64_t id = 0;
	if (!p->any_hour && !hours_next(x->hours, c->facts.country, o.not_before_ms, &o.not_before_ms,
	                                &o.closes_ms))
		return ERR_NONE_VALUE; /* no hour in two months: its country is closed */
	struct err e = outgoing_add(s->tx, &o, to, l, parts, &id);
	if (err_is(e))
		return e;
	p->people++;
	p->parts += parts;
	p->spent += parts * x->part_price;
	x->month_left -= parts * x->part_price;
	if (x->spec->rate > 0)
		p->next_due_ms = (p->next_due_ms > x->now_ms ? p->next_due_ms : x->now_ms) +
		                 HOUR_MS / x->spec->rate;
	return e;
}

static bool is_too_dear(const struct expansion *x, unsigned parts)
{
	const int64_t price = parts * x->part_price;
	return price > x->month_left ||
	       (x->spec->ceiling > 0 && x->plan->spent + price > x->spec->ceiling);
}

static struct err take(const struct contact *c, void *arg)
{
	struct step *s = arg;
	struct expansion *x = s->x;
	struct msisdn to;
	bool left_out = true;
	if (x->is_dear)
		return ERR_NONE_VALUE;
	const enum language l = spec_language(x->spec, x->message, spec_contact_language(&c->facts));
	struct err e = ERR_NONE_VALUE;
	if (l != LANGUAGE_UNKNOWN) {
		e = open_number(x->vault, c, &to);
		if (!err_is(e))
			e = is_left_out(s, &to, &left_out);
		if (!err_is(e) && !left_out && is_too_dear(x, x->message->parts[l].count))
			x->is_dear = true;
		else if (!err_is(e) && !left_out)
			e = add(s, c, &to, l);
		msisdn_wipe(&to);
	}
	if (!err_is(e) && !x->is_dear)
		s->last = (struct contact_after){ .key_version = c->key_version, .number = c->number,
			.is_set = true };
	return e;
}

struct err expand(struct txn *tx, struct expansion *x, unsigned limit)
{
	struct segment f;
	struct step s = { .x = x, .tx = tx, .last = x->plan->cursor };
	struct contact_after after = x->plan->cursor;
	bool more = false;
	struct err e = spec_filter(tx, x->spec, x->now_ms, &f);
	if (err_is(e))
		return e;
	e = contacts_match(tx, &f.filter, &after, limit, take, &s, &more);
	segment_free(&f);
	if (err_is(e))
		return e;
	x->plan->cursor = s.last;
	x->plan->is_expanded = !more && !x->is_dear;
	return plan_save_place(tx, x->plan);
}
