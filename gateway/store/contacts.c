/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts, their tags, what they agreed to. */
#include "store/contacts.h"

#include "store/delivery.h"
#include "store/gate.h"
#include "store/txn.h"
#include "base/banned.h"

/* ---- one contact */
struct err contact_find(struct txn *tx, int64_t key_version, const struct hash *number,
                        int64_t *ret_id, bool *ret_found)
{
	return query_int(tx, Q_CONTACT_FIND, IN(v_int(key_version), v_hash(number)), ret_id, ret_found);
}

struct err contact_add(struct txn *tx, const struct contact_new *c)
{
	const struct contact_facts *f = &c->facts;
	return query_run(tx, Q_CONTACT_ADD, IN(v_int(c->id), v_int(c->key_version), v_hash(&c->number),
	                 v_span(c->sealed), v_text(f->country), v_text(f->operator_),
	                 v_text(f->language), v_text(f->script), v_text(f->region), v_text(c->source),
	                 v_int(c->now_ms)));
}

struct err contact_update(struct txn *tx, int64_t id, const struct contact_facts *f, int64_t now_ms)
{
	return query_run(tx, Q_CONTACT_UPDATE, IN(v_int(id), v_text(f->country), v_text(f->operator_),
	                 v_text(f->language), v_text(f->script), v_text(f->region), v_int(now_ms)));
}

static struct contact read_contact(struct rows *r)
{
	struct contact c = { .id = row_int(r, 0), .key_version = row_int(r, 1), .sealed = row_span(r, 3),
		.added_ms = row_int(r, 10), .updated_ms = row_int(r, 11), .reached_ms = row_int(r, 12),
		.engaged_ms = row_int(r, 13), .quiet_until_ms = row_int(r, 14),
		.has_consent = row_int(r, 15) != 0 };
	if (!row_hash(r, 2, &c.number) && !err_is(r->err))
		r->err = err_make(ERR_DATA, "read a contact", NULL, NULL);
	row_string(r, 4, c.facts.country, sizeof c.facts.country);
	row_string(r, 5, c.facts.operator_, sizeof c.facts.operator_);
	row_string(r, 6, c.facts.language, sizeof c.facts.language);
	row_string(r, 7, c.facts.script, sizeof c.facts.script);
	row_string(r, 8, c.facts.region, sizeof c.facts.region);
	row_string(r, 9, c.source, sizeof c.source);
	return c;
}

struct err contact_get(struct txn *tx, int64_t id, contact_fn *row, void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_CONTACT_GET, IN(v_int(id)));
	if (rows_next(&r)) {
		const struct contact c = read_contact(&r);
		if (!err_is(r.err))
			e = row(&c, arg);
	}
	struct err ended = rows_end(&r);
	return err_is(e) ? e : ended;
}

/* ---- what happened */
struct err contact_engaged(struct txn *tx, int64_t key_version, const struct hash *number,
                           int64_t at_ms)
{
	return query_run(tx, Q_CONTACT_ENGAGED, IN(v_int(key_version), v_hash(number), v_int(at_ms)));
}

struct err contact_quiet(struct txn *tx, int64_t key_version, const struct hash *number,
                         int64_t until_ms)
{
	return query_run(tx, Q_CONTACT_QUIET, IN(v_int(key_version), v_hash(number), v_int(until_ms)));
}

/* ---- tags */
struct err contact_tag_add(struct txn *tx, const char *tag, int64_t contact, bool *ret_new)
{
	struct err e = query_run(tx, Q_CONTACT_TAG_ADD, IN(v_text(tag), v_int(contact)));
	*ret_new = !err_is(e) && query_changes(tx) > 0;
	return e;
}

struct err contact_tag_remove(struct txn *tx, const char *tag, int64_t contact, bool *ret_was)
{
	struct err e = query_run(tx, Q_CONTACT_TAG_REMOVE, IN(v_text(tag), v_int(contact)));
	*ret_was = !err_is(e) && query_changes(tx) > 0;
	return e;
}

