/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

#define FILE_OCTETS (64u << 10) /* the largest one of tzdata has 4 KiB */
#define HEAD 44u
#define TIMES_MAX 4000u
#define SUMMER_UNTIL_S INT64_C(2114380800) /* 2037-01-01: what fat files reach */

struct change {
	int64_t at_s;
	int32_t offset_s; /* from then on */
};
struct zone {
	int32_t first_s; /* before all of them */
	size_t count;
	struct change change[];
};

static struct err bad(void)
{
	return err_make(ERR_DATA, "read a time zone's file", "install the package tzdata anew", NULL);
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* A header's counts, in the order of the standard. */
struct head {
	uint32_t isut, isstd, leap, time, type, chars;
};

static bool read_head(struct span s, struct head *ret)
{
	if (s.n < HEAD || memcmp(s.p, "TZif", 4) != 0 || s.p[4] < '2')
		return false;
	*ret = (struct head){ be32(s.p + 20), be32(s.p + 24), be32(s.p + 28), be32(s.p + 32),
		be32(s.p + 36), be32(s.p + 40) };
	return ret->isut <= TIMES_MAX && ret->isstd <= TIMES_MAX && ret->leap <= TIMES_MAX &&
	       ret->time <= TIMES_MAX && ret->type >= 1 && ret->type <= 256 && ret->chars <= TIMES_MAX;
}

/* Octets of the data behind a header whose times have `size` octets. */
static size_t data_size(const struct head *h, size_t size)
{
	return h->time * (size + 1) + h->type * 6 + h->chars + h->leap * (size + 4) + h->isstd + h->isut;
}

struct err zone_read(struct span s, struct zone **ret)
{
	struct head h;
	if (!read_head(s, &h) || s.n - HEAD < data_size(&h, 4))
		return bad();
	const size_t skip = HEAD + data_size(&h, 4); /* the version 1 block, of 32-bit times */
	s = span_make(s.p + skip, s.n - skip);
	if (!read_head(s, &h) || s.n - HEAD < data_size(&h, 8))
		return bad();
	const uint8_t *times = s.p + HEAD, *index = times + 8 * h.time, *types = index + h.time;
	const struct span footer = span_make(s.p + HEAD + data_size(&h, 8), s.n - HEAD - data_size(&h, 8));
	struct zone *z = calloc(1, sizeof *z + h.time * sizeof z->change[0]);
	if (z == NULL)
		return err_make(ERR_MEMORY, "read a time zone's file", NULL, NULL);
	z->first_s = (int32_t)be32(types);
	z->count = h.time;
	bool good = true;
	for (size_t i = 0; i < h.time && good; i++) {
		good = index[i] < h.type;
		z->change[i] = (struct change){ .at_s = be64(times + 8 * i),
			.offset_s = good ? (int32_t)be32(types + 6 * index[i]) : 0 };
		good = good && (i == 0 || z->change[i].at_s > z->change[i - 1].at_s) &&
		       z->change[i].offset_s > -100000 && z->change[i].offset_s < 100000;
	}
	const bool has_rule = footer.n > 0 && memchr(footer.p, ',', footer.n) != NULL;
	if (good && has_rule && (h.time == 0 || z->change[h.time - 1].at_s < SUMMER_UNTIL_S))
		good = false;
	if (!good) {
		zone_free(z);
		return bad();
	}
	*ret = z;
	return ERR_NONE_VALUE;
}

struct err zone_load(const char *name, struct zone **ret)
{
	char path[160];
	uint8_t octets[FILE_OCTETS];
	size_t n = 0;
	if (name[0] == '\0' || strstr(name, "..") != NULL || name[0] == '/' ||
	    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name) >= (int)sizeof path)
		return err_make(ERR_CONFIG, "use the time zone",
		                "name one of /usr/share/zoneinfo (package tzdata)", "%.64s", name);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_make(ERR_CONFIG, "use the time zone",
		                "name one of /usr/share/zoneinfo (package tzdata)", "%.64s", name);
	for (ssize_t got = 1; got > 0 && n < sizeof octets; n += got > 0 ? (size_t)got : 0) {
		got = read(fd, octets + n, sizeof octets - n);
		if (got < 0) {
			const int os = errno;
			(void)close(fd);
			return err_os(os, "read the time zone", NULL, "%.64s", name);
		}
	}
	(void)close(fd);
	return zone_read(span_make(octets, n), ret);
}

void zone_free(struct zone *z) { free(z); }

static int32_t offset_at(const struct zone *z, int64_t at_s)
{
	size_t low = 0, high = z->count; /* the first change behind at_s lies in [low, high] */
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (z->change[middle].at_s <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? z->first_s : z->change[low - 1].offset_s;
}

struct local_time zone_local(const struct zone *z, int64_t at_ms)
{
	const int64_t at_s = at_ms / 1000;
	const time_t there = (time_t)(at_s + offset_at(z, at_s));
	struct tm tm = { 0 };
	(void)gmtime_r(&there, &tm);
	return (struct local_time){ .year = tm.tm_year + 1900, .month = tm.tm_mon + 1,
		.day = tm.tm_mday, .hour = tm.tm_hour, .minute = tm.tm_min,
		.weekday = tm.tm_wday == 0 ? 7 : tm.tm_wday };
}

int64_t zone_ms(const struct zone *z, int year, int month, int day, int minute_of_day)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
		.tm_min = minute_of_day };
	const int64_t there_s = (int64_t)timegm(&tm);
	/* The offsets of the day before and after are all that may hold there. */
	const int32_t before = offset_at(z, there_s - 86400), after = offset_at(z, there_s + 86400);
	const int64_t early = there_s - before, late = there_s - after;
	if (offset_at(z, early) == before)
		return early * 1000;
	if (offset_at(z, late) == after)
		return late * 1000;
	return (early > late ? early : late) * 1000;
}
