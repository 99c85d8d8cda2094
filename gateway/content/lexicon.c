/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a lexicon, and making its trie. */
#include "content/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "content/lexicon_inside.h"
#include "base/banned.h"

#define PATTERNS_LIMIT 30000u
#define CLASSES_LIMIT 30000u
#define FORMS_LIMIT 200000u
#define SOUNDS_LIMIT 4000000u
#define READINGS_MAX 32u     /* of a word whose sounds may be two each */
#define STEM_MIN 2u          /* sounds that a star may follow amid other words, */
#define STEM_ALONE_MIN 3u    /* and where the word is the whole pattern */
#define SWALLOWED_MIN 5u     /* sounds of a stem that may lose its last one */
#define ALTERNATIVES_MAX 128u
#define NAME_MAX 2500u        /* alternatives of a word, as written */

struct class_name {
	char *text; /* NULL: free */
	uint16_t class;
};

static void free_names(struct lexicon *x)
{
	free(x->first_of);
	x->first_of = NULL;
	for (size_t i = 0; x->names != NULL && i < x->names_room; i++)
		free(x->names[i].text);
	free(x->names);
	x->names = NULL;
}

static void free_forms(struct forms *f)
{
	free(f->list);
	free(f->sounds);
	*f = (struct forms){ .n = 0 };
}

static void free_trie(struct trie *t)
{
	free(t->node);
	free(t->end);
}

void lexicon_free(struct lexicon *x)
{
	if (x == NULL)
		return;
	free_names(x);
	free_forms(&x->word_forms);
	free_forms(&x->ending_forms);
	free_trie(&x->words);
	free_trie(&x->endings);
	free(x->pattern);
	free(x->anchor);
	free(x->anchors_of);
	free(x->languages_of);
	free(x->forms_of);
	free(x);
}

struct lexicon *lexicon_new(void)
{
	struct lexicon *x = calloc(1, sizeof *x);
	if (x == NULL)
		return NULL;
	x->names_room = 1u << 16; /* two names a class, and most of it free */
	x->names = calloc(x->names_room, sizeof *x->names);
	x->first_of = calloc(CLASSES_LIMIT, sizeof *x->first_of);
	if (x->names != NULL && x->first_of != NULL)
		return x;
	lexicon_free(x);
	return NULL;
}

/* Room for one more of `size` octets each; false: no memory, or the limit is reached. */
static bool make_room(void **list, size_t n, size_t more, size_t *room, size_t size, size_t limit)
{
	if (n + more <= *room)
		return true;
	size_t new_room = *room == 0 ? 1024 : *room;
	while (new_room < n + more)
		new_room *= 2;
	void *grown = n + more <= limit ? reallocarray(*list, new_room, size) : NULL;
	if (grown == NULL)
		return false;
	*list = grown;
	*room = new_room;
	return true;
}

/* ---- forms */
static bool add_form(struct forms *f, const uint8_t *plain, uint8_t n, uint16_t class,
                     uint8_t ending)
{
	void *list = f->list, *sounds = f->sounds;
	const bool good =
		make_room(&list, f->n, 1, &f->room, sizeof *f->list, FORMS_LIMIT) &&
		make_room(&sounds, f->sounds_n, n, &f->sounds_room, 1, SOUNDS_LIMIT);
	f->list = list;
	f->sounds = sounds;
	if (!good)
		return false;
	f->list[f->n++] = (struct form){ (uint32_t)f->sounds_n, class, n, ending };
	memcpy(f->sounds + f->sounds_n, plain, n);
	f->sounds_n += n;
	return true;
}

/* The next reading of a word: its sounds that may be two, in all their combinations. */
static bool next_reading(const uint64_t *reads, uint8_t *plain, uint8_t n)
{
	for (uint8_t i = n; i > 0; i--) {
		const uint64_t above = plain[i - 1] < 63
		                       ? reads[i - 1] & ~((UINT64_C(2) << plain[i - 1]) - 1) : 0;
		if (above != 0) {
			plain[i - 1] = (uint8_t)__builtin_ctzll(above);
			return true;
		}
		plain[i - 1] = (uint8_t)__builtin_ctzll(reads[i - 1]);
	}
	return false;
}

