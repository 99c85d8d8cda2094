/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at_sim.c - the SIM's lock: PIN, PUK, tries left. TS 27.007 §8.3, §8.65, §7.4, §7.5. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "at.h"
#include "transcript.h"

#define PIN_TRIES 3
#define PUK_TRIES 10

static const char *state_word(const struct modem *m)
{
	switch (m->pin_state) {
	case PIN_READY:
		return "READY";
	case PIN_WANTED:
		return "SIM PIN";
	case PUK_WANTED:
	case SIM_BLOCKED:
		break;
	}
	return "SIM PUK";
}

static void tell(struct modem *m, const char *result)
{
	struct out *o = transcript_begin(m->w, (int)m->index, "pin");
	json_text(o, "result", result);
	json_int(o, "pin_tries", m->pin_left);
	json_int(o, "puk_tries", m->puk_left);
	transcript_end(m->w);
}

static void unlocked(struct modem *m)
{
	m->pin_left = PIN_TRIES;
	m->pin_state = PIN_READY;
	m->registers_ms = m->w->now_ms + m->w->opt.register_ms;
	tell(m, "ready");
}

/* The SIM's own judgement: counts, and locks. */
static bool pin_is(struct modem *m, const char *pin)
{
	if (strcmp(pin, m->pin) == 0)
		return true;
	if (--m->pin_left == 0)
		m->pin_state = PUK_WANTED;
	tell(m, "wrong");
	return false;
}

static bool may_be_pin(const char *s)
{
	size_t n = strlen(s);
	return n >= 4 && n <= 8 && strspn(s, "0123456789") == n;
}

static struct at_result enter_puk(struct modem *m, const char *puk, const char *fresh)
{
	if (strlen(puk) != 8 || !may_be_pin(fresh))
		return at_cme(CME_PARAMETERS);
	if (strcmp(puk, m->puk) != 0) {
		if (--m->puk_left == 0)
			m->pin_state = SIM_BLOCKED;
		tell(m, "wrong");
		return at_cme(m->puk_left ? CME_WRONG_PASSWORD : CME_SIM_FAILURE);
	}
	m->puk_left = PUK_TRIES;
	snprintf(m->pin, sizeof m->pin, "%s", fresh);
	unlocked(m);
	return at_ok();
}

static struct at_result cpin(struct modem *m, enum at_op op, const struct at_args *args)
{
	if (op == AT_TEST)
		return at_ok();
	if (m->pin_state == SIM_BLOCKED)
		return at_cme(CME_SIM_FAILURE);
	if (op == AT_READ) {
		modem_say(m, "+CPIN: %s", state_word(m));
		return at_ok();
	}
	if (op != AT_SET || m->pin_state == PIN_READY)
		return at_cme(CME_NOT_ALLOWED);
	if (m->pin_state == PUK_WANTED)
		return args->n == 2 ? enter_puk(m, at_str(args, 0), at_str(args, 1))
				    : at_cme(CME_PUK_REQUIRED);
	if (args->n != 1 || !may_be_pin(at_str(args, 0)))
		return at_cme(CME_PARAMETERS);
	if (!pin_is(m, at_str(args, 0)))
		return at_cme(m->pin_state == PUK_WANTED ? CME_PUK_REQUIRED : CME_WRONG_PASSWORD);
	unlocked(m);
	return at_ok();
}

/* Huawei: state, tries of what is asked for, then PUK, PIN, PUK2, PIN2. */
static struct at_result huawei_cpin(struct modem *m, enum at_op op, const struct at_args *args)
{
	char now[12] = "";

	(void)args;
	if (op != AT_READ)
		return at_cme(CME_NOT_SUPPORTED);
	if (m->pin_state != PIN_READY)
		snprintf(now, sizeof now, "%d",
			m->pin_state == PIN_WANTED ? m->pin_left : m->puk_left);
	modem_say(m, "^CPIN: %s,%s,%d,%d,%d,%d", state_word(m), now, m->puk_left, m->pin_left,
		PUK_TRIES, PIN_TRIES);
	return at_ok();
}

static struct at_result cpinr(struct modem *m, enum at_op op, const struct at_args *args)
{
	const char *which = at_str(args, 0);

	if (op == AT_TEST)
		return at_ok();
	if (op == AT_READ)
		return at_cme(CME_NOT_SUPPORTED);
	if (!*which || strcmp(which, "SIM PIN") == 0)
		modem_say(m, "+CPINR: SIM PIN,%d,%d", m->pin_left, PIN_TRIES);
	if (!*which || strcmp(which, "SIM PUK") == 0)
		modem_say(m, "+CPINR: SIM PUK,%d,%d", m->puk_left, PUK_TRIES);
	return at_ok();
}

static struct at_result clck(struct modem *m, enum at_op op, const struct at_args *args)
{
	int mode = -1;

	if (op == AT_TEST) {
		modem_say(m, "+CLCK: (\"SC\")");
		return at_ok();
	}
	if (op != AT_SET || strcmp(at_str(args, 0), "SC") != 0 || !at_int(args, 1, 0, 2, &mode)
		|| mode < 0)
		return at_cme(CME_PARAMETERS);
	if (mode == 2) {
		modem_say(m, "+CLCK: %d", m->pin_on);
		return at_ok();
	}
	if (m->pin_state != PIN_READY)
		return at_cme(CME_PIN_REQUIRED);
	if (!pin_is(m, at_str(args, 2)))
		return at_cme(CME_WRONG_PASSWORD);
	m->pin_left = PIN_TRIES;
	m->pin_on = mode == 1;
	return at_ok();
}

static struct at_result cpwd(struct modem *m, enum at_op op, const struct at_args *args)
{
	if (op == AT_TEST) {
		modem_say(m, "+CPWD: (\"SC\",8)");
		return at_ok();
	}
	if (op != AT_SET || strcmp(at_str(args, 0), "SC") != 0 || !may_be_pin(at_str(args, 2)))
		return at_cme(CME_PARAMETERS);
	if (!pin_is(m, at_str(args, 1)))
		return at_cme(CME_WRONG_PASSWORD);
	m->pin_left = PIN_TRIES;
	snprintf(m->pin, sizeof m->pin, "%s", at_str(args, 2));
	return at_ok();
}

const struct at_command at_sim[] = {
	{ "+CPIN", 0, cpin },
	{ "^CPIN", HUAWEI, huawei_cpin },
	{ "+CPINR", 0, cpinr },
	{ "+CLCK", 0, clck },
	{ "+CPWD", NEEDS_PIN, cpwd },
	{ NULL, 0, NULL },
};
