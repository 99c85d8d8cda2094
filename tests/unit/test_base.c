/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Octets, numbers, frames, time, events: what everything else stands on. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/frame.h"
#include "base/loop.h"
#include "base/banned.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- buf */

static void a_buffer_past_its_limit_keeps_what_it_had_and_stays_failed(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 5);
	buf_add_text(&b, "abc");
	buf_add_text(&b, "def");
	assert_true(b.failed);
	buf_add_octet(&b, 'd'); /* it would fit; a hole would be worse */
	assert_true(span_is(buf_span(&b), "abc"));
	assert_null(buf_text(&b));
	buf_free(&b);
	buf_init(&b, 5);
	buf_addf(&b, "%d", 123456);
	assert_true(b.failed);
	assert_int_equal(b.n, 0);
	buf_wipe(&b);
	buf_init(&b, 0);
	buf_add_text(&b, "");
	assert_string_equal(buf_text(&b), "");
	buf_free(&b);
}

static void a_buffer_grows_to_its_limit_exactly(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1000);
	for (int i = 0; i < 100; i++)
		buf_addf(&b, "%010d", i);
	assert_false(b.failed);
	assert_int_equal(strlen(buf_text(&b)), 1000);
	buf_consume(&b, 990);
	assert_true(span_is(buf_span(&b), "0000000099"));
	buf_consume(&b, 50);
	assert_int_equal(b.n, 0);
	buf_add_text(&b, "again");
	assert_string_equal(buf_text(&b), "again");
	buf_free(&b);
}

static void lines_are_taken_with_either_end_and_without_one(void **state)
{
	(void)state;
	struct span rest = span_of("one\r\n\ntwo\nthree"), line;
	static const char *const lines[] = { "one", "", "two", "three" };
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_true(span_line(&rest, &line));
		assert_true(span_is(line, lines[i]));
	}
	assert_false(span_line(&rest, &line));
	assert_true(span_is(span_trim(span_of(" \t a b\r\n")), "a b"));
	assert_int_equal(span_trim(span_of(" \n ")).n, 0);
	assert_int_equal(span_of(NULL).n, 0);
}

static void a_text_is_parted_at_a_character_and_empty_pieces_count(void **state)
{
	(void)state;
	static const char *const pieces[] = { "kk", "", "uz" };
	struct span rest = span_of("kk,,uz"), piece;
	for (size_t i = 0; i < 3; i++) {
		assert_true(span_take(&rest, ',', &piece));
		assert_true(span_is(piece, pieces[i]));
	}
	assert_false(span_take(&rest, ',', &piece));
	assert_true(span_is(piece, "uz")); /* untouched */
}

