/* SPDX-License-Identifier: GPL-3.0-or-later */
/* commands.c - see commands.h. */
#include "commands.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modem.h"
#include "network.h"
#include "phone.h"
#include "text.h"
#include "transcript.h"

#define WORDS_MAX 5
#define PDU_HEX_MAX 1000
#define DAY_MS 86400000

struct call {
	struct world *w;
	struct modem *m; /* when the row says that the first word is one */
	const char *a[WORDS_MAX];
	struct out *answer;
	struct wait *wait;
};

struct command {
	const char *name, *args;
	int n; /* words after the name; the last one is the rest of the line */
	bool on_modem; /* the first word is a modem */
	const char *(*run)(struct call *c); /* NULL, or what was wrong */
	const char *help;
};

void command_error(struct out *answer, const char *text)
{
	json_open(answer, NULL, '{');
	json_text(answer, "error", text);
	json_close(answer, '}');
}

static const char *done(struct call *c)
{
	json_open(c->answer, NULL, '{');
	json_bool(c->answer, "ok", true);
	json_close(c->answer, '}');
	return NULL;
}

/* --- texts and calls to modems --- */

static const char *text_to_modem(struct call *c, const char *text, int64_t ago_s)
{
	unsigned parts = network_text(c->w, c->m, c->a[1], text, ago_s);

	if (parts == 0)
		return "no text: malformed UTF-8, too long, or no such sender";
	json_open(c->answer, NULL, '{');
	json_int(c->answer, "parts", parts);
	json_int(c->answer, "waiting", c->m->texts.n);
	json_close(c->answer, '}');
	return NULL;
}

static const char *run_sms(struct call *c)
{
	return text_to_modem(c, c->a[2], 0);
}

static const char *run_sms_at(struct call *c)
{
	int64_t ago;

	if (!number_read(c->a[2], -400LL * 86400, 10LL * 366 * 86400, &ago))
		return "SECONDS-AGO is -400 days to ten years";
	return text_to_modem(c, c->a[3], ago);
}

static const char *run_sms_pdu(struct call *c)
{
	size_t n = strlen(c->a[1]);

	if (n == 0 || n > PDU_HEX_MAX || strspn(c->a[1], "0123456789ABCDEFabcdef") != n)
		return "HEX is 1 to 1000 hex digits";
	int slot = modem_store(c->m, c->m->set.mem[2], c->a[1], STAT_UNREAD);
	if (slot < 0)
		return "no slot is free";
	unsigned shown = (unsigned)slot + modem_first_slot(c->m);
	if (c->m->set.cnmi[CNMI_MT] == 1)
		modem_message_indicate(
			c->m, "+CMTI: \"%s\",%u", c->m->set.mem[2] ? "ME" : "SM", shown);
	json_open(c->answer, NULL, '{');
	json_int(c->answer, "index", shown);
	json_close(c->answer, '}');
	return NULL;
}

static const char *run_call(struct call *c)
{
	char from[ADDRESS_MAX];

	if (!address_normal(c->a[1], from))
		return "FROM is no number";
	return modem_call(c->m, from) ? done(c) : "busy: a call is going on, or no service";
}

/* --- phones --- */

static struct phone *known(struct call *c, const char *said)
{
	char normal[ADDRESS_MAX];
	return address_normal(said, normal) ? phones_find(c->w->phones, normal) : NULL;
}

static struct phone *made(struct call *c, const char *said)
{
	char normal[ADDRESS_MAX];
	return address_normal(said, normal) ? phones_get(c->w->phones, normal) : NULL;
}

static void show_message(struct call *c, const struct message *m)
{
	struct out *o = c->answer, text = { 0 };
	bool complete = m->text != NULL;

	json_open(o, NULL, '{');
	json_text(o, "from", m->from);
	json_int(o, "modem", m->modem);
	if (!complete) {
		message_text(m, &text);
		out_add(&text, "", 1);
	}
	json_text(o, "text", complete ? m->text : text.p);
	out_free(&text);
	json_int(o, "parts", m->part.total);
	if (!complete)
		json_int(o, "got", m->got);
	json_bool(o, "complete", complete);
	if (m->msg_class < 0)
		json_null(o, "class");
	else
		json_int(o, "class", m->msg_class);
	json_text(o, "alphabet", alphabet_name(m->alphabet));
	json_int(o, "ms", m->ms);
	json_int(o, "copies", m->copies);
	json_close(o, '}');
}

