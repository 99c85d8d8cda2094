/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When people may be written to who didn't write first. */
#include <time.h>

#include "base/clock.h"
#include "campaign/broadcast.h"
#include "base/banned.h"

enum { OPENS_HOUR = 9, ENDS_HOUR = 21, FRIDAY = 5 };

bool hours_open(int64_t now_ms, int64_t *ret_ends_ms)
{
	const struct local_time t = clock_local(now_ms);
	if (ret_ends_ms != NULL) {
		struct tm end = { .tm_year = t.year - 1900, .tm_mon = t.month - 1, .tm_mday = t.day,
			.tm_hour = ENDS_HOUR, .tm_isdst = -1 /* as the zone has it that evening */ };
		*ret_ends_ms = (int64_t)mktime(&end) * 1000;
	}
	return t.weekday <= FRIDAY && t.hour >= OPENS_HOUR && t.hour < ENDS_HOUR;
}
