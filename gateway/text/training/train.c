/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes language.model: a linear model (multinomial logistic regression, AdaGrad) over the features
 * of features.h, cut down to what fits, trained once more on what is left, and told how sure it may
 * be. The same text, the same model.
 *
 *   train TEXTS MODEL [STEPS]    TEXTS: what fetch.py wrote
 *   train --test TEXTS MODEL     prints accuracy and calibration on TEXTS/test */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/features.h"
#include "text/model.h"
#include "text/training/corpus.h"
#include "text/training/spell.h"
#include "base/banned.h"

#define WIDE_BITS 23 /* features while nothing is cut yet */
#define WIDE (UINT64_C(1) << WIDE_BITS)
#define BUCKETS ((2u * 1024 * 1024 - sizeof(struct model)) / sizeof(struct model_bucket))
#define SEEN_MIN 4.0f
#define STEPS 9000000
#define RATE 0.25f
#define DECAY 2e-7f

/* ---- weights: wide at first, then the model's own slots */
struct weights {
	size_t count;
	float (*w)[MODEL_CLASSES];
	float *energy, *seen;
	uint64_t *hash;
	uint16_t *tag;     /* of the slots; NULL while wide */
};

static bool weights_new(struct weights *s, size_t count, bool is_wide)
{
	*s = (struct weights){ .count = count };
	s->w = calloc(count, sizeof *s->w);
	s->energy = calloc(count, sizeof *s->energy);
	s->seen = calloc(count, sizeof *s->seen);
	s->hash = calloc(count, sizeof *s->hash);
	s->tag = is_wide ? NULL : calloc(count, sizeof *s->tag);
	return s->w && s->energy && s->seen && s->hash && (is_wide || s->tag);
}

static size_t slot_of(const struct weights *s, uint64_t hash)
{
	if (s->tag == NULL)
		return hash >> (64 - WIDE_BITS);
	const size_t first = (size_t)model_bucket_of(hash, BUCKETS) * MODEL_SLOTS;
	for (size_t i = first; i < first + MODEL_SLOTS; i++)
		if (s->tag[i] == model_tag_of(hash))
			return i;
	return s->count;
}

static void score(const struct weights *s, const size_t *slots, size_t n, float ret[MODEL_CLASSES])
{
	memset(ret, 0, sizeof(float) * MODEL_CLASSES);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < MODEL_CLASSES; k++)
			ret[k] += s->w[slots[i]][k];
}

static void soften(const float *z, float sharpness, float ret[MODEL_CLASSES], bool with_english)
{
	float top = -INFINITY, sum = 0;
	const size_t n = with_english ? MODEL_CLASSES : MODEL_CLASSES - 1;
	for (size_t k = 0; k < n; k++)
		top = fmaxf(top, z[k] * sharpness);
	for (size_t k = 0; k < n; k++)
		sum += ret[k] = expf(z[k] * sharpness - top);
	for (size_t k = 0; k < n; k++)
		ret[k] /= sum;
}

/* ---- one step */
static void learn(struct weights *s, const struct features *f, unsigned class, float rate)
{
	static size_t slots[FEATURES_MAX];
	float z[MODEL_CLASSES], p[MODEL_CLASSES];
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const size_t at = slot_of(s, f->hash[i]);
		if (at == s->count)
			continue;
		slots[n++] = at;
		if (s->tag == NULL)
			s->hash[at] = f->hash[i];
	}
	score(s, slots, n, z);
	soften(z, 1, p, true);
	for (size_t i = 0; i < n; i++) {
		float *w = s->w[slots[i]], *energy = &s->energy[slots[i]];
		s->seen[slots[i]] += 1;
		float step[MODEL_CLASSES];
		for (size_t k = 0; k < MODEL_CLASSES; k++) {
			step[k] = p[k] - (k == class ? 1.0f : 0.0f);
			*energy += step[k] * step[k];
		}
		const float r = rate / sqrtf(*energy + 1e-3f);
		for (size_t k = 0; k < MODEL_CLASSES; k++)
			w[k] -= r * (step[k] + DECAY * w[k]);
	}
}

