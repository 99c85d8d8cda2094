/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A step is found its session, judged by its sequence, moves it, and is answered by a page. The row is
 * written in the transaction that the page waits for. */
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialog/inside.h"
#include "dialog/ussd_past.h"
#include "dialog/ussd_recent.h"
#include "dialog/ussd_row.h"
#include "store/ussd.h"
#include "base/banned.h"

#define TWICE_MS INT64_C(30000)     /* an equal begin in that time is the same one */
#define KEPT_MS INT64_C(1800000)    /* of a row; a longer session is a row again */
#define ROWS_MAX 8

void ussd_rules_from(const struct link_settings *s, bool may_send, struct ussd_rules *ret)
{
	*ret = (struct ussd_rules){ .gsm7 = (unsigned)s->page_gsm7, .ucs2 = (unsigned)s->page_ucs2,
		.gsm7_only = s->gsm7_only, .may_send = may_send };
	(void)text_copy(ret->link, sizeof ret->link, s->name);
	(void)text_copy(ret->country, sizeof ret->country, s->country);
	(void)text_copy(ret->code, sizeof ret->code, s->code);
}

struct err ussd_new(struct dialog *d, const struct ussd_rules *r, struct ussd **ret)
{
	struct ussd *u = calloc(1, sizeof *u);
	if (u == NULL)
		return err_make(ERR_MEMORY, "set up a USSD link", NULL, NULL);
	u->dialog = d;
	u->rules = *r;
	(void)pthread_mutex_init(&u->lock, NULL); /* glibc's never fails with default attributes */
	struct err e = recents_new(&u->recents);
	if (err_is(e))
		ussd_free(u);
	else
		*ret = u;
	return e;
}

void ussd_free(struct ussd *u)
{
	if (u == NULL)
		return;
	book_drop(u->book);
	recents_free(u->recents);
	(void)pthread_mutex_destroy(&u->lock);
	free(u);
}

struct err ussd_open_book(struct ussd *u, int64_t now_ms, struct ussd_book **ret)
{
	struct dialog *d = u->dialog;
	struct err e = ERR_NONE_VALUE;
	struct ussd_book *new = NULL, *old = NULL;
	(void)pthread_mutex_lock(&d->lock);
	struct content *c = content_hold(d->content);
	(void)pthread_mutex_unlock(&d->lock);
	(void)pthread_mutex_lock(&u->lock);
	if (u->book == NULL || !book_is_of(u->book, c, now_ms)) {
		e = book_new(c, &u->rules, now_ms, &new);
		if (!err_is(e)) {
			old = u->book;
			u->book = new;
		}
	}
	if (!err_is(e))
		*ret = book_hold(u->book);
	(void)pthread_mutex_unlock(&u->lock);
	book_drop(old);
	content_drop(c);
	return e;
}

/* ---- the begin of a session */
/* What was dialled behind the code is typed already: "*123*3#" is 3. */
static struct span dialled(const struct ussd_rules *r, const struct ussd_step *s)
{
	struct span input = span_trim(span_of(s->input));
	const size_t code = strlen(r->code);
	if (code < 2 || r->code[code - 1] != '#' || input.n <= code ||
	    memcmp(input.p, r->code, code - 1) != 0 || input.p[code - 1] != '*' ||
	    input.p[input.n - 1] != '#')
		return span_of("");
	return span_make(input.p + code, input.n - code - 1);
}

void ussd_start_at(const struct ussd_book *b, enum language l, struct ussd_state *ret)
{
	*ret = (struct ussd_state){ .now = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN },
		.kept = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN } };
	if (l < LANGUAGE_PEOPLE)
		ret->now = (struct ussd_place){ .where = WHERE_TOPIC, .language = l,
			.topic = content_root(book_content(b)) };
}

/* ---- rows */
struct taking {
	struct txn *tx;
	struct ussd *u;
	struct ussd_book *book;
	const struct ussd_step *step;
	int64_t now_ms;
	const char *country;
	struct ussd_row row;       /* of the session; its buf is empty unless it was read */
	struct ussd_session session;
	bool found;
};

static struct seal_place place_of(const struct hash *session)
{
	int64_t row = 0;
	memcpy(&row, session->octets, sizeof row);
	return (struct seal_place){ .table = "ussd", .field = "state", .row = row };
}

