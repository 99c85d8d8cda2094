/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One part on the air. What is certain is said: no prompt, nothing went out; an error, the network
 * (or the modem) refused it; +CMGS, it was accepted. Silence after Ctrl-Z is doubt, never more. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define SET_MS 2500
#define PROMPT_MS 5000
#define AIR_MS 90000 /* how long a network may take; the waits above come before (inside.h: ON_AIR_MS) */
#define RECOVER_MS 10000
#define BACK_TO_BACK_MS 300 /* no modem begins anew and takes commands within so little */
#define CTRL_Z 0x1a
#define CMS_FIRST 300
#define CMS_INVALID_PDU 304
#define CMS_NO_SIM 310
#define CMS_SIM_BUSY 314
#define CMS_SIM_PUK2 318
#define CME_NO_SIM 10
#define CME_SIM_FAILURE 13

/* The SIM was taken out or locks itself: whoever starts anew says so, and knows the next SIM. */
static bool is_without_sim(const struct at_reply *r)
{
	if (r->result == AT_CME && r->code < CMS_FIRST)
		return r->code >= CME_NO_SIM && r->code <= CME_SIM_FAILURE;
	return r->code >= CMS_NO_SIM && r->code <= CMS_SIM_PUK2 && r->code != CMS_SIM_BUSY;
}

static void refused(struct modem *m, const struct at_reply *r)
{
	struct submission *s = &m->submission;
	char kind = r->result == AT_CMS ? 'S' : r->result == AT_CME ? 'E' : 'N';
	if (kind == 'N' || r->code >= CMS_FIRST) /* not the network's word: is it the modem that it was? */
		(void)reset_check(m);
	s->is_told = true;
	tell_refused(m, s->delivery, s->part.seq, kind, r->code);
	if (kind != 'N' && is_without_sim(r))
		modem_fail(m, "the SIM doesn't answer any more");
}

/* A modem that began anew without a word may be in text mode: there the PDU would go out as a text, to
 * whom its length dials, and be taken as sent. One that took a part just now is as it was. */
static enum at_result set_pdu_mode(struct modem *m, struct at_reply *ret)
{
	*ret = (struct at_reply){ .result = AT_OK };
	if (m->taken_ms != 0 && clock_monotonic_ms() - m->taken_ms < BACK_TO_BACK_MS)
		return AT_OK;
	return at_try(m, "AT+CMGF=0", SET_MS, ret);
}

/* Between the parts of a message the network keeps the link open, which saves seconds a part. It is
 * tried, not needed: false only when the modem doesn't answer. */
static bool hold_link(struct modem *m, bool hold)
{
	if (!m->has_more || m->holds_link == hold)
		return true;
	m->holds_link = hold;
	return at_try(m, hold ? "AT+CMMS=2" : "AT+CMMS=0", SET_MS, NULL) != AT_TIMEOUT;
}

/* Answers the parent; false: the modem didn't answer, and is to be recovered. */
static bool send_part(struct modem *m, const char *hex, size_t length)
{
	struct submission *s = &m->submission;
	char command[24];
	struct at_reply r;
	enum at_result result = set_pdu_mode(m, &r);
	if (result == AT_OK && !hold_link(m, s->part.seq < s->part.total))
		result = AT_TIMEOUT;
	if (result == AT_OK) {
		(void)snprintf(command, sizeof command, "AT+CMGS=%zu", length);
		result = at_try_prompt(m, command, PROMPT_MS, &r);
	}
	if (result != AT_PROMPT) {
		if (result == AT_TIMEOUT || result == AT_OK)
			tell_refused(m, s->delivery, s->part.seq, 'X', -1);
		else
			refused(m, &r);
		return result != AT_TIMEOUT;
	}
	record_prompt(&m->record);
	struct buf octets;
	buf_init(&octets, LINE_OCTETS_MAX);
	buf_add_text(&octets, hex);
	buf_add_octet(&octets, CTRL_Z);
	if (octets.failed)
		modem_fail(m, "there is no memory left for a message");
	crash_point("modem-before-ctrl-z");
	m->submission.may_be_out = true;
	result = at_try_message(m, buf_span(&octets), AIR_MS, &r);
	/* an error is certain, too: it was not taken */
	m->submission.may_be_out = r.was_cmgs || result == AT_TIMEOUT || result == AT_OK;
	buf_wipe(&octets);
	crash_point("modem-after-ctrl-z");
	if (r.was_cmgs) {
		crash_point("modem-accepted");
		m->taken_ms = clock_monotonic_ms();
		tell_accepted(m, s->delivery, s->part.seq, r.tp_mr);
	} else if (result == AT_TIMEOUT || result == AT_OK) /* OK alone has no reference */
		tell_seq(m, FRAME_DOUBT, s->delivery, s->part.seq);
	else
		refused(m, &r);
	return result != AT_TIMEOUT;
}

void submit_part(struct modem *m)
{
	char hex[2 * PDU_OCTETS_MAX + 1];
	size_t length = 0;
	bool answers = true;
	if (pdu_write(&m->submission.part, hex, &length))
		answers = send_part(m, hex, length);
	else /* as a modem would say it: trying again is of no use */
		tell_refused(m, m->submission.delivery, m->submission.part.seq, 'S', CMS_INVALID_PDU);
	explicit_bzero(hex, sizeof hex);
	/* first of all: the parent may send the next part while the modem is being recovered */
	explicit_bzero(&m->submission, sizeof m->submission);
	if (!answers) {
		start_recover(m, RECOVER_MS);
		(void)reset_check(m);
	}
}
