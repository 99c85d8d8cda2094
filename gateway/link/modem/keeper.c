/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/banned.h"

#define SICK_MS 5000         /* pause after a part that the modem wouldn't take */
#define COMPLAIN_MS 30000
#define GIVE_UP_MS 20000
#define RELATIVE_5_MINUTES_MS INT64_C(300000)

/* ---- small helpers */

void keeper_say(struct keeper *k, enum phase phase, const char *reason)
{
	bool news = phase != k->phase || strcmp(k->reason, reason) != 0;
	k->phase = phase;
	if (!text_copy(k->reason, sizeof k->reason, reason))
		(void)text_copy(k->reason, sizeof k->reason, "see the log");
	if (!news)
		return;
	static const char *const words[] = { "down", "starting", "locked", "registering", "ready" };
	log_notice("modem %s: %s%s%s", k->set.name, words[phase], reason[0] != '\0' ? ": " : "",
	           reason);
	keeper_changed(k);
}

void keeper_changed(struct keeper *k)
{
	k->hub->changed(k->hub);
}

static bool work_done(struct work *w, struct err e);

struct work *keeper_work(struct keeper *k, enum work_kind kind)
{
	struct work *w = work_new(k->hub, kind, k->set.name, k->sim, k, work_done);
	if (w == NULL) {
		log_error("modem %s: no memory; its process is started again", k->set.name);
		if (k->child != NULL)
			supervisor_kill(k->child, "no memory");
		return NULL;
	}
	k->works++;
	return w;
}

static bool needs_sim(const struct work *w)
{
	return w->kind == WORK_MO || w->kind == WORK_REPORT || w->kind == WORK_CALL ||
	       w->kind == WORK_LATE || w->kind == WORK_DELETED;
}

void keeper_submit(struct keeper *k, struct work *w)
{
	if (k->sim != 0 || !needs_sim(w)) {
		work_submit(w);
		return;
	}
	if (k->held_count >= HELD_MAX) { /* the SIM keeps it, and is read again */
		keeper_drop(k, w);
		if (k->child != NULL)
			supervisor_kill(k->child, "it told too much before it named its SIM");
		return;
	}
	w->next = k->held;
	k->held = w;
	k->held_count++;
}

void keeper_drop(struct keeper *k, struct work *w)
{
	k->works--;
	work_free(w);
	keeper_changed(k);
}

/* Oldest first: they were pushed on a stack. */
void keeper_release_held(struct keeper *k, int64_t sim)
{
	struct work *in_order = NULL;
	while (k->held != NULL) {
		struct work *w = k->held;
		k->held = w->next;
		w->next = in_order;
		in_order = w;
	}
	k->held_count = 0;
	while (in_order != NULL) {
		struct work *w = in_order;
		in_order = w->next;
		w->sim = sim;
		if (sim != 0)
			work_submit(w);
		else
			keeper_drop(k, w);
	}
}

void keeper_pause(struct keeper *k)
{
	k->not_before_ms = clock_monotonic_ms() + SICK_MS;
}

/* ---- claiming */

static bool is_able(const struct keeper *k)
{
	return k->phase == PHASE_READY && k->sim != 0 && !k->finishing && !k->restart_asked &&
	       k->child != NULL && !k->reading && clock_monotonic_ms() >= k->not_before_ms;
}

static void ask_for_next(struct keeper *k, struct work *w)
{
	if (!is_able(k))
		return;
	work_want_next(w, k->set.daily_cap - k->set.daily_cap * k->set.answers_reserve / 100);
	k->claiming = true;
}

void keeper_wake(struct keeper *k)
{
	if (!is_able(k) || k->on_air || k->claiming || k->freeing)
		return;
	struct work *w = keeper_work(k, WORK_NEXT);
	if (w == NULL)
		return;
	ask_for_next(k, w);
	keeper_submit(k, w);
}

/* ---- sending */

/* TP-VP relative (TS 23.040 §9.2.3.12.1), rounded down: nothing arrives after its lifetime. */
static uint8_t validity(int64_t left_ms)
{
	int64_t fives = left_ms / RELATIVE_5_MINUTES_MS;
	if (fives < 1)
		return 0; /* 5 minutes is the least */
	if (fives <= 144)
		return (uint8_t)(fives - 1);
	int64_t halves = left_ms / (6 * RELATIVE_5_MINUTES_MS);
	if (halves <= 48)
		return (uint8_t)(143 + (halves - 24));
	int64_t days = left_ms / DAY_MS;
	return (uint8_t)(166 + (days > 30 ? 30 : days));
}