/* A session is a link's: two operators may choose the same id. */
static struct err hash_of(const struct taking *t, int64_t version, const char *purpose,
                          const char *a, const char *b, struct hash *ret)
{
	char both[USSD_SESSION_MAX + USSD_CALLER_MAX + sizeof t->u->rules.link + 8];
	const int n = snprintf(both, sizeof both, "%s\n%s\n%s", t->u->rules.link, a, b);
	struct err e = n < 0 || (size_t)n >= sizeof both
	               ? err_make(ERR_INPUT, "know a USSD session", NULL, NULL)
	               : vault_hash(t->u->dialog->vault, RING_SESSION, version, purpose,
	                            span_make(both, (size_t)n), ret);
	explicit_bzero(both, sizeof both);
	return e;
}

/* The number alone: "continue?" is asked whatever the link. */
static struct err hash_who(const struct taking *t, int64_t version, const char *caller,
                           struct hash *ret)
{
	return vault_hash(t->u->dialog->vault, RING_SESSION, version, USSD_WHO, span_of(caller), ret);
}

static bool read_sealed(const struct taking *t, const struct ussd_row *row,
                        struct ussd_session *ret)
{
	struct buf plain;
	buf_init(&plain, SESSION_OCTETS);
	const struct err e = vault_unseal(t->u->dialog->vault, RING_SESSION, row->version,
	                                  place_of(&row->session), buf_span(&row->sealed), &plain);
	const bool good = !err_is(e) && session_read(buf_span(&plain), book_content(t->book), ret);
	buf_wipe(&plain);
	return good; /* one that doesn't open is forgotten, not an error: a page goes out all the same */
}

static struct err seal_row(const struct taking *t, struct ussd_row *row)
{
	uint8_t octets[SESSION_OCTETS];
	session_write(&t->session, octets);
	buf_free(&row->sealed);
	buf_init(&row->sealed, SESSION_OCTETS + SEAL_OVERHEAD);
	struct err e = vault_seal(t->u->dialog->vault, RING_SESSION, row->version,
	                          place_of(&row->session), span_make(octets, sizeof octets),
	                          &row->sealed);
	explicit_bzero(octets, sizeof octets);
	return e;
}

static bool is_open(const struct ussd_session *s, int64_t now_ms)
{
	return !s->is_ended && now_ms - s->at_ms < USSD_OPEN_MS;
}

/* Takes the row, whose buf is then the taking's; false: it can't be read. */
static bool take_row(struct taking *t, struct ussd_row *row)
{
	if (!read_sealed(t, row, &t->session)) {
		buf_free(&row->sealed);
		return false;
	}
	t->row = *row;
	t->found = true;
	return true;
}

static bool hash_is(const struct hash *a, const struct hash *b)
{
	return memcmp(a->octets, b->octets, sizeof a->octets) == 0;
}

/* The id that a new session gets where the step has none of its own: of dialog and caller, so that a
 * begin that comes twice finds itself. */
static struct err session_hash(const struct taking *t, int64_t version, struct hash *ret)
{
	return hash_of(t, version, "ussd session", t->step->session,
	               t->step->has_dialog ? t->step->caller : "", ret);
}

static struct err find_by_session(struct taking *t, int64_t version, const struct hash *session)
{
	struct ussd_row row;
	bool found = false;
	struct err e = ussd_row_get(t->tx, version, session, t->now_ms, &row, &found);
	if (!err_is(e) && found)
		(void)take_row(t, &row);
	return e;
}

/* By the cookie that came back, where it is that dialog's; clients may share one box of cookies. */
static struct err find_by_cookie(struct taking *t, int64_t version, const struct hash *alias)
{
	struct hash session;
	size_t n = 0;
	if (!hex_parse(span_of(t->step->cookie), session.octets, sizeof session.octets, &n) ||
	    n != sizeof session.octets)
		return ERR_NONE_VALUE;
	struct err e = find_by_session(t, version, &session);
	if (t->found && t->step->session[0] != '/' && !hash_is(&t->row.alias, alias)) {
		buf_free(&t->row.sealed);
		t->found = false;
	}
	return e;
}

