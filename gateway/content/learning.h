/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learning.h - a linear model of which wish a text is, learnt from examples.
 * Room:      content, private to examples.c and to the program that learns at `make` time.
 * Features:  whole words, their beginnings, pairs of beginnings, those of the first and the last
 *            word, and pieces of 2 to 5 letters, each weighed by how rare it is, all of a text
 *            together of length 1. Of each example copies with a typo are learnt too, at half the
 *            price of an error.
 * Learning:  a linear support vector machine for each intent against the rest, squared hinge loss,
 *            by dual coordinate descent (Hsieh et al., ICML 2008). The same file, the same model.
 * Units:     weights are int8 × scale.  Threads: no state. */
#ifndef SAFAR_CONTENT_LEARNING_H
#define SAFAR_CONTENT_LEARNING_H

#include "content/inside.h"

#define LEARNING_CLASSES 15u /* all intents but stop, start and a missed call */
#define LEARNING_SLOTS (1u << 17)
#define LEARNING_PROBES 4u
#define LEARNING_MAGIC UINT32_C(0x314C5353) /* "SSL1" */

struct learnt_slot {
	uint16_t tag;                      /* 0: free */
	uint8_t rarity;                    /* × 1/16 */
	int8_t weight[LEARNING_CLASSES];
};

struct learnt {
	uint32_t magic, count;             /* of examples */
	uint64_t fingerprint;              /* of the file that it was learnt from */
	float scale, bias[LEARNING_CLASSES];
	struct learnt_slot slot[LEARNING_SLOTS];
};

uint64_t learning_fingerprint(struct span file);
/* The file's lines ("intent, language, text" between tabs; the first is a heading). NULL, with what
 * is wrong told to f. The caller's, free(). */
struct learnt *learning_learn(struct span file, struct faults *f);
bool learning_judge(const struct learnt *l, struct span skeleton, float ret[INTENT_COUNT]);

#endif
