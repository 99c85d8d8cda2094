/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What modems read: a PDU is well-formed, or it is refused and nothing behind its end is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/tpdu.h"
#include "base/banned.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* SMSC +77010000000, SMS-DELIVER from +77010000045, 2026-11-24 09:15:02 +05:00. */
#define SMSC "07917710000000F0"
#define FROM "0B917710000054F5"
#define TIME "62114290512002"

static enum tpdu_err check(const char *hex, int length, struct tpdu *ret)
{
	/* of its exact size, so that a sanitizer sees a look behind the end */
	size_t n = strlen(hex) / 2;
	uint8_t *octets = malloc(n > 0 ? n : 1);
	assert_non_null(octets);
	assert_true(hex_parse(span_of(hex), octets, n, &n));
	size_t smsc = n > 0 ? octets[0] + 1u : 0;
	size_t all = n > smsc ? n - smsc : 0;
	enum tpdu_err e = tpdu_check(span_make(octets, n), length < 0 ? all : (size_t)length, ret);
	free(octets);
	return e;
}

static void a_question_in_septets_and_one_in_cyrillic_are_well_formed(void **state)
{
	(void)state;
	struct tpdu t;
	assert_int_equal(check(SMSC "04" FROM "0000" TIME "04D4F29C0E", -1, &t), TPDU_OK);
	assert_int_equal(t.kind, TPDU_DELIVER);
	assert_int_equal(t.user_data.n, 4);
	assert_int_equal(t.concat_total, 1);
	assert_int_equal(t.concat_seq, 1);
	assert_int_equal(check("00" "04" FROM "0008" TIME "04043F043E", -1, &t), TPDU_OK);
	assert_int_equal(t.dcs, 8);
	assert_int_equal(t.user_data.n, 4);
	assert_int_equal(check("00" "04" FROM "0000" TIME "00", -1, &t), TPDU_OK); /* an empty one */
}

static void parts_of_a_question_are_told_by_both_kinds_of_reference(void **state)
{
	(void)state;
	struct tpdu t;
	assert_int_equal(check("00" "44" FROM "0008" TIME "08" "050003AB0302" "043F", -1, &t), TPDU_OK);
	assert_int_equal(t.concat_ref, 0xAB);
	assert_int_equal(t.concat_total, 3);
	assert_int_equal(t.concat_seq, 2);
	assert_int_equal(t.user_data.n, 2);
	assert_int_equal(check("00" "44" FROM "0008" TIME "09" "060804ABCD0201" "043F", -1, &t),
	                 TPDU_OK);
	assert_int_equal(t.concat_ref, 0xABCD);
	assert_int_equal(t.concat_total, 2);
}

static void a_reference_that_makes_no_sense_is_ignored_and_the_text_kept(void **state)
{
	(void)state;
	struct tpdu t;
	/* part 0; part 3 of 2; of none; too short and unknown; unknown */
	static const char *const odd[] = { "050003AB0200", "050003AB0203", "050003AB0001",
		"050001AB7000", "057003010201" };
	for (size_t i = 0; i < COUNT(odd); i++) {
		char hex[160];
		(void)snprintf(hex, sizeof hex, "00" "44" FROM "0008" TIME "08" "%s" "043F", odd[i]);
		assert_int_equal(check(hex, -1, &t), TPDU_OK);
		assert_int_equal(t.concat_total, 1);
		assert_int_equal(t.concat_seq, 1);
		assert_int_equal(t.user_data.n, 2);
	}
}

static void every_length_that_lies_is_found(void **state)
{
	(void)state;
	static const struct {
		const char *hex;
		int length;
		enum tpdu_err why;
	} bad[] = {
		{ "", 0, TPDU_SHORT }, { "00", 0, TPDU_SHORT }, { "00", 5, TPDU_SHORT },
		{ "0C9177100000000000000000000004", 1, TPDU_BAD_ADDRESS }, /* the SMSC's */
		{ "0791771000", 1, TPDU_SHORT },
		{ "00" "04" "15917710000054F5000000000000" "0000" TIME "00", -1, TPDU_BAD_ADDRESS },
		{ "00" "04" "FF91", -1, TPDU_BAD_ADDRESS },
		{ "00" "04" "0B9177", -1, TPDU_SHORT },
		{ "00" "04" FROM "0000" "621142", -1, TPDU_SHORT },
		{ "00" "04" FROM "0000" TIME, -1, TPDU_SHORT },           /* no TP-UDL */
		{ "00" "04" FROM "0000" TIME "05D4F29C0E", -1, TPDU_SHORT },
		{ "00" "04" FROM "0000" TIME "A1", -1, TPDU_LONG },       /* 161 septets */
		{ "00" "04" FROM "0004" TIME "8D", -1, TPDU_LONG },       /* 141 octets */
		{ "00" "04" FROM "0008" TIME "03043F04", -1, TPDU_BAD_LENGTH },
		{ "00" "44" FROM "0008" TIME "00", -1, TPDU_BAD_UDH },
		{ "00" "44" FROM "0008" TIME "02" "0504", -1, TPDU_BAD_UDH },
		{ "00" "44" FROM "0008" TIME "04" "03000301", -1, TPDU_BAD_UDH },
		{ "00" "44" FROM "0008" TIME "02" "0100", -1, TPDU_BAD_UDH }, /* half an element */
		/* seven septets need seven octets, and a header of seven octets eight septets */
		{ "00" "44" FROM "0000" TIME "07" "060804ABCD0201", -1, TPDU_BAD_UDH },
		{ "00" "05" FROM "0000" TIME "00", -1, TPDU_BAD_TYPE },
		{ "00" "07" FROM "0000" TIME "00", -1, TPDU_BAD_TYPE },
		{ "00" "04" FROM "0000" TIME "04D4F29C0E", 200, TPDU_SHORT },
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct tpdu t = { .dcs = 0x5A };
		enum tpdu_err e = check(bad[i].hex, bad[i].length, &t);
		if (e != bad[i].why)
			fail_msg("%s %s", bad[i].hex, tpdu_err_text(e));
		assert_int_equal(t.dcs, 0x5A); /* untouched */
	}
}

