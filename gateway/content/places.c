/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/places.json: towns and regions in all their names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/inside.h"
#include "content/topics.h"
#include "base/banned.h"

#define FILE_NAME "places.json"
#define PLACES_MAX 1024u
#define NAME_OCTETS_MAX 256u
#define VOWEL_WORD_OCTETS 8u /* of a word that may lose its last vowel */

static void read_endings(const cJSON *list, struct lexicon *x, struct faults *f)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, list) {
		const char *fault = cJSON_IsString(one)
		                    ? lexicon_add_ending(x, span_of(one->valuestring))
		                    : "every ending stands in quotes";
		if (fault != NULL)
			fault_add(f, FILE_NAME, "endings", fault);
	}
}

static const struct {
	const char *key;
	enum sign sign;
} sign_keys[] = { { "before", SIGN_BEFORE }, { "from", SIGN_FROM }, { "after", SIGN_AFTER } };

static void read_signs(const cJSON *signs, struct lexicon *x, struct faults *f)
{
	static const char *const names[] = { "before", "from", "after", NULL };
	json_members(signs, names, FILE_NAME, "signs", f);
	for (size_t i = 0; i < sizeof sign_keys / sizeof sign_keys[0]; i++) {
		const struct meaning m = { .kind = MEANS_SIGN, .value = (uint16_t)sign_keys[i].sign,
			.is_exact = true };
		const cJSON *one;
		cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(signs, sign_keys[i].key)) {
			const char *fault = cJSON_IsString(one)
			                    ? lexicon_add(x, span_of(one->valuestring), &m)
			                    : "every word stands in quotes";
			if (fault != NULL)
				fault_add(f, FILE_NAME, "signs", fault);
		}
	}
}

/* ---- names */
/* A name takes the endings of cases; Russian puts them in the place of a last vowel. */
static void add_name(struct lexicon *x, const char *name, const struct meaning *m, const char *key,
                     struct faults *f)
{
	static const char *const vowels[] = { "а", "я", "ы", "и", "е", "о", "a" };
	struct buf b;
	buf_init(&b, NAME_OCTETS_MAX);
	buf_add_text(&b, name);
	buf_add_text(&b, "~");
	size_t start = strlen(name);
	while (start > 0 && name[start - 1] != ' ' && name[start - 1] != '-')
		start--;
	const struct span last = span_of(name + start);
	for (size_t i = 0; i < sizeof vowels / sizeof vowels[0]; i++) {
		const size_t n = strlen(vowels[i]);
		if (last.n < VOWEL_WORD_OCTETS || memcmp(last.p + last.n - n, vowels[i], n) != 0)
			continue;
		buf_add_text(&b, "|");
		buf_add(&b, span_make(last.p, last.n - n));
		buf_add_text(&b, "~");
	}
	const char *fault = b.failed ? "it is too long" : lexicon_add(x, buf_span(&b), m);
	buf_free(&b);
	if (fault == NULL)
		return;
	char where[ERR_WHOM_LIMIT];
	(void)snprintf(where, sizeof where, "%.40s \"%.60s\"", key, name);
	fault_add(f, FILE_NAME, where, fault);
}

static void read_names(const cJSON *place, const char *list, bool is_doubtful, size_t number,
                       struct lexicon *x, struct faults *f)
{
	const struct meaning m = { .kind = MEANS_PLACE, .value = (uint16_t)number,
		.is_weak = is_doubtful, .is_exact = is_doubtful, .is_close = true };
	const cJSON *names = cJSON_GetObjectItemCaseSensitive(place, list), *one;
	if (names != NULL && !cJSON_IsArray(names))
		fault_add(f, FILE_NAME, place->string, "names are a list");
	cJSON_ArrayForEach(one, names) {
		if (cJSON_IsString(one))
			add_name(x, one->valuestring, &m, place->string, f);
		else
			fault_add(f, FILE_NAME, place->string, "every name stands in quotes");
	}
}

static const struct place *region_of(const struct places *p, const char *id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].kind == PLACE_REGION && strcmp(p->list[i].id, id) == 0)
			return &p->list[i];
	return NULL;
}

