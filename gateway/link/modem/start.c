/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a device's name to a modem that is registered: what staff see when it doesn't get there. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "link/modem/at.h"
#include "link/modem/confine.h"
#include "link/modem/device.h"
#include "link/modem/gammu.h"

#include "base/banned.h"

#define OPEN_MS 10000     /* a killed predecessor's descriptor may close late */
#define RECOVER_MS 10000
#define BARE_MAX 3        /* answers without an echo, though ATE1 was said between */
#define STUCK_ROUNDS 3
#define PROBING_OPEN_MS 300
#define PROBING_MS 3000
#define RESTARTED_MS 25000 /* AT+CFUN=1,1: what the modem takes to come back, on a plain serial line */
#define DTR_LOW_MS 500
#define ON_AIR_MS 95000   /* a part of the predecessor's may be on the air for so long */
#define SIM_READY_MS 30000
#define MESSAGES_READY_MS 20000
#define PIN_MS 30000
#define PROBE_MS 4000     /* how often a quiet modem is asked whether it lives */
#define LOOK_MS 30000
#define CME_NO_SIM 10
#define CME_SIM_BUSY 14

void start_open(struct modem *m)
{
	int64_t until = clock_monotonic_ms() + (m->cfg.probing ? PROBING_OPEN_MS : OPEN_MS);
	for (;;) {
		struct err e = device_open(m->cfg.device, m->cfg.connection, &m->device);
		if (!err_is(e))
			return;
		if (e.code != ERR_BUSY || clock_monotonic_ms() >= until) {
			char reason[512];
			modem_fail(m, err_text(&e, reason, sizeof reason));
		}
		modem_pause(m, 20);
	}
}

/* Whatever state the last user left the modem in - a message half written, a part on the air, echo
 * off - it answers AT with echo and OK in the end. All that it says meanwhile is looked at. */
void start_recover(struct modem *m, int64_t within_ms)
{
	static const char escape = 0x1b; /* leaves the "> " prompt without sending */
	static const char ctrl_z = 0x1a; /* where it doesn't: what was typed there by now is no PDU */
	int64_t until = clock_monotonic_ms() + within_ms;
	int64_t wait = 300;
	for (unsigned bare = 0, rounds = 0;;) {
		struct at_reply r;
		modem_write(m, span_make(&escape, 1));
		if (++rounds > STUCK_ROUNDS)
			modem_write(m, span_make(&ctrl_z, 1));
		int64_t left = until - clock_monotonic_ms();
		enum at_result result = at_try(m, "AT", wait < left ? wait : left, &r);
		if (result == AT_ERROR) /* it took the escape for a part of the command */
			result = at_try(m, "AT", wait, &r);
		if (result == AT_OK)
			return;
		if (r.was_bare && ++bare >= BARE_MAX)
			m->is_echoless = true;
		if (clock_monotonic_ms() >= until)
			modem_fail_mute(m, "the modem does not answer AT; unplug it and plug it in again");
		(void)at_try(m, "ATE1", 100, NULL); /* echo may be off: then this brings it back */
		wait = wait < 1000 && !r.was_bare ? wait * 2 : wait;
	}
}

/* ---- SIM and PIN */

static void copy_digits(char *ret, size_t room, const char *line)
{
	const char *p = line + strcspn(line, "0123456789");
	size_t n = strspn(p, "0123456789");
	if (n >= room)
		n = 0;
	memcpy(ret, p, n);
	ret[n] = '\0';
}

static void ask_iccid(struct modem *m, char ret[32])
{
	static const char *const commands[] = { "AT+CCID", "AT+ICCID", "AT^ICCID?", "AT+QCCID",
		"AT+CICCID" /* SIM7600 */ };
	ret[0] = '\0';
	for (size_t i = 0; i < sizeof commands / sizeof commands[0] && ret[0] == '\0'; i++) {
		struct at_reply r;
		if (at_run(m, commands[i], AT_SHORT_MS, &r) == AT_OK)
			copy_digits(ret, 32, r.line);
		if (strlen(ret) < 18) /* ITU-T E.118: 19 or 20 digits, 18 without the check digit */
			ret[0] = '\0';
	}
}

