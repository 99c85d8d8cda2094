/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/contact_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "campaign/contact_inside.h"
#include "base/banned.h"

#define WINDOW_OCTETS (4u << 20) /* holds one record and two pieces in the longest encoding */
#define RECORD_OCTETS (1u << 20)

static struct err bad_list(const struct contact_list *l, unsigned line, const char *next)
{
	return err_make(ERR_INPUT, "read the list", next, "%.100s:%u", l->path, line);
}

/* ---- the file */
static struct err read_piece(struct contact_list *l, size_t *ret_n)
{
	for (;;) {
		const ssize_t n = read(l->fd, l->piece, sizeof l->piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_os(errno, "read", NULL, "%.120s", l->path);
		*ret_n = (size_t)n;
		return ERR_NONE_VALUE;
	}
}

/* Reads all of it once, for its encoding. */
static struct err judge_file(struct contact_list *l)
{
	struct encoding_trial trial = { .octets = 0 };
	bool has_lf = false, has_cr = false;
	for (;;) {
		size_t n = 0;
		struct err e = read_piece(l, &n);
		if (err_is(e))
			return e;
		if (n == 0)
			break;
		encoding_try(&trial, span_make(l->piece, n));
		has_lf = has_lf || memchr(l->piece, '\n', n) != NULL;
		has_cr = has_cr || memchr(l->piece, '\r', n) != NULL;
	}
	l->encoding = encoding_judge(&trial, &l->mark);
	l->is_cr_only = has_cr && !has_lf;
	if (trial.octets == 0)
		return bad_list(l, 1, "it is empty");
	return ERR_NONE_VALUE;
}

static struct err restart(struct contact_list *l)
{
	decoding_free(l->decoding);
	l->decoding = NULL;
	buf_consume(&l->window, l->window.n);
	l->is_at_end = false;
	l->rows = 0;
	if (l->seen.size > 0)
		memset(l->seen.line, 0, l->seen.size * sizeof *l->seen.line);
	if (lseek(l->fd, (off_t)l->mark, SEEK_SET) < 0)
		return err_os(errno, "read", "give a file, no pipe", "%.120s", l->path);
	return l->encoding == ENCODING_UTF8 ? ERR_NONE_VALUE
	                                    : decoding_start(l->encoding, &l->decoding);
}

/* Drops what was read of the window and adds a piece. */
static struct err refill(struct contact_list *l)
{
	size_t n = 0;
	buf_consume(&l->window, l->window.n - l->csv.rest.n);
	if (l->window.n > RECORD_OCTETS)
		return bad_list(l, l->csv.next_line, "a quote there is never closed, or a row has over 1 MiB");
	struct err e = read_piece(l, &n);
	if (err_is(e))
		return e;
	const size_t before = l->window.n;
	l->is_at_end = n == 0;
	if (l->decoding != NULL)
		decoding_add(l->decoding, span_make(l->piece, n), l->is_at_end, &l->window);
	else
		buf_add(&l->window, span_make(l->piece, n));
	if (l->window.failed)
		return err_make(ERR_MEMORY, "read the list", NULL, NULL);
	for (size_t i = before; l->is_cr_only && i < l->window.n; i++)
		if (l->window.p[i] == '\r')
			l->window.p[i] = '\n';
	l->csv.rest = buf_span(&l->window);
	l->csv.more = !l->is_at_end;
	return e;
}

/* The next record; a row that can't be parted into cells is told as `*ret_bad` and gone past. */
static struct err next_record(struct contact_list *l, bool *ret_end, const char **ret_bad)
{
	*ret_end = false;
	*ret_bad = NULL;
	for (;;) {
		struct err e = ERR_NONE_VALUE;
		switch (csv_next(&l->csv)) {
		case CSV_OK:
			return e;
		case CSV_END:
			*ret_end = true;
			return e;
		case CSV_OPEN_QUOTE:
			return bad_list(l, l->csv.line, "close the quote that a cell there begins with");
		case CSV_NUL:
			*ret_bad = "it has a NUL octet";
			break;
		case CSV_AFTER_QUOTE:
			*ret_bad = "something stands behind a closing quote: double the quotes inside a cell";
			break;
		case CSV_MORE:
			e = refill(l);
			if (err_is(e))
				return e;
			continue;
		}
		const unsigned line = l->csv.line;
		while (!csv_skip_line(&l->csv)) {
			l->csv.rest.n = 0;
			if (!l->csv.more)
				break;
			e = refill(l);
			if (err_is(e))
				return e;
		}
		l->csv.line = line;
		return e;
	}
}

/* ---- the header */
/* How many columns are ours; *ret_twice: two are the same. */
static unsigned map_header(struct contact_list *l, bool *ret_twice)
{
	unsigned found = 0;
	uint8_t room[CELL_OCTETS];
	struct span text;
	*ret_twice = false;
	l->header_fields = l->csv.fields;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		l->column[i] = CSV_FIELDS;
	for (size_t i = 0; i < l->csv.fields; i++) {
		l->is_ours[i] = false;
		if (!contact_cell(l, i, room, &text))
			continue;
		const enum contact_column c = contact_words_column(l->words, text);
		if (c == COLUMN_COUNT)
			continue;
		if (l->column[c] != CSV_FIELDS) {
			*ret_twice = true;
			continue;
		}
		l->column[c] = i;
		l->is_ours[i] = true;
		found++;
	}
	return found;
}

/* Excel's own first line: "sep=;" */
static bool is_separator_line(const struct csv *c, char *ret)
{
	struct span s = c->rest;
	if (s.n > 0 && s.p[0] == '"')
		s = span_make(s.p + 1, s.n - 1);
	if (s.n < 6 || memcmp(s.p, "sep=", 4) != 0 || s.p[4] < 0x09)
		return false;
	*ret = (char)s.p[4];
	return s.p[5] == '\n' || s.p[5] == '\r' || s.p[5] == '"';
}

/* The separator is the one that gives most columns of ours, a phone among them. */
static struct err read_header(struct contact_list *l)
{
	static const char separators[] = { ',', ';', '\t', '|' };
	bool is_end = false, twice = false;
	const char *bad = NULL;
	csv_start(&l->csv, span_make(NULL, 0), ',');
	struct err e = refill(l);
	while (!err_is(e) && l->window.n < PIECE_OCTETS && !l->is_at_end)
		e = refill(l);
	if (err_is(e))
		return e;
	char named = '\0';
	if (is_separator_line(&l->csv, &named))
		(void)csv_skip_line(&l->csv);
	const struct csv start = l->csv;
	unsigned most = 0;
	for (size_t i = 0; i < sizeof separators; i++) {
		l->csv = start;
		l->csv.separator = (uint8_t)separators[i];
		if (csv_next(&l->csv) != CSV_OK)
			continue;
		const unsigned found = map_header(l, &twice);
		if (l->column[COLUMN_PHONE] != CSV_FIELDS && found > most) {
			most = found;
			l->separator = separators[i];
		}
	}
	if (most == 0)
		return bad_list(l, start.next_line,
		                "begin it with a line that names the columns, a phone among them: phone,language");
	l->csv = start;
	l->csv.separator = (uint8_t)l->separator;
	e = next_record(l, &is_end, &bad);
	if (err_is(e))
		return e;
	(void)map_header(l, &twice);
	if (twice)
		return bad_list(l, l->csv.line, "two columns have the same meaning: rename one");
	if (l->column[COLUMN_LANGUAGE] == CSV_FIELDS && l->options->language[0] == '\0')
		return bad_list(l, l->csv.line, "name a column \"language\", or give --language for all rows");
	return e;
}

/* ---- numbers that were there before */
static size_t slot_for(const struct seen *s, uint64_t print)
{
	size_t at = (size_t)print & (s->size - 1);
	while (s->print[at] != 0 && s->print[at] != print)
		at = (at + 1) & (s->size - 1);
	return at;
}

static void free_seen(struct seen *s)
{
	free(s->print);
	free(s->line);
	free(s->country);
}

static bool grow_seen(struct seen *s)
{
	struct seen bigger = *s;
	bigger.size = s->size == 0 ? 4096 : s->size * 2;
	bigger.print = calloc(bigger.size, sizeof *bigger.print);
	bigger.line = calloc(bigger.size, sizeof *bigger.line);
	bigger.country = calloc(bigger.size, sizeof *bigger.country);
	if (bigger.print == NULL || bigger.line == NULL || bigger.country == NULL) {
		free_seen(&bigger);
		return false;
	}
	for (size_t i = 0; i < s->size; i++)
		if (s->print[i] != 0) {
			const size_t at = slot_for(&bigger, s->print[i]);
			bigger.print[at] = s->print[i];
			bigger.line[at] = s->line[i];
			bigger.country[at] = s->country[i];
		}
	free_seen(s);
	*s = bigger;
	return true;
}

static uint64_t print_of(const struct seen *s, const struct msisdn *m)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t print = 0;
	const struct span digits = msisdn_span(m);
	(void)crypto_shorthash(hash, digits.p, digits.n, s->key); /* always 0 */
	memcpy(&print, hash, sizeof print);
	return print != 0 ? print : 1;
}

