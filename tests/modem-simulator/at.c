/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at.c - the command line: echo, editing, taking it apart, and final result codes. See at.h. */
#include "at.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "playback.h"
#include "transcript.h"

#define CTRL_Z 0x1a
#define ESC 0x1b
#define NAME_MAX_OCTETS 16

static const struct { int code; const char *words; } cme_words[] = {
	{ CME_NOT_ALLOWED, "operation not allowed" },
	{ CME_NOT_SUPPORTED, "operation not supported" },
	{ CME_PIN_REQUIRED, "SIM PIN required" },
	{ CME_PUK_REQUIRED, "SIM PUK required" },
	{ CME_SIM_FAILURE, "SIM failure" },
	{ CME_WRONG_PASSWORD, "incorrect password" },
	{ CME_PARAMETERS, "Incorrect parameters" },
};

struct at_result at_ok(void)
{
	return (struct at_result){ .kind = AT_OK };
}

struct at_result at_error(void)
{
	return (struct at_result){ .kind = AT_ERROR };
}

struct at_result at_later(void)
{
	return (struct at_result){ .kind = AT_LATER };
}

struct at_result at_no_carrier(void)
{
	return (struct at_result){ .kind = AT_NO_CARRIER };
}

struct at_result at_cme(int code)
{
	return (struct at_result){ .kind = AT_CME, .code = code };
}

struct at_result at_cms(int code)
{
	return (struct at_result){ .kind = AT_CMS, .code = code };
}

static void say_cme(struct modem *m, int code)
{
	if (m->set.cmee == 0) {
		modem_say(m, "ERROR");
		return;
	}
	for (size_t i = 0; m->set.cmee == 2 && i < sizeof cme_words / sizeof *cme_words; i++) {
		if (cme_words[i].code == code) {
			modem_say(m, "+CME ERROR: %s", cme_words[i].words);
			return;
		}
	}
	modem_say(m, "+CME ERROR: %d", code);
}

void at_finish(struct modem *m, struct at_result r)
{
	switch (r.kind) {
	case AT_OK:
		modem_say(m, "OK");
		break;
	case AT_ERROR:
		modem_say(m, "ERROR");
		break;
	case AT_NO_CARRIER:
		modem_say(m, "NO CARRIER");
		break;
	case AT_CME:
		say_cme(m, r.code);
		break;
	case AT_CMS:
		modem_say(m, "+CMS ERROR: %d", r.code);
		break;
	case AT_LATER:
		break;
	}
}

const char *at_str(const struct at_args *args, int i)
{
	return i < args->n ? args->a[i].s : "";
}

bool at_int(const struct at_args *args, int i, int min, int max, int *ret)
{
	const char *s = at_str(args, i);
	int v = 0;

	if (*s == 0)
		return true;
	for (; *s; s++) {
		if (!isdigit((unsigned char)*s) || v > 100000)
			return false;
		v = v * 10 + (*s - '0');
	}
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

/* Cuts `s` at its commas, in place; false when there are too many or a quote stays open. */
static bool take_apart(char *s, struct at_args *ret)
{
	ret->n = 0;
	for (;;) {
		if (ret->n == ARGS_MAX)
			return false;
		while (*s == ' ')
			s++;
		bool quoted = *s == '"';
		char *end = quoted ? strchr(++s, '"') : s + strcspn(s, ",");
		if (!end)
			return false;
		ret->a[ret->n].quoted = quoted;
		ret->a[ret->n++].s = s;
		char *next = quoted ? end + 1 : end;
		while (*next == ' ')
			next++;
		char stop = *next;
		*end = 0;
		if (stop == 0)
			return true;
		if (stop != ',')
			return false;
		s = next + 1;
	}
}

static const struct at_command *find(const char *name)
{
	const struct at_command *const tables[] = { at_general, at_sim, at_sms };

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct at_command *c = tables[t]; c->name; c++)
			if (strcasecmp(c->name, name) == 0)
				return c;
	return NULL;
}

static struct at_result locked(const struct modem *m, bool is_sms)
{
	if (is_sms)
		return at_cms(m->pin_state == PIN_WANTED ? CMS_PIN_REQUIRED
			: m->pin_state == PUK_WANTED ? CMS_PUK_REQUIRED : CMS_SIM_FAILURE);
	return at_cme(m->pin_state == PIN_WANTED ? CME_PIN_REQUIRED
		: m->pin_state == PUK_WANTED ? CME_PUK_REQUIRED : CME_SIM_FAILURE);
}

static struct at_result extended(struct modem *m, char *s)
{
	char name[NAME_MAX_OCTETS];
	size_t n =
		1 + strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
	struct at_args args = { 0 };
	enum at_op op = AT_RUN;

	if (n >= sizeof name)
		return at_cme(CME_NOT_SUPPORTED);
	memcpy(name, s, n);
	name[n] = 0;
	s += n;
	if (strcmp(s, "?") == 0)
		op = AT_READ;
	else if (strcmp(s, "=?") == 0)
		op = AT_TEST;
	else if (*s == '=')
		op = AT_SET;
	else if (*s != 0)
		return at_cme(CME_NOT_SUPPORTED);
	const struct at_command *c = find(name);
	if (!c || ((c->flags & HUAWEI) && !m->w->opt.huawei))
		return at_cme(CME_NOT_SUPPORTED);
	if (op == AT_SET && !take_apart(s + 1, &args))
		return c->flags & IS_SMS ? at_cms(CMS_BAD_PDU) : at_cme(CME_PARAMETERS);
	if ((c->flags & NEEDS_PIN) && op != AT_TEST && m->pin_state != PIN_READY)
		return locked(m, c->flags & IS_SMS);
	return c->run(m, op, &args);
}