static void read_place(const cJSON *one, enum place_kind kind, struct places *p,
                       struct lexicon *x, struct faults *f)
{
	static const char *const names[] = { "names", "doubtful", "region", "country", NULL };
	json_members(one, names, FILE_NAME, one->string, f);
	struct place new = { .kind = kind };
	const char *region = json_string(one, "region", kind == PLACE_TOWN, FILE_NAME, one->string, f);
	const char *country =
		json_string(one, "country", kind == PLACE_ABROAD, FILE_NAME, one->string, f);
	if (!text_copy(new.id, sizeof new.id, one->string) ||
	    !text_copy(new.region, sizeof new.region, region) ||
	    !text_copy(new.country, sizeof new.country, country)) {
		fault_add(f, FILE_NAME, one->string, "a name of a place has at most 31 letters");
		return;
	}
	if (kind == PLACE_REGION)
		(void)text_copy(new.region, sizeof new.region, one->string);
	if (kind == PLACE_TOWN && region_of(p, region) == NULL)
		fault_add(f, FILE_NAME, one->string, "no such region is known");
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].kind == kind && strcmp(p->list[i].id, new.id) == 0)
			fault_add(f, FILE_NAME, one->string, "it stands there twice");
	struct place *list = p->n < PLACES_MAX
	                     ? reallocarray(p->list, p->n + 1, sizeof *list) : NULL;
	if (list == NULL) {
		fault_add(f, FILE_NAME, one->string, "there are too many places");
		return;
	}
	p->list = list;
	p->list[p->n] = new;
	read_names(one, "names", false, p->n, x, f);
	read_names(one, "doubtful", true, p->n, x, f);
	p->n++;
}

void places_read(const char *folder, struct places *ret, struct lexicon *x, struct faults *f)
{
	static const char *const outer[] = { "endings", "signs", "regions", "towns", "abroad", NULL };
	static const char *const kinds[] = { [PLACE_REGION] = "regions", [PLACE_TOWN] = "towns",
		[PLACE_ABROAD] = "abroad" };
	*ret = (struct places){ .n = 0 };
	cJSON *root = json_read(folder, FILE_NAME, f);
	if (root == NULL)
		return;
	json_members(root, outer, FILE_NAME, NULL, f);
	read_endings(cJSON_GetObjectItemCaseSensitive(root, "endings"), x, f);
	read_signs(cJSON_GetObjectItemCaseSensitive(root, "signs"), x, f);
	for (enum place_kind k = PLACE_REGION; k <= PLACE_ABROAD; k++) {
		const cJSON *one;
		cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(root, kinds[k]))
			read_place(one, k, ret, x, f);
	}
	cJSON_Delete(root);
}

void places_free(struct places *p)
{
	free(p->list);
	*p = (struct places){ .n = 0 };
}

bool content_place(const struct content *c, const char *id, bool is_town, const char **ret_town,
                   const char **ret_region)
{
	const enum place_kind kind = is_town ? PLACE_TOWN : PLACE_REGION;
	for (size_t i = 0; i < c->places.n; i++) {
		const struct place *p = &c->places.list[i];
		if (p->kind != kind || strcmp(p->id, id) != 0)
			continue;
		*ret_town = is_town ? p->id : NULL;
		*ret_region = p->region;
		return true;
	}
	return false;
}

/* ---- which one is meant */
static bool has_sign(const struct matches *m, size_t at, enum sign sign)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct match *s = &m->match[i];
		if (s->meaning->kind == MEANS_SIGN && s->meaning->value == sign && s->at[0] == at)
			return true;
	}
	return false;
}

/* «орал» is a town and "he shouted": it is the town where a case or another word says so. */
static bool is_meant(const struct match *place, const struct matches *m)
{
	const size_t first = place->at[0], last = place->at[place->words - 1];
	return !place->meaning->is_weak || place->has_case || has_sign(m, last + 1, SIGN_AFTER) ||
	       (first > 0 && (has_sign(m, first - 1, SIGN_BEFORE) ||
	                      has_sign(m, first - 1, SIGN_FROM)));
}

/* A town says more than a region, and where someone is more than where they come from. */
static unsigned rank(const struct match *match, const struct place *p, const struct matches *m)
{
	const bool from = match->at[0] > 0 && has_sign(m, match->at[0] - 1u, SIGN_FROM);
	const unsigned kind = p->kind == PLACE_TOWN ? 3 : p->kind == PLACE_REGION ? 2 : 1;
	return 100 * kind + (from ? 0 : 50) + 10u * match->words - match->typos;
}

const struct place *places_pick(const struct places *p, const struct matches *m)
{
	const struct place *best = NULL;
	unsigned highest = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct match *match = &m->match[i];
		if (match->meaning->kind != MEANS_PLACE || !is_meant(match, m))
			continue;
		const struct place *place = &p->list[match->meaning->value];
		const unsigned r = rank(match, place, m);
		if (r > highest) {
			highest = r;
			best = place;
		}
	}
	return best;
}
