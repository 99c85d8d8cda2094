/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories of broadcasts: who is written to, in which words, when, and that nobody is twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "campaign/broadcast.h"
#include "campaign/csv.h"
#include "store/delivery.h"
#include "store/people.h"
#include "text/fold.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define MESSAGE "{\"texts\":{\"ru\":\"Бесплатно: 116 16\",\"kk\":\"Тегін: 116 16\"," \
	"\"uz\":\"Bepul: 116 16\"},\"fallback\":[\"ru\"]}"
#define STRICT "{\"texts\":{\"uz\":\"Bepul: 116 16\"}}"
#define TUESDAY_NOON INT64_C(1732604400000) /* 2024-11-26 12:00 in Almaty */
#define SUNDAY_NOON (TUESDAY_NOON - 2 * DAY_MS)

struct told {
	unsigned line[16];
	const char *reason[16];
	size_t count;
};

static void tell(unsigned line, const char *reason, void *arg)
{
	struct told *t = arg;
	if (t->count < 16) {
		t->line[t->count] = line;
		t->reason[t->count] = reason;
	}
	t->count++;
}

static void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

static struct broadcast_summary plan(const char *csv, const char *message, struct told *told)
{
	struct broadcast *b = NULL;
	struct broadcast_summary s;
	*told = (struct told){ .count = 0 };
	must(broadcast_prepare(span_of(csv), span_of(message), 500, tell, told, &b));
	broadcast_summary(b, &s);
	broadcast_free(b);
	return s;
}

static struct err refuse(struct span csv, const char *message)
{
	struct broadcast *b = NULL;
	struct told told = { .count = 0 };
	struct err e = broadcast_prepare(csv, span_of(message), 0, tell, &told, &b);
	assert_true(err_is(e));
	assert_null(b);
	return e;
}

/* ---- the list */

static void columns_may_stand_in_any_order_with_commas_or_semicolons(void **state)
{
	(void)state;
	struct told told;
	static const char *const lists[] = {
		"phone,language,region\n+77010000001,ru,Almaty\n+77010000002,kk,\n",
		"\xef\xbb\xbfPhone;LANGUAGE\r\n+77010000001;RU\r\n8 (701) 000-00-02;kk\r\n",
		"name,Language , phone\n\"O\"\"Neil, of\nAlmaty\",ru,+77010000001\nx,kk,\"+7 701 0000002\"",
		"\"language\";\"phone\"\r\n\"ru\";\"+77010000001\"\r\n\r\nkk;+77010000002\r\n;\r\n",
	};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct broadcast_summary s = plan(lists[i], MESSAGE, &told);
		assert_int_equal(s.people, 2);
		assert_int_equal(s.language[LANGUAGE_RU].people, 1);
		assert_int_equal(s.language[LANGUAGE_KK].people, 1);
		assert_int_equal(s.parts, 2);
		assert_int_equal(s.price, 1000);
	}
	assert_int_equal(told.count, 1);
	assert_int_equal(told.line[0], 5); /* of the last list: ";" */
	assert_string_equal(told.reason[0], "no phone number");
}

static void a_bad_row_is_told_by_line_and_left_out(void **state)
{
	(void)state;
	struct told told;
	struct broadcast_summary s = plan("phone,language\n"
	                                  "+77010000001,ru\n"
	                                  "+7701abc0002,ru\n"
	                                  "+77010000003,xx\n"
	                                  "+77010000004,en\n"
	                                  "+77010000005\n"
	                                  "11616,ru\n"
	                                  "8 701 000 00 01,kk\n", MESSAGE, &told);
	assert_int_equal(s.rows, 7);
	assert_int_equal(s.people, 1);
	assert_int_equal(s.bad, 5);
	assert_int_equal(s.doubles, 1);
	static const unsigned lines[] = { 3, 4, 5, 6, 7, 8 };
	assert_int_equal(told.count, 6);
	assert_memory_equal(told.line, lines, sizeof lines);
	assert_string_equal(told.reason[1], "unknown language");
	assert_string_equal(told.reason[2], "unknown language");
	assert_string_equal(told.reason[3], "no language");
	assert_string_equal(told.reason[5], "double of a line before");
}

