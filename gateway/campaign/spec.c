/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/spec.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/banned.h"

static struct err bad(const char *next, const char *key)
{
	return err_make(ERR_INPUT, "read the campaign:", next, "%.40s", key);
}

/* ---- one member each */

static struct err read_organisation(const cJSON *item, struct spec *s)
{
	return cJSON_IsString(item) && text_copy(s->organisation, sizeof s->organisation,
	                                         item->valuestring)
	       ? ERR_NONE_VALUE : bad("write it in 100 octets", item->string);
}

static struct err read_audience(const cJSON *item, struct spec *s)
{
	if (cJSON_IsString(item))
		return item->valuestring[0] != '\0' &&
		       text_copy(s->segment, sizeof s->segment, item->valuestring)
		       ? ERR_NONE_VALUE : bad("name a segment", item->string);
	if (!cJSON_IsObject(item))
		return bad("name a segment, or write a filter", item->string);
	char *text = cJSON_PrintUnformatted(item);
	struct segment segment;
	struct err e = text == NULL ? err_make(ERR_MEMORY, "read the campaign", NULL, NULL)
	                            : segment_read(span_of(text), &segment);
	cJSON_free(text);
	if (err_is(e))
		return e;
	buf_add_text(&s->filter, segment.json);
	segment_free(&segment);
	return s->filter.failed ? bad("write a shorter filter", item->string) : ERR_NONE_VALUE;
}

static struct err read_fallback(const cJSON *item, struct spec *s)
{
	const cJSON *tag = NULL;
	if (!cJSON_IsArray(item))
		return bad("write it as [\"ru\"]", item->string);
	cJSON_ArrayForEach(tag, item) {
		enum language l = LANGUAGE_UNKNOWN;
		if (!cJSON_IsString(tag) || s->fallbacks == LANGUAGE_PEOPLE ||
		    !language_parse(span_of(tag->valuestring), &l) || l >= LANGUAGE_PEOPLE)
			return bad("the languages are kk, ru, uz, uz-Cyrl, ky and tg", item->string);
		s->fallback[s->fallbacks++] = l;
	}
	return ERR_NONE_VALUE;
}

/* "2026-12-01 09:00", or with a T between. */
static struct err read_at(const cJSON *item, struct spec *s)
{
	static const struct {
		size_t at, n;
		int64_t min, max;
	} field[] = { { 0, 4, 2000, 9999 }, { 5, 2, 1, 12 }, { 8, 2, 1, 31 }, { 11, 2, 0, 23 },
		{ 14, 2, 0, 59 } };
	int64_t v[5] = { 0 };
	const char *t = cJSON_IsString(item) ? item->valuestring : "";
	bool good = strlen(t) == 16 && t[4] == '-' && t[7] == '-' && (t[10] == ' ' || t[10] == 'T') &&
	            t[13] == ':';
	for (size_t i = 0; i < 5 && good; i++)
		good = int_parse(span_make(t + field[i].at, field[i].n), field[i].min, field[i].max, &v[i]);
	if (!good)
		return bad("write the time as 2026-12-01 09:00", item->string);
	s->at_ms = clock_at((int)v[0], (int)v[1], (int)v[2], (int)(v[3] * 60 + v[4]));
	const struct local_time back = clock_local(s->at_ms);
	return back.day == v[2] ? ERR_NONE_VALUE : bad("there is no such day", item->string);
}

static struct err read_number(const cJSON *item, int64_t min, int64_t max, int64_t *ret)
{
	if (!cJSON_IsNumber(item) || item->valuedouble < (double)min ||
	    item->valuedouble > (double)max || item->valuedouble != floor(item->valuedouble))
		return bad("write a whole number that makes sense there", item->string);
	*ret = (int64_t)item->valuedouble;
	return ERR_NONE_VALUE;
}

static struct err read_rate(const cJSON *item, struct spec *s)
{
	return read_number(item, 1, 3600000, &s->rate);
}

static struct err read_ceiling(const cJSON *item, struct spec *s)
{
	if (!cJSON_IsNumber(item) || !(item->valuedouble > 0 && item->valuedouble <= 1e12))
		return bad("write an amount of money", item->string);
	s->ceiling = (int64_t)llround(item->valuedouble * 100);
	return s->ceiling > 0 ? ERR_NONE_VALUE : bad("write an amount of money", item->string);
}

static struct err read_lifetime(const cJSON *item, struct spec *s)
{
	return read_number(item, 1, 60, &s->days);
}

static struct err read_again(const cJSON *item, struct spec *s)
{
	return read_number(item, 0, 3650, &s->again_days);
}

static struct err read_failed(const cJSON *item, struct spec *s)
{
	return read_number(item, 1, 100, &s->failed_limit);
}

static struct err read_stops(const cJSON *item, struct spec *s)
{
	return read_number(item, 1, 100, &s->stop_limit);
}

/* In the canonical order. */
static const struct {
	const char *key;
	struct err (*read)(const cJSON *item, struct spec *s);
} members[] = {
	{ "organisation", read_organisation }, { "audience", read_audience },
	{ "fallback", read_fallback }, { "at", read_at }, { "rate", read_rate },
	{ "ceiling", read_ceiling }, { "days", read_lifetime }, { "again_after_days", read_again },
	{ "failed_limit", read_failed }, { "stop_limit", read_stops },
};
#define MEMBERS (sizeof members / sizeof members[0])

