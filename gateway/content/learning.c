/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content/learning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold.h"
#include "base/banned.h"

#define FILE_NAME "examples.tsv"
#define EXAMPLES_MAX 60000u
#define FEATURES_MAX 1024u /* of some 30 words; the rest isn't looked at */
#define SEEN_LEAST 2u      /* in one example alone: it teaches nothing about others */
#define ROUNDS 8
#define PENALTY 4.0f       /* C of the support vector machine, */
#define PENALTY_TYPO 2.0f  /* and of an example's copies with a typo */
#define TYPO_COPIES 2u
#define TYPO_LETTERS 4u    /* of a word that one stands in */
#define LANES 16u          /* all classes at once, in whole vectors of a processor */
#define PIECE_LEAST 2u
#define PIECE_MOST 5u
#define BEGIN_LEAST 3u
#define BEGIN_MOST 6u
#define NONE_WORD "stop_not" /* a line that holds a word of STOP and isn't one: no wish is taught */

static const enum intent classes[LEARNING_CLASSES] = {
	INTENT_EMERGENCY, INTENT_VIOLENCE, INTENT_CHILDREN, INTENT_HEALTH, INTENT_SHELTER,
	INTENT_DOCUMENTS, INTENT_RETURN_HOME, INTENT_LEGAL, INTENT_WAGES, INTENT_WORK, INTENT_LANGUAGE,
	INTENT_CALL_ME, INTENT_HOTLINE, INTENT_MENU, INTENT_UNKNOWN,
};

uint64_t learning_fingerprint(struct span file)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < file.n; i++)
		h = (h ^ file.p[i]) * UINT64_C(1099511628211);
	return h;
}

/* ---- what a text shows */
struct shown {
	size_t n;
	uint64_t hash[FEATURES_MAX];
};

static uint64_t hash(uint64_t h, struct span s, uint8_t kind)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ s.p[i]) * UINT64_C(1099511628211);
	return (h ^ kind) * UINT64_C(1099511628211);
}

static void show(struct shown *s, uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xD6E8FEB86659FD93);
	h ^= h >> 32;
	if (s->n < FEATURES_MAX)
		s->hash[s->n++] = h;
}

static struct span beginning(struct span word, size_t most)
{
	return span_make(word.p, word.n < most ? word.n : most);
}

#define SEED UINT64_C(14695981039346656037)

/* "_word_": its edges are letters too. */
static void show_pieces(struct shown *s, struct span word)
{
	uint8_t edged[96];
	const size_t n = word.n < sizeof edged - 2 ? word.n : sizeof edged - 2;
	edged[0] = edged[n + 1] = '_';
	memcpy(edged + 1, word.p, n);
	for (size_t i = 0; i + PIECE_LEAST <= n + 2; i++) {
		uint64_t h = SEED;
		for (size_t size = 1; size <= PIECE_MOST && i + size <= n + 2; size++) {
			h = (h ^ edged[i + size - 1]) * UINT64_C(1099511628211);
			if (size >= PIECE_LEAST)
				show(s, (h ^ '.') * UINT64_C(1099511628211));
		}
	}
}

static void show_word(struct shown *s, struct span word, struct span before)
{
	show(s, hash(SEED, word, '$'));
	for (size_t n = BEGIN_LEAST; n <= BEGIN_MOST && n < word.n; n++)
		show(s, hash(SEED, beginning(word, n), '*'));
	show_pieces(s, word);
	if (before.n > 0)
		show(s, hash(hash(SEED, beginning(before, 4), ' '), beginning(word, 4), '+'));
}

static void look(struct span skeleton, struct shown *ret)
{
	struct span before = span_make(NULL, 0), word;
	ret->n = 0;
	while (span_take(&skeleton, ' ', &word)) {
		if (before.n == 0)
			show(ret, hash(SEED, beginning(word, 4), '^'));
		show_word(ret, word, before);
		before = word;
	}
	if (before.n > 0)
		show(ret, hash(SEED, beginning(before, 4), '&'));
}

/* ---- the table */
static uint16_t tag_of(uint64_t h)
{
	const uint16_t tag = (uint16_t)h;
	return tag != 0 ? tag : 1;
}

static size_t slot_of(uint64_t h, size_t probe)
{
	return ((h >> 32) + probe) % LEARNING_SLOTS;
}

/* LEARNING_SLOTS: it isn't there. */
static size_t find(const struct learnt *l, uint64_t h)
{
	for (size_t probe = 0; probe < LEARNING_PROBES; probe++) {
		const size_t at = slot_of(h, probe);
		if (l->slot[at].tag == tag_of(h))
			return at;
		if (l->slot[at].tag == 0)
			break;
	}
	return LEARNING_SLOTS;
}

