/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content/examples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/fold.h"
#include "base/banned.h"

#define FILE_NAME "examples.tsv"
#define EXAMPLES_MAX 20000u
#define FEATURES_MAX 256u /* of some 25 words; the rest isn't looked at */
#define SLOTS (1u << 17)
#define ROUNDS 6
#define RATE 1.0f
#define BEGIN_LEAST 3u
#define BEGIN_MOST 6u
#define NONE_WORD "stop_not" /* a line that holds a word of STOP and isn't one: no wish is taught */

struct examples {
	float weight[SLOTS][INTENT_COUNT];
	size_t count;
};

struct example {
	enum intent intent;
	uint16_t n;
	uint32_t *slot;
};

/* ---- what a text shows */
struct shown {
	uint16_t n;
	uint32_t slot[FEATURES_MAX];
};

static uint32_t hash(uint32_t h, struct span s, uint8_t end)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ s.p[i]) * 16777619u;
	h = (h ^ end) * 16777619u;
	return h;
}

static void show(struct shown *s, uint32_t h)
{
	h ^= h >> 15;
	h *= 0x2C1B3C6Du;
	h ^= h >> 13;
	if (s->n < FEATURES_MAX)
		s->slot[s->n++] = h % SLOTS;
}

static struct span beginning(struct span word, size_t most)
{
	return span_make(word.p, word.n < most ? word.n : most);
}

static void show_word(struct shown *s, struct span word, struct span before)
{
	const uint32_t seed = 2166136261u;
	show(s, hash(seed, word, '$'));
	for (size_t n = BEGIN_LEAST; n <= BEGIN_MOST && n < word.n; n++)
		show(s, hash(seed, beginning(word, n), '*'));
	for (size_t i = 0; i + 3 <= word.n; i++) /* what a typo leaves */
		show(s, hash(seed, span_make(word.p + i, 3), '.'));
	if (before.n > 0)
		show(s, hash(hash(seed, beginning(before, 4), ' '), beginning(word, 4), '+'));
}

static void look(struct span skeleton, struct shown *ret)
{
	struct span before = span_make(NULL, 0);
	ret->n = 0;
	while (skeleton.n > 0) {
		const uint8_t *space = memchr(skeleton.p, ' ', skeleton.n);
		const size_t n = space != NULL ? (size_t)(space - skeleton.p) : skeleton.n;
		const struct span word = span_make(skeleton.p, n);
		show_word(ret, word, before);
		before = word;
		const size_t used = space != NULL ? n + 1 : n;
		skeleton = span_make(skeleton.p + used, skeleton.n - used);
	}
}

/* ---- the model */
static void judge(const struct examples *e, const uint32_t *slot, size_t n,
                  float ret[INTENT_COUNT])
{
	float z[INTENT_COUNT] = { 0 }, top = -INFINITY, sum = 0;
	const float scale = n > 0 ? 1.0f / sqrtf((float)n) : 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < INTENT_COUNT; k++)
			z[k] += e->weight[slot[i]][k];
	z[INTENT_STOP] = z[INTENT_START] = z[INTENT_CALL] = -INFINITY;
	for (size_t k = 0; k < INTENT_COUNT; k++) {
		z[k] *= scale;
		top = fmaxf(top, z[k]);
	}
	for (size_t k = 0; k < INTENT_COUNT; k++)
		sum += ret[k] = expf(z[k] - top);
	for (size_t k = 0; k < INTENT_COUNT; k++)
		ret[k] /= sum;
}

/* AdaGrad: a word that is seen often moves less and less. */
static void learn_one(struct examples *e, float *energy, const struct example *x)
{
	float p[INTENT_COUNT];
	judge(e, x->slot, x->n, p);
	const float scale = 1.0f / sqrtf((float)x->n);
	float square = 0;
	p[x->intent] -= 1;
	for (size_t k = 0; k < INTENT_COUNT; k++)
		square += p[k] * p[k];
	for (size_t i = 0; i < x->n; i++) {
		float *seen = &energy[x->slot[i]];
		*seen += square * scale * scale;
		const float rate = RATE * scale / sqrtf(*seen + 1e-4f);
		for (size_t k = 0; k < INTENT_COUNT; k++)
			e->weight[x->slot[i]][k] -= rate * p[k];
	}
}

/* In an order that mixes intents and languages, the same at each start. */
static bool learn(struct examples *e, const struct example *list, size_t count)
{
	float *energy = calloc(SLOTS, sizeof *energy);
	if (energy == NULL)
		return false;
	size_t stride = count / 3 * 2 + 1;
	for (size_t a = stride, b = count; b != 0;) { /* no common divisor: all are visited */
		const size_t rest = a % b;
		a = b;
		b = rest;
		if (b == 0 && a != 1) {
			a = ++stride;
			b = count;
		}
	}
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0, at = 0; i < count; i++, at = (at + stride) % count)
			learn_one(e, energy, &list[at]);
	free(energy);
	return true;
}

