/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/plan_moves.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "campaign/broadcast.h"
#include "campaign/inside.h"
#include "campaign/outgoing.h"
#include "store/people.h"
#include "base/banned.h"

/* ---- what is approved */

/* Of the spec, the segment's filter as it is now, and the texts. A revision's id stands for its octets:
 * they never change, and equal ones are one. */
struct err plan_digest(struct txn *tx, const struct plan *p, struct hash *ret)
{
	struct spec s;
	struct buf segment;
	crypto_generichash_state h;
	const int64_t revision = p->revision;
	struct err e = spec_read(buf_span(&p->spec), &s);
	if (err_is(e))
		return e;
	buf_init(&segment, FILTER_OCTETS);
	if (s.segment[0] != '\0')
		e = segment_get(tx, s.segment, &segment);
	(void)crypto_generichash_init(&h, NULL, 0, sizeof ret->octets); /* always 0, as all of them */
	(void)crypto_generichash_update(&h, p->spec.p, p->spec.n);
	(void)crypto_generichash_update(&h, (const uint8_t *)"", 1);
	(void)crypto_generichash_update(&h, segment.p, segment.n);
	(void)crypto_generichash_update(&h, (const uint8_t *)"", 1);
	(void)crypto_generichash_update(&h, (const uint8_t *)&revision, sizeof revision);
	(void)crypto_generichash_final(&h, ret->octets, sizeof ret->octets);
	buf_free(&segment);
	spec_free(&s);
	return e;
}

/* Submitted or approved, but its segment was changed behind it. */
struct err plan_check_digest(struct txn *tx, const struct plan *p)
{
	struct hash now;
	struct err e = plan_digest(tx, p, &now);
	if (!err_is(e) &&
	    (!p->has_digest || memcmp(now.octets, p->digest.octets, sizeof now.octets) != 0))
		e = err_make(ERR_REFUSED, "go on with the campaign",
		             "its segment has changed: edit it, and submit it anew", "%s", p->name);
	return e;
}

/* ---- edits */

static struct err back_to_draft(struct txn *tx, const struct staff *by, struct plan *p)
{
	struct err e = ERR_NONE_VALUE;
	if (p->state != PLAN_DRAFT)
		e = plan_move(tx, p, PLAN_DRAFT, by->uid, "edited", by->now_ms);
	p->has_digest = p->any_hour = false;
	p->submitted_by = p->approved_by = PLAN_SELF;
	p->start_ms = p->ends_ms = 0;
	return err_is(e) ? e : plan_save(tx, p, by->now_ms);
}

static struct err check_name(const char *name)
{
	const struct span s = span_trim(span_of(name));
	bool good = s.n > 0 && s.n == strlen(name) && s.n <= PLAN_NAME_MAX && utf8_valid(s);
	for (size_t i = 0; i < s.n; i++)
		good = good && s.p[i] >= 0x20 && s.p[i] != 0x7f;
	return good ? ERR_NONE_VALUE
	            : err_make(ERR_INPUT, "name the campaign", "in 1 to 64 octets of UTF-8", NULL);
}

struct err plan_new(struct txn *tx, const struct staff *by, const char *name, struct span spec)
{
	static const struct span nothing = { (const uint8_t *)"{}", 2 };
	struct buf canonical;
	buf_init(&canonical, PLAN_SPEC_OCTETS);
	struct err e = check_name(name);
	if (!err_is(e))
		e = spec_merge(nothing, spec.n > 0 ? spec : nothing, &canonical);
	if (!err_is(e))
		e = plan_add(tx, store_new_id(by->store), name, buf_span(&canonical), by->uid, by->now_ms);
	buf_free(&canonical);
	return e;
}

static struct err edit(struct txn *tx, const struct staff *by, struct plan *p, struct span change,
                       bool *ret_changed)
{
	struct buf canonical;
	buf_init(&canonical, PLAN_SPEC_OCTETS);
	struct err e = spec_merge(buf_span(&p->spec), change, &canonical);
	const bool same = canonical.n == p->spec.n && memcmp(canonical.p, p->spec.p, p->spec.n) == 0;
	if (err_is(e) || same) {
		buf_free(&canonical);
		return e;
	}
	buf_free(&p->spec);
	p->spec = canonical;
	*ret_changed = true;
	return back_to_draft(tx, by, p);
}