static size_t find_member(const char *key)
{
	size_t i = 0;
	while (i < MEMBERS && strcmp(members[i].key, key) != 0)
		i++;
	return i;
}

/* ---- all of it */

static cJSON *parse(struct span json)
{
	const char *end = NULL;
	json = span_trim(json);
	if (json.n == 0 || memchr(json.p, '\0', json.n) != NULL)
		return NULL;
	cJSON *root = cJSON_ParseWithLengthOpts((const char *)json.p, json.n, &end, 0);
	if (cJSON_IsObject(root) && end == (const char *)json.p + json.n)
		return root;
	cJSON_Delete(root);
	return NULL;
}

struct err spec_read(struct span json, struct spec *ret)
{
	struct spec s = { .days = 7, .again_days = 30, .failed_limit = 20, .stop_limit = 3 };
	bool seen[MEMBERS] = { false };
	buf_init(&s.filter, FILTER_OCTETS);
	cJSON *root = parse(json);
	struct err e = root == NULL ? bad("write a JSON object", "") : ERR_NONE_VALUE;
	for (const cJSON *item = root != NULL ? root->child : NULL; item != NULL && !err_is(e);
	     item = item->next) {
		const size_t i = find_member(item->string);
		if (i == MEMBERS)
			e = bad("there is no such key", item->string);
		else if (seen[i])
			e = bad("leave one of the two out", item->string);
		else
			e = members[i].read(item, &s);
		if (i < MEMBERS)
			seen[i] = true;
	}
	cJSON_Delete(root);
	if (err_is(e))
		spec_free(&s);
	else
		*ret = s;
	return e;
}

struct err spec_merge(struct span old, struct span change, struct buf *ret)
{
	static const struct span nothing = { (const uint8_t *)"{}", 2 };
	struct spec checked;
	cJSON *from = parse(old.n > 0 ? old : nothing), *by = parse(change), *to = cJSON_CreateObject();
	struct err e = from == NULL || by == NULL || to == NULL ? bad("write a JSON object", "")
	                                                        : ERR_NONE_VALUE;
	for (const cJSON *item = by != NULL ? by->child : NULL; item != NULL && !err_is(e);
	     item = item->next)
		if (find_member(item->string) == MEMBERS)
			e = bad("there is no such key", item->string);
	for (size_t i = 0; i < MEMBERS && !err_is(e); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(by, members[i].key);
		if (item == NULL)
			item = cJSON_GetObjectItemCaseSensitive(from, members[i].key);
		if (item != NULL && !cJSON_IsNull(item) &&
		    !cJSON_AddItemToObject(to, members[i].key, cJSON_Duplicate(item, true)))
			e = err_make(ERR_MEMORY, "read the campaign", NULL, NULL);
	}
	char *text = err_is(e) ? NULL : cJSON_PrintUnformatted(to);
	if (!err_is(e) && text == NULL)
		e = err_make(ERR_MEMORY, "read the campaign", NULL, NULL);
	if (!err_is(e)) {
		e = spec_read(span_of(text), &checked);
		if (!err_is(e)) {
			spec_free(&checked);
			buf_consume(ret, ret->n);
			buf_add_text(ret, text);
			if (ret->failed)
				e = bad("make it shorter", "");
		}
	}
	cJSON_free(text);
	cJSON_Delete(from);
	cJSON_Delete(by);
	cJSON_Delete(to);
	return e;
}

void spec_free(struct spec *s) { buf_free(&s->filter); }

bool spec_has_audience(const struct spec *s) { return s->filter.n > 0 || s->segment[0] != '\0'; }

/* ---- whom */
struct err spec_filter(struct txn *tx, const struct spec *s, int64_t now_ms, struct segment *ret)
{
	struct buf named;
	struct segment segment;
	buf_init(&named, FILTER_OCTETS);
	struct err e = ERR_NONE_VALUE;
	if (s->segment[0] != '\0')
		e = segment_get(tx, s->segment, &named);
	if (!err_is(e) && s->segment[0] != '\0' && named.n == 0)
		e = err_make(ERR_ABSENT, "find the segment", "see safar segment list", "%s", s->segment);
	if (!err_is(e))
		e = segment_read(buf_span(s->segment[0] != '\0' ? &named : &s->filter), &segment);
	buf_free(&named);
	if (err_is(e))
		return e;
	segment.filter.willing_at_ms = now_ms;
	*ret = segment;
	return e;
}

enum language spec_language(const struct spec *s, const struct message *m, enum language l)
{
	if (l < LANGUAGE_PEOPLE && m->text[l].n > 0)
		return l;
	for (size_t i = 0; i < s->fallbacks; i++)
		if (m->text[s->fallback[i]].n > 0)
			return s->fallback[i];
	return LANGUAGE_UNKNOWN;
}

enum language spec_contact_language(const struct contact_facts *f)
{
	enum language l = LANGUAGE_UNKNOWN;
	(void)language_parse(span_of(f->language), &l); /* "" isn't one */
	return l;
}
