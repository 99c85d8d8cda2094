/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/line.h"

#include <string.h>

#include "base/banned.h"

static const struct {
	const char *text;
	bool is_whole; /* all of the line, not only its beginning */
} kinds[] = {
#define X(id, text, is_whole) [LINE_##id] = { text, is_whole },
	LINE_KINDS(X)
#undef X
};

bool line_put(struct line_reader *r, uint8_t octet, struct span *ret)
{
	if (r->whole) {
		r->whole = false;
		r->n = 0;
	}
	if (octet == '\r' || octet == '\n') {
		bool has_text = r->n > 0 && !r->too_long;
		if (r->too_long)
			r->dropped++;
		r->too_long = false;
		r->whole = true;
		if (has_text)
			*ret = span_make(r->text, r->n);
		return has_text;
	}
	if (octet < 0x20 || r->too_long || (r->is_blank && octet == ' '))
		return false;
	r->is_blank = false;
	if (r->n == sizeof r->text)
		r->too_long = true;
	else
		r->text[r->n++] = (char)octet;
	return false;
}

struct span line_partial(const struct line_reader *r)
{
	return r->whole || r->too_long ? span_make(NULL, 0) : span_make(r->text, r->n);
}

void line_drop(struct line_reader *r)
{
	r->n = 0;
	r->is_blank = true;
}

bool line_starts(struct span line, struct span prefix)
{
	return line.n >= prefix.n && (prefix.n == 0 || memcmp(line.p, prefix.p, prefix.n) == 0);
}

enum line_kind line_kind(struct span line)
{
	for (size_t i = 0; i < LINE_PLAIN; i++) {
		struct span text = span_of(kinds[i].text);
		if (line_starts(line, text) && (!kinds[i].is_whole || line.n == text.n))
			return (enum line_kind)i;
	}
	return LINE_PLAIN;
}

/* The nth field with its quotes, if it has any. */
static bool raw_field(struct span line, unsigned nth, struct span *ret)
{
	const uint8_t *colon = line.n > 0 ? memchr(line.p, ':', line.n) : NULL;
	size_t i = colon != NULL ? (size_t)(colon - line.p) + 1 : 0;
	for (unsigned field = 0;; field++) {
		size_t start = i;
		bool quoted = false;
		for (; i < line.n && (quoted || line.p[i] != ','); i++)
			if (line.p[i] == '"')
				quoted = !quoted;
		if (field == nth) {
			*ret = span_trim(span_make(line.p + start, i - start));
			return true;
		}
		if (i >= line.n)
			return false;
		i++; /* the comma */
	}
}

bool line_field(struct span line, unsigned nth, struct span *ret)
{
	struct span s;
	if (line.n == 0 || !raw_field(line, nth, &s))
		return false;
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		s = span_make(s.p + 1, s.n - 2);
	*ret = s;
	return true;
}

bool line_quoted(struct span line, unsigned nth)
{
	struct span s;
	return line.n > 0 && raw_field(line, nth, &s) && s.n > 0 && s.p[0] == '"';
}

bool line_number(struct span line, unsigned nth, int64_t min, int64_t max, int64_t *ret)
{
	struct span s;
	return line_field(line, nth, &s) && int_parse(s, min, max, ret);
}

/* "+QIND:" to 5, the name without its colon; 0 where a line doesn't begin with a name. */
static size_t name_length(struct span line)
{
	if (line.n < 2 || strchr("+^#*%$", line.p[0]) == NULL)
		return 0;
	size_t n = 1;
	while (n < line.n && ((line.p[n] >= 'A' && line.p[n] <= 'Z') ||
	                      (line.p[n] >= '0' && line.p[n] <= '9')))
		n++;
	return n > 1 && n < line.n && line.p[n] == ':' ? n : 0;
}

static bool is_card_number(const char *p, size_t n)
{
	return n >= 5 && memcmp(p + n - 4, "CCID", 4) == 0;
}

bool line_is_foreign(struct span line, const char *command)
{
	static const char *const words[] = { "RDY", "Call Ready", "SMS Ready", "SMS DONE", "PB DONE",
		"DST: 0", "DST: 1", "DST: 2" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (span_is(line, words[i]))
			return true;
	size_t n = name_length(line);
	struct span name = span_make(line.p, n), own = line_reply_prefix(command);
	if (n == 0 || own.n == 0 || (n == own.n && memcmp(name.p, own.p, n) == 0))
		return false;
	/* AT+CICCID is answered by +ICCID, AT+ICCID by +CCID: there the names are mixed */
	return !(is_card_number((const char *)name.p, n) && is_card_number((const char *)own.p, own.n));
}

struct span line_reply_prefix(const char *command)
{
	if (strncmp(command, "AT", 2) != 0)
		return span_make(NULL, 0);
	const char *p = command + 2;
	if (*p == '\0' || strchr("+^#*%$", *p) == NULL)
		return span_make(NULL, 0);
	size_t n = 1;
	while ((p[n] >= 'A' && p[n] <= 'Z') || (p[n] >= '0' && p[n] <= '9'))
		n++;
	return span_make(p, n);
}
