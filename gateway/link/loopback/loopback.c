/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loopback: a link without a device, between this node and virtual phones. Nothing that goes out
 * on it leaves the node.
 *
 *   off ──any wish──► on ──it leaves, or asks nothing for 5 s──► off
 *
 * A phone that is on asks "what came?" and is answered when something did. It is a claimant of its
 * own: it claims answers to what came in by this link from its number, and what staff start for its
 * number; nothing else, so one phone is never told what is another's, and no modem's delivery is
 * taken. It has one part on the air at a time, told and claimed as a modem's: `submitting` is
 * committed first. When the phone says that it has got the part, that is +CMGS and status report at
 * once. No queue stands between: what a phone doesn't fetch waits in the store.
 * A part that it didn't get for certain goes back; one that it was told, without a word that it has
 * it, is in doubt, as a modem's would be (phones drop the copy of an answer that is sent again). */
#include "link/loopback/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "dialog/ussd.h"
#include "base/banned.h"

#define WAIT_MS 20000       /* what a phone waits before it is told that nothing came */
#define GONE_MS 5000        /* it asks nothing: it is off */
#define FINISH_MS 1000      /* at the end: for what it was told */
#define GIVE_UP_MS 20000    /* stopping can't wait for a disk that stays full */
#define SICK_MS 5000        /* after a part that couldn't be rendered */
#define COMPLAIN_MS 30000
#define TURN_MS 50
#define TP_ST_DELIVERED 0x00

void loopback_complain(struct loopback *l, struct err e)
{
	const int64_t now = clock_monotonic_ms();
	if (e.code == l->complained_of && now < l->complain_at_ms)
		return;
	l->complained_of = e.code;
	l->complain_at_ms = now + COMPLAIN_MS;
	log_err(&e);
}

static bool is_out_of_patience(const struct loopback *l)
{
	return l->finishing && clock_monotonic_ms() - l->finish_ms > GIVE_UP_MS;
}

/* Something began whose end is looked for. */
static void keep_turning(struct loopback *l)
{
	if (l->turn.due_ms == 0)
		loop_timer_in(l->hub->loop, &l->turn, TURN_MS);
}

/* ---- claiming */

static bool phone_done(struct work *w, struct err e);

static struct work *phone_work(struct phone *p, enum work_kind kind)
{
	struct loopback *l = p->link;
	struct work *w = work_new(l->hub, kind, l->set.name, l->sim, p, phone_done);
	if (w != NULL)
		p->works++;
	else
		loopback_complain(l, err_make(ERR_MEMORY, "serve a virtual phone", NULL, "link %s",
		                              l->set.name));
	return w;
}

static void claim_too(struct phone *p, struct work *w)
{
	if (!p->is_on || p->link->finishing || clock_monotonic_ms() < p->not_before_ms)
		return;
	w->only = p->number;
	work_want_next(w, 0);
	p->claiming = true;
}

void loopback_wake_phone(struct phone *p)
{
	if (!p->is_on || p->on_air || p->claiming || p->link->sim == 0 || p->link->finishing ||
	    clock_monotonic_ms() < p->not_before_ms)
		return;
	struct work *w = phone_work(p, WORK_NEXT);
	if (w == NULL)
		return;
	claim_too(p, w);
	work_submit(w);
}

/* ---- the part on the air */

/* What came of it is written down, and the next one claimed in the same commit. False: no memory,
 * it is as before. */
static bool settle(struct phone *p, enum work_kind kind, enum reason why)
{
	struct work *w = phone_work(p, kind);
	if (w == NULL)
		return false;
	p->is_settling = true;
	w->delivery = p->delivery;
	w->seq = p->seq;
	w->reason = why;
	w->tp_mr = p->link->tp_mr;
	claim_too(p, w);
	work_submit(w);
	return true;
}

static void report_delivered(struct phone *p, uint8_t tp_mr)
{
	struct work *w = phone_work(p, WORK_REPORT);
	if (w == NULL)
		return; /* it stays accepted */
	const struct span digits = msisdn_span(&p->number);
	w->party[0] = '+';
	memcpy(w->party + 1, digits.p, digits.n); /* 15 at most */
	w->tp_mr = tp_mr;
	w->status = TP_ST_DELIVERED;
	work_submit(w);
}