static bool add_readings(struct forms *f, const struct fold_word *w, uint16_t class, uint8_t ending)
{
	uint64_t reads[FOLD_WORD_MAX];
	uint8_t plain[FOLD_WORD_MAX];
	unsigned count = 0;
	for (uint8_t i = 0; i < w->n; i++) {
		reads[i] = fold_typed(w->sound[i]);
		plain[i] = (uint8_t)__builtin_ctzll(reads[i]);
	}
	do
		if (!add_form(f, plain, w->n, class, ending))
			return false;
	while (++count < READINGS_MAX && next_reading(reads, plain, w->n));
	return true;
}

/* What follows a stem may swallow its last sound: токтат* and токтатса, полици* and полицейский. */
static bool add_swallowed(struct forms *f, struct span stem, const struct fold_word *alone,
                          uint16_t class, uint8_t ending)
{
	static const char *const follow[] = { "са", "ша", "е", "ё" };
	static const char *const last[] = { "т", "t", "и", "і", "ы", "й", "i", "y", "с", "s" };
	struct fold_words longer;
	const uint8_t n = alone->n;
	bool may_be = false;
	for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
		may_be = may_be || (stem.n > strlen(last[i]) &&
		                    memcmp(stem.p + stem.n - strlen(last[i]), last[i],
		                           strlen(last[i])) == 0);
	if (n < SWALLOWED_MIN || !may_be)
		return true;
	for (size_t i = 0; i < sizeof follow / sizeof follow[0]; i++) {
		struct buf b;
		buf_init(&b, 256);
		buf_add(&b, stem);
		buf_add_text(&b, follow[i]);
		fold_words(buf_span(&b), &longer);
		buf_free(&b);
		struct fold_word *w = &longer.word[0];
		if (longer.n != 1 || w->n < n || w->sound[n - 1] == alone->sound[n - 1])
			continue;
		w->n = n;
		if (!add_readings(f, w, class, ending))
			return false;
	}
	return true;
}

/* ---- classes */
static size_t hash(const char *text)
{
	uint32_t h = 2166136261u;
	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * 16777619u;
	return h;
}

/* The place of a name in the table: its own, or a free one. */
static struct class_name *name_place(struct lexicon *x, const char *text)
{
	size_t i = hash(text) & (x->names_room - 1);
	while (x->names[i].text != NULL && strcmp(x->names[i].text, text) != 0)
		i = (i + 1) & (x->names_room - 1);
	return &x->names[i];
}

struct alternative {
	struct span written; /* without its star */
	struct fold_word word;
	uint8_t ending;
};

static const char *take_alternative(struct span *rest, struct alternative *ret)
{
	struct fold_words folded;
	const uint8_t *bar = memchr(rest->p, '|', rest->n);
	size_t n = bar != NULL ? (size_t)(bar - rest->p) : rest->n;
	struct span word = span_make(rest->p, n);
	n += bar != NULL ? 1 : 0;
	*rest = span_make(rest->p + n, rest->n - n);
	ret->ending = ENDING_NONE;
	if (word.n > 0 && (word.p[word.n - 1] == '*' || word.p[word.n - 1] == '~')) {
		ret->ending = word.p[word.n - 1] == '*' ? ENDING_ANY : ENDING_CASE;
		word.n--;
	}
	fold_words(word, &folded);
	if (folded.n != 1)
		return "one word with letters or digits stands here";
	if (ret->ending != ENDING_NONE && folded.word[0].n < STEM_MIN)
		return "very short words take no ending";
	ret->written = word;
	ret->word = folded.word[0];
	return NULL;
}

/* What a class is known by, however its words are typed: "komek*|..." is "көмек*|…". */
static const char *name_class(const struct alternative *a, size_t count, char *ret, size_t room)
{
	size_t n = 0;
	for (; count > 0; count--, a++) {
		if (n + a->word.n + 3 > room)
			return "there are too many alternatives";
		for (size_t i = 0; i < a->word.n; i++)
			ret[n++] = (char)('A' + fold_likeliest(a->word.sound[i]));
		ret[n++] = (char)('1' + a->ending);
	}
	ret[n] = '\0';
	return NULL;
}

