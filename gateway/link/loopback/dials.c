/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual phone dials and types: a step of a USSD session, as an operator's call-back would
 * bring it, and the page that answers after the commit. The loopback is the operator. */
#include "link/loopback/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dialog/ussd.h"
#include "base/banned.h"

struct dialing {
	struct change change; /* first: a struct change * is a struct dialing * */
	struct phone *phone;
	struct errand *errand;
	struct ussd_step step;
	struct ussd_page page;
};

static const char doing[] = "dial from the virtual phone on";

/* The writer's thread: while it runs the menu stays as it is. */
static struct err take(struct txn *tx, struct change *c)
{
	struct dialing *d = (struct dialing *)c;
	return ussd_take(tx, d->phone->link->menu, &d->step, false, clock_now_ms(), &d->page);
}

static unsigned units_of(const struct ussd_page *p)
{
	struct parts parts;
	return parts_split(span_make(p->text, p->n), &parts) == TEXT_OK ? parts.units : 0;
}

static void done(struct change *c, struct err e)
{
	struct dialing *d = (struct dialing *)c;
	struct phone *p = d->phone;
	struct loopback *l = p->link;
	struct handset *h = errand_load(d->errand);
	p->works--;
	p->sends--;
	l->dials--;
	l->hub->changed(l->hub);
	p->heard_ms = clock_monotonic_ms();
	if (err_is(e))
		loopback_complain(l, e);
	buf_wipe(&h->text);
	buf_init(&h->text, sizeof d->page.text);
	if (!err_is(e)) {
		buf_add(&h->text, span_make(d->page.text, d->page.n));
		h->alphabet = d->page.alphabet;
		h->units = units_of(&d->page);
		h->room = (unsigned)(h->alphabet == ALPHABET_GSM7 ? l->set.page_gsm7 : l->set.page_ucs2);
		h->goes_on = d->page.goes_on;
	}
	errand_answer(d->errand, e, span_of(""), false);
	explicit_bzero(d, sizeof *d);
	free(d);
	loopback_wake_phone(p); /* an SMS may have been asked for */
}

/* Without a code of its own the loopback answers any. */
static bool is_answered(const struct loopback *l, struct span dialled)
{
	const size_t n = strlen(l->set.code);
	return n < 2 || (dialled.n >= n && memcmp(dialled.p, l->set.code, n - 1) == 0 &&
	                 (dialled.p[n - 1] == '#' || dialled.p[n - 1] == '*'));
}

static struct err write_step(const struct phone *p, const struct handset *h, struct ussd_step *s)
{
	const struct span digits = msisdn_span(&p->number), text = buf_span(&h->text);
	*s = (struct ussd_step){ .event = h->asks == HANDSET_DIAL ? USSD_START : USSD_STEP,
		.mark_kind = USSD_MARK_ID };
	if (text.n > USSD_INPUT_MAX)
		return err_make(ERR_INPUT, doing, "182 characters at most", "link %.40s", p->link->set.name);
	if (h->asks == HANDSET_DIAL && !is_answered(p->link, text))
		return err_make(ERR_INPUT, doing, "its code is another: see the configuration", "link %.40s",
		                p->link->set.name);
	s->caller[0] = '+';
	memcpy(s->caller + 1, digits.p, digits.n); /* 15 at most */
	if (text.n > 0)
		memcpy(s->input, text.p, text.n);
	hex_write(span_make(h->session, sizeof h->session), s->session);
	hex_write(span_make(h->request, sizeof h->request), s->mark);
	return ERR_NONE_VALUE;
}

/* Made at the first dialling, and anew with other settings once nobody is being answered by it. */
static struct err ready_menu(struct loopback *l)
{
	struct ussd_rules rules;
	if (l->menu != NULL && (!l->menu_is_old || l->dials > 0))
		return ERR_NONE_VALUE;
	ussd_free(l->menu);
	l->menu = NULL;
	l->menu_is_old = false;
	ussd_rules_from(&l->set, true, &rules);
	rules.sim = l->sim;
	return ussd_new(l->hub->dialog, &rules, &l->menu);
}

void phone_dials(struct phone *p, struct errand *errand)
{
	struct loopback *l = p->link;
	struct dialing *d = calloc(1, sizeof *d);
	struct err e = d == NULL ? err_make(ERR_MEMORY, doing, NULL, "link %.40s", l->set.name)
	                         : ready_menu(l);
	if (!err_is(e))
		e = write_step(p, errand_load(errand), &d->step);
	if (!err_is(e)) {
		d->change = (struct change){ .run = take, .done = done, .loop = l->hub->loop };
		d->phone = p;
		d->errand = errand;
		e = store_submit(l->hub->store, &d->change);
	}
	if (err_is(e)) {
		if (d != NULL)
			ussd_step_wipe(&d->step);
		free(d);
		errand_answer(errand, e, span_of(""), false);
		return;
	}
	p->works++; /* answered in this thread, so not before it is counted */
	p->sends++;
	l->dials++;
}