static void a_number_is_all_of_the_text_and_within_its_range(void **state)
{
	(void)state;
	int64_t n = 42;
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1a", "0x1", "1.5", "--1",
		"9223372036854775808", "-9223372036854775809", "99999999999999999999999" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(int_parse(span_of(bad[i]), INT64_MIN, INT64_MAX, &n));
	assert_false(int_parse(span_of("256"), 0, 255, &n));
	assert_false(int_parse(span_of("-1"), 0, 255, &n));
	assert_int_equal(n, 42);
	assert_true(int_parse(span_of("9223372036854775807"), INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MAX);
	assert_true(int_parse(span_of("-9223372036854775808"), INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MIN);
}

static void hex_is_read_whole_or_not_at_all(void **state)
{
	(void)state;
	uint8_t octets[4] = { 1, 2, 3, 4 };
	size_t n = 77;
	char text[9];
	static const char *const bad[] = { "0", "0g", "g0", "0011223344", "00 1" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(hex_parse(span_of(bad[i]), octets, sizeof octets, &n));
	assert_int_equal(n, 77);
	assert_int_equal(octets[0], 1);
	assert_true(hex_parse(span_of("00fFaB10"), octets, sizeof octets, &n));
	assert_int_equal(n, 4);
	hex_write(span_make(octets, n), text);
	assert_string_equal(text, "00ffab10");
	assert_true(hex_parse(span_of(""), octets, sizeof octets, &n));
	assert_int_equal(n, 0);
}

static void sums_and_copies_see_their_end(void **state)
{
	(void)state;
	size_t sum = 7;
	char small[4] = "xyz";
	assert_false(size_add(SIZE_MAX, 1, &sum));
	assert_int_equal(sum, 7);
	assert_true(size_add(SIZE_MAX - 1, 1, &sum));
	assert_false(text_copy(small, sizeof small, "four"));
	assert_string_equal(small, "");
	assert_true(text_copy(small, sizeof small, "abc"));
	assert_int_equal(text_distance("devise", "device"), 1);
	assert_int_equal(text_distance("", "pin"), 3);
	char longer[200];
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_true(text_distance(longer, "pin") > 3); /* cut, not over-run */
}

/* ---- err */

static void an_error_is_one_line_that_says_what_whom_why_and_what_next(void **state)
{
	(void)state;
	char text[200], small[8];
	struct err e = err_os(ENOSPC, "write the keys", "make room", "%s", "live.ring");
	assert_int_equal(e.code, ERR_FULL);
	assert_string_equal(err_text(&e, text, sizeof text),
	                    "cannot write the keys live.ring: No space left on device; make room");
	assert_string_equal(err_text(&e, small, sizeof small), "cannot ");
	e = err_make(ERR_REFUSED, "send", NULL, NULL);
	assert_string_equal(err_text(&e, text, sizeof text), "cannot send");
	e.os = 123456; /* no such error */
	assert_non_null(strstr(err_text(&e, text, sizeof text), "unknown"));
	char longer[500];
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	e = err_make(ERR_IO, "read", NULL, "%s", longer);
	assert_int_equal(strlen(e.whom), ERR_WHOM_LIMIT - 1);
	for (int code = 0; code < ERR_CODE_COUNT; code++) {
		assert_true(strlen(err_word((enum err_code)code)) > 0);
		assert_true((code == ERR_OK) == (err_exit_code((enum err_code)code) == 0));
	}
}

/* ---- frame */

static struct buf one_frame(enum frame_type type, const char *text)
{
	struct frame_out f;
	struct buf b;
	buf_init(&b, 2 * FRAME_MAX);
	frame_start(&f, &b, type, 7);
	frame_put_text(&f, span_of(text));
	assert_true(frame_finish(&f));
	return b;
}

static void a_frame_gives_back_what_was_put_into_it(void **state)
{
	(void)state;
	struct frame_out out;
	struct frame_in in;
	struct buf b;
	size_t size = 0;
	uint8_t hash[4];
	char name[6];
	buf_init(&b, FRAME_MAX);
	frame_start(&out, &b, FRAME_MO, INT64_MAX);
	frame_put_u8(&out, 0xFE);
	frame_put_u16(&out, 0xFEDC);
	frame_put_u32(&out, 0xFEDCBA98);
	frame_put_i32(&out, -1);
	frame_put_i64(&out, INT64_MIN);
	frame_put_text(&out, span_of("komek"));
	frame_put_octets(&out, (const uint8_t *)"\0\1\2\3", 4);
	assert_true(frame_finish(&out));
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	assert_int_equal(size, b.n);
	assert_true(in.head.delivery == INT64_MAX);
	assert_int_equal(frame_get_u8(&in), 0xFE);
	assert_int_equal(frame_get_u16(&in), 0xFEDC);
	assert_int_equal(frame_get_u32(&in), 0xFEDCBA98);
	assert_int_equal(frame_get_i32(&in), -1);
	assert_true(frame_get_i64(&in) == INT64_MIN);
	frame_get_string(&in, name, sizeof name);
	assert_string_equal(name, "komek");
	assert_false(frame_end(&in)); /* something is left over */
	frame_get_octets(&in, hash, sizeof hash);
	assert_memory_equal(hash, "\0\1\2\3", 4);
	assert_true(frame_end(&in));
	buf_free(&b);
}

static void a_frame_of_every_wrong_length_is_refused_or_waited_for(void **state)
{
	(void)state;
	struct buf b = one_frame(FRAME_STATE, "reason");
	struct frame_in in;
	size_t size = 77;
	for (size_t n = 0; n < b.n; n++) { /* of its exact size, so that a sanitizer sees */
		uint8_t *octets = malloc(n > 0 ? n : 1);
		assert_non_null(octets);
		memcpy(octets, b.p, n);
		assert_int_equal(frame_take(span_make(octets, n), 'c', &in, &size), FRAME_SHORT);
		free(octets);
	}
	static const uint32_t lengths[] = { 0, 1, FRAME_HEAD_SIZE - 1, FRAME_MAX + 1, 0x7FFFFFFF,
		0xFFFFFFFF };
	for (size_t i = 0; i < COUNT(lengths); i++) {
		for (unsigned o = 0; o < 4; o++)
			b.p[o] = (uint8_t)(lengths[i] >> (8 * o));
		assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_BAD);
	}
	assert_int_equal(size, 77);
	buf_free(&b);
}

static void a_frame_from_the_wrong_side_or_of_no_type_is_refused(void **state)
{
	(void)state;
	struct buf b = one_frame(FRAME_STATE, "");
	struct frame_in in;
	size_t size;
	assert_int_equal(frame_take(buf_span(&b), 'p', &in, &size), FRAME_BAD);
	b.p[6] = FRAME_TYPE_COUNT;
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_BAD);
	b.p[6] = FRAME_STATE;
	b.p[7] = 0xFF;
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_BAD);
	b.p[7] = 0;
	b.p[4] = FRAME_VERSION + 1;
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_BAD);
	b.p[4] = FRAME_VERSION;
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	b.p[15] = 0x80; /* a delivery below nothing */
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_BAD);
	buf_free(&b);
}

