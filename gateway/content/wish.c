/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person wants, where they are, and what their words say of their language.
 *
 * All that the lexicon finds is weighed: a phrase more than a word, a word more than one with a
 * typo, a language that the text is hardly in less. Of what is surely said the most urgent comes
 * first; a bare topic ("паспорт") counts where nothing surer is said, a cry for help where no topic
 * is, and a greeting where there is nothing else at all. */
#include <math.h>
#include <string.h>

#include "content/examples.h"
#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

#define WORDS_AROUND_A_NAME 3 /* "по-русски, пожалуйста", but not "меня держит русский хозяин" */
#define LIKELY 0.25f          /* a language from which on its keywords count in full */
#define UNLIKELY 0.05f        /* one whose keywords aren't meant */
#define LIKELY_ONLY 0.5f      /* one whose own words ("бас!") count */
#define SHORT_LETTERS 4       /* words of so few are others' too */
#define SURE_WITH_TYPO 7      /* letters of a word that is meant for sure, though it has one */
#define NAMED_WORDS 3         /* in a longer text one word that only names a topic isn't a wish */
#define MARGIN 0.2f           /* a wish that is so much less sure than another comes after it */
#define LEAST_LIKELY 1e-6f    /* nothing is certain */

struct tally {
	float sure[INTENT_COUNT], weak[INTENT_COUNT]; /* how surely it is meant, 0 to 1 */
	float cry;
	size_t words, named_count; /* of the text; topics that are only named */
	size_t told;               /* words of the text that are of a sure wish, or fill in */
	bool is_chat, is_harmless, is_machine;
	enum language named;
};

/* ---- weighing */
/* What was guessed of the language, and what the words add to it. People use Russian words in all
 * languages, so that those say less. */
static struct guess judge_guess(const struct guess *g, const struct matches *m, size_t words)
{
	struct guess ret = *g;
	float sum = 0;
	if (g->best == LANGUAGE_UNKNOWN)
		return ret;
	for (size_t i = 0; i < words; i++) {
		const unsigned in = m->languages[i];
		if (in == 0)
			continue;
		const float other = in == LANGUAGE_BIT(LANGUAGE_RU) ? 0.7f : 0.4f;
		for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
			const float p = ret.p[l] * ((in & LANGUAGE_BIT(l)) != 0 ? 1 : other);
			ret.p[l] = p < LEAST_LIKELY && ret.p[l] > 0 ? LEAST_LIKELY : p;
		}
	}
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		sum += ret.p[l];
	for (enum language l = 0; l < LANGUAGE_COUNT && sum > 0; l++) {
		ret.p[l] /= sum;
		if (ret.p[l] > ret.p[ret.best])
			ret.best = l;
	}
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
	if (m->meaning->is_only ? likely < LIKELY_ONLY
	                        : likely < UNLIKELY && !is_russian && m->words == 1)
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

/* A short word with a typo is as good as named. */
static bool is_weak(const struct match *m)
{
	return m->meaning->is_weak || (m->words == 1 && m->typos > 0 && m->letters < SURE_WITH_TYPO);
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
	t->is_machine = t->is_machine || m->meaning->kind == MEANS_MACHINE;
	t->is_chat = t->is_chat || t->is_machine || m->meaning->kind == MEANS_CHAT;
	/* words that stand together ("it must be stopped") are no STOP, and say nothing of the rest */
	t->is_harmless = t->is_harmless ||
	                 (m->meaning->kind == MEANS_NOTHING && !m->meaning->is_close);
	if (m->meaning->kind != MEANS_WISH)
		return;
	if (!m->meaning->is_cry && is_weak(m))
		t->named_count++;
	if (m->meaning->is_cry)
		add_up(&t->cry, w);
	else
		add_up(is_weak(m) ? &t->weak[m->meaning->intent] : &t->sure[m->meaning->intent], w);
}

/* Words that a keyword leaves no doubt about, or that say nothing. */
static size_t count_told(const struct matches *m, const struct guess *g, size_t words)
{
	bool told[FOLD_WORDS_MAX] = { false };
	size_t count = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct match *found = &m->match[i];
		const uint8_t kind = found->meaning->kind;
		const bool is_wish = (kind == MEANS_WISH || kind == MEANS_LANGUAGE) && !is_weak(found) &&
		                     weight(found, likelihood(found->meaning, g)) > 0;
		if (is_wish || kind == MEANS_FILLER || kind == MEANS_PLACE || kind == MEANS_SIGN)
			for (size_t j = 0; j < found->words; j++)
				told[found->at[j]] = true;
	}
	for (size_t i = 0; i < words; i++)
		count += told[i] ? 1 : 0;
	return count;
}

