/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog/ussd_past.h"

#include "dialog/inside.h"
#include "dialog/ussd.h"
#include "base/banned.h"

/* As much of a caller as the memory hangs on; no key of the day is asked. */
static struct err know(const char *caller, struct who *ret)
{
	struct who w = { .is_person = false };
	buf_init(&w.octets, USSD_CALLER_MAX);
	w.is_person = msisdn_from_network(span_of(caller), caller[0] == '+', &w.number);
	buf_add(&w.octets, w.is_person ? msisdn_span(&w.number) : span_of(caller));
	if (w.octets.failed) {
		who_wipe(&w);
		return err_make(ERR_MEMORY, "know a caller", NULL, NULL);
	}
	*ret = w;
	return ERR_NONE_VALUE;
}

struct err ussd_past_language(struct txn *tx, struct dialog *d, const char *caller, int64_t now_ms,
                              enum language *ret)
{
	struct who w;
	struct memory m;
	struct err e = know(caller, &w);
	if (err_is(e))
		return e;
	e = memory_get(tx, d->vault, &w, now_ms, &m);
	if (!err_is(e))
		*ret = m.certainty >= CERTAINTY_SURE ? m.language : LANGUAGE_UNKNOWN;
	who_wipe(&w);
	return e;
}

struct err ussd_keep_language(struct txn *tx, struct dialog *d, const char *caller, enum language l,
                              int64_t now_ms)
{
	struct who w;
	struct memory m;
	struct err e = know(caller, &w);
	if (err_is(e))
		return e;
	e = memory_get(tx, d->vault, &w, now_ms, &m);
	m.language = l;
	m.certainty = CERTAINTY_CHOSEN;
	if (!err_is(e))
		e = memory_put(tx, d->vault, &w, now_ms, &m);
	who_wipe(&w);
	return e;
}

struct err ussd_past_send(struct txn *tx, struct dialog *d, int64_t sim, const char *caller,
                          const struct ussd_place *p, const char *country, int64_t now_ms)
{
	struct who w;
	int64_t delivery = 0;
	enum language written = p->language;
	enum guard_says says = GUARD_SILENCE;
	struct err e = who_is(d->vault, span_of(caller), now_ms, &w);
	if (err_is(e))
		return e;
	(void)pthread_mutex_lock(&d->lock);
	struct content *c = content_hold(d->content);
	(void)pthread_mutex_unlock(&d->lock);
	/* the topic is looked up again: the page may be of the content before a reload */
	const struct reply r = { .who = &w, .topic = content_topic(c, p->topic->id),
		.language = p->language, .town = p->town, .region = p->region, .country = country,
		.sim = sim, .now_ms = now_ms };
	if (w.is_person && r.topic != NULL)
		e = guard_may(tx, d, &w, false, now_ms, &says);
	if (!err_is(e) && says == GUARD_ANSWER)
		e = reply_add(tx, d, c, &r, &delivery, &written);
	content_drop(c);
	who_wipe(&w);
	return e;
}