/* 0: there is no room for another one. */
static uint8_t country_index(struct contact_list *l, const char *country)
{
	unsigned i = 0;
	while (i < l->country_count && strcmp(l->countries[i], country) != 0)
		i++;
	if (i == COUNTRIES_MAX || (i == l->country_count &&
	                           !text_copy(l->countries[l->country_count++], COUNTRY_LIMIT, country)))
		return 0;
	return (uint8_t)(i + 1);
}

const char *contact_seen_country(const struct contact_list *l, const struct msisdn *m)
{
	if (l->seen.size == 0)
		return NULL;
	const uint8_t index = l->seen.country[slot_for(&l->seen, print_of(&l->seen, m))];
	return index > 0 ? l->countries[index - 1] : NULL;
}

/* *ret_before: the line that had this number, or 0. */
static bool see(struct contact_list *l, const struct contact_row *r, unsigned *ret_before)
{
	struct seen *s = &l->seen;
	if ((s->count + 1) * 2 > s->size && !grow_seen(s))
		return false;
	const uint64_t print = print_of(s, &r->number);
	const size_t at = slot_for(s, print);
	*ret_before = s->line[at];
	if (s->print[at] == 0) {
		s->print[at] = print;
		s->country[at] = country_index(l, r->facts.country);
		s->count++;
	}
	if (s->line[at] == 0)
		s->line[at] = r->line;
	return true;
}

