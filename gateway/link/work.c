/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/banned.h"

#define TAILS_MAX 40 /* live versions live for days, not weeks */

static struct err next(struct txn *tx, struct work *w)
{
	if (!w->want_next)
		return ERR_NONE_VALUE;
	w->by.link = w->link;
	return delivery_next(tx, &w->by, w->now_ms, &w->claim, &w->found);
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