/* Who has no ё types е: ёрдам, ердам. */
static bool add_without_dots(struct forms *f, const struct alternative *a, uint16_t class)
{
	static const char *const first[] = { "ё", "yo" };
	struct fold_words folded;
	struct buf b;
	bool good = true;
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
		const size_t n = strlen(first[i]);
		if (a->written.n <= n || memcmp(a->written.p, first[i], n) != 0)
			continue;
		buf_init(&b, 256);
		buf_add_text(&b, "е");
		buf_add(&b, span_make(a->written.p + n, a->written.n - n));
		fold_words(buf_span(&b), &folded);
		buf_free(&b);
		good = folded.n != 1 || add_readings(f, &folded.word[0], class, a->ending);
	}
	return good;
}

static bool add_forms(struct forms *f, const struct alternative *a, size_t count, uint16_t class)
{
	for (; count > 0; count--, a++)
		if (!add_readings(f, &a->word, class, a->ending) || !add_without_dots(f, a, class) ||
		    (a->ending != ENDING_NONE &&
		     !add_swallowed(f, a->written, &a->word, class, a->ending)))
			return false;
	return true;
}

static void keep_name(struct lexicon *x, struct class_name *place, const char *text,
                      uint16_t class)
{
	place->text = strdup(text);
	place->class = class;
	x->failed = x->failed || place->text == NULL;
}

static const char *add_class(struct lexicon *x, struct span word, uint16_t *ret)
{
	char text[NAME_MAX], name[NAME_MAX];
	if (word.n >= sizeof text)
		return "there are too many alternatives";
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	struct class_name *written = name_place(x, text);
	if (written->text != NULL) {
		*ret = written->class;
		return NULL;
	}
	struct alternative all[ALTERNATIVES_MAX];
	size_t count = 0;
	const char *fault = NULL;
	while (fault == NULL && word.n > 0)
		fault = count < ALTERNATIVES_MAX ? take_alternative(&word, &all[count++])
		                                 : "there are too many alternatives";
	if (fault == NULL)
		fault = name_class(all, count, name, sizeof name);
	if (fault != NULL)
		return fault;
	if (x->classes >= CLASSES_LIMIT)
		return "there are too many keywords";
	struct class_name *named = name_place(x, name);
	const uint16_t class = named->text != NULL ? named->class : (uint16_t)x->classes++;
	if (named->text == NULL)
		keep_name(x, named, name, class);
	keep_name(x, name_place(x, text), text, class);
	x->failed = x->failed || !add_forms(&x->word_forms, all, count, class);
	*ret = class;
	return NULL;
}

/* ---- patterns */
/* "ал*" alone would take half the dictionary. */
static const char *check_alone(struct span word)
{
	while (word.n > 0) {
		struct alternative a;
		(void)take_alternative(&word, &a); /* read already */
		if (a.ending == ENDING_ANY && a.word.n < STEM_ALONE_MIN)
			return "very short words alone take no ending";
	}
	return NULL;
}

static bool take_token(struct span *rest, struct span *ret)
{
	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '-'))
		*rest = span_make(rest->p + 1, rest->n - 1);
	size_t n = 0;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '-')
		n++;
	*ret = span_make(rest->p, n);
	*rest = span_make(rest->p + n, rest->n - n);
	return n > 0;
}

static bool same_words(const struct pattern *a, const struct pattern *b)
{
	return a->n == b->n && a->is_any_order == b->is_any_order && a->meaning.at == b->meaning.at &&
	       memcmp(a->class, b->class, a->n * sizeof a->class[0]) == 0;
}

static bool same_meaning(const struct meaning *a, const struct meaning *b)
{
	return a->kind == b->kind && a->intent == b->intent && a->value == b->value &&
	       a->is_cry == b->is_cry;
}

/* One word may mean different things in two languages. */
static bool concern_each_other(const struct pattern *there, const struct meaning *new)
{
	const unsigned old = there->meaning.languages;
	if (there->meaning.kind == MEANS_SIGN && new->kind == MEANS_SIGN)
		return same_meaning(&there->meaning, new); /* "город" stands before and behind */
	return old == 0 || new->languages == 0 || (old & new->languages) != 0 ||
	       same_meaning(&there->meaning, new);
}

/* тіл, til and тил are one word of three languages. */
static const char *merge(struct meaning *there, const struct meaning *new)
{
	if (!same_meaning(there, new))
		return "the same words stand under another wish";
	there->languages = there->languages == 0 || new->languages == 0
	                   ? 0 : (uint8_t)(there->languages | new->languages);
	there->is_weak = there->is_weak && new->is_weak;
	there->is_only = there->is_only && new->is_only;
	return NULL;
}

