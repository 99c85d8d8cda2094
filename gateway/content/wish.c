/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person wants, where they are, and what their words say of their language.
 *
 * All that the lexicon finds is weighed: a phrase more than a word, a word more than one with a
 * typo, a language that the text is hardly in less. Of what is surely said the most urgent comes
 * first; a bare topic ("паспорт") counts where nothing surer is said, a cry for help where no topic
 * is, and a greeting where there is nothing else at all. */
#include <string.h>

#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

#define WORDS_AROUND_A_NAME 3 /* "по-русски, пожалуйста", but not "меня держит русский хозяин" */
#define LIKELY 0.25f          /* a language from which on its keywords count in full */
#define UNLIKELY 0.05f        /* one whose keywords aren't meant */
#define LIKELY_ONLY 0.5f      /* one whose own words ("бас!") count */
#define SHORT_LETTERS 4       /* words of so few are others' too */
#define MARGIN 0.2f           /* a wish that is so much less sure than another comes after it */
#define LEAST_LIKELY 1e-6f    /* nothing is certain */

struct tally {
	float sure[INTENT_COUNT], weak[INTENT_COUNT]; /* how surely it is meant, 0 to 1 */
	float cry;
	bool is_chat;
	enum language named;
	unsigned languages;  /* those that all the keywords found have in common */
	bool has_keyword;    /* one that says something about the language */
	uint8_t longest;     /* keyword of them */
};

/* ---- weighing */
/* What was guessed of the language, and what the words add to it. People use Russian words in all
 * languages, so that those say less. */
static struct guess judge_guess(const struct guess *g, const struct matches *m, size_t words)
{
	struct guess ret = *g;
	float sum = 0;
	for (size_t i = 0; i < words; i++) {
		const unsigned in = m->languages[i];
		if (in == 0)
			continue;
		const float other = in == LANGUAGE_BIT(LANGUAGE_RU) ? 0.7f : 0.4f;
		for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
			ret.p[l] *= (in & LANGUAGE_BIT(l)) != 0 ? 1 : other;
			ret.p[l] = ret.p[l] < LEAST_LIKELY ? LEAST_LIKELY : ret.p[l];
		}
	}
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		sum += ret.p[l];
	for (enum language l = 0; l < LANGUAGE_PEOPLE && sum > 0; l++)
		ret.p[l] /= sum;
	return ret;
}

static float likelihood(const struct meaning *m, const struct guess *g)
{
	float p = 0;
	if (m->languages == 0)
		return 1;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if ((m->languages & LANGUAGE_BIT(l)) != 0)
			p += g->p[l];
	return p;
}

/* 0: it isn't meant. */
static float weight(const struct match *m, float likely)
{
	const bool is_russian = m->meaning->languages == LANGUAGE_BIT(LANGUAGE_RU);
	if (likely < (m->meaning->is_only ? LIKELY_ONLY : is_russian ? 0 : UNLIKELY))
		return 0;
	float w = m->words > 2 ? 0.98f : m->words > 1 ? 0.95f : m->is_whole_word ? 0.90f : 0.87f;
	if (m->letters <= SHORT_LETTERS)
		w -= 0.15f;
	w -= (m->words > 1 ? 0.07f : 0.14f) * (float)m->typos;
	if (m->meaning->is_weak)
		w *= 0.7f;
	return likely >= LIKELY ? w : w * (0.6f + 0.4f * likely / LIKELY);
}

static void add_up(float *there, float more)
{
	*there = 1 - (1 - *there) * (1 - more);
}

static bool same_place(const struct match *a, const struct match *b)
{
	return a->words == b->words && memcmp(a->at, b->at, a->words) == 0;
}

/* The languages that have such a keyword there: «приют» is in the lists of most. */
static unsigned languages_at(const struct matches *m, const struct match *at)
{
	unsigned languages = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct match *one = &m->match[i];
		if (one->typos > 0 || !same_place(one, at) || one->meaning->kind == MEANS_LANGUAGE ||
		    one->meaning->kind == MEANS_PLACE || one->meaning->kind == MEANS_SIGN)
			continue;
		if (one->meaning->languages == 0)
			return 0;
		languages |= one->meaning->languages;
	}
	return languages;
}