/* ---- rows */
static bool is_empty(const struct csv *c)
{
	for (size_t i = 0; i < c->fields; i++)
		if (span_trim(c->field[i].raw).n > 0)
			return false;
	return true;
}

struct err contact_list_next(struct contact_list *l, struct contact_row *ret,
                             enum contact_list_step *ret_step, const char **ret_reason)
{
	const char *reason = NULL;
	bool is_end = false;
	*ret = (struct contact_row){ .line = 0 };
	do {
		struct err e = next_record(l, &is_end, &reason);
		if (err_is(e))
			return e;
	} while (!is_end && reason == NULL && is_empty(&l->csv));
	ret->line = l->csv.line;
	if (is_end) {
		*ret_step = CONTACT_LIST_END;
		return ERR_NONE_VALUE;
	}
	if (l->rows++ == CONTACT_ROWS_MAX)
		return bad_list(l, l->csv.line, "split it: 20000000 rows at most");
	if (reason == NULL)
		reason = contact_cells_read(l, ret);
	unsigned before = 0;
	if (reason == NULL && !see(l, ret, &before))
		return err_make(ERR_MEMORY, "read the list", "split it", NULL);
	if (before > 0) {
		(void)snprintf(l->reason, sizeof l->reason, "the same number as line %u", before);
		reason = l->reason;
	}
	*ret_reason = reason;
	*ret_step = reason == NULL ? CONTACT_LIST_ROW : CONTACT_LIST_REJECTED;
	if (reason != NULL)
		contact_row_wipe(ret);
	return ERR_NONE_VALUE;
}

/* ---- opening */
static struct err open_file(struct contact_list *l, const char *path)
{
	l->path = strdup(path);
	if (l->path == NULL)
		return err_make(ERR_MEMORY, "read a list of people", NULL, NULL);
	l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (l->fd < 0)
		return err_make(errno == ENOENT ? ERR_INPUT : ERR_IO, "read",
		                errno == ENOENT ? "there is no such file" : "see who may read it",
		                "%.120s", path);
	if (fstat(l->fd, &l->stat) != 0 || !S_ISREG(l->stat.st_mode))
		return err_make(ERR_INPUT, "read", "give a file, no pipe: it is read twice", "%.120s", path);
	return judge_file(l);
}

struct err contact_list_open(const char *path, const struct contact_list_options *o,
                             struct contact_list **ret)
{
	if (sodium_init() < 0)
		return err_make(ERR_IO, "start libsodium", NULL, NULL);
	struct contact_list *l = calloc(1, sizeof *l);
	if (l == NULL)
		return err_make(ERR_MEMORY, "read a list of people", NULL, NULL);
	l->options = o;
	l->fd = -1;
	buf_init(&l->window, WINDOW_OCTETS);
	crypto_shorthash_keygen(l->seen.key);
	struct err e = contact_words_new(o->content, &l->words);
	if (!err_is(e))
		e = open_file(l, path);
	if (!err_is(e))
		e = restart(l);
	if (!err_is(e))
		e = read_header(l);
	if (err_is(e))
		contact_list_close(l);
	else
		*ret = l;
	return e;
}

struct err contact_list_rewind(struct contact_list *l)
{
	struct stat now;
	if (fstat(l->fd, &now) != 0 || now.st_size != l->stat.st_size ||
	    now.st_mtim.tv_sec != l->stat.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != l->stat.st_mtim.tv_nsec)
		return err_make(ERR_BUSY, "read", "it was changed just now: begin again", "%.120s", l->path);
	struct err e = restart(l);
	return err_is(e) ? e : read_header(l);
}

enum encoding contact_list_encoding(const struct contact_list *l)
{
	return l->encoding;
}

char contact_list_separator(const struct contact_list *l)
{
	return l->separator;
}

void contact_list_passed_over(const struct contact_list *l, struct buf *ret)
{
	for (size_t i = 0; i < l->header_fields; i++)
		if (!l->is_ours[i])
			buf_addf(ret, "%s%zu", ret->n > 0 ? ", " : "", i + 1);
}

void contact_list_close(struct contact_list *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		(void)close(l->fd);
	decoding_free(l->decoding);
	contact_words_free(l->words);
	buf_wipe(&l->window);
	free_seen(&l->seen);
	free(l->path);
	explicit_bzero(l, sizeof *l);
	free(l);
}
