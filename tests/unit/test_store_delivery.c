/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a delivery: what goes next on a link, what was refused, what time and STOP end. */
#include "store_world.h"

#include "store/gate.h"
#include "base/banned.h"

/* ---- what goes next */
static void a_claim_holds_all_that_is_needed_to_send(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 2, 1);
	struct claimant by = on("beeline-1", SIM_A);
	struct claim c;
	bool found = false;
	must(delivery_next(&w->tx, &by, w->now, &c, &found));
	assert_true(found);
	assert_int_equal(c.id, id);
	assert_int_equal(c.ring, RING_LIVE);
	assert_int_equal(c.key_version, 7);
	assert_true(span_is(buf_span(&c.number_sealed), "sealed number"));
	assert_true(span_is(buf_span(&c.args_sealed), "sealed arguments"));
	assert_int_equal(c.revision, w->revision);
	assert_string_equal(c.content_key, "text");
	assert_int_equal(c.language, LANGUAGE_KK);
	assert_int_equal(c.parts, 2);
	assert_int_equal(c.seq, 1);
	assert_in_range(c.concat_ref, 1, 255);
	assert_false(c.resent);
	claim_wipe(&c);
	state_is(w, id, DELIVERY_SUBMITTING);
}

static void an_answer_overtakes_a_broadcast_between_its_parts(void **state)
{
	struct world *w = *state;
	const int64_t campaign = add(w, LANE_CAMPAIGN, 3, 1), waiting = add(w, LANE_CAMPAIGN, 1, 2);
	next_is(w, on("m1", SIM_A), campaign, 1);
	accept(w, campaign, 1, 1);
	const int64_t answer = add(w, LANE_ANSWER, 1, 3);
	next_is(w, on("m1", SIM_A), answer, 1);
	accept(w, answer, 1, 2);
	next_is(w, on("m1", SIM_A), campaign, 2);
	accept(w, campaign, 2, 3);
	next_is(w, on("m1", SIM_A), campaign, 3);
	accept(w, campaign, 3, 4);
	state_is(w, campaign, DELIVERY_ACCEPTED);
	next_is(w, on("m1", SIM_A), waiting, 1);
}

static void what_is_due_first_goes_first_and_what_is_not_due_waits(void **state)
{
	struct world *w = *state;
	struct delivery_new later = new_delivery(w, LANE_CAMPAIGN, 1, 1);
	later.not_before_ms = w->now + 1000;
	must(delivery_add(&w->tx, &later, w->now));
	const int64_t now = add(w, LANE_CAMPAIGN, 1, 2);
	next_is(w, on("m1", SIM_A), now, 1);
	accept(w, now, 1, 1);
	next_is_none(w, on("m1", SIM_A));
	w->now += 1000;
	next_is(w, on("m1", SIM_A), later.id, 1);
}

static void an_answer_leaves_by_the_sim_that_was_asked(void **state)
{
	struct world *w = *state;
	struct delivery_new d = new_delivery(w, LANE_ANSWER, 1, 1);
	d.sim = SIM_A;
	must(delivery_add(&w->tx, &d, w->now));
	next_is_none(w, on("m2", SIM_B));
	next_is(w, on("m1", SIM_A), d.id, 1);
}

static void after_two_minutes_without_its_sim_an_answer_leaves_by_another(void **state)
{
	struct world *w = *state;
	int64_t sims[2];
	must(sim_find(&w->tx, "8999701000000000001", "", "a", w->now, &sims[0]));
	must(sim_find(&w->tx, "8999701000000000002", "", "b", w->now, &sims[1]));
	struct delivery_new d = new_delivery(w, LANE_ANSWER, 1, 1);
	d.sim = sims[0];
	must(delivery_add(&w->tx, &d, w->now));
	w->now += 110000;
	sweep_all(w, &sims[1], 1);
	next_is_none(w, on("m2", sims[1]));
	w->now += 11000;
	sweep_all(w, &sims[1], 1);
	next_is(w, on("m2", sims[1]), d.id, 1);
}

static void a_start_gives_every_sim_its_two_minutes_anew(void **state)
{
	struct world *w = *state;
	int64_t sim = 0;
	must(sim_find(&w->tx, "8999701000000000001", "", "a", w->now, &sim));
	w->now += 600000;
	assert_int_equal(free_link(w, NULL), 0);
	struct delivery_new d = new_delivery(w, LANE_ANSWER, 1, 1);
	d.sim = sim;
	must(delivery_add(&w->tx, &d, w->now));
	sweep_all(w, NULL, 0);
	assert_int_equal(field(w, "route", d.id), sim);
}

