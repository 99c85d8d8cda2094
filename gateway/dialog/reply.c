/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer becomes a delivery: the revision that it is rendered from, its number sealed, its parts
 * counted. The revision is looked up each time: one that was added may have been rolled back. */
#include "dialog/inside.h"

#include "store/delivery.h"
#include "store/people.h"
#include "base/banned.h"

#define ANSWER_MS INT64_C(3600000)  /* its lifetime: somebody else may hold the phone by then */
#define BODY_OCTETS_MAX (1u << 20)
#define BARE_KEY "answer.bare"
#define ARGS_OCTETS_MAX 512

void reply_forget(struct dialog *d)
{
	texts_free(d->said.texts);
	buf_free(&d->said.body);
	content_drop(d->said.of);
	d->said.texts = NULL;
	d->said.of = NULL;
}

/* What is said by this content, as the revision will say it. */
static struct err make_said(struct dialog *d, struct content *c)
{
	if (d->said.of == c)
		return ERR_NONE_VALUE;
	reply_forget(d);
	buf_init(&d->said.body, BODY_OCTETS_MAX);
	content_body(c, &d->said.body);
	struct err e = d->said.body.failed
	               ? err_make(ERR_MEMORY, "write down the texts", NULL, NULL)
	               : texts_parse(buf_span(&d->said.body), &d->said.texts);
	if (err_is(e))
		buf_free(&d->said.body);
	else
		d->said.of = content_hold(c);
	return e;
}

static struct err find_revision(struct txn *tx, struct dialog *d, int64_t now_ms, int64_t *ret)
{
	int64_t version = 0;
	struct hash digest;
	bool found = false;
	struct buf sealed;
	buf_init(&sealed, BODY_OCTETS_MAX + SEAL_OVERHEAD);
	struct err e = vault_version(d->vault, RING_NODE, now_ms, &version);
	if (!err_is(e))
		e = vault_hash(d->vault, RING_NODE, version, "revision", buf_span(&d->said.body), &digest);
	if (!err_is(e))
		e = revision_find(tx, &digest, ret, &found);
	if (!err_is(e) && !found) {
		*ret = store_new_id(d->store);
		e = vault_seal(d->vault, RING_NODE, version,
		               (struct seal_place){ .table = "revision", .field = "body", .row = *ret },
		               buf_span(&d->said.body), &sealed);
		if (!err_is(e))
			e = revision_add(tx, *ret, &digest, RING_NODE, version, buf_span(&sealed), now_ms);
	}
	buf_free(&sealed);
	return e;
}

static struct err count_parts(const struct dialog *d, const char *key, enum language l,
                              struct span args, unsigned *ret)
{
	struct parts parts;
	struct buf text;
	buf_init(&text, TEXT_OCTETS_MAX);
	struct err e = texts_render(d->said.texts, key, l, args, &text);
	if (!err_is(e)) {
		const enum text_err fault = parts_split(buf_span(&text), &parts);
		if (fault != TEXT_OK)
			e = err_make(ERR_DATA, "count the parts of an answer", text_err_text(fault), "%s: %s",
			             language_tag(l), key);
		else
			*ret = parts.count;
	}
	buf_free(&text);
	return e;
}

/* With its '+', which says that the country's code comes first. */
static struct err seal_number(struct dialog *d, const struct who *w, int64_t id, struct buf *ret)
{
	struct buf plain;
	buf_init(&plain, MSISDN_DIGITS_MAX + 1);
	buf_add_octet(&plain, '+');
	buf_add(&plain, msisdn_span(&w->number));
	struct err e = plain.failed
	               ? err_make(ERR_MEMORY, "seal a number", NULL, NULL)
	               : vault_seal(d->vault, RING_LIVE, w->version,
	                            (struct seal_place){ .table = "delivery", .field = "number",
	                                                 .row = id }, buf_span(&plain), ret);
	buf_wipe(&plain);
	return e;
}

static struct err seal_args(struct dialog *d, const struct who *w, int64_t id, struct span args,
                            struct buf *ret)
{
	return vault_seal(d->vault, RING_LIVE, w->version,
	                  (struct seal_place){ .table = "delivery", .field = "args", .row = id }, args,
	                  ret);
}

/* The number to call is chosen now: the answer will be said as it was decided. */
static void write_args(const struct content *c, const struct reply *r, struct buf *ret)
{
	struct service s;
	const bool has_service = r->topic != NULL && r->topic->service != KIND_NONE;
	content_service(c, has_service ? r->topic->service : KIND_HOTLINE, r->town, r->region, r->country,
	                r->now_ms, &s);
	content_arguments(s.number, r->script, ret);
}

struct err reply_add(struct txn *tx, struct dialog *d, struct content *c, const struct reply *r,
                     int64_t *ret_delivery, enum language *ret_language)
{
	struct buf sealed, args, sealed_args;
	char key[ANSWER_KEY_LIMIT] = BARE_KEY;
	buf_init(&sealed, MSISDN_DIGITS_MAX + 1 + SEAL_OVERHEAD);
	buf_init(&args, ARGS_OCTETS_MAX);
	buf_init(&sealed_args, ARGS_OCTETS_MAX + SEAL_OVERHEAD);
	enum language l = content_usable(c, r->language);
	if (l == LANGUAGE_UNKNOWN)
		l = LANGUAGE_RU; /* the two numbers stand in each language of the body */
	else if (r->key == NULL)
		topic_answer_key(r->topic, r->lines, key);
	else
		(void)text_copy(key, sizeof key, r->key);
	write_args(c, r, &args);
	struct delivery_new n = { .id = store_new_id(d->store), .lane = LANE_ANSWER, .ring = RING_LIVE,
		.key_version = r->who->version, .number = r->who->live,
		.content_key = key, .language = l, .sim = r->sim,
		.not_before_ms = r->now_ms, .expires_ms = r->now_ms + ANSWER_MS, .inbox = r->inbox };
	struct err e = make_said(d, c);
	if (!err_is(e))
		e = count_parts(d, key, l, buf_span(&args), &n.parts);
	if (!err_is(e))
		e = find_revision(tx, d, r->now_ms, &n.revision);
	if (!err_is(e))
		e = vault_hash(d->vault, RING_LIVE, n.key_version, "tail",
		               msisdn_tail_span(&r->who->number), &n.tail);
	if (!err_is(e))
		e = seal_number(d, r->who, n.id, &sealed);
	if (!err_is(e))
		e = seal_args(d, r->who, n.id, buf_span(&args), &sealed_args);
	n.number_sealed = buf_span(&sealed);
	n.args_sealed = buf_span(&sealed_args);
	if (!err_is(e))
		e = delivery_add(tx, &n, r->now_ms);
	if (!err_is(e)) {
		*ret_delivery = n.id;
		*ret_language = l;
	}
	buf_wipe(&sealed);
	buf_wipe(&args);
	buf_wipe(&sealed_args);
	return e;
}
