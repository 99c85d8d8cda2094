/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames from the parent. They are only written down here; the main loop acts on them when the
 * modem is free. What breaks the protocol ends the process: the parent is not to be guessed at. */
#include <string.h>

#include "link/modem/modem.h"

#include "base/banned.h"

static void configure(struct modem *m, struct frame_in *f)
{
	if (m->cfg.there)
		f->bad = true;
	frame_get_string(f, m->cfg.device, sizeof m->cfg.device);
	frame_get_string(f, m->cfg.connection, sizeof m->cfg.connection);
	frame_get_string(f, m->cfg.operator_, sizeof m->cfg.operator_);
	m->cfg.fast = frame_get_u8(f) != 0;
	m->cfg.poll_ms = frame_get_u32(f);
	m->cfg.doubt = frame_get_u8(f) != 0;
	uint8_t rung = frame_get_u8(f);
	if (rung >= RUNG_COUNT)
		f->bad = true;
	m->cfg.rung = (enum rung)rung;
	frame_get_string(f, m->cfg.imei, sizeof m->cfg.imei);
	m->cfg.probing = frame_get_u8(f) != 0;
	m->cfg.records = frame_get_u8(f) != 0;
	m->cfg.there = true;
}

static void unlock(struct modem *m, struct frame_in *f)
{
	frame_get_string(f, m->pin, sizeof m->pin);
	size_t n = strlen(m->pin);
	if (n < 4 || strspn(m->pin, "0123456789") != n) /* it goes into a command */
		f->bad = true;
	m->may_unlock = true;
}

static void submit(struct modem *m, struct frame_in *f)
{
	struct submission *s = &m->submission;
	if (s->waiting)
		f->bad = true; /* one at a time */
	memset(s, 0, sizeof *s);
	s->delivery = f->head.delivery;
	s->part.seq = frame_get_u8(f);
	s->part.total = frame_get_u8(f);
	s->part.ref = frame_get_u16(f);
	frame_get_string(f, s->part.number.text_, sizeof s->part.number.text_);
	uint8_t alphabet = frame_get_u8(f);
	if (alphabet != ALPHABET_GSM7 && alphabet != ALPHABET_UCS2)
		f->bad = true;
	s->part.alphabet = (enum alphabet)alphabet;
	s->part.validity = frame_get_u8(f);
	s->part.class_ = frame_get_i32(f);
	frame_get_string(f, s->text, sizeof s->text);
	s->part.text = span_of(s->text);
	s->waiting = true;
}

static void ussd(struct modem *m, struct frame_in *f)
{
	char code[USSD_CODE_MAX + 1];
	uint32_t number = frame_get_u32(f);
	frame_get_string(f, code, sizeof code);
	if (ussd_code_is_good(code)) /* it goes into a command */
		ussd_ask(m, number, code);
	else
		f->bad = true;
}

static void take(struct modem *m, struct frame_in *f)
{
	switch ((enum frame_type)f->head.type) {
	case FRAME_CONFIGURE:
		configure(m, f);
		break;
	case FRAME_UNLOCK:
		unlock(m, f);
		break;
	case FRAME_SUBMIT:
		submit(m, f);
		break;
	case FRAME_DELETE:
		storage_delete(m, frame_get_i32(f));
		break;
	case FRAME_FINISH:
		m->finish = true;
		break;
	case FRAME_USSD:
		ussd(m, f);
		break;
	case FRAME_STATE: case FRAME_MUTE: case FRAME_SANDBOX: case FRAME_MATCHED:
	case FRAME_PIN_ASKED:
	case FRAME_PIN_RESULT: case FRAME_IDENTITY:
	case FRAME_SIGNAL: case FRAME_ALIVE: case FRAME_ACCEPTED: case FRAME_REFUSED:
	case FRAME_DOUBT: case FRAME_LATE: case FRAME_MO: case FRAME_REPORT: case FRAME_READING:
	case FRAME_UNREADABLE: case FRAME_DELETED: case FRAME_CLEARED: case FRAME_CALL:
	case FRAME_USSD_ANSWER: case FRAME_TYPE_COUNT:
		f->bad = true; /* the child's own: frame_take() has refused it already */
		break;
	}
}

void heed_frames(struct modem *m)
{
	for (;;) {
		struct frame_in f;
		size_t size = 0;
		enum frame_take taken = frame_take(buf_span(&m->in), 'p', &f, &size);
		if (taken == FRAME_SHORT)
			return;
		if (taken == FRAME_TAKEN)
			take(m, &f);
		if (taken == FRAME_BAD || !frame_end(&f))
			modem_fail(m, "the daemon and the modem's driver don't understand each other; "
			              "are they of one version?");
		explicit_bzero(m->in.p, size); /* a number, a text or a PIN was in it */
		buf_consume(&m->in, size);
	}
}
