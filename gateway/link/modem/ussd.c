/* SPDX-License-Identifier: GPL-3.0-or-later */
/* USSD: a code goes out as a command, its answer comes later as an event; sending goes on meanwhile.
 * A session that the operator leaves open is ended: menus are for people with a phone. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "link/modem/at.h"
#include "link/modem/cusd.h"

#include "base/banned.h"

#define ANSWER_MS 30000 /* from the parent's question */
#define LINE_MS 500     /* how long the rest of a body with line breaks may take */

void ussd_ask(struct modem *m, uint32_t number, const char *code)
{
	struct ussd *u = &m->ussd;
	u->is_over = u->is_over || u->is_asked; /* the parent waits for that one no longer */
	u->is_asked = false;
	u->is_waiting = true;
	u->number = number;
	u->until_ms = clock_monotonic_ms() + ANSWER_MS;
	(void)text_copy(u->code, sizeof u->code, code);
}

static void answer(struct modem *m, enum ussd_outcome outcome, const char *text)
{
	struct ussd *u = &m->ussd;
	u->is_waiting = u->is_asked = false;
	explicit_bzero(u->code, sizeof u->code);
	tell_ussd(m, u->number, outcome, text);
}

static void take_whole(struct modem *m)
{
	struct ussd *u = &m->ussd;
	struct cusd c;
	if (cusd_read(span_make(u->line, u->line_n), &c)) {
		u->is_over = u->is_over || c.outcome == USSD_MORE;
		if (u->is_asked) /* else the network spoke by itself: advertising */
			answer(m, c.outcome, c.text);
		cusd_wipe(&c);
	}
	explicit_bzero(u->line, u->line_n);
	u->line_n = 0;
}

static void add(struct ussd *u, struct span s)
{
	const size_t room = sizeof u->line - u->line_n, n = s.n < room ? s.n : room;
	if (n > 0)
		memcpy(u->line + u->line_n, s.p, n);
	u->line_n += n;
}

void ussd_line(struct modem *m, struct span line)
{
	struct ussd *u = &m->ussd;
	u->line_n = 0;
	u->line_ms = clock_monotonic_ms();
	add(u, line);
	if (cusd_is_whole(line))
		take_whole(m);
}

bool ussd_goes_on(struct modem *m, enum line_kind kind, struct span line)
{
	struct ussd *u = &m->ussd;
	if (u->line_n == 0)
		return false;
	/* A body is written in one go: what can't be of it means that its end is lost. */
	if (kind != LINE_PLAIN || u->line_n == sizeof u->line) {
		take_whole(m);
		return false;
	}
	add(u, span_of("\n"));
	add(u, line);
	if (cusd_is_whole(span_make(u->line, u->line_n)))
		take_whole(m);
	return true;
}

/* Most modems take the code as it is; some want it packed, and refuse it otherwise. */
static void send_code(struct modem *m)
{
	struct ussd *u = &m->ussd;
	char packed[2 * USSD_CODE_MAX + 1], command[2 * USSD_CODE_MAX + 24];
	u->is_waiting = false;
	u->is_asked = true; /* first: the answer may come before the command's OK */
	(void)snprintf(command, sizeof command, "AT+CUSD=1,\"%s\",15", u->code);
	enum at_result result = at_run(m, command, AT_SHORT_MS, NULL);
	if (result != AT_OK && result != AT_TIMEOUT && u->is_asked) {
		cusd_pack(u->code, packed, sizeof packed);
		(void)snprintf(command, sizeof command, "AT+CUSD=1,\"%s\",15", packed);
		result = at_run(m, command, AT_SHORT_MS, NULL);
		explicit_bzero(packed, sizeof packed);
		if (result != AT_OK && result != AT_TIMEOUT && u->is_asked)
			answer(m, USSD_REFUSED, "");
	}
	explicit_bzero(command, sizeof command);
}

int64_t ussd_due_ms(const struct modem *m)
{
	const struct ussd *u = &m->ussd;
	if (u->is_waiting || u->is_over)
		return 0;
	int64_t due = u->is_asked ? u->until_ms : INT64_MAX;
	if (u->line_n > 0 && u->line_ms + LINE_MS < due)
		due = u->line_ms + LINE_MS;
	return due;
}

bool ussd_step(struct modem *m)
{
	struct ussd *u = &m->ussd;
	const int64_t now = clock_monotonic_ms();
	if (u->line_n > 0 && now - u->line_ms >= LINE_MS)
		take_whole(m);
	if ((u->is_waiting || u->is_asked) && now >= u->until_ms) {
		u->is_over = u->is_over || u->is_asked;
		answer(m, USSD_SILENT, "");
	} else if (u->is_over) {
		u->is_over = false;
		(void)at_run(m, "AT+CUSD=2", AT_SHORT_MS, NULL);
	} else if (u->is_waiting)
		send_code(m);
	else
		return false;
	return true;
}
