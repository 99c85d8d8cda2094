/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is tried with a modem that answers nothing, a rung at each start of its process: AT, a restart
 * of the modem, its port closed and opened, its USB port reset, the hook; then from the bottom again.
 * The first two spoil nothing that is on the air: AT waits for what a part's answer may take, and
 * only a modem that stays mute is restarted. */
#include "link/modem/inside.h"

#include "base/log.h"

#include "base/banned.h"

static const char *const steps[RUNG_COUNT] = {
	[RUNG_NONE] = "", [RUNG_AT] = "mute: trying AT", [RUNG_CFUN] = "mute: trying AT+CFUN=1,1",
	[RUNG_REOPEN] = "mute: closing and opening its port",
	[RUNG_USB] = "mute: resetting its USB port", [RUNG_HOOK] = "mute: running the reset hook",
};

const char *keeper_step(const struct keeper *k)
{
	return steps[k->rung];
}

void keeper_climb(struct keeper *k)
{
	k->climbed = k->climbed == RUNG_HOOK ? RUNG_AT : (enum rung)(k->climbed + 1);
	k->rung = k->climbed;
	k->rung_done = false;
}

static void on_helped(void *arg, const char *trouble)
{
	struct keeper *k = arg;
	helper_free(k->helper);
	k->helper = NULL;
	k->rung_done = true;
	keeper_changed(k);
	keeper_restart_in(k, 0); /* while it finishes, nothing is started anyway */
	if (trouble != NULL)
		log_warning("modem %s: %s: %s", k->set.name, steps[k->rung], trouble);
}

static void pass_over(struct keeper *k, struct err e)
{
	if (e.code == ERR_ABSENT)
		log_notice("modem %s: it hangs on no USB port that could be reset", k->set.name);
	else
		log_err(&e);
	keeper_climb(k);
}

/* One that needs no process of the modem's own, or none. */
bool keeper_helps(struct keeper *k)
{
	if (k->helper != NULL)
		return true;
	if (k->rung_done)
		return false;
	if (k->rung == RUNG_USB) {
		struct err e = helper_reset_usb(k->hub->loop, k->program, k->device, on_helped, k, &k->helper);
		if (err_is(e))
			pass_over(k, e);
	}
	if (k->rung == RUNG_HOOK && (k->set.reset_hook == NULL || k->set.reset_hook[0] == '\0'))
		keeper_climb(k);
	if (k->rung == RUNG_HOOK) {
		struct err e = helper_run(k->hub->loop, k->set.reset_hook, k->set.name, on_helped, k,
		                          &k->helper);
		if (err_is(e))
			pass_over(k, e);
	}
	if (k->helper != NULL)
		keeper_say(k, PHASE_DOWN, steps[k->rung]);
	return k->helper != NULL;
}