/* The longest keyword says most; another language's word amid one's own says nothing. */
static void note_languages(struct tally *t, const struct match *m, unsigned languages)
{
	if (languages == 0)
		return;
	if (!t->has_keyword || (t->languages & languages) == 0) {
		if (!t->has_keyword || m->letters > t->longest)
			t->languages = languages;
	} else {
		t->languages &= languages;
	}
	t->has_keyword = true;
	if (m->letters > t->longest)
		t->longest = m->letters;
}

static void tally_match(struct tally *t, const struct match *m, const struct guess *g,
                        bool may_name)
{
	const float likely = likelihood(m->meaning, g);
	const float w = weight(m, likely);
	if (w <= 0)
		return;
	if (m->meaning->kind == MEANS_LANGUAGE) {
		if (may_name && t->named == LANGUAGE_UNKNOWN)
			t->named = (enum language)m->meaning->value;
		if (may_name)
			add_up(&t->sure[INTENT_LANGUAGE], w);
		return;
	}
	if (m->meaning->kind == MEANS_CHAT)
		t->is_chat = true;
	if (m->meaning->kind != MEANS_WISH)
		return;
	if (m->meaning->is_cry)
		add_up(&t->cry, w);
	else
		add_up(m->meaning->is_weak ? &t->weak[m->meaning->intent]
		                           : &t->sure[m->meaning->intent], w);
}

static struct tally tally_all(const struct matches *m, const struct guess *g, size_t words)
{
	struct tally t = { .named = LANGUAGE_UNKNOWN };
	size_t fillers = 0;
	for (size_t i = 0; i < m->n; i++)
		fillers += m->match[i].meaning->kind == MEANS_FILLER ? m->match[i].words : 0;
	for (size_t i = 0; i < m->n; i++) {
		tally_match(&t, &m->match[i], g, words <= WORDS_AROUND_A_NAME + fillers);
		note_languages(&t, &m->match[i], languages_at(m, &m->match[i]));
	}
	return t;
}

/* ---- judging */
static void set_intent(struct wish *w, enum intent i, float probability)
{
	w->intent = i;
	w->probability = probability;
}

/* Of topics that are only named, the one that most words name. */
static enum intent most_named(const struct tally *t)
{
	enum intent best = INTENT_UNKNOWN;
	for (enum intent i = 0; i < INTENT_MENU; i++)
		if (t->weak[i] > 0 && (best == INTENT_UNKNOWN || t->weak[i] > t->weak[best] + 0.01f))
			best = i;
	return best;
}

static void judge_unsure(const struct tally *t, struct wish *w)
{
	const enum intent named = t->is_chat ? INTENT_UNKNOWN : most_named(t);
	if (named != INTENT_UNKNOWN) {
		set_intent(w, named, 0.8f * t->weak[named] + (t->cry > 0 ? 0.15f : 0));
	} else if (t->cry > 0) {
		set_intent(w, INTENT_HOTLINE, t->cry);
		w->is_cry = true;
	} else {
		const bool is_menu = t->sure[INTENT_MENU] + t->weak[INTENT_MENU] > 0;
		set_intent(w, is_menu ? INTENT_MENU : INTENT_UNKNOWN, 0.9f);
	}
}

/* The most urgent of what is nearly as sure as the surest. */
static enum intent most_urgent(const struct tally *t)
{
	float best = 0;
	for (enum intent i = 0; i < INTENT_STOP; i++)
		best = t->sure[i] > best ? t->sure[i] : best;
	for (enum intent i = 0; i < INTENT_STOP; i++)
		if (t->sure[i] > 0 && t->sure[i] >= best - MARGIN)
			return i;
	return INTENT_UNKNOWN;
}

static bool is_formal(enum intent i)
{
	return i == INTENT_STOP || i == INTENT_START || i == INTENT_LANGUAGE;
}

