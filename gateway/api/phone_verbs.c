/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone-text, phone-call, phone-wait, phone-leave, phone-dial, phone-type: what `safar phone` asks for
 * its virtual phone. Each is left to the loopback link and answered when it knows; of numbers and texts nothing is kept here.
 * phone-wait is asked again and again: it says which part is there already, and brings the next. */
#include <stdio.h>
#include <string.h>

#include "api/verbs.h"
#include "base/banned.h"

static bool is_ready(void *state)
{
	return errand_is_ready(state);
}

static void drop(void *state)
{
	errand_drop(state);
}

static const char *alphabet_word(enum alphabet a)
{
	return a == ALPHABET_GSM7 ? "GSM-7" : "UCS-2";
}

static void put_part(struct buf *b, const struct handset *h)
{
	json_int(b, "message", h->part.message);
	if (h->part.message == 0)
		return;
	json_int(b, "part", h->part.seq);
	json_int(b, "of", h->of);
	json_int(b, "ref", h->ref);
	json_text(b, "alphabet", alphabet_word(h->alphabet));
	json_int(b, "units", h->units);
	json_bool(b, "flash", h->flash);
	json_span(b, "text", buf_span(&h->text));
}

static void put_page(struct buf *b, const struct handset *h)
{
	json_text(b, "alphabet", alphabet_word(h->alphabet));
	json_int(b, "units", h->units);
	json_int(b, "room", h->room);
	json_bool(b, "open", h->goes_on);
	json_span(b, "page", buf_span(&h->text));
}

static struct err write_answer(const struct control_context *ctx, struct answer *a)
{
	(void)ctx;
	const char *text = NULL;
	bool more = false;
	a->more = NULL;
	struct err e = errand_result(a->state, &text, &more);
	if (err_is(e))
		return e;
	const struct handset *h = errand_load(a->state);
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	switch (h->asks) {
	case HANDSET_TEXT: case HANDSET_CALL:
		json_bool(&a->out, "known", h->is_known);
		json_bool(&a->out, "answered", h->is_answered);
		json_int(&a->out, "delivery", h->delivery);
		break;
	case HANDSET_WAIT:
		put_part(&a->out, h);
		break;
	case HANDSET_LEAVE:
		break;
	case HANDSET_DIAL: case HANDSET_TYPE:
		put_page(&a->out, h);
		break;
	}
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

/* ---- reading the request */

static struct err read_id(const struct request *r, const char *name, uint8_t ret[HANDSET_ID_SIZE])
{
	const char *hex = NULL;
	size_t n = 0;
	struct err e = request_text(r, name, &hex);
	if (!err_is(e) && (!hex_parse(span_of(hex), ret, HANDSET_ID_SIZE, &n) || n != HANDSET_ID_SIZE))
		e = err_make(ERR_INPUT, "read the request", "make its ids of 16 octets in hex", NULL);
	return e;
}

static struct err read_text(const struct request *r, struct buf *ret)
{
	const char *text = NULL;
	struct parts parts;
	struct err e = request_text(r, "text", &text);
	if (err_is(e))
		return e;
	const enum text_err bad = parts_split(span_of(text), &parts);
	if (bad != TEXT_OK && bad != TEXT_EMPTY) /* a phone does send an empty one */
		return err_make(ERR_INPUT, "send a text that", NULL, "%s", text_err_text(bad));
	buf_add_text(ret, text);
	return ret->failed ? err_make(ERR_MEMORY, "send a text", NULL, NULL) : e;
}

/* Optional: a message's id is longer than JSON's numbers, so it stands in a text. */
static struct err read_got(const struct request *r, struct handset_part *ret)
{
	const char *message = request_text_or(r, "got", "0");
	if (!int_parse(span_of(message), 0, INT64_MAX, &ret->message))
		return err_make(ERR_INPUT, "read the request", NULL, "got");
	ret->seq = (unsigned)request_int_or(r, "got_part", 0) & 0xffu;
	return ERR_NONE_VALUE;
}

static struct err read_handset(const struct request *r, struct handset *h)
{
	const char *number = NULL;
	struct err e = request_text(r, "number", &number);
	if (err_is(e))
		return e;
	const enum msisdn_err bad = msisdn_parse(span_of(number), &h->number);
	if (bad != MSISDN_OK)
		return err_make(ERR_INPUT, "use a phone number that", NULL, "%s", msisdn_err_text(bad));
	h->uid = r->uid;
	e = read_id(r, "phone", h->id);
	const bool is_dialled = h->asks == HANDSET_DIAL || h->asks == HANDSET_TYPE;
	if (!err_is(e) && (h->asks == HANDSET_TEXT || h->asks == HANDSET_CALL || is_dialled))
		e = read_id(r, "request", h->request);
	if (!err_is(e) && is_dialled)
		e = read_id(r, "session", h->session);
	if (!err_is(e) && (h->asks == HANDSET_TEXT || is_dialled))
		e = read_text(r, &h->text);
	return err_is(e) ? e : read_got(r, &h->got);
}

static struct err ask(const struct control_context *ctx, const struct request *r, struct answer *a,
                      enum handset_asks asks)
{
	const char *link = NULL;
	struct handset *h = NULL;
	struct errand *d = NULL;
	struct err e = request_text(r, "link", &link);
	if (!err_is(e))
		e = handset_new(asks, &h);
	if (err_is(e))
		return e;
	e = read_handset(r, h);
	if (err_is(e)) {
		handset_free(h);
		return e;
	}
	e = ctx->phone(ctx->arg, link, h, ctx->nudge, ctx->nudge_arg, &d);
	if (err_is(e))
		return e;
	a->state = d;
	a->free_state = drop;
	a->is_ready = is_ready;
	a->more = write_answer;
	return e;
}

struct err verb_phone_text(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	return ask(ctx, r, a, HANDSET_TEXT);
}

struct err verb_phone_call(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	return ask(ctx, r, a, HANDSET_CALL);
}

struct err verb_phone_wait(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	return ask(ctx, r, a, HANDSET_WAIT);
}

struct err verb_phone_leave(const struct control_context *ctx, const struct request *r,
                            struct answer *a)
{
	return ask(ctx, r, a, HANDSET_LEAVE);
}

struct err verb_phone_dial(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	return ask(ctx, r, a, HANDSET_DIAL);
}

struct err verb_phone_type(const struct control_context *ctx, const struct request *r,
                           struct answer *a)
{
	return ask(ctx, r, a, HANDSET_TYPE);
}
