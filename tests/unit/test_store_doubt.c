/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a crash or a deadline leaves of a delivery, and what reports and late references settle. */
#include "store_world.h"

#include "store/gate.h"
#include "base/banned.h"

/* ---- doubt */
static void a_broadcast_in_doubt_is_never_sent_again(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_IN_DOUBT);
	assert_int_equal(field(w, "reason", id), REASON_CRASH);
	w->now += 1800000;
	next_is_none(w, on("m1", SIM_A));
	next_is_none(w, on("m2", SIM_B));
}

static void an_answer_in_doubt_is_sent_again_once_marked_resent(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	must(delivery_part_in_doubt(&w->tx, id, 1, REASON_DEADLINE, w->now));
	state_is(w, id, DELIVERY_QUEUED);
	struct claimant by = on("m1", SIM_A);
	struct claim c;
	bool found = false;
	must(delivery_next(&w->tx, &by, w->now, &c, &found));
	assert_true(found && c.resent);
	claim_wipe(&c);
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_IN_DOUBT);
	next_is_none(w, on("m1", SIM_A));
}

static void an_answer_whose_lifetime_ended_is_not_sent_again(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	w->now += 3600000;
	assert_int_equal(free_link(w, NULL), 1);
	state_is(w, id, DELIVERY_IN_DOUBT);
}

static void a_crash_after_the_second_of_three_parts_sends_the_third_by_the_same_sim(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 3, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 1);
	next_is(w, on("m1", SIM_A), id, 2);
	accept(w, id, 2, 2);
	const int64_t ref = field(w, "concat_ref", id);
	assert_int_equal(free_link(w, NULL), 0);
	state_is(w, id, DELIVERY_QUEUED);
	next_is_none(w, on("m2", SIM_B));
	next_is(w, on("m9", SIM_A), id, 3);
	accept(w, id, 3, 3);
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_int_equal(field(w, "concat_ref", id), ref);
}

static void a_doubtful_second_of_three_parts_goes_again_under_its_reference(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 3, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 1);
	next_is(w, on("m1", SIM_A), id, 2);
	const int64_t ref = field(w, "concat_ref", id);
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_QUEUED);
	next_is_none(w, on("m2", SIM_B));
	next_is(w, on("m1", SIM_A), id, 2);
	accept(w, id, 2, 2);
	next_is(w, on("m1", SIM_A), id, 3);
	accept(w, id, 3, 3);
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_int_equal(field(w, "concat_ref", id), ref);
}

static void a_first_part_that_was_taken_after_all_binds_the_rest_to_its_sim(void **state)
{
	struct world *w = *state;
	const int64_t by_report = add(w, LANE_CAMPAIGN, 3, 1);
	next_is(w, on("m1", SIM_A), by_report, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	assert_true(report(w, SIM_A, 7, 0x00, RING_PEOPLE, 1));
	next_is_none(w, on("m2", SIM_B)); /* a phone joins parts of one sender */
	next_is(w, on("m1", SIM_A), by_report, 2);
	accept(w, by_report, 2, 8);
	next_is(w, on("m1", SIM_A), by_report, 3);
	accept(w, by_report, 3, 9);
	const int64_t by_reference = add(w, LANE_CAMPAIGN, 2, 2);
	next_is(w, on("m1", SIM_A), by_reference, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	bool matched = false;
	must(delivery_late_reference(&w->tx, SIM_A, 10, w->now, &matched));
	assert_true(matched);
	next_is_none(w, on("m2", SIM_B));
	next_is(w, on("m1", SIM_A), by_reference, 2);
}

static void a_doubtful_last_part_of_a_broadcast_stays_in_doubt(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 2, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 1);
	next_is(w, on("m1", SIM_A), id, 2);
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_IN_DOUBT);
	next_is_none(w, on("m1", SIM_A));
}

static void a_doubtful_last_part_of_an_answer_goes_again_alone(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 2, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 1);
	next_is(w, on("m1", SIM_A), id, 2);
	assert_int_equal(free_link(w, "m1"), 1);
	next_is_none(w, on("m2", SIM_B));
	next_is(w, on("m1", SIM_A), id, 2);
	accept(w, id, 2, 2);
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_int_equal(field(w, "resent", id), 1);
}

static void a_part_that_stays_doubtful_ends_the_tries(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 2, 1);
	for (unsigned n = 0; n < TRIES_MAX; n++) {
		next_is(w, on("m1", SIM_A), id, 1);
		must(delivery_part_in_doubt(&w->tx, id, 1, REASON_DEADLINE, w->now));
	}
	state_is(w, id, DELIVERY_IN_DOUBT);
	next_is_none(w, on("m1", SIM_A));
}

