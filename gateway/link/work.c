/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "store/people.h"
#include "base/banned.h"

#define TAILS_MAX 40 /* live versions live for days, not weeks */

/* The number's hash under each open key of the ring. */
static struct err add_addressee(struct vault *v, enum ring ring, const struct msisdn *to,
                                struct addressee *ret, size_t *count)
{
	int64_t versions[TAILS_MAX / 2];
	size_t n = 0;
	vault_versions(v, ring, versions, TAILS_MAX / 2, &n);
	for (size_t i = 0; i < n; i++) {
		struct addressee *a = &ret[*count];
		a->ring = ring;
		a->version = versions[i];
		struct err e = vault_hash(v, ring, versions[i], "number", msisdn_span(to), &a->number);
		if (err_is(e))
			return e;
		(*count)++;
	}
	return ERR_NONE_VALUE;
}

static struct err next(struct txn *tx, struct work *w)
{
	struct addressee to[PHONES_MAX * TAILS_MAX / 2];
	struct msisdn phones[PHONES_MAX];
	size_t count = 0, n = 0;
	struct err e = ERR_NONE_VALUE;
	struct vault *v = w->hub->vault;
	const bool is_phone = msisdn_span(&w->only).n > 0;
	if (!w->want_next)
		return e;
	if (is_phone)
		e = add_addressee(v, RING_LIVE, &w->only, to, &count);
	else
		n = attached_list(w->hub->attached, phones);
	if (is_phone && !err_is(e) && vault_people_is_open(v))
		e = add_addressee(v, RING_PEOPLE, &w->only, to, &count);
	for (size_t i = 0; i < n && !err_is(e) && vault_people_is_open(v); i++)
		e = add_addressee(v, RING_PEOPLE, &phones[i], to, &count);
	explicit_bzero(phones, sizeof phones);
	if (err_is(e))
		return e;
	w->by.link = w->link;
	w->by.only = is_phone ? to : NULL;
	w->by.only_count = is_phone ? count : 0;
	w->by.not_to = is_phone ? NULL : to;
	w->by.not_to_count = is_phone ? 0 : count;
	e = delivery_next(tx, &w->by, w->now_ms, &w->claim, &w->found);
	w->by.only = w->by.not_to = NULL; /* they go with this function */
	return e;
}

/* The tail's hash under each key that may have sealed the delivery that the report is for. */
static struct err add_tails(struct vault *v, enum ring ring, struct span tail,
                            struct tail_key *ret, size_t *count)
{
	int64_t versions[TAILS_MAX / 2];
	size_t n = 0;
	vault_versions(v, ring, versions, TAILS_MAX / 2, &n);
	for (size_t i = 0; i < n; i++) {
		struct tail_key *t = &ret[*count];
		t->ring = ring;
		t->version = versions[i];
		struct err e = vault_hash(v, ring, versions[i], "tail", tail, &t->tail);
		if (err_is(e))
			return e;
		(*count)++;
	}
	return ERR_NONE_VALUE;
}

static struct err report(struct txn *tx, struct work *w)
{
	struct tail_key tails[TAILS_MAX];
	size_t n = 0;
	struct msisdn to;
	if (!msisdn_from_network(span_of(w->party), w->party[0] == '+', &to))
		return ERR_NONE_VALUE; /* of a message to a short code: none of ours */
	struct vault *v = w->hub->vault;
	struct err e = add_tails(v, RING_LIVE, msisdn_tail_span(&to), tails, &n);
	if (!err_is(e) && vault_people_is_open(v))
		e = add_tails(v, RING_PEOPLE, msisdn_tail_span(&to), tails, &n);
	msisdn_wipe(&to);
	if (err_is(e))
		return e;
	struct report r = { .sim = w->sim, .tp_mr = w->tp_mr, .status = w->status, .tails = tails,
		.tail_count = n, .now_ms = w->now_ms };
	return delivery_report(tx, &r, &w->matched);
}

static struct err mo(struct txn *tx, struct work *w)
{
	struct mo m = { .link = w->link, .sim = w->sim, .sim_index = w->index,
		.sender = span_of(w->party), .text = buf_span(&w->text), .scts_ms = w->scts_ms,
		.received_ms = w->now_ms, .ref = w->ref, .total = w->total, .seq = w->part_seq };
	memcpy(m.pdu_hash, w->pdu_hash, sizeof m.pdu_hash);
	return dialog_take_mo(tx, w->hub->dialog, &m, &w->result);
}

static struct err pin(struct txn *tx, struct work *w)
{
	struct err e = pin_may(tx, w->iccid, &w->pin, w->tries_left, &w->may, &w->why_not);
	if (err_is(e) || !w->may)
		return e;
	return pin_trying(tx, w->iccid, &w->pin, w->now_ms);
}

