/* SPDX-License-Identifier: GPL-3.0-or-later */
/* features.h - what a text shows of its language: its words and pieces of them, as hashes.
 * Room:      text, private to guess.c and its trainer: both must see the same.
 * Ownership: the caller's struct; hashes of what a person wrote: features_wipe() it.
 * Threads:   no state.
 *
 * A word gives, with its two ends marked: all pieces of 1 to FEATURE_PIECE letters in plain letters
 * (қ is к, o' is o), itself whole, and the pieces of 1 to FEATURE_MARKED letters that hold a letter
 * which isn't plain. So a text without its special letters loses the last kind only. Cyrillic and
 * Latin words have pieces of their own. */
#ifndef SAFAR_TEXT_FEATURES_H
#define SAFAR_TEXT_FEATURES_H

#include "text/letters.h"

#define FEATURES_MAX 4096u /* some 600 letters; what comes behind isn't looked at */
#define FEATURE_PIECE 5u
#define FEATURE_MARKED 4u

struct features {
	size_t n, words;
	size_t cyrillic, latin; /* letters */
	uint64_t hash[FEATURES_MAX];
};

void features_read(const struct letters *text, struct features *ret);
void features_wipe(struct features *f);

#endif
