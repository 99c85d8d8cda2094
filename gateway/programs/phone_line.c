/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/phone_line.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "text/alphabet.h"
#include "base/banned.h"

#define CODE_MAX 100 /* octets that are dialled */

void typed_init(struct typed *t)
{
	*t = (struct typed){ .taken = 0 };
	buf_init(&t->in, TYPED_MAX);
}

void typed_free(struct typed *t)
{
	buf_wipe(&t->in);
}

static void drop_taken(struct typed *t)
{
	if (t->taken > 0)
		buf_consume(&t->in, t->taken);
	t->taken = 0;
}

void typed_read(struct typed *t, int fd)
{
	uint8_t piece[4096];
	drop_taken(t);
	const ssize_t n = read(fd, piece, sizeof piece);
	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		t->is_at_end = true;
		return;
	}
	if (t->in.n + (size_t)n > t->in.limit) { /* no line ends in it, or typed_line() had it */
		buf_consume(&t->in, t->in.n);
		t->is_skipping = true;
	}
	buf_add(&t->in, span_make(piece, (size_t)n));
}

static bool is_word(struct span s, const char *word, struct span *ret_rest)
{
	const size_t n = strlen(word);
	if (s.n < n || memcmp(s.p, word, n) != 0 || (s.n > n && s.p[n] != ' '))
		return false;
	*ret_rest = span_trim(span_make(s.p + n, s.n - n));
	return true;
}

static void read_code(struct span code, struct phone_line *ret)
{
	const bool is_code = code.n > 2 && code.n < CODE_MAX && code.p[0] == '*' &&
	                     code.p[code.n - 1] == '#' && memchr(code.p, '\0', code.n) == NULL;
	ret->text = code;
	if (is_code)
		ret->kind = LINE_DIAL;
	else
		ret->bad = "dials no code: it begins with * and ends with #, /dial *123#";
}

static void read_command(struct span line, struct phone_line *ret)
{
	struct span rest;
	if (is_word(line, "/call", &rest) && rest.n == 0)
		ret->kind = LINE_CALL;
	else if (is_word(line, "/quit", &rest) && rest.n == 0)
		ret->kind = LINE_QUIT;
	else if (is_word(line, "/wait", &rest) &&
	         (rest.n == 0 || int_parse(rest, 1, 3600, &ret->wait_s)))
		ret->kind = LINE_WAIT;
	else if (is_word(line, "/dial", &rest))
		read_code(rest, ret);
	else if (is_word(line, "/end", &rest) && rest.n == 0)
		ret->kind = LINE_HANG_UP;
	else
		ret->bad = "is no command: there are /call, /wait [SECONDS], /dial CODE, /end, /quit; a text "
		           "that begins with / is written with two";
}

static void read_line(struct span line, struct phone_line *ret)
{
	struct parts parts;
	*ret = (struct phone_line){ .kind = LINE_BAD, .wait_s = ANSWER_LIMIT_S };
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n > 1 && line.p[0] == '/' && line.p[1] == '/') {
		line = span_make(line.p + 1, line.n - 1);
	} else if (line.n > 0 && line.p[0] == '/') {
		read_command(line, ret);
		return;
	}
	const enum text_err bad = parts_split(line, &parts);
	ret->text = line;
	if (bad == TEXT_OK || bad == TEXT_EMPTY) /* a phone does send an empty one */
		ret->kind = LINE_TEXT;
	else
		ret->bad = text_err_text(bad);
}

bool typed_line(struct typed *t, struct phone_line *ret)
{
	drop_taken(t);
	const uint8_t *end = t->in.n > 0 ? memchr(t->in.p, '\n', t->in.n) : NULL;
	if (end == NULL && !(t->is_at_end && (t->in.n > 0 || t->is_skipping)))
		return false;
	const size_t n = end != NULL ? (size_t)(end - t->in.p) : t->in.n;
	t->taken = end != NULL ? n + 1 : n;
	if (t->is_skipping)
		*ret = (struct phone_line){ .kind = LINE_BAD, .bad = "is longer than any text" };
	else
		read_line(span_make(t->in.p, n), ret);
	t->is_skipping = false;
	return true;
}