static void draw_features(struct corpus *c, struct dice *d, struct features *ret, unsigned *class)
{
	static struct letters letters;
	struct buf text;
	buf_init(&text, 1u << 16);
	*class = corpus_draw(c, d, &text);
	letters_read(buf_span(&text), &letters);
	features_read(&letters, ret);
	buf_free(&text);
}

static void run(struct weights *s, struct corpus *c, long steps, float rate, struct dice *d)
{
	static struct features f;
	unsigned class = 0;
	for (long i = 0; i < steps; i++) {
		draw_features(c, d, &f, &class);
		learn(s, &f, class, rate * (1.0f - 0.9f * (float)i / (float)steps));
		if (i % 500000 == 0)
			fprintf(stderr, "  %ld of %ld\n", i, steps);
	}
}

/* ---- cutting down: what is seen often and says much stays */
struct candidate {
	float worth;
	uint32_t at;
};

static int by_worth(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	return x->worth < y->worth ? 1 : x->worth > y->worth ? -1 : x->at < y->at ? -1 : x->at > y->at;
}

static float worth_of(const struct weights *s, size_t i)
{
	float mean = 0, worth = 0;
	if (s->seen[i] < SEEN_MIN)
		return 0;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		mean += s->w[i][k] / MODEL_CLASSES;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		worth += (s->w[i][k] - mean) * (s->w[i][k] - mean);
	return worth * s->seen[i];
}

static bool cut(const struct weights *wide, struct weights *ret)
{
	struct candidate *list = calloc(wide->count, sizeof *list);
	size_t n = 0, kept = 0;
	if (list == NULL || !weights_new(ret, (size_t)BUCKETS * MODEL_SLOTS, false))
		return false;
	for (size_t i = 0; i < wide->count; i++)
		if (worth_of(wide, i) > 0)
			list[n++] = (struct candidate){ worth_of(wide, i), (uint32_t)i };
	qsort(list, n, sizeof *list, by_worth);
	for (size_t i = 0; i < n; i++) {
		const uint64_t hash = wide->hash[list[i].at];
		const size_t first = (size_t)model_bucket_of(hash, BUCKETS) * MODEL_SLOTS;
		size_t at = first;
		while (at < first + MODEL_SLOTS && ret->tag[at] != 0 && ret->tag[at] != model_tag_of(hash))
			at++;
		if (at == first + MODEL_SLOTS || ret->tag[at] != 0)
			continue; /* its bucket is full of better ones */
		ret->tag[at] = model_tag_of(hash);
		memcpy(ret->w[at], wide->w[list[i].at], sizeof ret->w[at]);
		ret->energy[at] = wide->energy[list[i].at] / 4;
		kept++;
	}
	fprintf(stderr, "  %zu features of %zu\n", kept, n);
	free(list);
	return true;
}

/* ---- the file */
static void centre(float *w)
{
	float mean = 0;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		mean += w[k] / MODEL_CLASSES;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		w[k] -= mean;
}

static void round_weights(struct weights *s, struct model *m)
{
	double square = 0, used = 0;
	for (size_t i = 0; i < s->count; i++)
		if (s->tag[i] != 0) {
			centre(s->w[i]);
			for (size_t k = 0; k < MODEL_CLASSES; k++)
				square += s->w[i][k] * s->w[i][k], used++;
		}
	m->scale = (float)(sqrt(square / fmax(used, 1)) * 8 / 127);
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < MODEL_CLASSES; k++) {
			const float q = fmaxf(-127, fminf(127, roundf(s->w[i][k] / m->scale)));
			m->bucket[i / MODEL_SLOTS].weight[i % MODEL_SLOTS][k] = (int8_t)q;
			m->bucket[i / MODEL_SLOTS].tag[i % MODEL_SLOTS] = s->tag[i];
		}
}

