/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a modem's process says. A frame that doesn't parse, or that tells of a part that isn't on the
 * air, ends that process: one modem must not confuse the others. */
#include "link/modem/inside.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "link/modem/cms.h"
#include "base/banned.h"

/* ---- frames about the part on the air */

static bool is_on_air(const struct modem *m, const struct frame_in *f, unsigned seq)
{
	return m->on_air && f->head.delivery == (uint64_t)m->air_delivery && seq == m->air_seq;
}

static bool on_accepted(struct modem *m, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	uint8_t tp_mr = frame_get_u8(f);
	if (f->bad || !is_on_air(m, f, seq))
		return false;
	crash_point("accepted-not-recorded");
	m->refusals = 0;
	struct work *w = modem_work(m, WORK_ACCEPTED);
	if (w == NULL)
		return true;
	w->tp_mr = tp_mr;
	modem_outcome(m, w);
	return true;
}

static bool on_refused(struct modem *m, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	uint8_t kind = frame_get_u8(f);
	int32_t code = frame_get_i32(f);
	if (f->bad || !is_on_air(m, f, seq))
		return false;
	struct cms_meaning meaning = { .what = REFUSAL_LATER, .link_is_ill = true };
	if (kind != 'X') {
		meaning = cms_meaning(kind, code);
		log_warning("modem %s: refused a part with +CM%c ERROR %" PRId32 " (%s)", m->set.name,
		            kind == 'N' ? '?' : kind, code, reason_word(meaning.why));
	}
	struct work *w = modem_work(m, kind == 'X' ? WORK_NOT_SENT : WORK_REFUSED);
	if (w == NULL)
		return true;
	w->refusal = meaning.what;
	w->reason = meaning.why;
	w->after_ms = meaning.after_ms;
	m->refusals = meaning.link_is_ill ? m->refusals + 1 : 0;
	if (kind == 'X' || m->refusals >= 3)
		modem_pause(m);
	modem_outcome(m, w);
	if (kind == 'X' && m->refusals >= 3 && m->child != NULL) {
		m->refusals = 0;
		supervisor_kill(m->child, "the modem takes no message");
	}
	return true;
}

static bool on_doubt(struct modem *m, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	if (f->bad || !is_on_air(m, f, seq))
		return false;
	log_warning("modem %s: no answer to a part within its deadline; it is in doubt", m->set.name);
	m->doubt = true;
	struct work *w = modem_work(m, WORK_DOUBT);
	if (w != NULL)
		modem_outcome(m, w);
	return true;
}

/* ---- frames about what comes in */

static bool on_late(struct modem *m, struct frame_in *f)
{
	uint8_t tp_mr = frame_get_u8(f);
	if (f->bad)
		return false;
	m->doubt = false;
	struct work *w = modem_work(m, WORK_LATE);
	if (w == NULL)
		return true;
	w->tp_mr = tp_mr;
	modem_submit(m, w);
	return true;
}

static bool on_mo(struct modem *m, struct frame_in *f)
{
	struct work *w = modem_work(m, WORK_MO);
	if (w == NULL)
		return true;
	w->index = frame_get_i32(f);
	frame_get_string(f, w->party, sizeof w->party);
	w->scts_ms = frame_get_i64(f);
	w->ref = frame_get_u16(f);
	w->total = frame_get_u8(f);
	w->part_seq = frame_get_u8(f);
	buf_add(&w->text, frame_get_text(f));
	frame_get_octets(f, w->pdu_hash, sizeof w->pdu_hash);
	bool good = !f->bad && !w->text.failed && w->total >= 1 && w->part_seq >= 1 &&
	            w->part_seq <= w->total;
	if (good)
		modem_submit(m, w);
	else
		modem_drop(m, w);
	return good;
}

static bool on_report(struct modem *m, struct frame_in *f)
{
	struct work *w = modem_work(m, WORK_REPORT);
	if (w == NULL)
		return true;
	w->index = frame_get_i32(f);
	w->tp_mr = frame_get_u8(f);
	w->status = frame_get_u8(f);
	frame_get_string(f, w->party, sizeof w->party);
	(void)frame_get_i64(f);
	frame_get_octets(f, w->pdu_hash, sizeof w->pdu_hash);
	modem_submit(m, w);
	return !f->bad;
}

static bool on_call(struct modem *m, struct frame_in *f)
{
	struct work *w = modem_work(m, WORK_CALL);
	if (w == NULL)
		return true;
	frame_get_string(f, w->party, sizeof w->party);
	modem_submit(m, w);
	return !f->bad;
}

static bool on_deleted(struct modem *m, struct frame_in *f)
{
	struct work *w = modem_work(m, WORK_DELETED);
	if (w == NULL)
		return true;
	w->index = frame_get_i32(f);
	modem_submit(m, w);
	return !f->bad;
}

static bool on_unreadable(struct modem *m, struct frame_in *f)
{
	uint8_t hash[32];
	int32_t index = frame_get_i32(f);
	frame_get_octets(f, hash, sizeof hash);
	log_warning("modem %s: what lies at place %" PRId32 " of the SIM can't be read; it stays there",
	            m->set.name, index);
	return !f->bad;
}

/* ---- frames about the modem itself */

