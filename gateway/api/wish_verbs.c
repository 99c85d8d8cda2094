/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls, calls-done and gaps: who wants to be rung, and words of questions that nothing is known for. */
#include <inttypes.h>
#include <stdlib.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "store/people.h"
#include "store/wishes.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define GAPS_SHOWN 200u

static struct err end(struct answer *a)
{
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_close(&a->out, '}');
	json_line(&a->out);
	return ERR_NONE_VALUE;
}

/* ---- calls */
struct calls {
	const struct control_context *ctx;
	struct buf *out;
	int64_t after; /* ids up to it were shown */
	unsigned came;
	bool show_numbers;
};

/* "" while the people keys are closed. */
static struct err put_number(const struct calls *l, const struct call_wish *w)
{
	struct buf number;
	struct msisdn m;
	char masked[24] = "";
	if (!vault_people_is_open(l->ctx->vault)) {
		json_text(l->out, "to", "");
		return ERR_NONE_VALUE;
	}
	buf_init(&number, MSISDN_DIGITS_MAX + 1);
	struct err e = dialog_rung_number(l->ctx->dialog, w->id, buf_span(&w->box), &number);
	if (!err_is(e) && msisdn_parse(buf_span(&number), &m) != MSISDN_OK)
		e = err_make(ERR_DATA, "read who wants to be rung", NULL, "%" PRId64, w->id);
	if (!err_is(e)) {
		msisdn_masked(&m, masked);
		json_span(l->out, "to", l->show_numbers ? buf_span(&number) : span_of(masked));
		msisdn_wipe(&m);
	}
	buf_wipe(&number);
	return e;
}

static struct err put_call(const struct call_wish *w, void *arg)
{
	struct calls *l = arg;
	json_open(l->out, NULL, '{');
	json_int(l->out, "id", w->id);
	json_time(l->out, "since", w->at_ms);
	json_time(l->out, "latest", w->latest_ms);
	json_int(l->out, "times", w->times);
	json_text(l->out, "language", w->language);
	struct err e = put_number(l, w);
	json_close(l->out, '}');
	json_line(l->out);
	l->after = w->id;
	l->came++;
	return e;
}

static struct err read_calls(struct txn *tx, void *arg)
{
	struct calls *l = arg;
	return call_wish_list(tx, l->after, PAGE_ROWS, put_call, l);
}

static struct err next_calls(const struct control_context *ctx, struct answer *a)
{
	struct calls *l = a->state;
	l->out = &a->out;
	l->came = 0;
	struct err e = store_read(ctx->store, read_calls, l);
	if (err_is(e) || l->came == PAGE_ROWS)
		return e;
	a->more = NULL;
	return end(a);
}

struct deed {
	const struct request *request;
	const char *what;
	int64_t id;
	bool found;
};

static struct err write_shown(struct txn *tx, void *arg)
{
	const struct deed *d = arg;
	return audit_add(tx, d->request->uid, "calls", "numbers shown", clock_now_ms());
}

struct err verb_calls(const struct control_context *ctx, const struct request *r, struct answer *a)
{
	struct deed deed = { .request = r };
	const bool show = request_is(r, "show_numbers");
	struct err e = ERR_NONE_VALUE;
	if (show && !vault_people_is_open(ctx->vault))
		e = err_make(ERR_LOCKED, "show numbers", "open the people keys: safar unlock", NULL);
	if (!err_is(e) && show)
		e = store_write(ctx->store, write_shown, &deed);
	struct calls *l = err_is(e) ? NULL : calloc(1, sizeof *l);
	if (!err_is(e) && l == NULL)
		e = err_make(ERR_MEMORY, "list who wants to be rung", NULL, NULL);
	if (err_is(e))
		return e;
	*l = (struct calls){ .ctx = ctx, .show_numbers = show };
	a->state = l;
	a->free_state = free;
	a->more = next_calls;
	return next_calls(ctx, a);
}

static struct err write_done(struct txn *tx, void *arg)
{
	struct deed *d = arg;
	struct err e = call_wish_done(tx, d->id, &d->found);
	if (!err_is(e) && d->found)
		e = audit_add(tx, d->request->uid, "calls done", "", clock_now_ms());
	return e;
}

struct err verb_calls_done(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	struct deed deed = { .request = r };
	const char *id = NULL;
	struct err e = request_text(r, "id", &id);
	if (!err_is(e) && !int_parse(span_of(id), 1, INT64_MAX, &deed.id))
		e = err_make(ERR_INPUT, "note that somebody was rung", "give an ID that `safar calls` shows",
		             NULL);
	if (!err_is(e))
		e = store_write(ctx->store, write_done, &deed);
	if (!err_is(e) && !deed.found)
		e = err_make(ERR_ABSENT, "note that somebody was rung", "give an ID that `safar calls` shows",
		             "%" PRId64, deed.id);
	return err_is(e) ? e : end(a);
}

/* ---- gaps */
struct gaps {
	struct buf *out;
	int64_t few;
};

static struct err put_gap(const struct gap *g, void *arg)
{
	struct buf *b = ((struct gaps *)arg)->out;
	json_open(b, NULL, '{');
	json_int(b, "questions", g->questions);
	json_text(b, "language", g->language);
	json_text(b, "word", g->word);
	json_close(b, '}');
	json_line(b);
	return ERR_NONE_VALUE;
}

static struct err read_gaps(struct txn *tx, void *arg)
{
	struct gaps *g = arg;
	return gap_list(tx, GAPS_SHOWN, put_gap, g, &g->few);
}

struct err verb_gaps(const struct control_context *ctx, const struct request *r, struct answer *a)
{
	(void)r;
	struct gaps g = { .out = &a->out };
	struct err e = store_read(ctx->store, read_gaps, &g);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_int(&a->out, "shown_from", GAP_SHOWN);
	json_int(&a->out, "few", g.few);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}
