/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories of what staff lay down for a campaign: its states, its hours, its settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/zone.h"
#include "campaign/hours.h"
#include "campaign/spec.h"
#include "store/plans.h"
#include "base/banned.h"

static void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

/* ---- states */

static void a_campaign_moves_only_as_the_picture_shows(void **state)
{
	(void)state;
	/* a row a state, a letter a state that it may become: d r a s R p S f */
	static const char *const picture[PLAN_STATE_COUNT] = {
		[PLAN_DRAFT] = "rS",
		[PLAN_IN_REVIEW] = "daS",
		[PLAN_APPROVED] = "dsRS",
		[PLAN_SCHEDULED] = "dRS",
		[PLAN_RUNNING] = "pSf",
		[PLAN_PAUSED] = "RS",
		[PLAN_STOPPED] = "",
		[PLAN_FINISHED] = "",
	};
	static const char letters[PLAN_STATE_COUNT] = { 'd', 'r', 'a', 's', 'R', 'p', 'S', 'f' };
	for (int from = 0; from < PLAN_STATE_COUNT; from++)
		for (int to = 0; to < PLAN_STATE_COUNT; to++)
			assert_int_equal(plan_may((enum plan_state)from, (enum plan_state)to),
			                 strchr(picture[from], letters[to]) != NULL);
}

/* ---- hours */

static int64_t utc(int year, int month, int day, int hour, int minute)
{
	struct tm t = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour,
		.tm_min = minute };
	return (int64_t)timegm(&t) * 1000;
}

static struct hours *hours_of(const char *json)
{
	struct hours *h = NULL;
	must(hours_read(span_of(json), "Asia/Almaty", &h));
	return h;
}

static void next_is(const struct hours *h, const char *country, int64_t at_ms, int64_t open_ms,
                    int64_t closes_ms)
{
	int64_t open = 0, closes = 0;
	assert_true(hours_next(h, country, at_ms, &open, &closes));
	assert_int_equal(open, open_ms);
	assert_int_equal(closes, closes_ms);
}

static void hours_follow_almaty_when_it_changes_its_zone(void **state)
{
	(void)state;
	struct hours *h = hours_of("{\"countries\":{\"KZ\":{\"zones\":[\"Asia/Almaty\"]},"
	                           "\"KG\":{\"zones\":[\"Asia/Bishkek\"]}}}");
	/* Thursday 29 February 2024 ends at UTC+6, Friday 1 March begins at UTC+5 */
	next_is(h, "KZ", utc(2024, 2, 29, 2, 0), utc(2024, 2, 29, 3, 0), utc(2024, 2, 29, 15, 0));
	next_is(h, "KZ", utc(2024, 2, 29, 14, 59), utc(2024, 2, 29, 14, 59), utc(2024, 2, 29, 15, 0));
	next_is(h, "KZ", utc(2024, 2, 29, 15, 0), utc(2024, 3, 1, 4, 0), utc(2024, 3, 1, 16, 0));
	/* Bishkek stays where it is */
	next_is(h, "KG", utc(2024, 2, 29, 15, 0), utc(2024, 3, 1, 3, 0), utc(2024, 3, 1, 15, 0));
	/* a weekend lies between; a country that isn't named is as the node */
	next_is(h, "ZZ", utc(2024, 3, 1, 16, 0), utc(2024, 3, 4, 4, 0), utc(2024, 3, 4, 16, 0));
	next_is(h, "", utc(2024, 3, 1, 16, 0), utc(2024, 3, 4, 4, 0), utc(2024, 3, 4, 16, 0));
	hours_drop(h);
}

