/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual phone sends: cut into parts as a phone does it, each part a change of its own, as
 * if a modem had read it. Its errand is answered after the last commit. */
#include "link/loopback/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/banned.h"

#define SENDS_MAX 4 /* of one phone under way */

struct sending {
	struct phone *phone;
	struct errand *errand;
	unsigned left;
	bool is_known;
	struct err err;
	struct dialog_result result;
};

static void refuse(struct errand *d, struct err e)
{
	errand_answer(d, e, span_of(""), false);
}

static bool said(struct work *w, struct err e)
{
	struct sending *s = w->owner;
	struct phone *p = s->phone;
	p->works--;
	p->link->hub->changed(p->link->hub);
	if (err_is(e) && !err_is(s->err))
		s->err = e;
	if (!err_is(e) && w->result.whole)
		s->result = w->result;
	s->is_known = s->is_known || (!err_is(e) && w->result.known);
	if (--s->left > 0)
		return true;
	struct handset *h = errand_load(s->errand);
	h->is_known = s->is_known && !s->result.whole;
	h->is_answered = s->result.answered;
	h->delivery = s->result.delivery;
	p->sends--;
	p->heard_ms = clock_monotonic_ms();
	refuse(s->errand, s->err); /* or not: it says what came of it */
	free(s);
	loopback_wake_phone(p);
	return true; /* the phone asks again where the disk was full: nothing is tried behind its back */
}

static struct work *make_work(struct sending *s, enum work_kind kind)
{
	struct phone *p = s->phone;
	struct work *w = work_new(p->link->hub, kind, p->link->set.name, p->link->sim, s, said);
	if (w == NULL)
		return NULL;
	const struct span digits = msisdn_span(&p->number);
	w->party[0] = '+';
	memcpy(w->party + 1, digits.p, digits.n); /* 15 at most */
	s->left++;
	p->works++;
	return w;
}

/* The request makes it another message than one that says the same; asked again, it is the same. */
static struct work *make_part(struct sending *s, const struct handset *h, struct span text,
                              unsigned seq, unsigned total)
{
	struct work *w = make_work(s, WORK_MO);
	if (w == NULL)
		return NULL;
	w->ref = (uint16_t)(h->request[0] << 8 | h->request[1]);
	w->total = (uint8_t)total;
	w->part_seq = (uint8_t)seq;
	memcpy(w->pdu_hash, h->request, sizeof h->request);
	buf_add(&w->text, text);
	return w;
}

/* All or none of the works, so that no part is missing for want of memory. */
static bool make_works(struct sending *s, const struct handset *h, struct work *ret[PARTS_MAX])
{
	struct parts parts = { .count = 1 }; /* an empty text is one, too */
	if (h->asks == HANDSET_CALL) {
		ret[0] = make_work(s, WORK_CALL);
		return ret[0] != NULL;
	}
	if (h->text.n > 0 && parts_split(buf_span(&h->text), &parts) != TEXT_OK)
		return false;
	for (unsigned i = 0; i < parts.count; i++) {
		ret[i] = make_part(s, h, parts.part[i], i + 1, parts.count);
		if (ret[i] == NULL || ret[i]->text.failed)
			return false;
	}
	return true;
}

void phone_says(struct phone *p, struct errand *d)
{
	static const char doing[] = "send from the virtual phone on";
	const struct handset *h = errand_load(d);
	const char *name = p->link->set.name;
	struct work *works[PARTS_MAX] = { NULL };
	if (p->sends >= SENDS_MAX) {
		refuse(d, err_make(ERR_BUSY, doing, "its queue is full, four are on their way: send it "
		                   "again in a moment", "link %.40s", name));
		return;
	}
	struct sending *s = calloc(1, sizeof *s);
	if (s == NULL) {
		refuse(d, err_make(ERR_MEMORY, doing, NULL, "link %.40s", name));
		return;
	}
	*s = (struct sending){ .phone = p, .errand = d, .err = ERR_NONE_VALUE };
	p->sends++;
	if (make_works(s, h, works)) {
		for (size_t i = 0; i < PARTS_MAX && works[i] != NULL; i++)
			work_submit(works[i]);
		return;
	}
	for (size_t i = 0; i < PARTS_MAX && works[i] != NULL; i++) {
		work_free(works[i]);
		p->works--;
	}
	p->sends--;
	free(s);
	refuse(d, err_make(ERR_MEMORY, doing, NULL, "link %.40s", name)); /* the text was looked at */
}
