/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.c - see network.h. Reports wait in a binary heap by time, then by order of coming. */
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "modem.h"
#include "control.h"
#include "text.h"
#include "transcript.h"

#define CMS_FULL 320
#define TEXT_UNITS 4096

struct due {
	int64_t ms;
	uint64_t order;
	unsigned modem;
	struct report report;
};

struct network {
	struct due *heap;
	size_t n, size;
	uint64_t order;
};

struct network *network_open(void)
{
	return sim_alloc(sizeof(struct network));
}

void network_close(struct network *n)
{
	if (!n)
		return;
	free(n->heap);
	free(n);
}

static bool sooner(const struct due *a, const struct due *b)
{
	return a->ms < b->ms || (a->ms == b->ms && a->order < b->order);
}

static void heap_swap(struct due *a, struct due *b)
{
	struct due t = *a;
	*a = *b;
	*b = t;
}

static void heap_push(struct network *n, struct due d)
{
	if (n->n == n->size) {
		n->size = n->size ? 2 * n->size : 64;
		n->heap = sim_grow(n->heap, n->size * sizeof *n->heap);
	}
	d.order = n->order++;
	size_t i = n->n++;
	n->heap[i] = d;
	while (i && sooner(n->heap + i, n->heap + (i - 1) / 2)) {
		heap_swap(n->heap + i, n->heap + (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static struct due heap_pop(struct network *n)
{
	struct due top = n->heap[0];

	n->heap[0] = n->heap[--n->n];
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < n->n; c++)
			if (sooner(n->heap + c, n->heap + least))
				least = c;
		if (least == i)
			break;
		heap_swap(n->heap + i, n->heap + least);
		i = least;
	}
	return top;
}

static void hand_report(struct world *w, unsigned modem, const struct report *r)
{
	struct modem *m = w->modems[modem];
	uint8_t pdu[PDU_MAX];

	w->count.reports++;
	struct out *o = transcript_begin(w, (int)modem, "report");
	json_text(o, "to", r->to);
	json_int(o, "mr", r->mr);
	json_int(o, "status", r->status);
	transcript_end(w);
	modem_incoming(m, pdu, report_write(r, NETWORK_SMSC, pdu), true);
}

static void report(struct world *w, struct modem *m, struct report r, int64_t delay_ms)
{
	if (!w->reports_on)
		return;
	r.done = time(NULL);
	if (delay_ms < 0) {
		hand_report(w, m->index, &r);
	} else if (w->network->n < REPORTS_MAX) {
		r.done += (time_t)(delay_ms / 1000);
		heap_push(w->network,
			(struct due){ .ms = w->now_ms + delay_ms, .modem = m->index, .report = r });
	} else {
		transcript_begin(w, (int)m->index, "full");
		transcript_end(w);
	}
}

int64_t network_tick(struct world *w)
{
	struct network *n = w->network;

	while (n->n && n->heap[0].ms <= w->now_ms) {
		struct due d = heap_pop(n);
		hand_report(w, d.modem, &d.report);
	}
	return n->n ? n->heap[0].ms : NEVER;
}

int network_refuses(struct world *w, const char *to)
{
	struct phone *ph = phones_get(w->phones, to);

	if (!ph)
		return CMS_FULL; /* PHONES_MAX */
	if (ph->barred)
		return ph->barred;
	return ph->state == PHONE_OFF && ph->held == HELD_MAX ? CMS_FULL : 0;
}

static void arrive(struct world *w, struct phone *ph, struct modem *m, const struct submit *s)
{
	bool copy;
	struct message *msg = phone_take(ph, s, m->index, m->number, w->now_ms, &copy);

	w->count.parts++;
	if (!msg && !copy)
		return;
	struct out *o = transcript_begin(w, (int)m->index, copy ? "copy" : "deliver");
	json_text(o, "from", m->number);
	json_text(o, "to", ph->number);
	if (copy) {
		json_int(o, "ref", s->part.ref);
		json_int(o, "seq", s->part.seq);
	} else {
		json_text(o, "text", msg->text);
		json_int(o, "parts", msg->part.total);
		w->count.messages++;
	}
	transcript_end(w);
	control_arrived(w);
}

static void hold(
	struct world *w, struct phone *ph, struct modem *m, const struct submit *s, uint8_t mr)
{
	struct held *h = sim_alloc(sizeof *h);

	h->submit = *s;
	h->modem = m->index;
	h->mr = mr;
	h->since_ms = w->now_ms;
	h->sent = time(NULL);
	*(ph->held_last ? &ph->held_last->next : &ph->held_first) = h;
	ph->held_last = h;
	ph->held++;
}

static void submitted_event(struct world *w, struct modem *m, const struct submit *s, uint8_t mr)
{
	struct out text = { 0 };
	if (s->alphabet == ALPHABET_8BIT)
		for (size_t i = 0; i < s->units_n; i++)
			out_f(&text, "%02X", s->units[i] & 0xffu);
	else
		text_utf8(&text, s->units, s->units_n);
	out_add(&text, "", 1);
	struct out *o = transcript_begin(w, (int)m->index, "submit");
	json_text(o, "from", m->number);
	json_text(o, "to", s->to);
	json_text(o, "text", text.p);
	json_int(o, "mr", mr);
	if (s->part.total > 1) {
		json_int(o, "ref", s->part.ref);
		json_int(o, "ref_bits", s->part.ref_bits);
	}
	json_int(o, "seq", s->part.seq);
	json_int(o, "total", s->part.total);
	if (s->msg_class >= 0)
		json_int(o, "class", s->msg_class);
	json_text(o, "alphabet", alphabet_name(s->alphabet));
	json_int(o, "dcs", s->dcs);
	json_int(o, "pid", s->pid);
	if (s->validity_s >= 0)
		json_int(o, "validity", s->validity_s);
	json_bool(o, "srr", s->wants_report);
	transcript_end(w);
	out_free(&text);
}

void network_submit(struct world *w, struct modem *m, const struct submit *s, uint8_t mr)
{
	struct phone *ph = phones_get(w->phones, s->to);
	struct report r = { .mr = mr, .sent = time(NULL) };

	w->count.submitted++;
	submitted_event(w, m, s, mr);
	if (!ph) /* network_refuses() was asked before */
		return;
	memcpy(r.to, s->to, sizeof r.to);
	int64_t delay = m->dlr_ms;
	if (ph->state == PHONE_OFF) {
		hold(w, ph, m, s, mr);
		r.status = ST_BUSY;
		delay = delay < 0 ? -1 : 0;
	} else if (ph->state == PHONE_GONE) {
		r.status = ST_EXPIRED;
	} else {
		arrive(w, ph, m, s);
	}
	if (s->wants_report)
		report(w, m, r, delay);
}

void network_phone_state(struct world *w, struct phone *ph, enum phone_state state)
{
	struct held *h = state == PHONE_OFF ? NULL : ph->held_first;

	ph->state = state;
	if (state == PHONE_OFF)
		return;
	ph->held_first = ph->held_last = NULL;
	ph->held = 0;
	for (struct held *next; h; h = next) {
		next = h->next;
		struct modem *m = w->modems[h->modem];
		struct report r = { .mr = h->mr, .sent = h->sent };
		memcpy(r.to, ph->number, sizeof r.to);
		int64_t waited_s = (w->now_ms - h->since_ms) / 1000;
		bool expired = h->submit.validity_s >= 0 && waited_s >= h->submit.validity_s;
		if (state == PHONE_GONE || expired)
			r.status = ST_EXPIRED;
		else
			arrive(w, ph, m, &h->submit);
		if (h->submit.wants_report)
			report(w, m, r, m->dlr_ms < 0 ? 0 : m->dlr_ms);
		free(h);
	}
}

/* How many units the next part takes, and its septets when it is GSM-7. */
static size_t cut(
	struct deliver *d, const uint16_t *u, size_t n, size_t septets_max, size_t units_max)
{
	size_t took = 0;

	d->n = 0;
	if (d->alphabet == ALPHABET_UCS2) {
		took = n < units_max ? n : units_max;
		if (took < n && u[took - 1] >= 0xd800 && u[took - 1] < 0xdc00)
			took--; /* a surrogate pair stays whole */
		memcpy(d->units, u, took * sizeof *u);
		d->n = took;
		return took;
	}
	for (; took < n; took++) {
		uint8_t s[2];
		unsigned k = gsm7_encode(u[took], s);
		if (d->n + k > septets_max)
			break; /* an escape stays with its character */
		memcpy(d->septets + d->n, s, k);
		d->n += k;
	}
	return took;
}

static size_t text_cut(struct deliver *d, const uint16_t *u, size_t n, bool one)
{
	return cut(d, u, n, one ? 160 : 153, one ? 70 : 67);
}

unsigned network_text(
	struct world *w, struct modem *m, const char *from, const char *utf8, int64_t ago_s)
{
	uint16_t u[TEXT_UNITS];
	size_t n;
	struct deliver d = { .sent = time(NULL) - (time_t)ago_s, .part = { .seq = 1, .total = 1 } };

	if (!text_units(utf8, u, TEXT_UNITS, &n))
		return 0;
	if (!address_normal(from, d.from)) {
		if (strlen(from) == 0 || strlen(from) > 11)
			return 0;
		memcpy(d.from, from, strlen(from) + 1);
	}
	for (size_t i = 0; i < n; i++) {
		uint8_t s[2];
		if (!gsm7_encode(u[i], s))
			d.alphabet = ALPHABET_UCS2;
	}
	if (text_cut(&d, u, n, true) < n) {
		unsigned total = 0;
		for (size_t at = 0; at < n; total++)
			at += text_cut(&d, u + at, n - at, false);
		if (total > 255)
			return 0;
		d.part = (struct part){ .ref = m->mo_ref++ & 0xff, .ref_bits = 8, .total = total };
	}
	w->count.mo++;
	struct out *o = transcript_begin(w, (int)m->index, "mo");
	json_text(o, "from", d.from);
	json_text(o, "to", m->number);
	json_text(o, "text", utf8);
	json_int(o, "parts", d.part.total);
	json_text(o, "alphabet", alphabet_name(d.alphabet));
	transcript_end(w);
	size_t at = 0;
	for (d.part.seq = 1; d.part.seq <= d.part.total; d.part.seq++) {
		uint8_t pdu[PDU_MAX];
		at += text_cut(&d, u + at, n - at, d.part.total == 1);
		modem_incoming(m, pdu, deliver_write(&d, NETWORK_SMSC, pdu), false);
	}
	return d.part.total;
}