struct err plan_edit(struct txn *tx, const struct staff *by, const char *name, struct span change,
                     bool *ret_changed)
{
	struct plan p;
	struct err e = plan_find(tx, name, &p);
	if (err_is(e))
		return e;
	*ret_changed = false;
	e = edit(tx, by, &p, change, ret_changed);
	plan_wipe(&p);
	return e;
}

/* ---- texts */

static void set_reviewed(struct plan *p, const cJSON *reviewed)
{
	char *text = cJSON_PrintUnformatted(reviewed);
	buf_free(&p->reviewed);
	buf_init(&p->reviewed, PLAN_SPEC_OCTETS);
	buf_add_text(&p->reviewed, text != NULL ? text : "{}");
	cJSON_free(text);
}

static cJSON *get_reviewed(const struct plan *p)
{
	cJSON *reviewed = cJSON_ParseWithLength((const char *)p->reviewed.p, p->reviewed.n);
	return reviewed != NULL ? reviewed : cJSON_CreateObject();
}

/* A text that is another one now was read by nobody. */
static struct err forget_reviews(struct txn *tx, const struct staff *by, struct plan *p,
                                 const struct message *now)
{
	struct message before;
	if (p->revision == 0)
		return ERR_NONE_VALUE;
	struct err e = outgoing_read(tx, by->vault, p->revision, &before);
	if (err_is(e))
		return e;
	cJSON *reviewed = get_reviewed(p);
	for (int l = 0; l < LANGUAGE_PEOPLE; l++)
		if (before.text[l].n != now->text[l].n ||
		    (now->text[l].n > 0 && memcmp(before.text[l].p, now->text[l].p, now->text[l].n) != 0))
			cJSON_DeleteItemFromObjectCaseSensitive(reviewed, language_tag((enum language)l));
	set_reviewed(p, reviewed);
	cJSON_Delete(reviewed);
	message_free(&before);
	return e;
}

static struct err set_texts(struct txn *tx, const struct staff *by, struct plan *p,
                            struct span message, bool *ret_changed)
{
	struct message m;
	struct span texts[LANGUAGE_COUNT];
	int64_t revision = 0;
	struct err e = message_read(message, &m);
	if (err_is(e))
		return e;
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		texts[l] = buf_span(&m.text[l]);
	e = outgoing_revision(tx, by->store, by->vault, texts, by->now_ms, &revision);
	if (!err_is(e) && revision != p->revision) {
		e = forget_reviews(tx, by, p, &m);
		p->revision = revision;
		*ret_changed = true;
		if (!err_is(e))
			e = back_to_draft(tx, by, p);
	}
	if (!err_is(e) && m.fallback != LANGUAGE_UNKNOWN) {
		char change[64];
		(void)snprintf(change, sizeof change, "{\"fallback\":[\"%s\"]}", language_tag(m.fallback));
		struct spec s;
		e = spec_read(buf_span(&p->spec), &s);
		if (!err_is(e) && (s.fallbacks == 0 || s.fallback[0] != m.fallback))
			e = edit(tx, by, p, span_of(change), ret_changed);
		if (e.code == ERR_OK)
			spec_free(&s);
	}
	message_free(&m);
	return e;
}

struct err plan_texts(struct txn *tx, const struct staff *by, const char *name, struct span message,
                      bool *ret_changed)
{
	struct plan p;
	struct err e = plan_find(tx, name, &p);
	if (err_is(e))
		return e;
	*ret_changed = false;
	e = set_texts(tx, by, &p, message, ret_changed);
	plan_wipe(&p);
	return e;
}

struct err plan_text(struct txn *tx, struct vault *v, const struct plan *p, enum language l,
                     struct message *ret)
{
	if (p->revision == 0)
		return err_make(ERR_ABSENT, "find its text", "give it texts first", "%s", language_tag(l));
	struct err e = outgoing_read(tx, v, p->revision, ret);
	if (!err_is(e) && ret->text[l].n == 0) {
		message_free(ret);
		e = err_make(ERR_ABSENT, "find its text", NULL, "%s", language_tag(l));
	}
	return e;
}

