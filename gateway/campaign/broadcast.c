/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/broadcast.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/audience.h"
#include "campaign/message.h"
#include "campaign/outgoing.h"
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

struct err broadcast_skip_stopped(struct txn *tx, struct vault *v, struct broadcast *b,
                                  bad_row_fn *bad_row, void *arg)
{
	for (size_t i = 0; i < b->audience.count; i++) {
		struct person *p = &b->audience.people[i];
		if (p->stopped)
			continue;
		struct err e = outgoing_stopped(tx, v, &p->number, &p->stopped);
		if (err_is(e))
			return e;
		if (!p->stopped)
			continue;
		b->stopped++;
		if (bad_row != NULL)
			bad_row(p->line, "said STOP", arg);
	}
	return ERR_NONE_VALUE;
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

static struct err add_campaign(struct txn *tx, struct store *st, const struct broadcast_order *o,
                               int64_t revision, unsigned people, int64_t *ret)
{
	const struct campaign_new c = { .id = store_new_id(st), .revision = revision,
		.consent = o->consent, .override = o->override, .uid = o->uid, .now_ms = o->now_ms,
		.request = o->request };
	struct err e = campaign_add(tx, &c);
	if (err_is(e))
		return e;
	const bool is_override = span_trim(span_of(o->override)).n > 0;
	char detail[STAFF_WORDS_MAX + 96];
	(void)snprintf(detail, sizeof detail, "campaign %" PRId64 ", %u people%s%s", c.id, people,
	               is_override ? ", outside hours: " : "", is_override ? o->override : "");
	e = audit_add(tx, o->uid, "broadcast", detail, o->now_ms);
	if (!err_is(e))
		*ret = c.id;
	return e;
}

struct err broadcast_write(struct txn *tx, struct store *st, struct vault *v,
                           const struct broadcast *b, const struct broadcast_order *o,
                           int64_t *ret_campaign)
{
	struct broadcast_summary s;
	broadcast_summary(b, &s);
	struct err e = broadcast_may(o);
	if (!err_is(e) && s.people == 0)
		e = err_make(ERR_REFUSED, "send a broadcast", "nobody is left to write to", NULL);
	if (err_is(e))
		return e;
	struct outgoing out = { .store = st, .vault = v, .lane = LANE_CAMPAIGN,
		.now_ms = o->now_ms };
	if (!hours_open(o->now_ms, &out.expires_ms))
		out.expires_ms = o->now_ms + OVERRIDE_MS;
	struct span texts[LANGUAGE_COUNT];
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		texts[l] = buf_span(&b->message.text[l]);
	e = outgoing_revision(tx, st, v, texts, o->now_ms, &out.revision);
	if (!err_is(e))
		e = add_campaign(tx, st, o, out.revision, s.people, &out.campaign);
	for (size_t i = 0; i < b->audience.count && !err_is(e); i++) {
		const struct person *p = &b->audience.people[i];
		int64_t id = 0;
		if (!p->stopped)
			e = outgoing_add(tx, &out, &p->number, (enum language)p->language,
			                 s.language[p->language].parts, &id);
	}
	if (!err_is(e))
		*ret_campaign = out.campaign;
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