static int32_t ask_tries(struct modem *m)
{
	static const struct {
		const char *command;
		unsigned field; /* of the tries left for the PIN */
	} ways[] = {
		{ "AT^CPIN?", 3 },  /* Huawei: ^CPIN: SIM PIN,3,10,3,10,3 */
		{ "AT+CPINR", 1 },  /* 27.007: +CPINR: SIM PIN,3,3 */
		{ "AT+QPINC?", 1 }, /* Quectel: +QPINC: "SC",3,10 */
		{ "AT+QPINC", 1 },
		{ "AT+SPIC", 0 },   /* SIMCom: +SPIC: 3,10,3,10 */
	};
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		struct at_reply r;
		int64_t tries = -1;
		if (at_run(m, ways[i].command, AT_SHORT_MS, &r) == AT_OK &&
		    line_number(span_of(r.line), ways[i].field, 0, 10, &tries))
			return (int32_t)tries;
	}
	return -1;
}

/* Waits until the parent sends a PIN, showing meanwhile whether the modem lives. */
static void wait_for_pin(struct modem *m)
{
	while (!m->may_unlock) {
		if (m->finish)
			modem_end(m);
		modem_turn(m, PROBE_MS);
		if (clock_monotonic_ms() - m->heard_ms >= PROBE_MS)
			(void)at_run(m, "AT", AT_SHORT_MS, NULL);
	}
}

static void unlock(struct modem *m)
{
	char command[32], iccid[32], imei[32];
	struct at_reply r;
	ask_iccid(m, iccid);
	imei[0] = '\0';
	if (at_run(m, "AT+CGSN", AT_SHORT_MS, &r) == AT_OK)
		copy_digits(imei, sizeof imei, r.line);
	tell_state(m, MODEM_LOCKED, "the SIM asks for its PIN");
	tell_pin_asked(m, ask_tries(m), iccid, imei);
	for (;;) {
		wait_for_pin(m);
		(void)snprintf(command, sizeof command, "AT+CPIN=\"%s\"", m->pin);
		/* no recovery here: whether the PIN was tried must not be guessed */
		enum at_result result = at_try(m, command, PIN_MS, NULL);
		explicit_bzero(command, sizeof command);
		explicit_bzero(m->pin, sizeof m->pin);
		m->may_unlock = false;
		if (result == AT_TIMEOUT)
			modem_fail(m, "the modem did not answer to the PIN");
		tell_octet(m, FRAME_PIN_RESULT, result == AT_OK ? 1 : 0);
		if (result == AT_OK)
			return;
		tell_state(m, MODEM_LOCKED, "the SIM refused the PIN; correct it in the configuration");
	}
}

static void wait_for_sim(struct modem *m)
{
	int64_t until = clock_monotonic_ms() + SIM_READY_MS;
	for (;;) {
		struct at_reply r;
		struct span what = { .n = 0 };
		enum at_result result = at_run(m, "AT+CPIN?", AT_SHORT_MS, &r);
		if (result == AT_OK)
			(void)line_field(span_of(r.line), 0, &what);
		if (span_is(what, "READY"))
			return;
		if (span_is(what, "SIM PIN"))
			unlock(m);
		else if (span_is(what, "NOT INSERTED")) /* SIMCom */
			modem_fail(m, "there is no SIM in the modem");
		else if (line_starts(what, span_of("SIM PUK"))) {
			tell_state(m, MODEM_LOCKED, "the SIM asks for its PUK: unlock it in a phone");
			modem_fail(m, "the SIM asks for its PUK: unlock it in a phone");
		} else if (line_starts(what, span_of("PH-")))
			modem_fail(m, "the modem is locked to another operator's SIM");
		else if (result == AT_CME && r.code == CME_NO_SIM)
			modem_fail(m, "there is no SIM in the modem");
		else if (clock_monotonic_ms() >= until)
			modem_fail(m, result == AT_CME && r.code == CME_SIM_BUSY
			              ? "the SIM does not get ready" : "the SIM can't be read");
		else
			modem_pause(m, 200);
	}
}