static void nothing_of_a_locked_ring_is_claimed(void **state)
{
	struct world *w = *state;
	const int64_t campaign = add(w, LANE_CAMPAIGN, 2, 1), answer = add(w, LANE_ANSWER, 1, 2);
	struct claimant locked = on("m1", SIM_A);
	locked.people_open = false;
	next_is(w, locked, answer, 1);
	accept(w, answer, 1, 1);
	next_is_none(w, locked);
	next_is(w, on("m1", SIM_A), campaign, 1);
	accept(w, campaign, 1, 2);
	next_is_none(w, locked); /* its second part can't be read either */
	next_is(w, on("m1", SIM_A), campaign, 2);
}

static void past_the_daily_cap_only_what_is_begun_and_answers_go(void **state)
{
	struct world *w = *state;
	const int64_t first = add(w, LANE_CAMPAIGN, 2, 1), second = add(w, LANE_CAMPAIGN, 1, 2);
	struct claimant by = on("m1", SIM_A);
	by.daily_cap = 2;
	by.day_start_ms = w->now - w->now % DAY_MS;
	next_is(w, by, first, 1);
	accept(w, first, 1, 1);
	next_is(w, by, first, 2);
	accept(w, first, 2, 2);
	next_is_none(w, by);
	w->now += DAY_MS;
	by.day_start_ms += DAY_MS;
	const int64_t third = add(w, LANE_CAMPAIGN, 1, 3);
	next_is(w, by, third, 1); /* the second's lifetime ended overnight */
	state_is(w, second, DELIVERY_EXPIRED);
}

static void a_clock_that_is_behind_lets_only_answers_go(void **state)
{
	struct world *w = *state;
	(void)add(w, LANE_CAMPAIGN, 1, 1);
	const int64_t answer = add(w, LANE_ANSWER, 1, 2);
	struct claimant by = on("m1", SIM_A);
	by.answers_only = true;
	next_is(w, by, answer, 1);
	accept(w, answer, 1, 1);
	next_is_none(w, by);
}

static void what_is_past_its_lifetime_is_moved_aside_on_the_way(void **state)
{
	struct world *w = *state;
	const int64_t old = add(w, LANE_ANSWER, 1, 1);
	w->now += 3600000;
	const int64_t fresh = add(w, LANE_ANSWER, 1, 2);
	next_is(w, on("m1", SIM_A), fresh, 1);
	state_is(w, old, DELIVERY_EXPIRED);
	assert_true(is_cleared(w, old));
}

static void two_open_messages_to_one_number_never_share_a_reference(void **state)
{
	struct world *w = *state;
	const int64_t first = add(w, LANE_CAMPAIGN, 2, 1);
	next_is(w, on("m1", SIM_A), first, 1);
	const int64_t ref = field(w, "concat_ref", first);
	for (unsigned n = 0; n < 300; n++) { /* past the 255 that there are */
		const int64_t id = add(w, LANE_ANSWER, 2, n == 254 ? 1 : 2 + n);
		next_is(w, on("m2", SIM_B), id, 1);
		if (n == 254)
			assert_int_not_equal(field(w, "concat_ref", id), ref);
		accept(w, id, 1, (uint8_t)n);
		next_is(w, on("m2", SIM_B), id, 2);
		accept(w, id, 2, (uint8_t)n);
	}
}

/* ---- refusals */
static void a_refused_part_is_tried_again_later_and_gives_up_in_the_end(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	for (unsigned n = 1; n <= TRIES_MAX; n++) {
		next_is(w, on("m1", SIM_A), id, 1);
		must(delivery_part_refused(&w->tx, id, 1, REFUSAL_LATER, REASON_LATER, 30000, w->now));
		next_is_none(w, on("m1", SIM_A));
		w->now += (INT64_C(30000) << (n - 1)) - 1; /* twice as long each time */
		next_is_none(w, on("m1", SIM_A));
		w->now += 1;
	}
	state_is(w, id, DELIVERY_FAILED);
	assert_int_equal(field(w, "reason", id), REASON_TOO_MANY_TRIES);
	int64_t sent = -1, failed = -1;
	must(link_counts(&w->tx, "m1", &sent, &failed));
	assert_int_equal(sent, 0);
	assert_int_equal(failed, TRIES_MAX);
}