static void got(struct phone *p, const struct handset_part *part)
{
	if (!p->on_air || p->is_settling || part->message != p->delivery || part->seq != p->seq)
		return; /* of one that is settled already */
	if (!settle(p, WORK_ACCEPTED, REASON_NONE))
		return; /* it is told again */
	report_delivered(p, p->link->tp_mr++);
}

static void tell(struct phone *p)
{
	struct errand *d = p->waits;
	if (d == NULL || !p->on_air || p->is_settling || p->part.part.n == 0 ||
	    p->link->finishing || !errand_is_wanted(d))
		return;
	struct handset *h = errand_load(d);
	buf_add(&h->text, buf_span(&p->part.part));
	if (h->text.failed)
		return;
	h->part = (struct handset_part){ .message = p->delivery, .seq = p->seq };
	h->of = p->of;
	h->ref = p->ref;
	h->units = p->part.units;
	h->alphabet = p->part.alphabet;
	h->flash = p->flash;
	p->waits = NULL;
	p->is_told = true;
	p->heard_ms = clock_monotonic_ms();
	errand_answer(d, ERR_NONE_VALUE, span_of(""), false);
}

static void put_on_air(struct phone *p, const struct claim *c)
{
	enum reason why = REASON_NONE;
	p->on_air = true;
	p->is_told = false;
	p->delivery = c->id;
	p->seq = c->seq;
	p->of = c->parts;
	p->ref = c->concat_ref;
	p->flash = c->flash;
	struct err e = render_claim(p->link->hub->renderer, c, &p->part);
	if (err_is(e)) {
		log_err(&e);
		p->not_before_ms = clock_monotonic_ms() + SICK_MS;
		const bool is_final = render_gives_up(e, &why);
		(void)settle(p, is_final ? WORK_FAIL : WORK_NOT_SENT, why); /* else when it is off */
	} else {
		tell(p);
	}
}

/* Nobody listens any more. */
static void end_part(struct phone *p)
{
	if (p->on_air && !p->is_settling)
		(void)settle(p, p->is_told ? WORK_DOUBT : WORK_NOT_SENT, REASON_DEADLINE);
}

static bool phone_done(struct work *w, struct err e)
{
	struct phone *p = w->owner;
	struct loopback *l = p->link;
	if (err_is(e)) {
		loopback_complain(l, e);
		if (w->kind != WORK_NEXT && work_may_pass(e) && !is_out_of_patience(l))
			return false; /* what happened must be written down: again in a while */
	}
	p->works--;
	l->hub->changed(l->hub);
	if (w->kind == WORK_REPORT || w->kind == WORK_ATTACHED)
		return true;
	if (w->kind != WORK_NEXT) {
		p->on_air = p->is_settling = p->is_told = false;
		rendered_wipe(&p->part);
	}
	if (w->want_next)
		p->claiming = false;
	if (!err_is(e) && w->found)
		put_on_air(p, &w->claim);
	if (!p->is_on || l->finishing)
		end_part(p);
	else if (!w->want_next)
		loopback_wake_phone(p); /* it may have become able since */
	return true;
}

/* ---- on and off */

static void nothing_came(struct phone *p)
{
	struct errand *d = p->waits;
	p->waits = NULL;
	p->heard_ms = clock_monotonic_ms();
	if (d != NULL)
		errand_answer(d, ERR_NONE_VALUE, span_of(""), false);
}

static void switch_off(struct phone *p)
{
	if (!p->is_on)
		return;
	p->is_on = false;
	nothing_came(p);
	attached_remove(p->link->hub->attached, &p->number);
	end_part(p);
}

/* Who held the phone went away, and said nothing. */
static bool is_left(const struct phone *p, int64_t now)
{
	if (p->waits != NULL)
		return !errand_is_wanted(p->waits);
	return p->sends == 0 && now - p->heard_ms > GONE_MS;
}

static struct phone *place_for(struct loopback *l, const struct msisdn *number)
{
	struct phone *free = NULL;
	for (size_t i = 0; i < PHONES_MAX; i++) {
		struct phone *p = &l->phones[i];
		if (msisdn_equal(&p->number, number))
			return p; /* on, or off with its part still under way */
		if (free == NULL && !p->is_on && p->works == 0 && !p->on_air)
			free = p;
	}
	return free;
}

