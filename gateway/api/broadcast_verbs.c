/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broadcast, asked for twice: what would be sent ("dry"), then for real. Nothing is kept in
 * between: the second request brings both files again. A request that is repeated because its
 * answer was lost finds the campaign that it made. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "base/log.h"
#include "campaign/broadcast.h"
#include "store/campaigns.h"
#include "store/delivery.h"
#include "store/people.h"
#include "base/banned.h"

#define REQUEST_SIZE 16 /* octets of a request's id */

struct bad_row {
	unsigned line;
	const char *reason;
};
struct plan {
	const struct control_context *ctx;
	struct broadcast *broadcast;
	struct broadcast_order order;
	uint8_t request[REQUEST_SIZE];
	bool is_dry, no_memory, is_again;
	int64_t campaign, written; /* written: people of a campaign that is there already */
	struct bad_row *bad;
	size_t bad_count, bad_room, told;
};

static void free_plan(void *state)
{
	struct plan *p = state;
	broadcast_free(p->broadcast);
	free(p->bad);
	free(p);
}

static void keep_bad_row(unsigned line, const char *reason, void *arg)
{
	struct plan *p = arg;
	if (p->bad_count == p->bad_room) {
		const size_t room = p->bad_room == 0 ? 64 : p->bad_room * 2;
		struct bad_row *bad = reallocarray(p->bad, room, sizeof *bad);
		if (bad == NULL) {
			p->no_memory = true;
			return;
		}
		p->bad = bad;
		p->bad_room = room;
	}
	p->bad[p->bad_count++] = (struct bad_row){ .line = line, .reason = reason };
}

static int by_line(const void *a, const void *b)
{
	const struct bad_row *x = a, *y = b;
	return (x->line > y->line) - (x->line < y->line);
}

/* ---- the answer: bad rows, then the plan */

static void put_languages(struct buf *b, const struct plan *p, const struct broadcast_summary *s)
{
	json_open(b, "languages", '{');
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		const struct broadcast_language *one = &s->language[l];
		if (!one->has_text)
			continue;
		const int64_t parts = (int64_t)one->people * one->parts;
		json_open(b, language_tag((enum language)l), '{');
		json_int(b, "people", one->people);
		json_text(b, "alphabet", one->alphabet == ALPHABET_GSM7 ? "GSM-7" : "UCS-2");
		json_int(b, "parts_each", one->parts);
		json_int(b, "parts", parts);
		json_money(b, "price", parts * p->ctx->part_price);
		json_close(b, '}');
	}
	json_close(b, '}');
}

static void put_plan(struct buf *b, const struct plan *p)
{
	struct broadcast_summary s;
	broadcast_summary(p->broadcast, &s);
	json_open(b, NULL, '{');
	json_bool(b, "ok", true);
	if (p->is_dry)
		json_bool(b, "dry", true);
	else
		json_int(b, "campaign", p->campaign);
	if (p->is_again)
		json_bool(b, "again", true);
	json_int(b, "people", p->is_again ? p->written : s.people);
	json_int(b, "parts", (int64_t)s.parts);
	json_money(b, "price", s.price > INT64_MAX ? INT64_MAX : (int64_t)s.price);
	json_int(b, "rows", s.rows);
	json_int(b, "bad", s.bad);
	json_int(b, "doubles", s.doubles);
	json_int(b, "stopped", s.stopped);
	put_languages(b, p, &s);
	json_close(b, '}');
	json_line(b);
}

static struct err next_rows(const struct control_context *ctx, struct answer *a)
{
	(void)ctx;
	struct plan *p = a->state;
	for (unsigned i = 0; i < PAGE_ROWS && p->told < p->bad_count; i++, p->told++) {
		json_open(&a->out, NULL, '{');
		json_int(&a->out, "line", p->bad[p->told].line);
		json_text(&a->out, "reason", p->bad[p->told].reason);
		json_close(&a->out, '}');
		json_line(&a->out);
	}
	if (p->told == p->bad_count) {
		put_plan(&a->out, p);
		a->more = NULL;
	}
	return ERR_NONE_VALUE;
}

/* ---- the work */

static struct err skip_stopped(struct txn *tx, void *arg)
{
	struct plan *p = arg;
	return broadcast_skip_stopped(tx, p->ctx->vault, p->broadcast, keep_bad_row, p);
}

static struct err find_before(struct txn *tx, void *arg)
{
	struct plan *p = arg;
	int64_t states[DELIVERY_STATE_COUNT] = { 0 };
	struct err e = campaign_find(tx, p->order.request, &p->campaign, &p->is_again);
	if (err_is(e) || !p->is_again)
		return e;
	e = delivery_count_campaign(tx, p->campaign, states);
	for (int s = 0; s < DELIVERY_STATE_COUNT; s++)
		p->written += states[s];
	return e;
}