static void a_late_reference_settles_the_last_doubtful_part(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	bool matched = true;
	must(delivery_late_reference(&w->tx, SIM_B, 9, w->now, &matched));
	assert_false(matched);
	w->now += 60000;
	must(delivery_late_reference(&w->tx, SIM_A, 9, w->now, &matched));
	assert_true(matched);
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_true(report(w, SIM_A, 9, 0, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_DELIVERED);
}

static void a_late_reference_keeps_an_answer_from_being_sent_again(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_QUEUED);
	bool matched = false;
	must(delivery_late_reference(&w->tx, SIM_A, 9, w->now, &matched));
	assert_true(matched);
	state_is(w, id, DELIVERY_ACCEPTED);
	next_is_none(w, on("m1", SIM_A));
}

static void a_late_reference_settles_nothing_once_more_was_sent_or_time_passed(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	w->now += 10;
	const int64_t other = add(w, LANE_CAMPAIGN, 1, 2);
	next_is(w, on("m1", SIM_A), other, 1);
	bool matched = true;
	must(delivery_late_reference(&w->tx, SIM_A, 9, w->now, &matched));
	assert_false(matched);
	assert_int_equal(free_link(w, "m1"), 1);
	w->now += 180001;
	must(delivery_late_reference(&w->tx, SIM_A, 9, w->now, &matched));
	assert_false(matched);
	state_is(w, id, DELIVERY_IN_DOUBT);
	state_is(w, other, DELIVERY_IN_DOUBT);
}

/* ---- reports */
static void a_message_is_delivered_when_all_its_parts_are(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 2, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 250);
	next_is(w, on("m1", SIM_A), id, 2);
	accept(w, id, 2, 251);
	assert_true(report(w, SIM_A, 251, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_true(report(w, SIM_A, 250, 0x25, RING_PEOPLE, 1)); /* temporary */
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_true(report(w, SIM_A, 250, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_DELIVERED);
	assert_true(report(w, SIM_A, 250, 0x00, RING_PEOPLE, 1)); /* the same one, read twice */
	assert_int_equal(count(w, "SELECT n FROM tally WHERE name='parts.delivered'"), 2);
}

static void a_report_of_another_person_settles_nothing(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 5);
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 2));
	assert_false(report(w, SIM_A, 6, 0x00, RING_PEOPLE, 1));
	assert_false(report(w, SIM_B, 5, 0x00, RING_PEOPLE, 1));
	assert_false(report(w, SIM_A, 5, 0x00, RING_LIVE, 1)); /* equal octets, another ring */
	w->now += REPORT_WINDOW_MS + 1;
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_ACCEPTED);
}

static void a_failed_report_is_final_and_clears_a_help_seekers_number(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 5);
	assert_false(is_cleared(w, id));
	assert_true(report(w, SIM_A, 5, 0x46, RING_LIVE, 1));
	state_is(w, id, DELIVERY_UNDELIVERED);
	assert_true(is_cleared(w, id));
}

static void a_report_that_overtakes_its_reference_counts_when_that_comes(void **state)
{
	struct world *w = *state;
	const int64_t doubtful = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), doubtful, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	accept(w, id, 1, 5);
	state_is(w, id, DELIVERY_DELIVERED);
	state_is(w, doubtful, DELIVERY_IN_DOUBT);
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 0);
}

static void an_early_report_counts_though_its_reference_was_used_before(void **state)
{
	struct world *w = *state;
	const int64_t before = add(w, LANE_CAMPAIGN, 1, 1), id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), before, 1);
	accept(w, before, 1, 5);
	assert_true(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	state_is(w, before, DELIVERY_DELIVERED);
	next_is(w, on("m1", SIM_A), id, 1); /* TP-MR has wrapped: it will be 5 again */
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	accept(w, id, 1, 5);
	state_is(w, id, DELIVERY_DELIVERED);
}

static void an_early_report_is_forgotten_after_ten_minutes(void **state)
{
	struct world *w = *state;
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 3);
	w->now += EARLY_MS + 1;
	sweep_all(w, NULL, 0);
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 0);
}

