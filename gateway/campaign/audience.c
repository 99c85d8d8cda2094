/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/audience.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "campaign/csv.h"
#include "base/banned.h"

#define FIELD_OCTETS 64 /* no phone number and no language tag is longer */

/* Finds numbers that were there before: open addressing, half empty, under a random key, so that no
 * list can be made to be slow. A slot holds an index into the people + 1. */
struct numbers {
	uint32_t *slot;
	size_t size; /* a power of two */
	uint8_t key[crypto_shorthash_KEYBYTES];
};

struct reading {
	struct csv csv;
	size_t phone, language; /* columns */
	const struct message *message;
	bad_row_fn *bad_row;
	void *arg;
	struct numbers numbers;
	struct audience audience;
};

static struct err no_memory(void)
{
	return err_make(ERR_MEMORY, "read the list of people", "split the list", NULL);
}

static struct err csv_error(enum csv_err e, unsigned line)
{
	static const char *const next[] = {
		[CSV_NUL] = "save the list as CSV in UTF-8: it has a NUL octet",
		[CSV_OPEN_QUOTE] = "close the quote that a field there begins with",
		[CSV_AFTER_QUOTE] = "end the field after its closing quote, or double quotes inside it",
	};
	return err_make(ERR_INPUT, "read the list of people:", next[e], "line %u", line);
}

/* ---- the set of numbers */

static size_t first_slot(const struct numbers *set, const struct msisdn *m)
{
	uint8_t hash[crypto_shorthash_BYTES];
	const struct span digits = msisdn_span(m);
	(void)crypto_shorthash(hash, digits.p, digits.n, set->key); /* always 0 */
	uint64_t h = 0;
	memcpy(&h, hash, sizeof h);
	return (size_t)h & (set->size - 1);
}

/* The slot that holds this number, or the empty one where it belongs. */
static size_t find_slot(const struct numbers *set, const struct person *people,
                        const struct msisdn *m)
{
	size_t at = first_slot(set, m);
	while (set->slot[at] != 0 && !msisdn_equal(&people[set->slot[at] - 1].number, m))
		at = (at + 1) & (set->size - 1);
	return at;
}

static bool grow_numbers(struct numbers *set, const struct audience *a)
{
	struct numbers bigger = *set;
	bigger.size = set->size == 0 ? 1024 : set->size * 2;
	bigger.slot = calloc(bigger.size, sizeof *bigger.slot);
	if (bigger.slot == NULL)
		return false;
	for (size_t i = 0; i < a->count; i++)
		bigger.slot[find_slot(&bigger, a->people, &a->people[i].number)] = (uint32_t)i + 1;
	free(set->slot);
	*set = bigger;
	return true;
}

/* A fresh copy, so that the old one's numbers can be wiped. */
static bool grow_people(struct audience *a)
{
	const size_t room = a->room == 0 ? 512 : a->room * 2;
	struct person *people = calloc(room, sizeof *people);
	if (people == NULL)
		return false;
	if (a->count > 0) {
		memcpy(people, a->people, a->count * sizeof *people);
		explicit_bzero(a->people, a->count * sizeof *people);
	}
	free(a->people);
	a->people = people;
	a->room = room;
	return true;
}

/* ---- rows */

static const char *number_reason(enum msisdn_err e)
{
	switch (e) {
	case MSISDN_OK:
		return NULL;
	case MSISDN_EMPTY:
		return "no phone number";
	case MSISDN_BAD_CHARACTER:
		return "the phone number has a character that numbers don't have";
	case MSISDN_SHORT:
		return "the phone number is too short";
	case MSISDN_LONG:
		return "the phone number is too long";
	case MSISDN_NO_COUNTRY:
		return "the phone number has no country code";
	}
	return "not a phone number";
}

/* What is wrong with the row that was read, or NULL and *ret. */
static const char *judge_row(const struct reading *r, struct person *ret)
{
	const struct csv *c = &r->csv;
	uint8_t room[FIELD_OCTETS];
	struct span text = { 0 };
	if (r->phone >= c->fields)
		return "no phone number";
	const char *reason = "the phone number is too long";
	if (csv_text(&c->field[r->phone], room, sizeof room, &text))
		reason = number_reason(msisdn_parse(text, &ret->number));
	explicit_bzero(room, sizeof room);
	if (reason != NULL)
		return reason;
	if (r->language >= c->fields ||
	    !csv_text(&c->field[r->language], room, sizeof room, &text))
		return r->language >= c->fields ? "no language" : "unknown language";
	if (text.n == 0)
		return "no language";
	enum language l = LANGUAGE_UNKNOWN;
	if (!language_parse(text, &l) || l >= LANGUAGE_PEOPLE)
		return "unknown language";
	l = message_language(r->message, l);
	if (l == LANGUAGE_UNKNOWN)
		return "no text in its language";
	ret->language = (uint8_t)l;
	return NULL;
}

