/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding what a lexicon has in a text: each word's classes by the trie, exactly or with typos,
 * then the patterns of these classes, then what of them stands for itself. */
#include <string.h>

#include "content/lexicon_inside.h"
#include "base/banned.h"

#define HITS_MAX 1024u
#define ONE_TYPO 5u          /* sounds of a word in which one typo is forgiven, */
#define ONE_TYPO_STEM 6u     /* of one with any ending, */
#define ONE_TYPO_AMID 4u     /* of one amid other words of the pattern, */
#define FIRST_TYPO 8u        /* of one whose first sound may be wrong, */
#define TWO_TYPOS 9u         /* and where two are forgiven */
#define CASE_MIN 2u          /* sounds of an ending that tells a case for sure */
#define ANY_ORDER_REACH 5u   /* words between two of a pattern in any order */
#define STEPS_MAX 6000u      /* of the trie for one word: hostile words end there */

struct hit {
	uint16_t class;
	uint8_t at;
	uint8_t typos, letters;
	bool is_whole, has_case;
	bool is_short;           /* forgiven only amid other words */
};
struct hits {
	struct hit hit[HITS_MAX];
	uint16_t n;
	uint16_t first[FOLD_WORDS_MAX + 1];
};

/* ---- one word */
struct walk {
	const struct lexicon *x;
	struct hits *hits;
	uint64_t reads[FOLD_WORD_MAX];
	size_t n;
	uint8_t at;
	unsigned most;           /* typos */
	unsigned steps;
};

static void note_hit(struct walk *w, const struct hit *h)
{
	for (size_t i = w->hits->first[w->at]; i < w->hits->n; i++) {
		struct hit *there = &w->hits->hit[i];
		if (there->class != h->class)
			continue;
		if (h->typos < there->typos || (h->typos == there->typos && h->letters > there->letters))
			*there = *h;
		return;
	}
	if (w->hits->n < HITS_MAX)
		w->hits->hit[w->hits->n++] = *h;
}

/* A typo in a stem's last sound would make any ending of it: what is left must still be there. */
static bool is_forgiven(const struct walk *w, const struct trie_end *end, unsigned typos,
                        size_t letters, bool after_typo)
{
	if (typos == 0)
		return true;
	if (end->ending != ENDING_NONE && after_typo)
		return false;
	const size_t shorter = letters < w->n ? letters : w->n;
	if (typos == 1)
		return shorter >= (end->ending == ENDING_NONE ? ONE_TYPO_AMID : ONE_TYPO);
	return shorter + (end->ending != ENDING_NONE ? 1 : 0) >= TWO_TYPOS;
}

static void note_ends(struct walk *w, const struct trie_node *node, size_t i, unsigned typos,
                      size_t letters, bool after_typo)
{
	const struct trie_end *end = &w->x->words.end[node->end - 1];
	for (bool more = true; more; end++) {
		more = !end->is_last;
		const bool whole = i == w->n;
		const bool fits = whole || end->ending == ENDING_ANY ||
		                  (end->ending == ENDING_CASE &&
		                   trie_has(&w->x->endings, w->reads + i, w->n - i));
		if (!fits || !is_forgiven(w, end, typos, letters, after_typo))
			continue;
		const size_t shorter = letters < w->n ? letters : w->n;
		const struct hit h = { .class = end->class, .at = w->at, .typos = (uint8_t)typos,
			.letters = (uint8_t)letters, .is_whole = whole,
			.has_case = end->ending == ENDING_CASE && i + CASE_MIN <= w->n,
			.is_short = typos > 0 &&
			            shorter < (end->ending == ENDING_NONE ? ONE_TYPO : ONE_TYPO_STEM) };
		note_hit(w, &h);
	}
}

static void walk_on(struct walk *w, uint32_t at, size_t i, unsigned typos, size_t letters,
                    bool after_typo);

/* Two sounds in the wrong order. */
static void walk_swapped(struct walk *w, const struct trie_node *node, size_t i, unsigned typos,
                         size_t letters)
{
	const struct trie *t = &w->x->words;
	for (uint64_t first = node->children & w->reads[i + 1]; first != 0; first &= first - 1) {
		const struct trie_node *next =
			&t->node[trie_child(t, node, (unsigned)__builtin_ctzll(first))];
		for (uint64_t second = next->children & w->reads[i]; second != 0; second &= second - 1)
			walk_on(w, trie_child(t, next, (unsigned)__builtin_ctzll(second)), i + 2, typos + 1,
			        letters + 2, true);
	}
}