static void without_a_network_a_message_waits_as_long_as_it_lives(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	for (unsigned n = 1; n <= 3 * TRIES_MAX; n++) {
		next_is(w, on("m1", SIM_A), id, 1);
		must(delivery_part_refused(&w->tx, id, 1, REFUSAL_LATER, REASON_NETWORK, 10000, w->now));
		w->now += 10000;
	}
	next_is(w, on("m1", SIM_A), id, 1);
}

static void what_one_sim_refused_goes_by_another_first(void **state)
{
	struct world *w = *state;
	struct delivery_new d = new_delivery(w, LANE_ANSWER, 1, 1);
	d.sim = SIM_A;
	must(delivery_add(&w->tx, &d, w->now));
	next_is(w, on("m1", SIM_A), d.id, 1);
	must(delivery_part_refused(&w->tx, d.id, 1, REFUSAL_ELSEWHERE, REASON_NO_CREDIT, 0, w->now));
	next_is_none(w, on("m1", SIM_A));
	next_is(w, on("m2", SIM_B), d.id, 1);
}

static void where_there_is_no_other_sim_the_same_one_tries_again(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	must(delivery_part_refused(&w->tx, id, 1, REFUSAL_ELSEWHERE, REASON_MODEM, 0, w->now));
	w->now += 60000;
	next_is(w, on("m1", SIM_A), id, 1);
}

static void a_bad_number_is_given_up_at_once(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	must(delivery_part_refused(&w->tx, id, 1, REFUSAL_GIVE_UP, REASON_BAD_NUMBER, 0, w->now));
	state_is(w, id, DELIVERY_FAILED);
	assert_true(is_cleared(w, id));
}

static void a_part_that_never_reached_the_modem_waits_as_before(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	must(delivery_part_not_sent(&w->tx, id, 1, w->now));
	state_is(w, id, DELIVERY_QUEUED);
	assert_int_equal(count(w, "SELECT count(*) FROM part"), 0);
	next_is(w, on("m2", SIM_B), id, 1);
}

static void a_delivery_that_cannot_be_read_fails(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	next_is(w, on("m1", SIM_A), id, 1);
	must(delivery_fail(&w->tx, id, REASON_KEY_GONE, w->now));
	state_is(w, id, DELIVERY_FAILED);
	next_is_none(w, on("m1", SIM_A));
}

static void the_gate_refuses_a_move_that_is_not_in_the_table(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1);
	must_be(delivery_part_in_doubt(&w->tx, id, 1, REASON_DEADLINE, w->now), ERR_DATA);
	must_be(delivery_part_accepted(&w->tx, id, 1, 5, w->now), ERR_DATA);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 5);
	must_be(delivery_fail(&w->tx, id, REASON_MODEM, w->now), ERR_DATA);
	must_be(delivery_fail(&w->tx, 4711, REASON_MODEM, w->now), ERR_ABSENT);
	state_is(w, id, DELIVERY_ACCEPTED);
}

/* ---- time and STOP */
static void a_help_seekers_number_goes_an_hour_after_the_answer(void **state)
{
	struct world *w = *state;
	const int64_t id = add(w, LANE_ANSWER, 1, 1), contact = add(w, LANE_CAMPAIGN, 1, 2);
	next_is(w, on("m1", SIM_A), id, 1);
	accept(w, id, 1, 5);
	next_is(w, on("m1", SIM_A), contact, 1);
	accept(w, contact, 1, 6);
	int64_t oldest = 0;
	must(delivery_oldest_version(&w->tx, RING_LIVE, &oldest));
	assert_int_equal(oldest, 7);
	w->now += READABLE_MS - 1;
	sweep_all(w, NULL, 0);
	assert_false(is_cleared(w, id));
	w->now += 1;
	sweep_all(w, NULL, 0);
	assert_true(is_cleared(w, id));
	assert_false(is_cleared(w, contact));
	state_is(w, id, DELIVERY_ACCEPTED);
	must(delivery_oldest_version(&w->tx, RING_LIVE, &oldest));
	assert_true(oldest == INT64_MAX); /* every key older than today's may go */
	w->now += REPORT_WINDOW_MS;
	sweep_all(w, NULL, 0);
	state_is(w, id, DELIVERY_EXPIRED);
	state_is(w, contact, DELIVERY_EXPIRED);
}

static void a_sweep_does_a_bounded_piece_and_says_that_there_is_more(void **state)
{
	struct world *w = *state;
	for (unsigned n = 0; n < 25; n++)
		(void)add(w, LANE_CAMPAIGN, 1, n);
	w->now += 3600000;
	bool more = false;
	must(delivery_sweep(&w->tx, NULL, 0, w->now, 10, &more));
	assert_true(more);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state=7"), 10);
	sweep_all(w, NULL, 0);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state=7"), 25);
}

