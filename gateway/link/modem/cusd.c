/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/cusd.h"

#include <string.h>

#include "link/modem/line.h"
#include "text/alphabet.h"

#include "base/banned.h"

#define BODY_OCTETS_MAX (LINE_OCTETS_MAX / 2)
#define SURELY_PACKED 8u /* hex digits: so long a word of A to F is no word */

/* The parts of "+CUSD: 0,"…",15". */
struct fields {
	int64_t m, dcs; /* dcs -1: none given */
	struct span body;
};

static const uint8_t *last_quote(struct span s)
{
	return s.n > 0 ? memrchr(s.p, '"', s.n) : NULL;
}

/* What may stand behind the quote that ends a body. */
static bool is_end(struct span s)
{
	int64_t dcs = 0;
	s = span_trim(s);
	if (s.n == 0)
		return true;
	return s.p[0] == ',' && int_parse(span_trim(span_make(s.p + 1, s.n - 1)), 0, 255, &dcs);
}

bool cusd_is_whole(struct span line)
{
	const uint8_t *first = line.n > 0 ? memchr(line.p, '"', line.n) : NULL;
	if (first == NULL)
		return true; /* there is no body */
	const uint8_t *last = last_quote(line);
	return last > first &&
	       is_end(span_make(last + 1, line.n - (size_t)(last + 1 - line.p)));
}

static bool take_fields(struct span line, struct fields *ret)
{
	struct fields f = { .dcs = -1 };
	const uint8_t *colon = line.n > 0 ? memchr(line.p, ':', line.n) : NULL;
	if (colon == NULL)
		return false;
	struct span rest = span_make(colon + 1, line.n - (size_t)(colon + 1 - line.p));
	const uint8_t *comma = rest.n > 0 ? memchr(rest.p, ',', rest.n) : NULL;
	const size_t m_n = comma != NULL ? (size_t)(comma - rest.p) : rest.n;
	if (!int_parse(span_trim(span_make(rest.p, m_n)), 0, 9, &f.m))
		return false;
	if (comma != NULL) {
		rest = span_trim(span_make(comma + 1, rest.n - m_n - 1));
		const bool is_quoted = rest.n > 0 && rest.p[0] == '"';
		if (is_quoted)
			rest = span_make(rest.p + 1, rest.n - 1);
		const uint8_t *end = is_quoted ? last_quote(rest)
		                     : rest.n > 0 ? memrchr(rest.p, ',', rest.n) : NULL;
		f.body = rest;
		if (end != NULL) {
			f.body.n = (size_t)(end - rest.p);
			struct span tail = span_make(end, rest.n - f.body.n);
			while (tail.n > 0 && (tail.p[0] == '"' || tail.p[0] == ',' || tail.p[0] == ' '))
				tail = span_make(tail.p + 1, tail.n - 1);
			(void)int_parse(span_trim(tail), 0, 255, &f.dcs);
		}
	}
	*ret = f;
	return true;
}

/* ---- how the body is written */

/* TS 23.038 §5: the general group with UCS-2, or UCS-2 behind a language. */
static bool says_ucs2(int64_t dcs)
{
	return dcs == 0x11 || (dcs >= 0 && (dcs & 0xCC) == 0x48);
}

/* All units are letters, digits or signs of the scripts that operators here write. */
static bool looks_like_ucs2(struct span s)
{
	if (s.n == 0 || s.n % 2 != 0)
		return false;
	for (size_t i = 0; i < s.n; i += 2) {
		const uint8_t high = s.p[i], low = s.p[i + 1];
		const bool is_latin = high == 0 && (low >= 0x20 || low == '\n' || low == '\r');
		if (!is_latin && high != 0x01 && high != 0x02 && high != 0x04 && high != 0x05 &&
		    high != 0x20 && high != 0x21)
			return false;
	}
	return true;
}

static size_t septets_of(size_t octets)
{
	return octets * 8 / 7;
}

/* Would it be read without a letter that answers don't have? A number in digits wouldn't. */
static bool unpacks_to_words(struct span s)
{
	char room[256];
	struct buf b;
	buf_init(&b, sizeof room);
	gsm7_to_utf8(s, septets_of(s.n), &b);
	bool good = !b.failed && b.n > 0;
	for (size_t i = 0; good && i < b.n; i++)
		good = (b.p[i] >= 0x20 && b.p[i] < 0x7F) || b.p[i] == '\n' || b.p[i] == '\r';
	buf_wipe(&b);
	return good;
}

static bool has_letter(struct span hex)
{
	for (size_t i = 0; i < hex.n; i++)
		if (hex.p[i] > '9')
			return true;
	return false;
}