static struct err read_order(const struct request *r, struct plan *p)
{
	const char *request = NULL;
	size_t size = 0;
	struct err e = request_text(r, "consent", &p->order.consent);
	if (!err_is(e))
		e = request_text(r, "request", &request);
	if (err_is(e))
		return e;
	if (!hex_parse(span_of(request), p->request, sizeof p->request, &size) ||
	    size != REQUEST_SIZE)
		return err_make(ERR_INPUT, "read the request", "make its id of 16 octets in hex",
		                "request");
	p->order.override = request_text_or(r, "override", "");
	p->order.request = span_make(p->request, size);
	p->order.uid = r->uid;
	p->order.now_ms = clock_now_ms();
	p->is_dry = request_is(r, "dry");
	return e;
}

static struct err make_plan(const struct control_context *ctx, const struct request *r,
                            struct plan *p)
{
	const char *csv = NULL, *message = NULL;
	struct err e = read_order(r, p);
	if (!err_is(e))
		e = request_text(r, "csv", &csv);
	if (!err_is(e))
		e = request_text(r, "message", &message);
	if (!err_is(e) && !p->is_dry) /* first: after a restart the keys may be closed again */
		e = store_read(ctx->store, find_before, p);
	if (!err_is(e) && !p->is_again)
		e = broadcast_may(&p->order);
	if (!err_is(e) && !p->is_again && !vault_people_is_open(ctx->vault))
		e = err_make(ERR_LOCKED, "send a broadcast", "open the people keys: safar unlock", NULL);
	if (!err_is(e))
		e = broadcast_prepare(span_of(csv), span_of(message), ctx->part_price, keep_bad_row, p,
		                      &p->broadcast);
	if (!err_is(e) && !p->is_again)
		e = store_read(ctx->store, skip_stopped, p);
	if (!err_is(e) && !p->is_dry && !p->is_again)
		e = broadcast_write(ctx->store, ctx->vault, p->broadcast, &p->order, keep_bad_row, p,
		                    &p->campaign);
	if (!err_is(e) && p->no_memory)
		e = err_make(ERR_MEMORY, "list the rows that are left out", NULL, NULL);
	return e;
}

struct err verb_broadcast(const struct control_context *ctx, const struct request *r,
                          struct answer *a)
{
	struct plan *p = calloc(1, sizeof *p);
	if (p == NULL)
		return err_make(ERR_MEMORY, "send a broadcast", NULL, NULL);
	p->ctx = ctx;
	a->state = p;
	a->free_state = free_plan;
	struct err e = make_plan(ctx, r, p);
	/* The order borrows the request, which goes when this returns. */
	p->order = (struct broadcast_order){ .uid = r->uid };
	if (err_is(e))
		return e;
	if (!p->is_dry && !p->is_again) {
		log_notice("campaign %" PRId64 ": queued", p->campaign);
		ctx->wake(ctx->arg);
	}
	if (p->bad_count > 0)
		qsort(p->bad, p->bad_count, sizeof *p->bad, by_line);
	a->more = next_rows;
	return next_rows(ctx, a);
}

/* ---- how far it has come */

struct counting {
	uint8_t request[REQUEST_SIZE];
	int64_t campaign;
	bool found;
	int64_t states[DELIVERY_STATE_COUNT];
};

static struct err count_campaign(struct txn *tx, void *arg)
{
	struct counting *c = arg;
	struct err e = campaign_find(tx, span_make(c->request, sizeof c->request), &c->campaign,
	                             &c->found);
	if (err_is(e) || !c->found)
		return e;
	return delivery_count_campaign(tx, c->campaign, c->states);
}

struct err verb_campaign_count(const struct control_context *ctx, const struct request *r,
                               struct answer *a)
{
	struct counting c = { .found = false };
	const char *request = NULL;
	size_t size = 0;
	struct err e = request_text(r, "request", &request);
	if (!err_is(e) && (!hex_parse(span_of(request), c.request, sizeof c.request, &size) ||
	                   size != REQUEST_SIZE))
		e = err_make(ERR_INPUT, "read the request", "make its id of 16 octets in hex", "request");
	if (!err_is(e))
		e = store_read(ctx->store, count_campaign, &c);
	if (!err_is(e) && !c.found)
		e = err_make(ERR_ABSENT, "count a campaign", "it was never written down: send it again",
		             NULL);
	if (err_is(e))
		return e;
	struct buf *b = &a->out;
	json_open(b, NULL, '{');
	json_bool(b, "ok", true);
	json_int(b, "campaign", c.campaign);
	json_open(b, "deliveries", '{');
	for (int s = 0; s < DELIVERY_STATE_COUNT; s++)
		json_int(b, delivery_word((enum delivery_state)s), c.states[s]);
	json_close(b, '}');
	json_close(b, '}');
	json_line(b);
	return e;
}