static void a_language_without_a_text_falls_back_or_is_left_out(void **state)
{
	(void)state;
	struct told told;
	struct broadcast_summary s = plan("phone,language\n+992900000001,tg\n", MESSAGE, &told);
	assert_int_equal(s.language[LANGUAGE_RU].people, 1);
	s = plan("phone,language\n+992900000001,tg\n+998900000001,uz\n", STRICT, &told);
	assert_int_equal(s.people, 1);
	assert_string_equal(told.reason[0], "no text in its language");
}

static void a_row_that_is_left_out_does_not_hide_a_good_one_of_the_same_number(void **state)
{
	(void)state;
	struct told told;
	struct broadcast_summary s = plan("phone,language\n+77010000001,xx\n+77010000001,ru\n",
	                                  MESSAGE, &told);
	assert_int_equal(s.people, 1);
	assert_int_equal(s.doubles, 0);
}

static void a_broken_list_is_refused_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *csv, *whom;
	} lists[] = {
		{ "phone,language\n+77010000001,ru\n\"+77010000002,ru\n", "line 3" },
		{ "phone,language\n\"+77010000001\"2,ru\n", "line 2" },
		{ "telephone,language\n+77010000001,ru\n", "line 1" },
		{ "phone,phone,language\n", "line 1" },
		{ "", "line 1" },
	};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct err e = refuse(span_of(lists[i].csv), MESSAGE);
		assert_int_equal(e.code, ERR_INPUT);
		assert_string_equal(e.whom, lists[i].whom);
	}
	static const char nul[] = "phone,language\n+77010000001,ru\n+7701\0000001,ru\n";
	struct err e = refuse(span_make(nul, sizeof nul - 1), MESSAGE);
	assert_string_equal(e.whom, "line 3");
}

static void a_million_rows_with_doubles_are_read_in_seconds(void **state)
{
	(void)state;
	struct buf csv;
	struct broadcast *b = NULL;
	struct broadcast_summary s;
	struct told told = { .count = 0 };
	buf_init(&csv, BROADCAST_OCTETS);
	buf_add_text(&csv, "phone,language\n");
	for (unsigned i = 0; i < BROADCAST_ROWS; i++)
		buf_addf(&csv, "+7701%07u,ru\n", i % (BROADCAST_ROWS / 2));
	assert_false(csv.failed);
	const int64_t before_ms = clock_monotonic_ms();
	must(broadcast_prepare(buf_span(&csv), span_of(MESSAGE), 0, tell, &told, &b));
	assert_true(clock_monotonic_ms() - before_ms < 30000); /* a list that is slow takes hours */
	broadcast_summary(b, &s);
	assert_int_equal(s.people, BROADCAST_ROWS / 2);
	assert_int_equal(s.doubles, BROADCAST_ROWS / 2);
	broadcast_free(b);
	buf_add_text(&csv, "+77020000000,ru\n");
	struct err e = refuse(buf_span(&csv), MESSAGE);
	assert_string_equal(e.whom, "line 1000002");
	buf_free(&csv);
}

/* ---- the message */

