/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialogue.c - reads a file of AT dialogue, and finds commands in it. See dialogue.h. */
#include "dialogue.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "out.h"
#include "text.h"

#define CTRL_Z 0x1a
#define ESC 0x1b
#define RUN_MIN 4 /* so many 0 or F in a row are a placeholder */

struct reader {
	struct dialogue *d;
	struct answer *now; /* what comes back belongs to it */
	struct out said;    /* of a command that isn't ended yet */
};

/* --- matching --- */

static size_t run_of(const char *p, char c)
{
	size_t n = 0;

	while (p[n] == c)
		n++;
	return n;
}

/* How many characters of the pattern the placeholder at `p` has; 0: none stands there. */
static size_t placeholder(const char *p, bool quoted)
{
	if (*p == '?')
		return quoted ? run_of(p, '?') : 0;
	if (*p == 'x') /* commands are written in capitals */
		return run_of(p, 'x');
	if (*p != '0' && *p != 'F')
		return 0;
	size_t n = run_of(p, *p);
	return n >= RUN_MIN ? n : 0;
}

static bool has_shape(char shape, const char *said, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)said[i];
		if (c == 0 || (shape == '0' && !isdigit(c)) || (shape == 'F' && !isxdigit(c))
			|| ((shape == '?' || shape == 'x') && c == '"'))
			return false;
	}
	return true;
}

bool dialogue_matches(const char *pattern, const char *said)
{
	bool quoted = false;

	while (*pattern) {
		size_t n = placeholder(pattern, quoted);
		if (pattern[0] == '*' && pattern[1] == 0)
			return true;
		if (n) {
			if (!has_shape(*pattern, said, n))
				return false;
			pattern += n;
			said += n;
			continue;
		}
		if (toupper((unsigned char)*pattern) != toupper((unsigned char)*said))
			return false;
		quoted = quoted != (*pattern == '"');
		pattern++;
		said++;
	}
	return *said == 0;
}

struct saying *dialogue_find(struct dialogue *d, const char *said, bool is_message)
{
	struct saying *matches = NULL;

	for (size_t i = d->n; i-- > 0;) {
		struct saying *s = d->sayings + i;
		if (s->is_message != is_message)
			continue;
		if (strcasecmp(s->text, said) == 0)
			return s;
		if (dialogue_matches(s->text, said))
			matches = s;
	}
	return matches;
}

/* --- reading --- */

static void add_step(struct answer *a, struct step s)
{
	a->steps = sim_grow(a->steps, (a->n + 1) * sizeof *a->steps);
	a->steps[a->n++] = s;
}

static char *copy_octets(const char *p, size_t n)
{
	char *fresh = sim_alloc(n + 1);

	memcpy(fresh, p, n);
	return fresh;
}

/* A command is whole: what comes back from now on is the answer to it. */
static void close_command(struct reader *r, char ended_by, int64_t ms, int line)
{
	struct dialogue *d = r->d;
	struct saying *s = NULL;
	bool is_message = ended_by == CTRL_Z;

	out_add(&r->said, "", 1);
	const char *text = r->said.p;
	while (!is_message && *text && strncasecmp(text, "AT", 2) != 0)
		text++;
	for (size_t i = 0; *text && i < d->n; i++)
		if (d->sayings[i].is_message == is_message
			&& strcasecmp(d->sayings[i].text, text) == 0)
			s = d->sayings + i;
	if (*text && !s) {
		d->sayings = sim_grow(d->sayings, (d->n + 1) * sizeof *d->sayings);
		s = d->sayings + d->n++;
		*s = (struct saying){ .text = sim_copy(text), .is_message = is_message };
	}
	out_clear(&r->said);
	if (!s)
		return;
	s->answers = sim_grow(s->answers, (s->n + 1) * sizeof *s->answers);
	r->now = s->answers + s->n++;
	*r->now = (struct answer){ .line = line, .ms = ms };
}

static void driver_said(struct reader *r, const char *p, size_t n, int64_t ms, int line)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r' || p[i] == CTRL_Z)
			close_command(r, p[i], ms, line);
		else if (p[i] == ESC)
			out_clear(&r->said);
		else if (p[i] != '\n')
			out_add(&r->said, p + i, 1);
	}
}

static bool line_is(const char *p, size_t n, const char *word, bool whole)
{
	size_t k = strlen(word);

	return n >= k && memcmp(p, word, k) == 0 && (!whole || n == k);
}

/* ITU-T V.250 §5.7.1: after these the modem listens again. */
static bool ends_answer(struct answer *a, const struct step *s)
{
	static const struct {
		const char *word;
		bool whole, good;
	} finals[] = {
		{ "OK", true, true },
		{ "ERROR", true, false },
		{ "NO CARRIER", true, false },
		{ "+CME ERROR:", false, false },
		{ "+CMS ERROR:", false, false },
		{ "COMMAND NOT SUPPORT", false, false },
	};
	const char *p = s->text, *end = s->text + s->n;

	if (s->built_in)
		return true;
	while (p < end) {
		size_t n = strcspn(p, "\r\n");
		for (size_t i = 0; i < sizeof finals / sizeof *finals; i++) {
			if (line_is(p, n, finals[i].word, finals[i].whole)) {
				a->is_good = finals[i].good;
				return true;
			}
		}
		p += n + 1;
	}
	a->is_prompt = s->n >= 2 && memcmp(end - 2, "> ", 2) == 0;
	return a->is_prompt;
}