/* By the dialog's ids: one row, or the caller's own of several. */
static struct err find_by_alias(struct taking *t, int64_t version, const struct hash *alias)
{
	struct ussd_row rows[ROWS_MAX];
	struct hash who;
	size_t n = 0, mine = ROWS_MAX;
	struct err e = ussd_rows_of_alias(t->tx, version, alias, t->now_ms, rows, ROWS_MAX, &n);
	if (!err_is(e) && t->step->caller[0] != '\0')
		e = hash_who(t, version, t->step->caller, &who);
	for (size_t i = 0; i < n && !err_is(e); i++)
		if (t->step->caller[0] != '\0' ? hash_is(&rows[i].who, &who) : n == 1)
			mine = i;
	if (!err_is(e) && mine == ROWS_MAX && n > 1)
		e = err_make(ERR_REFUSED, "tell one USSD session from another",
		             "send a cookie or the caller's number", NULL);
	for (size_t i = 0; i < n; i++)
		if (i != mine || err_is(e))
			buf_free(&rows[i].sealed);
		else
			(void)take_row(t, &rows[i]);
	return e;
}

static struct err find_in(struct taking *t, int64_t version)
{
	struct hash hash;
	struct err e = ERR_NONE_VALUE;
	if (!t->step->has_dialog || t->step->event == USSD_START) {
		e = session_hash(t, version, &hash);
		return err_is(e) ? e : find_by_session(t, version, &hash);
	}
	e = hash_of(t, version, "ussd dialog", t->step->session, "", &hash);
	if (!err_is(e) && t->step->cookie[0] != '\0')
		e = find_by_cookie(t, version, &hash);
	if (!err_is(e) && !t->found && t->step->session[0] != '/')
		e = find_by_alias(t, version, &hash);
	return e;
}

/* The session's row, under the newest key that has it. */
static struct err find(struct taking *t)
{
	int64_t versions[VERSIONS_MAX];
	size_t n = 0;
	struct err e = ERR_NONE_VALUE;
	vault_versions(t->u->dialog->vault, RING_SESSION, versions, VERSIONS_MAX, &n);
	for (size_t i = 0; i < n && !err_is(e) && !t->found; i++)
		e = find_in(t, versions[i]);
	if (err_is(e) || !t->found || t->step->caller[0] == '\0' || t->step->event == USSD_START)
		return e;
	if (strcmp(t->session.caller, t->step->caller) != 0)
		e = err_make(ERR_REFUSED, "go on with a USSD session", "it is another caller's", NULL);
	return e;
}

/* ---- the last session of this caller */
static bool may_continue(const struct ussd_session *s, int64_t now_ms)
{
	const struct ussd_place *p = &s->state.now;
	return !s->is_ended && !s->state.was_sensitive && p->where == WHERE_TOPIC &&
	       p->topic->parent != NULL && p->language < LANGUAGE_PEOPLE &&
	       now_ms - s->at_ms < USSD_CONTINUE_MS;
}

/* Drops the caller's older rows: a phone has one session at a time. */
static struct err take_broken(struct taking *t, int64_t version, struct ussd_place *ret_place,
                              bool *ret_found)
{
	struct ussd_row rows[ROWS_MAX];
	struct ussd_session old;
	size_t n = 0;
	struct hash who;
	struct err e = hash_who(t, version, t->step->caller, &who);
	if (!err_is(e))
		e = ussd_rows_of(t->tx, version, &who, t->now_ms, rows, ROWS_MAX, &n);
	for (size_t i = 0; i < n; i++) {
		if (!err_is(e) && read_sealed(t, &rows[i], &old) && may_continue(&old, t->now_ms)) {
			*ret_place = old.state.now;
			ret_place->is_wrong = false;
			*ret_found = true;
		}
		if (!err_is(e))
			e = ussd_row_drop(t->tx, rows[i].id);
		buf_free(&rows[i].sealed);
	}
	return e;
}

/* ---- begin, go on, end */
/* The text goes by SMS once a session, in the transaction of the page that says so. */
static struct err act(struct taking *t, const struct ussd_state *before)
{
	struct ussd_session *s = &t->session;
	struct err e = ERR_NONE_VALUE;
	if (s->state.now.where == WHERE_SENT && !s->was_sent) {
		e = ussd_past_send(t->tx, t->u->dialog, t->u->rules.sim, s->caller, &s->state.now,
		                   t->country, t->now_ms);
		s->was_sent = true;
	}
	if (!err_is(e) && s->state.now.language != before->now.language)
		e = ussd_keep_language(t->tx, t->u->dialog, s->caller, s->state.now.language, t->now_ms);
	s->is_ended = s->state.now.where == WHERE_SENT;
	return e;
}