struct err contact_tags(struct txn *tx, int64_t contact, void (*row)(const char *tag, void *),
                        void *arg)
{
	struct rows r = query_start(tx, Q_CONTACT_TAGS, IN(v_int(contact)));
	while (rows_next(&r)) {
		char tag[TAG_LIMIT];
		row_string(&r, 0, tag, sizeof tag);
		if (!err_is(r.err))
			row(tag, arg);
	}
	return rows_end(&r);
}

/* ---- consent */
static struct err find_wording(struct txn *tx, const char *text, int64_t *ret)
{
	bool found = false;
	struct err e = query_int(tx, Q_WORDING_FIND, IN(v_text(text)), ret, &found);
	if (err_is(e) || found)
		return e;
	return query_int(tx, Q_WORDING_ADD, IN(v_text(text)), ret, &found);
}

struct err consent_add(struct txn *tx, int64_t contact, const struct consent *c, bool *ret_new)
{
	int64_t wording = 0;
	struct err e = find_wording(tx, c->wording, &wording);
	if (!err_is(e))
		e = query_run(tx, Q_CONSENT_ADD, IN(v_int(contact), v_int(c->at_ms), v_text(c->channel),
		              v_int(wording), v_text(c->language), v_text(c->proof)));
	*ret_new = !err_is(e) && query_changes(tx) > 0;
	return e;
}

struct err consent_has(struct txn *tx, int64_t contact, bool *ret)
{
	int64_t one = 0;
	return query_int(tx, Q_CONSENT_HAS, IN(v_int(contact)), &one, ret);
}

struct err consent_list(struct txn *tx, int64_t contact, void (*row)(const struct consent *, void *),
                        void *arg)
{
	struct rows r = query_start(tx, Q_CONSENT_LIST, IN(v_int(contact)));
	while (rows_next(&r)) {
		struct consent c = { .at_ms = row_int(&r, 0), .ended_ms = row_int(&r, 5) };
		row_string(&r, 1, c.channel, sizeof c.channel);
		row_string(&r, 2, c.wording, sizeof c.wording);
		row_string(&r, 3, c.language, sizeof c.language);
		row_string(&r, 4, c.proof, sizeof c.proof);
		if (!err_is(r.err))
			row(&c, arg);
	}
	return rows_end(&r);
}

/* ---- filters */
static struct value v_list(const char *json)
{
	return json != NULL ? v_text(json) : (struct value){ .type = VALUE_NULL };
}

#define FILTER_VALUES(f) v_list((f)->language), v_list((f)->script), v_list((f)->region), \
	v_list((f)->country), v_list((f)->operator_), v_list((f)->tag), v_list((f)->not_tag), \
	v_id((f)->reached_before_ms), v_id((f)->reached_since_ms), v_id((f)->engaged_before_ms), \
	v_id((f)->engaged_since_ms), v_id((f)->willing_at_ms)

struct err contacts_match(struct txn *tx, const struct contact_filter *f,
                          struct contact_after *after, unsigned limit, contact_fn *row, void *arg,
                          bool *ret_more)
{
	struct err e = ERR_NONE_VALUE;
	unsigned shown = 0;
	/* An empty blob stands before every hash. */
	const struct value number = after->is_set ? v_hash(&after->number)
	                            : (struct value){ .type = VALUE_BLOB, .p = "", .n = 0 };
	struct contact_after last = *after;
	struct rows r = query_start(tx, Q_CONTACT_MATCH, IN(FILTER_VALUES(f), v_int(after->key_version),
	                            number, v_int(limit)));
	while (!err_is(e) && rows_next(&r)) {
		const struct contact c = read_contact(&r);
		if (err_is(r.err))
			break;
		shown++;
		last = (struct contact_after){ .key_version = c.key_version, .number = c.number,
			.is_set = true };
		e = row(&c, arg);
	}
	struct err ended = rows_end(&r);
	*after = last;
	*ret_more = shown == limit;
	return err_is(e) ? e : ended;
}

struct err contacts_count_languages(struct txn *tx, const struct contact_filter *f,
                                    void (*row)(const char *language, const char *script, int64_t n,
                                                void *arg), void *arg)
{
	struct rows r = query_start(tx, Q_CONTACT_LANGUAGES, IN(FILTER_VALUES(f)));
	while (rows_next(&r)) {
		char language[LANGUAGE_LIMIT], script[SCRIPT_LIMIT];
		row_string(&r, 0, language, sizeof language);
		row_string(&r, 1, script, sizeof script);
		row(language, script, row_int(&r, 2), arg);
	}
	return rows_end(&r);
}

