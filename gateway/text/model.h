/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.h - how language.model lies on disk and in memory.  Room: text, private to guess.c and its
 * trainer. Little-endian; a feature's bucket is one cache line, so that looking it up costs one miss. */
#ifndef SAFAR_TEXT_MODEL_H
#define SAFAR_TEXT_MODEL_H

#include <stdint.h>

#include "text/language.h"

#define MODEL_MAGIC UINT32_C(0x314C4653) /* "SFL1" */
#define MODEL_CLASSES 6u                 /* both scripts of Uzbek are one class */
#define MODEL_SLOTS 8u
#define MODEL_LENGTHS 8u

struct model_bucket {
	uint16_t tag[MODEL_SLOTS]; /* 0: free */
	int8_t weight[MODEL_SLOTS][MODEL_CLASSES];
};

struct model {
	uint32_t magic, buckets;
	float scale;                              /* of a weight */
	float sharpness[2][MODEL_LENGTHS];        /* Cyrillic, Latin; by words: calibration */
	uint8_t reserved[128 - 12 - 2 * MODEL_LENGTHS * 4]; /* whole cache lines before the first */
	struct model_bucket bucket[];
};

static const enum language model_language[MODEL_CLASSES] = {
	LANGUAGE_KK, LANGUAGE_RU, LANGUAGE_UZ, LANGUAGE_KY, LANGUAGE_TG, LANGUAGE_EN,
};

static inline uint32_t model_bucket_of(uint64_t hash, uint32_t buckets)
{
	return (uint32_t)((hash >> 32) * buckets >> 32);
}

static inline uint16_t model_tag_of(uint64_t hash)
{
	const uint16_t tag = (uint16_t)hash;
	return tag != 0 ? tag : 1;
}

/* 1, 2, 3, 4-5, 6-8, 9-13, 14-20, more words */
static inline unsigned model_length_of(uint64_t words)
{
	static const uint8_t most[] = { 1, 2, 3, 5, 8, 13, 20 };
	unsigned i = 0;
	while (i < sizeof most && words > most[i])
		i++;
	return i;
}

#endif
