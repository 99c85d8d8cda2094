/* SPDX-License-Identifier: GPL-3.0-or-later */
/* USSD: how modems write an operator's answer, the figure in it, and the errand that brings it to
 * who asked. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/errand.h"
#include "link/balance.h"
#include "link/modem/cusd.h"
#include "text/alphabet.h"

#include "base/banned.h"

/* ---- +CUSD */

static void reads(const char *line, enum ussd_outcome outcome, const char *text)
{
	struct cusd c;
	assert_true(cusd_is_whole(span_of(line)));
	if (!cusd_read(span_of(line), &c))
		fail_msg("not read: %s", line);
	assert_int_equal(c.outcome, outcome);
	assert_string_equal(c.text, text);
	cusd_wipe(&c);
}

static void an_answer_is_read_as_text_ucs2_or_packed_septets(void **state)
{
	(void)state;
	reads("+CUSD: 0,\"Balance 150.00 KZT\",15", USSD_DONE, "Balance 150.00 KZT");
	reads("+CUSD: 0, \"Balance 150.00 KZT\"", USSD_DONE, "Balance 150.00 KZT");
	reads("+CUSD: 0,Balance 150 KZT,15", USSD_DONE, "Balance 150 KZT");
	reads("+CUSD: 0,\"say \"\"hi\", then\",15", USSD_DONE, "say \"\"hi\", then");
	reads("+CUSD: 0,\"041104300439\",72", USSD_DONE, "Бай");
	reads("+CUSD: 0,\"041104300439\",15", USSD_DONE, "Бай"); /* by its look */
	reads("+CUSD: 0,\"C2305B07AAB96030\",15", USSD_DONE, "Bal: 5.00");
	reads("+CUSD: 0,\"C2305B07AAB96030\"", USSD_DONE, "Bal: 5.00");
	reads("+CUSD: 0,\"31D98C56B3DD70\",15", USSD_DONE, "12345678");
	reads("+CUSD: 0,\"31D98C56B3DD1A\",15", USSD_DONE, "1234567"); /* filled up with a CR */
}

static void a_text_that_only_looks_like_hex_stays_a_text(void **state)
{
	(void)state;
	reads("+CUSD: 0,\"15000000\",15", USSD_DONE, "15000000");
	reads("+CUSD: 0,\"1234\",15", USSD_DONE, "1234");
	reads("+CUSD: 0,\"FACADE\",15", USSD_DONE, "FACADE");
	reads("+CUSD: 0,\"Balance\",15", USSD_DONE, "Balance");
}