static void a_message_file_says_nothing_that_is_not_understood(void **state)
{
	(void)state;
	static const char *const files[] = {
		"", "[]", "{", "{\"texts\":{}}", "{\"texts\":{\"ru\":\"a\"}} x",
		"{\"texts\":{\"ru\":\"a\"},\"fallbak\":[\"ru\"]}",
		"{\"texts\":{\"ru\":\"a\"},\"fallback\":[\"kk\"]}",
		"{\"texts\":{\"ru\":\"a\"},\"fallback\":\"ru\"}",
		"{\"texts\":{\"ru\":\"a\",\"RU\":\"b\"}}",
		"{\"texts\":{\"ru\":\"a\"},\"texts\":{\"ru\":\"b\"}}",
		"{\"texts\":{\"en\":\"a\"}}", "{\"texts\":{\"ru\":1}}", "{\"texts\":{\"ru\":\"\"}}",
		"{\"texts\":{\"ru\":\"a\\u0000b\"}}", "{\"texts\":{\"ru\":\"a\\u0007\"}}",
		"{\"texts\":{\"ru\":\"\xff\"}}",
	};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		assert_int_equal(refuse(span_of("phone,language\n+77010000001,ru\n"), files[i]).code,
		                 ERR_INPUT);
}

static void a_text_of_more_than_ten_parts_is_refused(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 65536);
	buf_add_text(&b, "{\"texts\":{\"ru\":\"");
	for (int i = 0; i < 671; i++)
		buf_add_text(&b, "ж");
	buf_add_text(&b, "\"}}");
	struct err e = refuse(span_of("phone,language\n"), buf_text(&b));
	assert_string_equal(e.whom, "texts.ru");
	buf_free(&b);
}

/* ---- hours */

static int64_t utc(int year, int month, int day, int hour, int minute)
{
	struct tm t = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour,
		.tm_min = minute };
	return (int64_t)timegm(&t) * 1000;
}

static void hours_are_those_of_almaty_before_and_after_its_zone_changed(void **state)
{
	(void)state;
	int64_t ends = 0;
	/* 29 February 2024, a Thursday: UTC+6 */
	assert_false(hours_open(utc(2024, 2, 29, 2, 59), NULL));
	assert_true(hours_open(utc(2024, 2, 29, 3, 0), &ends));
	assert_true(ends == utc(2024, 2, 29, 15, 0));
	assert_false(hours_open(utc(2024, 2, 29, 15, 0), NULL));
	/* 1 March 2024, a Friday: UTC+5 */
	assert_false(hours_open(utc(2024, 3, 1, 3, 59), NULL));
	assert_true(hours_open(utc(2024, 3, 1, 4, 0), &ends));
	assert_true(ends == utc(2024, 3, 1, 16, 0));
	assert_true(hours_open(utc(2024, 3, 1, 15, 59), NULL));
	assert_false(hours_open(utc(2024, 3, 1, 16, 0), NULL));
	/* the Saturday after it */
	assert_false(hours_open(utc(2024, 3, 2, 8, 0), NULL));
}

/* ---- writing */

struct world {
	char folder[64], url[96];
	struct store *store;
	struct vault *vault;
	const char *csv;
	struct broadcast_order order;
	struct told told;
	struct broadcast_summary summary;
	int64_t campaign, delivery;
	int64_t states[DELIVERY_STATE_COUNT];
	struct span number, text;
	char shown[24], sealed_as[24];
	int64_t expires_ms;
};

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	if (w == NULL)
		return -1;
	static const uint8_t request[16] = { 1 };
	w->order = (struct broadcast_order){ .consent = "on paper, at the market", .override = "",
		.request = span_make(request, sizeof request), .uid = 1000, .now_ms = TUESDAY_NOON };
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-campaign-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(w->url, sizeof w->url, "sqlite:%s/store.db", w->folder);
	char key[96];
	(void)snprintf(key, sizeof key, "%s/people.key", w->folder);
	must(vault_people_new(w->folder, key, span_of("")));
	must(vault_open(w->folder, &w->vault));
	must(vault_people_open_file(w->vault, key));
	vault_people_admit(w->vault, true);
	must(store_open(w->url, 1, &w->store));
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	store_close(w->store);
	vault_close(w->vault);
	(void)nftw(w->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w);
	return 0;
}

struct skipping {
	struct world *w;
	struct broadcast *b;
};

static struct err skip_stopped(struct txn *tx, void *arg)
{
	const struct skipping *s = arg;
	return broadcast_skip_stopped(tx, s->w->vault, s->b, tell, &s->w->told);
}