static bool put_submit(struct keeper *k, const struct claim *c, const struct rendered *r)
{
	/* with the country's code and said so: without '+' a network would dial it as one of its own */
	char number[MSISDN_DIGITS_MAX + 2] = "+";
	const struct span digits = msisdn_span(&r->number);
	memcpy(number + 1, digits.p, digits.n);
	struct frame_out f;
	frame_start(&f, supervisor_out(k->child), FRAME_SUBMIT, (uint64_t)c->id);
	frame_put_u8(&f, (uint8_t)c->seq);
	frame_put_u8(&f, (uint8_t)c->parts);
	frame_put_u16(&f, c->concat_ref);
	frame_put_text(&f, span_of(number));
	frame_put_u8(&f, (uint8_t)r->alphabet);
	frame_put_u8(&f, validity(c->expires_ms - clock_now_ms()));
	frame_put_i32(&f, c->flash ? 0 : -1);
	frame_put_text(&f, buf_span(&r->part));
	explicit_bzero(number, sizeof number);
	return frame_finish(&f);
}

void keeper_outcome(struct keeper *k, struct work *w)
{
	w->delivery = k->air_delivery;
	w->seq = k->air_seq;
	ask_for_next(k, w);
	keeper_submit(k, w);
}

static void not_sent(struct keeper *k)
{
	struct work *w = keeper_work(k, WORK_NOT_SENT);
	if (w != NULL)
		keeper_outcome(k, w);
}

static void cannot_render(struct keeper *k, struct err e)
{
	enum reason why = REASON_NONE;
	log_err(&e);
	if (!render_gives_up(e, &why)) {
		keeper_pause(k);
		not_sent(k);
		return;
	}
	struct work *w = keeper_work(k, WORK_FAIL);
	if (w == NULL)
		return;
	w->reason = why;
	keeper_outcome(k, w);
}

/* The claim is committed as `submitting`: from here on each way out records what came of it. */
static void send_claim(struct keeper *k, const struct claim *c)
{
	k->on_air = true;
	keeper_changed(k);
	k->air_delivery = c->id;
	k->air_seq = c->seq;
	k->air_until_ms = clock_monotonic_ms() + ON_AIR_MS;
	if (k->child == NULL || k->finishing || k->restart_asked || k->phase != PHASE_READY) {
		not_sent(k);
		return;
	}
	crash_point("before-submit-frame");
	struct rendered r;
	struct err e = render_claim(k->hub->renderer, c, &r);
	if (err_is(e)) {
		cannot_render(k, e);
		return;
	}
	bool put = put_submit(k, c, &r);
	rendered_wipe(&r);
	if (!put) {
		keeper_pause(k);
		not_sent(k);
		return;
	}
	supervisor_flush(k->child);
	crash_point("after-submit-frame");
}

/* ---- answers of the store */

void keeper_free_claims(struct keeper *k)
{
	struct work *w = keeper_work(k, WORK_FREE);
	if (w != NULL)
		keeper_submit(k, w);
	else
		k->free_waits = true; /* keeper_tick() tries again */
}

static void claim_answered(struct keeper *k, struct work *w, bool failed)
{
	if (w->kind != WORK_NEXT) {
		k->on_air = false;
		keeper_changed(k);
	}
	if (w->want_next)
		k->claiming = false;
	if (!failed && w->found)
		send_claim(k, &w->claim);
	if (!w->want_next)
		keeper_wake(k); /* it may have become able since */
	if (k->free_waits && !k->claiming) {
		k->free_waits = false;
		keeper_free_claims(k);
	}
}

static void delete_copy(struct keeper *k, int32_t index)
{
	if (index < 0 || k->child == NULL)
		return;
	crash_point("before-delete-frame");
	struct frame_out f;
	frame_start(&f, supervisor_out(k->child), FRAME_DELETE, 0);
	frame_put_i32(&f, index);
	if (frame_finish(&f))
		supervisor_flush(k->child);
	else
		supervisor_kill(k->child, "its process doesn't read what it is told");
}

static void sim_answered(struct keeper *k, const struct work *w, bool failed)
{
	k->sims_asked--;
	if (failed || k->child == NULL || !keeper_is_ours(k)) {
		/* what its process told is of that SIM, though it is another link's, or has gone since */
		keeper_release_held(k, failed ? 0 : w->sim);
		if (failed && k->child != NULL)
			supervisor_kill(k->child, "its SIM can't be told from others");
		keeper_start_if_due(k);
		return;
	}
	k->sim = w->sim;
	k->balance = w->balance;
	keeper_release_held(k, k->sim);
	keeper_changed(k);
	keeper_wake(k);
}

static void freed(struct keeper *k, const struct work *w)
{
	if (w->doubtful > 0)
		log_warning("modem %s: %u part%s in doubt after its process ended", k->set.name,
		            w->doubtful, w->doubtful == 1 ? " is" : "s are");
	k->doubt = k->doubt || w->doubtful > 0;
	k->on_air = false;
	k->freeing = false;
	keeper_start_if_due(k);
}