static bool is_packed(struct span hex, struct span octets)
{
	if (has_letter(hex) && hex.n >= SURELY_PACKED)
		return true;
	return hex.n >= SURELY_PACKED / 2 && unpacks_to_words(octets);
}

/* A text as the modem wrote it: UTF-8, or an octet a letter (then only ASCII is sure). */
static void take_plain(struct span body, struct buf *ret)
{
	if (utf8_valid(body)) {
		buf_add(ret, body);
		return;
	}
	for (size_t i = 0; i < body.n; i++)
		buf_add_octet(ret, body.p[i] < 0x80 ? body.p[i] : '?');
}

static void take_septets(struct span octets, struct buf *ret)
{
	size_t count = septets_of(octets.n);
	/* seven spare bits at the end are filling, written as 0 or as CR (§6.1.2.3.1) */
	if (octets.n % 7 == 0 && octets.n > 0 &&
	    (octets.p[octets.n - 1] >> 1 == 0 || octets.p[octets.n - 1] >> 1 == '\r'))
		count--;
	gsm7_to_utf8(octets, count, ret);
}

static void take_body(const struct fields *f, struct buf *ret)
{
	uint8_t octets[BODY_OCTETS_MAX];
	size_t n = 0;
	struct span hex = { .n = 0 };
	if (f->body.n > 0 && hex_parse(f->body, octets, sizeof octets, &n))
		hex = span_make(octets, n);
	if (hex.n > 0 && hex.n % 2 == 0 && (says_ucs2(f->dcs) || looks_like_ucs2(hex)))
		utf16be_to_utf8(hex, ret);
	else if (hex.n > 0 && is_packed(f->body, hex))
		take_septets(hex, ret);
	else
		take_plain(f->body, ret);
	explicit_bzero(octets, sizeof octets);
}

/* Whole characters that fit, without controls; blanks at both ends are left out. */
static void take_clean(struct span s, char ret[USSD_ANSWER_MAX + 1])
{
	struct buf clean;
	uint32_t c = 0;
	buf_init(&clean, USSD_ANSWER_MAX);
	s = span_trim(s);
	while (!clean.failed && utf8_next(&s, &c)) {
		if (c == '\r')
			continue;
		const bool is_control = (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
		utf8_add(&clean, is_control ? ' ' : c);
	}
	const struct span text = span_trim(buf_span(&clean));
	if (text.n > 0)
		memcpy(ret, text.p, text.n);
	ret[text.n] = '\0';
	buf_wipe(&clean);
}

bool cusd_read(struct span line, struct cusd *ret)
{
	static const enum ussd_outcome outcomes[] = { USSD_DONE, USSD_MORE,
		USSD_DONE /* ended by the network, perhaps with a word */, USSD_REFUSED, USSD_REFUSED,
		USSD_SILENT };
	struct fields f;
	struct buf text;
	if (!take_fields(line, &f) || f.m >= (int64_t)(sizeof outcomes / sizeof outcomes[0]))
		return false;
	buf_init(&text, 4 * LINE_OCTETS_MAX);
	take_body(&f, &text);
	ret->outcome = outcomes[f.m];
	take_clean(buf_span(&text), ret->text);
	if (f.m == 2 && ret->text[0] == '\0')
		ret->outcome = USSD_REFUSED;
	buf_wipe(&text);
	return true;
}

void cusd_wipe(struct cusd *c)
{
	explicit_bzero(c, sizeof *c);
}

/* ---- a code */

void cusd_pack(const char *code, char *ret, size_t room)
{
	uint8_t octets[USSD_CODE_MAX + 1] = { 0 };
	const size_t count = strnlen(code, USSD_CODE_MAX); /* ASCII, and the same in GSM-7 */
	size_t n = (7 * count + 7) / 8;
	for (size_t i = 0; i < count; i++) {
		const unsigned bits = (unsigned)(code[i] & 0x7F) << (7 * i % 8);
		octets[7 * i / 8] |= (uint8_t)bits;
		octets[7 * i / 8 + 1] |= (uint8_t)(bits >> 8);
	}
	if (count % 8 == 7) /* or the spare bits would read as an @ */
		octets[n - 1] |= (uint8_t)('\r' << 1);
	if (room < 2 * n + 1)
		n = 0;
	hex_write(span_make(octets, n), ret);
	for (size_t i = 0; i < 2 * n; i++)
		if (ret[i] >= 'a')
			ret[i] = (char)(ret[i] - 'a' + 'A'); /* as modems write it */
}
