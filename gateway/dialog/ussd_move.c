/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed leads from place to place: 0 home, 00 back, 99 next, 9 by SMS, else a menu's digit.
 * The digits are those of the SMS dialog; two-digit ones are no menu's. Where a local service would
 * be found, a town or region may be typed in words. */
#include <string.h>

#include "dialog/ussd_pages.h"
#include "base/banned.h"

/* The language and the town that were told hold for the session. */
static void go_to(struct ussd_state *s, enum ussd_where where, const struct topic *t)
{
	s->now = (struct ussd_place){ .where = where, .language = s->now.language, .topic = t,
		.town = s->now.town, .region = s->now.region };
}

static void go(struct ussd_state *s, const struct topic *t) { go_to(s, WHERE_TOPIC, t); }

static void go_languages(struct ussd_state *s) { go_to(s, WHERE_LANGUAGES, NULL); }

static int digit_of(struct span input)
{
	return input.n == 1 && input.p[0] >= '0' && input.p[0] <= '9' ? input.p[0] - '0' : -1;
}

static void from_languages(const struct ussd_book *b, struct ussd_state *s, struct span input)
{
	const int digit = digit_of(input);
	if (digit < 1 || digit > (int)LANGUAGE_PEOPLE) {
		s->now.is_wrong = input.n > 0 && digit != 0;
		return;
	}
	s->now.language = (enum language)(digit - 1);
	s->chose_language = true;
	go(s, content_root(book_content(b)));
}

static void from_continue(const struct ussd_book *b, struct ussd_state *s, struct span input)
{
	const int digit = digit_of(input);
	if (digit == 1)
		s->now = s->kept;
	else if (digit == 2 || digit == 0)
		go(s, content_root(book_content(b)));
	else
		s->now.is_wrong = true;
}

/* Where the page began that led to this one: the text is cut anew from its start. */
static struct err page_before(struct ussd_book *b, const char *country, const struct ussd_place *p,
                              unsigned *ret)
{
	struct ussd_place at = *p;
	struct ussd_page page;
	unsigned next = 0;
	at.offset = 0;
	at.is_wrong = false;
	*ret = 0;
	for (unsigned i = 0; i < USSD_STEPS_MAX; i++) {
		struct err e = book_page(b, &at, country, &page, &next);
		if (err_is(e) || next == 0 || next >= p->offset)
			return e;
		at.offset = *ret = next;
	}
	return ERR_NONE_VALUE;
}

static struct err go_on(struct ussd_book *b, const char *country, struct ussd_state *s,
                        bool is_asked)
{
	struct ussd_page page;
	unsigned next = 0;
	struct err e = book_page(b, &s->now, country, &page, &next);
	if (next != 0)
		s->now.offset = next;
	s->now.is_wrong = next == 0 && is_asked;
	return e;
}

static struct err go_back(struct ussd_book *b, const char *country, struct ussd_state *s)
{
	const struct topic *t = s->now.topic;
	if (s->now.offset > 0) {
		s->now.is_wrong = false;
		return page_before(b, country, &s->now, &s->now.offset);
	}
	if (t->parent != NULL)
		go(s, t->parent);
	else
		go_languages(s);
	return ERR_NONE_VALUE;
}

/* The town or region, in words: it is kept for the session, and asked no more. */
static bool take_town(struct ussd_book *b, const char *country, struct ussd_state *s,
                      struct span input)
{
	struct wish w;
	if (digit_of(input) >= 0 || !book_asks_town(b, s->now.topic, country))
		return false;
	content_wish(book_content(b), input, NULL, &w);
	if (w.country != NULL || (w.town == NULL && w.region == NULL))
		return false;
	s->now.town = w.town;
	s->now.region = w.region;
	s->now.offset = 0;
	s->now.is_wrong = false;
	return true;
}

static struct err from_topic(struct ussd_book *b, const char *country, struct ussd_state *s,
                             struct span input)
{
	const struct topic *t = s->now.topic, *child = topic_child(t, digit_of(input));
	if (input.n == 0 || span_is(input, USSD_NEXT))
		return go_on(b, country, s, input.n > 0);
	if (span_is(input, USSD_BACK))
		return go_back(b, country, s);
	if (child != NULL)
		go(s, child);
	else if (span_is(input, USSD_HOME) && t->parent != NULL)
		go(s, content_root(book_content(b)));
	else if (span_is(input, USSD_HOME))
		go_languages(s);
	else if (digit_of(input) == USSD_SMS && book_may_send(b, t))
		go_to(s, WHERE_SENT, t);
	else if (!take_town(b, country, s, input))
		s->now.is_wrong = true;
	return ERR_NONE_VALUE;
}

struct err ussd_move(struct ussd_book *b, const char *country, struct ussd_state *s,
                     struct span input)
{
	struct err e = ERR_NONE_VALUE;
	input = span_trim(input);
	s->chose_language = false;
	switch (s->now.where) {
	case WHERE_LANGUAGES:
		from_languages(b, s, input);
		break;
	case WHERE_CONTINUE:
		from_continue(b, s, input);
		break;
	case WHERE_TOPIC:
		e = from_topic(b, country, s, input);
		break;
	case WHERE_SENT: /* it was the last page */
	case WHERE_COUNT:
		break;
	}
	if (s->now.where == WHERE_TOPIC && s->now.topic->sensitive)
		s->was_sensitive = true;
	return e;
}

struct err ussd_moves(struct ussd_book *b, const char *country, struct ussd_state *s,
                      struct span history)
{
	struct err e = ERR_NONE_VALUE;
	if (history.n == 0)
		return e;
	for (unsigned i = 0; i < USSD_STEPS_MAX && !err_is(e); i++) {
		const uint8_t *star = memchr(history.p, '*', history.n);
		const size_t n = star != NULL ? (size_t)(star - history.p) : history.n;
		e = ussd_move(b, country, s, span_make(history.p, n));
		if (star == NULL)
			break;
		history = span_make(star + 1, history.n - n - 1);
		if (history.n == 0) /* it ends with a star: an empty answer */
			return err_is(e) ? e : ussd_move(b, country, s, history);
	}
	return e;
}
