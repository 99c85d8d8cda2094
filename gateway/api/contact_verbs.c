/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts-*: a batch of a list, one person, and what a filter finds; segment-*: saved filters.
 * All of it needs open people keys but the counts. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/contact_inside.h"
#include "base/clock.h"
#include "base/crash.h"
#include "campaign/contact_import.h"
#include "campaign/contact_list.h"
#include "store/people.h"
#include "base/banned.h"

static struct err keys_are_open(const struct control_context *ctx)
{
	return vault_people_is_open(ctx->vault) ? ERR_NONE_VALUE
	       : err_make(ERR_LOCKED, "use contacts", "open the people keys: safar unlock", NULL);
}

/* A count that may point at somebody isn't told. */
void contact_put_people(struct buf *b, const char *name, int64_t n)
{
	if (n < FEW_PEOPLE) {
		json_raw(b, name, span_of("null"));
		json_int(b, "fewer_than", FEW_PEOPLE);
	} else {
		json_int(b, name, n);
	}
}

/* ---- import */
struct importing {
	struct contact_import im;
	struct span rows;
	int64_t uid;
};

static struct err import_batch(struct txn *tx, void *arg)
{
	struct importing *i = arg;
	struct err e = contact_import_rows(tx, &i->im, i->rows);
	if (err_is(e) || i->im.is_dry)
		return e;
	crash_point("contacts-written");
	return audit_add(tx, i->uid, "contacts import", "", i->im.now_ms);
}

