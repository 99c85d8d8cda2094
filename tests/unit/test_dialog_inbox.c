/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is one message, what is two, what is only a piece of one; and who is answered too often. */
#include "dialog_world.h"

#include <stdio.h>

#include <string.h>

#include "base/clock.h"
#include "store/people.h"
#include "base/banned.h"

#define HOUR_MS (60 * MINUTE_MS)

/* ---- given, when, then */
static struct text new_part(struct world *w, unsigned seq, unsigned total, const char *text)
{
	struct text t = new_text(w, KK, text);
	t.mo.ref = 42;
	t.mo.total = (uint8_t)total;
	t.mo.seq = (uint8_t)seq;
	return t;
}

static void when_taken(struct world *w, struct text *t)
{
	t->mo.received_ms = w->now_ms;
	must(store_write(w->st, take_text, t));
}

static struct err delete_copy(struct txn *tx, void *arg)
{
	const struct text *t = arg;
	return inbox_part_deleted(tx, t->mo.sim, t->mo.sim_index, t->w->now_ms);
}

static void when_deleted(struct world *w, struct text *t)
{
	must(store_write(w->st, delete_copy, t));
}

static struct err sweep(struct txn *tx, void *arg)
{
	const struct world *w = arg;
	bool more;
	struct err e = inbox_sweep(tx, w->now_ms, 100, &more);
	return err_is(e) ? e : guard_sweep(tx, w->now_ms);
}

struct giving_up {
	struct world *w;
	bool found;
};

static struct err give_up(struct txn *tx, void *arg)
{
	struct giving_up *g = arg;
	g->w->result = (struct dialog_result){ .known = false };
	return dialog_take_partial(tx, g->w->d, g->w->now_ms, &g->w->result, &g->found);
}

/* True: there was one to give up on. */
static bool when_clerk_looks(struct world *w)
{
	struct giving_up g = { .w = w };
	must(store_write(w->st, give_up, &g));
	must(store_write(w->st, sweep, w));
	return g.found;
}

static struct err read_partial(struct txn *tx, void *arg)
{
	return tally_get(tx, "inbox.partial", arg);
}

static int64_t partial(struct world *w)
{
	int64_t n = -1;
	must(store_read(w->st, read_partial, &n));
	return n;
}

/* ---- stories: parts */
static void a_message_whose_missing_part_does_not_come_is_answered_by_what_is_there(void **state)
{
	struct world *w = *state;
	struct text first = new_part(w, 1, 3, "Здесь плохо"), third = new_part(w, 3, 3, "помогите");
	when_taken(w, &third);
	w->now_ms += 9 * MINUTE_MS;
	when_taken(w, &first);
	w->now_ms += 10 * MINUTE_MS - 1; /* of the part that came last */
	assert_false(when_clerk_looks(w));
	w->now_ms += 1;
	when_restarted(w);
	assert_true(when_clerk_looks(w));
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU); /* "плохопомогите" is no word */
	assert_int_equal(partial(w), 1);
	assert_false(when_clerk_looks(w));
	then_inbox_has(w, 1, 0);
}

static void a_part_that_comes_late_changes_nothing(void **state)
{
	struct world *w = *state;
	struct text first = new_part(w, 1, 3, "помогите"), second = new_part(w, 2, 3, " мне"),
	            third = new_part(w, 3, 3, " скорее");
	when_taken(w, &first);
	w->now_ms += 10 * MINUTE_MS;
	assert_true(when_clerk_looks(w));
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_deleted(w, &first);
	w->now_ms += HOUR_MS;
	when_clerk_looks(w);
	when_taken(w, &third);
	assert_true(w->result.known);
	when_deleted(w, &third);
	w->now_ms += 12 * HOUR_MS; /* the key of the day may have turned */
	when_taken(w, &second);
	assert_true(w->result.known);
	then_silence(w);
	w->now_ms += 10 * MINUTE_MS;
	assert_false(when_clerk_looks(w));
	then_inbox_has(w, 1, 0);
}

static void a_reference_used_again_after_a_message_was_given_up_begins_another(void **state)
{
	struct world *w = *state;
	struct text lost = new_part(w, 1, 2, "помогите"), first = new_part(w, 1, 2, "приют "),
	            second = new_part(w, 2, 2, "где?");
	when_taken(w, &lost);
	w->now_ms += 10 * MINUTE_MS;
	assert_true(when_clerk_looks(w));
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_taken(w, &first);
	when_taken(w, &second);
	assert_true(w->result.whole);
	then_answer(w, KK, "topic.shelter.body", LANGUAGE_RU);
	assert_int_equal(partial(w), 1);
}