static void a_field_past_the_end_is_nothing_and_marks_the_frame_bad(void **state)
{
	(void)state;
	struct buf b = one_frame(FRAME_STATE, "reason");
	struct frame_in in;
	size_t size;
	uint8_t octets[32];
	char small[6], with_nul[16];
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	frame_get_octets(&in, octets, sizeof octets); /* there are eight */
	assert_int_equal(octets[0], 0);
	assert_false(frame_end(&in));
	assert_int_equal(frame_get_u8(&in), 0); /* bad stays bad */
	b.p[FRAME_HEAD_SIZE] = 200; /* a text longer than its frame */
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	assert_int_equal(frame_get_text(&in).n, 0);
	assert_false(frame_end(&in));
	b.p[FRAME_HEAD_SIZE] = 6;
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	frame_get_string(&in, small, sizeof small); /* no room for its NUL */
	assert_string_equal(small, "");
	assert_false(frame_end(&in));
	b.p[FRAME_HEAD_SIZE + 4] = '\0';
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	frame_get_string(&in, with_nul, sizeof with_nul);
	assert_false(frame_end(&in));
	buf_free(&b);
}

static void a_frame_that_is_too_long_is_taken_back(void **state)
{
	(void)state;
	struct buf b = one_frame(FRAME_STATE, "first");
	const size_t before = b.n;
	uint8_t large[FRAME_MAX] = { 0 };
	struct frame_out f;
	struct frame_in in;
	size_t size;
	frame_start(&f, &b, FRAME_MO, 0);
	frame_put_text(&f, span_make(large, sizeof large));
	assert_false(frame_finish(&f));
	assert_int_equal(b.n, before);
	frame_start(&f, &b, FRAME_ALIVE, 0); /* and the next one goes through */
	assert_true(frame_finish(&f));
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	assert_int_equal(in.head.type, FRAME_STATE);
	buf_consume(&b, size);
	assert_int_equal(frame_take(buf_span(&b), 'c', &in, &size), FRAME_TAKEN);
	assert_int_equal(in.head.type, FRAME_ALIVE);
	assert_true(frame_end(&in));
	buf_free(&b);
}

