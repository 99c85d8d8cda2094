/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a campaign is, how far it has come, and what it would be. */
#include <stdlib.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "campaign/preview.h"
#include "base/banned.h"

#define WAITING_SHOWN 100000u

/* ---- one, as a line */

struct shown {
	struct plan plan;
	int64_t outcome[OUTCOME_COUNT];
	unsigned waiting;
};

static struct err load(struct txn *tx, int64_t id, struct shown *s)
{
	struct err e = plan_load(tx, id, &s->plan);
	if (err_is(e))
		return e;
	e = outcome_sum(tx, id, 0, s->outcome);
	if (!err_is(e))
		e = plan_waiting(tx, id, INT64_MAX, WAITING_SHOWN, &s->waiting);
	if (err_is(e))
		plan_wipe(&s->plan);
	return e;
}

static void put_time(struct buf *b, const char *name, int64_t at_ms)
{
	char at[21];
	if (at_ms == 0) {
		json_raw(b, name, span_of("null"));
		return;
	}
	clock_iso(at_ms, at);
	json_text(b, name, at);
}

static void put_uid(struct buf *b, const char *name, int64_t uid)
{
	if (uid == PLAN_SELF)
		json_raw(b, name, span_of("null"));
	else
		json_int(b, name, uid);
}

static void put_members(struct buf *b, const struct shown *s)
{
	const struct plan *p = &s->plan;
	json_text(b, "name", p->name);
	json_int(b, "id", p->id);
	json_text(b, "state", plan_word(p->state));
	json_text(b, "reason", p->reason);
	json_bool(b, "any_hour", p->any_hour);
	put_time(b, "start", p->start_ms);
	put_time(b, "ends", p->ends_ms);
	put_uid(b, "made_by", p->made_by);
	put_uid(b, "submitted_by", p->submitted_by);
	put_uid(b, "approved_by", p->approved_by);
	json_int(b, "people", p->people);
	json_int(b, "parts", p->parts);
	json_money(b, "cost", p->spent);
	json_int(b, "waiting", s->waiting);
	json_bool(b, "all_there", p->is_expanded);
	json_open(b, "outcomes", '{');
	for (int o = 0; o < OUTCOME_COUNT; o++)
		json_int(b, outcome_word((enum outcome)o), s->outcome[o]);
	json_close(b, '}');
	json_raw(b, "reviewed", buf_span(&p->reviewed));
	json_raw(b, "spec", buf_span(&p->spec));
}

struct showing {
	const char *name;
	struct shown shown;
};

static struct err find_shown(struct txn *tx, void *arg)
{
	struct showing *s = arg;
	struct plan p;
	struct err e = plan_find(tx, s->name, &p);
	if (err_is(e))
		return e;
	const int64_t id = p.id;
	plan_wipe(&p);
	return load(tx, id, &s->shown);
}

struct err campaign_show(const struct control_context *ctx, const struct request *r,
                         struct answer *a)
{
	struct showing s = { .name = NULL };
	struct err e = request_text(r, "name", &s.name);
	if (!err_is(e))
		e = store_read(ctx->store, find_shown, &s);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	put_members(&a->out, &s.shown);
	json_close(&a->out, '}');
	json_line(&a->out);
	plan_wipe(&s.shown.plan);
	return e;
}

/* ---- all of them, newest first */

struct listing {
	int64_t before;
	struct buf *out;
	bool done;
};

static struct err list_some(struct txn *tx, void *arg)
{
	struct listing *l = arg;
	for (unsigned n = 0; n < PAGE_ROWS; n++) {
		struct shown s = { .waiting = 0 };
		int64_t id = 0;
		struct err e = plan_newest(tx, l->before, &id);
		l->done = id == 0;
		if (err_is(e) || l->done)
			return e;
		e = load(tx, id, &s);
		if (err_is(e))
			return e;
		json_open(l->out, NULL, '{');
		put_members(l->out, &s);
		json_close(l->out, '}');
		json_line(l->out);
		plan_wipe(&s.plan);
		l->before = id;
	}
	return ERR_NONE_VALUE;
}

static struct err more_plans(const struct control_context *ctx, struct answer *a)
{
	struct listing *l = a->state;
	l->out = &a->out;
	struct err e = store_read(ctx->store, list_some, l);
	if (!err_is(e) && l->done) {
		a->more = NULL;
		json_open(&a->out, NULL, '{');
		json_bool(&a->out, "ok", true);
		json_close(&a->out, '}');
		json_line(&a->out);
	}
	return e;
}

struct err campaign_list(const struct control_context *ctx, struct answer *a)
{
	a->state = calloc(1, sizeof(struct listing));
	if (a->state == NULL)
		return err_make(ERR_MEMORY, "list campaigns", NULL, NULL);
	a->free_state = free;
	a->more = more_plans;
	return more_plans(ctx, a);
}

/* ---- what it would be */

struct looking {
	const char *name;
	const struct preview_of *of;
	struct preview preview;
};

static struct err look(struct txn *tx, void *arg)
{
	struct looking *l = arg;
	struct plan p;
	struct spec s;
	struct err e = plan_find(tx, l->name, &p);
	if (err_is(e))
		return e;
	e = spec_read(buf_span(&p.spec), &s);
	if (!err_is(e)) {
		e = preview_plan(tx, l->of, &p, &s, &l->preview);
		spec_free(&s);
	}
	plan_wipe(&p);
	return e;
}

static void put_language(struct buf *b, const struct preview *v, enum language l, int64_t part_price)
{
	const struct preview_language *one = &v->language[l];
	json_open(b, language_tag(l), '{');
	json_span(b, "text", buf_span(&v->message.text[l]));
	json_bool(b, "reviewed", one->is_reviewed);
	json_text(b, "alphabet", one->alphabet == ALPHABET_GSM7 ? "GSM-7" : "UCS-2");
	json_text(b, "ucs2_letter", one->ucs2);
	json_int(b, "parts_each", one->parts_each);
	json_int(b, "people", one->people);
	json_int(b, "parts", one->parts);
	json_money(b, "price", one->parts * part_price);
	json_close(b, '}');
}

struct err campaign_preview(const struct control_context *ctx, const struct request *r,
                            const struct preview_of *of, struct answer *a)
{
	struct looking l = { .of = of };
	struct err e = request_text(r, "name", &l.name);
	if (!err_is(e))
		e = store_read(ctx->store, look, &l);
	if (err_is(e))
		return e;
	struct buf *b = &a->out;
	const struct preview *v = &l.preview;
	json_open(b, NULL, '{');
	json_bool(b, "ok", true);
	json_text(b, "name", l.name);
	json_int(b, "people", v->people);
	json_int(b, "without_text", v->without_text);
	json_int(b, "parts", v->parts);
	json_money(b, "price", v->price);
	json_int(b, "minutes", (int64_t)(v->hours * 60));
	put_time(b, "first", v->first_ms);
	put_time(b, "last", v->last_ms);
	json_open(b, "languages", '{');
	for (int n = 0; n < LANGUAGE_PEOPLE; n++)
		if (v->language[n].has_text)
			put_language(b, v, (enum language)n, of->part_price);
	json_close(b, '}');
	json_open(b, "blockers", '[');
	for (int n = 0; n < BLOCKER_COUNT; n++) {
		if (!v->blocks[n])
			continue;
		json_open(b, NULL, '{');
		json_text(b, "what", blocker_word((enum blocker)n));
		json_text(b, "next", blocker_next((enum blocker)n));
		json_close(b, '}');
	}
	json_close(b, ']');
	json_close(b, '}');
	json_line(b);
	preview_free(&l.preview);
	return e;
}