static const char *run_phone(struct call *c)
{
	char normal[ADDRESS_MAX];

	if (!address_normal(c->a[0], normal))
		return "no such number";
	const struct phone *ph =
		phones_find(c->w->phones, normal); /* NULL: it never got anything */
	json_open(c->answer, NULL, '{');
	json_text(c->answer, "number", normal);
	json_int(c->answer, "held", ph ? (int64_t)ph->held : 0);
	json_open(c->answer, "messages", '[');
	for (const struct message *m = ph ? ph->first : NULL; m; m = m->next)
		show_message(c, m);
	for (const struct message *m = ph ? ph->open : NULL; m; m = m->next)
		show_message(c, m);
	json_close(c->answer, ']');
	json_close(c->answer, '}');
	return NULL;
}

static const char *run_phones(struct call *c)
{
	const struct phone *ph;

	json_open(c->answer, NULL, '{');
	json_open(c->answer, "phones", '[');
	for (size_t i = 0; (ph = phones_at(c->w->phones, i)); i++) {
		json_open(c->answer, NULL, '{');
		json_text(c->answer, "number", ph->number);
		json_int(c->answer, "messages", (int64_t)ph->complete);
		json_int(c->answer, "parts", (int64_t)ph->parts);
		json_close(c->answer, '}');
	}
	json_close(c->answer, ']');
	json_close(c->answer, '}');
	return NULL;
}

static const char *start_wait(struct call *c, const char *count, const char *timeout)
{
	int64_t n, ms;

	if (!number_read(count, 0, 100000000, &n) || !number_read(timeout, 0, DAY_MS, &ms))
		return "COUNT and TIMEOUT-MS are numbers";
	c->wait->waits = true;
	c->wait->count = (uint64_t)n;
	c->wait->until_ms = c->w->now_ms + ms;
	return NULL;
}

static const char *run_wait(struct call *c)
{
	if (!address_normal(c->a[0], c->wait->number))
		return "no such number";
	return start_wait(c, c->a[1], c->a[2]);
}

static const char *run_wait_total(struct call *c)
{
	c->wait->all = true;
	return start_wait(c, c->a[0], c->a[1]);
}

bool command_wait_over(struct world *w, const struct wait *wait, struct out *answer)
{
	const struct phone *ph = wait->all ? NULL : phones_find(w->phones, wait->number);
	uint64_t have = wait->all ? w->count.messages : ph ? ph->complete : 0;
	bool enough = have >= wait->count;

	if (!enough && w->now_ms < wait->until_ms)
		return false;
	json_open(answer, NULL, '{');
	if (!enough)
		json_text(answer, "error", "timeout");
	if (!wait->all)
		json_text(answer, "number", wait->number);
	json_int(answer, "messages", (int64_t)have);
	json_close(answer, '}');
	return true;
}

static const char *run_bar(struct call *c)
{
	int64_t code;
	struct phone *ph = number_read(c->a[1], 1, 999, &code) ? made(c, c->a[0]) : NULL;

	if (!ph)
		return "no such number or code (1 to 999), or 100,000 phones exist";
	ph->barred = (int)code;
	return done(c);
}

static const char *run_unbar(struct call *c)
{
	struct phone *ph = known(c, c->a[0]);

	if (ph)
		ph->barred = 0;
	return done(c);
}

static const char *run_phone_state(struct call *c)
{
	static const char *const word[] = { "on", "off", "gone" };
	struct phone *ph = made(c, c->a[0]);

	if (!ph)
		return "no such number, or 100,000 phones exist";
	for (int i = 0; i < 3; i++) {
		if (strcmp(word[i], c->a[1]) == 0) {
			network_phone_state(c->w, ph, (enum phone_state)i);
			return done(c);
		}
	}
	return "on, off or gone";
}

/* --- what goes wrong --- */