const char *lexicon_add(struct lexicon *x, struct span pattern, const struct meaning *m)
{
	struct pattern p = { .meaning = *m };
	struct span token, alone = span_make(NULL, 0);
	const char *fault = NULL;
	while (fault == NULL && take_token(&pattern, &token)) {
		if (span_is(token, "&"))
			p.is_any_order = true;
		else if (p.n == PATTERN_WORDS_MAX)
			fault = "it has too many words";
		else
			fault = add_class(x, token, &p.class[p.n++]);
		alone = token;
	}
	if (fault == NULL && p.n == 0)
		fault = "a keyword has letters";
	if (fault == NULL && p.n == 1)
		fault = check_alone(alone);
	if (fault != NULL)
		return fault;
	for (uint32_t i = x->first_of[p.class[0]]; i != 0; i = x->pattern[i - 1].next)
		if (same_words(&x->pattern[i - 1], &p) && concern_each_other(&x->pattern[i - 1], m))
			return merge(&x->pattern[i - 1].meaning, m);
	void *list = x->pattern;
	if (!make_room(&list, x->patterns, 1, &x->pattern_room, sizeof p, PATTERNS_LIMIT))
		return "there are too many keywords";
	x->pattern = list;
	p.next = x->first_of[p.class[0]];
	x->pattern[x->patterns++] = p;
	x->first_of[p.class[0]] = (uint32_t)x->patterns;
	return NULL;
}

const char *lexicon_add_ending(struct lexicon *x, struct span ending)
{
	struct alternative a;
	const char *fault = take_alternative(&ending, &a);
	if (fault == NULL && !add_readings(&x->ending_forms, &a.word, 0, ENDING_NONE))
		x->failed = true;
	return fault;
}

/* ---- the trie */
struct making {
	const struct forms *forms;
	struct trie *trie;
	size_t *low, *high;  /* the forms below each node */
	uint8_t *depth;
};

static int by_sounds(const void *a, const void *b, void *arg)
{
	const struct form *f = a, *g = b;
	const uint8_t *sounds = arg;
	const size_t n = f->n < g->n ? f->n : g->n;
	const int c = memcmp(sounds + f->at, sounds + g->at, n);
	if (c != 0)
		return c;
	if (f->n != g->n)
		return f->n < g->n ? -1 : 1;
	if (f->class != g->class)
		return f->class < g->class ? -1 : 1;
	return (int)f->ending - (int)g->ending;
}

/* The forms that end at this node become its ends; returns where the longer ones begin. */
static size_t make_ends(struct making *m, size_t node)
{
	size_t i = m->low[node];
	const struct form *before = NULL;
	for (; i < m->high[node] && m->forms->list[i].n == m->depth[node]; i++) {
		const struct form *f = &m->forms->list[i];
		if (before != NULL && before->class == f->class && before->ending == f->ending)
			continue;
		before = f;
		if (m->trie->node[node].end == 0)
			m->trie->node[node].end = (uint32_t)m->trie->ends + 1;
		m->trie->end[m->trie->ends++] = (struct trie_end){ f->class, f->ending, false };
	}
	if (m->trie->node[node].end != 0)
		m->trie->end[m->trie->ends - 1].is_last = true;
	return i;
}

static void make_children(struct making *m, size_t node, size_t low)
{
	const uint8_t depth = m->depth[node];
	m->trie->node[node].first = (uint32_t)m->trie->nodes;
	for (size_t i = low; i < m->high[node];) {
		const uint8_t sound = m->forms->sounds[m->forms->list[i].at + depth];
		const size_t child = m->trie->nodes++;
		m->trie->node[node].children |= UINT64_C(1) << sound;
		m->low[child] = i;
		while (i < m->high[node] &&
		       m->forms->sounds[m->forms->list[i].at + depth] == sound)
			i++;
		m->high[child] = i;
		m->depth[child] = (uint8_t)(depth + 1);
	}
}

