/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/outgoing.h"

#include "content/content.h"
#include "store/people.h"
#include "base/banned.h"

#define BODY_OCTETS (1u << 20)
#define VERSIONS_MAX 64

static struct err seal_body(struct vault *v, int64_t id, struct span body, int64_t now_ms,
                            int64_t *ret_version, struct buf *ret)
{
	struct err e = vault_version(v, RING_PEOPLE, now_ms, ret_version);
	if (err_is(e))
		return e;
	return vault_seal(v, RING_PEOPLE, *ret_version,
	                  (struct seal_place){ .table = "revision", .field = "body", .row = id }, body,
	                  ret);
}

static struct err find_or_add(struct txn *tx, struct store *st, struct vault *v, struct span body,
                              int64_t now_ms, int64_t *ret_id)
{
	struct buf sealed;
	struct hash digest;
	int64_t node_version = 0, version = 0;
	bool found = false;
	buf_init(&sealed, BODY_OCTETS + SEAL_OVERHEAD);
	struct err e = vault_version(v, RING_NODE, now_ms, &node_version);
	if (!err_is(e))
		e = vault_hash(v, RING_NODE, node_version, "revision", body, &digest);
	if (!err_is(e))
		e = revision_find(tx, &digest, ret_id, &found);
	if (err_is(e) || found)
		goto out;
	const int64_t id = store_new_id(st);
	e = seal_body(v, id, body, now_ms, &version, &sealed);
	if (!err_is(e))
		e = revision_add(tx, id, &digest, RING_PEOPLE, version, buf_span(&sealed), now_ms);
	if (!err_is(e))
		*ret_id = id;
out:
	buf_free(&sealed);
	return e;
}

struct err outgoing_revision(struct txn *tx, struct store *st, struct vault *v,
                             const struct span texts[LANGUAGE_COUNT], int64_t now_ms,
                             int64_t *ret_id)
{
	struct buf body;
	buf_init(&body, BODY_OCTETS);
	content_body_plain(texts, &body);
	struct err e = body.failed ? err_make(ERR_MEMORY, "write down the texts", NULL, NULL)
	                           : find_or_add(tx, st, v, buf_span(&body), now_ms, ret_id);
	buf_wipe(&body);
	return e;
}

static struct err open_body(struct txn *tx, struct vault *v, int64_t revision, struct texts **ret)
{
	struct buf sealed, body;
	enum ring ring = RING_PEOPLE;
	int64_t version = 0;
	buf_init(&sealed, BODY_OCTETS + SEAL_OVERHEAD);
	buf_init(&body, BODY_OCTETS);
	struct err e = revision_get(tx, revision, &ring, &version, &sealed);
	if (!err_is(e))
		e = vault_unseal(v, ring, version, (struct seal_place){ .table = "revision",
		                 .field = "body", .row = revision }, buf_span(&sealed), &body);
	if (!err_is(e))
		e = texts_parse(buf_span(&body), ret);
	buf_free(&sealed);
	buf_wipe(&body);
	return e;
}

struct err outgoing_read(struct txn *tx, struct vault *v, int64_t revision, struct message *ret)
{
	struct message m = { .fallback = LANGUAGE_UNKNOWN };
	struct texts *texts = NULL;
	struct err e = open_body(tx, v, revision, &texts);
	for (int l = 0; l < LANGUAGE_PEOPLE && !err_is(e); l++) {
		buf_init(&m.text[l], TEXT_OCTETS_MAX);
		e = texts_render(texts, "text", (enum language)l, span_make("", 0), &m.text[l]);
		if (e.code == ERR_ABSENT)
			e = ERR_NONE_VALUE;
		else if (!err_is(e) && parts_split(buf_span(&m.text[l]), &m.parts[l]) != TEXT_OK)
			e = err_make(ERR_DATA, "read the texts of a campaign", NULL, NULL);
	}
	texts_free(texts);
	if (err_is(e))
		message_free(&m);
	else
		*ret = m;
	return e;
}

/* With its '+', which says that the country's code comes first. */
static struct err seal_number(struct vault *v, int64_t version, int64_t id,
                              const struct msisdn *to, struct buf *ret)
{
	struct buf plain;
	buf_init(&plain, MSISDN_DIGITS_MAX + 1);
	buf_add_octet(&plain, '+');
	buf_add(&plain, msisdn_span(to));
	struct err e = plain.failed ? err_make(ERR_MEMORY, "seal a number", NULL, NULL)
	               : vault_seal(v, RING_PEOPLE, version,
	                            (struct seal_place){ .table = "delivery", .field = "number",
	                                                 .row = id }, buf_span(&plain), ret);
	buf_wipe(&plain);
	return e;
}

struct err outgoing_add(struct txn *tx, const struct outgoing *o, const struct msisdn *to,
                        enum language l, unsigned parts, int64_t *ret_id)
{
	struct buf sealed;
	buf_init(&sealed, MSISDN_DIGITS_MAX + 1 + SEAL_OVERHEAD);
	struct delivery_new d = { .id = store_new_id(o->store), .lane = o->lane, .ring = RING_PEOPLE,
		.revision = o->revision, .content_key = "text", .language = l,
		.not_before_ms = o->not_before_ms, .expires_ms = o->expires_ms, .parts = parts,
		.closes_ms = o->closes_ms, .country = o->country, .campaign = o->campaign,
		.flash = o->flash };
	struct err e = vault_version(o->vault, RING_PEOPLE, o->now_ms, &d.key_version);
	if (!err_is(e))
		e = seal_number(o->vault, d.key_version, d.id, to, &sealed);
	if (!err_is(e))
		e = vault_hash(o->vault, RING_PEOPLE, d.key_version, "number", msisdn_span(to), &d.number);
	if (!err_is(e))
		e = vault_hash(o->vault, RING_PEOPLE, d.key_version, "tail", msisdn_tail_span(to),
		               &d.tail);
	d.number_sealed = buf_span(&sealed);
	if (!err_is(e))
		e = delivery_add(tx, &d, o->now_ms);
	if (!err_is(e))
		*ret_id = d.id;
	buf_free(&sealed);
	return e;
}

struct err outgoing_stopped(struct txn *tx, struct vault *v, const struct msisdn *to, bool *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	bool stopped = false;
	if (!vault_people_is_open(v))
		return err_make(ERR_LOCKED, "look who said STOP", "open the people keys: safar unlock",
		                NULL);
	vault_versions(v, RING_PEOPLE, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !stopped; i++) {
		struct hash number;
		struct err e = vault_hash(v, RING_PEOPLE, versions[i], "number", msisdn_span(to), &number);
		if (!err_is(e))
			e = stop_has(tx, versions[i], &number, &stopped);
		if (err_is(e))
			return e;
	}
	*ret = stopped;
	return ERR_NONE_VALUE;
}
