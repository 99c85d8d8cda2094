/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/child.h"

#include <fcntl.h>

#include "base/clock.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define CONFIGURE_MS 10000
#define RECORD_FD 4
#define PROBE_MS 4000 /* a quiet modem is asked whether it lives; the parent wonders after 10 s */

static void wait_for_configuration(struct modem *m)
{
	int64_t until = clock_monotonic_ms() + CONFIGURE_MS, left;
	while (!m->cfg.there && (left = until - clock_monotonic_ms()) > 0)
		modem_turn(m, left);
	if (!m->cfg.there)
		modem_fail(m, "the daemon sent no configuration");
}

/* How long the modem may be left alone: until the next thing that is due. */
static int64_t time_left(const struct modem *m, int64_t now)
{
	int64_t due = m->storages.poll_due_ms;
	if (m->look_due_ms < due)
		due = m->look_due_ms;
	if (m->heard_ms + PROBE_MS < due)
		due = m->heard_ms + PROBE_MS;
	if (ussd_due_ms(m) < due)
		due = ussd_due_ms(m);
	if (m->call.is_ringing && now + 100 < due)
		due = now + 100;
	return due - now;
}

static void probe(struct modem *m)
{
	if (!reset_check(m))
		(void)at_run(m, "AT", AT_SHORT_MS, NULL);
}

/* Highest first: a call rings in someone's ear, then the parent's part, then what came in. */
static void step(struct modem *m)
{
	int64_t now = clock_monotonic_ms();
	if (call_is_due(m, now))
		call_hang_up(m);
	else if (m->submission.waiting)
		submit_part(m);
	else if (m->finish)
		modem_end(m);
	else if (ussd_step(m) || storage_step(m))
		return;
	else if (now >= m->look_due_ms || m->registration_changed)
		start_look(m);
	else if (now - m->heard_ms >= PROBE_MS)
		probe(m);
	else
		modem_turn(m, time_left(m, now));
}

_Noreturn void child_run(int parent)
{
	static struct modem m; /* large, and one a process */
	int flags = fcntl(parent, F_GETFL);
	modem_start(&m, parent);
	if (flags < 0 || fcntl(parent, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(parent, F_SETFD, FD_CLOEXEC) != 0)
		modem_fail(&m, "the daemon's socket can't be used");
	wait_for_configuration(&m);
	if (m.cfg.records)
		record_open(&m.record, RECORD_FD);
	tell_state(&m, MODEM_OPENING, "");
	start_all(&m);
	for (;;)
		step(&m);
}
