/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/csv.h"

#include <string.h>

#include "base/banned.h"

void csv_start(struct csv *c, struct span octets, uint8_t separator)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
	if (octets.n >= sizeof mark && memcmp(octets.p, mark, sizeof mark) == 0)
		octets = span_make(octets.p + sizeof mark, octets.n - sizeof mark);
	*c = (struct csv){ .rest = octets, .separator = separator, .next_line = 1 };
}

static void skip(struct csv *c, size_t n)
{
	c->rest = span_make(c->rest.p + n, c->rest.n - n);
}

/* Octets up to the end of the line, without it. */
static bool at_line_end(struct span s, size_t at)
{
	return s.p[at] == '\n' || (s.p[at] == '\r' && at + 1 < s.n && s.p[at + 1] == '\n');
}

static enum csv_err plain_field(struct csv *c, struct csv_field *ret)
{
	size_t n = 0;
	while (n < c->rest.n && c->rest.p[n] != c->separator && !at_line_end(c->rest, n)) {
		if (c->rest.p[n] == '\0')
			return CSV_NUL;
		n++;
	}
	*ret = (struct csv_field){ .raw = span_make(c->rest.p, n) };
	skip(c, n);
	return CSV_OK;
}

static enum csv_err quoted_field(struct csv *c, struct csv_field *ret)
{
	skip(c, 1);
	size_t n = 0;
	for (;; n++) {
		if (n == c->rest.n)
			return CSV_OPEN_QUOTE;
		if (c->rest.p[n] == '\0')
			return CSV_NUL;
		if (c->rest.p[n] == '\n')
			c->next_line++;
		if (c->rest.p[n] != '"')
			continue;
		if (n + 1 == c->rest.n || c->rest.p[n + 1] != '"')
			break;
		n++; /* a doubled quote is one quote of the text */
	}
	*ret = (struct csv_field){ .raw = span_make(c->rest.p, n), .quoted = true };
	skip(c, n + 1);
	if (c->rest.n > 0 && c->rest.p[0] != c->separator && !at_line_end(c->rest, 0) &&
	    !(c->rest.n == 1 && c->rest.p[0] == '\r'))
		return CSV_AFTER_QUOTE;
	return CSV_OK;
}

static enum csv_err next_record(struct csv *c)
{
	c->fields = 0;
	c->line = c->next_line;
	if (c->rest.n == 0)
		return CSV_END;
	for (size_t count = 0;; count++) {
		struct csv_field field = { .quoted = false };
		enum csv_err e = c->rest.n > 0 && c->rest.p[0] == '"' ? quoted_field(c, &field)
		                                                     : plain_field(c, &field);
		if (e != CSV_OK)
			return e;
		if (count < CSV_FIELDS)
			c->field[c->fields++] = field;
		if (c->rest.n == 0 || c->rest.p[0] != c->separator)
			break;
		skip(c, 1);
	}
	/* the last octet may be half of an end of line */
	if (c->more && (c->rest.n == 0 || (c->rest.n == 1 && c->rest.p[0] == '\r')))
		return CSV_MORE;
	if (c->rest.n > 0)
		skip(c, c->rest.p[0] == '\r' && c->rest.n > 1 ? 2 : 1);
	c->next_line++;
	if (c->fields == 1 && !c->field[0].quoted && span_trim(c->field[0].raw).n == 0)
		c->fields = 0;
	return CSV_OK;
}

enum csv_err csv_next(struct csv *c)
{
	const struct span rest = c->rest;
	const unsigned next_line = c->next_line;
	enum csv_err e = next_record(c);
	if (c->more && (e == CSV_END || e == CSV_OPEN_QUOTE))
		e = CSV_MORE;
	if (e == CSV_MORE) {
		c->rest = rest;
		c->next_line = next_line;
	}
	return e;
}

bool csv_skip_line(struct csv *c)
{
	const uint8_t *end = c->rest.n > 0 ? memchr(c->rest.p, '\n', c->rest.n) : NULL;
	if (end == NULL)
		return false;
	skip(c, (size_t)(end - c->rest.p) + 1);
	c->next_line++;
	return true;
}

bool csv_text(const struct csv_field *f, uint8_t *room_at, size_t room, struct span *ret)
{
	struct span s = span_trim(f->raw);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (n == room)
			return false;
		room_at[n++] = s.p[i];
		if (f->quoted && s.p[i] == '"')
			i++;
	}
	*ret = span_make(room_at, n);
	return true;
}