static void a_doubled_part_is_one_wherever_and_whenever_it_lies(void **state)
{
	struct world *w = *state;
	struct text first = new_part(w, 1, 2, "помогите"), second = new_part(w, 2, 2, " мне"),
	            again = first;
	again.mo.sim_index = 11;
	when_taken(w, &first);
	when_taken(w, &again);
	assert_true(w->result.known);
	when_taken(w, &second);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_deleted(w, &first);
	when_deleted(w, &again);
	when_deleted(w, &second);
	when_clerk_looks(w);
	/* the phone had no word from its network and sent it again: another SMSC time and PDU */
	again.mo.scts_ms += MINUTE_MS;
	again.mo.pdu_hash[1] = 1;
	w->now_ms += 30 * MINUTE_MS;
	when_taken(w, &again);
	assert_true(w->result.known);
	when_deleted(w, &again);
	w->now_ms += 11 * MINUTE_MS;
	assert_false(when_clerk_looks(w));
	then_inbox_has(w, 1, 0);
	/* the same words an hour later are asked anew, even under the same reference */
	first.mo.scts_ms = second.mo.scts_ms = w->now_ms;
	when_taken(w, &first);
	when_taken(w, &second);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
}

static void the_newest_part_tells_how_old_a_message_is(void **state)
{
	struct world *w = *state;
	struct text first = new_part(w, 1, 2, "помогите"), second = new_part(w, 2, 2, " мне");
	first.mo.scts_ms -= 25 * HOUR_MS;
	second.mo.scts_ms -= MINUTE_MS;
	when_taken(w, &second);
	when_taken(w, &first); /* the old one is read last */
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	first = new_part(w, 1, 2, "помогите");
	second = new_part(w, 2, 2, " мне");
	first.mo.ref = second.mo.ref = 43;
	first.mo.scts_ms = 0; /* not told: now */
	second.mo.scts_ms -= 25 * HOUR_MS;
	when_taken(w, &first);
	when_taken(w, &second);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
}

static void two_equal_texts_at_two_places_are_two_questions(void **state)
{
	struct world *w = *state;
	struct text one = new_text(w, KK, "помогите"), two = one;
	two.mo.sim_index = one.mo.sim_index + 1;
	when_taken(w, &one);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_taken(w, &two);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_restarted(w); /* read again before they were deleted */
	when_taken(w, &one);
	assert_true(w->result.known);
	when_taken(w, &two);
	assert_true(w->result.known);
	when_deleted(w, &one);
	when_taken(w, &one);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	then_inbox_has(w, 3, 0);
}

/* ---- stories: who is answered too often */
static void two_gateways_that_answer_each_other_end_after_six(void **state)
{
	struct world *node[2] = { *state };
	static const char *const number[2] = { KK, "+77010000002" };
	unsigned answers[2] = { 0 };
	void *other = NULL;
	assert_int_equal(open_world(&other), 0);
	node[1] = other;
	when_text(node[0], number[1], "салом, ким бор?");
	for (unsigned turn = 0; turn < 30 && node[turn % 2]->result.answered; turn++) {
		const unsigned from = turn % 2, to = 1 - from;
		char said[512];
		answers[from]++;
		then_said(node[from], number[to], NULL, LANGUAGE_UNKNOWN, said);
		when_text(node[to], number[from], said);
	}
	assert_int_equal(answers[0], 7); /* the seventh is the last line */
	assert_int_equal(answers[1], 7);
	then_inbox_has(node[0], 8, 1);
	assert_int_equal(close_world(&other), 0);
}

static void a_person_who_asks_five_things_gets_five_answers(void **state)
{
	static const char *const texts[] = { "помогите", "горячая линия", "приют", "срочно", "стоп" };
	static const char *const keys[] = { "topic.hotline.body", "topic.hotline.body", "topic.shelter.body",
		"topic.emergency.body", "answer.stop" };
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		when_text(w, KK, texts[i]);
		then_answer(w, KK, keys[i], LANGUAGE_RU);
	}
}

static void after_the_limit_a_number_is_silent_until_the_hour_is_over(void **state)
{
	struct world *w = *state;
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 2,
	                                               .answers_per_hour_all = 100,
	                                               .partial_after_ms = MINUTE_MS });
	for (int i = 0; i < 2; i++) {
		when_text(w, KK, "помогите");
		then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	}
	when_text(w, KK, "помогите");
	then_answer(w, KK, "answer.last", LANGUAGE_RU);
	w->now_ms += 58 * MINUTE_MS; /* the session key has turned */
	when_text(w, KK, "помогите");
	then_silence(w);
	then_inbox_has(w, 4, 1);
	when_text(w, "+77010000002", "помогите"); /* another number */
	then_answer(w, "+77010000002", "topic.hotline.body", LANGUAGE_RU);
	w->now_ms += 3 * MINUTE_MS;
	when_text(w, KK, "помогите");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
}