/* ---- who it is, how it is set up */

/* What libGammu didn't find out: it gives up on modems that lack a command which Safar doesn't need. */
static void ask(struct modem *m, const char *command, bool is_number, char *ret, size_t room)
{
	struct at_reply r;
	if (ret[0] != '\0' || at_run(m, command, AT_SHORT_MS, &r) != AT_OK)
		return;
	if (is_number)
		copy_digits(ret, room, r.line);
	else if (!text_copy(ret, room, r.line))
		ret[0] = '\0';
}

static void identify(struct modem *m)
{
	struct identity who = { .maker = "" };
	char iccid[32];
	if (!m->is_echoless) { /* libGammu knows a reply by its echo */
		const char *reason = gammu_identify(m, &who);
		if (reason != NULL)
			modem_fail(m, reason);
	}
	ask(m, "AT+CGMI", false, who.maker, sizeof who.maker);
	ask(m, "AT+CGMM", false, who.model, sizeof who.model);
	ask(m, "AT+CGMR", false, who.firmware, sizeof who.firmware);
	ask(m, "AT+CGSN", true, who.imei, sizeof who.imei);
	ask(m, "AT+CIMI", true, who.imsi, sizeof who.imsi);
	ask_iccid(m, iccid);
	tell_identity(m, &who, iccid);
}

/* What came in meanwhile (a late +CMGS, a report) was read here and is lost to the link whose modem it
 * is: it counts for its SIM, if that tells who it is. */
static void tell_whose(struct modem *m)
{
	struct identity who = { .maker = "" };
	char iccid[32];
	ask(m, "AT+CIMI", true, who.imsi, sizeof who.imsi);
	ask_iccid(m, iccid);
	if (who.imsi[0] != '\0' || iccid[0] != '\0')
		tell_identity(m, &who, iccid);
}

/* Before anything is tried with its SIM: another modem's PIN must not be used up here. */
static void match_imei(struct modem *m)
{
	struct at_reply r = { .line = "" };
	char imei[32];
	if (m->cfg.imei[0] == '\0')
		return;
	(void)at_run(m, "AT+CGSN", AT_SHORT_MS, &r);
	copy_digits(imei, sizeof imei, r.line);
	/* some answer with the software version behind it (IMEISV), or without the check digit */
	if (strncmp(imei, m->cfg.imei, 14) != 0 || (strlen(imei) == 15 && imei[14] != m->cfg.imei[14])) {
		if (m->has_told)
			tell_whose(m);
		modem_fail(m, imei[0] == '\0' ? "the modem doesn't tell its IMEI"
		                              : "another modem is at this device");
	}
	tell_bare(m, FRAME_MATCHED);
}

/* One number that a list like "(0-2),(0,1,3),(0,2)" allows in its nth group. */
static bool allows(const char *list, unsigned group, char value)
{
	const char *p = strchr(list, '(');
	for (unsigned i = 0; p != NULL && i < group; i++)
		p = strchr(p + 1, '(');
	if (p == NULL)
		return false;
	for (p++; *p != '\0' && *p != ')'; p++) {
		if (*p == value)
			return true;
		if (p[1] == '-' && *p <= value && value <= p[2])
			return true;
	}
	return false;
}

/* What of `wanted` a modem's list has first in a group; the first of all where it tells no list. */
static char pick(const char *list, unsigned group, const char *wanted)
{
	for (const char *at = wanted; *at != '\0'; at++)
		if (allows(list, group, *at))
			return *at;
	return wanted[0];
}

