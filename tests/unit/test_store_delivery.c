/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a delivery: what goes next, what a crash leaves, what a report settles. */
#include "store_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/gate.h"
#include "base/banned.h"

#define SIM_A 11
#define SIM_B 12

static void accept(struct world *w, int64_t id, unsigned seq, uint8_t tp_mr)
{
	must(delivery_part_accepted(&w->tx, id, seq, tp_mr, w->now));
}

static unsigned free_link(struct world *w, const char *link)
{
	unsigned doubtful = 0;
	must(delivery_free_link(&w->tx, link, w->now, &doubtful));
	return doubtful;
}

static bool report(struct world *w, int64_t sim, uint8_t tp_mr, uint8_t status, enum ring ring,
                   uint64_t who)
{
	/* under several open versions, as the caller gives them */
	const struct tail_key tails[] = {
		{ RING_LIVE, 8, hash_of(77) }, { RING_LIVE, 6, hash_of(78) },
		{ ring, 7, hash_of(who + 1000000) },
	};
	const struct report r = { .sim = sim, .tp_mr = tp_mr, .status = status, .tails = tails,
	                          .tail_count = 3, .now_ms = w->now };
	bool matched = false;
	must(delivery_report(&w->tx, &r, &matched));
	return matched;
}

static void sweep(struct world *w, const int64_t *sims, size_t n)
{
	bool more = true;
	while (more)
		must(delivery_sweep(&w->tx, sims, n, w->now, 100, &more));
}

static int64_t field(struct world *w, const char *name, int64_t id)
{
	char sql[128];
	(void)snprintf(sql, sizeof sql, "SELECT %s FROM delivery WHERE id=%lld", name,
	               (long long)id);
	return count(w, sql);
}

static bool is_cleared(struct world *w, int64_t id)
{
	char sql[200];
	(void)snprintf(sql, sizeof sql, "SELECT coalesce(number_sealed,number,tail,args_sealed)"
	               " FROM delivery WHERE id=%lld", (long long)id);
	return is_null(w, sql);
}

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
	sweep(w, &sims[1], 1);
	next_is_none(w, on("m2", sims[1]));
	w->now += 11000;
	sweep(w, &sims[1], 1);
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
	sweep(w, NULL, 0);
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
		must(delivery_part_refused(&w->tx, id, 1, REFUSAL_LATER, REASON_NETWORK, 30000,
		                           w->now));
		next_is_none(w, on("m1", SIM_A));
		w->now += 30000;
	}
	state_is(w, id, DELIVERY_FAILED);
	assert_int_equal(field(w, "reason", id), REASON_TOO_MANY_TRIES);
	int64_t sent = -1, failed = -1;
	must(link_counts(&w->tx, "m1", &sent, &failed));
	assert_int_equal(sent, 0);
	assert_int_equal(failed, TRIES_MAX);
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

static void an_early_report_is_forgotten_after_ten_minutes(void **state)
{
	struct world *w = *state;
	assert_false(report(w, SIM_A, 5, 0x00, RING_PEOPLE, 1));
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 3);
	w->now += EARLY_MS + 1;
	sweep(w, NULL, 0);
	assert_int_equal(count(w, "SELECT count(*) FROM report_early"), 0);
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
	sweep(w, NULL, 0);
	assert_false(is_cleared(w, id));
	w->now += 1;
	sweep(w, NULL, 0);
	assert_true(is_cleared(w, id));
	assert_false(is_cleared(w, contact));
	state_is(w, id, DELIVERY_ACCEPTED);
	must(delivery_oldest_version(&w->tx, RING_LIVE, &oldest));
	assert_true(oldest == INT64_MAX); /* every key older than today's may go */
	w->now += REPORT_WINDOW_MS;
	sweep(w, NULL, 0);
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
	sweep(w, NULL, 0);
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
		story(what_one_sim_refused_goes_by_another_first),
		story(where_there_is_no_other_sim_the_same_one_tries_again),
		story(a_bad_number_is_given_up_at_once),
		story(a_part_that_never_reached_the_modem_waits_as_before),
		story(a_delivery_that_cannot_be_read_fails),
		story(the_gate_refuses_a_move_that_is_not_in_the_table),
		story(a_broadcast_in_doubt_is_never_sent_again),
		story(an_answer_in_doubt_is_sent_again_once_marked_resent),
		story(an_answer_whose_lifetime_ended_is_not_sent_again),
		story(a_crash_after_the_second_of_three_parts_sends_the_third_by_the_same_sim),
		story(a_doubtful_second_of_three_parts_goes_again_under_its_reference),
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
		story(an_early_report_is_forgotten_after_ten_minutes),
		story(a_report_settles_a_doubtful_part_of_the_same_person),
		story(a_report_on_an_answer_that_waits_to_be_resent_ends_it),
		story(a_help_seekers_number_goes_an_hour_after_the_answer),
		story(a_sweep_does_a_bounded_piece_and_says_that_there_is_more),
		story(stop_cancels_what_staff_and_campaigns_have_waiting),
		story(the_outbox_is_listed_newest_first_page_by_page),
	};
	return cmocka_run_group_tests_name("store: deliveries", stories, NULL, NULL);
}