static struct err write_one(struct world *w)
{
	struct broadcast *b = NULL;
	w->told.count = 0;
	struct err e = broadcast_prepare(span_of(w->csv), span_of(MESSAGE), 500, tell, &w->told, &b);
	if (!err_is(e))
		e = store_read(w->store, skip_stopped, &(struct skipping){ w, b });
	if (!err_is(e)) {
		broadcast_summary(b, &w->summary);
		e = broadcast_write(w->store, w->vault, b, &w->order, tell, &w->told, &w->campaign);
	}
	broadcast_free(b);
	return e;
}

static struct err count_states(struct txn *tx, void *arg)
{
	struct world *w = arg;
	return delivery_count_campaign(tx, w->campaign, w->states);
}

static struct err say_stop(struct txn *tx, void *arg)
{
	struct world *w = arg;
	struct msisdn m;
	struct hash h;
	int64_t version = 0;
	assert_int_equal(msisdn_parse(w->number, &m), MSISDN_OK);
	must(vault_version(w->vault, RING_PEOPLE, TUESDAY_NOON, &version));
	must(vault_hash(w->vault, RING_PEOPLE, version, "number", msisdn_span(&m), &h));
	return stop_add(tx, version, &h, TUESDAY_NOON);
}

static struct err look_at_row(const struct outbox_row *row, void *arg)
{
	struct world *w = arg;
	struct buf plain;
	struct msisdn m;
	buf_init(&plain, 32);
	assert_int_equal(row->ring, RING_PEOPLE);
	must(vault_unseal(w->vault, row->ring, row->key_version,
	                  (struct seal_place){ .table = "delivery", .field = "number",
	                                       .row = row->id }, buf_span(&row->number_sealed),
	                  &plain));
	assert_int_equal(msisdn_parse(buf_span(&plain), &m), MSISDN_OK);
	(void)snprintf(w->sealed_as, sizeof w->sealed_as, "%.*s", (int)plain.n,
	               (const char *)plain.p);
	msisdn_masked(&m, w->shown);
	w->delivery = row->id;
	buf_free(&plain);
	return ERR_NONE_VALUE;
}

static struct err look(struct txn *tx, void *arg)
{
	return delivery_list(tx, 0, 1, look_at_row, arg);
}

static void a_broadcast_becomes_one_delivery_a_person(void **state)
{
	struct world *w = *state;
	w->csv = "phone,language\n+84901234567,ru\n+77010000001,kk\n+77010000001,ru\n";
	must(write_one(w));
	must(store_read(w->store, count_states, w));
	assert_int_equal(w->states[DELIVERY_QUEUED], 2);
	must(store_read(w->store, look, w));
	assert_true(strcmp(w->sealed_as, "+77010000001") == 0 ||
	            strcmp(w->sealed_as, "+84901234567") == 0); /* its '+' keeps its country */
}

static void who_said_stop_is_left_out(void **state)
{
	struct world *w = *state;
	w->csv = "phone,language\n+77010000001,kk\n8 701 000 00 02,ru\n";
	w->number = span_of("+77010000002");
	must(store_write(w->store, say_stop, w));
	must(write_one(w));
	assert_int_equal(w->summary.stopped, 1);
	assert_int_equal(w->summary.people, 1);
	assert_int_equal(w->told.line[0], 3);
	must(store_read(w->store, count_states, w));
	assert_int_equal(w->states[DELIVERY_QUEUED], 1);
}

static void a_request_that_comes_twice_makes_one_campaign(void **state)
{
	struct world *w = *state;
	w->csv = "phone,language\n+77010000001,kk\n";
	must(write_one(w));
	const int64_t first = w->campaign;
	assert_true(err_is(write_one(w)));
	assert_true(w->campaign == first);
	must(store_read(w->store, count_states, w));
	assert_int_equal(w->states[DELIVERY_QUEUED], 1);
}

