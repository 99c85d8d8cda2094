/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls: the number is taken, the call is hung up at once, the parent is told once a call. */
#include <string.h>

#include "base/clock.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define CLIP_MS 2000  /* how long a caller's number may come after the first RING */
#define AFTER_MS 1000 /* a RING so soon after a hang-up is of the call that was hung up */

void call_ring(struct modem *m)
{
	struct call *c = &m->call;
	int64_t now = clock_monotonic_ms();
	if (c->is_ringing || (c->ended_ms != 0 && now - c->ended_ms < AFTER_MS))
		return;
	*c = (struct call){ .is_ringing = true, .since_ms = now };
}

void call_clip(struct modem *m, struct span line)
{
	struct call *c = &m->call;
	struct pdu_address caller = { "" };
	struct span number;
	int64_t type = 0;
	if (line_field(line, 0, &number) && number.n > 0 && number.n < sizeof caller.text_ - 1) {
		bool is_plain = line_number(line, 1, 0, 255, &type) && type == 145 && number.p[0] != '+';
		if (is_plain)
			caller.text_[0] = '+';
		memcpy(caller.text_ + (is_plain ? 1 : 0), number.p, number.n);
	}
	int64_t now = clock_monotonic_ms();
	if (!c->is_ringing) {
		bool is_same = memcmp(&caller, &c->caller, sizeof caller) == 0;
		if (c->ended_ms != 0 && now - c->ended_ms < AFTER_MS && is_same)
			return;
		*c = (struct call){ .is_ringing = true, .since_ms = now };
	}
	c->has_caller = true;
	c->caller = caller;
}

void call_over(struct modem *m)
{
	/* The caller hung up first. The number, if it came, is still to be told. */
	if (m->call.is_ringing && !m->call.has_caller)
		m->call.has_caller = true;
}

bool call_is_due(const struct modem *m, int64_t now_ms)
{
	return m->call.is_ringing && (m->call.has_caller || now_ms - m->call.since_ms >= CLIP_MS);
}

void call_hang_up(struct modem *m)
{
	if (at_run(m, "AT+CHUP", AT_SHORT_MS, NULL) != AT_OK)
		(void)at_run(m, "ATH", AT_SHORT_MS, NULL); /* older modems know this one only */
	tell_call(m, &m->call.caller);
	m->call.is_ringing = false;
	m->call.has_caller = false;
	m->call.ended_ms = clock_monotonic_ms();
	tell_reading(m);
}