static void all_numbers_together_have_a_limit_and_emergencies_twice_that(void **state)
{
	struct world *w = *state;
	char phone[32];
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 6, .answers_per_hour_all = 3,
	                                               .partial_after_ms = MINUTE_MS });
	for (int i = 0; i < 5; i++) {
		(void)snprintf(phone, sizeof phone, "+7701000010%d", i);
		when_text(w, phone, "помогите");
		assert_int_equal(w->result.answered, i < 3);
	}
	for (int i = 5; i < 10; i++) {
		(void)snprintf(phone, sizeof phone, "+7701000010%d", i);
		when_text(w, phone, "меня убивают");
		assert_int_equal(w->result.answered, i < 8);
	}
	w->now_ms += 61 * MINUTE_MS;
	when_text(w, KK, "помогите");
	assert_true(w->result.answered);
}

static void what_the_guard_cut_off_is_not_remembered_as_said(void **state)
{
	struct world *w = *state;
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 1, .answers_per_hour_all = 100,
	                                               .partial_after_ms = MINUTE_MS });
	when_text(w, KK, "какая завтра погода");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
	when_text(w, KK, "язык");
	then_answer(w, KK, "answer.last", LANGUAGE_RU); /* the languages were not shown: */
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 9, .answers_per_hour_all = 100,
	                                               .partial_after_ms = MINUTE_MS });
	when_text(w, KK, "4");
	then_answer(w, KK, "topic.documents.body", LANGUAGE_RU); /* a digit is the menu's, which was */
}

static void an_emergency_is_answered_beyond_the_limit_every_ten_minutes_twelve_times(void **state)
{
	struct world *w = *state;
	unsigned beyond = 0;
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 1,
	                                               .answers_per_hour_all = 100,
	                                               .partial_after_ms = MINUTE_MS });
	when_text(w, KK, "помогите");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	when_text(w, KK, "срочно");
	then_answer(w, KK, "answer.last", LANGUAGE_RU); /* it was answered a moment ago */
	for (int minute = 0; minute < 55; minute += 5) {
		w->now_ms += 5 * MINUTE_MS;
		when_text(w, KK, "срочно");
		if (w->result.answered) {
			then_answer(w, KK, "topic.emergency.body", LANGUAGE_RU);
			beyond++;
		}
	}
	assert_int_equal(beyond, 5); /* and the last one of the hour would be the sixth */
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 0,
	                                               .answers_per_hour_all = 100,
	                                               .partial_after_ms = MINUTE_MS });
	for (int minute = 0; minute < 10 * 60; minute += 11) {
		w->now_ms += 11 * MINUTE_MS;
		when_text(w, KK, "срочно");
		if (w->result.answered && beyond < 12) {
			then_answer(w, KK, "topic.emergency.body", LANGUAGE_RU);
			beyond++;
		} else if (w->result.answered) {
			then_answer(w, KK, "answer.last", LANGUAGE_RU); /* once an hour */
		}
	}
	assert_int_equal(beyond, 12);
	w->now_ms += DAY_MS;
	when_clerk_looks(w);
	when_text(w, KK, "срочно");
	then_answer(w, KK, "topic.emergency.body", LANGUAGE_RU);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_message_whose_missing_part_does_not_come_is_answered_by_what_is_there),
		STORY(a_part_that_comes_late_changes_nothing),
		STORY(a_reference_used_again_after_a_message_was_given_up_begins_another),
		STORY(a_doubled_part_is_one_wherever_and_whenever_it_lies),
		STORY(the_newest_part_tells_how_old_a_message_is),
		STORY(two_equal_texts_at_two_places_are_two_questions),
		STORY(two_gateways_that_answer_each_other_end_after_six),
		STORY(a_person_who_asks_five_things_gets_five_answers),
		STORY(after_the_limit_a_number_is_silent_until_the_hour_is_over),
		STORY(all_numbers_together_have_a_limit_and_emergencies_twice_that),
		STORY(what_the_guard_cut_off_is_not_remembered_as_said),
		STORY(an_emergency_is_answered_beyond_the_limit_every_ten_minutes_twelve_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
