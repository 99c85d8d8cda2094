/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd_pages.h - places in the tree, pages that show them, and what is typed between them.
 * A place is where somebody is: a topic and how far its text was read. What is typed leads from place
 * to place (ussd_move.c); a place is shown as a page (ussd_pages.c). Both are functions of the texts
 * alone, so that a history leads to the same page each time.
 * Room:      dialog (of the rooms below it content and text alone: it needs no store).
 * Ownership: places and states are plain values; their topics are the content's, which the book holds.
 * Errors:    a text that can't be rendered; *ret is untouched then.
 * Threads:   any. A book never changes what it has said once; its lock guards what it hasn't said
 *            yet. */
#ifndef SAFAR_DIALOG_USSD_PAGES_H
#define SAFAR_DIALOG_USSD_PAGES_H

#include "content/topics.h"
#include "dialog/ussd.h"
#include "text/alphabet.h"

/* ---- places */
enum ussd_where {
	WHERE_LANGUAGES, /* the first page of somebody unknown */
	WHERE_CONTINUE,  /* "continue?", after a session that broke */
	WHERE_TOPIC,
	WHERE_SENT,      /* the text was sent by SMS: the last page */
	WHERE_COUNT
};

struct ussd_place {
	enum ussd_where where;
	enum language language;     /* LANGUAGE_UNKNOWN: not chosen yet */
	const struct topic *topic;  /* of WHERE_TOPIC and WHERE_SENT */
	unsigned offset;            /* octets of its text that earlier pages showed */
	const char *town, *region;  /* the content's, that were told in this session; NULL: none */
	bool is_wrong;              /* what was typed leads nowhere: the page says so */
};

struct ussd_state {
	struct ussd_place now;
	struct ussd_place kept;     /* of WHERE_CONTINUE: where it would go on */
	bool was_sensitive;         /* a sensitive topic was shown: nothing is offered again */
	bool chose_language;        /* the last that was typed chose one */
};

/* ---- books: the texts as they are said over one link in one hour */
struct ussd_book;
/* Counted; holds the content. `slot` names the hour, for numbers in it expire. */
struct err book_new(struct content *c, const struct ussd_rules *r, int64_t now_ms,
                    struct ussd_book **ret);
struct ussd_book *book_hold(struct ussd_book *b);
void book_drop(struct ussd_book *b);
bool book_is_of(const struct ussd_book *b, const struct content *c, int64_t now_ms);
const struct content *book_content(const struct ussd_book *b);
/* Whose country's numbers are given: "KZ", or "XX" for one that we don't know. */
const char *ussd_country(const struct ussd_rules *r, const char *caller);
/* Is there a second page after this one? Where would it begin? 0: there is none. */
struct err book_page(struct ussd_book *b, const struct ussd_place *p, const char *country,
                     struct ussd_page *ret, unsigned *ret_next);
/* May the text of this place be sent by SMS? */
bool book_may_send(const struct ussd_book *b, const struct topic *t);

/* Is there something near that a town or region would tell of? Then it may be typed. */
bool book_asks_town(const struct ussd_book *b, const struct topic *t, const char *country);

/* ---- moves */
#define USSD_NEXT "99"
#define USSD_BACK "00"
#define USSD_HOME "0"
#define USSD_SMS 9
/* One thing that was typed. */
struct err ussd_move(struct ussd_book *b, const char *country, struct ussd_state *s,
                     struct span input);
/* All of a history, parted by '*'; empty: none. At most USSD_STEPS_MAX, the rest is ignored. */
#define USSD_STEPS_MAX 100
struct err ussd_moves(struct ussd_book *b, const char *country, struct ussd_state *s,
                      struct span history);

#endif
