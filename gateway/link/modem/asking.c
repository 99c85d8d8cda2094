/* SPDX-License-Identifier: GPL-3.0-or-later */
/* USSD: codes that staff ask for, and the SIM's balance that the link asks for by itself. One code is
 * on its way at a time; one of staff may wait behind the link's own. What an operator answers goes to
 * who asked, never into the log: it may say whose SIM this is. */
#include "link/modem/inside.h"

#include "base/clock.h"
#include "base/log.h"
#include "link/balance.h"
#include "base/banned.h"

#define ANSWER_MS 33000 /* the child's own limit is 30 s, and a part may be on the air before */
#define HOUR_MS INT64_C(3600000)
#define AGAIN_MS HOUR_MS /* after a question for the balance that failed */
#define BUSY_MS HOUR_MS  /* so long it waits for a link that sends and sends */

static bool can_ask(const struct keeper *k)
{
	return k->phase == PHASE_READY && k->child != NULL && !k->finishing && !k->restart_asked;
}

static struct err not_ready(const struct keeper *k)
{
	return err_make(ERR_BUSY, "ask the operator of", "wait until `safar status` shows it as ready",
	                "link %s", k->set.name);
}

static void start(struct keeper *k, const char *code)
{
	struct asking *q = &k->asking;
	struct frame_out f;
	q->is_on = true;
	q->number++;
	q->until_ms = clock_monotonic_ms() + ANSWER_MS;
	frame_start(&f, supervisor_out(k->child), FRAME_USSD, 0);
	frame_put_u32(&f, q->number);
	frame_put_text(&f, span_of(code));
	if (frame_finish(&f))
		supervisor_flush(k->child);
	else
		supervisor_kill(k->child, "its process doesn't read what it is told");
}

/* ---- the link's own question */

static void no_balance(struct keeper *k, const char *why)
{
	k->asking.not_before_ms = clock_monotonic_ms() + AGAIN_MS;
	log_warning("modem %s: its balance is not known: %s; it is asked again in an hour",
	            k->set.name, why);
}

static void take_balance(struct keeper *k, struct span text)
{
	int64_t hundredths = 0;
	if (!balance_find(text, &hundredths)) {
		no_balance(k, "there is no figure in the operator's answer");
		return;
	}
	struct work *w = k->sim != 0 ? keeper_work(k, WORK_BALANCE) : NULL;
	if (w == NULL)
		return;
	w->balance = (struct sim_balance){ .hundredths = hundredths, .at_ms = clock_now_ms() };
	k->balance = w->balance; /* known from now on, whatever the disk says */
	keeper_changed(k);
	keeper_submit(k, w);
}

static bool is_due(const struct keeper *k, int64_t now)
{
	if (k->set.balance[0] == '\0' || k->sim == 0 || now < k->asking.not_before_ms)
		return false;
	const int64_t late = clock_now_ms() - k->balance.at_ms - k->set.balance_every_h * HOUR_MS;
	const bool is_idle = !k->on_air && !k->claiming;
	return k->balance.at_ms == 0 ? is_idle : late >= BUSY_MS || (late >= 0 && is_idle);
}

/* ---- answers */

static void over(struct keeper *k, struct err e, struct span text, bool more, const char *why)
{
	struct asking *q = &k->asking;
	struct errand *d = q->errand;
	q->is_on = false;
	q->errand = NULL;
	if (d != NULL)
		errand_answer(d, e, text, more);
	else if (err_is(e))
		no_balance(k, why);
	else
		take_balance(k, text);
	d = q->next;
	q->next = NULL;
	if (d != NULL)
		keeper_ask(k, d);
}

static void silent(struct keeper *k)
{
	over(k, err_make(ERR_TIMEOUT, "get the operator's answer on",
	                 "ask again in a while; is the code one of this operator's?", "link %s",
	                 k->set.name), span_of(""), false, "the operator did not answer");
}

static void refused(struct keeper *k)
{
	over(k, err_make(ERR_IO, "ask the operator of",
	                 "modem or network refused the code: is it one of this operator's?",
	                 "link %s", k->set.name), span_of(""), false,
	     "modem or network refused the code");
}

bool keeper_answered(struct keeper *k, struct frame_in *f)
{
	const uint32_t number = frame_get_u32(f);
	const uint8_t outcome = frame_get_u8(f);
	const struct span text = frame_get_text(f);
	if (f->bad || outcome >= USSD_OUTCOME_COUNT || text.n > USSD_ANSWER_MAX)
		return false;
	if (!k->asking.is_on || number != k->asking.number)
		return true; /* of a question that was given up */
	switch ((enum ussd_outcome)outcome) {
	case USSD_DONE: case USSD_MORE:
		over(k, ERR_NONE_VALUE, text, outcome == USSD_MORE, NULL);
		break;
	case USSD_REFUSED:
		refused(k);
		break;
	case USSD_SILENT: case USSD_OUTCOME_COUNT:
		silent(k);
		break;
	}
	return true;
}

/* ---- for links.c and keeper.c */

void keeper_ask(struct keeper *k, struct errand *d)
{
	struct asking *q = &k->asking;
	if (!can_ask(k))
		errand_answer(d, not_ready(k), span_of(""), false);
	else if (!q->is_on) {
		q->errand = d;
		start(k, errand_what(d));
	} else if (q->errand == NULL && q->next == NULL)
		q->next = d; /* the link's own question is on its way */
	else
		errand_answer(d, err_make(ERR_BUSY, "ask the operator of",
		                          "another code is on its way: ask again in a while",
		                          "link %s", k->set.name), span_of(""), false);
}

void keeper_ask_tick(struct keeper *k)
{
	const int64_t now = clock_monotonic_ms();
	if (k->asking.is_on && now >= k->asking.until_ms)
		silent(k);
	if (!k->asking.is_on && can_ask(k) && is_due(k, now))
		start(k, k->set.balance);
}

void keeper_ask_gone(struct keeper *k)
{
	struct asking *q = &k->asking;
	struct errand *const waiting[] = { q->errand, q->next };
	if (q->is_on && q->errand == NULL) /* was it the question that ended it? not again at once */
		q->not_before_ms = clock_monotonic_ms() + AGAIN_MS;
	*q = (struct asking){ .number = q->number, .not_before_ms = q->not_before_ms };
	for (size_t i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
		if (waiting[i] != NULL)
			errand_answer(waiting[i], not_ready(k), span_of(""), false);
}
