/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said, as one value that never changes once it is loaded. */
#include "content/content.h"

#include <stdio.h>
#include <stdlib.h>

#include "content/examples.h"
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
	examples_free(c->examples);
	directory_free(&c->directory);
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		locale_free(&c->locale[l]);
	free(c);
}

/* Keywords, names of places, examples: what people write. */
static void understanding_read(const char *folder, struct content *c, struct faults *f)
{
	c->lexicon = lexicon_new();
	if (c->lexicon == NULL) {
		fault_add(f, "keywords.json", NULL, "there is no memory for them");
		return;
	}
	keywords_read(folder, c->lexicon, f);
	places_read(folder, &c->places, c->lexicon, f);
	if (!err_is(f->first) && !lexicon_finish(c->lexicon))
		fault_add(f, "keywords.json", NULL, "there is no memory for so many");
	operators_read(folder, &c->operators, f);
	prefixes_read(folder, &c->prefixes, f);
	examples_read(folder, &c->examples, f);
}

static void read_all(const char *messages_folder, const char *locales_folder,
                     const char *allow_draft, struct content *c, struct faults *f)
{
	struct text_rules *rules = calloc(1, sizeof *rules);
	read_allowed(allow_draft, c, f);
	directory_read(messages_folder, &c->directory, f);
	topics_read(messages_folder, &c->topics, f);
	understanding_read(messages_folder, c, f);
	check_places(c, f);
	if (rules == NULL) {
		fault_add(f, "locales", NULL, "there is no memory for the texts");
		return;
	}
	rules_make(&c->topics, rules);
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		locale_read(locales_folder, l, rules, &c->locale[l], f);
	if (c->directory.hotline != NULL && c->directory.emergency != NULL)
		check_texts(c, rules, f);
	free(rules);
	/* what is faulty by itself is told, and must not be told again of each answer that it is in */
	if (!err_is(f->first))
		check_answers(c, f);
}

static void drafts_review(const struct content *c, struct faults *f);

static struct err load(const char *messages_folder, const char *locales_folder,
                       const char *allow_draft, struct faults *f, struct content **ret)
{
	struct err e = fold_start();
	if (!err_is(e))
		e = guess_start();
	struct content *c = err_is(e) ? NULL : calloc(1, sizeof *c);
	if (!err_is(e) && c == NULL)
		e = err_make(ERR_MEMORY, "load the texts", NULL, NULL);
	if (err_is(e)) {
		fault_take(f, &e);
		return e;
	}
	c->held = 1;
	read_all(messages_folder, locales_folder, allow_draft, c, f);
	if (err_is(f->first)) {
		unload(c);
		return f->first;
	}
	*ret = c;
	return ERR_NONE_VALUE;
}

struct err content_load(const char *messages_folder, const char *locales_folder,
                        const char *allow_draft,
                        void (*report)(const struct err *, void *), void *arg,
                        struct content **ret)
{
	struct faults f = { .report = report, .arg = arg, .first = ERR_NONE_VALUE };
	return load(messages_folder, locales_folder, allow_draft, &f, ret);
}

struct err content_check(const char *messages_folder, const char *locales_folder,
                         const char *allow_draft, int64_t now_ms,
                         void (*tell)(const struct finding *, void *), void *arg,
                         struct content **ret)
{
	struct faults f = { .first = ERR_NONE_VALUE, .tell = tell, .tell_arg = arg };
	struct err e = load(messages_folder, locales_folder, allow_draft, &f, ret);
	if (!err_is(e)) {
		directory_review(&(*ret)->directory, now_ms, &f);
		drafts_review(*ret, &f);
	}
	return e;
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
bool content_may_speak(const struct content *c, enum language l)
{
	return l < LANGUAGE_PEOPLE && (c->locale[l].is_reviewed || c->draft_allowed[l]);
}

enum language content_usable(const struct content *c, enum language wanted)
{
	if (content_may_speak(c, wanted))
		return wanted;
	if (content_may_speak(c, LANGUAGE_RU))
		return LANGUAGE_RU;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (content_may_speak(c, l))
			return l;
	return LANGUAGE_UNKNOWN;
}

void content_bare(const struct content *c, struct buf *ret)
{
	buf_addf(ret, "%s, %s", c->directory.hotline->number, c->directory.emergency->number);
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

/* ---- what staff should see */
bool content_is_reviewed(const struct content *c, enum language l, const char *key)
{
	const struct text *t = l < LANGUAGE_COUNT ? locale_text(&c->locale[l], key) : NULL;
	return t != NULL && t->is_reviewed;
}

static void drafts_review(const struct content *c, struct faults *f)
{
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		char file[32];
		const struct locale *locale = &c->locale[l];
		(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
		for (size_t i = 0; i < locale->n; i++)
			if (locale->list[i].has_changed)
				warn_addf(f, file, locale->list[i].key,
				          "it has changed since it was reviewed, and is a draft again");
		if (!locale->is_reviewed)
			warn_addf(f, file, "", "%zu of %zu texts are drafts that nobody has reviewed%s",
			          locale->drafts, locale->n, content_may_speak(c, l) ? ""
			          : ": the language isn't spoken until all are, or allow-draft names it");
	}
}

enum language content_falls_silent(const struct content *before, const struct content *after)
{
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (before->locale[l].is_reviewed && !content_may_speak(after, l))
			return l;
	return LANGUAGE_UNKNOWN;
}

void content_reminders(const struct content *c, int64_t now_ms,
                       void (*tell)(const struct finding *, void *), void *arg)
{
	struct faults f = { .first = ERR_NONE_VALUE, .tell = tell, .tell_arg = arg };
	struct buf list;
	buf_init(&list, 256);
	directory_remind(&c->directory, now_ms, &f);
	content_drafts_in_use(c, &list);
	if (list.n > 0 && buf_text(&list) != NULL)
		warn_addf(&f, "locales", "", "answers in %s are drafts that no native speaker has reviewed",
		          buf_text(&list));
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (!content_may_speak(c, l))
			warn_addf(&f, "locales", "", "%s isn't spoken: %zu of its texts are drafts, and "
			          "allow-draft doesn't name it", language_tag(l), c->locale[l].drafts);
	if (content_usable(c, LANGUAGE_RU) == LANGUAGE_UNKNOWN)
		warn_addf(&f, "locales", "", "no language is reviewed or allowed as draft: answers are the "
		          "two numbers without a word; see allow-draft");
	buf_free(&list);
}