static const char *run_next_error(struct call *c)
{
	int64_t code, count;
	bool is_cme = strcmp(c->a[1], "CME") == 0;

	if ((!is_cme && strcmp(c->a[1], "CMS")) || !number_read(c->a[2], 0, 999, &code)
	    || !number_read(c->a[3], 0, 1000000, &count))
		return "CMS or CME, CODE 0 to 999, COUNT 0 to 1,000,000";
	c->m->fail_is_cme = is_cme;
	c->m->fail_code = (int)code;
	c->m->fail_left = (int)count;
	return done(c);
}

static const char *run_ussd(struct call *c)
{
	static const char *const ways[] = { "usual", "plain", "ucs2", "packed", "menu", "coded",
		"none" };
	int64_t ms;

	if (!number_read(c->a[2], 0, DAY_MS, &ms) || strlen(c->a[3]) >= sizeof c->m->ussd_said)
		return "MS from 0, a text of at most 182 octets";
	for (int i = 0; i <= USSD_NONE; i++) {
		if (strcmp(ways[i], c->a[1]) != 0)
			continue;
		c->m->ussd_way = (enum ussd_way)i;
		c->m->ussd_after_ms = (int)ms;
		snprintf(c->m->ussd_said, sizeof c->m->ussd_said, "%s", c->a[3]);
		for (char *p = c->m->ussd_said; c->m->ussd_way != USSD_UCS2 && *p; p++)
			if (*p == '|')
				*p = '\n';
		return done(c);
	}
	return "usual, plain, ucs2, packed, menu, coded or none";
}

static const char *run_dlr(struct call *c)
{
	if (strcmp(c->a[0], "on") && strcmp(c->a[0], "off"))
		return "on or off";
	c->w->reports_on = strcmp(c->a[0], "on") == 0;
	return done(c);
}

static const char *run_hang(struct call *c)
{
	int64_t ms;

	if (!number_read(c->a[1], 0, DAY_MS, &ms))
		return "MS is 0 to one day";
	c->m->hang_until_ms = c->w->now_ms + ms;
	return done(c);
}

static const char *run_wedge(struct call *c)
{
	c->m->hang_until_ms = c->w->now_ms + DAY_MS;
	c->m->wedged = true;
	return done(c);
}

static const char *run_chatter(struct call *c)
{
	int64_t ms;

	if (!number_read(c->a[1], 0, DAY_MS, &ms))
		return "MS is 0 to one day";
	c->m->chatter_until_ms = c->w->now_ms + ms;
	return done(c);
}

static const char *run_unplug(struct call *c)
{
	modem_unplug(c->m);
	return done(c);
}

static const char *run_plug(struct call *c)
{
	return modem_plug(c->m) ? done(c) : "the pty can't be made";
}

static const char *run_brownout(struct call *c)
{
	modem_reset(c->m);
	c->m->set.text_mode = !c->m->w->opt.huawei;
	return done(c);
}

/* --- settings --- */

static const char *set_pin(struct modem *m, const char *value)
{
	size_t n = strlen(value);

	if (strcmp(value, "off") == 0) {
		m->pin_on = false;
		m->pin_state = PIN_READY;
		return NULL;
	}
	if (n < 4 || n > 8 || strspn(value, "0123456789") != n)
		return "pin: 4 to 8 digits, or off";
	memcpy(m->pin, value, n + 1);
	m->pin_on = true;
	m->pin_left = 3;
	m->puk_left = 10;
	m->pin_state = PIN_WANTED;
	return NULL;
}

static const char *set_slots(struct modem *m, int64_t n)
{
	struct store *s = m->mem + MEM_SM;

	for (unsigned i = (unsigned)n; i < SLOTS_MAX; i++)
		if (s->slots[i].pdu)
			return "slots: a text stands beyond";
	s->n = (unsigned)n;
	modem_take_waiting(m);
	return NULL;
}

