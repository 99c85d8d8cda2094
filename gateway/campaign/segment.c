/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/segment.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campaign/contact_list.h"
#include "text/language.h"
#include "text/script.h"
#include "base/banned.h"

#define VALUES_MAX 64

static bool is_language(const char *v)
{
	enum language l = LANGUAGE_UNKNOWN;
	return language_parse(span_of(v), &l) && l < LANGUAGE_PEOPLE && strcmp(language_tag(l), v) == 0;
}

static bool is_script(const char *v)
{
	for (enum script s = 0; s < SCRIPT_COUNT; s++)
		if (strcmp(script_word(s), v) == 0)
			return true;
	return false;
}

static bool is_country(const char *v)
{
	return strlen(v) == 2 && v[0] >= 'A' && v[0] <= 'Z' && v[1] >= 'A' && v[1] <= 'Z';
}

static bool is_word(const char *v)
{
	const size_t n = strlen(v);
	return n > 0 && n < REGION_LIMIT && strspn(v, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static bool is_tag(const char *v)
{
	char tag[TAG_LIMIT];
	return contact_tag_clean(span_of(v), tag) && strcmp(tag, v) == 0;
}

static const struct list_member {
	const char *name;
	bool (*is_good)(const char *value);
	size_t at;
	const char *next;
} lists[SEGMENT_LISTS] = {
	{ "language", is_language, offsetof(struct contact_filter, language),
	  "a list of kk, ru, uz, uz-Cyrl, ky, tg" },
	{ "script", is_script, offsetof(struct contact_filter, script), "a list of native, plain, latin" },
	{ "region", is_word, offsetof(struct contact_filter, region),
	  "a list of regions as messages/places.json names them: almaty" },
	{ "country", is_country, offsetof(struct contact_filter, country),
	  "a list of countries in two capital letters: KZ" },
	{ "operator", is_word, offsetof(struct contact_filter, operator_),
	  "a list of operators as messages/prefixes.json names them: kcell" },
	{ "tag", is_tag, offsetof(struct contact_filter, tag), "a list of tags" },
	{ "not_tag", is_tag, offsetof(struct contact_filter, not_tag), "a list of tags" },
};

static const struct day_member {
	const char *name;
	size_t at;
} days[] = {
	{ "reached_before", offsetof(struct contact_filter, reached_before_ms) },
	{ "reached_since", offsetof(struct contact_filter, reached_since_ms) },
	{ "engaged_before", offsetof(struct contact_filter, engaged_before_ms) },
	{ "engaged_since", offsetof(struct contact_filter, engaged_since_ms) },
};

static struct err bad(const char *name, const char *next)
{
	return err_make(ERR_INPUT, "read the filter:", next, "%.40s", name);
}

static struct err no_memory(void)
{
	return err_make(ERR_MEMORY, "read the filter", NULL, NULL);
}

static int by_octets(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* A sorted copy of the list goes into `to` and, printed, into *ret. */
static struct err read_list(const cJSON *from, const struct list_member *m, cJSON *to, char **ret)
{
	const char *value[VALUES_MAX];
	size_t n = 0;
	const cJSON *one;
	if (!cJSON_IsArray(from) || cJSON_GetArraySize(from) == 0)
		return bad(m->name, m->next);
	cJSON_ArrayForEach(one, from) {
		if (!cJSON_IsString(one) || !m->is_good(one->valuestring))
			return bad(m->name, m->next);
		if (n == VALUES_MAX)
			return bad(m->name, "64 values at most");
		value[n++] = one->valuestring;
	}
	qsort(value, n, sizeof value[0], by_octets);
	cJSON *list = cJSON_AddArrayToObject(to, m->name);
	for (size_t i = 0; i < n && list != NULL; i++) {
		if (i > 0 && strcmp(value[i], value[i - 1]) == 0)
			continue;
		if (!cJSON_AddItemToArray(list, cJSON_CreateString(value[i])))
			return no_memory();
	}
	*ret = list != NULL ? cJSON_PrintUnformatted(list) : NULL;
	return *ret != NULL ? ERR_NONE_VALUE : no_memory();
}

static struct err read_day(const cJSON *from, const struct day_member *m, cJSON *to, int64_t *ret)
{
	char iso[21];
	if (!cJSON_IsString(from) ||
	    contact_date_parse(span_of(from->valuestring), ret) != CONTACT_DATE_OK)
		return bad(m->name, "a day as 2026-05-12");
	clock_iso(*ret, iso);
	iso[10] = '\0'; /* the day alone */
	return cJSON_AddStringToObject(to, m->name, iso) != NULL ? ERR_NONE_VALUE : no_memory();
}

static struct err check_names(const cJSON *root)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, root) {
		bool known = false;
		for (size_t i = 0; i < SEGMENT_LISTS; i++)
			known = known || strcmp(one->string, lists[i].name) == 0;
		for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
			known = known || strcmp(one->string, days[i].name) == 0;
		if (!known)
			return err_make(ERR_INPUT, "read the filter:",
			                "language, script, region, country, operator, tag, not_tag, "
			                "reached_before, reached_since, engaged_before or engaged_since",
			                "%.40s is none of its members", one->string);
		if (cJSON_GetObjectItemCaseSensitive(root, one->string) != one)
			return bad(one->string, "name it once");
	}
	return ERR_NONE_VALUE;
}

static struct err read_members(const cJSON *root, cJSON *canonical, struct segment *s)
{
	struct err e = check_names(root);
	for (size_t i = 0; i < SEGMENT_LISTS && !err_is(e); i++) {
		const cJSON *from = cJSON_GetObjectItemCaseSensitive(root, lists[i].name);
		if (from == NULL)
			continue;
		e = read_list(from, &lists[i], canonical, &s->list[i]);
		*(const char **)(void *)((char *)&s->filter + lists[i].at) = s->list[i];
	}
	for (size_t i = 0; i < sizeof days / sizeof days[0] && !err_is(e); i++) {
		const cJSON *from = cJSON_GetObjectItemCaseSensitive(root, days[i].name);
		if (from != NULL)
			e = read_day(from, &days[i], canonical,
			             (int64_t *)(void *)((char *)&s->filter + days[i].at));
	}
	return e;
}

struct err segment_read(struct span json, struct segment *ret)
{
	struct segment s = { .json = NULL };
	if (json.n >= FILTER_OCTETS)
		return bad("it", "8 KiB at most");
	cJSON *root = cJSON_ParseWithLength((const char *)json.p, json.n);
	cJSON *canonical = cJSON_CreateObject();
	struct err e = !cJSON_IsObject(root) ? bad("it", "a JSON object: {\"language\":[\"ky\"]}")
	               : canonical == NULL ? no_memory() : read_members(root, canonical, &s);
	if (!err_is(e))
		s.json = cJSON_PrintUnformatted(canonical);
	if (!err_is(e) && s.json == NULL)
		e = no_memory();
	if (!err_is(e) && strlen(s.json) >= FILTER_OCTETS)
		e = bad("it", "8 KiB at most");
	cJSON_Delete(root);
	cJSON_Delete(canonical);
	if (err_is(e))
		segment_free(&s);
	else
		*ret = s;
	return e;
}

void segment_free(struct segment *s)
{
	for (size_t i = 0; i < SEGMENT_LISTS; i++)
		free(s->list[i]);
	free(s->json);
	*s = (struct segment){ .json = NULL };
}

bool segment_name_is_good(const char *name)
{
	char tag[TAG_LIMIT];
	return contact_tag_clean(span_of(name), tag);
}