static bool on_state(struct modem *m, struct frame_in *f)
{
	char reason[96];
	uint8_t state = frame_get_u8(f);
	frame_get_string(f, reason, sizeof reason);
	if (f->bad || state > MODEM_FAILED)
		return false;
	switch ((enum modem_state)state) {
	case MODEM_OPENING:
		modem_say(m, PHASE_STARTING, reason);
		break;
	case MODEM_LOCKED:
		modem_say(m, PHASE_LOCKED, reason);
		break;
	case MODEM_REGISTERING:
		modem_say(m, PHASE_REGISTERING, reason);
		break;
	case MODEM_READY:
		m->pause_ms = 0;
		modem_say(m, PHASE_READY, reason);
		modem_wake(m);
		break;
	case MODEM_FAILED:
		modem_say(m, PHASE_DOWN, reason);
		break;
	}
	return true;
}

static bool on_pin_asked(struct modem *m, struct frame_in *f)
{
	char imei[CARD_LIMIT], iccid[CARD_LIMIT];
	int32_t tries = frame_get_i32(f);
	frame_get_string(f, iccid, sizeof iccid);
	frame_get_string(f, imei, sizeof imei);
	if (f->bad)
		return false;
	if (m->set.pin == NULL) {
		modem_say(m, PHASE_LOCKED, "the SIM asks for its PIN: set `pin`");
		return true;
	}
	struct work *w = modem_work(m, WORK_PIN);
	if (w == NULL)
		return true;
	(void)text_copy(w->iccid, sizeof w->iccid, iccid[0] != '\0' ? iccid : imei);
	(void)text_copy(m->card, sizeof m->card, w->iccid);
	w->tries_left = tries;
	struct err e = vault_hash(m->hub->vault, RING_NODE, 1, "pin", span_of(m->set.pin), &w->pin);
	if (err_is(e)) {
		log_err(&e);
		modem_drop(m, w);
		return true;
	}
	modem_submit(m, w);
	return true;
}

void modem_unlock(struct modem *m, const struct work *w)
{
	if (!w->may) {
		modem_say(m, PHASE_LOCKED, w->why_not != NULL ? w->why_not : "the PIN may not be tried");
		return;
	}
	if (m->child == NULL || m->set.pin == NULL)
		return;
	struct frame_out f;
	frame_start(&f, supervisor_out(m->child), FRAME_UNLOCK, 0);
	frame_put_text(&f, span_of(m->set.pin));
	if (frame_finish(&f))
		supervisor_flush(m->child);
}

static bool on_pin_result(struct modem *m, struct frame_in *f)
{
	bool good = frame_get_u8(f) != 0;
	if (f->bad)
		return false;
	if (!good) {
		modem_say(m, PHASE_LOCKED, "the SIM refused the PIN: it is not tried again until it changes");
		return true;
	}
	struct work *w = modem_work(m, WORK_PIN_GOOD);
	if (w == NULL)
		return true;
	(void)text_copy(w->iccid, sizeof w->iccid, m->card);
	modem_submit(m, w);
	return true;
}

static bool on_identity(struct modem *m, struct frame_in *f)
{
	char maker[48], model[48], firmware[64], imei[CARD_LIMIT];
	struct work *w = modem_work(m, WORK_SIM);
	if (w == NULL)
		return true;
	frame_get_string(f, maker, sizeof maker);
	frame_get_string(f, model, sizeof model);
	frame_get_string(f, firmware, sizeof firmware);
	frame_get_string(f, imei, sizeof imei);
	frame_get_string(f, w->iccid, sizeof w->iccid);
	frame_get_string(f, w->imsi, sizeof w->imsi);
	(void)text_copy(w->operator_, sizeof w->operator_, m->set.operator_ != NULL ? m->set.operator_ : "");
	if (!f->bad)
		log_notice("modem %s: %s %s (%s)", m->set.name, maker, model, firmware);
	modem_submit(m, w);
	return !f->bad;
}

static bool on_signal(struct modem *m, struct frame_in *f)
{
	int32_t percent = frame_get_i32(f);
	frame_get_string(f, m->operator_, sizeof m->operator_);
	if (f->bad || percent > 100)
		return false;
	m->signal = percent < 0 ? -1 : (int)percent;
	return true;
}

static bool on_alive(struct modem *m, struct frame_in *f)
{
	(void)m;
	return !f->bad;
}

static bool (*const handlers[FRAME_TYPE_COUNT])(struct modem *, struct frame_in *) = {
	[FRAME_STATE] = on_state, [FRAME_PIN_ASKED] = on_pin_asked,
	[FRAME_PIN_RESULT] = on_pin_result, [FRAME_IDENTITY] = on_identity,
	[FRAME_SIGNAL] = on_signal, [FRAME_ALIVE] = on_alive, [FRAME_ACCEPTED] = on_accepted,
	[FRAME_REFUSED] = on_refused, [FRAME_DOUBT] = on_doubt, [FRAME_LATE] = on_late,
	[FRAME_MO] = on_mo, [FRAME_REPORT] = on_report, [FRAME_UNREADABLE] = on_unreadable,
	[FRAME_DELETED] = on_deleted, [FRAME_CALL] = on_call,
};

bool modem_heard(struct modem *m, struct frame_in *f)
{
	m->heard_ms = clock_monotonic_ms();
	return handlers[f->head.type] != NULL && handlers[f->head.type](m, f);
}
