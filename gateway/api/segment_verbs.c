/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segment-*: filters with a name, and how many people they mean now. contacts-tag: a tag for all whom a
 * filter means. */
#include <string.h>

#include "api/contact_inside.h"
#include "base/clock.h"
#include "campaign/contact_list.h"
#include "campaign/segment.h"
#include "store/people.h"
#include "base/banned.h"

#define SEGMENTS_SHOWN 256u
#define TAGGED_AT_ONCE 500u

static struct err end(struct answer *a)
{
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_close(&a->out, '}');
	json_line(&a->out);
	return ERR_NONE_VALUE;
}

/* ---- save and drop */
struct saving {
	const char *name, *filter;
	int64_t uid;
	bool was;
};

static struct err save(struct txn *tx, void *arg)
{
	const struct saving *s = arg;
	struct err e = segment_put(tx, s->name, s->filter);
	return err_is(e) ? e : audit_add(tx, s->uid, "segment save", s->name, clock_now_ms());
}

struct err verb_segment_save(const struct control_context *ctx, const struct request *r,
                             struct answer *a)
{
	struct segment segment = { .json = NULL };
	struct saving s = { .uid = r->uid };
	struct err e = request_text(r, "name", &s.name);
	if (!err_is(e) && !segment_name_is_good(s.name))
		e = err_make(ERR_INPUT, "save the segment", "its name is of letters, digits, - and _, 32 octets "
		             "at most", NULL);
	if (!err_is(e))
		e = contact_filter_of(ctx, r, &segment);
	s.filter = segment.json;
	if (!err_is(e))
		e = store_write(ctx->store, save, &s);
	segment_free(&segment);
	return err_is(e) ? e : end(a);
}

static struct err drop(struct txn *tx, void *arg)
{
	struct saving *s = arg;
	struct err e = segment_drop(tx, s->name, &s->was);
	if (!err_is(e) && s->was)
		e = audit_add(tx, s->uid, "segment drop", s->name, clock_now_ms());
	return e;
}

struct err verb_segment_drop(const struct control_context *ctx, const struct request *r,
                             struct answer *a)
{
	struct saving s = { .uid = r->uid };
	struct err e = request_text(r, "name", &s.name);
	if (!err_is(e))
		e = store_write(ctx->store, drop, &s);
	if (!err_is(e) && !s.was)
		e = err_make(ERR_ABSENT, "drop the segment", "see `safar segment list`", "%.40s", s.name);
	return err_is(e) ? e : end(a);
}

/* ---- list: names first, each one's count after */
struct segments {
	struct txn *tx;
	struct buf names; /* a line each, a tab, the filter */
};

static void keep_segment(const char *name, const char *filter, void *arg)
{
	struct segments *s = arg;
	buf_addf(&s->names, "%s\t%s\n", name, filter);
}

static struct err read_segments(struct txn *tx, void *arg)
{
	struct segments *s = arg;
	return segment_list(tx, "", SEGMENTS_SHOWN, keep_segment, s);
}

static struct err put_segment(const struct control_context *ctx, struct span name, struct span json,
                              struct buf *out)
{
	struct segment segment;
	struct err e = segment_read(json, &segment);
	if (err_is(e))
		return e;
	json_open(out, NULL, '{');
	json_span(out, "name", name);
	json_raw(out, "filter", span_of(segment.json));
	e = contact_put_counts(ctx, &segment, out);
	json_close(out, '}');
	json_line(out);
	segment_free(&segment);
	return e;
}

struct err verb_segment_list(const struct control_context *ctx, const struct request *r,
                             struct answer *a)
{
	(void)r;
	struct segments s = { .tx = NULL };
	struct span line, name;
	buf_init(&s.names, SEGMENTS_SHOWN * (FILTER_OCTETS + SEGMENT_LIMIT));
	struct err e = store_read(ctx->store, read_segments, &s);
	if (!err_is(e) && s.names.failed)
		e = err_make(ERR_MEMORY, "list segments", NULL, NULL);
	struct span rest = buf_span(&s.names);
	while (!err_is(e) && span_line(&rest, &line))
		if (span_take(&line, '\t', &name))
			e = put_segment(ctx, name, line, &a->out);
	buf_free(&s.names);
	return err_is(e) ? e : end(a);
}

/* ---- tags: a page of people found, then a page tagged, so that the writer is never held for long */
struct tagging {
	struct segment segment;
	struct contact_after after;
	char tag[TAG_LIMIT];
	bool remove, more;
	int64_t ids[TAGGED_AT_ONCE];
	size_t count;
	int64_t people, uid;
};

static struct err keep_id(const struct contact *c, void *arg)
{
	struct tagging *t = arg;
	t->ids[t->count++] = c->id;
	return ERR_NONE_VALUE;
}

static struct err find_page(struct txn *tx, void *arg)
{
	struct tagging *t = arg;
	t->count = 0;
	return contacts_match(tx, &t->segment.filter, &t->after, TAGGED_AT_ONCE, keep_id, t, &t->more);
}

static struct err tag_page(struct txn *tx, void *arg)
{
	struct tagging *t = arg;
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < t->count && !err_is(e); i++) {
		bool changed = false;
		e = t->remove ? contact_tag_remove(tx, t->tag, t->ids[i], &changed)
		              : contact_tag_add(tx, t->tag, t->ids[i], &changed);
		t->people += changed ? 1 : 0;
	}
	if (!err_is(e) && !t->more)
		e = audit_add(tx, t->uid, t->remove ? "contacts untag" : "contacts tag", t->tag,
		              clock_now_ms());
	return e;
}

struct err verb_contacts_tag(const struct control_context *ctx, const struct request *r,
                             struct answer *a)
{
	const char *tag = NULL;
	struct tagging t = { .uid = r->uid, .remove = request_is(r, "remove") };
	struct err e = request_text(r, "tag", &tag);
	if (!err_is(e) && !contact_tag_clean(span_of(tag), t.tag))
		e = err_make(ERR_INPUT, "tag contacts", "a tag is of letters, digits, - and _, 32 octets at most",
		             NULL);
	if (!err_is(e))
		e = contact_filter_of(ctx, r, &t.segment);
	do {
		if (!err_is(e))
			e = store_read(ctx->store, find_page, &t);
		if (!err_is(e))
			e = store_write(ctx->store, tag_page, &t);
	} while (!err_is(e) && t.more);
	segment_free(&t.segment);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	contact_put_people(&a->out, "changed", t.people);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}