static void judge_intent(const struct tally *t, struct wish *w)
{
	float others = 0;
	enum intent first = most_urgent(t);
	if (t->sure[INTENT_STOP] > 0 && (first == INTENT_UNKNOWN || is_formal(first)))
		first = INTENT_STOP;
	else if (t->sure[INTENT_START] > 0 && first == INTENT_UNKNOWN)
		first = INTENT_START;
	for (enum intent i = 0; i < INTENT_MENU; i++) {
		if (t->sure[i] <= 0 || i == first)
			continue;
		w->also |= INTENT_BIT(i);
		others = t->sure[i] > others && i != INTENT_STOP ? t->sure[i] : others;
	}
	if (first == INTENT_UNKNOWN || (is_formal(first) && t->cry > 0)) {
		if (first != INTENT_UNKNOWN)
			w->also |= INTENT_BIT(first);
		judge_unsure(t, w);
		return;
	}
	set_intent(w, first, t->sure[first] * (1 - 0.25f * others));
}

/* ---- the language */
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
static void judge_language(struct span utf8, const struct tally *t, bool is_bare, struct wish *ret)
{
	bool is_sure = false;
	const enum language letters = fold_guess(utf8, &is_sure);
	const enum language word = t->has_keyword ? only_one(t->languages) : LANGUAGE_UNKNOWN;
	if (word != LANGUAGE_UNKNOWN) {
		ret->language = in_script(word, utf8);
		ret->language_sure = true;
	} else if (letters < LANGUAGE_PEOPLE && !(is_bare && !is_sure) &&
	           (!t->has_keyword || (t->languages & LANGUAGE_BIT(letters)) != 0)) {
		ret->language = letters;
		ret->language_sure = is_sure;
	}
}

/* All words are those of keywords that every language has. */
static bool is_bare(const struct matches *m, size_t words)
{
	size_t known = 0;
	for (size_t i = 0; i < m->n; i++)
		if (m->match[i].meaning->languages == 0 && m->match[i].meaning->kind == MEANS_WISH)
			known += m->match[i].words;
	return words > 0 && known >= words;
}

/* ---- a text */
static void judge_place(const struct content *c, const struct matches *m, struct wish *w)
{
	const struct place *p = places_pick(&c->places, m);
	if (p == NULL)
		return;
	w->town = p->kind != PLACE_REGION ? p->id : NULL;
	w->region = p->kind != PLACE_ABROAD ? p->region : NULL;
	w->country = p->kind == PLACE_ABROAD ? p->country : NULL;
}

/* "1", " 1.", "(1)": a digit, and nothing else that is read. */
static int digit_of(struct span utf8, const struct fold_words *text)
{
	int digit = -1;
	if (text->n != 1 || text->word[0].n != 1 || !fold_is_digit(text->word[0].sound[0]))
		return -1;
	for (size_t i = 0; i < utf8.n; i++)
		if (utf8.p[i] >= '0' && utf8.p[i] <= '9')
			digit = utf8.p[i] - '0';
	return digit;
}

void content_wish(const struct content *c, struct span utf8, const struct guess *g,
                  struct wish *ret)
{
	struct wish w = { .intent = INTENT_MENU, .probability = 1, .digit = -1,
		.language = LANGUAGE_UNKNOWN, .chosen = LANGUAGE_UNKNOWN };
	struct fold_words text;
	struct matches found;
	fold_words(utf8, &text);
	w.digit = digit_of(utf8, &text);
	if (text.n > 0 && w.digit < 0) {
		lexicon_find(c->lexicon, &text, &found);
		const struct guess likely = judge_guess(g, &found, text.n);
		const struct tally t = tally_all(&found, &likely, text.n);
		judge_intent(&t, &w);
		judge_place(c, &found, &w);
		judge_language(utf8, &t, is_bare(&found, text.n), &w);
		w.keyword_languages = t.has_keyword ? t.languages : 0;
		if (w.intent == INTENT_LANGUAGE && t.named != LANGUAGE_UNKNOWN)
			w.chosen = in_script(t.named, utf8);
	}
	fold_words_wipe(&text);
	*ret = w;
}