static struct err take_row(struct reading *r)
{
	struct audience *a = &r->audience;
	if (a->rows == BROADCAST_ROWS)
		return err_make(ERR_INPUT, "read the list of people:",
		                "split the list: 1000000 rows at most", "line %u", r->csv.line);
	a->rows++;
	struct person p = { .line = r->csv.line };
	const char *reason = judge_row(r, &p);
	if (reason != NULL) {
		a->bad++;
	} else {
		if ((a->count + 1) * 2 > r->numbers.size && !grow_numbers(&r->numbers, a))
			return no_memory();
		if (a->count == a->room && !grow_people(a))
			return no_memory();
		uint32_t *slot = &r->numbers.slot[find_slot(&r->numbers, a->people, &p.number)];
		if (*slot != 0) {
			reason = "double of a line before";
			a->doubles++;
		} else {
			a->people[a->count++] = p;
			*slot = (uint32_t)a->count;
		}
	}
	msisdn_wipe(&p.number);
	if (reason != NULL && r->bad_row != NULL)
		r->bad_row(r->csv.line, reason, r->arg);
	return ERR_NONE_VALUE;
}

/* ---- the header */

static bool is_named(const struct csv_field *f, const char *name)
{
	uint8_t room[FIELD_OCTETS];
	struct span text = { 0 };
	return csv_text(f, room, sizeof room, &text) && text.n == strlen(name) &&
	       strncasecmp((const char *)text.p, name, text.n) == 0;
}

/* The column's index; CSV_FIELDS: none of that name; *ret_twice: two of it. */
static size_t find_column(const struct csv *c, const char *name, bool *ret_twice)
{
	size_t found = CSV_FIELDS;
	for (size_t i = 0; i < c->fields; i++) {
		if (!is_named(&c->field[i], name))
			continue;
		if (found != CSV_FIELDS)
			*ret_twice = true;
		else
			found = i;
	}
	return found;
}

/* The separator is the one with which the header has a column of each name. */
static struct err read_header(struct reading *r, struct span octets)
{
	static const uint8_t separators[] = { ',', ';' };
	for (size_t i = 0; i < sizeof separators; i++) {
		csv_start(&r->csv, octets, separators[i]);
		enum csv_err e = csv_next(&r->csv);
		if (e == CSV_NUL || e == CSV_OPEN_QUOTE)
			return csv_error(e, r->csv.line);
		if (e != CSV_OK)
			continue;
		bool twice = false;
		r->phone = find_column(&r->csv, "phone", &twice);
		r->language = find_column(&r->csv, "language", &twice);
		if (twice)
			return err_make(ERR_INPUT, "read the list of people:",
			                "name the columns phone and language once", "line 1");
		if (r->phone != CSV_FIELDS && r->language != CSV_FIELDS)
			return ERR_NONE_VALUE;
	}
	return err_make(ERR_INPUT, "read the list of people:",
	                "begin it with a header: phone,language or phone;language", "line 1");
}

static struct err read_rows(struct reading *r)
{
	for (;;) {
		enum csv_err e = csv_next(&r->csv);
		if (e == CSV_END)
			return ERR_NONE_VALUE;
		if (e != CSV_OK)
			return csv_error(e, r->csv.line);
		if (r->csv.fields == 0)
			continue;
		struct err row = take_row(r);
		if (err_is(row))
			return row;
	}
}

struct err audience_read(struct span csv, const struct message *m, bad_row_fn *bad_row, void *arg,
                         struct audience *ret)
{
	if (csv.n > BROADCAST_OCTETS)
		return err_make(ERR_INPUT, "read the list of people", "split the list: 64 MiB at most",
		                NULL);
	if (sodium_init() < 0)
		return err_make(ERR_IO, "start libsodium", NULL, NULL);
	struct reading r = { .message = m, .bad_row = bad_row, .arg = arg };
	crypto_shorthash_keygen(r.numbers.key);
	struct err e = read_header(&r, csv);
	if (!err_is(e))
		e = read_rows(&r);
	free(r.numbers.slot);
	if (err_is(e))
		audience_free(&r.audience);
	else
		*ret = r.audience;
	return e;
}

void audience_free(struct audience *a)
{
	if (a->people != NULL)
		explicit_bzero(a->people, a->room * sizeof *a->people);
	free(a->people);
	*a = (struct audience){ .count = 0 };
}