static const char *set_one(struct modem *m, const char *what, const char *value)
{
	static const struct { const char *name; int64_t min, max; } row[] = {
		{ "air-ms", 0, DAY_MS }, { "dlr-ms", -1, DAY_MS }, { "signal", 0, 99 },
		{ "registered", 0, 5 }, { "slots", 1, SLOTS_MAX },
	};
	int64_t v;
	size_t i = 0;

	if (strcmp(what, "pin") == 0)
		return set_pin(m, value);
	while (i < 5 && strcmp(row[i].name, what))
		i++;
	if (i == 5)
		return "air-ms, dlr-ms, signal, registered, pin or slots";
	if (!number_read(value, row[i].min, row[i].max, &v))
		return "VALUE is no number, or out of range";
	if (i == 4)
		return set_slots(m, v);
	int *field[] = { &m->air_ms, &m->dlr_ms, &m->signal, &m->reg_wanted };
	*field[i] = (int)v;
	return NULL;
}

static struct modem *find_modem(struct world *w, const char *said)
{
	int64_t i;
	return number_read(said, 0, w->opt.modems - 1, &i) ? w->modems[i] : NULL;
}

static const char *run_set(struct call *c)
{
	struct modem *one = find_modem(c->w, c->a[0]);
	const char *wrong = NULL;

	if (!one && strcmp(c->a[0], "all"))
		return "no such modem";
	for (int i = 0; i < c->w->opt.modems && !wrong; i++)
		if (!one || one == c->w->modems[i])
			wrong = set_one(c->w->modems[i], c->a[1], c->a[2]);
	return wrong ? wrong : done(c);
}

/* --- state --- */

static void show_store(struct call *c, int mem, const char *key)
{
	const struct store *s = c->m->mem + mem;

	json_open(c->answer, key, '[');
	for (unsigned i = 0; i < s->n; i++) {
		if (!s->slots[i].pdu)
			continue;
		json_open(c->answer, NULL, '{');
		json_int(c->answer, "index", i + modem_first_slot(c->m));
		json_int(c->answer, "stat", s->slots[i].stat);
		json_text(c->answer, "pdu", s->slots[i].pdu);
		json_close(c->answer, '}');
	}
	json_close(c->answer, ']');
}

static const char *run_sim(struct call *c)
{
	static const char *const pin[] = { "ready", "pin", "puk", "blocked" };
	struct modem *m = c->m;
	struct out *o = c->answer;

	json_open(o, NULL, '{');
	json_int(o, "modem", m->index);
	json_text(o, "number", m->number);
	json_text(o, "imei", m->imei);
	json_text(o, "imsi", m->imsi);
	json_text(o, "iccid", m->iccid);
	json_bool(o, "plugged", m->plugged);
	json_int(o, "slots", m->mem[MEM_SM].n);
	json_int(o, "used", modem_used(m, MEM_SM));
	show_store(c, MEM_SM, "storage");
	show_store(c, MEM_ME, "storage_me");
	show_store(c, MEM_SR, "storage_sr");
	json_int(o, "waiting", m->texts.n);
	json_int(o, "reports_waiting", m->reports.n);
	json_text(o, "pin", pin[m->pin_state]);
	json_int(o, "tries_left", m->pin_left);
	json_int(o, "puk_tries_left", m->puk_left);
	json_int(o, "mr", m->mr);
	json_int(o, "registered", modem_registered(m));
	json_int(o, "signal", m->signal);
	json_bool(o, "on_air", m->on_air);
	json_bool(o, "ringing", *m->caller != 0);
	json_bool(o, "echo", m->set.echo);
	json_open(o, "cnmi", '[');
	for (int i = 0; i < CNMI_N; i++)
		json_int(o, NULL, m->set.cnmi[i]);
	json_close(o, ']');
	json_close(o, '}');
	return NULL;
}

static const char *run_count(struct call *c)
{
	const struct counts *n = &c->w->count;
	struct out *o = c->answer;

	json_open(o, NULL, '{');
	json_int(o, "submitted", (int64_t)n->submitted);
	json_int(o, "parts", (int64_t)n->parts);
	json_int(o, "messages", (int64_t)n->messages);
	json_int(o, "reports", (int64_t)n->reports);
	json_int(o, "mo", (int64_t)n->mo);
	json_int(o, "calls", (int64_t)n->calls);
	json_int(o, "hangups", (int64_t)n->hangups);
	json_close(o, '}');
	return NULL;
}

static const char *run_quit(struct call *c)
{
	c->w->ends = true;
	return done(c);
}

