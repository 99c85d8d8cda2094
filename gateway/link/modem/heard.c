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

static bool is_on_air(const struct keeper *k, const struct frame_in *f, unsigned seq)
{
	return k->on_air && f->head.delivery == (uint64_t)k->air_delivery && seq == k->air_seq;
}

static bool on_accepted(struct keeper *k, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	uint8_t tp_mr = frame_get_u8(f);
	if (f->bad || !is_on_air(k, f, seq))
		return false;
	crash_point("accepted-not-recorded");
	k->refusals = 0;
	struct work *w = keeper_work(k, WORK_ACCEPTED);
	if (w == NULL)
		return true;
	w->tp_mr = tp_mr;
	keeper_outcome(k, w);
	return true;
}

static bool on_refused(struct keeper *k, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	uint8_t kind = frame_get_u8(f);
	int32_t code = frame_get_i32(f);
	if (f->bad || !is_on_air(k, f, seq) || strchr("SENX", kind) == NULL || kind == '\0')
		return false;
	struct cms_meaning meaning = { .what = REFUSAL_LATER, .link_is_ill = true };
	if (kind != 'X') {
		meaning = cms_meaning(kind, code);
		log_warning("modem %s: refused a part with +CM%c ERROR %" PRId32 " (%s)", k->set.name,
		            kind == 'N' ? '?' : kind, code, reason_word(meaning.why));
	}
	struct work *w = keeper_work(k, kind == 'X' ? WORK_NOT_SENT : WORK_REFUSED);
	if (w == NULL)
		return true;
	w->refusal = meaning.what;
	w->reason = meaning.why;
	w->after_ms = meaning.after_ms;
	k->refusals = meaning.link_is_ill ? k->refusals + 1 : 0;
	if (kind == 'X' || k->refusals >= 3)
		keeper_pause(k);
	keeper_outcome(k, w);
	if (kind == 'X' && k->refusals >= 3 && k->child != NULL) {
		k->refusals = 0;
		k->mute = true;
		supervisor_kill(k->child, "the modem takes no message");
	}
	return true;
}

static bool on_doubt(struct keeper *k, struct frame_in *f)
{
	unsigned seq = frame_get_u8(f);
	if (f->bad || !is_on_air(k, f, seq))
		return false;
	log_warning("modem %s: no answer to a part within its deadline; it is in doubt", k->set.name);
	k->doubt = true;
	struct work *w = keeper_work(k, WORK_DOUBT);
	if (w != NULL)
		keeper_outcome(k, w);
	return true;
}

/* ---- frames about what comes in */

static bool on_late(struct keeper *k, struct frame_in *f)
{
	uint8_t tp_mr = frame_get_u8(f);
	if (f->bad)
		return false;
	if (keeper_is_ours(k))
		k->doubt = false;
	struct work *w = keeper_work(k, WORK_LATE);
	if (w == NULL)
		return true;
	w->tp_mr = tp_mr;
	keeper_submit(k, w);
	return true;
}

static bool on_mo(struct keeper *k, struct frame_in *f)
{
	struct work *w = keeper_work(k, WORK_MO);
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
		keeper_submit(k, w);
	else
		keeper_drop(k, w);
	return good;
}

static bool on_report(struct keeper *k, struct frame_in *f)
{
	struct work *w = keeper_work(k, WORK_REPORT);
	if (w == NULL)
		return true;
	w->index = frame_get_i32(f);
	w->tp_mr = frame_get_u8(f);
	w->status = frame_get_u8(f);
	frame_get_string(f, w->party, sizeof w->party);
	(void)frame_get_i64(f);
	frame_get_octets(f, w->pdu_hash, sizeof w->pdu_hash);
	keeper_submit(k, w);
	return !f->bad;
}

static bool on_call(struct keeper *k, struct frame_in *f)
{
	struct work *w = keeper_work(k, WORK_CALL);
	if (w == NULL)
		return true;
	frame_get_string(f, w->party, sizeof w->party);
	keeper_submit(k, w);
	return !f->bad;
}