static struct tally tally_all(const struct matches *m, const struct guess *g, size_t words)
{
	struct tally t = { .named = LANGUAGE_UNKNOWN, .words = words,
		.told = count_told(m, g, words) };
	size_t fillers = 0;
	for (size_t i = 0; i < m->n; i++)
		fillers += m->match[i].meaning->kind == MEANS_FILLER ? m->match[i].words : 0;
	for (size_t i = 0; i < m->n; i++)
		tally_match(&t, &m->match[i], g, words <= WORDS_AROUND_A_NAME + fillers);
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
	const bool is_named = !t->is_chat && (t->words <= NAMED_WORDS || t->named_count > 1 || t->cry > 0);
	const enum intent named = is_named ? most_named(t) : INTENT_UNKNOWN;
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
	enum intent i = 0;
	while (i < INTENT_STOP && (t->sure[i] <= 0 || t->sure[i] < best - MARGIN))
		i++;
	if (i == INTENT_CALL_ME && t->sure[INTENT_HOTLINE] > t->sure[INTENT_CALL_ME])
		i = INTENT_HOTLINE; /* "which number do I call?" */
	return i < INTENT_STOP ? i : INTENT_UNKNOWN;
}

static bool is_formal(enum intent i)
{
	return i == INTENT_STOP || i == INTENT_START || i == INTENT_DELETE || i == INTENT_LANGUAGE;
}