static struct err switch_on(struct loopback *l, const struct handset *h, struct phone **ret)
{
	static const char doing[] = "switch on a virtual phone";
	struct phone *p = place_for(l, &h->number);
	const bool is_same = p != NULL && p->is_on && memcmp(p->id, h->id, sizeof p->id) == 0;
	if (p != NULL && p->is_on && !is_same && !is_left(p, clock_monotonic_ms()))
		return err_make(ERR_BUSY, doing, "one with this number is on: leave that one first", NULL);
	if (p == NULL)
		return err_make(ERR_BUSY, doing, "eight are on, and that is all there may be: leave one "
		                "first, or try again in a moment", NULL);
	if (!p->is_on) {
		struct err e = attached_add(l->hub->attached, &h->number);
		if (err_is(e))
			return e;
		p->is_on = true;
		p->number = h->number;
		p->not_before_ms = 0;
	}
	if (!is_same) {
		nothing_came(p); /* whoever asked it isn't there any more */
		memcpy(p->id, h->id, sizeof p->id);
		p->is_told = false; /* what the one before was told is told again */
		struct work *w = phone_work(p, WORK_ATTACHED);
		if (w != NULL) {
			w->uid = h->uid;
			work_submit(w);
		}
	}
	p->heard_ms = clock_monotonic_ms();
	*ret = p;
	return ERR_NONE_VALUE;
}

static void wait_for(struct phone *p, struct errand *d)
{
	const struct handset *h = errand_load(d);
	nothing_came(p); /* to its question before */
	got(p, &h->got);
	p->waits = d;
	p->wait_until_ms = clock_monotonic_ms() + WAIT_MS;
	tell(p);
	loopback_wake_phone(p);
}

static void hold(struct loopback *l, struct errand *d)
{
	*(l->held_end != NULL ? l->held_end : &l->held) = d;
	l->held_end = errand_next(d);
}

static void loopback_ask(void *link, struct errand *d)
{
	struct loopback *l = link;
	const struct handset *h = errand_load(d);
	if (l->sim == 0 && h != NULL) {
		hold(l, d);
		return;
	}
	struct phone *p = NULL;
	struct err e = h == NULL ? err_make(ERR_INPUT, "ask the operator of",
	                                    "a loopback has none: name a modem's link", "link %s",
	                                    l->set.name)
	               : switch_on(l, h, &p);
	if (err_is(e)) {
		errand_answer(d, e, span_of(""), false);
		return;
	}
	keep_turning(l);
	switch (h->asks) {
	case HANDSET_TEXT: case HANDSET_CALL:
		phone_says(p, d);
		break;
	case HANDSET_DIAL: case HANDSET_TYPE:
		phone_dials(p, d);
		break;
	case HANDSET_WAIT:
		wait_for(p, d);
		break;
	case HANDSET_LEAVE:
		got(p, &h->got);
		switch_off(p);
		errand_answer(d, ERR_NONE_VALUE, span_of(""), false);
		break;
	}
}

/* ---- the link */

static bool sim_done(struct work *w, struct err e)
{
	struct loopback *l = w->owner;
	if (err_is(e)) {
		loopback_complain(l, e);
		if (!l->finishing)
			return false;
	}
	l->works--;
	l->hub->changed(l->hub);
	if (err_is(e))
		return true;
	l->sim = w->sim;
	struct errand *d = l->held;
	l->held = NULL;
	l->held_end = NULL;
	while (d != NULL) {
		struct errand *next = *errand_next(d);
		*errand_next(d) = NULL;
		loopback_ask(l, d);
		d = next;
	}
	return true;
}

static void learn_sim(struct loopback *l)
{
	struct work *w = work_new(l->hub, WORK_LOOPBACK, l->set.name, 0, l, sim_done);
	if (w == NULL)
		return; /* the next tick tries again */
	l->sim_asked = true;
	l->works++;
	work_submit(w);
}

/* True while it isn't over with this phone. */
static bool turn_phone(struct phone *p, int64_t now)
{
	if (p->waits != NULL && now >= p->wait_until_ms && errand_is_wanted(p->waits))
		nothing_came(p);
	if (p->is_on && is_left(p, now))
		switch_off(p);
	const bool is_late = p->link->finishing && now - p->link->finish_ms > FINISH_MS;
	if (p->on_air && (!p->is_on || is_late || (p->link->finishing && !p->is_told)))
		end_part(p);
	if (!p->is_on && p->works == 0 && !p->on_air)
		msisdn_wipe(&p->number); /* the place is free */
	return msisdn_span(&p->number).n > 0;
}

