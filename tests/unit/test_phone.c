/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phone numbers as people and spreadsheets write them, and files in the encodings they are saved in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "text/encoding.h"
#include "text/phone.h"
#include "base/banned.h"

static void then_number(const char *text, const char *country, const char *digits,
                        const char *found)
{
	struct msisdn m;
	char where[3] = "";
	const enum phone_err e = phone_parse(span_of(text), country, &m, where);
	if (e != PHONE_OK)
		fail_msg("%s: %s", text, phone_err_text(e));
	if (!span_is(msisdn_span(&m), digits) || strcmp(where, found) != 0)
		fail_msg("%s: %s in %s", text, m.digits_, where);
}

static void then_refused(const char *text, const char *country, enum phone_err wanted)
{
	struct msisdn m = { .digits_ = "untouched" };
	char where[3] = "-";
	const enum phone_err e = phone_parse(span_of(text), country, &m, where);
	if (e != wanted)
		fail_msg("%s: %d (%s)", text, (int)e, phone_err_text(e));
	assert_string_equal(m.digits_, "untouched");
	assert_string_equal(where, "-");
}

static void a_number_is_read_however_it_is_written(void **state)
{
	(void)state;
	static const char *const same[] = { "+77010000001", "8 701 000 00 01", "8(701)000-00-01",
		"8-701-000-00-01", "7010000001", "77010000001", "007 701 000 0001", "+7 (701) 000\u201300\u201301",
		"\u202a+77010000001\u202c", "+7\u00a0701\u00a0000\u00a000\u00a001", "=\"87010000001\"",
		"'87010000001", "87010000001.0", "  87010000001\t" };
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		then_number(same[i], "KZ", "77010000001", "KZ");
	then_number("00998901234567", "KZ", "998901234567", "UZ");
	then_number("998 90 123-45-67", "KZ", "998901234567", "UZ");
	then_number("+996 555 123456", "KZ", "996555123456", "KG");
	then_number("+992 91 812 3456", "KZ", "992918123456", "TJ");
}

static void kazakhstan_and_russia_share_a_code_and_are_told_apart(void **state)
{
	(void)state;
	then_number("8 916 123-45-67", "KZ", "79161234567", "RU");
	then_number("+7 747 123 45 67", "KZ", "77471234567", "KZ");
	then_number("9161234567", "RU", "79161234567", "RU");
	then_refused("9161234567", "KZ", PHONE_NO_COUNTRY);
}

static void the_country_of_the_list_says_whose_short_numbers_are(void **state)
{
	(void)state;
	then_number("90 123 45 67", "UZ", "998901234567", "UZ");
	then_number("0555 123 456", "KG", "996555123456", "KG");
	then_number("+77010000001", "UZ", "77010000001", "KZ");
	assert_true(phone_is_country("KG"));
	assert_false(phone_is_country("XX"));
}

static void what_a_spreadsheet_or_a_person_spoilt_is_told(void **state)
{
	(void)state;
	then_refused("", "KZ", PHONE_EMPTY);
	then_refused(" - ", "KZ", PHONE_EMPTY);
	then_refused("7.701E+10", "KZ", PHONE_EXPONENT);
	then_refused("7,70101E+10", "KZ", PHONE_EXPONENT);
	then_refused("7.7e10", "KZ", PHONE_EXPONENT);
	then_refused("87010000001, 87010000002", "KZ", PHONE_TWO);
	then_refused("87010000001;87010000002", "KZ", PHONE_TWO);
	then_refused("+77010000001/+77010000002", "KZ", PHONE_TWO);
	then_refused("тел. 87010000001", "KZ", PHONE_BAD_CHARACTER);
	then_refused("8701FLOWERS", "KZ", PHONE_BAD_CHARACTER);
	then_refused("8701", "KZ", PHONE_SHORT);
	then_refused("+770100000011", "KZ", PHONE_LONG);
	then_refused("+7 600 123 45 67", "KZ", PHONE_UNKNOWN);
	then_refused("8 (727) 250-12-34", "KZ", PHONE_LANDLINE);
	then_refused("8 800 080 7777", "KZ", PHONE_LANDLINE);
}

/* ---- encodings */
static void then_encoded(const void *octets, size_t n, enum encoding wanted, const char *text)
{
	for (size_t cut = 1; cut <= n; cut++) { /* whatever pieces it comes in */
		struct encoding_trial t = { .octets = 0 };
		size_t mark = 0;
		struct decoding *d = NULL;
		struct buf out;
		for (size_t at = 0; at < n; at += cut)
			encoding_try(&t, span_make((const uint8_t *)octets + at, cut < n - at ? cut : n - at));
		assert_int_equal(encoding_judge(&t, &mark), wanted);
		assert_false(err_is(decoding_start(wanted, &d)));
		buf_init(&out, 4096);
		for (size_t at = mark; at < n; at += cut)
			decoding_add(d, span_make((const uint8_t *)octets + at, cut < n - at ? cut : n - at),
			             at + cut >= n, &out);
		assert_true(span_is(buf_span(&out), text));
		buf_free(&out);
		decoding_free(d);
	}
}

static void a_file_is_read_in_the_encoding_it_was_saved_in(void **state)
{
	(void)state;
	static const char utf8[] = "телефон;қала", marked[] = "\xef\xbb\xbfтіл";
	static const char cp1251[] = "\xf2\xe5\xeb\xe5\xf4\xee\xed;\xe3\xee\xf0\xee\xe4";
	static const char little[] = "\xff\xfe\x42\x04\x35\x04;\0";
	static const char big[] = "\xfe\xff\x04\x42\x04\x35\0;";
	static const char unmarked[] = "p\0h\0o\0n\0e\0;\0";
	then_encoded(utf8, sizeof utf8 - 1, ENCODING_UTF8, "телефон;қала");
	then_encoded(marked, sizeof marked - 1, ENCODING_UTF8, "тіл");
	then_encoded(cp1251, sizeof cp1251 - 1, ENCODING_CP1251, "телефон;город");
	then_encoded(little, sizeof little - 1, ENCODING_UTF16LE, "те;");
	then_encoded(big, sizeof big - 1, ENCODING_UTF16BE, "те;");
	then_encoded(unmarked, sizeof unmarked - 1, ENCODING_UTF16LE, "phone;");
}

static void a_few_broken_letters_do_not_make_utf8_something_else(void **state)
{
	(void)state;
	static const char text[] = "телефон;язык;город \xd1\x2e";
	struct encoding_trial t = { .octets = 0 };
	size_t mark = 0;
	encoding_try(&t, span_of(text));
	assert_int_equal(encoding_judge(&t, &mark), ENCODING_UTF8);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_number_is_read_however_it_is_written),
		cmocka_unit_test(kazakhstan_and_russia_share_a_code_and_are_told_apart),
		cmocka_unit_test(the_country_of_the_list_says_whose_short_numbers_are),
		cmocka_unit_test(what_a_spreadsheet_or_a_person_spoilt_is_told),
		cmocka_unit_test(a_file_is_read_in_the_encoding_it_was_saved_in),
		cmocka_unit_test(a_few_broken_letters_do_not_make_utf8_something_else),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