static const struct command commands[] = {
	{ "sms", "MODEM FROM TEXT", 3, true, run_sms, "a phone texts this SIM now" },
	{ "sms-at", "MODEM FROM SECONDS-AGO TEXT", 4, true, run_sms_at, "the same, sent earlier, or (below 0) by a clock ahead" },
	{ "sms-pdu", "MODEM HEX", 2, true, run_sms_pdu, "stores that PDU, malformed or not" },
	{ "call", "MODEM FROM", 2, true, run_call, "rings until hung up, 30 s at most" },
	{ "phone", "NUMBER", 1, false, run_phone, "what that phone got" },
	{ "phones", "", 0, false, run_phones, "all phones, with counts" },
	{ "wait", "NUMBER COUNT TIMEOUT-MS", 3, false, run_wait, "until it has COUNT messages" },
	{ "wait-total", "COUNT TIMEOUT-MS", 2, false, run_wait_total,
		"until all phones have COUNT" },
	{ "next-error", "MODEM CMS|CME CODE COUNT", 4, true, run_next_error,
		"the next sends fail" },
	{ "ussd", "MODEM usual|plain|ucs2|packed|menu|coded|none MS TEXT", 4, true, run_ussd,
		"what any USSD code is answered with, after MS; | is a line break" },
	{ "bar", "NUMBER CODE", 2, false, run_bar, "sends to it fail with +CMS ERROR" },
	{ "unbar", "NUMBER", 1, false, run_unbar, "no longer" },
	{ "phone-state", "NUMBER on|off|gone", 2, false, run_phone_state,
		"off: texts wait for on" },
	{ "dlr", "on|off", 1, false, run_dlr, "whether there are status reports at all" },
	{ "set", "MODEM|all air-ms|dlr-ms|signal|registered|pin|slots VALUE", 3, false, run_set,
		"" },
	{ "hang", "MODEM MS", 2, true, run_hang, "swallows commands, answers nothing" },
	{ "wedge", "MODEM", 1, true, run_wedge, "hangs until AT+CFUN=1,1" },
	{ "chatter", "MODEM MS", 2, true, run_chatter, "writes ^RSSI lines all the time" },
	{ "brownout", "MODEM", 1, true, run_brownout, "it begins anew, its port stays (plain: in text mode)" },
	{ "unplug", "MODEM", 1, true, run_unplug, "the port goes away" },
	{ "plug", "MODEM", 1, true, run_plug, "and comes back, powered on anew" },
	{ "sim", "MODEM", 1, true, run_sim, "state of modem and SIM" },
	{ "count", "", 0, false, run_count, "sums" },
	{ "quit", "", 0, false, run_quit, "ends the simulator" },
};
#define COMMANDS (sizeof commands / sizeof *commands)

void commands_help(void)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *c = commands + i;
		printf("  %s%s%s\n", c->name, *c->args ? " " : "", c->args);
		if (*c->help)
			printf("      %s\n", c->help);
	}
}

/* The words after the name; the last one keeps its spaces. */
static int split(char *s, const char **ret, int n)
{
	int k = 0;

	while (s && k < n) {
		ret[k++] = s;
		s = k < n ? strchr(s, ' ') : NULL;
		if (s)
			*s++ = 0;
	}
	return k;
}

void command_run(struct world *w, char *line, struct out *answer, struct wait *ret_wait)
{
	struct call c = { .w = w, .answer = answer, .wait = ret_wait };
	const struct command *cmd = NULL;
	char *rest = strchr(line, ' ');
	char wrong[200];

	if (rest)
		*rest++ = 0;
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, line) == 0)
			cmd = commands + i;
	if (!cmd) {
		command_error(answer, "no such command");
		return;
	}
	if ((cmd->n == 0 && rest) || split(rest, c.a, cmd->n) != cmd->n
		|| (cmd->n && !*c.a[cmd->n - 1])) {
		snprintf(wrong, sizeof wrong, "usage: %s %s", cmd->name, cmd->args);
		command_error(answer, wrong);
		return;
	}
	c.m = cmd->on_modem ? find_modem(w, c.a[0]) : NULL;
	const char *error = cmd->on_modem && !c.m ? "no such modem" : cmd->run(&c);
	if (error)
		command_error(answer, error);
}