static void on_turn(struct timer *t)
{
	struct loopback *l = t->arg;
	const int64_t now = clock_monotonic_ms();
	bool goes_on = false;
	for (size_t i = 0; i < PHONES_MAX; i++)
		goes_on = turn_phone(&l->phones[i], now) || goes_on;
	if (goes_on)
		keep_turning(l);
}

static void loopback_wake(void *link)
{
	struct loopback *l = link;
	for (size_t i = 0; i < PHONES_MAX; i++)
		loopback_wake_phone(&l->phones[i]);
}

static void loopback_tick(void *link)
{
	struct loopback *l = link;
	if (!l->sim_asked && !l->finishing)
		learn_sim(l);
	loopback_wake(l); /* what became due meanwhile */
}

static struct err loopback_make(struct hub *hub, const struct link_settings *s, void **ret)
{
	struct loopback *l = calloc(1, sizeof *l);
	if (l == NULL || !link_settings_copy(s, &l->set)) {
		free(l);
		return err_make(ERR_MEMORY, "set up a link", NULL, "link %s", s->name);
	}
	l->hub = hub;
	l->turn = (struct timer){ .fire = on_turn, .arg = l };
	for (size_t i = 0; i < PHONES_MAX; i++)
		l->phones[i].link = l;
	learn_sim(l);
	*ret = l;
	return ERR_NONE_VALUE;
}

static struct err loopback_apply(void *link, const struct link_settings *s)
{
	struct loopback *l = link;
	struct link_settings set;
	if (!link_settings_copy(s, &set))
		return err_make(ERR_MEMORY, "change a link", NULL, "link %s", s->name);
	link_settings_free(&l->set);
	l->set = set;
	l->menu_is_old = true;
	return ERR_NONE_VALUE;
}

static void loopback_finish(void *link)
{
	struct loopback *l = link;
	l->finishing = true;
	l->hub->changed(l->hub);
	l->finish_ms = clock_monotonic_ms();
	keep_turning(l);
}

static bool loopback_is_idle(const void *link)
{
	const struct loopback *l = link;
	for (size_t i = 0; i < PHONES_MAX; i++)
		if (l->phones[i].works > 0 || l->phones[i].on_air)
			return false;
	return l->works == 0;
}

static void loopback_state(const void *link, struct link_state *ret)
{
	const struct loopback *l = link;
	*ret = (struct link_state){ .state = l->sim != 0 ? "ready" : "starting", .signal = -1,
		.sandbox = "", .sim = l->sim };
	unsigned on = 0;
	for (size_t i = 0; i < PHONES_MAX; i++) {
		on += l->phones[i].is_on;
		ret->on_air = ret->on_air || l->phones[i].on_air;
	}
	(void)text_copy(ret->name, sizeof ret->name, l->set.name);
	(void)snprintf(ret->reason, sizeof ret->reason, "loopback, virtual phones: %u", on);
}

static void tell_gone(struct loopback *l, struct errand *d)
{
	if (d != NULL)
		errand_answer(d, err_make(ERR_ABSENT, "go on with a virtual phone", "its link has gone",
		                          "link %s", l->set.name), span_of(""), false);
}

static void loopback_free(void *link)
{
	struct loopback *l = link;
	if (l == NULL)
		return;
	loop_timer_off(l->hub->loop, &l->turn);
	for (size_t i = 0; i < PHONES_MAX; i++) {
		struct phone *p = &l->phones[i];
		tell_gone(l, p->waits);
		if (p->is_on)
			attached_remove(l->hub->attached, &p->number);
		rendered_wipe(&p->part);
	}
	while (l->held != NULL) {
		struct errand *d = l->held;
		l->held = *errand_next(d);
		tell_gone(l, d);
	}
	ussd_free(l->menu);
	link_settings_free(&l->set);
	explicit_bzero(l, sizeof *l);
	free(l);
}

const struct link_kind loopback_kind = { .word = "loopback", .make = loopback_make,
	.apply = loopback_apply, .wake = loopback_wake, .tick = loopback_tick,
	.ask = loopback_ask, .finish = loopback_finish, .is_idle = loopback_is_idle,
	.state = loopback_state, .free = loopback_free };
