/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/guess.h"

#include <math.h>
#include <string.h>

#include "text/features.h"
#include "text/model.h"
#include "text/msisdn.h"
#include "base/banned.h"

/* The model lies in the program as it lies in the tree. */
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        "safar_language_model:\n"
        ".incbin \"" SAFAR_LANGUAGE_MODEL "\"\n"
        "safar_language_model_end:\n"
        ".popsection\n");
extern const uint8_t safar_language_model[], safar_language_model_end[];

#define COUNTRY_WEIGHT 3.0f

const struct guess_prior GUESS_NO_PRIOR = { { 1, 1, 1, 1, 1, 1, 1 } };

static const struct model *the_model(void)
{
	return (const struct model *)(const void *)safar_language_model;
}

struct err guess_start(void)
{
	const size_t size = (size_t)(safar_language_model_end - safar_language_model);
	const struct model *m = the_model();
	if (size < sizeof *m || m->magic != MODEL_MAGIC ||
	    size != sizeof *m + m->buckets * sizeof m->bucket[0])
		return err_make(ERR_DATA, "read the model of languages", "build the program anew", NULL);
	return ERR_NONE_VALUE;
}

static void add_up(const struct model *m, const struct features *f, int32_t sum[MODEL_CLASSES])
{
	for (size_t i = 0; i < f->n; i++)
		__builtin_prefetch(&m->bucket[model_bucket_of(f->hash[i], m->buckets)]);
	for (size_t i = 0; i < f->n; i++) {
		const struct model_bucket *b = &m->bucket[model_bucket_of(f->hash[i], m->buckets)];
		const uint16_t tag = model_tag_of(f->hash[i]);
		for (size_t j = 0; j < MODEL_SLOTS; j++)
			if (b->tag[j] == tag)
				for (size_t k = 0; k < MODEL_CLASSES; k++)
					sum[k] += b->weight[j][k];
	}
}

/* The class's language in this script; LANGUAGE_UNKNOWN: nobody writes it so. */
static enum language in_script(enum language l, bool is_cyrillic)
{
	if (l == LANGUAGE_UZ && is_cyrillic)
		return LANGUAGE_UZ_CYRL;
	return l == LANGUAGE_EN && is_cyrillic ? LANGUAGE_UNKNOWN : l;
}

static float weight_of(const struct guess_prior *prior, enum language l)
{
	if (l == LANGUAGE_UZ || l == LANGUAGE_UZ_CYRL)
		return fmaxf(prior->weight[LANGUAGE_UZ], prior->weight[LANGUAGE_UZ_CYRL]);
	return prior->weight[l];
}

void guess_language(struct span utf8, const struct guess_prior *prior, struct guess *ret)
{
	const struct model *m = the_model();
	struct letters letters;
	struct features f;
	int32_t sum[MODEL_CLASSES] = { 0 };
	float z[MODEL_CLASSES], top = -INFINITY, total = 0;
	*ret = (struct guess){ .best = LANGUAGE_UNKNOWN };
	letters_read(utf8, &letters);
	features_read(&letters, &f);
	letters_wipe(&letters);
	add_up(m, &f, sum);
	const bool is_cyrillic = f.cyrillic >= f.latin;
	const float sharp = m->sharpness[is_cyrillic ? 0 : 1][model_length_of(f.words)] * m->scale;
	const bool has_words = f.words > 0;
	features_wipe(&f);
	if (!has_words)
		return;
	for (size_t k = 0; k < MODEL_CLASSES; k++) {
		const enum language l = in_script(model_language[k], is_cyrillic);
		const float weight = l == LANGUAGE_UNKNOWN ? 0 : weight_of(prior, l);
		z[k] = weight > 0 ? (float)sum[k] * sharp + logf(weight) : -INFINITY;
		top = fmaxf(top, z[k]);
	}
	if (top == -INFINITY)
		return;
	for (size_t k = 0; k < MODEL_CLASSES; k++)
		total += z[k] = expf(z[k] - top);
	for (size_t k = 0; k < MODEL_CLASSES; k++) {
		const enum language l = in_script(model_language[k], is_cyrillic);
		if (l == LANGUAGE_UNKNOWN)
			continue;
		ret->p[l] = z[k] / total;
		if (ret->best == LANGUAGE_UNKNOWN || ret->p[l] > ret->p[ret->best])
			ret->best = l;
	}
}

struct guess_prior guess_prior_of(struct span digits)
{
	static const struct {
		const char *country;
		enum language language, too;
	} speak[] = {
		{ "UZ", LANGUAGE_UZ, LANGUAGE_UZ_CYRL }, { "KG", LANGUAGE_KY, LANGUAGE_KY },
		{ "TJ", LANGUAGE_TG, LANGUAGE_TG },
	};
	const char *country = country_of_digits(digits);
	struct guess_prior p = GUESS_NO_PRIOR;
	for (size_t i = 0; i < sizeof speak / sizeof speak[0]; i++)
		if (country != NULL && strcmp(country, speak[i].country) == 0)
			p.weight[speak[i].language] = p.weight[speak[i].too] = COUNTRY_WEIGHT;
	return p;
}

const char *guess_script(struct span utf8)
{
	struct letters letters;
	size_t cyrillic = 0, latin = 0;
	letters_read(utf8, &letters);
	for (size_t i = 0; i < letters.n; i++) {
		cyrillic += letter_is_cyrillic(letters.c[i]) ? 1 : 0;
		latin += letter_is_latin(letters.c[i]) ? 1 : 0;
	}
	letters_wipe(&letters);
	return cyrillic + latin == 0 ? "Zyyy" : cyrillic >= latin ? "Cyrl" : "Latn";
}