static void without_consent_hours_or_people_nothing_is_written(void **state)
{
	struct world *w = *state;
	w->csv = "phone,language\n+77010000001,kk\n";
	w->order.consent = " \n";
	assert_int_equal(write_one(w).code, ERR_REFUSED);
	w->order.consent = "on paper";
	w->order.now_ms = SUNDAY_NOON;
	assert_int_equal(write_one(w).code, ERR_REFUSED);
	w->order.override = "a flood warning";
	w->csv = "phone,language\n";
	assert_int_equal(write_one(w).code, ERR_REFUSED);
	assert_true(w->campaign == 0);
	must(store_read(w->store, look, w));
	assert_true(w->delivery == 0);
	w->csv = "phone,language\n+77010000001,kk\n";
	must(write_one(w));
}

static struct err send_one(struct txn *tx, void *arg)
{
	struct world *w = arg;
	return staff_send(tx, w->store, w->vault, w->number, w->text, false, 1000, TUESDAY_NOON,
	                  &w->delivery);
}

static void a_text_of_staff_goes_to_one_number_unless_it_said_stop(void **state)
{
	struct world *w = *state;
	w->number = span_of("8 701 000 00 02");
	w->text = span_of("Проверка связи");
	must(store_write(w->store, send_one, w));
	const int64_t sent = w->delivery;
	assert_true(sent != 0);
	must(store_read(w->store, look, w));
	assert_string_equal(w->sealed_as, "+77010000002");
	assert_true(w->delivery == sent);
	must(store_write(w->store, say_stop, w));
	assert_int_equal(store_write(w->store, send_one, w).code, ERR_REFUSED);
	w->number = span_of("11616");
	assert_int_equal(store_write(w->store, send_one, w).code, ERR_INPUT);
	w->number = span_of("+77010000003");
	w->text = span_of("");
	assert_int_equal(store_write(w->store, send_one, w).code, ERR_INPUT);
}

static void while_the_people_keys_are_closed_nothing_of_staff_is_sent(void **state)
{
	struct world *w = *state;
	vault_close(w->vault);
	w->vault = NULL;
	must(vault_open(w->folder, &w->vault));
	w->csv = "phone,language\n+77010000001,kk\n";
	assert_int_equal(write_one(w).code, ERR_LOCKED);
	w->number = span_of("+77010000002");
	w->text = span_of("Проверка связи");
	assert_int_equal(store_write(w->store, send_one, w).code, ERR_LOCKED);
}

#define STORY(f) cmocka_unit_test(f)
#define WRITING(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest stories[] = {
		STORY(columns_may_stand_in_any_order_with_commas_or_semicolons),
		STORY(a_bad_row_is_told_by_line_and_left_out),
		STORY(a_language_without_a_text_falls_back_or_is_left_out),
		STORY(a_row_that_is_left_out_does_not_hide_a_good_one_of_the_same_number),
		STORY(a_broken_list_is_refused_with_its_line),
		STORY(a_million_rows_with_doubles_are_read_in_seconds),
		STORY(a_message_file_says_nothing_that_is_not_understood),
		STORY(a_text_of_more_than_ten_parts_is_refused),
		STORY(hours_are_those_of_almaty_before_and_after_its_zone_changed),
		WRITING(a_broadcast_becomes_one_delivery_a_person),
		WRITING(who_said_stop_is_left_out),
		WRITING(a_request_that_comes_twice_makes_one_campaign),
		WRITING(without_consent_hours_or_people_nothing_is_written),
		WRITING(a_text_of_staff_goes_to_one_number_unless_it_said_stop),
		WRITING(while_the_people_keys_are_closed_nothing_of_staff_is_sent),
	};
	if (err_is(clock_use_zone("Asia/Almaty")) || err_is(fold_start()))
		return EXIT_FAILURE;
	return cmocka_run_group_tests(stories, NULL, NULL);
}
