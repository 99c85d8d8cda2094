/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/ussd/gate.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "link/ussd/dialect.h"
#include "link/ussd/flight.h"
#include "base/banned.h"

#define COMPLAIN_MS 30000
#define NOTES_A_SECOND 2000
#define ANSWER_OCTETS 4096 /* of a page with what its dialect adds */

struct door {
	unsigned held; /* atomic */
	char name[LINK_NAME_MAX];
	const struct dialect *dialect;
	struct ussd *menu;
	struct nets allow;
	bool has_allow, any_field;
	char secret[129];
	_Atomic uint64_t pages, refused, failed;
	_Atomic int64_t complain_at_ms;
};

struct gate {
	struct store *store;
	struct dialog *dialog;
	struct flight *flight;
	_Atomic int64_t note_second; /* in which so many languages were written down: */
	_Atomic unsigned notes;
	pthread_rwlock_t lock; /* guards what follows */
	struct door *doors[LINKS_MAX];
	size_t count;
};

/* A step that waits for its commit. */
struct asking {
	struct change change; /* first: a struct change * is a struct asking * */
	struct flying flying;
	struct gate *gate;
	struct door *door;
	struct http_exchange *x;
	struct ussd_step step;
	struct ussd_page page;
	struct err err;
	bool was_lost;
};

static struct asking *of_flying(struct flying *f)
{
	return (struct asking *)((char *)f - offsetof(struct asking, flying));
}

/* ---- doors */
static struct door *hold(struct door *d)
{
	(void)__atomic_add_fetch(&d->held, 1, __ATOMIC_RELAXED);
	return d;
}

