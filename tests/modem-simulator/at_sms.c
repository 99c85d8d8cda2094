/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at_sms.c - the SMS commands of TS 27.005 in PDU mode; in text mode only what goes wrong there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at.h"
#include "network.h"
#include "text.h"
#include "transcript.h"

static const char *const mem_name[MEMS] = { "SM", "ME", "SR" };

/* --- settings --- */

static struct at_result cmgf(struct modem *m, enum at_op op, const struct at_args *args)
{
	int v = 0;

	if (op == AT_TEST)
		modem_say(m, "+CMGF: (0)"); /* nobody is to want the other */
	else if (op == AT_READ)
		modem_say(m, "+CMGF: %d", m->set.text_mode ? 1 : 0);
	else if (op != AT_SET || !at_int(args, 0, 0, 0, &v))
		return at_cms(CMS_NOT_SUPPORTED);
	else
		m->set.text_mode = false;
	return at_ok();
}

static struct at_result csms(struct modem *m, enum at_op op, const struct at_args *args)
{
	if (op == AT_TEST)
		modem_say(m, "+CSMS: (0,1)");
	else if (op == AT_READ)
		modem_say(m, "+CSMS: %d,1,1,1", m->set.csms);
	else if (op != AT_SET || !at_int(args, 0, 0, 1, &m->set.csms))
		return at_cms(CMS_NOT_SUPPORTED);
	else
		modem_say(m, "+CSMS: 1,1,1");
	return at_ok();
}

static struct at_result cnmi(struct modem *m, enum at_op op, const struct at_args *args)
{
	static const int max[CNMI_N] = { 3, 3, 3, 2, 1 };
	int v[CNMI_N];

	if (op == AT_TEST) {
		modem_say(m, m->w->opt.huawei ? "+CNMI: (0,1,2),(0,1,2,3),(0,2,3),(0,1,2),(0,1)"
			: "+CNMI: (0-3),(0-3),(0-3),(0-2),(0,1)");
		return at_ok();
	}
	if (op == AT_READ) {
		const int *c = m->set.cnmi;
		modem_say(m, "+CNMI: %d,%d,%d,%d,%d", c[0], c[1], c[2], c[3], c[4]);
		return at_ok();
	}
	memset(v, 0, sizeof v); /* absent ones are 0 */
	for (int i = 0; i < CNMI_N; i++)
		if (!at_int(args, i, 0, max[i], v + i))
			return at_cms(CMS_NOT_SUPPORTED);
	if (args->n > CNMI_N || (m->w->opt.huawei && v[CNMI_MODE] == 3))
		return at_cms(CMS_NOT_SUPPORTED);
	memcpy(m->set.cnmi, v, sizeof v);
	if (v[CNMI_MODE] != 0) {
		if (v[CNMI_BFR] == 0)
			out_add(&m->urc, m->kept.p ? m->kept.p + m->kept.from : "",
				out_waiting(&m->kept));
		out_clear(&m->kept);
	}
	modem_take_waiting(m);
	return at_ok();
}

static struct at_result cnma(struct modem *m, enum at_op op, const struct at_args *args)
{
	int n = 0;

	if (op == AT_TEST) {
		modem_say(m, "+CNMA: (0-2)");
		return at_ok();
	}
	if (op == AT_READ || !at_int(args, 0, 0, 2, &n))
		return at_cms(CMS_NOT_SUPPORTED);
	if (m->ack_until_ms == NEVER)
		return at_cms(CMS_NO_ACK_EXPECTED);
	modem_acknowledge(m, n != 2);
	return at_ok();
}

static void say_memories(struct modem *m, bool names)
{
	struct out o = { 0 };

	for (int i = 0; i < 3; i++) {
		int mem = m->set.mem[i];
		if (names)
			out_f(&o, "%s\"%s\",%u,%u", i ? "," : "", mem_name[mem], modem_used(m, mem),
				m->mem[mem].n);
		else
			out_f(&o, "%s%u,%u", i ? "," : "", modem_used(m, mem), m->mem[mem].n);
	}
	out_add(&o, "", 1);
	modem_say(m, "+CPMS: %s", o.p);
	out_free(&o);
}

static struct at_result cpms(struct modem *m, enum at_op op, const struct at_args *args)
{
	int chosen[3];