static bool announce(struct modem *m, char mode, char ds, char bfr)
{
	char command[32];
	(void)snprintf(command, sizeof command, "AT+CNMI=%c,1,0,%c,%c", mode, ds, bfr);
	m->stores_reports = ds == '2';
	return at_run(m, command, AT_SHORT_MS, NULL) == AT_OK;
}

/* Texts are announced (mt = 1). Reports come whole (ds = 1), for the SIM's slots are few and some
 * firmware announces a wrong place (ds = 2); with neither they are found by polling. Some modems
 * have no other <bfr> than 1. */
static void set_up_events(struct modem *m)
{
	static const char modes[] = "21", reports[] = "120", buffers[] = "01";
	struct at_reply r = { .line = "" };
	(void)at_run(m, "AT+CNMI=?", AT_SHORT_MS, &r);
	if (announce(m, pick(r.line, 0, "213"), pick(r.line, 3, reports), pick(r.line, 4, buffers)))
		return;
	/* it refuses what it lists: the next best */
	for (const char *ds = reports; *ds != '\0'; ds++)
		for (const char *bfr = buffers; *bfr != '\0'; bfr++)
			for (const char *mode = modes; *mode != '\0'; mode++)
				if (announce(m, *mode, *ds, *bfr))
					return;
}

/* Modules refuse all that has to do with messages until they have read their SIM. */
static void wait_for_messages(struct modem *m)
{
	int64_t until = clock_monotonic_ms() + MESSAGES_READY_MS;
	while (at_run(m, "AT+CMGF=0", AT_SHORT_MS, NULL) != AT_OK) {
		if (clock_monotonic_ms() >= until)
			modem_fail(m, "the modem has no PDU mode; use another modem");
		if (m->finish)
			modem_end(m);
		modem_pause(m, 200);
	}
}

static void set_up(struct modem *m)
{
	wait_for_messages(m);
	(void)at_run(m, "AT+CSMS=0", AT_SHORT_MS, NULL); /* no acknowledging: texts are read from storage */
	(void)at_run(m, "AT+CSCS=\"GSM\"", AT_SHORT_MS, NULL); /* names of operators in letters */
	set_up_events(m);
	(void)at_run(m, "AT+CLIP=1", AT_SHORT_MS, NULL);
	(void)at_run(m, "AT+CREG=1", AT_SHORT_MS, NULL);
	(void)at_run(m, "AT+COPS=3,0", AT_SHORT_MS, NULL); /* names, not numbers */
	m->has_more = at_run(m, "AT+CMMS=?", AT_SHORT_MS, NULL) == AT_OK;
	storage_start(m);
	reset_note(m);
}

/* ---- the network */

static const char *registration_reason(int stat)
{
	switch (stat) {
	case 0:
		return "the modem is not looking for a network; is there an antenna?";
	case 2:
		return "looking for the network";
	case 3:
		return "the network refuses the SIM; is it paid and not blocked?";
	}
	return "not registered on the network";
}

/* 1 at home, 5 roaming; 6 and 7 the same for short messages only (27.007 §7.2) */
static bool is_registered(int stat)
{
	return stat == 1 || stat == 5 || stat == 6 || stat == 7;
}

static void ask_registration(struct modem *m)
{
	struct at_reply r;
	int64_t stat = 0;
	/* modules for LTE alone know no other network than EPS (27.007 §10.1.22) */
	if (at_run(m, "AT+CREG?", AT_SHORT_MS, &r) != AT_OK &&
	    at_run(m, "AT+CEREG?", AT_SHORT_MS, &r) != AT_OK)
		return;
	/* "+CREG: <n>,<stat>"; an event may have stood in for it: "+CREG: <stat>[,"lac","ci"]" */
	struct span line = span_of(r.line);
	unsigned field = line_quoted(line, 1) || !line_number(line, 1, 0, 10, &stat) ? 0 : 1;
	if (line_number(line, field, 0, 10, &stat))
		m->registration = (int)stat;
}

