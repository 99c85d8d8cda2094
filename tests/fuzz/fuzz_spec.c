/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What staff lay down for a campaign, hours.json and a zone's file, told apart by the first octet.
 * Canonical settings are read again as they are, and hours that are found lie ahead. */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "campaign/hours.h"
#include "campaign/spec.h"
#include "store/plans.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void spec(struct span s)
{
	struct buf one, two;
	buf_init(&one, PLAN_SPEC_OCTETS);
	buf_init(&two, PLAN_SPEC_OCTETS);
	if (!err_is(spec_merge(span_make("", 0), s, &one))) {
		if (err_is(spec_merge(buf_span(&one), span_of("{}"), &two)) || one.n != two.n ||
		    memcmp(one.p, two.p, one.n) != 0)
			abort();
	}
	buf_free(&one);
	buf_free(&two);
}

static void hours(struct span s)
{
	struct hours *h = NULL;
	int64_t at = INT64_C(1764068400000), open = 0, closes = 0;
	if (err_is(hours_read(s, "Asia/Almaty", &h)))
		return;
	for (int n = 0; n < 4 && hours_next(h, n % 2 == 0 ? "KZ" : "", at, &open, &closes); n++) {
		if (open < at || closes <= open)
			abort();
		at = closes;
	}
	hours_drop(h);
}

static void zone(struct span s)
{
	struct zone *z = NULL;
	if (err_is(zone_read(s, &z)))
		return;
	const struct local_time t = zone_local(z, INT64_C(1764068400000));
	(void)zone_ms(z, t.year, t.month, t.day, 540);
	zone_free(z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const struct span s = span_make(data + 1, size - 1);
	if (data[0] == 's')
		spec(s);
	else if (data[0] == 'h')
		hours(s);
	else
		zone(s);
	return 0;
}