static size_t find_or_add(struct learnt *l, uint64_t h)
{
	for (size_t probe = 0; probe < LEARNING_PROBES; probe++) {
		const size_t at = slot_of(h, probe);
		if (l->slot[at].tag == 0)
			l->slot[at].tag = tag_of(h);
		if (l->slot[at].tag == tag_of(h))
			return at;
	}
	return LEARNING_SLOTS; /* crowded: one feature less */
}

/* ---- a text as a vector of length 1 */
struct vector {
	size_t n;
	uint32_t *slot;
	float *value;
	uint8_t class;
	bool has_typo;
};

#define COUNTED (2 * FEATURES_MAX)

/* What stands there more than once counts by the logarithm. */
static size_t weigh(const struct learnt *l, const struct shown *s, uint32_t *slot, float *value)
{
	uint16_t place[COUNTED] = { 0 }, times[FEATURES_MAX]; /* place: 1 + its index, by slot */
	size_t n = 0;
	float square = 0;
	for (size_t i = 0; i < s->n; i++)
		__builtin_prefetch(&l->slot[slot_of(s->hash[i], 0)]);
	for (size_t i = 0; i < s->n; i++) {
		const size_t at = find(l, s->hash[i]);
		if (at == LEARNING_SLOTS)
			continue;
		size_t p = at % COUNTED; /* half of the places stay free */
		while (place[p] != 0 && slot[place[p] - 1] != at)
			p = (p + 1) % COUNTED;
		if (place[p] != 0) {
			times[place[p] - 1]++;
			continue;
		}
		times[n] = 1;
		slot[n++] = (uint32_t)at;
		place[p] = (uint16_t)n;
	}
	for (size_t i = 0; i < n; i++) {
		value[i] = (times[i] > 1 ? 1 + logf((float)times[i]) : 1) * (float)l->slot[slot[i]].rarity;
		square += value[i] * value[i];
	}
	for (size_t i = 0; i < n; i++)
		value[i] /= sqrtf(square);
	return n;
}

/* ---- learning */
struct lesson {
	struct learnt *l;
	struct vector *list;
	size_t count;
	float (*weight)[LANES];
	float *alpha;
	uint32_t *seen, *order;
	uint64_t seed;     /* of typos */
	bool adds_typos;   /* copies, which show nothing that no example shows */
};

static uint32_t dice(uint64_t *s, uint32_t below)
{
	uint64_t z = *s += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)(((z ^ z >> 31) >> 32) * below >> 32);
}

static void shuffle(uint32_t *list, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		const uint32_t j = dice(seed, (uint32_t)i), keep = list[i - 1];
		list[i - 1] = list[j];
		list[j] = keep;
	}
}

/* One example: each class's multiplier moves to where its loss is least. Vectors have length 1, so
 * that the second derivative is 1 (+ 1 of the bias) + 1/2C. */
static void step(struct lesson *s, const struct vector *x, float alpha[LEARNING_CLASSES])
{
	const float diagonal = 0.5f / (x->has_typo ? PENALTY_TYPO : PENALTY);
	float margin[LANES] = { 0 }, by[LANES] = { 0 };
	bool has_moved = false;
	for (size_t i = 0; i < x->n; i++)
		for (size_t k = 0; k < LANES; k++)
			margin[k] += s->weight[x->slot[i]][k] * x->value[i];
	for (size_t k = 0; k < LEARNING_CLASSES; k++) {
		const float y = x->class == k ? 1.0f : -1.0f;
		const float gradient = y * (margin[k] + s->l->bias[k]) - 1 + diagonal * alpha[k];
		const float moved = alpha[k] - gradient / (2 + diagonal);
		const float next = moved > 0 ? moved : 0;
		by[k] = (next - alpha[k]) * y;
		has_moved = has_moved || next < alpha[k] || next > alpha[k];
		alpha[k] = next;
		s->l->bias[k] += by[k];
	}
	for (size_t i = 0; has_moved && i < x->n; i++)
		for (size_t k = 0; k < LANES; k++)
			s->weight[x->slot[i]][k] += by[k] * x->value[i];
}

static void run(struct lesson *s)
{
	uint64_t seed = 1;
	for (size_t i = 0; i < s->count; i++)
		s->order[i] = (uint32_t)i;
	for (int round = 0; round < ROUNDS; round++) {
		shuffle(s->order, s->count, &seed);
		for (size_t i = 0; i < s->count; i++)
			step(s, &s->list[s->order[i]], &s->alpha[s->order[i] * LEARNING_CLASSES]);
	}
}