	if (op == AT_TEST) {
		modem_say(m, "+CPMS: (\"SM\",\"ME\"%s),(\"SM\",\"ME\"),(\"SM\",\"ME\")",
			m->mem[MEM_SR].n > 0 ? ",\"SR\"" : "");
		return at_ok();
	}
	if (op != AT_SET) {
		say_memories(m, true);
		return at_ok();
	}
	memcpy(chosen, m->set.mem, sizeof chosen);
	for (int i = 0; i < args->n && i < 3; i++) {
		const char *name = at_str(args, i);
		if (strcmp(name, "SM") == 0)
			chosen[i] = MEM_SM;
		else if (strcmp(name, "ME") == 0)
			chosen[i] = MEM_ME;
		else if (strcmp(name, "SR") == 0 && i == 0 && m->mem[MEM_SR].n > 0)
			chosen[i] = MEM_SR;
		else if (*name)
			return at_cms(CMS_NOT_ALLOWED);
	}
	memcpy(m->set.mem, chosen, sizeof chosen);
	say_memories(m, false);
	modem_take_waiting(m);
	return at_ok();
}

static struct at_result csca(struct modem *m, enum at_op op, const struct at_args *args)
{
	char fresh[ADDRESS_MAX], said[4 * ADDRESS_MAX + 1];
	uint8_t octets[2 * ADDRESS_MAX];
	size_t n;

	if (op == AT_TEST)
		return at_ok();
	if (op != AT_SET) {
		modem_say(m, "+CSCA: \"%s\",%d", m->smsc, *m->smsc == '+' ? 145 : 129);
		return at_ok();
	}
	snprintf(said, sizeof said, "%s", at_str(args, 0));
	if (m->set.charset == CHARSET_UCS2 && strlen(said) % 4 == 0 && strncmp(said, "00", 2) == 0
	    && hex_read(said, strlen(said), octets, sizeof octets, &n)) {
		for (size_t i = 0; i < n / 2; i++)
			said[i] = (char)octets[2 * i + 1];
		said[n / 2] = 0;
	}
	if (!address_normal(said, fresh))
		return at_cms(CMS_NOT_SUPPORTED);
	memcpy(m->smsc, fresh, sizeof fresh);
	return at_ok();
}

/* --- the storage --- */

static struct slot *used_slot(struct modem *m, int said, unsigned *ret_slot)
{
	int slot = said - (int)modem_first_slot(m);
	struct store *s = m->mem + m->set.mem[0];

	if (said < 0 || slot < 0 || (unsigned)slot >= s->n)
		return NULL;
	*ret_slot = (unsigned)slot;
	return s->slots + slot;
}

static unsigned shown_length(const char *hex)
{
	uint8_t smsc = 0;
	size_t n, octets = strlen(hex) / 2;

	if (octets && hex_read(hex, 2, &smsc, 1, &n) && octets > smsc)
		return (unsigned)(octets - 1 - smsc);
	return 0;
}

static struct at_result cmgr(struct modem *m, enum at_op op, const struct at_args *args)
{
	int said = -1;
	unsigned slot;

	if (op == AT_TEST)
		return at_ok();
	struct slot *s = at_int(args, 0, 0, SLOTS_MAX, &said) ? used_slot(m, said, &slot) : NULL;
	if (!s || !s->pdu)
		return at_cms(CMS_BAD_INDEX);
	modem_say(m, "+CMGR: %d,,%u\r\n%s", (int)s->stat, shown_length(s->pdu), s->pdu);
	if (s->stat == STAT_UNREAD)
		s->stat = STAT_READ;
	return at_ok();
}

static struct at_result cmgl(struct modem *m, enum at_op op, const struct at_args *args)
{
	int wanted = 0;
	struct store *st = m->mem + m->set.mem[0];

	if (op == AT_TEST) {
		modem_say(m, "+CMGL: (0-4)");
		return at_ok();
	}
	if (op == AT_READ || !at_int(args, 0, 0, 4, &wanted))
		return at_cms(CMS_NOT_SUPPORTED);
	for (unsigned i = 0; i < st->n; i++) {
		struct slot *s = st->slots + i;
		if (!s->pdu || (wanted != 4 && (int)s->stat != wanted))
			continue;
		modem_say(m, "+CMGL: %u,%d,,%u\r\n%s", i + modem_first_slot(m), (int)s->stat,
			shown_length(s->pdu), s->pdu);
		if (s->stat == STAT_UNREAD)
			s->stat = STAT_READ;
	}
	return at_ok();
}

