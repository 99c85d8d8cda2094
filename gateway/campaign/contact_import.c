/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/contact_import.h"

#include <string.h>

#include "campaign/contact_list.h"
#include "store/people.h"
#include "base/banned.h"

static const char table[] = "contact", field[] = "number";

struct err contact_hash(struct vault *v, const struct msisdn *m, int64_t now_ms,
                        int64_t *ret_version, struct hash *ret)
{
	struct err e = vault_version(v, RING_PEOPLE, now_ms, ret_version);
	return err_is(e) ? e : vault_hash(v, RING_PEOPLE, *ret_version, "number", msisdn_span(m), ret);
}

struct err contact_number(struct vault *v, const struct contact *c, struct buf *ret)
{
	return vault_unseal(v, RING_PEOPLE, c->key_version,
	                    (struct seal_place){ .table = table, .field = field, .row = c->id },
	                    c->sealed, ret);
}

static struct err add(struct txn *tx, struct contact_import *im, const struct contact_row *r,
                      struct contact_new *c)
{
	struct buf plain, sealed;
	buf_init(&plain, MSISDN_DIGITS_MAX + 1);
	buf_init(&sealed, MSISDN_DIGITS_MAX + 1 + SEAL_OVERHEAD);
	buf_add_octet(&plain, '+');
	buf_add(&plain, msisdn_span(&r->number));
	struct err e = plain.failed ? err_make(ERR_MEMORY, "seal a number", NULL, NULL)
	               : vault_seal(im->vault, RING_PEOPLE, c->key_version,
	                            (struct seal_place){ .table = table, .field = field, .row = c->id },
	                            buf_span(&plain), &sealed);
	c->sealed = buf_span(&sealed);
	if (!err_is(e))
		e = contact_add(tx, c);
	buf_wipe(&plain);
	buf_free(&sealed);
	return e;
}

static struct err add_tags(struct txn *tx, const char *tags, int64_t id)
{
	struct span rest = span_of(tags), one;
	struct err e = ERR_NONE_VALUE;
	while (!err_is(e) && span_take(&rest, ' ', &one)) {
		char tag[TAG_LIMIT];
		bool is_new = false;
		if (!contact_tag_clean(one, tag))
			return err_make(ERR_INPUT, "read a row of contacts", NULL, "tag");
		e = contact_tag_add(tx, tag, id, &is_new);
	}
	return e;
}

static struct err count_row(struct txn *tx, struct contact_import *im, const struct contact_row *r,
                            const struct contact_new *c, bool found)
{
	bool stopped = false, has_consent = r->has_consent;
	struct err e = stop_has(tx, c->key_version, &c->number, &stopped);
	if (!err_is(e) && found && !has_consent)
		e = consent_has(tx, c->id, &has_consent);
	im->added += found ? 0 : 1;
	im->updated += found ? 1 : 0;
	im->stopped += stopped ? 1 : 0;
	im->without_consent += has_consent ? 0 : 1;
	return e;
}

static struct err take_row(struct txn *tx, struct contact_import *im, const struct contact_row *r)
{
	bool found = false, is_new = false;
	struct contact_new c = { .facts = r->facts, .source = "import", .now_ms = im->now_ms };
	struct err e = contact_hash(im->vault, &r->number, im->now_ms, &c.key_version, &c.number);
	if (!err_is(e))
		e = contact_find(tx, c.key_version, &c.number, &c.id, &found);
	if (!err_is(e))
		e = count_row(tx, im, r, &c, found);
	if (err_is(e) || im->is_dry)
		return e;
	if (!found) {
		c.id = store_new_id(im->store);
		e = add(tx, im, r, &c);
	} else {
		e = contact_update(tx, c.id, &r->facts, im->now_ms);
	}
	if (!err_is(e))
		e = add_tags(tx, r->tags, c.id);
	if (!err_is(e) && r->has_consent)
		e = consent_add(tx, c.id, &r->consent, &is_new);
	return e;
}

struct err contact_import_rows(struct txn *tx, struct contact_import *im, struct span rows)
{
	struct contact_row r;
	struct err e = ERR_NONE_VALUE;
	bool bad = false;
	while (!err_is(e) && contact_row_take(&rows, &r, &bad)) {
		e = take_row(tx, im, &r);
		contact_row_wipe(&r);
	}
	if (!err_is(e) && bad)
		e = err_make(ERR_INPUT, "read a row of contacts", "use safar and safard of the same version",
		             NULL);
	return e;
}
