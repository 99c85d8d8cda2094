/* SPDX-License-Identifier: GPL-3.0-or-later */
/* modem.c - a modem's life: power, its line, the radio, calls, and all its timers. See modem.h. */
#include "modem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "at.h"
#include "playback.h"
#include "transcript.h"

#define CHATTER_EVERY_MS 10
#define PIN_TRIES 3
#define PUK_TRIES 10

static char luhn(const char *digits)
{
	int sum = 0;
	size_t n = strlen(digits);

	for (size_t i = 0; i < n; i++) {
		int d = digits[n - 1 - i] - '0';
		if (i % 2 == 0)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

struct modem *modem_open(struct world *w, unsigned index)
{
	struct modem *m = sim_alloc(sizeof *m);

	m->w = w;
	m->index = index;
	m->tty = (struct tty){ .master = -1, .slave = -1, .watch = -1 };
	snprintf(m->number, sizeof m->number, "+7701900%04u", index % 10000);
	snprintf(m->imei, sizeof m->imei, "35390800%06u", index % 1000000);
	m->imei[14] = luhn(m->imei);
	snprintf(m->imsi, sizeof m->imsi, "401010%09u", index);
	snprintf(m->iccid, sizeof m->iccid, "899970100%09u", index);
	m->iccid[18] = luhn(m->iccid);
	snprintf(m->smsc, sizeof m->smsc, "%s", NETWORK_SMSC);
	snprintf(m->puk, sizeof m->puk, "12345678");
	snprintf(m->pin, sizeof m->pin, "%s", *w->opt.pin ? w->opt.pin : "0000");
	m->pin_on = *w->opt.pin != 0;
	m->pin_left = PIN_TRIES;
	m->puk_left = PUK_TRIES;
	m->reg_wanted = 1;
	m->signal = 20;
	m->air_ms = w->opt.air_ms;
	m->dlr_ms = w->opt.dlr_ms;
	m->air_slot = -1;
	m->air_until_ms = m->ack_until_ms = NEVER;
	m->mem[MEM_SM].n = (unsigned)w->opt.slots;
	m->mem[MEM_ME].n = ME_SLOTS;
	m->mem[MEM_SR].n = (unsigned)w->opt.report_slots;
	m->tx.limit = m->urc.limit = m->noise.limit = m->kept.limit = QUEUE_OCTETS;
	return m;
}

static void queue_free(struct mt_queue *q)
{
	for (struct mt *t = q->first, *next; t; t = next) {
		next = t->next;
		free(t);
	}
}

void modem_close(struct modem *m)
{
	if (!m)
		return;
	tty_close(&m->tty, m->w->inotify);
	for (int mem = 0; mem < MEMS; mem++)
		for (unsigned i = 0; i < SLOTS_MAX; i++)
			free(m->mem[mem].slots[i].pdu);
	queue_free(&m->texts);
	queue_free(&m->reports);
	free(m->unacked);
	playback_close(m->play);
	out_free(&m->tx);
	out_free(&m->urc);
	out_free(&m->noise);
	out_free(&m->kept);
	free(m);
}

void modem_reset(struct modem *m)
{
	m->set = (struct settings){ .echo = true };
	if (m->pin_state == PIN_READY && m->pin_on)
		m->pin_state = PIN_WANTED;
	m->cfun = 1;
	m->reg_said = -1;
	m->registers_ms = m->w->now_ms + m->w->opt.register_ms;
	m->line_n = 0;
	m->line_long = false;
	m->entry = ENTRY_NONE;
	m->ussd[0] = 0;
	out_clear(&m->urc);
	out_clear(&m->kept);
	modem_acknowledge(m, false);
	m->ack_until_ms = NEVER;
}

bool modem_plug(struct modem *m)
{
	char link[PATH_LIMIT];

	if (m->plugged)
		return true;
	snprintf(link, sizeof link, "%s/modem%u", m->w->opt.dir, m->index);
	if (!tty_open(&m->tty, m->w->inotify, link))
		return false;
	out_clear(&m->tx);
	m->plugged = true;
	modem_reset(m);
	playback_power(m);
	return true;
}

void modem_unplug(struct modem *m)
{
	if (!m->plugged)
		return;
	if (*m->caller)
		modem_hangup(m, "modem");
	tty_close(&m->tty, m->w->inotify);
	m->plugged = false;
	modem_reset(m);
	playback_power(m);
	m->rx_from = m->rx_n = 0;
	out_clear(&m->tx);
	out_clear(&m->noise);
}

/* --- the line --- */

__attribute__((format(printf, 3, 0)))
static void line(const struct modem *m, struct out *o, const char *fmt, va_list ap)
{
	char text[LINE_MAX_OCTETS + 256];
	int n = snprintf(text, sizeof text, "%s", m->w->opt.lead ? "\r\n" : "");

	n += vsnprintf(text + n, sizeof text - 2 - (size_t)n, fmt, ap);
	if (n < 0 || (size_t)n > sizeof text - 3)
		n = (int)sizeof text - 3;
	memcpy(text + n, "\r\n", 2);
	out_add(o, text, (size_t)n + 2);
}

void modem_say(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(m, &m->tx, fmt, ap);
	va_end(ap);
}

/* V.250 has no indication inside a command; a half-typed one holds it for a while only. */
static bool holds_indications(const struct modem *m)
{
	if (m->runs || playback_busy(m))
		return true;
	if (m->on_air || (!m->line_n && m->entry == ENTRY_NONE))
		return false;
	return m->w->now_ms - m->line_ms < LINE_PATIENCE_MS;
}

static void let_indications_go(struct modem *m)
{
	if (out_waiting(&m->urc) && !holds_indications(m)) {
		out_add(&m->tx, m->urc.p + m->urc.from, out_waiting(&m->urc));
		out_clear(&m->urc);
	}
}

void modem_indicate(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	if (!m->plugged)
		return;
	let_indications_go(m);
	va_start(ap, fmt);
	line(m, holds_indications(m) ? &m->urc : &m->tx, fmt, ap);
	va_end(ap);
}

void modem_indicate_octets(struct modem *m, const char *p, size_t n)
{
	if (!m->plugged)
		return;
	let_indications_go(m);
	out_add(holds_indications(m) ? &m->urc : &m->tx, p, n);
}

void modem_message_indicate(struct modem *m, const char *fmt, ...)
{
	va_list ap;

	if (!m->plugged)
		return;
	let_indications_go(m);
	va_start(ap, fmt);
	struct out *o = holds_indications(m) ? &m->urc : &m->tx;
	line(m, m->set.cnmi[CNMI_MODE] == 0 ? &m->kept : o, fmt, ap);
	va_end(ap);
}

static bool hangs(const struct modem *m)
{
	return m->w->now_ms < m->hang_until_ms;
}

bool modem_listens(const struct modem *m)
{
	return m->plugged && (hangs(m)
		|| (!m->on_air && !playback_busy(m) && m->rx_from == m->rx_n));
}

static void feed(struct modem *m)
{
	while (m->rx_from < m->rx_n && !m->on_air && !playback_busy(m))
		at_octet(m, m->rx[m->rx_from++]);
}

void modem_read(struct modem *m)
{
	if (!modem_listens(m))
		return;
	ssize_t n = read(m->tty.master, m->rx, sizeof m->rx);
	if (n <= 0) /* EIO: nobody there, which the slave held open rules out */
		return;
	m->rx_from = 0;
	if (m->wedged && memmem(m->rx, (size_t)n, "AT+CFUN=1,1", 11)) {
		m->wedged = false;
		m->hang_until_ms = m->w->now_ms;
		out_clear(&m->tx);
		modem_reset(m);
		n = 0;
	}
	m->rx_n = hangs(m) ? 0 : (size_t)n; /* a modem that hangs swallows its commands */
	feed(m);
}

static bool put(struct modem *m, struct out *o)
{
	while (out_waiting(o)) {
		ssize_t n = write(m->tty.master, o->p + o->from, out_waiting(o));
		if (n <= 0)
			return false;
		out_took(o, (size_t)n);
	}
	return true;
}

bool modem_wants_to_write(const struct modem *m)
{
	/* as modem_write() does: else a modem that hangs in the middle of a line keeps the loop busy */
	bool noise = out_waiting(&m->noise) && m->tx.from == 0;
	return m->plugged && (noise || (!hangs(m) && out_waiting(&m->tx)));
}

void modem_write(struct modem *m)
{
	let_indications_go(m);
	if (!m->plugged)
		return;
	if (m->tx.from == 0 && !put(m, &m->noise)) /* never in the middle of a line */
		return;
	if (!hangs(m))
		put(m, &m->tx);
	uint64_t lost = m->tx.lost + m->urc.lost + m->kept.lost;
	if (lost != m->lost_said) { /* once a turn, not once a line */
		struct out *o = transcript_begin(m->w, (int)m->index, "overflow");
		json_int(o, "lines_lost", (int64_t)lost);
		transcript_end(m->w);
		m->lost_said = lost;
	}
}

/* --- the radio --- */

int modem_registered(const struct modem *m)
{
	if (!m->plugged || m->cfun != 1 || m->pin_state != PIN_READY)
		return 0;
	if (m->reg_wanted != 0 && m->w->now_ms < m->registers_ms)
		return 2;
	return m->reg_wanted;
}

bool modem_has_service(const struct modem *m)
{
	int r = modem_registered(m);
	return r == 1 || r == 5;
}

static void tell_registration(struct modem *m)
{
	int r = modem_registered(m);

	if (r == m->reg_said)
		return;
	bool first = m->reg_said < 0;
	m->reg_said = r;
	if (modem_has_service(m))
		modem_take_waiting(m);
	if (first)
		return;
	if (m->set.creg == 1)
		modem_indicate(m, "+CREG: %d", r);
	else if (m->set.creg == 2)
		modem_indicate(m, "+CREG: %d,\"00A1\",\"0000B2C%u\"", r, m->index % 10);
}

/* --- calls --- */

bool modem_call(struct modem *m, const char *from)
{
	if (*m->caller || !modem_has_service(m))
		return false;
	snprintf(m->caller, sizeof m->caller, "%s", from);
	m->answered = false;
	m->ring_ms = m->w->now_ms;
	m->caller_gives_up_ms = m->w->now_ms + PATIENCE_MS;
	m->w->count.calls++;
	struct out *o = transcript_begin(m->w, (int)m->index, "call");
	json_text(o, "from", from);
	json_text(o, "to", m->number);
	transcript_end(m->w);
	return true;
}

void modem_hangup(struct modem *m, const char *who)
{
	if (!*m->caller)
		return;
	struct out *o = transcript_begin(m->w, (int)m->index, "hangup");
	json_text(o, "from", m->caller);
	json_text(o, "by", who);
	transcript_end(m->w);
	if (strcmp(who, "modem") == 0)
		m->w->count.hangups++;
	else
		modem_indicate(m, "NO CARRIER");
	*m->caller = 0;
}

static int64_t call_tick(struct modem *m)
{
	int64_t now = m->w->now_ms;

	if (!*m->caller)
		return NEVER;
	if (now >= m->caller_gives_up_ms || !modem_has_service(m)) {
		modem_hangup(m, "caller");
		return NEVER;
	}
	if (m->answered)
		return m->caller_gives_up_ms;
	if (now >= m->ring_ms) {
		const char *voice = m->set.long_cring ? "+CRING: VOICE" : "RING";
		modem_indicate(m, "%s", voice);
		if (m->set.clip)
			modem_indicate(m, "+CLIP: \"%s\",%d,,,,0", m->caller,
				*m->caller == '+' ? 145 : 129);
		m->ring_ms = now + RING_MS;
	}
	return m->ring_ms < m->caller_gives_up_ms ? m->ring_ms : m->caller_gives_up_ms;
}

/* --- timers --- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later_than(int64_t now, int64_t t)
{
	return t > now ? t : NEVER;
}

static int64_t chatter_tick(struct modem *m)
{
	int64_t now = m->w->now_ms;

	if (now >= m->chatter_until_ms)
		return NEVER;
	if (now >= m->chatter_ms && m->plugged && out_waiting(&m->noise) < 4096) {
		out_text(&m->noise, "\r\n^RSSI:17\r\n");
		m->chatter_ms = now + CHATTER_EVERY_MS;
	}
	return m->chatter_ms > now ? m->chatter_ms : now + CHATTER_EVERY_MS;
}

int64_t modem_tick(struct modem *m)
{
	int64_t now = m->w->now_ms;

	if (m->on_air && now >= m->air_until_ms)
		at_air_ended(m);
	int64_t play = playback_tick(m);
	feed(m); /* what came in meanwhile */
	if (playback_busy(m))
		play = playback_tick(m);
	tell_registration(m);
	if (now >= m->ack_until_ms) {
		m->set.cnmi[CNMI_MT] = m->set.cnmi[CNMI_DS] = 0; /* TS 27.005 §3.4.1 */
		modem_acknowledge(m, false);
	}
	if (*m->ussd && now >= m->ussd_ms) {
		modem_indicate(m, "%s", m->ussd);
		*m->ussd = 0;
	}
	int64_t next = least(call_tick(m), least(chatter_tick(m), play));
	next = least(next, m->on_air ? m->air_until_ms : NEVER);
	next = least(next, m->ack_until_ms);
	next = least(next, *m->ussd ? m->ussd_ms : NEVER);
	next = least(next, later_than(now, m->registers_ms));
	next = least(next, later_than(now, m->hang_until_ms));
	if (out_waiting(&m->urc))
		next = least(next, later_than(now, m->line_ms + LINE_PATIENCE_MS));
	return next;
}