static void friday_noon_and_holidays_are_left_out(void **state)
{
	(void)state;
	struct hours *h = hours_of("{\"countries\":{\"UZ\":{\"zones\":[\"Asia/Tashkent\"],"
	                           "\"friday\":[\"12:30\",\"14:00\"],\"holidays\":[\"2026-11-30\"]}}}");
	next_is(h, "UZ", utc(2026, 11, 27, 4, 0), utc(2026, 11, 27, 4, 0), utc(2026, 11, 27, 7, 30));
	next_is(h, "UZ", utc(2026, 11, 27, 7, 30), utc(2026, 11, 27, 9, 0), utc(2026, 11, 27, 16, 0));
	next_is(h, "UZ", utc(2026, 11, 27, 16, 0), utc(2026, 12, 1, 4, 0), utc(2026, 12, 1, 16, 0));
	hours_drop(h);
}

static void where_a_country_has_many_zones_all_of_them_are_awake(void **state)
{
	(void)state;
	struct hours *h = hours_of("{\"countries\":{\"RU\":{\"zones\":[\"Europe/Moscow\","
	                           "\"Asia/Vladivostok\"]},\"XX\":{\"zones\":[\"Pacific/Honolulu\","
	                           "\"Asia/Almaty\"],\"from\":\"09:00\",\"to\":\"12:00\"}}}");
	/* 09:00 in Moscow to 21:00 in Vladivostok */
	next_is(h, "RU", utc(2026, 11, 25, 0, 0), utc(2026, 11, 25, 6, 0), utc(2026, 11, 25, 11, 0));
	next_is(h, "RU", utc(2026, 11, 25, 11, 0), utc(2026, 11, 26, 6, 0), utc(2026, 11, 26, 11, 0));
	int64_t open = 0, closes = 0;
	assert_false(hours_next(h, "XX", utc(2026, 11, 25, 0, 0), &open, &closes)); /* never together */
	hours_drop(h);
}

static void a_broken_file_of_hours_is_refused(void **state)
{
	(void)state;
	static const char *const files[] = {
		"[]", "{", "{\"countries\":{\"KZ\":{}}}", "{\"countries\":{\"KAZ\":{\"zones\":[\"UTC\"]}}}",
		"{\"countries\":{\"KZ\":{\"zones\":[\"Asia/Nowhere\"]}}}",
		"{\"countries\":{\"KZ\":{\"zones\":[\"../etc/passwd\"]}}}",
		"{\"others\":{\"from\":\"21:00\",\"to\":\"09:00\"}}", "{\"others\":{\"days\":[0]}}",
		"{\"others\":{\"from\":\"9:00\"}}", "{\"others\":{\"holidays\":[\"2026-13-01\"]}}",
		"{\"others\":{\"hours\":1}}", "{\"countries\":[{}]}", "{\"others\":[1]}",
		"{\"countries\":{\"KZ\":[1]}}", "{\"others\":{\"friday\":[\"14:00\",\"12:00\"]}}",
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct hours *h = NULL;
		assert_true(err_is(hours_read(span_of(files[i]), "Asia/Almaty", &h)));
		assert_null(h);
	}
}

static void the_file_of_the_clone_is_good_and_one_that_is_missing_is_the_nodes(void **state)
{
	(void)state;
	struct hours *h = NULL;
	must(hours_load("messages", "Asia/Almaty", &h));
	hours_drop(h);
	h = NULL;
	must(hours_load("/nonexistent", "Asia/Almaty", &h));
	next_is(h, "KZ", utc(2026, 11, 25, 2, 0), utc(2026, 11, 25, 4, 0), utc(2026, 11, 25, 16, 0));
	hours_drop(h);
}

static void the_zones_file_is_read_as_the_c_library_reads_it(void **state)
{
	(void)state;
	static const char *const names[] = { "Asia/Almaty", "Europe/Berlin", "America/New_York", "UTC",
		"Asia/Kathmandu", "Europe/Moscow" };
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		struct zone *z = NULL;
		must(zone_load(names[n], &z));
		must(clock_use_zone(names[n]));
		for (int64_t at = utc(1996, 1, 1, 0, 0); at < utc(2036, 1, 1, 0, 0);
		     at += INT64_C(3600000) * 31) {
			const struct local_time a = zone_local(z, at), b = clock_local(at);
			assert_int_equal(a.year, b.year);
			assert_int_equal(a.month, b.month);
			assert_int_equal(a.day, b.day);
			assert_int_equal(a.hour, b.hour);
			assert_int_equal(a.minute, b.minute);
			assert_int_equal(a.weekday, b.weekday);
			const int64_t noon = zone_ms(z, a.year, a.month, a.day, 12 * 60);
			assert_int_equal(noon, clock_at(a.year, a.month, a.day, 12 * 60));
		}
		zone_free(z);
	}
	must(clock_use_zone("Asia/Almaty"));
}

