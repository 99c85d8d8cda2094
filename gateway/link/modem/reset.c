/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has the modem begun anew by itself? A brown-out on a plain serial line leaves the port as it is, and
 * the modem without all that was set up: it announces nothing, and in text mode it would take a PDU
 * for what is to be said. Some say so while they start; the others are asked now and then. */
#include <string.h>

#include "link/modem/at.h"

#include "base/banned.h"

static const char reason[] = "the modem was reset";

/* What the modem answers; false where that can't be known again. */
static bool ask(struct modem *m, struct at_reply *ret)
{
	return at_run(m, "AT+CNMI?", AT_SHORT_MS, ret) == AT_OK &&
	       line_starts(span_of(ret->line), span_of("+CNMI:"));
}

void reset_note(struct modem *m)
{
	struct at_reply r;
	if (!ask(m, &r) || !text_copy(m->cnmi, sizeof m->cnmi, r.line))
		m->cnmi[0] = '\0';
	m->is_set_up = true;
}

void reset_heard(struct modem *m, struct span line)
{
	if (m->is_set_up && (span_is(line, "RDY") || span_is(line, "^SYSSTART") || span_is(line, "SYSSTART")))
		modem_fail(m, reason);
}

bool reset_check(struct modem *m)
{
	struct at_reply r;
	if (m->cnmi[0] == '\0' || m->is_checking)
		return false;
	m->is_checking = true; /* a modem that doesn't answer is recovered, and asked this again */
	unsigned others = 0; /* twice: noise can spoil a line */
	while (others < 2 && ask(m, &r) && strcmp(r.line, m->cnmi) != 0)
		others++;
	if (others == 2)
		modem_fail(m, reason);
	m->is_checking = false;
	return true;
}
