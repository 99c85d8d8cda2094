/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/render.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"
#include "store/people.h"

#define REVISIONS_KEPT 8

struct renderer {
	struct store *store;
	struct vault *vault;
	struct {
		int64_t revision;
		struct texts *texts;
		uint64_t used;
	} kept[REVISIONS_KEPT];
	uint64_t uses;
};

struct err renderer_new(struct store *st, struct vault *v, struct renderer **ret)
{
	struct renderer *r = calloc(1, sizeof *r);
	if (r == NULL)
		return err_make(ERR_MEMORY, "keep texts for rendering", NULL, NULL);
	r->store = st;
	r->vault = v;
	*ret = r;
	return ERR_NONE_VALUE;
}

void renderer_free(struct renderer *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < REVISIONS_KEPT; i++)
		texts_free(r->kept[i].texts);
	free(r);
}

struct sealed_revision {
	int64_t id, version;
	enum ring ring;
	struct buf body;
};

static struct err read_revision(struct txn *tx, void *arg)
{
	struct sealed_revision *s = arg;
	return revision_get(tx, s->id, &s->ring, &s->version, &s->body);
}

static struct err load(struct renderer *r, int64_t revision, struct texts **ret)
{
	struct sealed_revision s = { .id = revision };
	struct buf body;
	buf_init(&s.body, SIZE_MAX / 2);
	buf_init(&body, SIZE_MAX / 2);
	struct err e = store_read(r->store, read_revision, &s);
	if (err_is(e))
		goto out;
	e = vault_unseal(r->vault, s.ring, s.version,
	                 (struct seal_place){ .table = "revision", .field = "body", .row = revision },
	                 buf_span(&s.body), &body);
	if (err_is(e))
		goto out;
	e = texts_parse(buf_span(&body), ret);
out:
	buf_free(&s.body);
	buf_wipe(&body);
	return e;
}

static struct err texts_of(struct renderer *r, int64_t revision, const struct texts **ret)
{
	size_t oldest = 0;
	for (size_t i = 0; i < REVISIONS_KEPT; i++) {
		if (r->kept[i].texts != NULL && r->kept[i].revision == revision) {
			r->kept[i].used = ++r->uses;
			*ret = r->kept[i].texts;
			return ERR_NONE_VALUE;
		}
		if (r->kept[i].used < r->kept[oldest].used)
			oldest = i;
	}
	struct texts *texts = NULL;
	struct err e = load(r, revision, &texts);
	if (err_is(e))
		return e;
	texts_free(r->kept[oldest].texts);
	r->kept[oldest].texts = texts;
	r->kept[oldest].revision = revision;
	r->kept[oldest].used = ++r->uses;
	*ret = texts;
	return e;
}

static struct err open_field(struct renderer *r, const struct claim *c, const char *field,
                             const struct buf *sealed, struct buf *ret)
{
	if (sealed->n == 0)
		return ERR_NONE_VALUE;
	return vault_unseal(r->vault, c->ring, c->key_version,
	                    (struct seal_place){ .table = "delivery", .field = field, .row = c->id },
	                    buf_span(sealed), ret);
}

static struct err cut(const struct claim *c, struct span text, struct rendered *ret)
{
	struct parts parts;
	enum text_err te = parts_split(text, &parts);
	if (te != TEXT_OK || parts.count != c->parts || c->seq < 1 || c->seq > parts.count)
		return err_make(ERR_DATA, "cut a rendered text into its parts", NULL, "delivery %lld",
		                (long long)c->id);
	ret->alphabet = parts.alphabet;
	ret->units = parts.part_units[c->seq - 1];
	buf_add(&ret->part, parts.part[c->seq - 1]);
	return ERR_NONE_VALUE;
}

struct err render_claim(struct renderer *r, const struct claim *c, struct rendered *ret)
{
	struct buf number, args, text;
	buf_init(&number, 64);
	buf_init(&args, TEXT_OCTETS_MAX);
	buf_init(&text, TEXT_OCTETS_MAX);
	*ret = (struct rendered){ .alphabet = ALPHABET_GSM7 };
	buf_init(&ret->part, TEXT_OCTETS_MAX);

	const struct texts *texts = NULL;
	struct err e = open_field(r, c, "number", &c->number_sealed, &number);
	if (!err_is(e) && !msisdn_from_network(buf_span(&number), true, &ret->number))
		e = err_make(ERR_DATA, "read a sealed number", NULL, "delivery %lld", (long long)c->id);
	if (!err_is(e))
		e = open_field(r, c, "args", &c->args_sealed, &args);
	if (!err_is(e))
		e = texts_of(r, c->revision, &texts);
	if (!err_is(e))
		e = texts_render(texts, c->content_key, c->language, buf_span(&args), &text);
	if (!err_is(e))
		e = cut(c, buf_span(&text), ret);
	buf_wipe(&number);
	buf_wipe(&args);
	buf_wipe(&text);
	if (err_is(e))
		rendered_wipe(ret);
	return e;
}

bool render_gives_up(struct err e, enum reason *ret)
{
	if (e.code != ERR_ABSENT && e.code != ERR_DATA && e.code != ERR_INPUT)
		return false; /* closed keys, no memory: they may pass */
	*ret = e.code == ERR_ABSENT ? REASON_KEY_GONE : REASON_TEXT_GONE;
	return true;
}

void rendered_wipe(struct rendered *r)
{
	msisdn_wipe(&r->number);
	buf_wipe(&r->part);
}