static struct err note_phone(struct txn *tx, const struct work *w)
{
	char detail[64];
	(void)snprintf(detail, sizeof detail, "link %s", w->link);
	return audit_add(tx, w->uid, "phone", detail, w->now_ms);
}

static struct err run(struct txn *tx, struct change *c)
{
	struct work *w = (struct work *)c; /* change is its first field */
	struct err e = ERR_NONE_VALUE;
	w->now_ms = clock_now_ms();
	claim_wipe(&w->claim); /* of a try whose commit failed */
	w->found = false;
	switch (w->kind) {
	case WORK_NEXT:
		break;
	case WORK_ACCEPTED:
		e = delivery_part_accepted(tx, w->delivery, w->seq, w->tp_mr, w->now_ms);
		break;
	case WORK_REFUSED:
		e = delivery_part_refused(tx, w->delivery, w->seq, w->refusal, w->reason, w->after_ms,
		                          w->now_ms);
		break;
	case WORK_NOT_SENT:
		e = delivery_part_not_sent(tx, w->delivery, w->seq, w->now_ms);
		break;
	case WORK_DOUBT:
		e = delivery_part_in_doubt(tx, w->delivery, w->seq, REASON_DEADLINE, w->now_ms);
		break;
	case WORK_FAIL:
		e = delivery_fail(tx, w->delivery, w->reason, w->now_ms);
		break;
	case WORK_LATE:
		return delivery_late_reference(tx, w->sim, w->tp_mr, w->now_ms, &w->matched);
	case WORK_FREE:
		return delivery_free_link(tx, w->link, w->now_ms, &w->doubtful);
	case WORK_MO:
		return mo(tx, w);
	case WORK_REPORT:
		return report(tx, w);
	case WORK_CALL:
		return dialog_take_call(tx, w->hub->dialog, w->link, w->sim, span_of(w->party),
		                        w->now_ms, &w->result);
	case WORK_DELETED:
		return inbox_part_deleted(tx, w->sim, w->index, w->now_ms);
	case WORK_SIM:
		e = sim_find(tx, w->iccid, w->imsi, w->operator_, w->now_ms, &w->sim);
		return err_is(e) ? e : sim_balance_get(tx, w->sim, &w->balance);
	case WORK_PIN:
		return pin(tx, w);
	case WORK_PIN_GOOD:
		return pin_accepted(tx, w->iccid);
	case WORK_BALANCE:
		return sim_balance_set(tx, w->sim, &w->balance);
	case WORK_DEVICE:
		return found_device_set(tx, w->link, w->device);
	case WORK_LOOPBACK:
		return sim_of_loopback(tx, w->link, w->now_ms, &w->sim);
	case WORK_ATTACHED:
		return note_phone(tx, w);
	}
	return err_is(e) ? e : next(tx, w);
}

static void answered(struct change *c, struct err e)
{
	struct work *w = (struct work *)c;
	if (!err_is(e))
		crash_point("work-committed");
	if (w->done(w, e))
		work_free(w);
	else
		loop_timer_in(w->hub->loop, &w->retry, WORK_RETRY_MS);
}

static void again(struct timer *t)
{
	work_submit(t->arg);
}

struct work *work_new(struct hub *hub, enum work_kind kind, const char *link, int64_t sim,
                      void *owner, bool (*done)(struct work *, struct err))
{
	struct work *w = calloc(1, sizeof *w);
	if (w == NULL)
		return NULL;
	w->change = (struct change){ .run = run, .done = answered, .loop = hub->loop };
	w->retry = (struct timer){ .fire = again, .arg = w };
	w->kind = kind;
	w->hub = hub;
	w->done = done;
	w->owner = owner;
	w->sim = sim;
	w->index = -1;
	(void)text_copy(w->link, sizeof w->link, link);
	buf_init(&w->text, TEXT_OCTETS_MAX);
	return w;
}

void work_want_next(struct work *w, int64_t daily_cap)
{
	const int64_t now = clock_now_ms();
	const struct local_time t = clock_local(now);
	w->want_next = true;
	w->by = (struct claimant){ .sim = w->sim, .people_open = vault_people_is_open(w->hub->vault),
		.answers_only = store_clock_is_behind(w->hub->store, now), .daily_cap = daily_cap,
		.day_start_ms = now - now % 60000 - (t.hour * 60 + t.minute) * INT64_C(60000) };
}

bool work_may_pass(struct err e)
{
	return e.code == ERR_FULL || e.code == ERR_IO || e.code == ERR_BUSY || e.code == ERR_MEMORY;
}

void work_submit(struct work *w)
{
	struct err e = store_submit(w->hub->store, &w->change);
	if (err_is(e)) /* the queue is full */
		loop_timer_in(w->hub->loop, &w->retry, WORK_RETRY_MS);
}

void work_free(struct work *w)
{
	claim_wipe(&w->claim);
	buf_wipe(&w->text);
	explicit_bzero(w, sizeof *w);
	free(w);
}
