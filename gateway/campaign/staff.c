/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One text of staff to one number: to try a link, to answer by hand. */
#include <inttypes.h>
#include <stdio.h>

#include "campaign/broadcast.h"
#include "campaign/outgoing.h"
#include "store/people.h"
#include "text/guess.h"
#include "base/banned.h"

static const char *number_advice(enum msisdn_err e)
{
	switch (e) {
	case MSISDN_OK:
	case MSISDN_EMPTY:
		return "give a phone number";
	case MSISDN_BAD_CHARACTER:
		return "write the phone number in digits, with its country code: +7…";
	case MSISDN_SHORT:
		return "the phone number is too short";
	case MSISDN_LONG:
		return "the phone number is too long";
	case MSISDN_NO_COUNTRY:
		return "write the phone number with its country code: +7…";
	}
	return NULL;
}

static const char *text_advice(enum text_err e)
{
	switch (e) {
	case TEXT_OK:
	case TEXT_EMPTY:
		return "give a text";
	case TEXT_BAD_UTF8:
		return "write the text in UTF-8, without control characters";
	case TEXT_TOO_MANY_PARTS:
		return "make the text shorter: 10 parts at most";
	}
	return NULL;
}

struct err staff_send(struct txn *tx, struct store *st, struct vault *v, struct span number,
                      struct span text, bool flash, int64_t uid, int64_t now_ms,
                      int64_t *ret_delivery)
{
	static const char doing[] = "send the text";
	struct msisdn to;
	struct parts parts;
	const enum msisdn_err bad_number = msisdn_parse(number, &to);
	if (bad_number != MSISDN_OK)
		return err_make(ERR_INPUT, doing, number_advice(bad_number), NULL);
	const enum text_err bad_text = parts_split(text, &parts);
	struct err e = ERR_NONE_VALUE;
	if (bad_text != TEXT_OK) {
		e = err_make(ERR_INPUT, doing, text_advice(bad_text), NULL);
		goto out;
	}
	bool stopped = false;
	struct guess guess;
	e = outgoing_stopped(tx, v, &to, &stopped);
	if (!err_is(e) && stopped)
		e = err_make(ERR_REFUSED, doing, "this number said STOP: wait until it writes START", NULL);
	if (err_is(e))
		goto out;
	guess_language(text, &GUESS_NO_PRIOR, &guess);
	const enum language l = guess.best < LANGUAGE_PEOPLE ? guess.best : LANGUAGE_RU;
	struct span texts[LANGUAGE_COUNT] = { { 0 } };
	texts[l] = text;
	struct outgoing o = { .store = st, .vault = v, .lane = LANE_TEST, .now_ms = now_ms,
		.not_before_ms = now_ms, .expires_ms = now_ms + STAFF_MS, .flash = flash };
	int64_t id = 0;
	e = outgoing_revision(tx, st, v, texts, now_ms, &o.revision);
	if (!err_is(e))
		e = outgoing_add(tx, &o, &to, l, parts.count, &id);
	if (err_is(e))
		goto out;
	char detail[48];
	(void)snprintf(detail, sizeof detail, "delivery %" PRId64, id);
	e = audit_add(tx, uid, "send", detail, now_ms);
	if (!err_is(e))
		*ret_delivery = id;
out:
	msisdn_wipe(&to);
	return e;
}
