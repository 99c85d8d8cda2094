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

/* Below it nobody should be told that it is known. Any language alone would have a fifth. */
#define GUESS_TOLD 0.3f

struct err guess_start(void); /* once, before any thread starts */
/* Uzbek's two scripts are told apart by the script alone. Weight 0 takes a language out. */
void guess_language(struct span utf8, const struct guess_prior *prior, struct guess *ret);
/* What a number's country says (E.164 digits): little, since most migrants hold a number of the
 * country they work in; of +7 nothing. */
struct guess_prior guess_prior_of(struct span digits);
/* "Cyrl", "Latn", or "Zyyy" where there is neither (ISO 15924). */
const char *guess_script(struct span utf8);

#endif