static void an_early_report_settles_what_a_crash_would_leave_in_doubt(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1), answer = add(w, LANE_ANSWER, 1, 2);
	next_is(w, on("m1", SIM_A), answer, 1);
	assert_false(report(w, SIM_A, 4, 0x00, RING_LIVE, 2));
	assert_int_equal(free_link(w, "m1"), 0);
	state_is(w, answer, DELIVERY_DELIVERED); /* and not sent again */
	next_is(w, on("m1", SIM_A), id, 1);
	assert_false(report(w, SIM_A, 5, 0x46, RING_PEOPLE, 1));
	must(delivery_part_in_doubt(&w->tx, id, 1, REASON_DEADLINE, w->now));
	state_is(w, id, DELIVERY_UNDELIVERED);
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 0);
}

static void after_an_early_report_only_the_missing_parts_go_again(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 2, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	assert_int_equal(free_link(w, "m1"), 0);
	state_is(w, id, DELIVERY_QUEUED);
	next_is_none(w, on("m2", SIM_B)); /* the other part is that SIM's */
	next_is(w, on("m1", SIM_A), id, 2);
	accept(w, id, 2, 6);
	assert_true(report(w, SIM_A, 6, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_DELIVERED);
}

static void a_report_from_before_or_of_another_part_settles_no_doubt(void **state)
{
	struct world *w = *state;
	const int64_t before = add(w, LANE_CAMPAIGN, 1, 1), id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), before, 1);
	accept(w, before, 1, 5);
	assert_true(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	assert_false(report(w, SIM_A, 9, 0x00, RING_PEOPLE, 1)); /* of a text that isn't ours */
	w->now++;
	next_is(w, on("m1", SIM_A), id, 1);
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1)); /* perhaps the same one, read twice */
	assert_false(report(w, SIM_A, 6, 0x00, RING_PEOPLE, 2)); /* another person's */
	assert_int_equal(free_link(w, "m1"), 1);
	state_is(w, id, DELIVERY_IN_DOUBT);
}

static void a_report_settles_a_doubtful_part_of_the_same_person(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 2, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 5);
	next_is(w, on("m1", SIM_A), id, 2);
	assert_int_equal(free_link(w, "m1"), 1);
	assert_false(report(w, SIM_A, 6, 0x00, RING_PEOPLE, 2));
	assert_true(report(w, SIM_A, 6, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_ACCEPTED);
	assert_true(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	state_is(w, id, DELIVERY_DELIVERED);
}

static void a_report_on_an_answer_that_waits_to_be_resent_ends_it(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	assert_int_equal(free_link(w, "m1"), 1);
	assert_true(report(w, SIM_A, 6, 0x00, RING_LIVE, 1));
	state_is(w, id, DELIVERY_DELIVERED);
	assert_true(is_cleared(w, id));
	next_is_none(w, on("m1", SIM_A));
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(a_broadcast_in_doubt_is_never_sent_again),
		story(an_answer_in_doubt_is_sent_again_once_marked_resent),
		story(an_answer_whose_lifetime_ended_is_not_sent_again),
		story(a_crash_after_the_second_of_three_parts_sends_the_third_by_the_same_sim),
		story(a_doubtful_second_of_three_parts_goes_again_under_its_reference),
		story(a_first_part_that_was_taken_after_all_binds_the_rest_to_its_sim),
		story(a_doubtful_last_part_of_a_broadcast_stays_in_doubt),
		story(a_doubtful_last_part_of_an_answer_goes_again_alone),
		story(a_part_that_stays_doubtful_ends_the_tries),
		story(a_late_reference_settles_the_last_doubtful_part),
		story(a_late_reference_keeps_an_answer_from_being_sent_again),
		story(a_late_reference_settles_nothing_once_more_was_sent_or_time_passed),
		story(a_message_is_delivered_when_all_its_parts_are),
		story(a_report_of_another_person_settles_nothing),
		story(a_failed_report_is_final_and_clears_a_help_seekers_number),
		story(a_report_that_overtakes_its_reference_counts_when_that_comes),
		story(an_early_report_counts_though_its_reference_was_used_before),
		story(an_early_report_is_forgotten_after_ten_minutes),
		story(an_early_report_settles_what_a_crash_would_leave_in_doubt),
		story(after_an_early_report_only_the_missing_parts_go_again),
		story(a_report_from_before_or_of_another_part_settles_no_doubt),
		story(a_report_settles_a_doubtful_part_of_the_same_person),
		story(a_report_on_an_answer_that_waits_to_be_resent_ends_it),
	};
	return cmocka_run_group_tests_name("store: doubt and reports", stories, NULL, NULL);
}