static void score_model(const struct model *m, const struct features *f, float z[MODEL_CLASSES])
{
	int32_t sum[MODEL_CLASSES] = { 0 };
	for (size_t i = 0; i < f->n; i++) {
		const struct model_bucket *b = &m->bucket[model_bucket_of(f->hash[i], m->buckets)];
		for (size_t j = 0; j < MODEL_SLOTS; j++)
			if (b->tag[j] == model_tag_of(f->hash[i]))
				for (size_t k = 0; k < MODEL_CLASSES; k++)
					sum[k] += b->weight[j][k];
	}
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		z[k] = (float)sum[k] * m->scale;
}

/* ---- how sure it may be, and how good it is: on text from sources that it never learnt from */
#define BINS 15
struct tally {
	double n[MODEL_CLASSES], good[MODEL_CLASSES];
	double all, confidence[BINS], right[BINS];
};

/* The mean of the languages' accuracies: each counts alike. */
static double accuracy(const struct tally *t)
{
	double sum = 0, classes = 0;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		if (t->n[k] > 0) {
			sum += t->good[k] / t->n[k];
			classes++;
		}
	return sum / classes;
}

struct trial {
	float z[MODEL_CLASSES];
	unsigned class, form, words, script;
};

static void read_trial(const struct model *m, struct span text, unsigned class, unsigned form,
                       struct dice *d, struct trial *ret)
{
	static struct letters letters;
	static struct features f;
	struct buf b;
	buf_init(&b, 1u << 16);
	corpus_spell(text, form, d, &b);
	letters_read(buf_span(&b), &letters);
	features_read(&letters, &f);
	score_model(m, &f, ret->z);
	ret->class = class;
	ret->form = form;
	ret->words = (unsigned)f.words;
	ret->script = f.latin > f.cyrillic;
	buf_free(&b);
}

static size_t read_trials(const struct model *m, struct corpus *c, struct trial **ret)
{
	struct dice d = { 7 };
	size_t n = 0, count = corpus_test_count(c);
	*ret = calloc(count * CORPUS_FORMS + 1, sizeof **ret);
	for (size_t i = 0; *ret != NULL && i < count; i++)
		for (unsigned form = 0; form < CORPUS_FORMS; form++) {
			unsigned class = 0;
			const struct span text = corpus_test(c, i, &class);
			read_trial(m, text, class, form, &d, &(*ret)[n]);
			if ((*ret)[n].words > 0)
				n++;
		}
	return n;
}

static double loss(const struct trial *t, size_t n, unsigned script, unsigned length, float sharp)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		float p[MODEL_CLASSES];
		if (t[i].script != script || model_length_of(t[i].words) != length)
			continue;
		soften(t[i].z, sharp, p, false);
		sum -= log(p[t[i].class] + 1e-9);
	}
	return sum;
}

static void calibrate(struct model *m, struct corpus *c)
{
	struct trial *t = NULL;
	const size_t n = read_trials(m, c, &t);
	for (unsigned script = 0; script < 2; script++)
		for (unsigned length = 0; length < MODEL_LENGTHS; length++) {
			float best = 1;
			double least = INFINITY;
			for (float s = 0.1f; s < 2.5f; s *= 1.03f) {
				const double l = loss(t, n, script, length, s);
				if (l < least) {
					least = l;
					best = s;
				}
			}
			m->sharpness[script][length] = least > 0 && least < INFINITY ? best : 1;
			fprintf(stderr, "  sharpness %s %u: %.2f\n", script ? "Latin" : "Cyrillic", length, best);
		}
	free(t);
}