static void rubbish_is_no_zone(void **state)
{
	(void)state;
	uint8_t octets[200];
	struct zone *z = NULL;
	srand(1);
	for (int n = 0; n < 20000; n++) {
		for (size_t i = 0; i < sizeof octets; i++)
			octets[i] = (uint8_t)(rand() % 4 == 0 ? rand() : 0);
		memcpy(octets, "TZif2", 5);
		if (!err_is(zone_read(span_make(octets, (size_t)rand() % sizeof octets), &z)))
			zone_free(z);
	}
}

/* ---- settings */

static void a_campaigns_settings_say_nothing_that_is_not_understood(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "[]", "{", "{} {}", "{\"colour\":1}", "{\"rate\":0}", "{\"rate\":1.5}",
		"{\"rate\":\"fast\"}", "{\"ceiling\":0}", "{\"ceiling\":-1}", "{\"days\":61}",
		"{\"at\":\"tomorrow\"}", "{\"at\":\"2026-02-30 09:00\"}", "{\"at\":\"2026-02-03 24:00\"}",
		"{\"audience\":[]}", "{\"audience\":\"\"}", "{\"audience\":{\"colour\":[\"red\"]}}",
		"{\"fallback\":\"ru\"}", "{\"fallback\":[\"en\"]}", "{\"rate\":1,\"rate\":2}",
		"{\"failed_limit\":0}", "{\"stop_limit\":101}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct spec s;
		const struct err e = spec_read(span_of(bad[i]), &s);
		if (!err_is(e))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.code, ERR_INPUT);
	}
}

static void an_edit_replaces_what_it_names_and_equal_settings_are_equal_octets(void **state)
{
	(void)state;
	struct buf a, b;
	struct spec s;
	buf_init(&a, PLAN_SPEC_OCTETS);
	buf_init(&b, PLAN_SPEC_OCTETS);
	must(spec_merge(span_of(""), span_of("{ \"rate\": 10, \"audience\": {\"language\":[\"ky\"]} }"),
	                &a));
	must(spec_merge(span_of("{\"audience\":{\"language\":[\"ky\"]}}"), span_of("{\"rate\":10}"), &b));
	assert_string_equal(buf_text(&a), buf_text(&b));
	must(spec_merge(buf_span(&a), span_of("{\"rate\":null,\"ceiling\":12.5}"), &b));
	must(spec_read(buf_span(&b), &s));
	assert_int_equal(s.rate, 0);
	assert_int_equal(s.ceiling, 1250);
	assert_true(spec_has_audience(&s));
	spec_free(&s);
	assert_true(err_is(spec_merge(buf_span(&b), span_of("{\"rate\":0}"), &a)));
	buf_free(&a);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_campaign_moves_only_as_the_picture_shows),
		cmocka_unit_test(hours_follow_almaty_when_it_changes_its_zone),
		cmocka_unit_test(friday_noon_and_holidays_are_left_out),
		cmocka_unit_test(where_a_country_has_many_zones_all_of_them_are_awake),
		cmocka_unit_test(a_broken_file_of_hours_is_refused),
		cmocka_unit_test(the_file_of_the_clone_is_good_and_one_that_is_missing_is_the_nodes),
		cmocka_unit_test(the_zones_file_is_read_as_the_c_library_reads_it),
		cmocka_unit_test(rubbish_is_no_zone),
		cmocka_unit_test(a_campaigns_settings_say_nothing_that_is_not_understood),
		cmocka_unit_test(an_edit_replaces_what_it_names_and_equal_settings_are_equal_octets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
