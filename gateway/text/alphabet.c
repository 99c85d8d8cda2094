/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/alphabet.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "base/banned.h"

/* TS 23.038 §6.2.1: the default alphabet in order; 0x1B is the escape. */
static const uint16_t gsm7_basic[128] = {
	'@', 0xA3, '$', 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, '\n', 0xD8, 0xF8, '\r', 0xC5, 0xE5,
	0x394, '_', 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0, 0xC6,
	0xE6, 0xDF, 0xC9,
	' ', '!', '"', '#', 0xA4, '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
	'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
	0xA1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
	'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
	0xBF, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
};
/* The extension table: an escape before each. */
static const uint16_t gsm7_extension[] = { '\f', '^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC };

unsigned gsm7_septets(uint32_t code_point)
{
	if (code_point == 0)
		return 0;
	for (size_t i = 0; i < sizeof gsm7_basic / sizeof gsm7_basic[0]; i++)
		if (gsm7_basic[i] == code_point)
			return 1;
	for (size_t i = 0; i < sizeof gsm7_extension / sizeof gsm7_extension[0]; i++)
		if (gsm7_extension[i] == code_point)
			return 2;
	return 0;
}

/* ---- UTF-8 and UTF-16 */

bool utf8_next(struct span *rest, uint32_t *ret)
{
	if (rest->n == 0)
		return false;
	uint8_t first = rest->p[0];
	size_t size = first < 0x80 ? 1 : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3
	              : (first & 0xF8) == 0xF0 ? 4 : 0;
	if (size == 0 || size > rest->n)
		return false;
	static const uint8_t masks[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = first & masks[size];
	for (size_t i = 1; i < size; i++) {
		if ((rest->p[i] & 0xC0) != 0x80)
			return false;
		c = c << 6 | (rest->p[i] & 0x3Fu);
	}
	if (c < least[size] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return false;
	*rest = span_make(rest->p + size, rest->n - size);
	*ret = c;
	return true;
}

bool utf8_valid(struct span s)
{
	uint32_t c;
	while (utf8_next(&s, &c))
		continue;
	return s.n == 0;
}

void utf8_add(struct buf *b, uint32_t c)
{
	uint8_t o[4];
	size_t n = 0;
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = 0xFFFD;
	if (c < 0x80)
		o[n++] = (uint8_t)c;
	else if (c < 0x800) {
		o[n++] = (uint8_t)(0xC0 | c >> 6);
		o[n++] = (uint8_t)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		o[n++] = (uint8_t)(0xE0 | c >> 12);
		o[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
		o[n++] = (uint8_t)(0x80 | (c & 0x3F));
	} else {
		o[n++] = (uint8_t)(0xF0 | c >> 18);
		o[n++] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
		o[n++] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
		o[n++] = (uint8_t)(0x80 | (c & 0x3F));
	}
	buf_add(b, span_make(o, n));
}

void utf16be_to_utf8(struct span octets, struct buf *ret)
{
	for (size_t i = 0; i + 1 < octets.n; i += 2) {
		uint32_t unit = (uint32_t)(octets.p[i] << 8 | octets.p[i + 1]);
		if (unit >= 0xD800 && unit <= 0xDBFF && i + 3 < octets.n) {
			uint32_t low = (uint32_t)(octets.p[i + 2] << 8 | octets.p[i + 3]);
			if (low >= 0xDC00 && low <= 0xDFFF) {
				unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
				i += 2;
			}
		}
		utf8_add(ret, unit); /* a lone surrogate becomes U+FFFD there */
	}
}

/* ---- packed septets */

static uint32_t extended(uint8_t septet)
{
	static const uint8_t places[] = { 0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65 };
	for (size_t i = 0; i < sizeof places; i++)
		if (places[i] == septet)
			return gsm7_extension[i];
	return gsm7_basic[septet]; /* TS 23.038 §6.2.1.1: as if there were no escape */
}

void gsm7_to_utf8(struct span octets, size_t count, struct buf *ret)
{
	bool escaped = false;
	for (size_t i = 0; i < count && (7 * i + 6) / 8 < octets.n; i++) {
		const size_t at = 7 * i / 8, shift = 7 * i % 8;
		unsigned bits = octets.p[at];
		if (shift > 1)
			bits |= (unsigned)octets.p[at + 1] << 8;
		const uint8_t septet = (uint8_t)(bits >> shift & 0x7F);
		if (septet == 0x1B) {
			escaped = !escaped;
			continue;
		}
		utf8_add(ret, escaped ? extended(septet) : gsm7_basic[septet]);
		escaped = false;
	}
}

/* ---- parts */

static unsigned units_of(uint32_t c, enum alphabet a)
{
	return a == ALPHABET_GSM7 ? gsm7_septets(c) : c > 0xFFFF ? 2 : 1;
}

/* Units of a stretch of text that is known to be well-formed. */
static unsigned count_units(struct span s, enum alphabet a)
{
	unsigned n = 0;
	uint32_t c;
	while (utf8_next(&s, &c))
		n += units_of(c, a);
	return n;
}

/* Which alphabet holds it all? */
static enum text_err choose(struct span text, enum alphabet *ret)
{
	enum alphabet a = ALPHABET_GSM7;
	uint32_t c;
	while (utf8_next(&text, &c)) {
		if ((c < 0x20 && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0))
			return TEXT_BAD_UTF8;
		if (gsm7_septets(c) == 0)
			a = ALPHABET_UCS2;
	}
	*ret = a;
	return text.n == 0 ? TEXT_OK : TEXT_BAD_UTF8;
}

/* Puts the piece into the last part, or begins another; false: there are too many. */
static bool place(struct parts *p, struct span piece, unsigned units, unsigned limit)
{
	if (p->count == 0 || p->part_units[p->count - 1] + units > limit) {
		if (p->count == PARTS_MAX)
			return false;
		p->part[p->count] = span_make(piece.p, 0);
		p->part_units[p->count++] = 0;
	}
	p->part[p->count - 1].n += piece.n;
	p->part_units[p->count - 1] += units;
	p->units += units;
	return true;
}

/* A grapheme; one that is larger than a part goes code point by code point. */
static bool place_grapheme(struct parts *p, struct span grapheme, unsigned limit)
{
	unsigned units = count_units(grapheme, p->alphabet);
	if (units <= limit)
		return place(p, grapheme, units, limit);
	uint32_t c;
	for (struct span rest = grapheme; rest.n > 0;) {
		const uint8_t *start = rest.p;
		if (!utf8_next(&rest, &c) ||
		    !place(p, span_make(start, (size_t)(rest.p - start)), units_of(c, p->alphabet), limit))
			return false;
	}
	return true;
}

static bool cut(struct span text, unsigned limit, struct parts *p)
{
	UErrorCode status = U_ZERO_ERROR;
	UText *utext = utext_openUTF8(NULL, (const char *)text.p, (int64_t)text.n, &status);
	UBreakIterator *it = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
	ubrk_setUText(it, utext, &status);
	bool fits = U_SUCCESS(status);
	int32_t from = 0;
	while (fits && (size_t)from < text.n) {
		int32_t to = ubrk_next(it);
		if (to == UBRK_DONE)
			to = (int32_t)text.n;
		fits = place_grapheme(p, span_make(text.p + from, (size_t)(to - from)), limit);
		from = to;
	}
	ubrk_close(it);
	(void)utext_close(utext);
	return fits;
}

enum text_err parts_split(struct span utf8, struct parts *ret)
{
	struct parts p = { .count = 0 };
	if (utf8.n == 0)
		return TEXT_EMPTY;
	if (utf8.n > TEXT_OCTETS_MAX)
		return TEXT_TOO_MANY_PARTS;
	enum text_err e = choose(utf8, &p.alphabet);
	if (e != TEXT_OK)
		return e;
	unsigned units = count_units(utf8, p.alphabet);
	bool gsm7 = p.alphabet == ALPHABET_GSM7;
	if (units <= (gsm7 ? GSM7_SINGLE : UCS2_SINGLE)) {
		p.count = 1;
		p.units = p.part_units[0] = units;
		p.part[0] = utf8;
	} else if (!cut(utf8, gsm7 ? GSM7_PART : UCS2_PART, &p))
		return TEXT_TOO_MANY_PARTS;
	*ret = p;
	return TEXT_OK;
}

const char *text_err_text(enum text_err e)
{
	static const char *const texts[] = { [TEXT_OK] = "is good",
		[TEXT_BAD_UTF8] = "holds octets or characters that no phone shows",
		[TEXT_TOO_MANY_PARTS] = "takes more than 10 parts", [TEXT_EMPTY] = "is empty" };
	return texts[e];
}
