/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a modem's process: started when its pause is over, watched, and told of when it has gone.
 * The pauses grow from one end to the next, also where it got ready in between: a modem that dies again
 * and again is no use. They begin anew once it was ready for a steady while. A process that somebody
 * killed says nothing of its modem: it comes back at once. */
#include "link/modem/inside.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/banned.h"

#define SLOW_MS 10000        /* silence that `status` shows */
#define SILENT_MS 30000      /* silence that ends an idle child */
#define START_MS 120000      /* from start to READY, registration apart */
#define STEADY_MS 120000     /* ready for so long: its next trouble is a new one */
#define RESTART_MIN_MS 100
#define RESTART_MAX_MS 60000
#define ABSENT_MS 500        /* how often it is looked whether an unplugged modem is there again */
#define SEARCH_MIN_MS 1000   /* of the pause after all devices were tried for an IMEI */

void keeper_restart_in(struct keeper *k, int64_t in_ms)
{
	k->restart_at_ms = clock_monotonic_ms() + in_ms;
	loop_timer_in(k->hub->loop, &k->restart, in_ms);
}

static int64_t twice(int64_t pause_ms, int64_t min_ms)
{
	int64_t next = pause_ms * 2 < min_ms ? min_ms : pause_ms * 2;
	return next > RESTART_MAX_MS ? RESTART_MAX_MS : next;
}

/* ---- it has gone */

static void forget_child(struct keeper *k)
{
	supervisor_free(k->child);
	k->child = NULL;
	k->sim = 0;
	k->slow = false;
	k->reading = false;
	k->signal = -1;
	k->sandbox = 0;
	keeper_ask_gone(k);
	if (k->sims_asked == 0) /* else what it told belongs to the SIM that the store looks for now */
		keeper_release_held(k, 0);
}

static void on_gone(void *arg, const char *reason, bool was_killed)
{
	struct keeper *k = arg;
	const bool was_ready = k->ready_ms != 0;
	if (was_ready && clock_monotonic_ms() - k->ready_ms > STEADY_MS) {
		k->climbed = RUNG_NONE;
		k->pause_ms = 0;
	}
	k->ready_ms = 0;
	forget_child(k);
	const bool another = keeper_next_device(k);
	if (k->mute)
		keeper_climb(k);
	else
		k->rung = RUNG_NONE;
	k->mute = false;
	if (k->phase != PHASE_LOCKED && (k->phase != PHASE_DOWN || k->reason[0] == '\0'))
		keeper_say(k, PHASE_DOWN, k->finishing ? "" : reason);
	const bool at_once = another || k->restart_asked || (was_killed && was_ready);
	if (!at_once)
		k->pause_ms = twice(k->pause_ms, RESTART_MIN_MS);
	k->restart_asked = false;
	k->freeing = true;
	if (!k->finishing)
		keeper_restart_in(k, at_once ? RESTART_MIN_MS : k->pause_ms);
	if (k->claiming)
		k->free_waits = true; /* what that change claims never reached a child */
	else
		keeper_free_claims(k);
	keeper_changed(k);
}

/* ---- its start */

static bool put_configuration(struct keeper *k, bool records)
{
	struct frame_out f;
	frame_start(&f, supervisor_out(k->child), FRAME_CONFIGURE, 0);
	frame_put_text(&f, span_of(k->device));
	frame_put_text(&f, span_of(k->set.connection));
	frame_put_text(&f, span_of(k->set.operator_));
	frame_put_u8(&f, k->set.fast ? 1 : 0);
	frame_put_u32(&f, (uint32_t)(k->set.poll_s * 1000));
	frame_put_u8(&f, k->doubt ? 1 : 0);
	frame_put_u8(&f, (uint8_t)k->rung);
	frame_put_text(&f, span_of(k->set.imei));
	frame_put_u8(&f, keeper_searches(k) && strcmp(k->device, k->found) != 0 ? 1 : 0);
	frame_put_u8(&f, records ? 1 : 0);
	return frame_finish(&f);
}