static void what_pads_a_pdu_is_ignored(void **state)
{
	(void)state;
	static const char *const padded[] = { SMSC "04" FROM "0000" TIME "04D4F29C0E" "FFFFFF",
		SMSC "04" FROM "0000" TIME "03D4F29C" "0E", SMSC "04" FROM "0008" TIME "02043F" "0000",
		SMSC "44" FROM "0008" TIME "08" "050003AB0302" "043F" "00",
		SMSC "06" "2A" FROM TIME TIME "00" "00" "FFFF",
		SMSC "06" "2A" FROM TIME TIME "00" "07" "0000" "04D4F29C0E" "FF" };
	static const size_t user_data[] = { 4, 3, 2, 2, 0, 4 }, padding[] = { 3, 1, 2, 1, 2, 1 };
	for (size_t i = 0; i < COUNT(padded); i++) {
		const size_t n = strlen(padded[i]) / 2;
		struct tpdu t;
		assert_int_equal(check(padded[i], -1, &t), TPDU_OK); /* the modem's <length> counts it */
		assert_int_equal(t.user_data.n, user_data[i]);
		assert_int_equal(t.whole.n, n - padding[i]);
		/* or it doesn't */
		assert_int_equal(check(padded[i], (int)(n - 8 - padding[i]), &t), TPDU_OK);
		assert_int_equal(t.whole.n, n - padding[i]);
	}
}

static void a_pdu_cut_anywhere_is_refused_and_never_read_past_its_end(void **state)
{
	(void)state;
	static const char whole[] = SMSC "44" FROM "0008" TIME "08" "050003AB0302" "043F";
	struct tpdu t;
	assert_int_equal(check(whole, -1, &t), TPDU_OK);
	for (size_t n = 0; n < sizeof whole - 1; n += 2) {
		char hex[sizeof whole];
		memcpy(hex, whole, n);
		hex[n] = '\0';
		assert_int_not_equal(check(hex, -1, &t), TPDU_OK);
	}
}

static void a_name_as_sender_and_groups_of_coding_are_well_formed(void **state)
{
	(void)state;
	struct tpdu t;
	/* eleven letters: 20 semi-octets, type alphanumeric */
	assert_int_equal(check("00" "04" "14D0" "C2F2992D4F93D5A0A903" "0000" TIME "00", -1, &t),
	                 TPDU_OK);
	static const struct {
		const char *dcs, *user_data;
	} groups[] = {
		{ "00", "04D4F29C0E" }, { "10", "04D4F29C0E" }, { "F0", "04D4F29C0E" },
		{ "C0", "04D4F29C0E" }, { "D0", "04D4F29C0E" }, { "0C", "04D4F29C0E" },
		{ "04", "03010203" }, { "F4", "03010203" }, { "F5", "03010203" },
		{ "08", "02043F" }, { "18", "02043F" }, { "E0", "02043F" },
		{ "20", "03010203" }, { "28", "03010203" }, /* compressed: in octets */
	};
	for (size_t i = 0; i < COUNT(groups); i++) {
		char hex[160];
		(void)snprintf(hex, sizeof hex, "00" "04" FROM "00" "%s" TIME "%s", groups[i].dcs,
		               groups[i].user_data);
		if (check(hex, -1, &t) != TPDU_OK)
			fail_msg("TP-DCS %s", groups[i].dcs);
	}
}

static void a_status_report_is_well_formed_with_and_without_its_optional_end(void **state)
{
	(void)state;
	struct tpdu t;
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME "00", -1, &t), TPDU_OK);
	assert_int_equal(t.kind, TPDU_STATUS_REPORT);
	assert_int_equal(t.user_data.n, 0);
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME "00" "00", -1, &t), TPDU_OK);
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME "00" "07" "0000" "04D4F29C0E", -1, &t),
	                 TPDU_OK);
	assert_int_equal(t.user_data.n, 4);
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME "00" "07" "0000" "04D4", -1, &t),
	                 TPDU_SHORT);
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME "00" "01", -1, &t), TPDU_SHORT);
	assert_int_equal(check(SMSC "06" "2A" FROM TIME TIME, -1, &t), TPDU_SHORT);
	assert_int_equal(check(SMSC "06" "2A" "15" "91", -1, &t), TPDU_BAD_ADDRESS);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_question_in_septets_and_one_in_cyrillic_are_well_formed),
		cmocka_unit_test(parts_of_a_question_are_told_by_both_kinds_of_reference),
		cmocka_unit_test(a_reference_that_makes_no_sense_is_ignored_and_the_text_kept),
		cmocka_unit_test(every_length_that_lies_is_found),
		cmocka_unit_test(what_pads_a_pdu_is_ignored),
		cmocka_unit_test(a_pdu_cut_anywhere_is_refused_and_never_read_past_its_end),
		cmocka_unit_test(a_name_as_sender_and_groups_of_coding_are_well_formed),
		cmocka_unit_test(a_status_report_is_well_formed_with_and_without_its_optional_end),
	};
	return cmocka_run_group_tests_name("tpdu", stories, NULL, NULL);
}