struct err plan_reviewed(struct txn *tx, const struct staff *by, const char *name, enum language l,
                         const char *reader)
{
	struct plan p;
	struct message m;
	if (span_trim(span_of(reader)).n == 0 || strlen(reader) > PLAN_NAME_MAX)
		return err_make(ERR_INPUT, "write down who read the text", "say --by NAME, 64 octets at most",
		                NULL);
	struct err e = plan_find(tx, name, &p);
	if (err_is(e))
		return e;
	e = plan_text(tx, by->vault, &p, l, &m);
	if (!err_is(e))
		message_free(&m);
	if (!err_is(e)) {
		char detail[PLAN_NAME_MAX * 2 + 32];
		cJSON *reviewed = get_reviewed(&p);
		cJSON_DeleteItemFromObjectCaseSensitive(reviewed, language_tag(l));
		(void)cJSON_AddStringToObject(reviewed, language_tag(l), reader);
		set_reviewed(&p, reviewed);
		cJSON_Delete(reviewed);
		(void)snprintf(detail, sizeof detail, "%s: %s by %s", name, language_tag(l), reader);
		e = plan_save(tx, &p, by->now_ms);
		if (!err_is(e))
			e = audit_add(tx, by->uid, "campaign review", detail, by->now_ms);
	}
	plan_wipe(&p);
	return e;
}

/* ---- a file of all of it */

/* Takes a member out of the file, as text: what is left is the spec. */
static struct err take_member(cJSON *root, const char *key, struct buf *ret)
{
	cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(root, key);
	cJSON *wrap = cJSON_CreateObject();
	if (item != NULL)
		(void)cJSON_AddItemToObject(wrap, key, item);
	char *text = cJSON_PrintUnformatted(wrap);
	if (item != NULL && text != NULL)
		buf_add_text(ret, text);
	const bool lost = text == NULL || ret->failed;
	cJSON_free(text);
	cJSON_Delete(wrap);
	return lost ? err_make(ERR_MEMORY, "read the campaign", NULL, NULL) : ERR_NONE_VALUE;
}

static struct err apply(struct txn *tx, const struct staff *by, const char *name, struct span texts,
                        struct span spec, bool *ret_changed)
{
	struct plan p;
	struct err e = plan_find(tx, name, &p);
	if (e.code == ERR_ABSENT) {
		*ret_changed = true;
		e = plan_new(tx, by, name, spec);
		if (!err_is(e))
			e = plan_find(tx, name, &p);
	}
	if (err_is(e))
		return e;
	if (texts.n > 0)
		e = set_texts(tx, by, &p, texts, ret_changed);
	if (!err_is(e))
		e = edit(tx, by, &p, spec, ret_changed);
	plan_wipe(&p);
	return e;
}

struct err plan_apply(struct txn *tx, const struct staff *by, struct span file,
                      char ret_name[PLAN_NAME_MAX + 1], bool *ret_changed)
{
	struct buf texts;
	buf_init(&texts, MESSAGE_OCTETS);
	cJSON *root = file.n > 0 && memchr(file.p, '\0', file.n) == NULL
	              ? cJSON_ParseWithLength((const char *)file.p, file.n) : NULL;
	cJSON *name = cJSON_DetachItemFromObjectCaseSensitive(root, "name");
	struct err e = !cJSON_IsObject(root) || !cJSON_IsString(name)
	               ? err_make(ERR_INPUT, "read the campaign's file",
	                          "write {\"name\":\"…\",\"texts\":{…},…}", NULL)
	               : check_name(name->valuestring);
	*ret_changed = false;
	if (!err_is(e))
		e = take_member(root, "texts", &texts);
	char *rest = err_is(e) ? NULL : cJSON_PrintUnformatted(root);
	if (!err_is(e) && rest == NULL)
		e = err_make(ERR_MEMORY, "read the campaign's file", NULL, NULL);
	if (!err_is(e)) {
		(void)text_copy(ret_name, PLAN_NAME_MAX + 1, name->valuestring); /* check_name() */
		e = apply(tx, by, name->valuestring, buf_span(&texts), span_of(rest), ret_changed);
	}
	cJSON_free(rest);
	cJSON_Delete(name);
	cJSON_Delete(root);
	buf_wipe(&texts);
	return e;
}