struct err verb_contacts_import(const struct control_context *ctx, const struct request *r,
                                struct answer *a)
{
	const char *rows = NULL;
	struct importing i = { .uid = r->uid, .im = { .store = ctx->store, .vault = ctx->vault,
		.is_dry = request_is(r, "dry"), .now_ms = clock_now_ms() } };
	struct err e = keys_are_open(ctx);
	if (!err_is(e))
		e = request_text(r, "rows", &rows);
	i.rows = span_of(rows);
	if (!err_is(e))
		e = i.im.is_dry ? store_read(ctx->store, import_batch, &i)
		                : store_write(ctx->store, import_batch, &i);
	if (err_is(e))
		return e;
	crash_point(i.im.is_dry ? "contacts-counted" : "contacts-kept");
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_int(&a->out, "added", i.im.added);
	json_int(&a->out, "updated", i.im.updated);
	json_int(&a->out, "without_consent", i.im.without_consent);
	json_int(&a->out, "stopped", i.im.stopped);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

/* ---- a filter out of a request: "segment" names one, "filter" is one, without both everybody */
struct filtering {
	const char *name;
	struct buf json;
};

static struct err get_segment(struct txn *tx, void *arg)
{
	struct filtering *f = arg;
	return segment_get(tx, f->name, &f->json);
}

struct err contact_filter_of(const struct control_context *ctx, const struct request *r,
                             struct segment *ret)
{
	struct filtering f = { .name = request_text_or(r, "segment", NULL) };
	if (f.name == NULL)
		return segment_read(span_of(request_text_or(r, "filter", "{}")), ret);
	struct err e = store_read(ctx->store, get_segment, &f);
	if (!err_is(e) && f.json.n == 0)
		e = err_make(ERR_ABSENT, "find the segment", "see `safar segment list`", "%.40s", f.name);
	if (!err_is(e))
		e = segment_read(buf_span(&f.json), ret);
	buf_free(&f.json);
	return e;
}

/* ---- list */
struct listing {
	const struct control_context *ctx;
	struct txn *tx;
	struct buf *out;
	struct segment segment;
	struct contact_after after;
	int64_t left;
	bool show_numbers, more;
};

static void free_listing(void *state)
{
	struct listing *l = state;
	segment_free(&l->segment);
	free(l);
}

static struct err put_number(const struct control_context *ctx, const struct contact *c, bool whole,
                             struct buf *out)
{
	struct buf number;
	struct msisdn m;
	char masked[24];
	buf_init(&number, MSISDN_DIGITS_MAX + 1);
	struct err e = contact_number(ctx->vault, c, &number);
	if (!err_is(e) && msisdn_parse(buf_span(&number), &m) != MSISDN_OK)
		e = err_make(ERR_DATA, "read a contact", NULL, "%" PRId64, c->id);
	if (!err_is(e)) {
		msisdn_masked(&m, masked);
		json_span(out, "to", whole ? buf_span(&number) : span_of(masked));
		msisdn_wipe(&m);
	}
	buf_wipe(&number);
	return e;
}

static struct err put_contact(const struct contact *c, void *arg)
{
	struct listing *l = arg;
	struct buf *b = l->out;
	bool stopped = false;
	struct err e = stop_has(l->tx, c->key_version, &c->number, &stopped);
	json_open(b, NULL, '{');
	json_int(b, "id", c->id);
	if (!err_is(e))
		e = put_number(l->ctx, c, l->show_numbers, b);
	json_text(b, "country", c->facts.country);
	json_text(b, "operator", c->facts.operator_);
	json_text(b, "language", c->facts.language);
	json_text(b, "script", c->facts.script);
	json_text(b, "region", c->facts.region);
	json_text(b, "consent", stopped ? "stop" : c->has_consent ? "yes" : "no");
	json_close(b, '}');
	json_line(b);
	return e;
}

static struct err read_page(struct txn *tx, void *arg)
{
	struct listing *l = arg;
	const unsigned page = l->left < PAGE_ROWS ? (unsigned)l->left : PAGE_ROWS;
	l->tx = tx;
	l->more = false;
	l->left -= page;
	return page == 0 ? ERR_NONE_VALUE
	       : contacts_match(tx, &l->segment.filter, &l->after, page, put_contact, l, &l->more);
}

static struct err next_contacts(const struct control_context *ctx, struct answer *a)
{
	struct listing *l = a->state;
	l->out = &a->out;
	struct err e = store_read(ctx->store, read_page, l);
	if (err_is(e) || (l->more && l->left > 0))
		return e;
	a->more = NULL;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

static struct err audit_shown(struct txn *tx, void *arg)
{
	const struct request *r = arg;
	return audit_add(tx, r->uid, "contacts list", "numbers shown", clock_now_ms());
}

struct err verb_contacts_list(const struct control_context *ctx, const struct request *r,
                              struct answer *a)
{
	struct request whose = *r;
	struct listing *l = NULL;
	struct segment segment = { .json = NULL };
	const bool show = request_is(r, "show_numbers");
	struct err e = keys_are_open(ctx);
	if (!err_is(e))
		e = contact_filter_of(ctx, r, &segment);
	if (!err_is(e) && show)
		e = store_write(ctx->store, audit_shown, &whose);
	if (!err_is(e) && (l = calloc(1, sizeof *l)) == NULL)
		e = err_make(ERR_MEMORY, "list contacts", NULL, NULL);
	if (err_is(e)) {
		segment_free(&segment);
		return e;
	}
	*l = (struct listing){ .ctx = ctx, .segment = segment, .show_numbers = show,
		.left = request_int_or(r, "limit", INT64_MAX) };
	a->state = l;
	a->free_state = free_listing;
	a->more = next_contacts;
	return next_contacts(ctx, a);
}

/* ---- how many */
struct counting {
	const struct segment *segment;
	int64_t people, willing;
};

static struct err count_people(struct txn *tx, void *arg)
{
	struct counting *c = arg;
	struct contact_filter willing = c->segment->filter;
	struct err e = contacts_count(tx, &c->segment->filter, &c->people);
	willing.willing_at_ms = clock_now_ms();
	return err_is(e) ? e : contacts_count(tx, &willing, &c->willing);
}

struct err contact_put_counts(const struct control_context *ctx, const struct segment *s,
                              struct buf *out)
{
	struct counting c = { .segment = s };
	struct err e = store_read(ctx->store, count_people, &c);
	contact_put_people(out, "people", c.people);
	/* nor may the difference point at somebody */
	const int64_t others = c.people - c.willing;
	if (c.willing >= FEW_PEOPLE && (others == 0 || others >= FEW_PEOPLE))
		json_int(out, "willing", c.willing);
	return e;
}

struct err verb_contacts_count(const struct control_context *ctx, const struct request *r,
                               struct answer *a)
{
	struct segment segment = { .json = NULL };
	struct err e = contact_filter_of(ctx, r, &segment);
	if (!err_is(e)) {
		json_open(&a->out, NULL, '{');
		json_bool(&a->out, "ok", true);
		json_raw(&a->out, "filter", span_of(segment.json));
		e = contact_put_counts(ctx, &segment, &a->out);
		json_close(&a->out, '}');
		json_line(&a->out);
	}
	segment_free(&segment);
	return e;
}

/* ---- one person: by the number, or by the ID that a list shows */
struct person {
	const struct control_context *ctx;
	const struct request *request;
	struct buf *out;
	struct txn *tx;
	struct msisdn number;
	bool has_number, found, stopped;
	int64_t id, key_version;
	struct hash hash;
	struct contact_traces before, after;
	int64_t sent[PAGE_ROWS];
	size_t sent_count;
};

static struct err whom(const struct request *r, struct person *p)
{
	const char *number = request_text_or(r, "number", NULL), *id = request_text_or(r, "id", NULL);
	if (number != NULL) {
		const enum msisdn_err bad = msisdn_parse(span_of(number), &p->number);
		p->has_number = true;
		return bad == MSISDN_OK ? ERR_NONE_VALUE
		       : err_make(ERR_INPUT, "find the contact: the number", "write it with its country: +7…",
		                  "%s", msisdn_err_text(bad));
	}
	if (id != NULL && int_parse(span_of(id), 1, INT64_MAX, &p->id))
		return ERR_NONE_VALUE;
	return err_make(ERR_INPUT, "find the contact", "give its number, or an ID that a list shows", NULL);
}

static struct err note_contact(const struct contact *c, void *arg)
{
	struct person *p = arg;
	p->found = true;
	p->key_version = c->key_version;
	p->hash = c->number;
	return ERR_NONE_VALUE;
}

/* Fills in id and hash; `found` says whether there is such a contact. */
static struct err find_person(struct txn *tx, struct person *p)
{
	struct err e = ERR_NONE_VALUE;
	p->tx = tx;
	if (!p->has_number)
		return contact_get(tx, p->id, note_contact, p);
	e = contact_hash(p->ctx->vault, &p->number, clock_now_ms(), &p->key_version, &p->hash);
	return err_is(e) ? e : contact_find(tx, p->key_version, &p->hash, &p->id, &p->found);
}

static struct err nobody(void)
{
	return err_make(ERR_ABSENT, "find the contact", "nobody of that number or ID is one", NULL);
}

static void put_tag(const char *tag, void *arg)
{
	json_text(((struct person *)arg)->out, NULL, tag);
}

static void put_consent(const struct consent *c, void *arg)
{
	struct buf *b = ((struct person *)arg)->out;
	json_open(b, NULL, '{');
	json_time(b, "at", c->at_ms);
	json_text(b, "channel", c->channel);
	json_text(b, "wording", c->wording);
	json_text(b, "language", c->language);
	json_text(b, "proof", c->proof);
	json_time(b, "ended", c->ended_ms);
	json_close(b, '}');
}

static struct err put_facts(const struct contact *c, void *arg)
{
	struct person *p = arg;
	struct buf *b = p->out;
	json_int(b, "id", c->id);
	struct err e = put_number(p->ctx, c, true, b);
	json_text(b, "country", c->facts.country);
	json_text(b, "operator", c->facts.operator_);
	json_text(b, "language", c->facts.language);
	json_text(b, "script", c->facts.script);
	json_text(b, "region", c->facts.region);
	json_text(b, "source", c->source);
	json_time(b, "added", c->added_ms);
	json_time(b, "updated", c->updated_ms);
	json_time(b, "reached", c->reached_ms);
	json_time(b, "engaged", c->engaged_ms);
	json_time(b, "quiet_until", c->quiet_until_ms);
	return e;
}

static struct err put_person(struct txn *tx, struct person *p)
{
	struct buf *b = p->out;
	struct err e = contact_get(tx, p->id, put_facts, p);
	json_open(b, "tags", '[');
	if (!err_is(e))
		e = contact_tags(tx, p->id, put_tag, p);
	json_close(b, ']');
	json_open(b, "consent", '[');
	if (!err_is(e))
		e = consent_list(tx, p->id, put_consent, p);
	json_close(b, ']');
	if (!err_is(e))
		e = stop_has(tx, p->key_version, &p->hash, &p->stopped);
	if (!err_is(e))
		e = contact_traces(tx, p->id, p->key_version, &p->hash, &p->before);
	json_bool(b, "stop", p->stopped);
	json_int(b, "deliveries", p->before.deliveries);
	return e;
}

static struct err show(struct txn *tx, void *arg)
{
	struct person *p = arg;
	struct err e = find_person(tx, p);
	if (!err_is(e) && !p->found)
		e = nobody();
	return err_is(e) ? e : put_person(tx, p);
}

static struct err audit(struct txn *tx, struct person *p, const char *what)
{
	char id[24];
	(void)snprintf(id, sizeof id, "%" PRId64, p->id);
	return audit_add(tx, p->request->uid, what, id, clock_now_ms());
}

static struct err audit_show(struct txn *tx, void *arg)
{
	return audit(tx, arg, "contacts show");
}

struct err verb_contacts_show(const struct control_context *ctx, const struct request *r,
                              struct answer *a)
{
	struct person p = { .ctx = ctx, .request = r, .out = &a->out };
	struct err e = keys_are_open(ctx);
	if (!err_is(e))
		e = whom(r, &p);
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	if (!err_is(e))
		e = store_read(ctx->store, show, &p);
	if (!err_is(e)) /* before anybody sees it */
		e = store_write(ctx->store, audit_show, &p);
	json_close(&a->out, '}');
	json_line(&a->out);
	msisdn_wipe(&p.number);
	return e;
}

/* ---- forget */
static struct err look_before(struct txn *tx, void *arg)
{
	struct person *p = arg;
	struct err e = find_person(tx, p);
	if (!err_is(e) && !p->found)
		e = nobody();
	return err_is(e) ? e : contact_traces(tx, p->id, p->key_version, &p->hash, &p->before);
}

static struct err erase(struct txn *tx, void *arg)
{
	struct person *p = arg;
	struct err e = contact_erase(tx, p->key_version, &p->hash, clock_now_ms());
	return err_is(e) ? e : audit(tx, p, "contacts forget");
}

static struct err find_sent(struct txn *tx, void *arg)
{
	struct person *p = arg;
	return contact_sent(tx, p->key_version, &p->hash, p->sent, PAGE_ROWS, &p->sent_count);
}

static struct err clear_sent(struct txn *tx, void *arg)
{
	const struct person *p = arg;
	return contact_clear_sent(tx, p->sent, p->sent_count);
}

static struct err erase_sent(const struct control_context *ctx, struct person *p)
{
	struct err e = ERR_NONE_VALUE;
	do {
		e = store_read(ctx->store, find_sent, p);
		if (!err_is(e) && p->sent_count > 0)
			e = store_write(ctx->store, clear_sent, p);
	} while (!err_is(e) && p->sent_count == PAGE_ROWS);
	return e;
}

static struct err look_again(struct txn *tx, void *arg)
{
	struct person *p = arg;
	struct err e = contact_traces(tx, p->id, p->key_version, &p->hash, &p->after);
	return err_is(e) ? e : stop_has(tx, p->key_version, &p->hash, &p->stopped);
}

static void put_traces(struct buf *b, const char *name, const struct contact_traces *t)
{
	json_open(b, name, '{');
	json_int(b, "contacts", t->contacts);
	json_int(b, "tags", t->tags);
	json_int(b, "consents", t->consents);
	json_int(b, "deliveries", t->deliveries);
	json_close(b, '}');
}

struct err verb_contacts_forget(const struct control_context *ctx, const struct request *r,
                                struct answer *a)
{
	struct person p = { .ctx = ctx, .request = r };
	bool is_settled = false;
	struct err e = keys_are_open(ctx);
	if (!err_is(e))
		e = whom(r, &p);
	if (!err_is(e))
		e = store_read(ctx->store, look_before, &p);
	if (!err_is(e))
		e = store_write(ctx->store, erase, &p);
	if (!err_is(e))
		e = erase_sent(ctx, &p);
	if (!err_is(e))
		is_settled = !err_is(store_settle(ctx->store)); /* else the next commits do it */
	if (!err_is(e)) /* what is told is read back after the commit */
		e = store_read(ctx->store, look_again, &p);
	msisdn_wipe(&p.number);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	put_traces(&a->out, "erased", &p.before);
	put_traces(&a->out, "left", &p.after);
	json_bool(&a->out, "settled", is_settled);
	json_bool(&a->out, "stop", p.stopped);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}
