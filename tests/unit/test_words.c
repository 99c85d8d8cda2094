/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What modems say in words where others say a code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "link/modem/words.h"

#include "base/banned.h"

static void an_error_in_words_has_its_code(void **state)
{
	(void)state;
	assert_int_equal(words_code(span_of(" Unassigned (unallocated) number"), true), 1);
	assert_int_equal(words_code(span_of("(U)SIM not inserted"), true), 310);
	assert_int_equal(words_code(span_of("SIM not inserted"), false), 10);
	assert_int_equal(words_code(span_of("SIM BUSY"), false), 14);
	assert_int_equal(words_code(span_of("no such words"), true), -1);
	assert_int_equal(words_code(span_of(""), true), -1);
	assert_int_equal(words_code(span_of("(U)"), false), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(an_error_in_words_has_its_code) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
