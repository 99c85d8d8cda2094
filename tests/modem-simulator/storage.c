/* SPDX-License-Identifier: GPL-3.0-or-later */
/* storage.c - where a modem puts what the network brings: shown, stored, or waiting for room.
 * See modem.h; TS 27.005 §3.4.1 has the routing by +CNMI. */
#include <stdlib.h>
#include <string.h>

#include "modem.h"
#include "text.h"
#include "transcript.h"

static const char *const mem_name[MEMS] = { "SM", "ME", "SR" };

unsigned modem_first_slot(const struct modem *m)
{
	return m->w->opt.huawei ? 0 : 1;
}

unsigned modem_used(const struct modem *m, int mem)
{
	unsigned used = 0;

	for (unsigned i = 0; i < m->mem[mem].n; i++)
		used += m->mem[mem].slots[i].pdu != NULL;
	return used;
}

int modem_store(struct modem *m, int mem, const char *hex, enum slot_stat stat)
{
	struct store *s = m->mem + mem;

	for (unsigned i = 0; i < s->n; i++) {
		if (s->slots[i].pdu)
			continue;
		s->slots[i] = (struct slot){ .pdu = sim_copy(hex), .stat = stat };
		return (int)i;
	}
	return -1;
}

void modem_delete(struct modem *m, int mem, unsigned slot)
{
	struct slot *s = m->mem[mem].slots + slot;

	if (!s->pdu)
		return;
	struct out *o = transcript_begin(m->w, (int)m->index, "delete");
	json_int(o, "index", slot + modem_first_slot(m));
	json_text(o, "memory", mem_name[mem]);
	transcript_end(m->w);
	free(s->pdu);
	*s = (struct slot){ 0 };
	modem_take_waiting(m);
}

/* Without the SMSC's address, as every <length> of TS 27.005 counts. */
static size_t tpdu_length(const struct mt *t)
{
	uint8_t smsc[1];
	size_t n;

	if (!hex_read(t->hex, 2, smsc, 1, &n))
		return 0;
	return t->n > smsc[0] ? t->n - 1 - smsc[0] : 0;
}

static bool store_and_tell(struct modem *m, const struct mt *t, bool is_report)
{
	int mem = is_report && m->mem[MEM_SR].n > 0 ? MEM_SR : m->set.mem[2];
	int slot = modem_store(m, mem, t->hex, STAT_UNREAD);

	if (slot < 0)
		return false;
	if (is_report || m->set.cnmi[CNMI_MT] == 1 || m->set.cnmi[CNMI_MT] == 3) {
		transcript_begin(m->w, (int)m->index, is_report ? "cdsi" : "cmti");
		transcript_end(m->w);
		modem_message_indicate(m, "%s: \"%s\",%u", is_report ? "+CDSI" : "+CMTI",
			mem_name[mem], (unsigned)slot + modem_first_slot(m));
	}
	return true;
}

/* True when it is done with; false when it has to wait. */
static bool take(struct modem *m, struct mt *t, bool is_report)
{
	int way = m->set.cnmi[is_report ? CNMI_DS : CNMI_MT];

	if (is_report && way == 0)
		return true; /* the modem takes it and tells nobody */
	if (way != (is_report ? 1 : 2))
		return store_and_tell(m, t, is_report);
	if (m->ack_until_ms != NEVER)
		return false; /* one at a time in phase 2+ */
	modem_message_indicate(
		m, is_report ? "+CDS: %zu\r\n%s" : "+CMT: ,%zu\r\n%s", tpdu_length(t), t->hex);
	if (m->set.csms != 1)
		return true;
	m->ack_until_ms = m->w->now_ms + ACK_MS;
	if (!is_report) {
		m->unacked = sim_alloc(sizeof *t + strlen(t->hex) + 1);
		m->unacked->n = t->n;
		memcpy(m->unacked->hex, t->hex, strlen(t->hex) + 1);
	}
	return true;
}

static void take_from(struct modem *m, struct mt_queue *q, bool is_report)
{
	while (q->first && take(m, q->first, is_report)) {
		struct mt *t = q->first;
		q->first = t->next;
		if (!q->first)
			q->last = NULL;
		q->n--;
		free(t);
	}
}

void modem_take_waiting(struct modem *m)
{
	if (!modem_has_service(m))
		return;
	take_from(m, &m->texts, false);
	take_from(m, &m->reports, true);
}

void modem_incoming(struct modem *m, const uint8_t *pdu, size_t n, bool is_report)
{
	struct mt_queue *q = is_report ? &m->reports : &m->texts;
	struct out hex = { 0 };

	if (q->n == MT_WAITING_MAX) {
		struct out *o = transcript_begin(m->w, (int)m->index, "full");
		json_text(o, "what", is_report ? "reports" : "texts");
		transcript_end(m->w);
		return;
	}
	hex_write(&hex, pdu, n);
	out_add(&hex, "", 1);
	struct mt *t = sim_alloc(sizeof *t + hex.n);
	t->n = n;
	memcpy(t->hex, hex.p, hex.n);
	out_free(&hex);
	*(q->last ? &q->last->next : &q->first) = t;
	q->last = t;
	q->n++;
	modem_take_waiting(m);
}

void modem_acknowledge(struct modem *m, bool taken)
{
	struct mt *t = m->unacked;

	m->unacked = NULL;
	m->ack_until_ms = NEVER;
	if (t && !taken) { /* the network brings it again, before all others */
		t->next = m->texts.first;
		m->texts.first = t;
		if (!m->texts.last)
			m->texts.last = t;
		m->texts.n++;
	} else {
		free(t);
	}
	modem_take_waiting(m);
}