static bool on_deleted(struct keeper *k, struct frame_in *f)
{
	struct work *w = keeper_work(k, WORK_DELETED);
	if (w == NULL)
		return true;
	w->index = frame_get_i32(f);
	keeper_submit(k, w);
	return !f->bad;
}

static bool on_unreadable(struct keeper *k, struct frame_in *f)
{
	uint8_t hash[32];
	int32_t index = frame_get_i32(f);
	frame_get_octets(f, hash, sizeof hash);
	if (index < 0)
		log_warning("modem %s: a message that it passed on can't be read", k->set.name);
	else
		log_warning("modem %s: what lies at place %" PRId32 " of the SIM can't be read; it stays "
		            "while there is room", k->set.name, index);
	return !f->bad;
}

static bool on_cleared(struct keeper *k, struct frame_in *f)
{
	int32_t index = frame_get_i32(f);
	log_warning("modem %s: the SIM is full: a draft, or what can't be read, goes from place %" PRId32,
	            k->set.name, index);
	return !f->bad;
}

/* ---- frames about the modem itself */

static bool on_state(struct keeper *k, struct frame_in *f)
{
	char reason[96];
	uint8_t state = frame_get_u8(f);
	frame_get_string(f, reason, sizeof reason);
	if (f->bad || state > MODEM_FAILED)
		return false;
	switch ((enum modem_state)state) {
	case MODEM_OPENING:
		keeper_say(k, PHASE_STARTING, reason[0] != '\0' ? reason : keeper_step(k));
		break;
	case MODEM_LOCKED:
		keeper_say(k, PHASE_LOCKED, reason);
		break;
	case MODEM_REGISTERING:
		keeper_say(k, PHASE_REGISTERING, reason);
		break;
	case MODEM_READY:
		if (k->ready_ms == 0)
			k->ready_ms = clock_monotonic_ms();
		keeper_say(k, PHASE_READY, reason);
		keeper_wake(k);
		break;
	case MODEM_FAILED:
		keeper_say(k, PHASE_DOWN, reason);
		break;
	}
	return true;
}

static bool on_mute(struct keeper *k, struct frame_in *f)
{
	k->mute = true;
	return !f->bad;
}

static bool on_matched(struct keeper *k, struct frame_in *f)
{
	keeper_found_device(k);
	return !f->bad;
}

static bool on_sandbox(struct keeper *k, struct frame_in *f)
{
	k->sandbox = frame_get_u8(f);
	keeper_changed(k);
	return !f->bad && k->sandbox <= (SANDBOX_SECCOMP | SANDBOX_LANDLOCK);
}

static bool on_pin_asked(struct keeper *k, struct frame_in *f)
{
	char imei[CARD_LIMIT], iccid[CARD_LIMIT];
	int32_t tries = frame_get_i32(f);
	frame_get_string(f, iccid, sizeof iccid);
	frame_get_string(f, imei, sizeof imei);
	if (f->bad)
		return false;
	if (k->set.pin == NULL) {
		keeper_say(k, PHASE_LOCKED, "the SIM asks for its PIN: set `pin`");
		return true;
	}
	struct work *w = keeper_work(k, WORK_PIN);
	if (w == NULL)
		return true;
	(void)text_copy(w->iccid, sizeof w->iccid, iccid[0] != '\0' ? iccid : imei);
	(void)text_copy(k->card, sizeof k->card, w->iccid);
	w->tries_left = tries;
	struct err e = vault_hash(k->hub->vault, RING_NODE, 1, "pin", span_of(k->set.pin), &w->pin);
	if (err_is(e)) {
		log_err(&e);
		keeper_drop(k, w);
		return true;
	}
	keeper_submit(k, w);
	return true;
}

void keeper_unlock(struct keeper *k, const struct work *w)
{
	if (!w->may) {
		keeper_say(k, PHASE_LOCKED, w->why_not != NULL ? w->why_not : "the PIN may not be tried");
		return;
	}
	if (k->child == NULL || k->set.pin == NULL)
		return;
	struct frame_out f;
	frame_start(&f, supervisor_out(k->child), FRAME_UNLOCK, 0);
	frame_put_text(&f, span_of(k->set.pin));
	if (frame_finish(&f))
		supervisor_flush(k->child);
}

