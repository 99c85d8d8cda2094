/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said, as one value that never changes once it is loaded. */
#include "content/content.h"

#include <stdlib.h>

#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

/* ---- loading */
static void read_allowed(const char *list, struct content *c, struct faults *f)
{
	struct span rest = span_of(list);
	while (rest.n > 0) {
		size_t n = 0;
		while (n < rest.n && rest.p[n] != ',')
			n++;
		const struct span tag = span_trim(span_make(rest.p, n));
		enum language l = LANGUAGE_UNKNOWN;
		if (tag.n > 0 && (!language_parse(tag, &l) || l >= LANGUAGE_PEOPLE))
			fault_add(f, "allow-draft", "[content]",
			          "it is a list of kk, ru, uz, uz-Cyrl, ky and tg");
		else if (tag.n > 0)
			c->draft_allowed[l] = true;
		n += n < rest.n ? 1 : 0; /* the comma */
		rest = span_make(rest.p + n, rest.n - n);
	}
}

static void unload(struct content *c)
{
	lexicon_free(c->lexicon);
	places_free(&c->places);
	directory_free(&c->directory);
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		locale_free(&c->locale[l]);
	free(c);
}

struct err content_load(const char *messages_folder, const char *locales_folder,
                        const char *allow_draft,
                        void (*report)(const struct err *, void *), void *arg,
                        struct content **ret)
{
	struct faults f = { .report = report, .arg = arg, .first = ERR_NONE_VALUE };
	struct err e = fold_start();
	if (err_is(e)) {
		fault_take(&f, &e);
		return e;
	}
	struct content *c = calloc(1, sizeof *c);
	if (c == NULL)
		return err_make(ERR_MEMORY, "load the texts", NULL, NULL);
	c->held = 1;
	c->lexicon = lexicon_new();
	if (c->lexicon == NULL) {
		free(c);
		return err_make(ERR_MEMORY, "load the texts", NULL, NULL);
	}
	read_allowed(allow_draft, c, &f);
	directory_read(messages_folder, &c->directory, &f);
	keywords_read(messages_folder, c->lexicon, &f);
	places_read(messages_folder, &c->places, c->lexicon, &f);
	if (!err_is(f.first) && !lexicon_finish(c->lexicon))
		fault_add(&f, "keywords.json", NULL, "there is no memory for so many");
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		locale_read(locales_folder, l, &c->directory, &c->locale[l], &f);
	if (err_is(f.first)) {
		unload(c);
		return f.first;
	}
	*ret = c;
	return ERR_NONE_VALUE;
}

struct content *content_hold(struct content *c)
{
	(void)__atomic_add_fetch(&c->held, 1, __ATOMIC_RELAXED);
	return c;
}

void content_drop(struct content *c)
{
	if (c != NULL && __atomic_sub_fetch(&c->held, 1, __ATOMIC_ACQ_REL) == 0)
		unload(c);
}

/* ---- which language may be spoken */
static bool may_speak(const struct content *c, enum language l)
{
	return l < LANGUAGE_PEOPLE && (c->locale[l].is_reviewed || c->draft_allowed[l]);
}

enum language content_usable(const struct content *c, enum language wanted)
{
	if (may_speak(c, wanted))
		return wanted;
	if (may_speak(c, LANGUAGE_RU))
		return LANGUAGE_RU;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (may_speak(c, l))
			return l;
	return LANGUAGE_UNKNOWN;
}

void content_bare(const struct content *c, struct buf *ret)
{
	buf_add(ret, buf_span(&c->directory.hotline));
	buf_add_text(ret, ", ");
	buf_add(ret, buf_span(&c->directory.emergency));
}

void content_drafts_in_use(const struct content *c, struct buf *ret)
{
	bool is_first = true;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		if (c->locale[l].is_reviewed || !c->draft_allowed[l])
			continue;
		buf_add_text(ret, is_first ? "" : ",");
		buf_add_text(ret, language_tag(l));
		is_first = false;
	}
}

/* ---- revisions */
static const char *const keys[ANSWER_COUNT] = {
#define X(id, key, limit) [ANSWER_##id] = key,
	ANSWERS(X)
#undef X
};

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

void content_body(const struct content *c, struct buf *ret)
{
	cJSON *root = cJSON_CreateObject();
	cJSON *arguments = cJSON_AddObjectToObject(root, "arguments");
	bool good = arguments != NULL &&
	            put(arguments, "emergency", buf_span(&c->directory.emergency)) &&
	            put(arguments, "hotline", buf_span(&c->directory.hotline));
	cJSON *texts = cJSON_AddObjectToObject(root, "texts");
	good = good && texts != NULL;
	for (size_t i = 0; i < LANGUAGE_COUNT && good; i++) {
		const enum language l = in_order[i];
		if (l >= LANGUAGE_PEOPLE)
			continue;
		cJSON *one = cJSON_AddObjectToObject(texts, language_tag(l));
		good = one != NULL && put(one, BARE_KEY, span_of(BARE_TEXT));
		for (size_t k = 0; k < ANSWER_COUNT && good && may_speak(c, l); k++)
			good = put(one, keys[k], buf_span(&c->locale[l].text[k]));
	}
	print(root, good, ret);
}

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
