/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames to the parent, one function each, fields in base/frame.h's order. */
#include <string.h>

#include "link/modem/gammu.h"
#include "link/modem/modem.h"

#include "base/banned.h"

static void send(struct modem *m, struct frame_out *f)
{
	if (!frame_finish(f))
		modem_fail(m, "the daemon doesn't take what the modem says");
}

/* Nothing here is longer than the parent has room for; what is, is a modem's oddity. */
static void put_cut(struct frame_out *f, const char *text, size_t max)
{
	frame_put_text(f, span_make(text, strnlen(text, max)));
}

void tell_state(struct modem *m, enum modem_state state, const char *reason)
{
	struct frame_out f;
	m->state = state;
	frame_start(&f, &m->out, FRAME_STATE, 0);
	frame_put_u8(&f, (uint8_t)state);
	put_cut(&f, reason, REASON_MAX);
	send(m, &f);
}

void tell_seq(struct modem *m, enum frame_type type, uint64_t delivery, uint8_t seq)
{
	struct frame_out f;
	frame_start(&f, &m->out, type, delivery);
	frame_put_u8(&f, seq);
	send(m, &f);
}

void tell_accepted(struct modem *m, uint64_t delivery, uint8_t seq, uint8_t tp_mr)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_ACCEPTED, delivery);
	frame_put_u8(&f, seq);
	frame_put_u8(&f, tp_mr);
	send(m, &f);
}

void tell_refused(struct modem *m, uint64_t delivery, uint8_t seq, char kind, int32_t code)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_REFUSED, delivery);
	frame_put_u8(&f, seq);
	frame_put_u8(&f, (uint8_t)kind);
	frame_put_i32(&f, code);
	send(m, &f);
}

void tell_octet(struct modem *m, enum frame_type type, uint8_t value)
{
	struct frame_out f;
	frame_start(&f, &m->out, type, 0);
	frame_put_u8(&f, value);
	send(m, &f);
}

void tell_pin_asked(struct modem *m, int32_t tries, const char *iccid, const char *imei)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_PIN_ASKED, 0);
	frame_put_i32(&f, tries);
	put_cut(&f, iccid, CARD_MAX);
	put_cut(&f, imei, CARD_MAX);
	send(m, &f);
}

void tell_identity(struct modem *m, const struct identity *who, const char *iccid)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_IDENTITY, 0);
	put_cut(&f, who->maker, NAME_MAX_OCTETS);
	put_cut(&f, who->model, NAME_MAX_OCTETS);
	put_cut(&f, who->firmware, FIRMWARE_MAX);
	put_cut(&f, who->imei, CARD_MAX);
	put_cut(&f, who->imsi, CARD_MAX);
	put_cut(&f, iccid, CARD_MAX);
	send(m, &f);
}

void tell_signal(struct modem *m, int32_t percent, const char *operator_)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_SIGNAL, 0);
	frame_put_i32(&f, percent);
	put_cut(&f, operator_, NAME_MAX_OCTETS);
	send(m, &f);
}

/* A question that came while a part was on the air is read before the next one goes: else its
 * answer would wait for that, too. */
void tell_reading(struct modem *m)
{
	bool reads = m->storages.texts_hinted > 0 || m->call.is_ringing;
	if (reads == m->told_reading)
		return;
	m->told_reading = reads;
	tell_octet(m, FRAME_READING, reads ? 1 : 0);
}

void tell_alive(struct modem *m)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_ALIVE, 0);
	send(m, &f);
}

void tell_pdu(struct modem *m, int32_t index, const struct pdu *p)
{
	static const enum frame_type types[] = { [PDU_MO] = FRAME_MO, [PDU_REPORT] = FRAME_REPORT,
		[PDU_UNREADABLE] = FRAME_UNREADABLE };
	struct frame_out f;
	m->has_told = true;
	frame_start(&f, &m->out, types[p->kind], 0);
	frame_put_i32(&f, index);
	switch (p->kind) {
	case PDU_MO:
		frame_put_text(&f, span_of(p->address.text_));
		frame_put_i64(&f, p->at_ms);
		frame_put_u16(&f, p->ref);
		frame_put_u8(&f, p->total);
		frame_put_u8(&f, p->seq);
		frame_put_text(&f, span_make(p->text_, p->text_n));
		break;
	case PDU_REPORT:
		frame_put_u8(&f, p->tp_mr);
		frame_put_u8(&f, p->status);
		frame_put_text(&f, span_of(p->address.text_));
		frame_put_i64(&f, p->at_ms);
		break;
	case PDU_UNREADABLE:
		break;
	}
	frame_put_octets(&f, p->hash, sizeof p->hash);
	send(m, &f);
}

void tell_bare(struct modem *m, enum frame_type type)
{
	struct frame_out f;
	frame_start(&f, &m->out, type, 0);
	send(m, &f);
}

static void tell_index(struct modem *m, enum frame_type type, int32_t index)
{
	struct frame_out f;
	frame_start(&f, &m->out, type, 0);
	frame_put_i32(&f, index);
	send(m, &f);
}

void tell_deleted(struct modem *m, int32_t index)
{
	tell_index(m, FRAME_DELETED, index);
}

void tell_cleared(struct modem *m, int32_t index)
{
	tell_index(m, FRAME_CLEARED, index);
}

void tell_call(struct modem *m, const struct pdu_address *caller)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_CALL, 0);
	frame_put_text(&f, span_of(caller->text_));
	send(m, &f);
}

void tell_ussd(struct modem *m, uint32_t number, enum ussd_outcome outcome, const char *text)
{
	struct frame_out f;
	frame_start(&f, &m->out, FRAME_USSD_ANSWER, 0);
	frame_put_u32(&f, number);
	frame_put_u8(&f, (uint8_t)outcome);
	put_cut(&f, text, USSD_ANSWER_MAX);
	send(m, &f);
}
