/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions whose call-backs carry all that was typed. The page follows from that and from where the
 * session began: at the list of languages, unless something was known of the caller; then the begin
 * is a row, and is committed before its page goes out. */
#include <stdio.h>

#include "dialog/inside.h"
#include "dialog/ussd_past.h"
#include "dialog/ussd_recent.h"
#include "dialog/ussd_row.h"
#include "base/banned.h"

struct looking {
	struct ussd *u;
	struct ussd_book *book;
	const struct ussd_step *step;
	int64_t now_ms;
	struct ussd_state start;
	enum language language;
	bool found;
};

static struct err look(struct txn *tx, void *arg)
{
	struct looking *l = arg;
	if (l->step->input[0] == '\0')
		return ussd_past_language(tx, l->u->dialog, l->step->caller, l->now_ms, &l->language);
	return ussd_begun(tx, l->u, l->book, l->step, l->now_ms, &l->start, &l->found);
}

/* Where it began; *ret_must_store: that isn't written down yet. */
static struct err find_start(struct looking *l, bool *ret_must_store)
{
	struct recents *r = l->u->recents;
	const struct content *c = book_content(l->book);
	char session[USSD_SESSION_MAX + USSD_CALLER_MAX + 2]; /* and whose: nobody goes on with another's */
	struct ussd_state last;
	(void)snprintf(session, sizeof session, "%s\n%s", l->step->session, l->step->caller);
	ussd_start_at(l->book, LANGUAGE_UNKNOWN, &l->start);
	if (recents_get(r, RECENT_SESSION, session, c, l->now_ms, USSD_OPEN_MS, &l->start))
		return ERR_NONE_VALUE;
	if (l->step->input[0] == '\0' &&
	    recents_get(r, RECENT_CALLER, l->step->caller, c, l->now_ms, USSD_CONTINUE_MS, &last)) {
		*ret_must_store = last.now.language < LANGUAGE_PEOPLE;
		if (*ret_must_store)
			return ERR_NONE_VALUE;
	}
	struct err e = store_read(l->u->dialog->store, look, l);
	if (err_is(e))
		return e;
	*ret_must_store = l->language < LANGUAGE_PEOPLE;
	if (!*ret_must_store)
		recents_put(r, RECENT_SESSION, session, &l->start, l->now_ms);
	return e;
}

struct err ussd_replay(struct ussd *u, const struct ussd_step *s, int64_t now_ms,
                       struct ussd_page *ret, bool *ret_must_store)
{
	struct looking l = { .u = u, .step = s, .now_ms = now_ms, .language = LANGUAGE_UNKNOWN };
	unsigned next = 0;
	bool must_store = false;
	struct err e = ussd_open_book(u, now_ms, &l.book);
	if (err_is(e))
		return e;
	const char *country = ussd_country(&u->rules, s->caller);
	e = find_start(&l, &must_store);
	struct ussd_state state = l.start;
	if (!err_is(e) && !must_store) {
		e = ussd_moves(l.book, country, &state, span_of(s->input));
		/* what is more than a page, and what the next session or an SMS is to know, is written */
		must_store = !err_is(e) && state.now.where == WHERE_SENT;
	}
	if (!err_is(e) && !must_store) {
		e = book_page(l.book, &state.now, country, ret, &next);
		ret->chosen = !err_is(e) && state.chose_language ? state.now.language : LANGUAGE_UNKNOWN;
		recents_put(u->recents, RECENT_CALLER, s->caller, &state, now_ms);
	}
	*ret_must_store = must_store;
	book_drop(l.book);
	return e;
}