void at_hang_up(struct modem *m)
{
	if (*m->caller)
		modem_hangup(m, "modem");
}

static struct at_result answer(struct modem *m)
{
	if (!*m->caller || m->answered)
		return at_no_carrier();
	m->answered = true;
	struct out *o = transcript_begin(m->w, (int)m->index, "answer");
	json_text(o, "from", m->caller);
	transcript_end(m->w);
	return at_ok();
}

/* One letter with its number, V.250 §5.3.1; *at moves past it. */
static struct at_result basic(struct modem *m, char **at)
{
	char letter = (char)toupper((unsigned char)*(*at)++);
	int number = 0;

	if (letter == '&' || letter == '\\')
		letter = (char)(*(*at) ? tolower((unsigned char)*(*at)++) : 0);
	if (letter == 'D') { /* outgoing calls have no room here */
		*at += strlen(*at);
		return at_no_carrier();
	}
	for (; isdigit((unsigned char)**at); (*at)++)
		number = number < 1000 ? number * 10 + (**at - '0') : number;
	if (letter == 'S') /* a register: taken, never used */
		*at += strcspn(*at, ";");
	switch (letter) {
	case 'Z':
	case 'f': { /* &F: settings only, the SIM stays open */
		m->set = (struct settings){ .echo = true };
		return at_ok();
	}
	case 'E':
		m->set.echo = number != 0;
		return at_ok();
	case 'H':
		at_hang_up(m);
		return at_ok();
	case 'A':
		return answer(m);
	case 'I':
		modem_say(m, "Manufacturer: %s", m->w->opt.huawei ? "huawei" : "Simulated");
		return at_ok();
	case 'V': /* numeric result codes aren't played */
		return number == 1 ? at_ok() : at_error();
	case 'Q': case 'X': case 'S': case 'L': case 'M': case 'O': case 'P': case 'T':
	case 'c': case 'd': case 'k': case 'w': case 'v':
		return at_ok();
	}
	return at_cme(CME_NOT_SUPPORTED);
}

static char *end_of_command(char *s)
{
	bool quoted = false;

	for (; *s && (quoted || *s != ';'); s++)
		if (*s == '"')
			quoted = !quoted;
	return s;
}

void at_run_line(struct modem *m)
{
	char *s = m->line;
	struct at_result r = at_ok();

	if (!m->w->opt.escape && *s == ESC) {
		at_finish(m, at_error());
		return;
	}
	while (*s && strncasecmp(s, "AT", 2) != 0)
		s++; /* V.250 §5.2.1: what comes before the prefix is nobody's */
	if (*s == 0)
		return;
	m->runs = true;
	for (s += 2; *s && r.kind == AT_OK;) {
		if (*s == ' ' || *s == ';') {
			s++;
		} else if (strchr("+^$*%", *s)) {
			char *end = end_of_command(s);
			bool more = *end != 0;
			*end = 0;
			r = extended(m, s);
			s = more ? end + 1 : end;
		} else {
			r = basic(m, &s);
		}
	}
	at_finish(m, r);
	m->runs = false;
}

static void echo(struct modem *m, char c)
{
	if (m->set.echo && m->w->opt.echo)
		out_add(&m->tx, &c, 1);
}

static void line_ends(struct modem *m)
{
	bool too_long = m->line_long;

	m->line[m->line_n] = 0;
	m->line_n = 0;
	m->line_long = false;
	if (too_long)
		at_finish(m, at_error());
	else if (!playback_takes(m, false))
		at_run_line(m);
}

static void add(struct modem *m, char c)
{
	if (m->line_n < LINE_MAX_OCTETS)
		m->line[m->line_n++] = c;
	else
		m->line_long = true;
}

static void run_message(struct modem *m, bool too_long)
{
	struct at_result r = too_long ? at_cms(CMS_BAD_PDU) : at_pdu_entered(m);

	m->entry = ENTRY_NONE;
	at_finish(m, r);
}

void at_run_message(struct modem *m)
{
	run_message(m, false);
}

static void entry_octet(struct modem *m, char c)
{
	if (c == ESC) { /* TS 27.005 §3.5.1 */
		m->entry = ENTRY_NONE;
		m->line_n = 0;
		m->line_long = false;
		at_finish(m, at_ok());
	} else if (c == CTRL_Z) {
		bool too_long = m->line_long;
		m->line[m->line_n] = 0;
		m->line_n = 0;
		m->line_long = false;
		if (too_long || !playback_takes(m, true))
			run_message(m, too_long);
	} else if (c != '\r' && c != '\n') {
		add(m, c);
	}
}

void at_octet(struct modem *m, char c)
{
	m->line_ms = m->w->now_ms;
	echo(m, c);
	if (m->entry != ENTRY_NONE) {
		entry_octet(m, c);
		return;
	}
	switch (c) {
	case '\r':
		line_ends(m);
		break;
	case '\n':
	case 0:
		break;
	case '\b':
		if (m->line_n)
			m->line_n--;
		break;
	default:
		if (m->line_n == 0)
			m->line_us = transcript_clock_us();
		add(m, c);
	}
}
