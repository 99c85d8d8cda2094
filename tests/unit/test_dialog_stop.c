/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STOP and START: with the people keys open, closed, and not yet made. */
#include "dialog_world.h"

#include "base/clock.h"
#include "base/banned.h"

/* ---- stories: STOP */
static void stop_bars_staff_and_is_confirmed_once_and_questions_go_on(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "остановили на границе");
	then_answer(w, KK, "topic.return_home.body", LANGUAGE_RU);
	assert_false(is_stopped(w, KK));
	when_text(w, KK, "СТОП");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
	when_text(w, KK, "stop");
	then_silence(w);
	when_call(w, KK);
	then_silence(w);
	w->now_ms += 31 * MINUTE_MS; /* known from the store, not from memory alone */
	when_call(w, KK);
	then_silence(w);
	when_text(w, KK, "көмек");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	when_text(w, KK, "бастау");
	then_answer(w, KK, "answer.start", LANGUAGE_KK);
	assert_false(is_stopped(w, KK));
	when_call(w, KK);
	then_answer(w, KK, "answer.call.known", LANGUAGE_KK);
}

static void a_stop_with_a_cry_for_help_is_both(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "stop, меня бьют");
	then_answer(w, KK, "topic.emergency.body", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
}

static void an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_old_text(w, KK, "тоқтату", 25 * 60 * MINUTE_MS);
	then_silence(w);
	assert_true(is_stopped(w, KK));
	when_old_text(w, KK, "старт", 40 * MINUTE_MS);
	then_answer(w, KK, "answer.late", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
}

static void a_stop_while_the_people_keys_are_locked_counts_when_they_open(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_restarted(w);
	when_text(w, KK, "тоқтату");
	then_answer(w, KK, "answer.stop", LANGUAGE_KK);
	w->now_ms += 31 * MINUTE_MS;
	when_call(w, KK);
	then_silence(w);
	when_unlocked(w);
	assert_true(is_stopped(w, KK));
}

static void a_start_of_the_next_day_takes_back_a_stop_that_still_waits(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_restarted(w);
	when_text(w, KK, "тоқтату");
	then_answer(w, KK, "answer.stop", LANGUAGE_KK);
	w->now_ms += DAY_MS;
	when_text(w, KK, "старт");
	then_answer(w, KK, "answer.start", LANGUAGE_RU);
	when_call(w, KK);
	assert_true(w->result.answered);
	when_unlocked(w);
	assert_false(is_stopped(w, KK));
}

static void a_stop_before_there_are_people_keys_is_still_answered(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "стоп");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(stop_bars_staff_and_is_confirmed_once_and_questions_go_on),
		STORY(a_stop_with_a_cry_for_help_is_both),
		STORY(an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not),
		STORY(a_stop_while_the_people_keys_are_locked_counts_when_they_open),
		STORY(a_start_of_the_next_day_takes_back_a_stop_that_still_waits),
		STORY(a_stop_before_there_are_people_keys_is_still_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