static void take_answer(struct keeper *k, struct work *w, bool failed)
{
	switch (w->kind) {
	case WORK_NEXT:
	case WORK_ACCEPTED:
	case WORK_REFUSED:
	case WORK_NOT_SENT:
	case WORK_DOUBT:
	case WORK_FAIL:
		claim_answered(k, w, failed);
		break;
	case WORK_FREE:
		freed(k, w);
		break;
	case WORK_MO:
	case WORK_REPORT:
		if (!failed)
			delete_copy(k, w->index);
		if (!failed && w->result.answered)
			keeper_wake(k);
		break;
	case WORK_CALL:
		if (!failed && w->result.answered)
			keeper_wake(k);
		break;
	case WORK_SIM:
		sim_answered(k, w, failed);
		break;
	case WORK_PIN:
		if (!failed)
			keeper_unlock(k, w);
		break;
	case WORK_DEVICE:
	case WORK_LATE:
	case WORK_DELETED:
	case WORK_PIN_GOOD:
	case WORK_BALANCE:
	case WORK_LOOPBACK: case WORK_ATTACHED: /* a loopback's */
		break;
	}
}

/* A full disk fails every change, again and again: it is told once in a while. */
static void complain(struct keeper *k, struct err e)
{
	int64_t now = clock_monotonic_ms();
	if (e.code == k->complained_of && now < k->complain_at_ms)
		return;
	k->complained_of = e.code;
	k->complain_at_ms = now + COMPLAIN_MS;
	log_err(&e);
}

/* Stopping can't wait for a disk that stays full: what is unwritten is in doubt at the next start. */
static bool is_out_of_patience(const struct keeper *k)
{
	return k->finishing && clock_monotonic_ms() - k->finish_ms > GIVE_UP_MS;
}

static bool work_done(struct work *w, struct err e)
{
	struct keeper *k = w->owner;
	bool failed = err_is(e);
	if (failed) {
		complain(k, e);
		if (w->kind != WORK_NEXT && work_may_pass(e) && !is_out_of_patience(k))
			return false; /* what happened must be written down: again in a while */
	}
	k->works--;
	take_answer(k, w, failed);
	keeper_changed(k);
	return true;
}


/* ---- settings */

static void end_child(struct keeper *k)
{
	if (k->child == NULL)
		return;
	struct frame_out f;
	frame_start(&f, supervisor_out(k->child), FRAME_FINISH, 0);
	if (frame_finish(&f))
		supervisor_flush(k->child);
	else
		supervisor_kill(k->child, "its process doesn't read what it is told");
}

static void on_restart(struct timer *t)
{
	keeper_start_if_due(t->arg);
}

struct err keeper_new(struct hub *hub, const char *program, const struct link_settings *s,
                      struct keeper **ret)
{
	struct keeper *k = calloc(1, sizeof *k);
	if (k == NULL || !link_settings_copy(s, &k->set)) {
		free(k);
		return err_make(ERR_MEMORY, "set up a link", NULL, "modem %s", s->name);
	}
	k->hub = hub;
	k->program = program;
	k->doubt = hub->in_doubt;
	k->signal = -1;
	k->restart = (struct timer){ .fire = on_restart, .arg = k };
	keeper_recall_device(k);
	keeper_restart_in(k, 0);
	*ret = k;
	return ERR_NONE_VALUE;
}

struct err keeper_apply(struct keeper *k, const struct link_settings *s)
{
	struct link_settings set;
	if (!link_settings_copy(s, &set))
		return err_make(ERR_MEMORY, "change a link", NULL, "modem %s", s->name);
	bool anew = !link_settings_same_modem(&set, &k->set);
	link_settings_free(&k->set);
	k->set = set;
	if (anew && k->child != NULL) {
		k->restart_asked = true;
		end_child(k);
	}
	return ERR_NONE_VALUE;
}

void keeper_finish(struct keeper *k)
{
	k->finishing = true;
	k->finish_ms = clock_monotonic_ms();
	loop_timer_off(k->hub->loop, &k->restart);
	if (k->helper != NULL)
		helper_kill(k->helper);
	end_child(k);
}

bool keeper_is_idle(const struct keeper *k)
{
	return k->child == NULL && k->works == 0 && !k->free_waits && k->helper == NULL;
}

void keeper_state(const struct keeper *k, struct link_state *ret)
{
	static const char *const words[] = { "down", "starting", "down", "starting", "ready" };
	static const char *const walls[] = { "", "seccomp", "landlock", "seccomp+landlock" };
	*ret = (struct link_state){ .state = k->slow ? "slow" : words[k->phase], .signal = k->signal,
		.on_air = k->on_air, .sandbox = walls[k->sandbox],
		.sim = k->phase == PHASE_READY ? k->sim : 0,
		.balance = k->balance.hundredths, .balance_at_ms = k->balance.at_ms };
	(void)text_copy(ret->name, sizeof ret->name, k->set.name);
	(void)text_copy(ret->reason, sizeof ret->reason, k->slow ? "silent for 10 s" : k->reason);
	(void)text_copy(ret->operator_, sizeof ret->operator_,
	                k->operator_[0] != '\0' ? k->operator_ : k->set.operator_);
}

void keeper_free(struct keeper *k)
{
	if (k == NULL)
		return;
	keeper_ask_gone(k);
	loop_timer_off(k->hub->loop, &k->restart);
	link_settings_free(&k->set);
	helper_free(k->helper);
	free(k);
}
