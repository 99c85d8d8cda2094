/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/hours.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/zone.h"
#include "campaign/broadcast.h"
#include "base/banned.h"

#define ZONES_MAX 4
#define HOLIDAYS_MAX 64
#define COUNTRIES_MAX 64
#define FILE_OCTETS (64u << 10)
#define DAY_MINUTES 1440
#define TURNS_MAX (HOURS_DAYS * 4) /* of looking for hours that several zones share */

enum { OPENS = 9 * 60, CLOSES = 21 * 60, FRIDAY = 5 };

struct rule {
	char country[3]; /* "" : others */
	struct zone *zone[ZONES_MAX];
	size_t zones;
	unsigned days; /* bit d: on day d of the week */
	int from, to, pause_from, pause_to; /* minutes of the day; pause_to 0: none */
	int holiday[HOLIDAYS_MAX]; /* 20261216 */
	size_t holidays;
};
struct hours {
	atomic_uint holders;
	struct rule rule[COUNTRIES_MAX + 1]; /* the first is others */
	size_t count;
};

static struct err bad(const char *next, const char *country, const char *key)
{
	return err_make(ERR_CONFIG, "read the sending hours:", next, "hours.json: %.8s %.24s", country,
	                key);
}

/* ---- reading */

static bool read_minute(const cJSON *item, int *ret)
{
	int64_t hour = 0, minute = 0;
	if (!cJSON_IsString(item) || strlen(item->valuestring) != 5 || item->valuestring[2] != ':')
		return false;
	const char *t = item->valuestring;
	if (!int_parse(span_make(t, 2), 0, 24, &hour) ||
	    !int_parse(span_make(t + 3, 2), 0, 59, &minute) || hour * 60 + minute > DAY_MINUTES)
		return false;
	*ret = (int)(hour * 60 + minute);
	return true;
}

static struct err read_days(const cJSON *list, struct rule *r)
{
	r->days = 0;
	const cJSON *day = NULL;
	cJSON_ArrayForEach(day, list) {
		if (!cJSON_IsNumber(day) || day->valueint < 1 || day->valueint > 7)
			return bad("write the days as [1,2,3,4,5]: 1 is Monday", r->country, "days");
		r->days |= 1u << day->valueint;
	}
	return ERR_NONE_VALUE;
}

static struct err read_holidays(const cJSON *list, struct rule *r)
{
	const cJSON *day = NULL;
	cJSON_ArrayForEach(day, list) {
		int64_t y = 0, m = 0, d = 0;
		const char *t = cJSON_IsString(day) ? day->valuestring : "";
		if (strlen(t) != 10 || !int_parse(span_make(t, 4), 2000, 9999, &y) ||
		    !int_parse(span_make(t + 5, 2), 1, 12, &m) ||
		    !int_parse(span_make(t + 8, 2), 1, 31, &d) || r->holidays == HOLIDAYS_MAX)
			return bad("write at most 64 days as \"2026-12-16\"", r->country, "holidays");
		r->holiday[r->holidays++] = (int)(y * 10000 + m * 100 + d);
	}
	return ERR_NONE_VALUE;
}

static struct err read_zones(const cJSON *list, struct rule *r)
{
	const cJSON *name = NULL;
	cJSON_ArrayForEach(name, list) {
		if (!cJSON_IsString(name) || r->zones == ZONES_MAX)
			return bad("name at most 4 time zones", r->country, "zones");
		struct err e = zone_load(name->valuestring, &r->zone[r->zones]);
		if (err_is(e))
			return e;
		r->zones++;
	}
	return ERR_NONE_VALUE;
}

