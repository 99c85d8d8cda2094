/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts as one body of octets, from which everything that is said is rendered: what waits in the
 * store, what a check measures and what a preview shows. */
#include <stdio.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

static bool put(cJSON *object, const char *name, struct span text)
{
	struct buf copy;
	buf_init(&copy, FILE_OCTETS_MAX);
	buf_add(&copy, text);
	const char *s = buf_text(&copy);
	const bool done = s != NULL && cJSON_AddStringToObject(object, name, s) != NULL;
	buf_wipe(&copy);
	return done;
}

static void print(cJSON *root, bool good, struct buf *ret)
{
	char *text = good ? cJSON_PrintUnformatted(root) : NULL;
	if (text != NULL)
		buf_add_text(ret, text);
	else
		ret->failed = true;
	cJSON_free(text);
	cJSON_Delete(root);
}

/* Names are added in their order, so that the octets depend on the content alone. */
static const enum language in_order[] = {
	LANGUAGE_EN, LANGUAGE_KK, LANGUAGE_KY, LANGUAGE_RU, LANGUAGE_TG, LANGUAGE_UZ, LANGUAGE_UZ_CYRL,
};
_Static_assert(sizeof in_order / sizeof in_order[0] == LANGUAGE_COUNT, "every language, once");

static void add_text(const struct locale *l, const char *key, struct buf *ret)
{
	const struct text *t = locale_text(l, key);
	if (t != NULL)
		buf_add(ret, buf_span(&t->said));
}

/* "1 Title", a line a child; 0 changes the language at the root, and leads back to it below. */
static bool put_menu(cJSON *object, const struct locale *l, const struct topic *t)
{
	char key[TEXT_KEY_LIMIT];
	struct buf menu;
	buf_init(&menu, TEXT_OCTETS_MAX);
	for (size_t i = 0; i < t->children; i++) {
		(void)snprintf(key, sizeof key, "topic.%s.title", t->child[i]->id);
		buf_addf(&menu, "%zu ", i + 1);
		add_text(l, key, &menu);
		buf_add_octet(&menu, '\n');
	}
	if (t->parent != NULL)
		buf_add_text(&menu, "0 ");
	add_text(l, t->parent != NULL ? "line.start" : "line.language", &menu);
	(void)snprintf(key, sizeof key, "menu.%s", t->id);
	const bool done = !menu.failed && put(object, key, buf_span(&menu));
	buf_free(&menu);
	return done;
}

static bool is_title(const char *key)
{
	const size_t n = strlen(key), end = strlen(".title");
	return n > end && strcmp(key + n - end, ".title") == 0;
}

static bool put_language(cJSON *texts, const struct content *c, enum language l, bool is_bare)
{
	const struct locale *locale = &c->locale[l];
	cJSON *one = cJSON_AddObjectToObject(texts, language_tag(l));
	bool good = one != NULL && put(one, BARE_KEY, span_of(BARE_TEXT));
	for (size_t i = 0; i < locale->n && good && !is_bare; i++) {
		const struct text *t = &locale->list[i];
		good = is_title(t->key) || put(one, t->key, buf_span(&t->said));
	}
	for (size_t i = 0; i < c->topics.n && good && !is_bare; i++)
		if (c->topics.list[i].children > 0)
			good = put_menu(one, locale, &c->topics.list[i]);
	return good;
}

static void write_body(const struct content *c, bool is_all, struct buf *ret)
{
	cJSON *root = cJSON_CreateObject();
	cJSON *arguments = cJSON_AddObjectToObject(root, "arguments");
	bool good = arguments != NULL &&
	            put(arguments, "emergency", span_of(c->directory.emergency->number)) &&
	            put(arguments, "hotline", span_of(c->directory.hotline->number));
	cJSON *texts = cJSON_AddObjectToObject(root, "texts");
	good = good && texts != NULL;
	for (size_t i = 0; i < LANGUAGE_COUNT && good; i++)
		if (in_order[i] < LANGUAGE_PEOPLE)
			good = put_language(texts, c, in_order[i],
			                    !is_all && !content_may_speak(c, in_order[i]));
	print(root, good, ret);
}

void content_body(const struct content *c, struct buf *ret) { write_body(c, false, ret); }

void body_of_all(const struct content *c, struct buf *ret) { write_body(c, true, ret); }

void content_body_plain(const struct span texts[LANGUAGE_COUNT], struct buf *ret)
{
	cJSON *root = cJSON_CreateObject();
	cJSON *all = cJSON_AddObjectToObject(root, "plain");
	bool good = all != NULL;
	for (size_t i = 0; i < LANGUAGE_COUNT && good; i++) {
		const enum language l = in_order[i];
		if (texts[l].n == 0)
			continue;
		cJSON *one = cJSON_AddObjectToObject(all, language_tag(l));
		good = one != NULL && put(one, "text", texts[l]);
	}
	print(root, good, ret);
}
