/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text on the small screen of an old phone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/screen.h"

#include "base/banned.h"

/* `lines`: what is to be seen, with | between the lines. */
static void shows(const char *text, unsigned columns, const char *lines)
{
	struct buf seen;
	struct span rest = span_of(text), line;
	buf_init(&seen, 4096);
	while (screen_line(&rest, columns, &line)) {
		if (seen.n > 0 || line.p != (const uint8_t *)text)
			buf_add_text(&seen, "|");
		buf_add(&seen, line);
		assert_true(screen_columns(line) <= columns);
	}
	assert_non_null(buf_text(&seen));
	assert_string_equal(seen.n > 0 ? buf_text(&seen) : "", lines);
	buf_free(&seen);
}

static void lines_are_cut_between_words(void **state)
{
	(void)state;
	shows("", 8, "");
	shows("one", 8, "one");
	shows("one two three", 8, "one two|three");
	shows("four five", 4, "four|five"); /* the blank hangs over */
	shows("Сначала позвоните: 11616.", 10, "Сначала|позвоните:|11616.");
}

static void a_long_word_is_cut_where_the_screen_ends(void **state)
{
	(void)state;
	shows("abcdefghij", 4, "abcd|efgh|ij");
	shows("a bcdefghij", 4, "a|bcde|fghi|j");
}

static void a_line_break_ends_a_line(void **state)
{
	(void)state;
	shows("one\ntwo", 8, "one|two");
	shows("one\r\n\r\ntwo", 8, "one||two");
	shows("one\n", 8, "one");
}

static void marks_take_no_column_and_wide_characters_two(void **state)
{
	(void)state;
	assert_int_equal(screen_columns(span_of("й")), 1);
	assert_int_equal(screen_columns(span_of("и\xCC\x86")), 1); /* the same, taken apart */
	assert_int_equal(screen_columns(span_of("\xE4\xB8\xAD\xE6\x96\x87")), 4);
	shows("\xE4\xB8\xAD\xE6\x96\x87\xE4\xB8\xAD", 5, "\xE4\xB8\xAD\xE6\x96\x87|\xE4\xB8\xAD");
	shows("abи\xCC\x86""c", 3, "abи\xCC\x86|c"); /* a mark stays with its letter */
}

static void ill_formed_octets_end_too(void **state)
{
	(void)state;
	shows("a\xFF\xC3", 2, "a\xFF|\xC3");
}

static void nothing_that_moves_a_cursor_is_shown(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 64);
	screen_clean(span_of("a\033[2Jb\r\nc\a\xC2\x9B" "d\xE2\x80\xAE" "e"), &b);
	assert_string_equal(buf_text(&b), "a[2Jb\ncde");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(lines_are_cut_between_words),
		cmocka_unit_test(a_long_word_is_cut_where_the_screen_ends),
		cmocka_unit_test(a_line_break_ends_a_line),
		cmocka_unit_test(marks_take_no_column_and_wide_characters_two),
		cmocka_unit_test(ill_formed_octets_end_too),
		cmocka_unit_test(nothing_that_moves_a_cursor_is_shown),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
