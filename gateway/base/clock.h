/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.h - what time it is, and in which hour a person lives.  Room: base.
 * Units:   milliseconds since 1970 UTC (`_ms`), or of a clock that never jumps (monotonic).
 * Threads: any. Tests move the clock with SAFAR_CLOCK_SHIFT_MS (an offset in ms) or clock_shift(); with
 *          crash points built in also while the program runs, by a file (clock.c).
 * Zones come from the system's tzdata: ICU 72's own table still has Asia/Almaty at UTC+6. */
#ifndef SAFAR_BASE_CLOCK_H
#define SAFAR_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

int64_t clock_now_ms(void);
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);
void clock_shift(int64_t by_ms);
void clock_leap(int64_t by_ms); /* the same for the monotonic clock */ /* tests only */

#define DAY_MS INT64_C(86400000)

struct local_time {
	int year, month /* 1-12 */, day, hour, minute;
	int weekday; /* 1 Monday … 7 Sunday */
};

/* Sets the process's zone, once, before any thread starts ("Asia/Almaty"). */
struct err clock_use_zone(const char *zone);
struct local_time clock_local(int64_t at_ms);
/* The other way: when it is that late in the process's zone. */
int64_t clock_at(int year, int month, int day, int minute_of_day);
/* "2026-11-24T09:15:02Z" into ret[21]. */
void clock_iso(int64_t at_ms, char ret[21]);

#endif