/* TS 27.005 §3.5.4: flag 1 deletes what is read, 2 and what is sent, 3 and unsent, 4 all. */
static bool goes(enum slot_stat stat, int flag)
{
	switch (stat) {
	case STAT_READ:
		return flag >= 1;
	case STAT_SENT:
		return flag >= 2;
	case STAT_UNSENT:
		return flag >= 3;
	case STAT_UNREAD:
		break;
	}
	return flag == 4;
}

static struct at_result cmgd_test(struct modem *m)
{
	struct out o = { 0 };
	const struct store *st = m->mem + m->set.mem[0];

	for (unsigned i = 0; i < st->n; i++)
		if (st->slots[i].pdu)
			out_f(&o, "%s%u", out_waiting(&o) ? "," : "", i + modem_first_slot(m));
	out_add(&o, "", 1);
	modem_say(m, "+CMGD: (%s),(0-4)", o.p);
	out_free(&o);
	return at_ok();
}

static struct at_result cmgd(struct modem *m, enum at_op op, const struct at_args *args)
{
	int said = -1, flag = 0, mem = m->set.mem[0];
	unsigned slot;

	if (op == AT_TEST)
		return cmgd_test(m);
	if (op != AT_SET || !at_int(args, 0, 0, SLOTS_MAX, &said) || !at_int(args, 1, 0, 4, &flag))
		return at_cms(CMS_BAD_INDEX);
	if (flag == 0) {
		if (!used_slot(m, said, &slot))
			return at_cms(CMS_BAD_INDEX);
		modem_delete(m, mem, slot);
		return at_ok();
	}
	bool go[SLOTS_MAX]; /* room makes new texts come in, which nobody has seen */
	for (unsigned i = 0; i < m->mem[mem].n; i++)
		go[i] = m->mem[mem].slots[i].pdu && goes(m->mem[mem].slots[i].stat, flag);
	for (unsigned i = 0; i < m->mem[mem].n; i++)
		if (go[i])
			modem_delete(m, mem, i);
	return at_ok();
}

/* --- sending --- */

static struct at_result prompt(
	struct modem *m, enum at_op op, const struct at_args *args, enum entry entry)
{
	int stat = STAT_UNSENT, length = 0;

	if (op == AT_TEST)
		return at_ok();
	if (op != AT_SET || !at_int(args, 0, 1, 164 + 12, &length) || length == 0
	    || (entry == ENTRY_WRITE && !at_int(args, 1, 0, 3, &stat)))
		return at_cms(CMS_BAD_PDU);
	if (entry == ENTRY_SEND) {
		json_int(transcript_begin(m->w, (int)m->index, "cmgs"), "octet_us", m->line_us);
		transcript_end(m->w);
	}
	m->entry = entry;
	m->entry_length = length;
	m->entry_stat = stat;
	out_text(&m->tx, "\r\n> ");
	return at_later();
}

static struct at_result cmgs(struct modem *m, enum at_op op, const struct at_args *args)
{
	return prompt(m, op, args, ENTRY_SEND);
}

static struct at_result cmgw(struct modem *m, enum at_op op, const struct at_args *args)
{
	return prompt(m, op, args, ENTRY_WRITE);
}

/* Where the TPDU starts; false when `hex` is no PDU of that length. */
static bool tpdu_of(const char *hex, uint8_t octets[static PDU_MAX], size_t *ret_at, size_t *ret_n)
{
	size_t n;

	if (!hex_read(hex, strlen(hex), octets, PDU_MAX, &n) || n < 2 || octets[0] > 11
		|| n <= octets[0] + 1u)
		return false;
	*ret_at = octets[0] + 1u;
	*ret_n = n - *ret_at;
	return true;
}

static void go_on_air(struct modem *m, const struct submit *s, int slot)
{
	m->air = *s;
	m->air_slot = slot;
	m->on_air = true;
	m->runs = false;
	m->air_until_ms = m->w->now_ms + m->air_ms;
	if (m->air_ms <= 0)
		at_air_ended(m);
}

struct at_result at_pdu_entered(struct modem *m)
{
	uint8_t octets[PDU_MAX];
	size_t at, n;
	struct submit s;