static void tell_registration(struct modem *m)
{
	m->registration_changed = false;
	if (is_registered(m->registration)) {
		if (m->state != MODEM_READY)
			tell_state(m, MODEM_READY, "");
	} else
		tell_state(m, MODEM_REGISTERING, registration_reason(m->registration));
}

static void wait_for_network(struct modem *m)
{
	int told = -2;
	for (;;) {
		ask_registration(m);
		if (is_registered(m->registration))
			return;
		if (told != m->registration)
			tell_state(m, MODEM_REGISTERING, registration_reason(m->registration));
		told = m->registration;
		m->registration_changed = false;
		int64_t until = clock_monotonic_ms() + 1000, left;
		while (!m->registration_changed && (left = until - clock_monotonic_ms()) > 0) {
			modem_turn(m, left);
			if (m->finish)
				modem_end(m);
		}
		if (call_is_due(m, clock_monotonic_ms()))
			call_hang_up(m);
	}
}

static void look_at_signal(struct modem *m)
{
	struct at_reply r;
	int64_t rssi = 99;
	int32_t percent = -1;
	char operator_[sizeof r.line] = "";
	struct span name;
	if (at_run(m, "AT+COPS?", AT_SHORT_MS, &r) == AT_OK && line_field(span_of(r.line), 2, &name))
		memcpy(operator_, name.p, name.n);
	if (operator_[0] == '\0')
		(void)text_copy(operator_, sizeof operator_, m->cfg.operator_);
	if (at_run(m, "AT+CSQ", AT_SHORT_MS, &r) == AT_OK &&
	    line_number(span_of(r.line), 0, 0, 99, &rssi) && rssi <= 31)
		percent = (int32_t)(rssi * 100 / 31);
	tell_signal(m, percent, operator_);
	m->look_due_ms = clock_monotonic_ms() + LOOK_MS;
}

void start_look(struct modem *m)
{
	ask_registration(m);
	tell_registration(m);
	look_at_signal(m);
}

/* Some modems begin anew when their user hangs up. */
static void reopen(struct modem *m)
{
	int lines = TIOCM_DTR | TIOCM_RTS;
	(void)ioctl(m->device, TIOCMBIC, &lines); /* what has no such lines is only closed and opened */
	modem_pause(m, DTR_LOW_MS);
	(void)ioctl(m->device, TIOCMBIS, &lines);
	(void)close(m->device);
	m->device = -1;
	start_open(m);
}

/* Whether it was heard shows by what comes: a modem on USB goes away and ends this process. */
static void restart_modem(struct modem *m)
{
	static const char restart[] = "\x1b\rAT+CFUN=1,1\r";
	modem_write(m, span_of(restart));
	modem_pause(m, 1000);
}

/* libGammu has opened what it needs by now; from here on only strangers' octets come. */
static void seal(struct modem *m)
{
	uint8_t held = 0;
	if (!confine_seal(m->cfg.device, &held))
		modem_fail(m, "the system refused to confine the modem's driver (seccomp)");
	tell_octet(m, FRAME_SANDBOX, held);
}

void start_all(struct modem *m)
{
	start_open(m);
	if (m->cfg.rung == RUNG_REOPEN)
		reopen(m);
	if (m->cfg.rung == RUNG_CFUN)
		restart_modem(m);
	start_recover(m, m->cfg.probing ? PROBING_MS : m->cfg.rung == RUNG_CFUN ? RESTARTED_MS
	                 : m->cfg.doubt && m->cfg.rung <= RUNG_AT ? ON_AIR_MS : RECOVER_MS);
	(void)at_run(m, "AT+CMEE=1", AT_SHORT_MS, NULL); /* errors by number */
	match_imei(m);
	wait_for_sim(m);
	identify(m);
	set_up(m);
	seal(m);
	wait_for_network(m);
	look_at_signal(m);
	tell_registration(m);
}