static struct err read_rule(const cJSON *item, struct rule *r)
{
	struct err e = ERR_NONE_VALUE;
	r->days = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5;
	r->from = OPENS;
	r->to = CLOSES;
	if (item != NULL && !cJSON_IsObject(item))
		return bad("write an object", r->country, "");
	for (const cJSON *one = item != NULL ? item->child : NULL; one != NULL && !err_is(e);
	     one = one->next) {
		if (strcmp(one->string, "zones") == 0 && cJSON_IsArray(one))
			e = read_zones(one, r);
		else if (strcmp(one->string, "days") == 0 && cJSON_IsArray(one))
			e = read_days(one, r);
		else if (strcmp(one->string, "holidays") == 0 && cJSON_IsArray(one))
			e = read_holidays(one, r);
		else if (strcmp(one->string, "from") == 0 && read_minute(one, &r->from))
			continue;
		else if (strcmp(one->string, "to") == 0 && read_minute(one, &r->to))
			continue;
		else if (strcmp(one->string, "friday") == 0 && cJSON_GetArraySize(one) == 2 &&
		         read_minute(cJSON_GetArrayItem(one, 0), &r->pause_from) &&
		         read_minute(cJSON_GetArrayItem(one, 1), &r->pause_to))
			continue;
		else
			e = bad("its keys are zones, days, from, to, friday and holidays; times are \"09:00\"",
			        r->country, one->string);
	}
	if (!err_is(e) && (r->from >= r->to || (r->pause_to > 0 && r->pause_from >= r->pause_to)))
		e = bad("let them end after they begin", r->country, "from, to");
	return e;
}

static struct err read_all(const cJSON *root, const char *node_zone, struct hours *h)
{
	const cJSON *countries = cJSON_GetObjectItemCaseSensitive(root, "countries");
	struct err e = read_rule(cJSON_GetObjectItemCaseSensitive(root, "others"), &h->rule[0]);
	h->count = 1;
	if (!err_is(e) && countries != NULL && !cJSON_IsObject(countries))
		e = bad("write an object", "", "countries");
	for (const cJSON *one = countries != NULL ? countries->child : NULL; one != NULL && !err_is(e);
	     one = one->next) {
		if (h->count > COUNTRIES_MAX)
			return bad("64 countries at most", one->string, "");
		struct rule *r = &h->rule[h->count++];
		if (!text_copy(r->country, sizeof r->country, one->string) || r->country[0] == '\0')
			return bad("name a country by its two letters", one->string, "");
		e = read_rule(one, r);
		if (!err_is(e) && r->zones == 0)
			e = bad("name its time zones", r->country, "zones");
	}
	if (!err_is(e) && h->rule[0].zones == 0) {
		e = zone_load(node_zone, &h->rule[0].zone[0]);
		h->rule[0].zones = err_is(e) ? 0 : 1;
	}
	return e;
}

static void free_rules(struct hours *h)
{
	for (size_t i = 0; i < h->count; i++)
		for (size_t z = 0; z < h->rule[i].zones; z++)
			zone_free(h->rule[i].zone[z]);
	free(h);
}

struct err hours_read(struct span json, const char *node_zone, struct hours **ret)
{
	struct hours *h = calloc(1, sizeof *h);
	cJSON *root = json.n > 0 ? cJSON_ParseWithLength((const char *)json.p, json.n) : NULL;
	struct err e = h == NULL ? err_make(ERR_MEMORY, "read the sending hours", NULL, NULL)
	               : json.n > 0 && !cJSON_IsObject(root) ? bad("write a JSON object", "", "")
	                                                     : read_all(root, node_zone, h);
	cJSON_Delete(root);
	if (err_is(e) && h != NULL)
		free_rules(h);
	else if (!err_is(e))
		*ret = hours_hold(h);
	return e;
}

