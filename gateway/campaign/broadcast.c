/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/broadcast.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "campaign/audience.h"
#include "campaign/message.h"
#include "campaign/outgoing.h"
#include "store/campaigns.h"
#include "store/people.h"
#include "base/banned.h"

struct broadcast {
	struct message message;
	struct audience audience;
	unsigned stopped;
	int64_t part_price;
};

struct err broadcast_prepare(struct span csv, struct span message, int64_t part_price,
                             bad_row_fn *bad_row, void *arg, struct broadcast **ret)
{
	if (message.n > MESSAGE_OCTETS)
		return err_make(ERR_INPUT, "read the message file", "1 MiB at most", NULL);
	struct broadcast *b = calloc(1, sizeof *b);
	if (b == NULL)
		return err_make(ERR_MEMORY, "prepare a broadcast", NULL, NULL);
	b->part_price = part_price > 0 ? part_price : 0;
	struct err e = message_read(message, &b->message);
	if (!err_is(e))
		e = audience_read(csv, &b->message, bad_row, arg, &b->audience);
	if (err_is(e))
		broadcast_free(b);
	else
		*ret = b;
	return e;
}

static struct err look_stopped(struct txn *tx, struct vault *v, struct broadcast *b,
                               struct person *p, bad_row_fn *bad_row, void *arg)
{
	if (p->stopped)
		return ERR_NONE_VALUE;
	struct err e = outgoing_stopped(tx, v, &p->number, &p->stopped);
	if (err_is(e) || !p->stopped)
		return e;
	b->stopped++;
	if (bad_row != NULL)
		bad_row(p->line, "said STOP", arg);
	return e;
}

struct err broadcast_skip_stopped(struct txn *tx, struct vault *v, struct broadcast *b,
                                  bad_row_fn *bad_row, void *arg)
{
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < b->audience.count && !err_is(e); i++)
		e = look_stopped(tx, v, b, &b->audience.people[i], bad_row, arg);
	return e;
}

void broadcast_summary(const struct broadcast *b, struct broadcast_summary *ret)
{
	const struct audience *a = &b->audience;
	struct broadcast_summary s = { .rows = a->rows, .bad = a->bad, .doubles = a->doubles,
		.stopped = b->stopped };
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		if (b->message.text[l].n == 0)
			continue;
		s.language[l].has_text = true;
		s.language[l].alphabet = b->message.parts[l].alphabet;
		s.language[l].parts = b->message.parts[l].count;
	}
	for (size_t i = 0; i < a->count; i++) {
		if (a->people[i].stopped)
			continue;
		struct broadcast_language *l = &s.language[a->people[i].language];
		l->people++;
		s.people++;
		s.parts += l->parts;
	}
	if (__builtin_mul_overflow(s.parts, (uint64_t)b->part_price, &s.price))
		s.price = UINT64_MAX; /* nobody pays that: the table shows it */
	*ret = s;
}

struct err broadcast_may(const struct broadcast_order *o)
{
	static const char doing[] = "send a broadcast";
	if (span_trim(span_of(o->consent)).n == 0)
		return err_make(ERR_REFUSED, doing,
		                "say with --consent what people agreed to, and where", NULL);
	if (strlen(o->consent) > STAFF_WORDS_MAX || strlen(o->override) > STAFF_WORDS_MAX)
		return err_make(ERR_INPUT, doing, "say consent and reason in 1000 octets each", NULL);
	if (!hours_open(o->now_ms, NULL) && span_trim(span_of(o->override)).n == 0)
		return err_make(ERR_REFUSED, doing,
		                "wait for a weekday, 09:00 to 21:00, or say with --override why now",
		                "outside sending hours");
	return ERR_NONE_VALUE;
}

/* ---- writing it down */
struct writing {
	struct outgoing out;
	struct broadcast *b;
	const struct broadcast_order *order;
	bad_row_fn *bad_row;
	void *arg;
	size_t next; /* of the audience */
	unsigned parts[LANGUAGE_COUNT];
	bool all_went;
};

