/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/advice.h"

#include "text/letters.h"
#include "text/script.h"
#include "base/banned.h"

#define KINDS_MAX 12u /* of characters that are named one by one */

struct kind {
	uint32_t c;
	unsigned count;
};

struct foreign { /* what GSM-7 doesn't have */
	struct kind kind[KINDS_MAX];
	size_t kinds;
	unsigned letters;  /* of Cyrillic: they are a language, not a slip */
	unsigned others;   /* beyond KINDS_MAX */
	unsigned replaced; /* have a GSM-7 character that says the same */
	unsigned count;
};

static void note(struct foreign *f, uint32_t c)
{
	f->count++;
	f->replaced += script_plain_mark(c) != NULL ? 1 : 0;
	if (letter_is_cyrillic(c)) {
		f->letters++;
		return;
	}
	for (size_t i = 0; i < f->kinds; i++)
		if (f->kind[i].c == c) {
			f->kind[i].count++;
			return;
		}
	if (f->kinds == KINDS_MAX)
		f->others++;
	else
		f->kind[f->kinds++] = (struct kind){ c, 1 };
}

static struct foreign look(struct span text)
{
	struct foreign f = { .kinds = 0 };
	uint32_t c;
	while (utf8_next(&text, &c))
		if (gsm7_septets(c) == 0)
			note(&f, c);
	return f;
}

struct saying {
	void (*say)(const char *sentence, void *arg);
	void *arg;
	struct buf b;
};

static void say(struct saying *s)
{
	const char *text = buf_text(&s->b);
	if (text != NULL)
		s->say(text, s->arg);
	buf_wipe(&s->b);
	buf_init(&s->b, 4 * TEXT_OCTETS_MAX);
}

static void name_foreign(struct saying *s, const struct foreign *f)
{
	const char *between = " ";
	buf_add_text(&s->b, "UCS-2 because of");
	if (f->letters > 0) {
		buf_addf(&s->b, " %u Cyrillic letter%s", f->letters, f->letters == 1 ? "" : "s");
		between = ", ";
	}
	for (size_t i = 0; i < f->kinds; i++) {
		buf_add_text(&s->b, between);
		utf8_add(&s->b, f->kind[i].c);
		if (f->kind[i].count > 1)
			buf_addf(&s->b, " (%u times)", f->kind[i].count);
		between = ", ";
	}
	if (f->others > 0)
		buf_addf(&s->b, " and %u more", f->others);
	say(s);
}

static void name_replacements(struct saying *s, const struct foreign *f)
{
	const char *between = " ";
	for (size_t i = 0; i < f->kinds; i++) {
		const char *to = script_plain_mark(f->kind[i].c);
		if (to == NULL)
			continue;
		buf_add_text(&s->b, between);
		utf8_add(&s->b, f->kind[i].c);
		buf_addf(&s->b, " by %s", to);
		between = ", ";
	}
}

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

/* "replace ʻ by ': GSM-7, 1 part (of 160: 94) instead of 2" */
static void offer(struct saying *s, struct span text, const struct parts *now)
{
	struct parts then;
	if (parts_split(text, &then) != TEXT_OK) {
		buf_wipe(&s->b);
		buf_init(&s->b, 4 * TEXT_OCTETS_MAX);
		return;
	}
	buf_addf(&s->b, ": %s, %u part%s instead of %u, %u of %u units",
	         then.alphabet == ALPHABET_GSM7 ? "GSM-7" : "UCS-2", then.count, plural(then.count),
	         now->count, then.units,
	         then.count * (then.alphabet == ALPHABET_GSM7
	                       ? (then.count == 1 ? GSM7_SINGLE : GSM7_PART)
	                       : (then.count == 1 ? UCS2_SINGLE : UCS2_PART)));
	say(s);
}

/* Typographic marks alone force UCS-2: the cheapest of all advice. */
static void advise_marks(struct saying *s, struct span text, const struct parts *p,
                         const struct foreign *f)
{
	struct buf other;
	uint32_t c;
	buf_init(&other, 4 * TEXT_OCTETS_MAX);
	while (utf8_next(&text, &c)) {
		const char *to = gsm7_septets(c) == 0 ? script_plain_mark(c) : NULL;
		if (to != NULL)
			buf_add_text(&other, to);
		else
			utf8_add(&other, c);
	}
	buf_add_text(&s->b, "replace");
	name_replacements(s, f);
	offer(s, buf_span(&other), p);
	buf_wipe(&other);
}

static void advise_latin(struct saying *s, struct span text, const struct parts *p, enum language l)
{
	struct buf other;
	struct parts then;
	buf_init(&other, 4 * TEXT_OCTETS_MAX);
	script_write(text, l, SCRIPT_LATIN, &other);
	if (parts_split(buf_span(&other), &then) == TEXT_OK && then.alphabet == ALPHABET_GSM7 &&
	    then.count < p->count) {
		buf_add_text(&s->b, "in Latin letters");
		offer(s, buf_span(&other), p);
	}
	buf_wipe(&other);
}

static void advise_fewer(struct saying *s, const struct parts *p)
{
	const bool gsm7 = p->alphabet == ALPHABET_GSM7;
	const unsigned single = gsm7 ? GSM7_SINGLE : UCS2_SINGLE, part = gsm7 ? GSM7_PART : UCS2_PART;
	const unsigned room = p->count == 2 ? single : (p->count - 1) * part;
	const unsigned less = p->units > room ? p->units - room : 1; /* 1: cut between graphemes */
	buf_addf(&s->b, "%u %s%s fewer make it %u part%s", less, gsm7 ? "septet" : "character",
	         plural(less), p->count - 1, plural(p->count - 1));
	say(s);
}

static void advise_escapes(struct saying *s, struct span text)
{
	unsigned escaped = 0;
	uint32_t c;
	while (utf8_next(&text, &c))
		escaped += gsm7_septets(c) == 2 ? 1 : 0;
	if (escaped == 0)
		return;
	buf_addf(&s->b, "%u character%s of ^ { } \\ [ ~ ] | € count%s twice in GSM-7", escaped,
	         plural(escaped), escaped == 1 ? "s" : "");
	say(s);
}

void advice_give(struct span utf8, const struct parts *p, enum language l,
                 void (*say_it)(const char *sentence, void *arg), void *arg)
{
	struct saying s = { .say = say_it, .arg = arg };
	buf_init(&s.b, 4 * TEXT_OCTETS_MAX);
	if (p->alphabet == ALPHABET_UCS2) {
		const struct foreign f = look(utf8);
		name_foreign(&s, &f);
		if (f.replaced == f.count)
			advise_marks(&s, utf8, p, &f);
		else if (l != LANGUAGE_UNKNOWN)
			advise_latin(&s, utf8, p, l);
	} else {
		advise_escapes(&s, utf8);
	}
	if (p->count > 1)
		advise_fewer(&s, p);
	buf_wipe(&s.b);
}