struct err contacts_count(struct txn *tx, const struct contact_filter *f, int64_t *ret)
{
	bool found = false;
	*ret = 0;
	return query_int(tx, Q_CONTACT_COUNT, IN(FILTER_VALUES(f)), ret, &found);
}

/* ---- erasure */
struct err contact_forget(struct txn *tx, int64_t id)
{
	struct err e = query_run(tx, Q_CONTACT_TAGS_DROP, IN(v_int(id)));
	if (!err_is(e)) /* a wording that nobody else agreed to may be their own words */
		e = query_run(tx, Q_WORDING_DROP, IN(v_int(id)));
	if (!err_is(e))
		e = query_run(tx, Q_CONSENT_DROP, IN(v_int(id)));
	return err_is(e) ? e : query_run(tx, Q_CONTACT_DROP, IN(v_int(id)));
}

struct err contact_erase(struct txn *tx, int64_t key_version, const struct hash *number,
                         int64_t now_ms)
{
	int64_t id = 0;
	bool found = false;
	struct err e = delivery_forget(tx, RING_PEOPLE, key_version, number, now_ms);
	if (!err_is(e))
		e = contact_find(tx, key_version, number, &id, &found);
	return err_is(e) || !found ? e : contact_forget(tx, id);
}

struct err contact_sent(struct txn *tx, int64_t key_version, const struct hash *number, int64_t *ret,
                        size_t room, size_t *ret_count)
{
	struct rows r = query_start(tx, Q_CONTACT_SENT, IN(v_int(key_version), v_hash(number),
	                                                   v_int((int64_t)room)));
	*ret_count = 0;
	while (*ret_count < room && rows_next(&r))
		ret[(*ret_count)++] = row_int(&r, 0);
	return rows_end(&r);
}

struct err contact_clear_sent(struct txn *tx, const int64_t *ids, size_t count)
{
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < count && !err_is(e); i++)
		e = delivery_clear(tx, ids[i]);
	return e;
}

struct err contact_traces(struct txn *tx, int64_t id, int64_t key_version,
                          const struct hash *number, struct contact_traces *ret)
{
	struct rows r = query_start(tx, Q_CONTACT_TRACES, IN(v_int(id), v_int(key_version),
	                                                     v_hash(number)));
	if (rows_next(&r))
		*ret = (struct contact_traces){ .contacts = row_int(&r, 0), .tags = row_int(&r, 1),
			.consents = row_int(&r, 2), .deliveries = row_int(&r, 3) };
	return rows_end(&r);
}

/* ---- segments */
struct err segment_put(struct txn *tx, const char *name, const char *filter)
{
	return query_run(tx, Q_SEGMENT_PUT, IN(v_text(name), v_text(filter)));
}

struct err segment_get(struct txn *tx, const char *name, struct buf *ret)
{
	buf_init(ret, 0);
	struct rows r = query_start(tx, Q_SEGMENT_GET, IN(v_text(name)));
	if (rows_next(&r)) {
		buf_init(ret, FILTER_OCTETS);
		buf_add(ret, row_span(&r, 0));
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_DATA, "read a segment", NULL, NULL);
	return e;
}

struct err segment_drop(struct txn *tx, const char *name, bool *ret_was)
{
	struct err e = query_run(tx, Q_SEGMENT_DROP, IN(v_text(name)));
	*ret_was = !err_is(e) && query_changes(tx) > 0;
	return e;
}

struct err segment_list(struct txn *tx, const char *after, unsigned limit,
                        void (*row)(const char *name, const char *filter, void *), void *arg)
{
	struct rows r = query_start(tx, Q_SEGMENT_LIST, IN(v_text(after), v_int(limit)));
	while (rows_next(&r)) {
		char name[SEGMENT_LIMIT], filter[FILTER_OCTETS];
		row_string(&r, 0, name, sizeof name);
		row_string(&r, 1, filter, sizeof filter);
		if (!err_is(r.err))
			row(name, filter, arg);
	}
	return rows_end(&r);
}
