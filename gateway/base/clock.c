/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#include "base/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"
#include "base/buf.h"

static _Atomic int64_t shift_ms, leap_ms;
static _Atomic bool shift_read;

#ifdef SAFAR_CRASH_POINTS
/* "WALL MONOTONIC": by how many ms the two clocks are ahead, in a file that a test writes while the
 * program runs. */
static pthread_once_t file_once = PTHREAD_ONCE_INIT;
static int file = -1;

static void open_file(void)
{
	const char *path = getenv("SAFAR_CLOCK_FILE");
	if (path != NULL)
		file = open(path, O_RDONLY | O_CLOEXEC);
}

static void follow_file(void)
{
	char text[48];
	int64_t wall = 0, monotonic = 0;
	(void)pthread_once(&file_once, open_file);
	const ssize_t n = file < 0 ? -1 : pread(file, text, sizeof text, 0);
	const char *blank = n > 0 ? memchr(text, ' ', (size_t)n) : NULL;
	if (blank == NULL)
		return;
	const size_t first = (size_t)(blank - text);
	if (int_parse(span_make(text, first), 0, 400 * DAY_MS, &wall) &&
	    int_parse(span_trim(span_make(blank, (size_t)n - first)), 0, 400 * DAY_MS, &monotonic)) {
		atomic_store(&shift_ms, wall);
		atomic_store(&leap_ms, monotonic);
	}
}
#else
static inline void follow_file(void) {}
#endif

static int64_t read_ms(clockid_t id)
{
	struct timespec t = { 0 };
	(void)clock_gettime(id, &t); /* cannot fail for these two clocks */
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	if (!atomic_load(&shift_read)) {
		int64_t by = 0;
		const char *text = getenv("SAFAR_CLOCK_SHIFT_MS");
		if (text != NULL && int_parse(span_of(text), -400 * DAY_MS, 400 * DAY_MS, &by))
			atomic_store(&shift_ms, by);
		atomic_store(&shift_read, true);
	}
	follow_file();
	return read_ms(CLOCK_REALTIME) + atomic_load(&shift_ms);
}

int64_t clock_monotonic_ms(void)
{
	follow_file();
	return read_ms(CLOCK_MONOTONIC) + atomic_load(&leap_ms);
}

int64_t clock_monotonic_us(void)
{
	struct timespec t = { 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void clock_shift(int64_t by_ms)
{
	atomic_store(&shift_read, true);
	atomic_fetch_add(&shift_ms, by_ms);
}

void clock_leap(int64_t by_ms)
{
	atomic_fetch_add(&leap_ms, by_ms);
}

struct err clock_use_zone(const char *zone)
{
	char path[160];
	struct stat st;
	if (strstr(zone, "..") != NULL || zone[0] == '/' ||
	    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone) >= (int)sizeof path ||
	    stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return err_make(ERR_CONFIG, "use the time zone",
		                "name one of /usr/share/zoneinfo (package tzdata)", "%.64s", zone);
	if (setenv("TZ", zone, 1) != 0)
		return err_make(ERR_MEMORY, "use the time zone", NULL, "%.64s", zone);
	tzset();
	return ERR_NONE_VALUE;
}

struct local_time clock_local(int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000);
	struct tm tm = { 0 };
	(void)localtime_r(&at, &tm);
	return (struct local_time){ .year = tm.tm_year + 1900, .month = tm.tm_mon + 1,
		.day = tm.tm_mday, .hour = tm.tm_hour, .minute = tm.tm_min,
		.weekday = tm.tm_wday == 0 ? 7 : tm.tm_wday };
}

int64_t clock_at(int year, int month, int day, int minute_of_day)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
		.tm_min = minute_of_day, .tm_isdst = -1 /* as the zone has it then */ };
	return (int64_t)mktime(&tm) * 1000;
}

void clock_iso(int64_t at_ms, char ret[21])
{
	time_t at = (time_t)(at_ms / 1000);
	struct tm tm = { 0 };
	(void)gmtime_r(&at, &tm);
	if (strftime(ret, 21, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		ret[0] = '\0';
}