static void menus_errors_and_ends_are_told_apart(void **state)
{
	(void)state;
	struct cusd c;
	reads("+CUSD: 1,\"1 Bonus\",15", USSD_MORE, "1 Bonus");
	reads("+CUSD: 2,\"Bye\",15", USSD_DONE, "Bye");
	reads("+CUSD: 2", USSD_REFUSED, "");
	reads("+CUSD: 4", USSD_REFUSED, "");
	reads("+CUSD: 5", USSD_SILENT, "");
	static const char *const bad[] = { "", "+CUSD", "+CUSD:", "+CUSD: x", "+CUSD: 6", "+CUSD: -1" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(cusd_read(span_of(bad[i]), &c));
}

static void a_body_with_line_breaks_ends_at_its_last_quote(void **state)
{
	(void)state;
	assert_false(cusd_is_whole(span_of("+CUSD: 0,\"Balance 1")));
	assert_false(cusd_is_whole(span_of("+CUSD: 0,\"")));
	assert_false(cusd_is_whole(span_of("+CUSD: 0,\"a \"b")));
	assert_true(cusd_is_whole(span_of("+CUSD: 0,\"a\nb\",15")));
	assert_true(cusd_is_whole(span_of("+CUSD: 2")));
	reads("+CUSD: 0,\"a\r\nb\",15", USSD_DONE, "a\nb");
	reads("+CUSD: 0,\"a\x1b[31mb\x7f\",15", USSD_DONE, "a [31mb"); /* nothing for a terminal */
	reads("+CUSD: 0,\"caf\xe9\",15", USSD_DONE, "caf?");
}

static void the_longest_answer_is_bounded_and_whole_characters(void **state)
{
	(void)state;
	char line[4200] = "+CUSD: 0,\"";
	struct cusd c;
	for (size_t i = 0; i < 1000; i++)
		(void)memcpy(line + 10 + 2 * i, "\xd0\xb6", 2);
	(void)memcpy(line + 2010, "\",15", 5);
	assert_true(cusd_read(span_of(line), &c));
	assert_int_equal(strlen(c.text), USSD_ANSWER_MAX - 1); /* 511 letters of two octets */
	assert_true(utf8_valid(span_of(c.text)));
}

static void a_code_is_packed_as_modems_expect_it(void **state)
{
	(void)state;
	char hex[2 * USSD_CODE_MAX + 1];
	cusd_pack("*100#", hex, sizeof hex);
	assert_string_equal(hex, "AA180C3602");
	cusd_pack("1234567", hex, sizeof hex);
	assert_string_equal(hex, "31D98C56B3DD1A");
	cusd_pack("12345678", hex, sizeof hex);
	assert_string_equal(hex, "31D98C56B3DD70");
	assert_true(ussd_code_is_good("*100*77#"));
	assert_false(ussd_code_is_good(""));
	assert_false(ussd_code_is_good("*100#\""));
	assert_false(ussd_code_is_good("*100#\r"));
}

static void septets_are_unpacked_with_their_extensions(void **state)
{
	(void)state;
	static const uint8_t euro[] = { 0x9B, 0x32 }; /* escape, 'e' */
	struct buf b;
	buf_init(&b, 64);
	gsm7_to_utf8(span_make(euro, sizeof euro), 2, &b);
	assert_string_equal(buf_text(&b), "€");
	gsm7_to_utf8(span_make(euro, sizeof euro), 9, &b); /* more than there are octets for */
	assert_string_equal(buf_text(&b), "€€");
	buf_free(&b);
}

/* ---- the figure */

static void finds(const char *text, int64_t hundredths)
{
	int64_t found = 0;
	if (!balance_find(span_of(text), &found) || found != hundredths)
		fail_msg("%s: %lld", text, (long long)found);
}

static void the_first_number_is_the_balance_however_it_is_written(void **state)
{
	(void)state;
	finds("Balance 150.00 KZT", 15000);
	finds("Баланс: 12,5 тг", 1250);
	finds("На счету 1 234,56 тг, бонус 10", 123456);
	finds("1\xc2\xa0" "234.05", 123405);
	finds("1\xe2\x80\xaf" "234\xe2\x80\xaf" "567", 123456700);
	finds("1.234,56", 123456);
	finds("1,234.56", 123456);
	finds("12345.6", 1234560);
	finds("7", 700);
	finds("150.", 15000);
	finds("Balance -2.50", -250);
	finds("till-0.05", -5);
	finds("5 10", 500);      /* a day or a bonus, not thousands */
	finds("2026 150", 202600);
}

static void no_figure_is_no_balance(void **state)
{
	(void)state;
	int64_t found = 42;
	assert_false(balance_find(span_of(""), &found));
	assert_false(balance_find(span_of("all is well."), &found));
	assert_false(balance_find(span_of("card 8999701000000000001"), &found));
	assert_int_equal(found, 42);
}

/* ---- the errand */

static void count_up(void *arg)
{
	++*(int *)arg;
}

static void an_errand_is_answered_once_and_outlives_neither_holder(void **state)
{
	(void)state;
	struct errand *d = NULL;
	const char *text = NULL;
	bool more = false;
	int calls = 0;
	assert_false(err_is(errand_new("m0", "*100#", count_up, &calls, &d)));
	assert_string_equal(errand_to(d), "m0");
	assert_string_equal(errand_what(d), "*100#");
	assert_false(errand_is_ready(d));
	assert_int_equal(errand_result(d, &text, &more).code, ERR_BUSY);
	errand_answer(d, ERR_NONE_VALUE, span_of("Balance 1"), true);
	assert_int_equal(calls, 1);
	assert_true(errand_is_ready(d));
	assert_false(err_is(errand_result(d, &text, &more)));
	assert_string_equal(text, "Balance 1");
	assert_true(more);
	errand_drop(d);
	/* the other way round: who asked has gone */
	assert_false(err_is(errand_new("m0", "*100#", count_up, &calls, &d)));
	errand_drop(d);
	errand_answer(d, ERR_NONE_VALUE, span_of("Balance 1"), false);
	assert_int_equal(calls, 1);
	errand_drop(NULL);
}

static void *answer_it(void *arg)
{
	errand_answer(arg, err_make(ERR_TIMEOUT, "ask", NULL, NULL), span_of(""), false);
	return NULL;
}

static void two_threads_may_let_go_at_the_same_time(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		struct errand *d = NULL;
		pthread_t thread;
		int calls = 0;
		assert_false(err_is(errand_new("m0", "*100#", count_up, &calls, &d)));
		assert_int_equal(pthread_create(&thread, NULL, answer_it, d), 0);
		errand_drop(d);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_true(calls <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_read_as_text_ucs2_or_packed_septets),
		cmocka_unit_test(a_text_that_only_looks_like_hex_stays_a_text),
		cmocka_unit_test(menus_errors_and_ends_are_told_apart),
		cmocka_unit_test(a_body_with_line_breaks_ends_at_its_last_quote),
		cmocka_unit_test(the_longest_answer_is_bounded_and_whole_characters),
		cmocka_unit_test(a_code_is_packed_as_modems_expect_it),
		cmocka_unit_test(septets_are_unpacked_with_their_extensions),
		cmocka_unit_test(the_first_number_is_the_balance_however_it_is_written),
		cmocka_unit_test(no_figure_is_no_balance),
		cmocka_unit_test(an_errand_is_answered_once_and_outlives_neither_holder),
		cmocka_unit_test(two_threads_may_let_go_at_the_same_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