static void drop(struct door *d)
{
	if (d == NULL || __atomic_sub_fetch(&d->held, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	ussd_free(d->menu);
	explicit_bzero(d->secret, sizeof d->secret);
	free(d);
}

struct err gate_new(struct store *st, struct dialog *d, struct gate **ret)
{
	struct gate *g = calloc(1, sizeof *g);
	if (g == NULL || pthread_rwlock_init(&g->lock, NULL) != 0) {
		free(g);
		return err_make(ERR_MEMORY, "set up USSD links", NULL, NULL);
	}
	g->store = st;
	g->dialog = d;
	struct err e = flight_new(&g->flight);
	if (err_is(e)) {
		gate_free(g);
		return e;
	}
	*ret = g;
	return e;
}

void gate_free(struct gate *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->count; i++)
		drop(g->doors[i]);
	flight_free(g->flight);
	(void)pthread_rwlock_destroy(&g->lock);
	free(g);
}

struct err gate_check(const struct link_settings *s)
{
	struct nets nets;
	if (!nets_parse(s->allow, &nets))
		return err_make(ERR_CONFIG, "use the list of addresses",
		                "write addresses or networks: 10.0.0.0/8 192.0.2.7", "[link %s] allow",
		                s->name);
	return ERR_NONE_VALUE;
}

static struct err make_door(struct gate *g, const struct link_settings *s, bool may_send,
                            struct door **ret)
{
	struct ussd_rules rules;
	struct err e = gate_check(s);
	struct door *d = err_is(e) ? NULL : calloc(1, sizeof *d);
	if (d == NULL)
		return err_is(e) ? e : err_make(ERR_MEMORY, "set up a USSD link", NULL, NULL);
	d->held = 1;
	d->dialect = dialect_find(s->dialect);
	d->any_field = s->any_field;
	d->has_allow = s->allow[0] != '\0';
	(void)text_copy(d->name, sizeof d->name, s->name);
	(void)text_copy(d->secret, sizeof d->secret, s->secret);
	ussd_rules_from(s, may_send, &rules);
	/* without a word on who may ask: this computer */
	(void)nets_parse(d->has_allow || s->secret[0] != '\0' ? s->allow : "127.0.0.0/8 ::1", &d->allow);
	d->has_allow = d->has_allow || s->secret[0] == '\0';
	e = d->dialect != NULL ? ussd_new(g->dialog, &rules, &d->menu)
	    : err_make(ERR_CONFIG, "find the dialect of a USSD link", NULL, "[link %s]", s->name);
	if (err_is(e))
		drop(d);
	else
		*ret = d;
	return e;
}

/* The lock is held. */
static struct door **find(struct gate *g, struct span name)
{
	for (size_t i = 0; i < g->count; i++)
		if (span_is(name, g->doors[i]->name))
			return &g->doors[i];
	return NULL;
}

struct err gate_open(struct gate *g, const struct link_settings *s, bool may_send)
{
	struct door *new = NULL, *old = NULL;
	struct err e = make_door(g, s, may_send, &new);
	if (err_is(e))
		return e;
	(void)pthread_rwlock_wrlock(&g->lock);
	struct door **at = find(g, span_of(s->name));
	if (at != NULL) {
		old = *at;
		atomic_store(&new->pages, atomic_load(&old->pages));
		atomic_store(&new->refused, atomic_load(&old->refused));
		atomic_store(&new->failed, atomic_load(&old->failed));
		*at = new;
	} else if (g->count < LINKS_MAX) {
		g->doors[g->count++] = new;
	} else {
		old = new;
		e = err_make(ERR_BUSY, "add a USSD link", "there are too many links", NULL);
	}
	(void)pthread_rwlock_unlock(&g->lock);
	drop(old);
	return e;
}

void gate_close(struct gate *g, const char *name)
{
	struct door *old = NULL;
	(void)pthread_rwlock_wrlock(&g->lock);
	struct door **at = find(g, span_of(name));
	if (at != NULL) {
		old = *at;
		*at = g->doors[--g->count];
	}
	(void)pthread_rwlock_unlock(&g->lock);
	drop(old);
}

static struct door *enter(struct gate *g, struct span name)
{
	(void)pthread_rwlock_rdlock(&g->lock);
	struct door **at = find(g, name);
	struct door *d = at != NULL ? hold(*at) : NULL;
	(void)pthread_rwlock_unlock(&g->lock);
	return d;
}

bool gate_counts(struct gate *g, const char *name, struct gate_counts *ret)
{
	struct door *d = enter(g, span_of(name));
	if (d == NULL)
		return false;
	*ret = (struct gate_counts){ .pages = atomic_load(&d->pages),
		.refused = atomic_load(&d->refused), .failed = atomic_load(&d->failed) };
	drop(d);
	return true;
}

/* ---- who may ask */
static bool is_secret(const struct door *d, const char *given)
{
	const size_t n = strlen(d->secret);
	return given != NULL && strlen(given) == n && sodium_memcmp(given, d->secret, n) == 0;
}

/* In a header, or in the address where an aggregator can send no header. */
static bool knows_secret(const struct door *d, const struct http_exchange *x)
{
	static const char bearer[] = "Bearer ";
	const char *header = http_header(x, "Authorization");
	if (header != NULL && strncmp(header, bearer, strlen(bearer)) == 0)
		return is_secret(d, header + strlen(bearer));
	return is_secret(d, http_header(x, "X-Safar-Secret")) || is_secret(d, http_query(x, "secret"));
}

static bool may_ask(const struct door *d, const struct http_exchange *x)
{
	return (!d->has_allow || http_is_from(x, &d->allow)) &&
	       (d->secret[0] == '\0' || knows_secret(d, x));
}

/* ---- answers */
static void refuse(struct http_exchange *x, unsigned status, const char *why)
{
	struct buf text;
	buf_init(&text, 256);
	buf_addf(&text, "%s\n", why);
	http_answer(x, status, "text/plain; charset=utf-8", buf_span(&text));
	buf_free(&text);
}

static void count(struct door *d, unsigned status)
{
	atomic_fetch_add_explicit(status < 400 ? &d->pages : status < 500 ? &d->refused : &d->failed, 1,
	                          memory_order_relaxed);
}

/* A fault of ours is told to staff now and then, not with each call-back. */
static void complain(struct door *d, const struct err *e)
{
	const int64_t now = clock_monotonic_ms();
	int64_t due = atomic_load(&d->complain_at_ms);
	if (now >= due && atomic_compare_exchange_strong(&d->complain_at_ms, &due, now + COMPLAIN_MS))
		log_err(e);
}

static unsigned status_of(const struct err *e)
{
	return e->code == ERR_REFUSED ? 403 : e->code == ERR_ABSENT ? 404 : 503;
}

static void answer_page(struct door *d, struct http_exchange *x, const struct ussd_step *s,
                        const struct ussd_page *p)
{
	struct buf out;
	const struct dialect_page page = { .step = s, .text = span_make(p->text, p->n),
		.alphabet = p->alphabet, .goes_on = p->goes_on, .mark = p->mark };
	buf_init(&out, ANSWER_OCTETS);
	d->dialect->write(&page, &out);
	if (d->dialect->cookie != NULL && p->cookie[0] != '\0') {
		char cookie[HTTP_VALUE_LIMIT];
		struct buf value;
		buf_init(&value, sizeof cookie);
		buf_addf(&value, "%s=%s; Path=/; HttpOnly", d->dialect->cookie, p->cookie);
		if (text_copy(cookie, sizeof cookie, buf_text(&value)))
			http_add_header(x, "Set-Cookie", cookie);
		buf_wipe(&value);
	}
	count(d, out.failed ? 500 : 200);
	if (out.failed)
		refuse(x, 500, "the page is too long");
	else
		http_answer(x, 200, d->dialect->type, buf_span(&out));
	buf_wipe(&out);
}

static void answer_err(struct door *d, struct http_exchange *x, const struct err *e)
{
	const unsigned status = status_of(e);
	count(d, status);
	if (status >= 500)
		complain(d, e);
	refuse(x, status, status == 403 ? "it is another caller's session"
	                  : status == 404 ? "there is no such session" : "not now; try again");
}

/* ---- steps that are written down */
struct sent { /* whose answer is on its way */
	struct gate *gate;
	uint64_t session, step;
};

static void on_sent(void *arg, bool was_sent)
{
	struct sent *s = arg;
	if (!was_sent)
		flight_lose(s->gate->flight, s->session, s->step, clock_monotonic_ms());
	free(s);
}

static void free_asking(struct asking *a)
{
	drop(a->door);
	ussd_step_wipe(&a->step);
	free(a);
}

/* In the server's thread: the store's has others to serve. */
static void answer_asking(struct http_exchange *x, void *arg)
{
	struct asking *a = arg;
	struct sent *s = malloc(sizeof *s);
	if (s != NULL && !err_is(a->err)) {
		*s = (struct sent){ .gate = a->gate, .session = a->flying.session,
			.step = a->flying.step };
		http_on_done(x, on_sent, s);
	} else {
		free(s);
	}
	if (err_is(a->err))
		answer_err(a->door, x, &a->err);
	else
		answer_page(a->door, x, &a->step, &a->page);
	free_asking(a);
}

static struct err run_asking(struct txn *tx, struct change *c)
{
	struct asking *a = (struct asking *)c;
	return ussd_take(tx, a->door->menu, &a->step, a->was_lost, clock_now_ms(), &a->page);
}

/* The commit is through: what waited for the page gets it. */
static void asking_done(struct change *c, struct err e)
{
	struct asking *a = (struct asking *)c;
	struct flying *repeats = flight_land(a->gate->flight, &a->flying);
	while (repeats != NULL) {
		struct asking *r = of_flying(repeats);
		repeats = repeats->next;
		r->page = a->page;
		r->err = e;
		http_answer_by(r->x, answer_asking, r);
	}
	a->err = e;
	http_answer_by(a->x, answer_asking, a);
}

static void ask(struct gate *g, struct door *d, struct http_exchange *x, const struct ussd_step *s)
{
	struct asking *a = calloc(1, sizeof *a);
	if (a == NULL) {
		const struct err e = err_make(ERR_MEMORY, "answer a USSD step", NULL, NULL);
		answer_err(d, x, &e);
		return;
	}
	*a = (struct asking){ .change = { .run = run_asking, .done = asking_done }, .gate = g,
		.door = hold(d), .x = x, .step = *s };
	switch (flight_join(g->flight, d->name, s, clock_monotonic_ms(), &a->flying, &a->was_lost)) {
	case FLIGHT_REPEAT:
		return; /* answered with the first */
	case FLIGHT_CROSSED:
		count(d, 409);
		refuse(x, 409, "a step of this session is being answered");
		free_asking(a);
		return;
	case FLIGHT_FIRST:
		break;
	}
	struct err e = store_submit(g->store, &a->change);
	if (err_is(e))
		asking_done(&a->change, e);
}

/* ---- languages that were chosen where nothing else is written down */
struct note {
	struct change change; /* first: a struct change * is a struct note * */
	struct gate *gate;
	enum language language;
	char caller[USSD_CALLER_MAX + 1];
};

static struct err run_note(struct txn *tx, struct change *c)
{
	struct note *n = (struct note *)c;
	return ussd_keep_language(tx, n->gate->dialog, n->caller, n->language, clock_now_ms());
}

static void free_note(struct note *n)
{
	explicit_bzero(n, sizeof *n);
	free(n);
}

static void note_done(struct change *c, struct err e)
{
	(void)e; /* who chose is asked again the next time */
	free_note((struct note *)c);
}

/* Far more than a short code has callers; a flood must not keep the writer from those who wait. */
static bool may_note(struct gate *g)
{
	const int64_t second = clock_monotonic_ms() / 1000;
	if (atomic_exchange(&g->note_second, second) != second)
		atomic_store(&g->notes, 0);
	return atomic_fetch_add(&g->notes, 1) < NOTES_A_SECOND;
}

/* The page doesn't wait for it. */
static void note_language(struct gate *g, const struct ussd_step *s, enum language l)
{
	struct note *n = may_note(g) ? calloc(1, sizeof *n) : NULL;
	if (n == NULL)
		return;
	*n = (struct note){ .change = { .run = run_note, .done = note_done }, .gate = g, .language = l };
	(void)text_copy(n->caller, sizeof n->caller, s->caller);
	struct err e = store_submit(g->store, &n->change);
	if (err_is(e))
		free_note(n);
}

/* ---- a call-back */
static void take(struct gate *g, struct door *d, struct http_exchange *x, struct span rest)
{
	struct ussd_step s;
	struct ussd_page page;
	bool must_store = false;
	const struct dialect_call call = { .method = http_method(x), .path = rest,
		.body = http_body(x), .any_field = d->any_field,
		.cookie = d->dialect->cookie != NULL ? http_cookie(x, d->dialect->cookie) : NULL };
	if (!may_ask(d, x)) {
		count(d, 403);
		refuse(x, 403, "not allowed");
		return;
	}
	const enum dialect_err fault = d->dialect->read(&call, &s);
	if (fault != DIALECT_OK) {
		count(d, dialect_err_status(fault));
		refuse(x, dialect_err_status(fault), dialect_err_text(fault));
		return;
	}
	struct err e = ERR_NONE_VALUE;
	if (d->dialect->has_history)
		e = ussd_replay(d->menu, &s, clock_now_ms(), &page, &must_store);
	if (err_is(e)) {
		answer_err(d, x, &e);
	} else if (d->dialect->has_history && !must_store) {
		answer_page(d, x, &s, &page);
		if (page.chosen < LANGUAGE_PEOPLE)
			note_language(g, &s, page.chosen);
	} else {
		ask(g, d, x, &s);
	}
	ussd_step_wipe(&s);
}

void gate_take(struct http_exchange *x, void *arg)
{
	struct gate *g = arg;
	const struct span path = http_path(x);
	const uint8_t *slash = path.n > 0 ? memchr(path.p, '/', path.n) : NULL;
	const size_t n = slash != NULL ? (size_t)(slash - path.p) : path.n;
	struct door *d = enter(g, span_make(path.p, n));
	if (d == NULL) {
		refuse(x, 404, "there is no such link");
		return;
	}
	take(g, d, x, slash != NULL ? span_make(slash + 1, path.n - n - 1) : span_of(""));
	drop(d);
}
