/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/screen.h"

#include <unicode/uchar.h>

#include "text/alphabet.h"
#include "base/banned.h"

/* Takes one character off *rest. */
static uint32_t take(struct span *rest)
{
	uint32_t c = 0xFFFD;
	if (!utf8_next(rest, &c))
		*rest = span_make(rest->p + 1, rest->n - 1);
	return c;
}

static unsigned columns_of(uint32_t c)
{
	const int8_t type = u_charType((UChar32)c);
	if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
		return 0;
	const int width = u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH);
	return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

unsigned screen_columns(struct span s)
{
	unsigned n = 0;
	while (s.n > 0)
		n += columns_of(take(&s));
	return n;
}

bool screen_line(struct span *rest, unsigned columns, struct span *ret)
{
	const struct span text = *rest;
	struct span left = text, after_blank = text;
	size_t line = 0, blank = 0; /* octets: that fit; before the last blank */
	unsigned used = 0;
	if (text.n == 0)
		return false;
	while (left.n > 0) {
		const uint32_t c = take(&left);
		if (c == '\n' || c == '\r') {
			if (c == '\r' && left.n > 0 && left.p[0] == '\n')
				(void)take(&left);
			*ret = span_make(text.p, line);
			*rest = left;
			return true;
		}
		const unsigned more = columns_of(c);
		if (c == ' ' && used > 0) { /* it may hang over: nobody sees it */
			blank = line;
			after_blank = left;
		}
		if (used + more > columns)
			break;
		used += more;
		line = text.n - left.n;
		if (left.n == 0) {
			*ret = text;
			*rest = left;
			return true;
		}
	}
	if (blank > 0) {
		*ret = span_make(text.p, blank);
		*rest = after_blank;
	} else {
		*ret = span_make(text.p, line);
		*rest = span_make(text.p + line, text.n - line);
	}
	return true;
}

static bool is_shown(uint32_t c)
{
	const int8_t type = u_charType((UChar32)c);
	/* a joiner belongs to the emoji or the letters that it joins */
	return type != U_CONTROL_CHAR && (type != U_FORMAT_CHAR || c == 0x200C || c == 0x200D);
}

void screen_clean(struct span s, struct buf *ret)
{
	while (s.n > 0) {
		const uint32_t c = take(&s);
		if (is_shown(c) || c == '\n')
			utf8_add(ret, c);
	}
}