static void judge_intent(const struct tally *t, struct wish *w)
{
	float others = 0;
	enum intent first = most_urgent(t);
	if (t->sure[INTENT_STOP] > 0 && (first == INTENT_UNKNOWN || is_formal(first)))
		first = INTENT_STOP;
	else if (t->sure[INTENT_DELETE] > 0 && (first == INTENT_UNKNOWN || is_formal(first)))
		first = INTENT_DELETE;
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

/* ---- what the examples say */
#define FROM_KEYWORDS 1.0f /* what a sure keyword weighs beside them */
#define FROM_NAMED 0.5f    /* a topic that is only named */
#define FROM_CRY 0.5f
#define HARMLESS 0.5f      /* a word that says that nothing is asked */
#define RATHER_NOT 0.40f   /* in doubt nothing is asked: the menu helps everybody */
#define CERTAIN 0.93f      /* a phrase of keywords */
#define KEEP 0.1f          /* the most urgent of what keywords say, */
#define SURE_ALONE 0.7f    /* a keyword of a text of a word or two, where examples have little to go by */
#define SHORT_WORDS 2
#define NEARLY 1.2f        /* two wishes that are nearly as likely */
#define SHARPNESS 2.5f     /* from scores to probabilities */
#define STOP_WORDS 4       /* fewer are no more than STOP */
#define IN_DANGER 0.4f     /* a score, and a lead, that leaves little doubt */

static bool judge_examples(const struct content *c, struct span utf8, float ret[INTENT_COUNT])
{
	struct buf skeleton;
	buf_init(&skeleton, 4 * TEXT_OCTETS_MAX);
	fold_skeleton(utf8, &skeleton);
	const bool knows = examples_judge(c->examples, buf_span(&skeleton), ret);
	buf_wipe(&skeleton);
	return knows;
}

/* "They sell the child, it must be stopped": whoever says so much more than STOP is in danger first.
 * STOP is obeyed all the same. */
static void look_beyond_stop(const struct content *c, const struct tally *t, struct span utf8,
                             struct wish *w)
{
	float z[INTENT_COUNT];
	enum intent best = INTENT_EMERGENCY;
	if (w->intent != INTENT_STOP || t->words < STOP_WORDS || !judge_examples(c, utf8, z))
		return;
	for (enum intent i = 0; i <= INTENT_HEALTH; i++)
		best = z[i] > z[best] ? i : best;
	if (z[best] < IN_DANGER || z[best] < z[INTENT_UNKNOWN] + IN_DANGER)
		return;
	w->also |= INTENT_BIT(INTENT_STOP);
	set_intent(w, best, 0.5f);
}

/* Keywords and examples together. What keywords say of STOP or of a language by its name is left
 * to them. */
static void weigh_examples(const struct content *c, const struct tally *t, struct span utf8,
                           struct wish *w)
{
	float z[INTENT_COUNT], sum = 0;
	enum intent best = INTENT_UNKNOWN;
	if (is_formal(w->intent)) {
		look_beyond_stop(c, t, utf8, w);
		return;
	}
	if (!judge_examples(c, utf8, z))
		return;
	z[INTENT_HOTLINE] += FROM_CRY * t->cry;
	z[INTENT_UNKNOWN] += RATHER_NOT + (t->is_chat || t->is_harmless ? HARMLESS : 0);
	z[w->intent] += w->intent < INTENT_MENU ? KEEP : 0;
	for (enum intent i = 0; i < INTENT_COUNT; i++) {
		z[i] += FROM_KEYWORDS * t->sure[i] + FROM_NAMED * t->weak[i];
		if ((is_formal(i) && i != INTENT_LANGUAGE) || i == INTENT_CALL ||
		    (t->told == t->words && i != w->intent && t->sure[i] + t->weak[i] <= 0))
			z[i] = -INFINITY;
	}
	if (w->intent < INTENT_MENU && t->sure[w->intent] >= SURE_ALONE &&
	    (t->words <= SHORT_WORDS || t->told * 3 >= t->words * 2))
		z[INTENT_UNKNOWN] = z[INTENT_MENU] = -INFINITY;
	for (enum intent i = 0; i < INTENT_COUNT; i++)
		best = z[i] > z[best] ? i : best;
	const bool is_only_cried = best == INTENT_HOTLINE && t->sure[best] <= 0 && t->cry > 0;
	if (t->sure[w->intent] >= (is_only_cried ? SURE_ALONE : CERTAIN) &&
	    (is_only_cried || t->sure[best] >= CERTAIN) && z[w->intent] >= z[best] - NEARLY)
		best = w->intent; /* of two that are surely said the more urgent, or what help is for */
	for (enum intent i = 0; i < INTENT_COUNT; i++)
		sum += expf(SHARPNESS * (z[i] - z[best]));
	if (best != w->intent) {
		if (w->intent < INTENT_MENU && t->sure[w->intent] > 0)
			w->also |= INTENT_BIT(w->intent);
		w->also &= ~INTENT_BIT(best);
		w->is_cry = false;
	}
	set_intent(w, best, 1 / sum);
}

/* ---- the language */
#define SURE_LANGUAGE 0.8f

/* Uzbek's script is the one that it is written in. */
static enum language in_script(enum language l, struct span utf8)
{
	if ((LANGUAGE_BIT(l) & KEYWORD_UZ) == 0)
		return l;
	return strcmp(guess_script(utf8), "Cyrl") == 0 ? LANGUAGE_UZ_CYRL : LANGUAGE_UZ;
}

/* A word that all have ("stop") says nothing, and its letters neither. */
static void judge_language(bool is_bare, struct wish *ret)
{
	const enum language best = ret->guess.best;
	if (best >= LANGUAGE_PEOPLE || is_bare || ret->guess.p[best] < GUESS_TOLD)
		return;
	ret->language = best;
	ret->language_sure = ret->guess.p[best] >= SURE_LANGUAGE;
}

static bool is_anybodys(const struct meaning *m)
{
	return m->kind == MEANS_PLACE || (m->languages == 0 && m->kind == MEANS_WISH);
}

/* All words are names of places, or of keywords that every language has. */
static bool is_bare(const struct matches *m, size_t words)
{
	size_t known = 0;
	for (size_t i = 0; i < m->n; i++)
		known += is_anybodys(m->match[i].meaning) ? m->match[i].words : 0;
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

#define UNLESS_SURE 0.8f /* keywords are so sure of a wish: no machine wrote it */
/* Machines write codes, sums and addresses; a person who asks about such a text mostly doesn't. */
static bool has_figures(struct span utf8)
{
	size_t run = 0, longest = 0;
	bool has_dots = false;
	for (size_t i = 0; i < utf8.n; i++) {
		run = utf8.p[i] >= '0' && utf8.p[i] <= '9' ? run + 1 : 0;
		longest = run > longest ? run : longest;
		has_dots = has_dots || (utf8.p[i] == '/' && i > 0 && utf8.p[i - 1] == '/');
	}
	return longest >= 3 || has_dots;
}

static bool is_of_machine(const struct tally *t, struct span utf8, const struct wish *w)
{
	return t->is_machine && has_figures(utf8) && t->sure[w->intent] < UNLESS_SURE &&
	       t->cry < UNLESS_SURE;
}

void content_wish(const struct content *c, struct span utf8, const struct guess_prior *prior,
                  struct wish *ret)
{
	struct wish w = { .intent = INTENT_MENU, .probability = 1, .digit = -1,
		.language = LANGUAGE_UNKNOWN, .chosen = LANGUAGE_UNKNOWN };
	struct fold_words text;
	struct matches found;
	guess_language(utf8, prior != NULL ? prior : &GUESS_NO_PRIOR, &w.guess);
	fold_words(utf8, &text);
	w.digit = digit_of(utf8, &text);
	if (text.n > 0 && w.digit < 0) {
		lexicon_find(c->lexicon, &text, &found);
		w.guess = judge_guess(&w.guess, &found, text.n);
		const struct tally t = tally_all(&found, &w.guess, text.n);
		judge_intent(&t, &w);
		w.is_machine = is_of_machine(&t, utf8, &w);
		if (w.is_machine)
			set_intent(&w, INTENT_UNKNOWN, 0.9f);
		else
			weigh_examples(c, &t, utf8, &w);
		judge_place(c, &found, &w);
		judge_language(is_bare(&found, text.n), &w);
		w.has_script = script_guess(utf8, w.language, &w.script);
		if (w.intent == INTENT_LANGUAGE && t.named != LANGUAGE_UNKNOWN)
			w.chosen = in_script(t.named, utf8);
	}
	fold_words_wipe(&text);
	*ret = w;
}