static bool on_pin_result(struct keeper *k, struct frame_in *f)
{
	bool good = frame_get_u8(f) != 0;
	if (f->bad)
		return false;
	if (!good) {
		keeper_say(k, PHASE_LOCKED, "the SIM refused the PIN: it is not tried again until it changes");
		return true;
	}
	struct work *w = keeper_work(k, WORK_PIN_GOOD);
	if (w == NULL)
		return true;
	(void)text_copy(w->iccid, sizeof w->iccid, k->card);
	keeper_submit(k, w);
	return true;
}

static bool on_identity(struct keeper *k, struct frame_in *f)
{
	char maker[48], model[48], firmware[64], imei[CARD_LIMIT];
	struct work *w = keeper_work(k, WORK_SIM);
	if (w == NULL)
		return true;
	frame_get_string(f, maker, sizeof maker);
	frame_get_string(f, model, sizeof model);
	frame_get_string(f, firmware, sizeof firmware);
	frame_get_string(f, imei, sizeof imei);
	frame_get_string(f, w->imsi, sizeof w->imsi);
	frame_get_string(f, w->iccid, sizeof w->iccid);
	if (w->iccid[0] == '\0' && w->imsi[0] == '\0') /* a SIM that says nothing goes by its modem */
		(void)text_copy(w->iccid, sizeof w->iccid, imei);
	(void)text_copy(w->operator_, sizeof w->operator_, k->set.operator_ != NULL ? k->set.operator_ : "");
	if (keeper_is_ours(k)) {
		k->doubt = false; /* it has waited for what a part may take: nothing comes any more */
		if (!f->bad)
			log_notice("modem %s: %s %s (%s)", k->set.name, maker, model, firmware);
	}
	k->sims_asked++;
	keeper_submit(k, w);
	return !f->bad;
}

static bool on_signal(struct keeper *k, struct frame_in *f)
{
	int32_t percent = frame_get_i32(f);
	frame_get_string(f, k->operator_, sizeof k->operator_);
	if (f->bad || percent > 100)
		return false;
	k->signal = percent < 0 ? -1 : (int)percent;
	keeper_changed(k);
	return true;
}

static bool on_reading(struct keeper *k, struct frame_in *f)
{
	uint8_t reads = frame_get_u8(f);
	if (f->bad)
		return false;
	k->reading = reads != 0;
	keeper_wake(k); /* behind the changes of what was read: an answer goes first */
	return true;
}

static bool on_alive(struct keeper *k, struct frame_in *f)
{
	k->heard_ms = clock_monotonic_ms();
	return !f->bad;
}

static bool (*const handlers[FRAME_TYPE_COUNT])(struct keeper *, struct frame_in *) = {
	[FRAME_STATE] = on_state, [FRAME_MUTE] = on_mute,
	[FRAME_SANDBOX] = on_sandbox, [FRAME_MATCHED] = on_matched, [FRAME_PIN_ASKED] = on_pin_asked,
	[FRAME_PIN_RESULT] = on_pin_result, [FRAME_IDENTITY] = on_identity,
	[FRAME_SIGNAL] = on_signal, [FRAME_ALIVE] = on_alive,
	[FRAME_READING] = on_reading, [FRAME_ACCEPTED] = on_accepted,
	[FRAME_REFUSED] = on_refused, [FRAME_DOUBT] = on_doubt, [FRAME_LATE] = on_late,
	[FRAME_MO] = on_mo, [FRAME_REPORT] = on_report, [FRAME_UNREADABLE] = on_unreadable,
	[FRAME_DELETED] = on_deleted, [FRAME_CLEARED] = on_cleared, [FRAME_CALL] = on_call,
	[FRAME_USSD_ANSWER] = keeper_answered,
};

bool keeper_on_frame(void *keeper, struct frame_in *f)
{
	struct keeper *k = keeper;
	return handlers[f->head.type] != NULL && handlers[f->head.type](k, f);
}