static void stop_cancels_what_staff_and_campaigns_have_waiting(void **state)
{
	struct world *w = *state;
	const int64_t campaign = add(w, LANE_CAMPAIGN, 1, 1), test = add(w, LANE_TEST, 1, 1);
	const int64_t other = add(w, LANE_CAMPAIGN, 1, 2), answer = add(w, LANE_ANSWER, 1, 1);
	const struct hash who = hash_of(1);
	unsigned n = 0;
	must(delivery_cancel_for(&w->tx, RING_PEOPLE, 7, &who, w->now, &n));
	assert_int_equal(n, 2);
	state_is(w, campaign, DELIVERY_CANCELLED);
	state_is(w, test, DELIVERY_CANCELLED);
	state_is(w, other, DELIVERY_QUEUED);
	state_is(w, answer, DELIVERY_QUEUED);
}

static struct err gather(const struct outbox_row *r, void *arg)
{
	int64_t *ids = arg;
	assert_true(span_is(buf_span(&r->number_sealed), "sealed number"));
	assert_int_equal(r->language, LANGUAGE_KK);
	ids[++ids[0]] = r->id;
	return ERR_NONE_VALUE;
}

static void the_outbox_is_listed_newest_first_page_by_page(void **state)
{
	struct world *w = *state;
	int64_t ids[8] = { 0 };
	const int64_t a = add(w, LANE_CAMPAIGN, 1, 1), b = add(w, LANE_TEST, 2, 2);
	const int64_t c = add(w, LANE_ANSWER, 1, 3);
	must(delivery_list(&w->tx, 0, 2, gather, ids));
	must(delivery_list(&w->tx, ids[2], 2, gather, ids));
	assert_int_equal(ids[0], 3);
	assert_true(ids[1] == c && ids[2] == b && ids[3] == a);
}

static void a_statement_is_compiled_once_whatever_its_values(void **state)
{
	struct world *w = *state;
	for (uint8_t n = 0; n < 20; n++) {
		const int64_t id = add(w, LANE_CAMPAIGN, 1, n);
		next_is(w, on("m1", SIM_A), id, 1);
		accept(w, id, 1, n);
		(void)report(w, SIM_A, n, 0, RING_PEOPLE, n);
	}
	for (int q = 0; q < Q_COUNT; q++)
		if (w->conn.statements[q] != NULL &&
		    sqlite3_stmt_status(w->conn.statements[q], SQLITE_STMTSTATUS_REPREPARE, 0) != 0)
			fail_msg("%s is compiled again and again", query_names[q]);
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(a_claim_holds_all_that_is_needed_to_send),
		story(an_answer_overtakes_a_broadcast_between_its_parts),
		story(what_is_due_first_goes_first_and_what_is_not_due_waits),
		story(an_answer_leaves_by_the_sim_that_was_asked),
		story(after_two_minutes_without_its_sim_an_answer_leaves_by_another),
		story(a_start_gives_every_sim_its_two_minutes_anew),
		story(nothing_of_a_locked_ring_is_claimed),
		story(past_the_daily_cap_only_what_is_begun_and_answers_go),
		story(a_clock_that_is_behind_lets_only_answers_go),
		story(what_is_past_its_lifetime_is_moved_aside_on_the_way),
		story(two_open_messages_to_one_number_never_share_a_reference),
		story(a_refused_part_is_tried_again_later_and_gives_up_in_the_end),
		story(without_a_network_a_message_waits_as_long_as_it_lives),
		story(what_one_sim_refused_goes_by_another_first),
		story(where_there_is_no_other_sim_the_same_one_tries_again),
		story(a_bad_number_is_given_up_at_once),
		story(a_part_that_never_reached_the_modem_waits_as_before),
		story(a_delivery_that_cannot_be_read_fails),
		story(the_gate_refuses_a_move_that_is_not_in_the_table),
		story(a_help_seekers_number_goes_an_hour_after_the_answer),
		story(a_sweep_does_a_bounded_piece_and_says_that_there_is_more),
		story(stop_cancels_what_staff_and_campaigns_have_waiting),
		story(the_outbox_is_listed_newest_first_page_by_page),
		story(a_statement_is_compiled_once_whatever_its_values),
	};
	return cmocka_run_group_tests_name("store: deliveries", stories, NULL, NULL);
}