static void walk_with_typo(struct walk *w, const struct trie_node *node, size_t i, unsigned typos,
                           size_t letters)
{
	const struct trie *t = &w->x->words;
	const uint64_t right = i < w->n ? w->reads[i] : 0;
	for (uint64_t rest = node->children; rest != 0; rest &= rest - 1) {
		const unsigned sound = (unsigned)__builtin_ctzll(rest);
		const uint32_t child = trie_child(t, node, sound);
		if (i < w->n && (right & (UINT64_C(1) << sound)) == 0)
			walk_on(w, child, i + 1, typos + 1, letters + 1, true); /* another one */
		walk_on(w, child, i, typos + 1, letters + 1, true);         /* it is missing */
	}
	if (i < w->n)
		walk_on(w, (uint32_t)(node - t->node), i + 1, typos + 1, letters, true); /* one too many */
	if (i + 1 < w->n)
		walk_swapped(w, node, i, typos, letters);
}

/* Depth is that of the trie and the typos; `steps` bounds the work. */
static void walk_on(struct walk *w, uint32_t at, size_t i, unsigned typos, size_t letters,
                    bool after_typo)
{
	const struct trie *t = &w->x->words;
	const struct trie_node *node = &t->node[at];
	if (w->steps == 0)
		return;
	w->steps--;
	if (node->end != 0)
		note_ends(w, node, i, typos, letters, after_typo);
	if (i < w->n)
		for (uint64_t both = node->children & w->reads[i]; both != 0; both &= both - 1)
			walk_on(w, trie_child(t, node, (unsigned)__builtin_ctzll(both)), i + 1, typos,
			        letters + 1, false);
	if (typos < w->most && (i > 0 || w->n >= FIRST_TYPO))
		walk_with_typo(w, node, i, typos, letters);
}

/* Who is known as it stands, or nearly to its end, isn't another word with a typo. */
static bool is_known(const struct walk *w)
{
	for (size_t i = w->hits->first[w->at]; i < w->hits->n; i++)
		if (w->hits->hit[i].is_whole || w->hits->hit[i].letters + 3u >= w->n)
			return true;
	return false;
}

static void look_up(const struct lexicon *x, const struct fold_word *word, uint8_t at,
                    struct hits *hits)
{
	struct walk w = { .x = x, .hits = hits, .n = word->n, .at = at, .steps = STEPS_MAX };
	bool has_digit = false;
	for (size_t i = 0; i < word->n; i++) {
		w.reads[i] = fold_reads(word->sound[i]);
		has_digit = has_digit || fold_is_digit(word->sound[i]);
	}
	walk_on(&w, 0, 0, 0, 0, false);
	for (unsigned most = 1; most <= 2; most++) {
		const size_t least = most == 1 ? ONE_TYPO_AMID : TWO_TYPOS;
		if (has_digit || word->n < least || (most == 1 ? is_known(&w) : hits->n > hits->first[at]))
			return;
		w.most = most;
		w.steps = STEPS_MAX;
		walk_on(&w, 0, 0, 0, 0, false);
	}
}

/* ---- patterns */
static const struct hit *hit_of(const struct hits *h, size_t at, uint16_t class)
{
	for (size_t i = h->first[at]; i < h->first[at + 1]; i++)
		if (h->hit[i].class == class)
			return &h->hit[i];
	return NULL;
}

static bool is_taken(const struct match *m, size_t at)
{
	for (size_t i = 0; i < m->words; i++)
		if (m->at[i] == at)
			return true;
	return false;
}

static void take_hit(struct match *m, const struct hit *h)
{
	m->at[m->words++] = h->at;
	m->typos = (uint8_t)(m->typos + h->typos);
	m->letters = (uint8_t)(m->letters + h->letters);
	m->is_whole_word = m->is_whole_word && h->is_whole;
	m->has_case = m->has_case || h->has_case;
}

