/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alphabet.h - GSM-7 and UCS-2, and how many parts a text takes.
 * Room:      text.
 * Standard:  3GPP TS 23.038 §6.2.1 (default alphabet, extension table), TS 23.040 §9.2.3.24.1
 *            (8-bit concatenation) and §9.2.3.24.8 (16-bit).
 * Ownership: spans of a struct parts borrow the text that was split.
 * Errors:    false or an enum; results are untouched then.
 * Threads:   no state.  Units: units are septets in GSM-7, 16-bit units in UCS-2. */
#ifndef SAFAR_TEXT_ALPHABET_H
#define SAFAR_TEXT_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum alphabet { ALPHABET_GSM7, ALPHABET_UCS2 };

#define PARTS_MAX 10
#define TEXT_OCTETS_MAX 4096 /* of UTF-8, for any text sent or read */

#define GSM7_SINGLE 160u
#define GSM7_PART 153u
#define UCS2_SINGLE 70u
#define UCS2_PART 67u

enum text_err { TEXT_OK, TEXT_BAD_UTF8, TEXT_TOO_MANY_PARTS, TEXT_EMPTY };

struct parts {
	enum alphabet alphabet;
	unsigned count;            /* 1 to PARTS_MAX */
	unsigned units;            /* of the whole text */
	struct span part[PARTS_MAX]; /* UTF-8 */
	unsigned part_units[PARTS_MAX];
};

/* Chooses the alphabet and cuts between graphemes (never in a surrogate pair or after an escape;
 * a single grapheme larger than a part is cut between code points). A NUL or a control character
 * other than \n and \r is TEXT_BAD_UTF8. */
enum text_err parts_split(struct span utf8, struct parts *ret);
const char *text_err_text(enum text_err e);

/* One code point of *rest is taken off; false at the end or at ill-formed UTF-8 (rest->n tells). */
bool utf8_next(struct span *rest, uint32_t *ret);
void utf8_add(struct buf *b, uint32_t code_point);
bool utf8_valid(struct span s);
/* Septets that the code point takes in GSM-7 (1, or 2 with the escape); 0: not in the alphabet. */
unsigned gsm7_septets(uint32_t code_point);
/* `count` packed septets to UTF-8 (TS 23.038 §6.1.2); fewer where the octets end before. */
void gsm7_to_utf8(struct span octets, size_t count, struct buf *ret);
/* UTF-16 big-endian octets to UTF-8; a lone surrogate becomes U+FFFD (parts may cut an emoji). */
void utf16be_to_utf8(struct span octets, struct buf *ret);

#endif