static void test(const struct model *m, struct corpus *c)
{
	static const char *const forms[CORPUS_FORMS] = { "original", "folded", "latin" };
	static const char *const names[MODEL_CLASSES] = { "kk", "ru", "uz", "ky", "tg", "en" };
	struct tally tally[CORPUS_FORMS][3] = { 0 }, whole[CORPUS_FORMS] = { 0 };
	unsigned confusion[CORPUS_FORMS][MODEL_CLASSES][MODEL_CLASSES] = { 0 };
	struct trial *t = NULL;
	const size_t n = read_trials(m, c, &t);
	for (size_t i = 0; i < n; i++) {
		float p[MODEL_CLASSES];
		size_t best = 0;
		soften(t[i].z, m->sharpness[t[i].script][model_length_of(t[i].words)], p, false);
		for (size_t k = 1; k < MODEL_CLASSES - 1; k++)
			best = p[k] > p[best] ? k : best;
		const unsigned length = t[i].words <= 3 ? 0 : t[i].words <= 8 ? 1 : 2;
		const bool good = best == t[i].class;
		confusion[t[i].form][t[i].class][best]++;
		for (int w = 0; w < 2; w++) {
			struct tally *y = w ? &whole[t[i].form] : &tally[t[i].form][length];
			size_t bin = (size_t)(p[best] * BINS);
			bin = bin < BINS ? bin : BINS - 1;
			y->n[t[i].class]++;
			y->good[t[i].class] += good;
			y->all++;
			y->right[bin] += good;
			y->confidence[bin] += p[best];
		}
	}
	for (unsigned form = 0; form < CORPUS_FORMS; form++) {
		printf("%-9s", forms[form]);
		for (int l = 0; l < 3; l++)
			printf("  %.4f (%5.0f)", accuracy(&tally[form][l]), tally[form][l].all);
		double ece = 0;
		for (int b = 0; b < BINS; b++)
			ece += fabs(whole[form].right[b] - whole[form].confidence[b]) / whole[form].all;
		printf("  ECE %.4f\n", ece);
		for (unsigned a = 0; a < MODEL_CLASSES - 1; a++) {
			printf("    %s:", names[a]);
			for (unsigned b = 0; b < MODEL_CLASSES - 1; b++)
				printf(" %5u", confusion[form][a][b]);
			printf("\n");
		}
	}
	free(t);
}

/* ---- */
static bool write_model(const struct model *m, const char *path)
{
	const size_t size = sizeof *m + m->buckets * sizeof m->bucket[0];
	FILE *out = fopen(path, "wb");
	bool good = out != NULL && fwrite(m, 1, size, out) == size;
	good = out != NULL && fclose(out) == 0 && good;
	if (!good)
		fprintf(stderr, "%s can't be written\n", path);
	return good;
}

static struct model *read_model(const char *path)
{
	const size_t size = sizeof(struct model) + BUCKETS * sizeof(struct model_bucket);
	struct model *m = calloc(1, size);
	FILE *in = fopen(path, "rb");
	if (m != NULL && (in == NULL || fread(m, 1, size, in) != size || m->magic != MODEL_MAGIC)) {
		fprintf(stderr, "%s is no language model\n", path);
		free(m);
		m = NULL;
	}
	if (in != NULL)
		(void)fclose(in);
	return m;
}

static int train(struct corpus *c, const char *path, long steps)
{
	struct weights wide, slots;
	struct dice d = { 20261125 };
	struct model *m = calloc(1, sizeof *m + BUCKETS * sizeof m->bucket[0]);
	if (m == NULL || !weights_new(&wide, WIDE, true))
		return 1;
	m->magic = MODEL_MAGIC;
	m->buckets = BUCKETS;
	fprintf(stderr, "learning\n");
	run(&wide, c, steps, RATE, &d);
	fprintf(stderr, "cutting down\n");
	if (!cut(&wide, &slots))
		return 1;
	run(&slots, c, steps / 2, RATE / 2, &d);
	round_weights(&slots, m);
	calibrate(m, c);
	test(m, c);
	return write_model(m, path) ? 0 : 1;
}

int main(int argc, char **argv)
{
	const bool only_test = argc == 4 && strcmp(argv[1], "--test") == 0;
	int64_t steps = STEPS;
	if (!only_test && (argc < 3 || argc > 4 ||
	    (argc == 4 && !int_parse(span_of(argv[3]), 1000, 1000000000, &steps)))) {
		fprintf(stderr, "usage: train TEXTS MODEL [STEPS] | train --test TEXTS MODEL\n");
		return 2;
	}
	struct err e = letters_start();
	struct corpus *c = err_is(e) ? NULL : corpus_read(argv[only_test ? 2 : 1]);
	if (c == NULL)
		return 1;
	if (!only_test)
		return train(c, argv[2], steps);
	struct model *m = read_model(argv[3]);
	if (m == NULL)
		return 1;
	test(m, c);
	free(m);
	return 0;
}