static struct err add_row(struct taking *t)
{
	struct ussd_row row = { .expires_ms = t->now_ms + KEPT_MS, .has_alias = t->step->has_dialog };
	struct err e = vault_version(t->u->dialog->vault, RING_SESSION, t->now_ms, &row.version);
	if (!err_is(e))
		e = session_hash(t, row.version, &row.session);
	if (!err_is(e) && row.has_alias)
		e = hash_of(t, row.version, "ussd dialog", t->step->session, "", &row.alias);
	if (!err_is(e))
		e = hash_who(t, row.version, t->session.caller, &row.who);
	if (!err_is(e))
		e = seal_row(t, &row);
	if (!err_is(e))
		e = ussd_row_add(t->tx, &row);
	buf_free(&t->row.sealed);
	t->row = row;
	return e;
}

static struct err begin(struct taking *t)
{
	int64_t versions[VERSIONS_MAX];
	size_t n = 0;
	struct ussd_place kept;
	bool is_broken = false;
	enum language l = LANGUAGE_UNKNOWN;
	const struct ussd_step *s = t->step;
	struct ussd_session *new = &t->session;
	struct err e = ERR_NONE_VALUE;
	if (s->caller[0] == '\0') /* a step of a session that is no more: nobody knows whose */
		return err_make(ERR_ABSENT, "find the USSD session", "begin a new one", NULL);
	vault_versions(t->u->dialog->vault, RING_SESSION, versions, VERSIONS_MAX, &n);
	for (size_t i = 0; i < n && !err_is(e); i++)
		e = take_broken(t, versions[i], &kept, &is_broken);
	if (!err_is(e) && !is_broken)
		e = ussd_past_language(t->tx, t->u->dialog, s->caller, t->now_ms, &l);
	if (err_is(e))
		return e;
	*new = (struct ussd_session){ .began_ms = t->now_ms, .at_ms = t->now_ms };
	(void)text_copy(new->caller, sizeof new->caller, s->caller);
	ussd_start_at(t->book, l, &new->state);
	if (is_broken) {
		new->state.now = (struct ussd_place){ .where = WHERE_CONTINUE, .language = kept.language };
		new->state.kept = kept;
	} else if (s->event == USSD_START) {
		const struct ussd_state before = new->state;
		e = ussd_moves(t->book, t->country, &new->state, dialled(&t->u->rules, s));
		if (!err_is(e))
			e = act(t, &before);
	}
	sequence_begin(&new->sequence, s);
	return err_is(e) ? e : add_row(t);
}

static struct err keep(struct taking *t)
{
	struct err e = seal_row(t, &t->row);
	if (err_is(e))
		return e;
	if (t->row.expires_ms - t->now_ms > USSD_OPEN_MS)
		return ussd_row_keep(t->tx, &t->row);
	t->row.expires_ms = t->now_ms + KEPT_MS;
	return ussd_row_add(t->tx, &t->row);
}

static struct err go_on(struct taking *t)
{
	struct ussd_session *s = &t->session;
	const struct ussd_state before = s->state;
	struct err e = ussd_move(t->book, t->country, &s->state, span_of(t->step->input));
	if (err_is(e))
		return e;
	e = act(t, &before);
	sequence_add(&s->sequence, t->step);
	s->at_ms = t->now_ms;
	return err_is(e) ? e : keep(t);
}

/* A begin that comes again: the very same, or late, within a moment of the one that it repeats. */
static bool is_begun(const struct taking *t)
{
	if (t->step->mark_kind == USSD_MARK_ID)
		return sequence_knows(&t->session.sequence, t->step);
	return is_open(&t->session, t->now_ms) && t->now_ms - t->session.began_ms < TWICE_MS &&
	       strcmp(t->session.caller, t->step->caller) == 0;
}

static struct err move(struct taking *t, bool was_lost)
{
	const struct ussd_step *s = t->step;
	if (!t->found)
		return begin(t);
	if (s->event == USSD_START)
		return is_begun(t) ? ERR_NONE_VALUE : begin(t);
	if (was_lost || sequence_knows(&t->session.sequence, s))
		return ERR_NONE_VALUE;
	if (!is_open(&t->session, t->now_ms)) {
		struct ussd_step again = *s;
		if (again.caller[0] == '\0')
			(void)text_copy(again.caller, sizeof again.caller, t->session.caller);
		t->step = &again;
		struct err e = begin(t);
		t->step = s;
		ussd_step_wipe(&again);
		return e;
	}
	return go_on(t);
}

