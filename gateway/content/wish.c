/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person wants, and in which language they say it.
 *
 * Keywords are looked for word by word in the text's skeleton, wherever they stand; of several
 * wishes the most urgent one is taken. STOP and START are the exceptions: they are the whole
 * message, or begin it with a word that keywords.json marks so ("stop, they beat me"). */
#include <string.h>

#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

/* The most urgent first; what isn't here is no wish that stands amid other words. */
static const enum intent by_urgency[] = {
	INTENT_EMERGENCY, INTENT_SHELTER, INTENT_HOTLINE, INTENT_HELP, INTENT_LANGUAGE, INTENT_MENU,
};

struct found {
	const struct keyword *by_intent[INTENT_COUNT]; /* the first of each that stands there */
	unsigned languages;  /* those that all the keywords found have in common */
	bool has_keyword;
};

static bool begins_with(struct span text, struct span with)
{
	return text.n >= with.n && memcmp(text.p, with.p, with.n) == 0;
}

/* `at` is the skeleton from the start of one of its words on. */
static bool stands_at(const struct keyword *k, struct span at)
{
	const struct span word = buf_span(&k->skeleton);
	if (!begins_with(at, word))
		return false;
	return k->any_ending || at.n == word.n || at.p[word.n] == ' ';
}

static bool is_at_ends(const struct keyword *k)
{
	return k->intent == INTENT_STOP || k->intent == INTENT_START;
}

/* Of STOP and START: the whole message, or its beginning where the keyword allows it. */
static bool opens(const struct keyword *k, struct span skeleton)
{
	return stands_at(k, skeleton) && (k->more_words || k->skeleton.n == skeleton.n);
}

#define WORDS_AROUND_A_NAME 3 /* "по-русски, пожалуйста", but not "меня держит русский хозяин" */

static size_t count_words(struct span skeleton)
{
	size_t words = skeleton.n > 0 ? 1 : 0;
	for (size_t i = 0; i < skeleton.n; i++)
		if (skeleton.p[i] == ' ')
			words++;
	return words;
}

/* A language that is named says more than the word for language. */
static void note_intent(struct found *f, const struct keyword *k)
{
	const struct keyword **first = &f->by_intent[k->intent];
	if (*first == NULL || ((*first)->names == LANGUAGE_UNKNOWN && k->names != LANGUAGE_UNKNOWN))
		*first = k;
}

static void note_languages(struct found *f, const struct keyword *k)
{
	if (k->languages == KEYWORD_ANY)
		return;
	f->has_keyword = true;
	if ((f->languages & k->languages) != 0)
		f->languages &= k->languages;
	/* else: a word of another language amid one's own; the first one counts */
}

static struct found look(const struct keywords *keywords, struct span skeleton)
{
	struct found f = { .languages = ~0u };
	const bool may_name = count_words(skeleton) <= WORDS_AROUND_A_NAME;
	for (struct span at = skeleton; at.n > 0;) {
		const struct keyword *longest = NULL; /* aldanib is Uzbek, though алдан* isn't */
		for (size_t i = 0; i < keywords->count; i++) {
			const struct keyword *k = &keywords->list[i];
			const bool is_there = is_at_ends(k) ? at.p == skeleton.p && opens(k, at)
			                                    : stands_at(k, at);
			if (!is_there || (k->names != LANGUAGE_UNKNOWN && !may_name))
				continue;
			note_intent(&f, k);
			if (longest == NULL || k->skeleton.n > longest->skeleton.n)
				longest = k;
		}
		if (longest != NULL)
			note_languages(&f, longest);
		const uint8_t *space = memchr(at.p, ' ', at.n);
		const size_t n = space != NULL ? (size_t)(space - at.p) + 1 : at.n;
		at = span_make(at.p + n, at.n - n);
	}
	return f;
}

static bool has_cyrillic(struct span utf8)
{
	uint32_t c;
	while (utf8_next(&utf8, &c))
		if (c >= 0x400 && c <= 0x52F)
			return true;
	return false;
}

/* Uzbek's script is the one that it is written in. */
static enum language in_script(enum language l, struct span utf8)
{
	if ((LANGUAGE_BIT(l) & KEYWORD_UZ) == 0)
		return l;
	return has_cyrillic(utf8) ? LANGUAGE_UZ_CYRL : LANGUAGE_UZ;
}

static enum language only_one(unsigned languages)
{
	if (languages == KEYWORD_UZ)
		return LANGUAGE_UZ;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (languages == LANGUAGE_BIT(l))
			return l;
	return LANGUAGE_UNKNOWN;
}

/* A keyword that one language alone has, else letters, as far as they agree with the keywords. A
 * word that all have ("stop") says nothing, and the letters of it alone neither. */
static void judge_language(struct span utf8, const struct found *f, bool is_bare, struct wish *ret)
{
	bool is_sure = false;
	const enum language letters = fold_guess(utf8, &is_sure);
	const enum language word = f->has_keyword ? only_one(f->languages) : LANGUAGE_UNKNOWN;
	if (word != LANGUAGE_UNKNOWN) {
		ret->language = in_script(word, utf8);
		ret->language_sure = true;
	} else if (letters < LANGUAGE_PEOPLE && !(is_bare && !is_sure) &&
	           (!f->has_keyword || (f->languages & LANGUAGE_BIT(letters)) != 0)) {
		ret->language = letters;
		ret->language_sure = is_sure;
	}
}

static void judge_intent(const struct found *f, struct wish *ret)
{
	const bool is_stop = f->by_intent[INTENT_STOP] != NULL;
	for (size_t i = 0; i < sizeof by_urgency / sizeof by_urgency[0]; i++) {
		if (f->by_intent[by_urgency[i]] == NULL)
			continue;
		ret->intent = by_urgency[i];
		break;
	}
	const bool is_cry = ret->intent != INTENT_MENU && ret->intent != INTENT_LANGUAGE;
	if (is_stop && is_cry)
		ret->also_stop = true;
	else if (is_stop)
		ret->intent = INTENT_STOP;
	else if (f->by_intent[INTENT_START] != NULL && !is_cry)
		ret->intent = INTENT_START;
}

/* "1", " 1.", "(1)": a digit, and nothing else that is read. */
static bool is_digit(struct span skeleton, int *ret)
{
	int64_t digit = 0;
	if (skeleton.n != 1 || !int_parse(skeleton, 0, 9, &digit))
		return false;
	*ret = (int)digit;
	return true;
}

void content_wish(const struct content *c, struct span utf8, struct wish *ret)
{
	struct wish w = { .intent = INTENT_MENU, .language = LANGUAGE_UNKNOWN,
	                  .chosen = LANGUAGE_UNKNOWN };
	struct buf skeleton;
	buf_init(&skeleton, TEXT_OCTETS_MAX * 4);
	fold_skeleton(utf8, &skeleton);
	if (!skeleton.failed && is_digit(buf_span(&skeleton), &w.digit)) {
		w.intent = INTENT_DIGIT;
	} else if (!skeleton.failed) {
		const struct found f = look(&c->keywords, buf_span(&skeleton));
		judge_intent(&f, &w);
		const struct keyword *k = f.by_intent[w.intent];
		const bool is_bare = k != NULL && k->languages == KEYWORD_ANY &&
		                     k->skeleton.n == skeleton.n;
		judge_language(utf8, &f, is_bare, &w);
		if (w.intent == INTENT_LANGUAGE && k->names != LANGUAGE_UNKNOWN)
			w.chosen = in_script(k->names, utf8);
	}
	buf_wipe(&skeleton);
	*ret = w;
}
