/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/words.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

struct row {
	int32_t code;
	const char *text;
};

static const struct row cms[] = {
	{ 1, "unassigned (unallocated) number" }, { 8, "operator determined barring" },
	{ 10, "call barred" }, { 21, "short message transfer rejected" },
	{ 27, "destination out of service" }, { 28, "unidentified subscriber" },
	{ 29, "facility rejected" }, { 30, "unknown subscriber" }, { 38, "network out of order" },
	{ 41, "temporary failure" }, { 42, "congestion" }, { 47, "resources unavailable, unspecified" },
	{ 50, "requested facility not subscribed" }, { 69, "requested facility not implemented" },
	{ 96, "invalid mandatory information" }, { 111, "protocol error, unspecified" },
	{ 300, "ME failure" }, { 302, "operation not allowed" }, { 303, "operation not supported" },
	{ 304, "invalid PDU mode parameter" }, { 305, "invalid text mode parameter" },
	{ 310, "SIM not inserted" }, { 311, "SIM PIN required" }, { 312, "PH-SIM PIN required" },
	{ 313, "SIM failure" }, { 314, "SIM busy" }, { 315, "SIM wrong" }, { 316, "SIM PUK required" },
	{ 320, "memory failure" }, { 321, "invalid memory index" }, { 322, "memory full" },
	{ 322, "SIM full" }, { 330, "SMSC address unknown" }, { 331, "no network service" },
	{ 332, "network timeout" }, { 500, "unknown error" },
};
static const struct row cme[] = {
	{ 3, "operation not allowed" }, { 4, "operation not supported" }, { 10, "SIM not inserted" },
	{ 11, "SIM PIN required" }, { 12, "SIM PUK required" }, { 13, "SIM failure" }, { 14, "SIM busy" },
	{ 15, "SIM wrong" }, { 16, "incorrect password" }, { 20, "memory full" },
	{ 30, "no network service" }, { 31, "network timeout" },
	{ 32, "network not allowed - emergency calls only" }, { 100, "unknown" },
};

int32_t words_code(struct span text, bool is_cms)
{
	const struct row *rows = is_cms ? cms : cme;
	const size_t count = is_cms ? sizeof cms / sizeof cms[0] : sizeof cme / sizeof cme[0];
	text = span_trim(text);
	if (text.n > 3 && memcmp(text.p, "(U)", 3) == 0) /* the newer editions' "(U)SIM" */
		text = span_make(text.p + 3, text.n - 3);
	for (size_t i = 0; i < count; i++)
		if (strlen(rows[i].text) == text.n &&
		    strncasecmp(rows[i].text, (const char *)text.p, text.n) == 0)
			return rows[i].code;
	return -1;
}
