/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess.h - which language a short text is written in, with a probability that means something.
 * Room:      text.
 * Model:     language.model, trained offline (gateway/text/training), built into the program.
 * Ownership: the caller's structs.  Threads: no state after guess_start(). */
#ifndef SAFAR_TEXT_GUESS_H
#define SAFAR_TEXT_GUESS_H

#include "base/buf.h"
#include "base/err.h"
#include "text/language.h"

/* What is known beside the text; all weights 1: nothing. They multiply, and needn't sum to 1. */
struct guess_prior {
	float weight[LANGUAGE_COUNT];
};
extern const struct guess_prior GUESS_NO_PRIOR;

struct guess {
	enum language best;            /* LANGUAGE_UNKNOWN: no letter of ours in it */
	float p[LANGUAGE_COUNT];       /* sum to 1 where best is known, else all 0 */
};

struct err guess_start(void); /* once, before any thread starts */
/* Uzbek's two scripts are told apart by the script alone. Weight 0 takes a language out. */
void guess_language(struct span utf8, const struct guess_prior *prior, struct guess *ret);

#endif