/* ---- the file */
static struct span take_field(struct span *line)
{
	const uint8_t *tab = line->n > 0 ? memchr(line->p, '\t', line->n) : NULL;
	const struct span field = span_make(line->p, tab != NULL ? (size_t)(tab - line->p) : line->n);
	const size_t used = tab != NULL ? field.n + 1 : field.n;
	*line = span_make(line->p + used, line->n - used);
	return field;
}

static bool parse_intent(struct span word, enum intent *ret)
{
	enum intent i = 0;
	if (span_is(word, NONE_WORD)) {
		*ret = INTENT_UNKNOWN;
		return true;
	}
	while (i < INTENT_COUNT && !span_is(word, intent_word(i)))
		i++;
	*ret = i;
	return i < INTENT_COUNT && i != INTENT_STOP && i != INTENT_START && i != INTENT_CALL;
}

/* A line: intent, language, text. NULL, or what is wrong with it. */
static const char *read_line(struct span line, struct example *ret)
{
	struct example x = { .n = 0 };
	struct shown shown;
	struct buf skeleton;
	enum language l;
	if (!parse_intent(take_field(&line), &x.intent))
		return "an intent stands first, none of stop and start, then a tab";
	if (!language_parse(take_field(&line), &l) || l >= LANGUAGE_PEOPLE)
		return "a language's tag stands second, then a tab";
	buf_init(&skeleton, TEXT_OCTETS_MAX);
	fold_skeleton(line, &skeleton);
	look(buf_span(&skeleton), &shown);
	const bool failed = skeleton.failed;
	buf_free(&skeleton);
	if (failed)
		return "the text is too long";
	x.n = shown.n;
	x.slot = shown.n > 0 ? malloc(shown.n * sizeof *x.slot) : NULL;
	if (shown.n > 0 && x.slot == NULL)
		return "there is no memory for it";
	if (shown.n > 0)
		memcpy(x.slot, shown.slot, shown.n * sizeof *x.slot);
	*ret = x;
	return NULL;
}

static void read_lines(struct span file, struct example *list, size_t *ret_count, struct faults *f)
{
	struct span line;
	for (unsigned number = 1; span_line(&file, &line); number++) {
		char where[24];
		(void)snprintf(where, sizeof where, "line %u", number);
		if (number == 1 || line.n == 0 || line.p[0] == '#')
			continue;
		const char *fault = *ret_count == EXAMPLES_MAX ? "there are too many examples"
		                    : read_line(line, &list[*ret_count]);
		if (fault != NULL)
			fault_add(f, FILE_NAME, where, fault);
		else if (list[*ret_count].n > 0) /* "???" teaches nothing */
			(*ret_count)++;
		if (*ret_count == EXAMPLES_MAX)
			return;
	}
}

static void slurp(const char *folder, struct buf *ret, struct faults *f)
{
	char path[4096], octets[16384];
	size_t n;
	(void)snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
	FILE *in = fopen(path, "rbe");
	if (in == NULL)
		return;
	while ((n = fread(octets, 1, sizeof octets, in)) > 0)
		buf_add(ret, span_make(octets, n));
	if (ferror(in) != 0 || ret->failed)
		fault_add(f, FILE_NAME, "", "it can't be read, or is larger than 4 MiB");
	(void)fclose(in);
}

void examples_read(const char *folder, struct examples **ret, struct faults *f)
{
	struct buf file;
	size_t count = 0;
	struct examples *e = calloc(1, sizeof *e);
	struct example *list = calloc(EXAMPLES_MAX, sizeof *list);
	buf_init(&file, 4u << 20);
	slurp(folder, &file, f);
	if (e != NULL && list != NULL) {
		read_lines(buf_span(&file), list, &count, f);
		e->count = count;
	}
	if (e == NULL || list == NULL || (count > 0 && !learn(e, list, count)))
		fault_add(f, FILE_NAME, "", "there is no memory for it");
	for (size_t i = 0; i < count; i++)
		free(list[i].slot);
	free(list);
	buf_free(&file);
	*ret = e;
}

void examples_free(struct examples *e)
{
	free(e);
}

void examples_judge(const struct examples *e, struct span skeleton, float ret[INTENT_COUNT])
{
	struct shown shown;
	for (size_t k = 0; k < INTENT_COUNT; k++)
		ret[k] = k == INTENT_UNKNOWN ? 1.0f : 0.0f;
	if (e == NULL || e->count == 0)
		return;
	look(skeleton, &shown);
	if (shown.n > 0)
		judge(e, shown.slot, shown.n, ret);
	explicit_bzero(&shown, sizeof shown);
}