static void round_weights(struct lesson *s)
{
	float most = 1e-6f;
	for (size_t i = 0; i < LEARNING_SLOTS; i++)
		for (size_t k = 0; k < LEARNING_CLASSES; k++)
			most = fmaxf(most, fabsf(s->weight[i][k]));
	s->l->scale = most / 127;
	for (size_t i = 0; i < LEARNING_SLOTS; i++)
		for (size_t k = 0; k < LEARNING_CLASSES; k++)
			s->l->slot[i].weight[k] = (int8_t)lrintf(s->weight[i][k] / s->l->scale);
}

/* ---- the file */
static struct span take_field(struct span *line)
{
	struct span field = span_make(NULL, 0);
	(void)span_take(line, '\t', &field); /* at the end: an empty one */
	return field;
}

static bool parse_class(struct span word, uint8_t *ret)
{
	for (uint8_t k = 0; k < LEARNING_CLASSES; k++)
		if (span_is(word, intent_word(classes[k])) ||
		    (classes[k] == INTENT_UNKNOWN && span_is(word, NONE_WORD))) {
			*ret = k;
			return true;
		}
	return false;
}

/* NULL, or what is wrong with the line. */
static const char *read_line(struct span line, struct buf *skeleton, uint8_t *ret_class)
{
	enum language l;
	if (!parse_class(take_field(&line), ret_class))
		return "an intent stands first, none of stop and start, then a tab";
	if (!language_parse(take_field(&line), &l) || l >= LANGUAGE_PEOPLE)
		return "a language's tag stands second, then a tab";
	fold_skeleton(line, skeleton);
	return skeleton->failed ? "the text is too long" : NULL;
}

/* One letter of one word is left out, doubled, exchanged with the next, or another. False: all
 * words are too short. */
static bool misspell(struct span skeleton, uint64_t *seed, struct buf *ret)
{
	struct span rest = skeleton, word, chosen = span_make(NULL, 0);
	uint32_t count = 0;
	while (span_take(&rest, ' ', &word))
		if (word.n >= TYPO_LETTERS && dice(seed, ++count) == 0)
			chosen = word;
	if (chosen.n == 0)
		return false;
	const uint8_t *at = chosen.p + 1 + dice(seed, (uint32_t)chosen.n - 2);
	const uint32_t how = dice(seed, 4);
	buf_add(ret, span_make(skeleton.p, (size_t)(at - skeleton.p)));
	if (how == 1)
		buf_add(ret, span_make(at, 1));
	if (how == 2)
		buf_add(ret, span_make(at + 1, 1));
	if (how == 3)
		buf_add(ret, span_make(chosen.p + dice(seed, (uint32_t)chosen.n), 1));
	else if (how != 0)
		buf_add(ret, span_make(at, 1));
	at += how == 2 ? 2 : 1;
	buf_add(ret, span_make(at, (size_t)(skeleton.p + skeleton.n - at)));
	return true;
}

typedef bool line_fn(struct lesson *s, struct shown *shown, uint8_t class, bool has_typo);

static bool read_example(struct span line, struct lesson *s, line_fn *each, struct shown *shown,
                         const char **ret_fault)
{
	struct buf skeleton;
	uint8_t class = 0;
	buf_init(&skeleton, 4 * TEXT_OCTETS_MAX);
	*ret_fault = read_line(line, &skeleton, &class);
	bool good = true;
	if (*ret_fault == NULL) {
		look(buf_span(&skeleton), shown);
		good = each(s, shown, class, false);
	}
	for (unsigned i = 0; *ret_fault == NULL && s->adds_typos && good && i < TYPO_COPIES; i++) {
		struct buf wrong;
		buf_init(&wrong, 8 * TEXT_OCTETS_MAX);
		if (misspell(buf_span(&skeleton), &s->seed, &wrong)) {
			look(buf_span(&wrong), shown);
			good = each(s, shown, class, true);
		}
		buf_free(&wrong);
	}
	buf_free(&skeleton);
	return good;
}

