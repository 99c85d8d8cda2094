/* SPDX-License-Identifier: GPL-3.0-or-later */
/* letters.h - a text as plain code points: NFKC, case folded, every apostrophe one.
 * Room:      text (ICU).
 * Standard:  Unicode UAX #15 (NFKC), UTS #31 (NFKC_Casefold: what nobody sees is left out).
 * Ownership: the caller's struct; it holds what a person wrote: letters_wipe() it.
 * Errors:    ill-formed UTF-8 becomes U+FFFD; beyond LETTERS_MAX nothing is read.
 * Threads:   no state after letters_start(). */
#ifndef SAFAR_TEXT_LETTERS_H
#define SAFAR_TEXT_LETTERS_H

#include "base/buf.h"
#include "base/err.h"

#define LETTERS_MAX 4096u

struct letters {
	size_t n;
	uint32_t c[LETTERS_MAX];
};

struct err letters_start(void); /* loads ICU's tables, once, before any thread starts */
void letters_read(struct span utf8, struct letters *ret);
void letters_wipe(struct letters *l);

bool letter_is_alnum(uint32_t c);    /* of a word; not the apostrophe */
bool letter_is_mark(uint32_t c);     /* combines with the letter before it */
bool letter_is_cyrillic(uint32_t c);
bool letter_is_latin(uint32_t c);
bool letter_is_capital(uint32_t c); /* of a text as it is written: here all are small */
#define LETTER_APOSTROPHE 0x27u

#endif
