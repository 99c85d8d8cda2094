/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearly all that people type lies in two stretches of Unicode, where a letter's fold is one letter
 * or none and nothing combines: tables made by ICU at the start. Any other letter, and ICU itself
 * folds the whole text. */
#include "text/letters.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "text/alphabet.h"
#include "base/banned.h"

#define LOW_END 0x530u /* Latin to Cyrillic Supplement */
#define PUNCTUATION 0x2000u
#define PUNCTUATION_END 0x2070u
#define NOTHING 0xFFFEu /* left out */
#define ASK_ICU 0xFFFFu

static const UNormalizer2 *nfkc_casefold;
static uint16_t low[LOW_END], punctuation[PUNCTUATION_END - PUNCTUATION];

/* Also what looks like one: the prime, the accents as letters of their own. */
static bool is_apostrophe(uint32_t c)
{
	return c == LETTER_APOSTROPHE || c == '`' || c == 0xB4 || c == 0x2B9 || c == 0x2BB ||
	       c == 0x2BC || c == 0x2BD || c == 0x2C8 || c == 0x2018 || c == 0x2019 || c == 0x201B ||
	       c == 0x2032 || c == 0x2035;
}

static uint16_t fold_alone(uint32_t c)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar one[1] = { (UChar)c }, out[8];
	if (is_apostrophe(c))
		return LETTER_APOSTROPHE;
	if (u_getCombiningClass((UChar32)c) != 0 || u_charType((UChar32)c) == U_NON_SPACING_MARK)
		return ASK_ICU; /* it may become one with the letter before it */
	const int32_t n = unorm2_normalize(nfkc_casefold, one, 1, out, 8, &status);
	if (U_FAILURE(status) || n > 1)
		return ASK_ICU;
	return n == 0 ? NOTHING : out[0];
}

struct err letters_start(void)
{
	UErrorCode status = U_ZERO_ERROR;
	nfkc_casefold = unorm2_getNFKCCasefoldInstance(&status);
	if (U_FAILURE(status))
		return err_make(ERR_IO, "load ICU's tables", "install libicu72", NULL);
	for (uint32_t c = 0; c < LOW_END; c++)
		low[c] = fold_alone(c);
	for (uint32_t c = PUNCTUATION; c < PUNCTUATION_END; c++)
		punctuation[c - PUNCTUATION] = fold_alone(c);
	return ERR_NONE_VALUE;
}

static uint32_t by_table(uint32_t c)
{
	if (c < LOW_END)
		return low[c];
	if (c >= PUNCTUATION && c < PUNCTUATION_END)
		return punctuation[c - PUNCTUATION];
	return ASK_ICU;
}

/* One code point, or U+FFFD for an octet that begins none. */
static uint32_t take(struct span *rest)
{
	uint32_t c = 0;
	if (rest->n > 0 && rest->p[0] < 0x80) {
		c = rest->p[0];
		*rest = span_make(rest->p + 1, rest->n - 1);
	} else if (!utf8_next(rest, &c)) {
		c = 0xFFFD;
		*rest = span_make(rest->p + 1, rest->n - 1);
	}
	return c;
}

static bool read_by_table(struct span utf8, struct letters *ret)
{
	size_t n = 0;
	while (utf8.n > 0 && n < LETTERS_MAX) {
		const uint32_t c = by_table(take(&utf8));
		if (c == ASK_ICU)
			return false;
		if (c != NOTHING)
			ret->c[n++] = c;
	}
	ret->n = n;
	return true;
}

static void read_by_icu(struct span utf8, struct letters *ret)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar text[2 * LETTERS_MAX], out[2 * LETTERS_MAX];
	int32_t n = 0;
	for (size_t i = 0; i < LETTERS_MAX && utf8.n > 0; i++) {
		const uint32_t c = take(&utf8);
		U16_APPEND_UNSAFE(text, n, is_apostrophe(c) ? LETTER_APOSTROPHE : c);
	}
	int32_t folded = unorm2_normalize(nfkc_casefold, text, n, out, 2 * LETTERS_MAX, &status);
	if (status == U_BUFFER_OVERFLOW_ERROR) {
		/* a letter becomes 18 at most: what doesn't fit is not read */
		status = U_ZERO_ERROR;
		folded = unorm2_normalize(nfkc_casefold, text, 2 * LETTERS_MAX / 18, out, 2 * LETTERS_MAX,
		                          &status);
	}
	ret->n = 0;
	for (int32_t i = 0; U_SUCCESS(status) && i < folded && ret->n < LETTERS_MAX; i++) {
		uint32_t c = out[i];
		if (c >= 0xD800 && c <= 0xDBFF && i + 1 < folded) /* ICU makes whole pairs alone */
			c = 0x10000 + ((c - 0xD800) << 10) + (out[++i] - 0xDC00u);
		ret->c[ret->n++] = is_apostrophe(c) ? LETTER_APOSTROPHE : c;
	}
	explicit_bzero(text, (size_t)n * sizeof text[0]);
	explicit_bzero(out, sizeof out);
}

void letters_read(struct span utf8, struct letters *ret)
{
	if (!read_by_table(utf8, ret))
		read_by_icu(utf8, ret);
}

void letters_wipe(struct letters *l)
{
	explicit_bzero(l->c, l->n * sizeof l->c[0]);
	l->n = 0;
}

bool letter_is_alnum(uint32_t c)
{
	return u_isalnum((UChar32)c);
}

bool letter_is_mark(uint32_t c)
{
	const int8_t type = u_charType((UChar32)c);
	return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
	       type == U_COMBINING_SPACING_MARK;
}

bool letter_is_cyrillic(uint32_t c)
{
	return c >= 0x400 && c <= 0x52F;
}

bool letter_is_latin(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 0xC0 && c <= 0x24F) || c == 0x259 ||
	       (c >= 0x1E00 && c <= 0x1EFF);
}

bool letter_is_capital(uint32_t c)
{
	return u_isupper((UChar32)c) != 0;
}