static bool read_lines(struct span file, struct lesson *s, line_fn *each, struct faults *f)
{
	static const char too_many[] = "there are too many examples";
	struct shown *shown = malloc(sizeof *shown);
	struct span line;
	bool good = shown != NULL;
	size_t count = 0;
	for (unsigned number = 1; good && span_line(&file, &line); number++) {
		char where[24];
		const char *fault = too_many;
		if (number == 1 || line.n == 0 || line.p[0] == '#')
			continue;
		if (count++ < EXAMPLES_MAX)
			good = read_example(line, s, each, shown, &fault);
		(void)snprintf(where, sizeof where, "line %u", number);
		if (fault != NULL && f != NULL)
			fault_add(f, FILE_NAME, where, fault);
		if (fault == too_many)
			break;
	}
	free(shown);
	return good;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static bool count_line(struct lesson *s, struct shown *shown, uint8_t class, bool has_typo)
{
	(void)class;
	(void)has_typo; /* none is added yet */
	s->count++;
	qsort(shown->hash, shown->n, sizeof shown->hash[0], by_value);
	for (size_t i = 0; i < shown->n; i++)
		if (i == 0 || shown->hash[i] != shown->hash[i - 1])
			s->seen[shown->hash[i] >> 40]++; /* 2^24 counters: few features share one */
	return true;
}

static void add_features(struct lesson *s, const struct shown *shown)
{
	for (size_t i = 0; i < shown->n; i++) {
		const uint32_t seen = s->seen[shown->hash[i] >> 40];
		const size_t at = seen >= SEEN_LEAST ? find_or_add(s->l, shown->hash[i]) : LEARNING_SLOTS;
		if (at != LEARNING_SLOTS) /* the inverse document frequency, at most 15.9 */
			s->l->slot[at].rarity =
				(uint8_t)(16 * (1 + logf((1 + (float)s->l->count) / (1 + (float)seen))));
	}
}

static bool keep_line(struct lesson *s, struct shown *shown, uint8_t class, bool has_typo)
{
	uint32_t slot[FEATURES_MAX];
	float value[FEATURES_MAX];
	if (!has_typo)
		add_features(s, shown);
	struct vector x = { .class = class, .has_typo = has_typo };
	x.n = weigh(s->l, shown, slot, value);
	x.slot = malloc(x.n * sizeof slot[0] + 1);
	x.value = malloc(x.n * sizeof value[0] + 1);
	const bool good = x.slot != NULL && x.value != NULL;
	if (good) {
		memcpy(x.slot, slot, x.n * sizeof slot[0]);
		memcpy(x.value, value, x.n * sizeof value[0]);
	}
	s->list[s->count++] = x;
	return good;
}

static bool make_room(struct lesson *s)
{
	const size_t most = s->count * (1 + TYPO_COPIES) + 1;
	s->l->count = (uint32_t)s->count;
	s->list = calloc(most, sizeof *s->list);
	s->alpha = calloc(most * LEARNING_CLASSES, sizeof *s->alpha);
	s->order = calloc(most, sizeof *s->order);
	s->weight = calloc(LEARNING_SLOTS, sizeof *s->weight);
	s->count = 0;
	s->adds_typos = true;
	return s->list != NULL && s->alpha != NULL && s->order != NULL && s->weight != NULL;
}

static void end(struct lesson *s)
{
	for (size_t i = 0; s->list != NULL && i < s->count; i++) {
		free(s->list[i].slot);
		free(s->list[i].value);
	}
	free(s->list);
	free(s->alpha);
	free(s->order);
	free(s->weight);
	free(s->seen);
}

struct learnt *learning_learn(struct span file, struct faults *f)
{
	struct lesson s = { .l = calloc(1, sizeof *s.l), .seed = 7 };
	s.seen = calloc((size_t)1 << 24, sizeof *s.seen);
	bool good = s.l != NULL && s.seen != NULL && read_lines(file, &s, count_line, f) &&
	            make_room(&s) && read_lines(file, &s, keep_line, NULL);
	if (good) {
		run(&s);
		round_weights(&s);
		s.l->magic = LEARNING_MAGIC;
		s.l->fingerprint = learning_fingerprint(file);
	} else {
		fault_add(f, FILE_NAME, "", "there is no memory for it");
		free(s.l);
		s.l = NULL;
	}
	end(&s);
	return s.l;
}

bool learning_judge(const struct learnt *l, struct span skeleton, float ret[INTENT_COUNT])
{
	struct shown shown;
	uint32_t slot[FEATURES_MAX];
	float value[FEATURES_MAX], z[LEARNING_CLASSES] = { 0 };
	look(skeleton, &shown);
	const size_t n = weigh(l, &shown, slot, value);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < LEARNING_CLASSES; k++)
			z[k] += value[i] * (float)l->slot[slot[i]].weight[k];
	for (size_t k = 0; k < LEARNING_CLASSES; k++)
		ret[classes[k]] = z[k] * l->scale + l->bias[k];
	explicit_bzero(&shown, sizeof shown);
	return n > 0;
}