/* The nearest word of the class from `at` on, forwards or backwards. */
static const struct hit *nearest(const struct hits *h, size_t words, const struct match *m,
                                 size_t at, int step, size_t reach, uint16_t class)
{
	for (size_t i = 1; i <= reach; i++) {
		if (step < 0 ? i > at : at + i >= words)
			return NULL;
		const size_t there = step < 0 ? at - i : at + i;
		const struct hit *hit = hit_of(h, there, class);
		if (hit != NULL && !is_taken(m, there))
			return hit;
	}
	return NULL;
}

static bool find_in_order(const struct pattern *p, size_t anchor, const struct hits *h,
                          size_t words, struct match *m)
{
	const size_t reach = p->meaning.is_close ? 1 : GAP_MAX + 1;
	const size_t start = m->at[0];
	for (size_t i = anchor, at = start; i > 0; i--) {
		const struct hit *hit = nearest(h, words, m, at, -1, reach, p->class[i - 1]);
		if (hit == NULL)
			return false;
		take_hit(m, hit);
		at = hit->at;
	}
	for (size_t i = anchor + 1, at = start; i < p->n; i++) {
		const struct hit *hit = nearest(h, words, m, at, 1, reach, p->class[i]);
		if (hit == NULL)
			return false;
		take_hit(m, hit);
		at = hit->at;
	}
	return true;
}

static bool find_in_any_order(const struct pattern *p, size_t anchor, const struct hits *h,
                              size_t words, struct match *m)
{
	const size_t start = m->at[0];
	for (size_t i = 0; i < p->n; i++) {
		if (i == anchor)
			continue;
		const struct hit *hit = nearest(h, words, m, start, 1, ANY_ORDER_REACH, p->class[i]);
		if (hit == NULL)
			hit = nearest(h, words, m, start, -1, ANY_ORDER_REACH, p->class[i]);
		if (hit == NULL)
			return false;
		take_hit(m, hit);
	}
	return true;
}

static void sort_places(struct match *m)
{
	for (size_t i = 1; i < m->words; i++)
		for (size_t j = i; j > 0 && m->at[j] < m->at[j - 1]; j--) {
			const uint8_t t = m->at[j];
			m->at[j] = m->at[j - 1];
			m->at[j - 1] = t;
		}
}

static void try_pattern(const struct lexicon *x, const struct anchor *at,
                        const struct hit *first, const struct hits *h, size_t words,
                        struct matches *ret)
{
	const struct pattern *p = &x->pattern[at->pattern];
	struct match m = { .meaning = &p->meaning, .is_whole_word = true };
	if (first->is_short && p->n == 1 && p->meaning.intent != INTENT_MENU)
		return;
	take_hit(&m, first);
	const bool found = p->is_any_order ? find_in_any_order(p, at->word, h, words, &m)
	                                   : find_in_order(p, at->word, h, words, &m);
	if (!found || (m.typos > 0 && p->meaning.is_exact) || m.typos > 2)
		return;
	sort_places(&m);
	for (size_t i = 0; i < p->n; i++)
		m.width = (uint16_t)(m.width + (x->forms_of[p->class[i]] & 0x0FFFu));
	if (ret->n < MATCHES_MAX)
		ret->match[ret->n++] = m;
}

/* ---- what stands for itself */
static bool is_within(const struct match *a, const struct match *b)
{
	for (size_t i = 0; i < a->words; i++)
		if (!is_taken(b, a->at[i]))
			return false;
	return true;
}

static bool is_harmless(uint8_t kind)
{
	return kind == MEANS_NOTHING || kind == MEANS_CHAT || kind == MEANS_MACHINE;
}

/* A longer match says what its words mean together, and a narrower one knows better than one of
 * many words; of equal ones, what is harmless is harmless, and fewer typos are likelier. */
