/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox and inbox: a line a row, newest first, a page at a time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "store/delivery.h"
#include "store/inbox.h"
#include "store/people.h"
#include "text/msisdn.h"
#include "base/banned.h"

struct listing {
	const struct control_context *ctx;
	struct buf *out;
	int64_t before; /* ids below it are still to come; 0: all */
	int64_t left;   /* rows that may still be shown */
	unsigned page;  /* rows asked for and rows that came, of this page */
	unsigned came;
	bool show_numbers;
};

/* "" where nobody may know it: a help-seeker's, or of a ring that is closed. */
static struct err put_number(const struct listing *l, const struct outbox_row *row)
{
	if (row->ring != RING_PEOPLE || row->number_sealed.n == 0 ||
	    !vault_people_is_open(l->ctx->vault)) {
		json_text(l->out, "to", "");
		return ERR_NONE_VALUE;
	}
	struct buf plain;
	struct msisdn m;
	char shown[24] = "";
	buf_init(&plain, MSISDN_DIGITS_MAX + 1);
	struct err e = vault_unseal(l->ctx->vault, RING_PEOPLE, row->key_version,
	                            (struct seal_place){ .table = "delivery", .field = "number",
	                                                 .row = row->id },
	                            buf_span(&row->number_sealed), &plain);
	if (!err_is(e) && msisdn_parse(buf_span(&plain), &m) != MSISDN_OK)
		e = err_make(ERR_DATA, "read a sealed number", NULL, "delivery %" PRId64, row->id);
	if (!err_is(e) && l->show_numbers) {
		json_span(l->out, "to", buf_span(&plain));
	} else if (!err_is(e)) {
		msisdn_masked(&m, shown);
		json_text(l->out, "to", shown);
	}
	if (!err_is(e))
		msisdn_wipe(&m);
	buf_wipe(&plain);
	return e;
}

static struct err put_delivery(const struct outbox_row *row, void *arg)
{
	struct listing *l = arg;
	struct buf *b = l->out;
	json_open(b, NULL, '{');
	json_int(b, "id", row->id);
	struct err e = put_number(l, row);
	if (err_is(e))
		return e;
	json_text(b, "lane", lane_word(row->lane));
	json_text(b, "state", delivery_word(row->state));
	json_text(b, "reason", reason_word(row->reason));
	json_text(b, "link", row->link);
	json_text(b, "language", language_tag(row->language));
	json_int(b, "parts", row->parts);
	json_time(b, "created", row->created_ms);
	json_time(b, "updated", row->updated_ms);
	json_bool(b, "resent", row->resent);
	json_close(b, '}');
	json_line(b);
	l->before = row->id;
	l->came++;
	return e;
}

static struct err put_message(const struct inbox_row *row, void *arg)
{
	struct listing *l = arg;
	struct buf *b = l->out;
	json_open(b, NULL, '{');
	json_int(b, "id", row->id);
	json_time(b, "time", row->received_ms);
	json_text(b, "link", row->link);
	json_text(b, "intent", row->intent);
	json_text(b, "state", inbox_word(row->state));
	json_close(b, '}');
	json_line(b);
	l->before = row->id;
	l->came++;
	return ERR_NONE_VALUE;
}

static struct err read_deliveries(struct txn *tx, void *arg)
{
	struct listing *l = arg;
	return delivery_list(tx, l->before, l->page, put_delivery, l);
}

static struct err read_messages(struct txn *tx, void *arg)
{
	struct listing *l = arg;
	return inbox_list(tx, l->before, l->page, put_message, l);
}

/* One page; behind the last one the line that ends the answer. */
static struct err next_page(const struct control_context *ctx, struct answer *a,
                            struct err (*read)(struct txn *, void *))
{
	struct listing *l = a->state;
	l->out = &a->out;
	l->page = l->left < PAGE_ROWS ? (unsigned)l->left : PAGE_ROWS;
	l->came = 0;
	if (l->page > 0) {
		struct err e = store_read(ctx->store, read, l);
		if (err_is(e))
			return e;
	}
	l->left -= l->came;
	if (l->came == l->page && l->left > 0)
		return ERR_NONE_VALUE;
	a->more = NULL;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_close(&a->out, '}');
	json_line(&a->out);
	return ERR_NONE_VALUE;
}

static struct err next_deliveries(const struct control_context *ctx, struct answer *a)
{
	return next_page(ctx, a, read_deliveries);
}

static struct err next_messages(const struct control_context *ctx, struct answer *a)
{
	return next_page(ctx, a, read_messages);
}

static struct err start(const struct control_context *ctx, const struct request *r,
                        struct answer *a, bool show_numbers)
{
	struct listing *l = calloc(1, sizeof *l);
	if (l == NULL)
		return err_make(ERR_MEMORY, "list", NULL, NULL);
	*l = (struct listing){ .ctx = ctx, .left = request_int_or(r, "limit", INT64_MAX),
		.show_numbers = show_numbers };
	a->state = l;
	a->free_state = free;
	return ERR_NONE_VALUE;
}

static struct err audit_numbers(struct txn *tx, void *arg)
{
	const struct request *r = arg;
	return audit_add(tx, r->uid, "outbox", "numbers shown", clock_now_ms());
}

struct err verb_outbox(const struct control_context *ctx, const struct request *r,
                       struct answer *a)
{
	const bool show = request_is(r, "show_numbers");
	struct request whose = *r;
	struct err e = ERR_NONE_VALUE;
	if (show && !vault_people_is_open(ctx->vault))
		e = err_make(ERR_LOCKED, "show numbers", "open the people keys: safar unlock", NULL);
	if (!err_is(e) && show)
		e = store_write(ctx->store, audit_numbers, &whose);
	if (!err_is(e))
		e = start(ctx, r, a, show);
	if (err_is(e))
		return e;
	a->more = next_deliveries;
	return next_deliveries(ctx, a);
}

struct err verb_inbox(const struct control_context *ctx, const struct request *r,
                      struct answer *a)
{
	struct err e = start(ctx, r, a, false);
	if (err_is(e))
		return e;
	a->more = next_messages;
	return next_messages(ctx, a);
}
