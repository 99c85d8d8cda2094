/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/cms.h"

#include "base/banned.h"

#define CMS_FIRST 300 /* 27.007 ends before, but for 515 and above, which is no message's */
#define SECOND INT64_C(1000)
#define MINUTE INT64_C(60000)

struct row {
	uint8_t kind;
	int32_t first, last;
	struct cms_meaning meaning;
};

/* The first row that fits counts. What isn't here is tried again later: refusing to send for an
 * unknown code would lose a message, trying six times loses a quarter of an hour. */
static const struct row rows[] = {
	{ 'S', 1, 1, { REFUSAL_GIVE_UP, REASON_BAD_NUMBER, 0, false } },       /* unassigned number */
	{ 'S', 8, 8, { REFUSAL_GIVE_UP, REASON_BARRED, 0, false } },           /* operator barring */
	{ 'S', 10, 10, { REFUSAL_ELSEWHERE, REASON_BARRED, MINUTE, false } },  /* call barred */
	{ 'S', 21, 21, { REFUSAL_LATER, REASON_LATER, MINUTE, false } },     /* transfer rejected */
	{ 'S', 27, 27, { REFUSAL_LATER, REASON_LATER, MINUTE, false } },     /* out of service */
	{ 'S', 28, 28, { REFUSAL_GIVE_UP, REASON_BAD_NUMBER, 0, false } },     /* unidentified */
	{ 'S', 29, 30, { REFUSAL_ELSEWHERE, REASON_NO_CREDIT, MINUTE, true } },/* facility, unknown subscriber */
	{ 'S', 38, 47, { REFUSAL_LATER, REASON_NETWORK, 10 * SECOND, true } }, /* out of order, congestion */
	{ 'S', 50, 50, { REFUSAL_ELSEWHERE, REASON_NO_CREDIT, MINUTE, true } },/* not subscribed */
	{ 'S', 69, 69, { REFUSAL_ELSEWHERE, REASON_BARRED, MINUTE, false } },
	{ 'S', 81, 101, { REFUSAL_GIVE_UP, REASON_UNKNOWN, 0, false } },       /* protocol: our PDU */
	{ 'S', 111, 127, { REFUSAL_LATER, REASON_UNKNOWN, MINUTE, false } },   /* it says no more */
	{ 'S', 128, 255, { REFUSAL_LATER, REASON_LATER, MINUTE, false } },   /* TP-FCS */
	{ 'S', 302, 302, { REFUSAL_LATER, REASON_MODEM, 5 * SECOND, true } },  /* not allowed now */
	{ 'S', 304, 305, { REFUSAL_GIVE_UP, REASON_MODEM, 0, false } },        /* invalid PDU */
	{ 'S', 310, 318, { REFUSAL_ELSEWHERE, REASON_MODEM, 30 * SECOND, true } }, /* SIM */
	{ 'S', 322, 322, { REFUSAL_LATER, REASON_SIM_FULL, 5 * SECOND, true } },
	{ 'S', 330, 332, { REFUSAL_LATER, REASON_NETWORK, 10 * SECOND, true } }, /* no service */
	{ 'S', 500, 500, { REFUSAL_LATER, REASON_MODEM, 5 * SECOND, true } },  /* it knows no reason */
	{ 'E', 10, 18, { REFUSAL_ELSEWHERE, REASON_MODEM, 30 * SECOND, true } }, /* SIM */
	{ 'E', 30, 32, { REFUSAL_LATER, REASON_NETWORK, 10 * SECOND, true } },
};

/* Some modems give a message's code by the name +CME: those that mean nothing else there. */
static bool is_a_messages(int32_t code)
{
	return code >= CMS_FIRST || code == 8 || code == 28 || code == 29 || code == 38 || code == 69;
}

struct cms_meaning cms_meaning(uint8_t kind, int32_t code)
{
	if (kind == 'E' && is_a_messages(code))
		kind = 'S';
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].kind == kind && code >= rows[i].first && code <= rows[i].last)
			return rows[i].meaning;
	return (struct cms_meaning){ REFUSAL_LATER, REASON_UNKNOWN, 30 * SECOND, false };
}