struct err hours_load(const char *messages_folder, const char *node_zone, struct hours **ret)
{
	char path[512];
	struct buf text;
	uint8_t piece[4096];
	if (snprintf(path, sizeof path, "%s/hours.json", messages_folder) >= (int)sizeof path)
		return err_make(ERR_CONFIG, "read the sending hours", "shorten the path", NULL);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return err_os(errno, "read the sending hours", NULL, "%.120s", path);
	buf_init(&text, FILE_OCTETS);
	ssize_t got = fd >= 0 ? 1 : 0;
	while (got > 0 && !text.failed) {
		got = read(fd, piece, sizeof piece);
		if (got > 0)
			buf_add(&text, span_make(piece, (size_t)got));
	}
	struct err e = got < 0 ? err_os(errno, "read the sending hours", NULL, "%.120s", path)
	               : text.failed ? bad("64 KiB at most", "", "")
	                             : hours_read(buf_span(&text), node_zone, ret);
	if (fd >= 0)
		(void)close(fd);
	buf_free(&text);
	return e;
}

struct hours *hours_hold(struct hours *h)
{
	atomic_fetch_add(&h->holders, 1);
	return h;
}

void hours_drop(struct hours *h)
{
	if (h != NULL && atomic_fetch_sub(&h->holders, 1) == 1)
		free_rules(h);
}

/* ---- asking */

static bool is_on(const struct rule *r, const struct local_time *day)
{
	const int date = day->year * 10000 + day->month * 100 + day->day;
	for (size_t i = 0; i < r->holidays; i++)
		if (r->holiday[i] == date)
			return false;
	return (r->days & 1u << day->weekday) != 0;
}

struct stretch {
	int64_t from_ms, to_ms;
};

/* The first one in that zone that isn't over at at_ms. */
static bool next_in(const struct rule *r, const struct zone *z, int64_t at_ms, struct stretch *ret)
{
	const struct local_time today = zone_local(z, at_ms);
	for (int d = 0; d <= HOURS_DAYS; d++) {
		const int64_t noon_ms = zone_ms(z, today.year, today.month, today.day + d, 12 * 60);
		const struct local_time day = zone_local(z, noon_ms);
		if (!is_on(r, &day))
			continue;
		const bool has_pause = day.weekday == FRIDAY && r->pause_to > 0;
		const int edges[] = { r->from, has_pause ? r->pause_from : r->to,
			has_pause ? r->pause_to : r->to, r->to };
		for (size_t i = 0; i < 4; i += 2) {
			if (edges[i] >= edges[i + 1])
				continue;
			ret->from_ms = zone_ms(z, day.year, day.month, day.day, edges[i]);
			ret->to_ms = zone_ms(z, day.year, day.month, day.day, edges[i + 1]);
			if (ret->to_ms > at_ms)
				return true;
		}
	}
	return false;
}

bool hours_next(const struct hours *h, const char *country, int64_t at_ms, int64_t *ret_open_ms,
                int64_t *ret_closes_ms)
{
	const struct rule *r = &h->rule[0];
	for (size_t i = 1; i < h->count; i++)
		if (strcmp(h->rule[i].country, country) == 0)
			r = &h->rule[i];
	int64_t from_ms = at_ms;
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		int64_t open_ms = from_ms, closes_ms = INT64_MAX;
		for (size_t z = 0; z < r->zones; z++) {
			struct stretch s;
			if (!next_in(r, r->zone[z], from_ms, &s))
				return false;
			open_ms = s.from_ms > open_ms ? s.from_ms : open_ms;
			closes_ms = s.to_ms < closes_ms ? s.to_ms : closes_ms;
		}
		if (open_ms < closes_ms) {
			*ret_open_ms = open_ms;
			*ret_closes_ms = closes_ms;
			return true;
		}
		from_ms = open_ms;
	}
	return false;
}

/* ---- a broadcast's: the node's own weekday */
bool hours_open(int64_t now_ms, int64_t *ret_ends_ms)
{
	const struct local_time t = clock_local(now_ms);
	if (ret_ends_ms != NULL)
		*ret_ends_ms = clock_at(t.year, t.month, t.day, CLOSES);
	return t.weekday <= FRIDAY && t.hour * 60 + t.minute >= OPENS &&
	       t.hour * 60 + t.minute < CLOSES;
}
