/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct span span_of(const char *text)
{
	return span_make(text, text == NULL ? 0 : strlen(text));
}

struct span span_make(const void *p, size_t n)
{
	return (struct span){ .p = p, .n = n };
}

bool span_is(struct span s, const char *text)
{
	size_t n = strlen(text);
	return s.n == n && (n == 0 || memcmp(s.p, text, n) == 0);
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool span_take(struct span *rest, char by, struct span *ret)
{
	if (rest->n == 0)
		return false;
	const uint8_t *at = memchr(rest->p, by, rest->n);
	const size_t n = at != NULL ? (size_t)(at - rest->p) : rest->n;
	const size_t used = at != NULL ? n + 1 : n;
	*ret = span_make(rest->p, n);
	*rest = span_make(rest->p + used, rest->n - used);
	return true;
}

bool span_line(struct span *rest, struct span *ret)
{
	if (rest->n == 0)
		return false;
	const uint8_t *end = memchr(rest->p, '\n', rest->n);
	size_t n = end != NULL ? (size_t)(end - rest->p) : rest->n;
	size_t taken = end != NULL ? n + 1 : n;
	*ret = span_make(rest->p, n > 0 && rest->p[n - 1] == '\r' ? n - 1 : n);
	*rest = span_make(rest->p + taken, rest->n - taken);
	return true;
}

void buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

/* Room for n more octets and a NUL. Grows by a fresh copy, so that what was secret can be wiped. */
static bool buf_grow(struct buf *b, size_t n)
{
	size_t need = 0;
	if (b->failed || !size_add(b->n, n, &need) || need > b->limit || !size_add(need, 1, &need)) {
		b->failed = true;
		return false;
	}
	if (need <= b->room)
		return true;
	size_t room = b->room < 128 ? 128 : b->room;
	while (room < need)
		room = room > SIZE_MAX / 2 ? need : room * 2;
	uint8_t *p = malloc(room);
	if (p == NULL) {
		b->failed = true;
		return false;
	}
	if (b->n > 0)
		memcpy(p, b->p, b->n);
	if (b->p != NULL)
		explicit_bzero(b->p, b->room);
	free(b->p);
	b->p = p;
	b->room = room;
	return true;
}

void buf_add(struct buf *b, struct span s)
{
	if (!buf_grow(b, s.n))
		return;
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, span_of(text));
}

void buf_add_octet(struct buf *b, uint8_t octet)
{
	buf_add(b, span_make(&octet, 1));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		b->failed = true;
	else if (buf_grow(b, (size_t)n)) {
		(void)vsnprintf((char *)b->p + b->n, b->room - b->n, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
	va_end(ap);
}

const char *buf_text(struct buf *b)
{
	if (!buf_grow(b, 0))
		return NULL;
	b->p[b->n] = '\0';
	return (const char *)b->p;
}

struct span buf_span(const struct buf *b)
{
	return span_make(b->p, b->n);
}

void buf_consume(struct buf *b, size_t n)
{
	if (n >= b->n) {
		b->n = 0;
		return;
	}
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .limit = b->limit };
}

void buf_wipe(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->room);
	buf_free(b);
}

bool size_add(size_t a, size_t b, size_t *ret)
{
	size_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*ret = sum;
	return true;
}

bool int_parse(struct span s, int64_t min, int64_t max, int64_t *ret)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == s.n)
		return false;
	int64_t value = 0;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int64_t digit = s.p[i] - '0';
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	if (value < min || value > max)
		return false;
	*ret = value;
	return true;
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_parse(struct span s, uint8_t *ret, size_t room, size_t *ret_n)
{
	if (s.n % 2 != 0 || s.n / 2 > room)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (hex_value(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < s.n / 2; i++)
		ret[i] = (uint8_t)(hex_value(s.p[2 * i]) * 16 + hex_value(s.p[2 * i + 1]));
	*ret_n = s.n / 2;
	return true;
}

void hex_write(struct span s, char *ret)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < s.n; i++) {
		ret[2 * i] = digits[s.p[i] >> 4];
		ret[2 * i + 1] = digits[s.p[i] & 15];
	}
	ret[2 * s.n] = '\0';
}

bool text_copy(char *ret, size_t room, const char *text)
{
	size_t n = strlen(text);
	if (n >= room) {
		if (room > 0)
			ret[0] = '\0';
		return false;
	}
	memcpy(ret, text, n + 1);
	return true;
}

unsigned text_distance(const char *a, const char *b)
{
	enum { LIMIT = 48 };
	unsigned row[LIMIT + 1];
	size_t na = strnlen(a, LIMIT), nb = strnlen(b, LIMIT);
	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			unsigned cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
			diagonal = row[j];
			unsigned best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
			row[j] = cost < best ? cost : best;
		}
	}
	return row[nb];
}

void number_put(uint8_t to[NUMBER_OCTETS], int64_t n)
{
	for (size_t i = 0; i < NUMBER_OCTETS; i++)
		to[i] = (uint8_t)((uint64_t)n >> 8 * i);
}

int64_t number_get(const uint8_t from[NUMBER_OCTETS])
{
	uint64_t n = 0;
	for (size_t i = 0; i < NUMBER_OCTETS; i++)
		n |= (uint64_t)from[i] << 8 * i;
	return (int64_t)n;
}