/* The row holds where it began, and whether its SMS was sent. */
static struct err begin_history(struct taking *t)
{
	struct ussd_session *new = &t->session;
	struct ussd_state last = { .was_sensitive = true };
	enum language l = LANGUAGE_UNKNOWN;
	const bool is_start = t->step->input[0] == '\0';
	const bool is_recent = is_start && recents_get(t->u->recents, RECENT_CALLER, t->step->caller,
	                                               book_content(t->book), t->now_ms,
	                                               USSD_CONTINUE_MS, &last);
	struct err e = ERR_NONE_VALUE;
	*new = (struct ussd_session){ .began_ms = t->now_ms, .at_ms = t->now_ms };
	(void)text_copy(new->caller, sizeof new->caller, t->step->caller);
	if (is_recent)
		l = last.now.language;
	else if (is_start)
		e = ussd_past_language(t->tx, t->u->dialog, new->caller, t->now_ms, &l);
	ussd_start_at(t->book, l, &new->state);
	const struct ussd_session before = { .state = last, .at_ms = t->now_ms };
	if (is_recent && may_continue(&before, t->now_ms)) {
		new->state.now = (struct ussd_place){ .where = WHERE_CONTINUE, .language = l };
		new->state.kept = last.now;
	}
	return err_is(e) ? e : add_row(t);
}

static struct err take_history(struct taking *t, struct ussd_page *ret)
{
	unsigned next = 0;
	struct ussd_session *s = &t->session;
	struct err e = t->found ? ERR_NONE_VALUE : begin_history(t);
	struct ussd_state state = s->state;
	if (!err_is(e))
		e = ussd_moves(t->book, t->country, &state, span_of(t->step->input));
	if (!err_is(e) && state.now.where == WHERE_SENT && !s->was_sent) {
		s->was_sent = true;
		e = ussd_past_send(t->tx, t->u->dialog, t->u->rules.sim, s->caller, &state.now, t->country,
		                   t->now_ms);
		if (!err_is(e))
			e = ussd_keep_language(t->tx, t->u->dialog, s->caller, state.now.language, t->now_ms);
		if (!err_is(e))
			e = keep(t);
	}
	if (!err_is(e))
		e = book_page(t->book, &state.now, t->country, ret, &next);
	recents_put(t->u->recents, RECENT_CALLER, t->step->caller, &state, t->now_ms);
	return e;
}

static struct err write_page(struct taking *t, struct ussd_page *ret)
{
	unsigned next = 0;
	struct err e = book_page(t->book, &t->session.state.now, t->country, ret, &next);
	if (err_is(e))
		return e;
	ret->mark = ret->goes_on ? t->session.sequence.sent : t->session.sequence.begin;
	if (t->step->has_dialog)
		hex_write(span_make(t->row.session.octets, sizeof t->row.session.octets), ret->cookie);
	return e;
}

static struct err answer(struct taking *t, bool was_lost, struct ussd_page *ret)
{
	struct err e = find(t);
	if (err_is(e))
		return e;
	if (t->step->event == USSD_STATUS || t->step->event == USSD_END) {
		*ret = (struct ussd_page){ .goes_on = t->step->event == USSD_STATUS && t->found &&
		                                      is_open(&t->session, t->now_ms) };
		return e; /* one that broke stays as it is: so it can be offered again */
	}
	if (t->found)
		t->country = ussd_country(&t->u->rules, t->session.caller);
	if (t->step->has_history)
		return take_history(t, ret);
	e = move(t, was_lost);
	return err_is(e) ? e : write_page(t, ret);
}

struct err ussd_take(struct txn *tx, struct ussd *u, const struct ussd_step *s, bool was_lost,
                     int64_t now_ms, struct ussd_page *ret)
{
	struct taking t = { .tx = tx, .u = u, .step = s, .now_ms = now_ms,
		.country = ussd_country(&u->rules, s->caller) };
	struct err e = ussd_open_book(u, now_ms, &t.book);
	if (err_is(e))
		return e;
	e = answer(&t, was_lost, ret);
	buf_free(&t.row.sealed);
	book_drop(t.book);
	explicit_bzero(&t.session, sizeof t.session);
	return e;
}

struct err ussd_begun(struct txn *tx, struct ussd *u, struct ussd_book *b,
                      const struct ussd_step *s, int64_t now_ms, struct ussd_state *ret,
                      bool *ret_found)
{
	struct taking t = { .tx = tx, .u = u, .book = b, .step = s, .now_ms = now_ms };
	struct err e = find(&t);
	*ret_found = !err_is(e) && t.found;
	if (*ret_found)
		*ret = t.session.state;
	buf_free(&t.row.sealed);
	explicit_bzero(&t.session, sizeof t.session);
	return e;
}