static bool make_trie(struct forms *f, struct trie *ret)
{
	const size_t most = f->sounds_n + 1;
	struct making m = { .forms = f, .trie = ret, .low = calloc(most, sizeof *m.low),
		.high = calloc(most, sizeof *m.high), .depth = calloc(most, 1) };
	ret->node = calloc(most, sizeof *ret->node);
	ret->end = calloc(f->n + 1, sizeof *ret->end);
	const bool good = m.low != NULL && m.high != NULL && m.depth != NULL && ret->node != NULL &&
	                  ret->end != NULL;
	if (good) {
		qsort_r(f->list, f->n, sizeof *f->list, by_sounds, f->sounds);
		ret->nodes = 1;
		m.high[0] = f->n;
		for (size_t i = 0; i < ret->nodes; i++)
			make_children(&m, i, make_ends(&m, i));
	}
	free(m.low);
	free(m.high);
	free(m.depth);
	return good;
}

bool trie_has(const struct trie *t, const uint64_t *reads, size_t n)
{
	/* endings are short, and few of their sounds may be two */
	const struct trie_node *node = &t->node[0];
	for (size_t i = 0; i < n; i++) {
		const uint64_t both = node->children & reads[i];
		if (both == 0)
			return false;
		node = &t->node[trie_child(t, node, (unsigned)__builtin_ctzll(both))];
	}
	return node->end != 0;
}

/* ---- anchors */
/* A pattern is looked up by that of its words which the fewest patterns have. */
static bool make_anchors(struct lexicon *x)
{
	uint32_t *uses = calloc(x->classes + 1, sizeof *uses);
	uint8_t *word = calloc(x->patterns + 1, 1);
	x->anchors_of = calloc(x->classes + 2, sizeof *x->anchors_of);
	x->anchor = calloc(x->patterns + 1, sizeof *x->anchor);
	const bool good = uses != NULL && word != NULL && x->anchors_of != NULL && x->anchor != NULL;
	for (size_t i = 0; good && i < x->patterns; i++)
		for (size_t j = 0; j < x->pattern[i].n; j++)
			uses[x->pattern[i].class[j]]++;
	for (size_t i = 0; good && i < x->patterns; i++) {
		const struct pattern *p = &x->pattern[i];
		for (uint8_t j = 1; j < p->n; j++)
			if (uses[p->class[j]] < uses[p->class[word[i]]])
				word[i] = j;
		x->anchors_of[p->class[word[i]] + 1]++;
	}
	for (size_t c = 0; good && c <= x->classes; c++)
		x->anchors_of[c + 1] += x->anchors_of[c];
	if (good)
		memcpy(uses, x->anchors_of, (x->classes + 1) * sizeof *uses);
	for (size_t i = 0; good && i < x->patterns; i++)
		x->anchor[uses[x->pattern[i].class[word[i]]]++] =
			(struct anchor){ (uint16_t)i, word[i] };
	free(uses);
	free(word);
	return good;
}

#define ANY_LANGUAGE 0xFFu

static bool note_classes(struct lexicon *x)
{
	x->languages_of = calloc(x->classes + 1, 1);
	x->forms_of = calloc(x->classes + 1, sizeof *x->forms_of);
	for (size_t i = 0; x->forms_of != NULL && i < x->word_forms.n; i++)
		if (x->forms_of[x->word_forms.list[i].class] < UINT16_MAX)
			x->forms_of[x->word_forms.list[i].class]++;
	for (size_t i = 0; x->languages_of != NULL && i < x->patterns; i++)
		for (size_t j = 0; j < x->pattern[i].n; j++)
			x->languages_of[x->pattern[i].class[j]] |=
				x->pattern[i].meaning.languages == 0 ? ANY_LANGUAGE
				                                     : x->pattern[i].meaning.languages;
	for (size_t c = 0; x->languages_of != NULL && c < x->classes; c++)
		if (x->languages_of[c] == ANY_LANGUAGE)
			x->languages_of[c] = 0;
	return x->languages_of != NULL && x->forms_of != NULL;
}

bool lexicon_finish(struct lexicon *x)
{
	const bool good = !x->failed && make_trie(&x->word_forms, &x->words) &&
	                  make_trie(&x->ending_forms, &x->endings) && make_anchors(x) &&
	                  note_classes(x);
	free_names(x);
	free_forms(&x->word_forms);
	free_forms(&x->ending_forms);
	return good;
}