/* What an error or a crash left half written has no other chance: this request may be its own. */
static struct err begin(struct txn *tx, void *arg)
{
	struct writing *w = arg;
	const struct broadcast_order *o = w->order;
	struct span texts[LANGUAGE_COUNT];
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		texts[l] = buf_span(&w->b->message.text[l]);
	struct err e = campaigns_abandon(tx);
	if (!err_is(e))
		e = outgoing_revision(tx, w->out.store, w->out.vault, texts, o->now_ms,
		                      &w->out.revision);
	const struct campaign_new c = { .id = w->out.campaign, .revision = w->out.revision,
		.consent = o->consent, .override = o->override, .uid = o->uid, .now_ms = o->now_ms,
		.request = o->request };
	return err_is(e) ? e : campaign_add(tx, &c);
}

static struct err write_some(struct txn *tx, void *arg)
{
	struct writing *w = arg;
	struct err e = ERR_NONE_VALUE;
	for (unsigned n = 0; n < WRITE_PEOPLE && w->next < w->b->audience.count; n++, w->next++) {
		struct person *p = &w->b->audience.people[w->next];
		int64_t id = 0;
		e = look_stopped(tx, w->out.vault, w->b, p, w->bad_row, w->arg);
		if (!err_is(e) && !p->stopped)
			e = outgoing_add(tx, &w->out, &p->number, (enum language)p->language,
			                 w->parts[p->language], &id);
		if (err_is(e))
			return e;
	}
	return e;
}

static struct err release(struct txn *tx, void *arg)
{
	struct writing *w = arg;
	const struct broadcast_order *o = w->order;
	const bool is_override = span_trim(span_of(o->override)).n > 0;
	struct broadcast_summary s;
	char detail[STAFF_WORDS_MAX + 96];
	broadcast_summary(w->b, &s);
	if (s.people == 0)
		return err_make(ERR_REFUSED, "send a broadcast", "nobody is left to write to", NULL);
	(void)snprintf(detail, sizeof detail, "campaign %" PRId64 ", %u people%s%s",
	               w->out.campaign, s.people, is_override ? ", outside hours: " : "",
	               is_override ? o->override : "");
	struct err e = audit_add(tx, o->uid, "broadcast", detail, o->now_ms);
	return err_is(e) ? e : campaign_release(tx, w->out.campaign);
}

static struct err let_go(struct txn *tx, void *arg)
{
	struct writing *w = arg;
	return campaign_let_go(tx, w->out.campaign, w->order->now_ms, WRITE_PEOPLE, &w->all_went);
}

static struct err abandon(struct txn *tx, void *arg)
{
	(void)arg;
	return campaigns_abandon(tx);
}

static struct err write_all(struct store *st, struct writing *w)
{
	struct err e = store_write(st, begin, w);
	while (!err_is(e) && w->next < w->b->audience.count) {
		e = store_write(st, write_some, w);
		crash_point("broadcast-part-written");
	}
	if (!err_is(e))
		e = store_write(st, release, w);
	if (err_is(e)) {
		/* where this fails too, the next start or the next broadcast does it */
		(void)store_write(st, abandon, NULL);
		return e;
	}
	crash_point("broadcast-released");
	/* It will be sent now, whatever comes: the clerk goes on where this stops. */
	while (!w->all_went && !err_is(store_write(st, let_go, w)))
		crash_point("broadcast-part-let-go");
	return e;
}

struct err broadcast_write(struct store *st, struct vault *v, struct broadcast *b,
                           const struct broadcast_order *o, bad_row_fn *bad_row, void *arg,
                           int64_t *ret_campaign)
{
	struct broadcast_summary s;
	broadcast_summary(b, &s);
	struct err e = broadcast_may(o);
	if (!err_is(e) && s.people == 0)
		e = err_make(ERR_REFUSED, "send a broadcast", "nobody is left to write to", NULL);
	if (err_is(e))
		return e;
	struct writing w = { .b = b, .order = o, .bad_row = bad_row, .arg = arg,
		.out = { .store = st, .vault = v, .lane = LANE_CAMPAIGN, .now_ms = o->now_ms,
		         .campaign = store_new_id(st) } };
	w.out.not_before_ms = campaign_held(w.out.campaign);
	if (!hours_open(o->now_ms, &w.out.expires_ms))
		w.out.expires_ms = o->now_ms + OVERRIDE_MS;
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		w.parts[l] = s.language[l].parts;
	e = write_all(st, &w);
	if (!err_is(e))
		*ret_campaign = w.out.campaign;
	return e;
}

void broadcast_free(struct broadcast *b)
{
	if (b == NULL)
		return;
	message_free(&b->message);
	audience_free(&b->audience);
	free(b);
}
