/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/preview.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/clock.h"
#include "campaign/outgoing.h"
#include "base/banned.h"

static const struct {
	const char *word, *next;
} blockers[BLOCKER_COUNT] = {
#define X(id, word, next) [BLOCKER_##id] = { word, next },
	BLOCKERS(X)
#undef X
};
const char *blocker_word(enum blocker b) { return blockers[b].word; }
const char *blocker_next(enum blocker b) { return blockers[b].next; }

/* ---- the texts */

static void find_ucs2(struct span text, char ret[8])
{
	uint32_t c = 0;
	ret[0] = '\0';
	while (utf8_next(&text, &c)) {
		struct buf b;
		if (gsm7_septets(c) > 0)
			continue;
		buf_init(&b, 7);
		utf8_add(&b, c);
		const char *letter = buf_text(&b);
		(void)text_copy(ret, 8, letter != NULL ? letter : "");
		buf_free(&b);
		return;
	}
}

/* What a template leaves to be filled in: braces, or a number that is XXX or zeros. */
static bool has_placeholder(struct span t)
{
	unsigned zeros = 0, crosses = 0;
	for (size_t i = 0; i < t.n; i++) {
		zeros = t.p[i] == '0' ? zeros + 1 : 0;
		crosses = t.p[i] == 'X' || t.p[i] == 'x' ? crosses + 1 : 0;
		if (t.p[i] == '{' || t.p[i] == '}' || zeros == 6 || crosses == 3)
			return true;
	}
	return memmem(t.p, t.n, "123456", 6) != NULL;
}

static struct err read_texts(struct txn *tx, const struct preview_of *of, const struct plan *p,
                             struct preview *v)
{
	if (p->revision == 0) {
		v->blocks[BLOCKER_NO_TEXTS] = true;
		return ERR_NONE_VALUE;
	}
	if (!vault_people_is_open(of->vault)) {
		v->blocks[BLOCKER_LOCKED] = true;
		return ERR_NONE_VALUE;
	}
	struct err e = outgoing_read(tx, of->vault, p->revision, &v->message);
	if (err_is(e))
		return e;
	cJSON *reviewed = cJSON_ParseWithLength((const char *)p->reviewed.p, p->reviewed.n);
	for (int l = 0; l < LANGUAGE_PEOPLE; l++) {
		struct preview_language *one = &v->language[l];
		const struct span text = buf_span(&v->message.text[l]);
		if (text.n == 0)
			continue;
		one->has_text = true;
		one->alphabet = v->message.parts[l].alphabet;
		one->parts_each = v->message.parts[l].count;
		one->is_reviewed = cJSON_GetObjectItemCaseSensitive(reviewed,
		                   language_tag((enum language)l)) != NULL;
		find_ucs2(text, one->ucs2);
		if (has_placeholder(text))
			v->blocks[BLOCKER_PLACEHOLDER] = true;
	}
	cJSON_Delete(reviewed);
	return ERR_NONE_VALUE;
}

/* ---- the people */

struct counting {
	const struct spec *spec;
	struct preview *v;
};

static void count(const char *language, const char *script, int64_t n, void *arg)
{
	struct counting *c = arg;
	struct contact_facts f = { .country = "" };
	(void)text_copy(f.language, sizeof f.language, language);
	(void)text_copy(f.script, sizeof f.script, script);
	const enum language l = spec_language(c->spec, &c->v->message, spec_contact_language(&f));
	if (l == LANGUAGE_UNKNOWN) {
		c->v->without_text += n;
		return;
	}
	c->v->language[l].people += n;
	c->v->language[l].parts += n * c->v->language[l].parts_each;
	c->v->people += n;
	c->v->parts += n * c->v->language[l].parts_each;
}

static struct err count_people(struct txn *tx, const struct preview_of *of, const struct spec *s,
                               struct preview *v)
{
	struct segment f;
	struct counting c = { .spec = s, .v = v };
	struct err e = spec_filter(tx, s, of->now_ms, &f);
	if (err_is(e))
		return e;
	e = contacts_count_languages(tx, &f.filter, count, &c);
	segment_free(&f);
	v->price = v->parts * of->part_price;
	return e;
}

/* ---- the time */

/* The first and the last minute, walked through the hours of `others`: who lives elsewhere has them
 * an hour or two apart. */
static void walk_hours(const struct preview_of *of, const struct plan *p, const struct spec *s,
                       struct preview *v)
{
	const int64_t begin_ms = s->at_ms > of->now_ms ? s->at_ms : of->now_ms;
	const int64_t ends_ms = begin_ms + s->days * DAY_MS;
	int64_t left_ms = of->links_ready > 0 ? v->parts * PART_MS / of->links_ready : 0;
	const int64_t by_rate_ms = s->rate > 0 ? v->people * 3600000 / s->rate : 0;
	left_ms = left_ms > by_rate_ms ? left_ms : by_rate_ms;
	v->hours = (double)left_ms / 3600000;
	int64_t at_ms = begin_ms, open_ms = 0, closes_ms = 0;
	if (p->any_hour) {
		v->first_ms = begin_ms;
		v->last_ms = begin_ms + left_ms;
	}
	for (int n = 0; n < 3 * HOURS_DAYS && !p->any_hour && v->last_ms == 0; n++) {
		if (!hours_next(of->hours, "", at_ms, &open_ms, &closes_ms) || open_ms >= ends_ms)
			break;
		v->first_ms = v->first_ms == 0 ? open_ms : v->first_ms;
		if (closes_ms - open_ms >= left_ms)
			v->last_ms = open_ms + left_ms;
		left_ms -= closes_ms - open_ms;
		at_ms = closes_ms;
	}
	v->blocks[BLOCKER_CLOSED] = v->first_ms == 0;
	v->blocks[BLOCKER_TOO_LONG] = v->first_ms != 0 && (v->last_ms == 0 || v->last_ms > ends_ms);
}

struct err preview_plan(struct txn *tx, const struct preview_of *of, const struct plan *p,
                        const struct spec *s, struct preview *ret)
{
	struct preview v = { .people = 0 };
	struct err e = read_texts(tx, of, p, &v);
	if (!err_is(e) && spec_has_audience(s))
		e = count_people(tx, of, s, &v);
	if (!err_is(e))
		e = halt_get(tx, &v.blocks[BLOCKER_HALTED]);
	if (err_is(e)) {
		preview_free(&v);
		return e;
	}
	v.blocks[BLOCKER_NO_AUDIENCE] = !spec_has_audience(s);
	const bool is_known = !v.blocks[BLOCKER_NO_AUDIENCE] && !v.blocks[BLOCKER_LOCKED] &&
	                      !v.blocks[BLOCKER_NO_TEXTS];
	v.blocks[BLOCKER_NOBODY] = is_known && v.people == 0;
	v.blocks[BLOCKER_NO_LINK] = of->links_ready == 0;
	v.blocks[BLOCKER_CEILING] = s->ceiling > 0 && v.price > s->ceiling;
	for (int l = 0; l < LANGUAGE_PEOPLE; l++)
		if (v.language[l].people > 0 && !v.language[l].is_reviewed)
			v.blocks[BLOCKER_UNREVIEWED] = true;
	walk_hours(of, p, s, &v);
	*ret = v;
	return e;
}

void preview_free(struct preview *v) { message_free(&v->message); }
