/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/banned.h"

/* ---- writing */

/* Octets of the well-formed UTF-8 character that s begins with; 0: it begins with none. */
static size_t character(struct span s)
{
	const uint8_t c = s.p[0];
	const size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3
	                 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
	if (n == 0 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
	const bool is_bad = (c == 0xe0 && s.p[1] < 0xa0) || (c == 0xed && s.p[1] > 0x9f) ||
	                    (c == 0xf0 && s.p[1] < 0x90) || (c == 0xf4 && s.p[1] > 0x8f);
	return is_bad ? 0 : n; /* overlong, a surrogate, beyond U+10FFFF */
}

/* Plain runs go in one piece: a list of people has 64 MiB. */
static void put_string(struct buf *b, struct span s)
{
	buf_add_octet(b, '"');
	size_t plain = 0;
	for (size_t i = 0; i < s.n;) {
		const uint8_t c = s.p[i];
		const size_t n = character(span_make(s.p + i, s.n - i));
		if (n > 0 && c >= 0x20 && c != '"' && c != '\\') {
			i += n;
			continue;
		}
		buf_add(b, span_make(s.p + plain, i - plain));
		if (n == 0)
			buf_add_octet(b, '?');
		else if (c == '\n')
			buf_add_text(b, "\\n");
		else if (c < 0x20)
			buf_addf(b, "\\u%04x", (unsigned)c);
		else
			buf_addf(b, "\\%c", c);
		plain = ++i;
	}
	if (plain < s.n)
		buf_add(b, span_make(s.p + plain, s.n - plain));
	buf_add_octet(b, '"');
}

static void begin(struct buf *b, const char *name)
{
	if (b->n > 0 && memchr("{[\n", b->p[b->n - 1], 3) == NULL)
		buf_add_octet(b, ',');
	if (name != NULL) {
		put_string(b, span_of(name));
		buf_add_octet(b, ':');
	}
}

void json_open(struct buf *b, const char *name, char bracket)
{
	begin(b, name);
	buf_add_octet(b, (uint8_t)bracket);
}

void json_close(struct buf *b, char bracket)
{
	buf_add_octet(b, (uint8_t)bracket);
}

void json_int(struct buf *b, const char *name, int64_t value)
{
	begin(b, name);
	buf_addf(b, "%" PRId64, value);
}

void json_money(struct buf *b, const char *name, int64_t hundredths)
{
	begin(b, name);
	const uint64_t size = hundredths < 0 ? 0 - (uint64_t)hundredths : (uint64_t)hundredths;
	buf_addf(b, "%s%" PRIu64, hundredths < 0 ? "-" : "", size / 100);
	if (size % 100 != 0)
		buf_addf(b, ".%02" PRIu64, size % 100);
}

void json_fraction(struct buf *b, const char *name, double value)
{
	begin(b, name);
	buf_addf(b, "%.4g", value >= 0 && value <= 1 ? round(value * 10000) / 10000 : 0.0);
}

void json_time(struct buf *b, const char *name, int64_t at_ms)
{
	char iso[21];
	if (at_ms == 0)
		return;
	clock_iso(at_ms, iso);
	json_text(b, name, iso);
}

void json_bool(struct buf *b, const char *name, bool value)
{
	begin(b, name);
	buf_add_text(b, value ? "true" : "false");
}

void json_text(struct buf *b, const char *name, const char *value)
{
	json_span(b, name, span_of(value));
}

void json_span(struct buf *b, const char *name, struct span value)
{
	begin(b, name);
	put_string(b, value);
}

void json_raw(struct buf *b, const char *name, struct span json)
{
	begin(b, name);
	buf_add(b, json);
}

void json_line(struct buf *b)
{
	buf_add_octet(b, '\n');
}

/* ---- reading */

/* Octets of the string that s begins with, with its quotes. */
static size_t string_size(struct span s)
{
	size_t n = 1;
	while (n < s.n && s.p[n] != '"')
		n += s.p[n] == '\\' ? 2 : 1;
	return n < s.n ? n + 1 : s.n;
}

/* Octets of the value that s begins with: up to the comma or bracket that ends it. */
static size_t value_size(struct span s)
{
	size_t n = 0;
	for (unsigned depth = 0; n < s.n;) {
		const uint8_t c = s.p[n];
		if (c == '"') {
			n += string_size(span_make(s.p + n, s.n - n));
			continue;
		}
		if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			break;
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
		n++;
	}
	return n;
}

static struct span from(struct span s, size_t n)
{
	return span_make(s.p + n, s.n - n);
}

struct span json_member(struct span object, const char *name)
{
	struct span s = span_trim(object);
	if (s.n == 0 || s.p[0] != '{')
		return (struct span){ 0 };
	s = span_trim(from(s, 1));
	while (s.n > 2 && s.p[0] == '"') {
		const size_t size = string_size(s);
		const bool is_it = size >= 2 && span_is(span_make(s.p + 1, size - 2), name);
		s = span_trim(from(s, size));
		if (s.n == 0 || s.p[0] != ':')
			break;
		s = span_trim(from(s, 1));
		const size_t value = value_size(s);
		if (is_it)
			return span_trim(span_make(s.p, value));
		s = from(s, value);
		if (s.n == 0 || s.p[0] != ',')
			break;
		s = span_trim(from(s, 1));
	}
	return (struct span){ 0 };
}

bool json_member_int(struct span object, const char *name, int64_t *ret)
{
	return int_parse(json_member(object, name), INT64_MIN, INT64_MAX, ret);
}
