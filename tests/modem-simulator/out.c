/* SPDX-License-Identifier: GPL-3.0-or-later */
/* out.c - see out.h. */
#include "out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (!p) {
		fputs("modem-simulator: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

void *sim_alloc(size_t n)
{
	return must(calloc(1, n ? n : 1));
}

void *sim_grow(void *p, size_t n)
{
	return must(realloc(p, n ? n : 1));
}

char *sim_copy(const char *s)
{
	return must(strdup(s));
}

static void drop_what_left(struct out *o)
{
	if (o->from == 0)
		return;
	memmove(o->p, o->p + o->from, o->n - o->from);
	o->n -= o->from;
	o->from = 0;
}

void out_add(struct out *o, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (o->limit && out_waiting(o) + n > o->limit) {
		o->lost++;
		return;
	}
	if (o->n + n > o->size) {
		drop_what_left(o);
		size_t want = o->size ? o->size : 256;
		while (want < o->n + n)
			want *= 2;
		if (want != o->size) {
			o->p = sim_grow(o->p, want);
			o->size = want;
		}
	}
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

void out_text(struct out *o, const char *s)
{
	out_add(o, s, strlen(s));
}

void out_f(struct out *o, const char *fmt, ...)
{
	char small[512];
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof small) {
		out_add(o, small, (size_t)n);
	} else if (n > 0) {
		char *big = sim_alloc((size_t)n + 1);
		vsnprintf(big, (size_t)n + 1, fmt, again);
		out_add(o, big, (size_t)n);
		free(big);
	}
	va_end(again);
}

size_t out_waiting(const struct out *o)
{
	return o->n - o->from;
}

void out_took(struct out *o, size_t n)
{
	o->from += n;
	if (o->from >= o->n)
		out_clear(o);
}

void out_clear(struct out *o)
{
	o->n = o->from = 0;
}

void out_free(struct out *o)
{
	free(o->p);
	*o = (struct out){ .limit = o->limit };
}

static void quoted(struct out *o, const char *s)
{
	out_add(o, "\"", 1);
	for (const char *run = s;; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		out_add(o, run, (size_t)(s - run));
		if (c == 0)
			break;
		if (c == '"' || c == '\\')
			out_f(o, "\\%c", c);
		else
			out_f(o, "\\u%04x", c);
		run = s + 1;
	}
	out_add(o, "\"", 1);
}

static void before(struct out *o, const char *key)
{
	char last = out_waiting(o) ? o->p[o->n - 1] : '{';

	if (last != '{' && last != '[' && last != '\n')
		out_add(o, ",", 1);
	if (key) {
		quoted(o, key);
		out_add(o, ":", 1);
	}
}

void json_open(struct out *o, const char *key, char bracket)
{
	before(o, key);
	out_add(o, &bracket, 1);
}

void json_close(struct out *o, char bracket)
{
	out_add(o, &bracket, 1);
}

void json_text(struct out *o, const char *key, const char *utf8)
{
	before(o, key);
	quoted(o, utf8);
}

void json_int(struct out *o, const char *key, int64_t v)
{
	before(o, key);
	out_f(o, "%lld", (long long)v);
}

void json_bool(struct out *o, const char *key, bool v)
{
	before(o, key);
	out_text(o, v ? "true" : "false");
}

void json_null(struct out *o, const char *key)
{
	before(o, key);
	out_text(o, "null");
}