/* Chooses the device. False: there is none to try; the timer is set. */
static bool choose_device(struct keeper *k)
{
	k->seeks = false;
	if (!keeper_find_device(k)) {
		k->pause_ms = twice(k->pause_ms, SEARCH_MIN_MS);
		k->seeks = true;
		k->devices = keeper_devices(k);
		keeper_restart_in(k, k->pause_ms);
		keeper_say(k, PHASE_DOWN, "no device has the modem with this IMEI");
		return false;
	}
	if (!keeper_searches(k) && access(k->device, F_OK) != 0) {
		keeper_restart_in(k, ABSENT_MS);
		keeper_say(k, PHASE_DOWN, "there is no such device; is the modem plugged in?");
		return false;
	}
	return true;
}

static void start(struct keeper *k)
{
	static const struct supervisor_events events = { .frame = keeper_on_frame, .gone = on_gone };
	k->started_ms = k->heard_ms = clock_monotonic_ms();
	if (!choose_device(k))
		return;
	int record = keeper_open_record(k);
	struct err e = supervisor_start(k->hub->loop, k->program, &events, k, record, &k->child);
	if (record >= 0)
		(void)close(record);
	if (err_is(e)) {
		log_err(&e);
		keeper_restart_in(k, RESTART_MAX_MS);
		keeper_say(k, PHASE_DOWN, "safar-modem can't be started");
		return;
	}
	if (k->phase == PHASE_READY || k->phase == PHASE_REGISTERING || k->reason[0] == '\0' ||
	    k->rung != RUNG_NONE)
		keeper_say(k, PHASE_STARTING, keeper_step(k));
	if (put_configuration(k, record >= 0))
		supervisor_flush(k->child);
	else
		supervisor_kill(k->child, "its device's name is too long");
}

void keeper_start_if_due(struct keeper *k)
{
	if (k->child != NULL || k->freeing || k->sims_asked > 0 || k->finishing || k->helper != NULL)
		return; /* the end of that comes here again */
	const int64_t left = k->restart_at_ms - clock_monotonic_ms();
	const bool is_news = k->seeks && keeper_devices(k) != k->devices; /* one was plugged in */
	if (left > 0 && !is_news)
		loop_timer_in(k->hub->loop, &k->restart, k->seeks && left > ABSENT_MS ? ABSENT_MS : left);
	else if (!keeper_helps(k))
		start(k);
}

/* ---- while it lives */

static void watch_child(struct keeper *k, int64_t now)
{
	int64_t silent = now - k->heard_ms;
	bool slow = silent > SLOW_MS;
	if (slow != k->slow) {
		k->slow = slow;
		log_warning("modem %s: %s", k->set.name, slow ? "slow: silent for 10 s" : "answers again");
		keeper_changed(k);
	}
	/* while a part of before may be on the air, the modem may be mute for as long as one */
	int64_t patience = k->doubt && k->phase == PHASE_STARTING ? ON_AIR_MS : SILENT_MS;
	if (k->on_air ? now > k->air_until_ms : silent > patience) {
		k->doubt = k->doubt || k->on_air;
		k->mute = true;
		supervisor_kill(k->child, k->on_air ? "no answer to a part within its deadline"
		                                    : "the modem is silent");
	} else if (k->phase == PHASE_STARTING && now - k->started_ms > START_MS) {
		k->mute = true;
		supervisor_kill(k->child, "it doesn't come up");
	}
}

void keeper_tick(struct keeper *k)
{
	if (k->child != NULL)
		watch_child(k, clock_monotonic_ms());
	else if (k->free_waits && !k->claiming) {
		k->free_waits = false;
		keeper_free_claims(k);
	}
	keeper_ask_tick(k);
	keeper_wake(k); /* what became due meanwhile */
}