/* The built-in modem echoes by itself. */
static size_t echo_in(struct reader *r, const char *p, size_t n)
{
	if (r->now == &r->d->opening || r->now->is_echoed || r->now->end)
		return 0;
	for (size_t i = 0; i < r->d->n; i++) {
		const struct saying *s = r->d->sayings + i;
		size_t k = strlen(s->text);
		if (r->now != s->answers + s->n - 1 || n < k || strncasecmp(p, s->text, k) != 0)
			continue;
		r->now->is_echoed = true;
		return k + (n > k && (p[k] == '\r' || p[k] == CTRL_Z));
	}
	return 0;
}

static void modem_said(struct reader *r, const char *p, size_t n, int64_t ms, bool built_in)
{
	struct answer *a = r->now;
	size_t skip = built_in ? 0 : echo_in(r, p, n);

	if (skip == n && !built_in)
		return;
	struct step s = { .ms = ms - a->ms, .built_in = built_in, .n = n - skip };
	s.text = copy_octets(p + skip, s.n);
	add_step(a, s);
	if (a != &r->d->opening && !a->end && ends_answer(a, &s))
		a->end = a->n;
}

/* In place; false: an escape that isn't one. */
static bool unescape(char *s, size_t *ret_n)
{
	char *from = s, *to = s;
	uint8_t octet;
	size_t got;

	for (; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		switch (*++from) {
		case 'r':
			*to++ = '\r';
			break;
		case 'n':
			*to++ = '\n';
			break;
		case '\\':
			*to++ = '\\';
			break;
		case 'x':
			if (!from[1] || !hex_read(from + 1, 2, &octet, 1, &got))
				return false;
			*to++ = (char)octet;
			from += 2;
			break;
		default:
			return false;
		}
	}
	*ret_n = (size_t)(to - s);
	return true;
}

static void read_comment(struct dialogue *d, const char *s)
{
	static const char key[] = "# built-in: ";

	if (strncmp(s, key, sizeof key - 1) == 0)
		snprintf(d->built_in, sizeof d->built_in, "%s", s + sizeof key - 1);
}

/* NULL, or what is wrong. */
static const char *read_line(struct reader *r, char *s, int line, int64_t *last_ms)
{
	size_t digits = strspn(s, "0123456789"), n;
	int64_t ms;

	if (*s == '#')
		read_comment(r->d, s);
	if (*s == '#' || *s == 0)
		return NULL;
	if (s[digits] != ' ' || !strchr("><=", s[digits + 1]) || !s[digits + 1]
		|| (s[digits + 2] != ' ' && s[digits + 2] != 0))
		return "not of the form MS > TEXT, MS < TEXT or MS = [COMMAND]";
	s[digits] = 0;
	if (!number_read(s, 0, INT64_MAX, &ms) || ms < *last_ms)
		return "its time is no number, or before the line above";
	if (*last_ms == 0) /* the first one */
		r->d->opening.ms = ms;
	*last_ms = ms;
	char way = s[digits + 1], *text = s + digits + (s[digits + 2] ? 3 : 2);
	if (!unescape(text, &n))
		return "a \\ that is none of \\r \\n \\\\ \\xHH";
	if (way == '>')
		driver_said(r, text, n, ms, line);
	else if (way == '=' && r->now == &r->d->opening)
		return "= stands before the first command";
	else
		modem_said(r, text, n, ms, way == '=');
	return NULL;
}

struct dialogue *dialogue_open(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	const char *wrong = NULL;
	size_t size = 0;
	ssize_t n;
	int line = 0;
	int64_t ms = 0;

	if (!f) {
		fprintf(stderr, "modem-simulator: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	struct reader r = { .d = sim_alloc(sizeof *r.d) };
	r.now = &r.d->opening;
	while (!wrong && (n = getline(&text, &size, f)) >= 0) {
		line++;
		if (n && text[n - 1] == '\n')
			text[--n] = 0;
		wrong = strlen(text) == (size_t)n ? read_line(&r, text, line, &ms) : "a NUL";
	}
	if (!wrong && ferror(f))
		wrong = strerror(errno);
	fclose(f);
	free(text);
	out_free(&r.said);
	if (!wrong)
		return r.d;
	fprintf(stderr, "modem-simulator: %s:%d: %s\n", path, line, wrong);
	dialogue_close(r.d);
	return NULL;
}

static void free_answer(struct answer *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->steps[i].text);
	free(a->steps);
}

void dialogue_close(struct dialogue *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++) {
		for (size_t k = 0; k < d->sayings[i].n; k++)
			free_answer(d->sayings[i].answers + k);
		free(d->sayings[i].answers);
		free(d->sayings[i].text);
	}
	free(d->sayings);
	free_answer(&d->opening);
	free(d);
}
