/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/message.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct err bad(const char *next, const char *what, const char *key)
{
	return err_make(ERR_INPUT, "read the message file:", next, "%s%.60s", what, key);
}

static struct err read_text(const cJSON *item, struct message *m)
{
	enum language l = LANGUAGE_UNKNOWN;
	if (!language_parse(span_of(item->string), &l) || l >= LANGUAGE_PEOPLE)
		return bad("the languages are kk, ru, uz, uz-Cyrl, ky and tg", "texts: ", item->string);
	if (m->text[l].n > 0)
		return bad("leave one of the two out", "texts: two of ", language_tag(l));
	if (!cJSON_IsString(item))
		return bad("write the text in quotes", "texts.", language_tag(l));
	buf_init(&m->text[l], TEXT_OCTETS_MAX);
	buf_add_text(&m->text[l], item->valuestring);
	if (m->text[l].failed)
		return bad("make it shorter", "texts.", language_tag(l));
	switch (parts_split(buf_span(&m->text[l]), &m->parts[l])) {
	case TEXT_OK:
		return ERR_NONE_VALUE;
	case TEXT_EMPTY:
		return bad("write it, or leave the language out", "empty texts.", language_tag(l));
	case TEXT_TOO_MANY_PARTS:
		return bad("make it shorter: 10 parts at most", "texts.", language_tag(l));
	case TEXT_BAD_UTF8:
		break;
	}
	return bad("save it as UTF-8, without control characters", "texts.", language_tag(l));
}

static struct err read_texts(const cJSON *texts, struct message *m)
{
	if (!cJSON_IsObject(texts) || texts->child == NULL)
		return bad("give it a text for each language", "texts", "");
	for (const cJSON *item = texts->child; item != NULL; item = item->next) {
		struct err e = read_text(item, m);
		if (err_is(e))
			return e;
	}
	return ERR_NONE_VALUE;
}

/* The first of the list has a text (each one has), so it is the one that counts. */
static struct err read_fallback(const cJSON *list, struct message *m)
{
	if (list == NULL)
		return ERR_NONE_VALUE;
	if (!cJSON_IsArray(list))
		return bad("write it as [\"ru\"]", "fallback", "");
	for (const cJSON *item = list->child; item != NULL; item = item->next) {
		enum language l = LANGUAGE_UNKNOWN;
		if (!cJSON_IsString(item) || !language_parse(span_of(item->valuestring), &l) ||
		    l >= LANGUAGE_PEOPLE)
			return bad("the languages are kk, ru, uz, uz-Cyrl, ky and tg", "fallback", "");
		if (m->text[l].n == 0)
			return bad("name languages that have a text", "fallback ", language_tag(l));
		if (m->fallback == LANGUAGE_UNKNOWN)
			m->fallback = l;
	}
	return ERR_NONE_VALUE;
}

static struct err read_keys(const cJSON *root, struct message *m)
{
	const cJSON *texts = NULL, *fallback = NULL;
	if (!cJSON_IsObject(root))
		return bad("write {\"texts\":{\"ru\":\"…\"},\"fallback\":[\"ru\"]}", "no object", "");
	for (const cJSON *item = root->child; item != NULL; item = item->next) {
		const cJSON **at = strcmp(item->string, "texts") == 0 ? &texts
		                   : strcmp(item->string, "fallback") == 0 ? &fallback : NULL;
		if (at == NULL)
			return bad("its keys are texts and fallback", "unknown key ", item->string);
		if (*at != NULL)
			return bad("leave one of the two out", "two of ", item->string);
		*at = item;
	}
	struct err e = read_texts(texts, m);
	return err_is(e) ? e : read_fallback(fallback, m);
}

/* cJSON ends a string at its NUL, so an escaped one would cut a text without a word. */
static bool has_nul(struct span s)
{
	return memchr(s.p, '\0', s.n) != NULL || memmem(s.p, s.n, "\\u0000", 6) != NULL;
}

struct err message_read(struct span json, struct message *ret)
{
	struct message m = { .fallback = LANGUAGE_UNKNOWN };
	json = span_trim(json);
	if (json.n == 0)
		return bad("write {\"texts\":{\"ru\":\"…\"},\"fallback\":[\"ru\"]}", "it is empty", "");
	if (has_nul(json))
		return bad("save it as UTF-8, without NUL characters", "not a text file", "");
	const char *end = NULL;
	cJSON *root = cJSON_ParseWithLengthOpts((const char *)json.p, json.n, &end, 0);
	struct err e = ERR_NONE_VALUE;
	if (root == NULL || end != (const char *)json.p + json.n) {
		unsigned line = 1;
		for (const uint8_t *p = json.p; end != NULL && p < json.p + json.n &&
		     p < (const uint8_t *)end; p++)
			line += *p == '\n';
		e = err_make(ERR_INPUT, "read the message file:", "check its quotes and commas",
		             "no JSON in or before line %u", line);
	} else {
		e = read_keys(root, &m);
	}
	cJSON_Delete(root);
	if (err_is(e)) {
		message_free(&m);
		return e;
	}
	*ret = m;
	return e;
}

enum language message_language(const struct message *m, enum language l)
{
	return l < LANGUAGE_PEOPLE && m->text[l].n > 0 ? l : m->fallback;
}

void message_free(struct message *m)
{
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		buf_free(&m->text[l]);
}
