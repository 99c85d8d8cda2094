/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.h - one skeleton for all scripts, so that көмек, комек, komek and kömek are one word.
 * Room:      text (ICU for NFKC and case folding).
 * Ownership: results go into the caller's buf or struct; what holds a person's words is wiped.
 * Threads:   no state after fold_start().
 * The rules are data: fold.rules. A text is normalised, marks and apostrophes are left out,
 * Cyrillic and Latin are read into the same sounds. The skeleton is idempotent.
 * Limits:    LETTERS_MAX letters of a text and FOLD_WORD_MAX sounds of a word; the rest isn't
 *            looked at. */
#ifndef SAFAR_TEXT_FOLD_H
#define SAFAR_TEXT_FOLD_H

#include "base/buf.h"
#include "base/err.h"
#include "text/language.h"

struct err fold_start(void); /* loads ICU's data, once, before any thread starts */

/* The skeleton of a text: words parted by one space, nothing else. Fails the buf on its limit. */
void fold_skeleton(struct span utf8, struct buf *ret);

/* ---- the words of a text, for matching: finer than the skeleton */
#define FOLD_WORD_MAX 94u
#define FOLD_WORDS_MAX 256u
#define FOLD_SOUNDS_MAX 64u
struct fold_word {
	uint8_t n;
	bool begins_clause;            /* the first of all, or a full stop or comma stands before it */
	uint8_t sound[FOLD_WORD_MAX];  /* numbers below FOLD_SOUNDS_MAX */
};
struct fold_words {
	size_t n;
	struct fold_word word[FOLD_WORDS_MAX];
};
void fold_words(struct span utf8, struct fold_words *ret);
void fold_words_wipe(struct fold_words *w);
/* The plain sounds and digits that a sound of a text may stand for, as a set: Latin c is k or s. */
uint64_t fold_reads(uint8_t sound);
/* Those as which people may type a sound of a keyword: ҷ, ж or ч. A keyword and a word are one
 * where their sets share something at each place. */
uint64_t fold_typed(uint8_t sound);
/* The one of them that is meant most often, as a bit's number. */
uint8_t fold_likeliest(uint8_t sound);
bool fold_is_digit(uint8_t sound);

#endif
