/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess.h - how likely each language is.  Room: text.  Threads: no state. */
#ifndef SAFAR_TEXT_GUESS_H
#define SAFAR_TEXT_GUESS_H

#include "text/language.h"

struct guess {
	enum language best;
	float p[LANGUAGE_COUNT]; /* sums to 1 */
};
struct guess_prior;
void guess_language(struct span utf8, const struct guess_prior *prior, struct guess *ret);

#endif