/* ---- clock */

static void almaty_is_five_hours_ahead_since_march_2024(void **state)
{
	(void)state;
	assert_false(err_is(clock_use_zone("Asia/Almaty")));
	struct local_time t = clock_local(INT64_C(1795511702000)); /* 2026-11-24T09:15:02Z */
	assert_int_equal(t.year, 2026);
	assert_int_equal(t.month, 11);
	assert_int_equal(t.day, 24);
	assert_int_equal(t.hour, 14);
	assert_int_equal(t.weekday, 2);
	t = clock_local(INT64_C(1704067200000)); /* New Year 2024, at UTC+6 */
	assert_int_equal(t.hour, 6);
	char iso[21];
	clock_iso(INT64_C(1795511702000), iso);
	assert_string_equal(iso, "2026-11-24T09:15:02Z");
}

static void a_zone_that_does_not_exist_is_a_fault_of_the_configuration(void **state)
{
	(void)state;
	static const char *const bad[] = { "Asia/Almati", "../../etc/passwd", "/etc/passwd", "Asia",
		"" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(clock_use_zone(bad[i]).code, ERR_CONFIG);
}

static void tests_move_the_clock_and_not_the_one_that_never_jumps(void **state)
{
	(void)state;
	const int64_t now = clock_now_ms(), monotonic = clock_monotonic_ms();
	clock_shift(DAY_MS);
	assert_true(clock_now_ms() - now >= DAY_MS);
	assert_true(clock_monotonic_ms() - monotonic < DAY_MS);
	clock_shift(-DAY_MS);
}

/* ---- loop */

struct note {
	struct letter letter;
	struct timer timer;
	struct watch watch, *other;
	struct loop *loop;
	int number;
	char *order; /* of what happened */
};

static void write_down(struct note *n)
{
	const size_t at = strlen(n->order);
	n->order[at] = (char)('0' + n->number);
	n->order[at + 1] = '\0';
}

static void letter_opened(struct letter *l)
{
	write_down((struct note *)(void *)((char *)l - offsetof(struct note, letter)));
}

static void timer_fired(struct timer *t)
{
	write_down(t->arg);
}

static struct loop *given_loop(void)
{
	struct loop *l = NULL;
	assert_false(err_is(loop_new(&l)));
	return l;
}

static void letters_are_opened_in_the_order_of_posting(void **state)
{
	(void)state;
	struct loop *l = given_loop();
	char order[8] = "";
	struct note notes[3];
	for (int i = 0; i < 3; i++) {
		notes[i] = (struct note){ .letter.open = letter_opened, .number = i, .order = order };
		loop_post(l, &notes[i].letter);
	}
	assert_false(err_is(loop_turn(l, -1)));
	assert_string_equal(order, "012");
	assert_false(err_is(loop_turn(l, 0)));
	assert_string_equal(order, "012");
	loop_free(l);
}

static void *post_a_letter(void *arg)
{
	struct note *n = arg;
	loop_post(n->loop, &n->letter);
	loop_stop(n->loop);
	return NULL;
}

static void a_letter_of_another_thread_wakes_the_loop(void **state)
{
	(void)state;
	struct loop *l = given_loop();
	char order[8] = "";
	pthread_t thread;
	struct note n = { .letter.open = letter_opened, .loop = l, .number = 7, .order = order };
	assert_int_equal(pthread_create(&thread, NULL, post_a_letter, &n), 0);
	assert_false(err_is(loop_run(l)));
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_false(err_is(loop_turn(l, 0))); /* stop may have come before the letter was opened */
	assert_string_equal(order, "7");
	loop_free(l);
}

static void timers_fire_in_the_order_in_which_they_are_due(void **state)
{
	(void)state;
	struct loop *l = given_loop();
	char order[8] = "";
	static const int64_t due[] = { 4, 0, 2, 1 };
	struct note notes[4];
	for (int i = 0; i < 4; i++) {
		notes[i] = (struct note){ .timer.fire = timer_fired, .number = i, .order = order };
		notes[i].timer.arg = &notes[i];
		loop_timer_in(l, &notes[i].timer, due[i]);
	}
	loop_timer_in(l, &notes[2].timer, 3); /* moved */
	loop_timer_off(l, &notes[3].timer);
	loop_timer_off(l, &notes[3].timer); /* twice does no harm */
	while (strlen(order) < 3)
		assert_false(err_is(loop_turn(l, -1)));
	assert_string_equal(order, "120");
	loop_free(l);
}

static void first_ready(struct watch *w, uint32_t epoll_events)
{
	struct note *n = w->arg;
	(void)epoll_events;
	write_down(n);
	loop_unwatch(n->loop, n->other); /* ready in this very turn */
	loop_unwatch(n->loop, w);
}

static void a_watch_that_was_removed_is_not_called_for_a_late_event(void **state)
{
	(void)state;
	struct loop *l = given_loop();
	char order[8] = "";
	int a[2], b[2];
	assert_int_equal(pipe(a), 0);
	assert_int_equal(pipe(b), 0);
	struct note notes[2];
	for (int i = 0; i < 2; i++) {
		notes[i] = (struct note){ .loop = l, .number = i, .order = order };
		notes[i].watch = (struct watch){ .fd = i == 0 ? a[0] : b[0], .ready = first_ready,
			.arg = &notes[i] };
		notes[i].other = &notes[1 - i].watch;
		assert_false(err_is(loop_watch(l, &notes[i].watch, EPOLLIN)));
	}
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	assert_false(err_is(loop_turn(l, -1)));
	assert_int_equal(strlen(order), 1);
	assert_int_equal(notes[0].watch.fd, -1);
	assert_int_equal(notes[1].watch.fd, -1);
	assert_false(err_is(loop_turn(l, 0)));
	assert_int_equal(strlen(order), 1);
	loop_unwatch(l, &notes[0].watch);
	for (int i = 0; i < 2; i++) {
		(void)close(a[i]);
		(void)close(b[i]);
	}
	loop_free(l);
	loop_free(NULL);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_buffer_past_its_limit_keeps_what_it_had_and_stays_failed),
		cmocka_unit_test(a_buffer_grows_to_its_limit_exactly),
		cmocka_unit_test(lines_are_taken_with_either_end_and_without_one),
		cmocka_unit_test(a_text_is_parted_at_a_character_and_empty_pieces_count),
		cmocka_unit_test(a_number_is_all_of_the_text_and_within_its_range),
		cmocka_unit_test(hex_is_read_whole_or_not_at_all),
		cmocka_unit_test(sums_and_copies_see_their_end),
		cmocka_unit_test(an_error_is_one_line_that_says_what_whom_why_and_what_next),
		cmocka_unit_test(a_frame_gives_back_what_was_put_into_it),
		cmocka_unit_test(a_frame_of_every_wrong_length_is_refused_or_waited_for),
		cmocka_unit_test(a_frame_from_the_wrong_side_or_of_no_type_is_refused),
		cmocka_unit_test(a_field_past_the_end_is_nothing_and_marks_the_frame_bad),
		cmocka_unit_test(a_frame_that_is_too_long_is_taken_back),
		cmocka_unit_test(almaty_is_five_hours_ahead_since_march_2024),
		cmocka_unit_test(a_zone_that_does_not_exist_is_a_fault_of_the_configuration),
		cmocka_unit_test(tests_move_the_clock_and_not_the_one_that_never_jumps),
		cmocka_unit_test(letters_are_opened_in_the_order_of_posting),
		cmocka_unit_test(a_letter_of_another_thread_wakes_the_loop),
		cmocka_unit_test(timers_fire_in_the_order_in_which_they_are_due),
		cmocka_unit_test(a_watch_that_was_removed_is_not_called_for_a_late_event),
	};
	return cmocka_run_group_tests_name("base", stories, NULL, NULL);
}