static bool hides(const struct match *b, const struct match *a)
{
	const uint8_t is = a->meaning->kind, by = b->meaning->kind;
	const bool by_harmless = is_harmless(by);
	if (is == MEANS_FILLER || by == MEANS_FILLER || is == MEANS_SIGN || by == MEANS_SIGN ||
	    !is_within(a, b))
		return false;
	if (is == MEANS_LANGUAGE && by == MEANS_WISH)
		return false;
	if (by == MEANS_PLACE && is == MEANS_WISH) /* in Кордой nobody is humiliated (кордо-) */
		return a->words == 1 && b->typos == 0 && !b->meaning->is_weak && b->letters >= a->letters;
	if (is == MEANS_PLACE || by == MEANS_PLACE)
		return b->words > a->words && (by == MEANS_NOTHING || is == by);
	if (b->words != a->words)
		return b->words > a->words && b->typos <= a->typos + 1;
	if (a->typos != b->typos)
		return b->typos < a->typos;
	if (by_harmless)
		return !is_harmless(is) && b->letters >= a->letters;
	return is == MEANS_WISH && by == MEANS_WISH && a->meaning->intent != b->meaning->intent &&
	       b->words > 1 && b->width < a->width;
}

static void set(uint64_t *bits, size_t i) { bits[i / 64] |= UINT64_C(1) << i % 64; }
static bool has(const uint64_t *bits, size_t i) { return (bits[i / 64] >> i % 64 & 1) != 0; }

static bool all_between(const uint64_t *bits, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!has(bits, i))
			return false;
	return true;
}

/* Whether it is the whole message, or where its meaning allows that begins it or is a clause. */
static bool is_where_it_counts(const struct match *m, const struct fold_words *text,
                               const uint64_t *fillers)
{
	uint64_t covered[FOLD_WORDS_MAX / 64];
	if (m->meaning->at == AT_ANYWHERE)
		return true;
	memcpy(covered, fillers, sizeof covered);
	for (size_t i = 0; i < m->words; i++)
		set(covered, m->at[i]);
	if (all_between(covered, 0, text->n))
		return true;
	if (m->meaning->at == AT_WHOLE)
		return false;
	size_t start = m->at[0], end = m->at[m->words - 1] + 1u;
	while (start > 0 && !text->word[start].begins_clause)
		start--;
	while (end < text->n && !text->word[end].begins_clause)
		end++;
	return all_between(covered, 0, m->at[0] + 1u) || all_between(covered, start, end);
}

static void keep_what_counts(const struct fold_words *text, struct matches *m)
{
	uint64_t fillers[FOLD_WORDS_MAX / 64] = { 0 };
	bool hidden[MATCHES_MAX] = { false };
	size_t n = 0;
	for (size_t i = 0; i < m->n; i++)
		if (m->match[i].meaning->kind == MEANS_FILLER || m->match[i].meaning->at == AT_START)
			for (size_t j = 0; j < m->match[i].words; j++)
				set(fillers, m->match[i].at[j]);
	for (size_t i = 0; i < m->n; i++)
		for (size_t j = 0; j < m->n && !hidden[i]; j++)
			hidden[i] = i != j && hides(&m->match[j], &m->match[i]);
	for (size_t i = 0; i < m->n; i++)
		if (!hidden[i] && is_where_it_counts(&m->match[i], text, fillers))
			m->match[n++] = m->match[i];
	m->n = n;
}

/* A stem that ends early may be any language's. */
#define TELLING_LETTERS 3u

static uint8_t languages_of(const struct lexicon *x, const struct hits *h, size_t at)
{
	uint8_t languages = 0;
	for (size_t i = h->first[at]; i < h->first[at + 1]; i++) {
		const struct hit *hit = &h->hit[i];
		if (hit->typos > 0 || hit->letters < TELLING_LETTERS)
			continue;
		if (x->languages_of[hit->class] == 0)
			return 0;
		languages |= x->languages_of[hit->class];
	}
	return languages;
}

void lexicon_find(const struct lexicon *x, const struct fold_words *text, struct matches *ret)
{
	struct hits hits; /* all of it would take longer to clear than to fill */
	hits.n = 0;
	ret->n = 0;
	for (size_t i = 0; i < text->n; i++) {
		hits.first[i] = hits.n;
		look_up(x, &text->word[i], (uint8_t)i, &hits);
	}
	hits.first[text->n] = hits.n;
	for (size_t i = 0; i < text->n; i++)
		ret->languages[i] = languages_of(x, &hits, i);
	for (size_t i = 0; i < hits.n; i++) {
		const uint16_t class = hits.hit[i].class;
		for (uint32_t j = x->anchors_of[class]; j < x->anchors_of[class + 1]; j++)
			try_pattern(x, &x->anchor[j], &hits.hit[i], &hits, text->n, ret);
	}
	keep_what_counts(text, ret);
}