	if (m->set.text_mode) { /* its "length" was a number to dial */
		json_int(transcript_begin(m->w, (int)m->index, "pdu-as-text"), "to", m->entry_length);
		transcript_end(m->w);
		modem_say(m, "+CMGS: %u", m->mr++);
		return at_ok();
	}
	if (!tpdu_of(m->line, octets, &at, &n) || n != (size_t)m->entry_length)
		return at_cms(CMS_BAD_PDU);
	if (m->entry == ENTRY_WRITE) {
		int mem = m->set.mem[1];
		int slot = modem_store(m, mem, m->line, (enum slot_stat)m->entry_stat);
		if (slot < 0)
			return at_cms(CMS_FULL);
		modem_say(m, "+CMGW: %u", (unsigned)slot + modem_first_slot(m));
		return at_ok();
	}
	if (!submit_read(octets + at, n, &s))
		return at_cms(CMS_BAD_PDU);
	if (at == 1 && !*m->smsc)
		return at_cms(CMS_NO_SMSC);
	m->entry = ENTRY_NONE;
	go_on_air(m, &s, -1);
	return at_later();
}

static struct at_result cmss(struct modem *m, enum at_op op, const struct at_args *args)
{
	uint8_t octets[PDU_MAX];
	size_t at, n;
	struct submit s;
	int said = -1, mem = m->set.mem[1];

	if (op == AT_TEST)
		return at_ok();
	if (op != AT_SET || !at_int(args, 0, 0, SLOTS_MAX, &said))
		return at_cms(CMS_BAD_INDEX);
	int slot = said - (int)modem_first_slot(m);
	if (slot < 0 || (unsigned)slot >= m->mem[mem].n || !m->mem[mem].slots[slot].pdu)
		return at_cms(CMS_BAD_INDEX);
	if (!tpdu_of(m->mem[mem].slots[slot].pdu, octets, &at, &n)
		|| !submit_read(octets + at, n, &s))
		return at_cms(CMS_BAD_PDU);
	go_on_air(m, &s, slot);
	return at_later();
}

static struct at_result refusal(struct modem *m)
{
	if (m->fail_left > 0) {
		m->fail_left--;
		return m->fail_is_cme ? at_cme(m->fail_code) : at_cms(m->fail_code);
	}
	if (!m->plugged ? false : !modem_has_service(m))
		return at_cms(CMS_NO_NETWORK);
	int code = network_refuses(m->w, m->air.to);
	return code ? at_cms(code) : at_ok();
}

void at_air_ended(struct modem *m)
{
	struct at_result r = refusal(m);

	if (r.kind != AT_OK) {
		struct out *o = transcript_begin(m->w, (int)m->index, "refuse");
		json_text(o, "to", m->air.to);
		json_text(o, "error", r.kind == AT_CME ? "CME" : "CMS");
		json_int(o, "code", r.code);
		transcript_end(m->w);
		m->on_air = false;
		at_finish(m, r);
		return;
	}
	uint8_t mr = m->mr++;
	network_submit(m->w, m, &m->air, mr);
	m->on_air = false; /* only now: indications may pass while on the air */
	if (!m->plugged)
		return;
	if (m->air_slot >= 0 && m->mem[m->set.mem[1]].slots[m->air_slot].pdu)
		m->mem[m->set.mem[1]].slots[m->air_slot].stat = STAT_SENT;
	modem_say(m, m->air_slot >= 0 ? "+CMSS: %u" : "+CMGS: %u", mr);
	at_finish(m, at_ok());
}

const struct at_command at_sms[] = {
	{ "+CMGF", IS_SMS, cmgf },
	{ "+CSMS", IS_SMS, csms },
	{ "+CNMI", IS_SMS, cnmi },
	{ "+CNMA", IS_SMS, cnma },
	{ "+CPMS", IS_SMS | NEEDS_PIN, cpms },
	{ "+CSCA", IS_SMS | NEEDS_PIN, csca },
	{ "+CMGR", IS_SMS | NEEDS_PIN, cmgr },
	{ "+CMGL", IS_SMS | NEEDS_PIN, cmgl },
	{ "+CMGD", IS_SMS | NEEDS_PIN, cmgd },
	{ "+CMGS", IS_SMS | NEEDS_PIN, cmgs },
	{ "+CMGW", IS_SMS | NEEDS_PIN, cmgw },
	{ "+CMSS", IS_SMS | NEEDS_PIN, cmss },
	{ NULL, 0, NULL },
};
