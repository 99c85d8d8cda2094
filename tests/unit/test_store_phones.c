/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a virtual phone may claim, and what a modem leaves to it. */
#include "store_world.h"

#include <string.h>

#include "base/banned.h"

#define LOOP 21 /* the loopback's SIM */
#define AISHA 1
#define DILSHOD 2

static struct addressee addressee(enum ring ring, uint64_t who)
{
	return (struct addressee){ .ring = ring, .version = 7, .number = hash_of(who) };
}

/* Both rings' hashes of one number, as a phone claims with. */
static struct claimant phone(const struct addressee both[2])
{
	struct claimant by = on("phones", LOOP);
	by.only = both;
	by.only_count = 2;
	return by;
}

#define PHONE_OF(who) \
	phone((const struct addressee[2]){ addressee(RING_LIVE, who), addressee(RING_PEOPLE, who) })

static int64_t add_answer(struct world *w, int64_t sim, uint64_t who, unsigned parts)
{
	struct delivery_new d = new_delivery(w, LANE_ANSWER, parts, who);
	d.sim = sim;
	must(delivery_add(&w->tx, &d, w->now));
	return d.id;
}

static void a_phone_claims_answers_to_what_came_by_its_link_and_no_others(void **state)
{
	struct world *w = *state;
	(void)add_answer(w, SIM_A, AISHA, 1); /* she wrote to a modem with the same number */
	(void)add_answer(w, 0, AISHA, 1);     /* and its SIM has gone */
	(void)add_answer(w, LOOP, DILSHOD, 1);
	next_is_none(w, PHONE_OF(AISHA));
	const int64_t hers = add_answer(w, LOOP, AISHA, 1);
	next_is(w, PHONE_OF(AISHA), hers, 1);
	next_is_none(w, PHONE_OF(AISHA));
}

static void a_phone_claims_what_staff_start_for_its_number_alone(void **state)
{
	struct world *w = *state;
	(void)add(w, LANE_CAMPAIGN, 1, DILSHOD);
	const int64_t broadcast = add(w, LANE_CAMPAIGN, 1, AISHA);
	const int64_t text = add(w, LANE_TEST, 1, AISHA);
	next_is(w, PHONE_OF(AISHA), text, 1); /* the higher lane first */
	next_is(w, PHONE_OF(AISHA), broadcast, 1);
	next_is_none(w, PHONE_OF(AISHA));
}

static void a_phone_with_closed_people_keys_claims_answers_only(void **state)
{
	struct world *w = *state;
	struct claimant locked = PHONE_OF(AISHA);
	locked.people_open = false;
	(void)add(w, LANE_TEST, 1, AISHA);
	next_is_none(w, locked);
	const int64_t answer = add_answer(w, LOOP, AISHA, 1);
	next_is(w, locked, answer, 1);
}

static void parts_of_two_phones_on_one_link_stay_apart(void **state)
{
	struct world *w = *state;
	const int64_t hers = add_answer(w, LOOP, AISHA, 2), his = add_answer(w, LOOP, DILSHOD, 2);
	next_is(w, PHONE_OF(AISHA), hers, 1);
	next_is(w, PHONE_OF(DILSHOD), his, 1);
	accept(w, hers, 1, 1);
	accept(w, his, 1, 2);
	next_is(w, PHONE_OF(DILSHOD), his, 2); /* both are begun */
	next_is(w, PHONE_OF(AISHA), hers, 2);
}

static void a_modem_passes_over_what_a_phone_waits_for_until_it_has_gone(void **state)
{
	struct world *w = *state;
	const struct addressee hers = addressee(RING_PEOPLE, AISHA);
	struct claimant modem = on("m1", SIM_A);
	modem.not_to = &hers;
	modem.not_to_count = 1;
	const int64_t broadcast = add(w, LANE_CAMPAIGN, 1, AISHA);
	const int64_t other = add(w, LANE_CAMPAIGN, 1, DILSHOD);
	next_is(w, modem, other, 1);
	next_is_none(w, modem);
	next_is_none(w, on("m2", SIM_B)); /* one that claims in the same moment */
	next_is(w, PHONE_OF(AISHA), broadcast, 1);

	const int64_t second = add(w, LANE_CAMPAIGN, 1, AISHA);
	next_is_none(w, modem);
	modem.not_to_count = 0; /* the phone has been switched off */
	w->now += 2001;
	next_is(w, modem, second, 1);
	next_is_none(w, PHONE_OF(AISHA));
}

static void a_modem_answers_its_own_people_whatever_phone_is_on(void **state)
{
	struct world *w = *state;
	const struct addressee hers = addressee(RING_LIVE, AISHA);
	struct claimant modem = on("m1", SIM_A);
	modem.not_to = &hers;
	modem.not_to_count = 1;
	const int64_t answer = add_answer(w, SIM_A, AISHA, 1);
	next_is(w, modem, answer, 1);
}

static void a_campaign_that_is_not_released_reaches_no_phone(void **state)
{
	struct world *w = *state;
	struct delivery_new d = new_delivery(w, LANE_CAMPAIGN, 1, AISHA);
	d.not_before_ms = w->now + 3600000;
	d.expires_ms = w->now + 7200000;
	must(delivery_add(&w->tx, &d, w->now));
	next_is_none(w, PHONE_OF(AISHA));
}

static void the_sim_of_a_loopback_is_the_same_by_its_name_and_never_away(void **state)
{
	struct world *w = *state;
	int64_t first = 0, again = 0, other = 0;
	must(sim_of_loopback(&w->tx, "phones", w->now, &first));
	must(sim_of_loopback(&w->tx, "phones", w->now + 5, &again));
	must(sim_of_loopback(&w->tx, "a-link-whose-name-is-31-long-abc", w->now, &other));
	assert_int_equal(first, again);
	assert_int_not_equal(first, other);
	must_be(sim_find(&w->tx, "loop:phones", "", "", w->now, &other), ERR_INPUT);

	struct delivery_new d = new_delivery(w, LANE_ANSWER, 1, AISHA);
	d.sim = first;
	must(delivery_add(&w->tx, &d, w->now));
	w->now += 600000; /* nobody has seen the link for ten minutes */
	sweep_all(w, NULL, 0);
	assert_int_equal(field(w, "route", d.id), first);
}

static void what_a_phone_claims_costs_the_same_however_many_wait(void **state)
{
	struct world *w = *state;
	int64_t steps[2] = { 0 };
	next_is_none(w, PHONE_OF(AISHA)); /* statements are prepared */
	for (size_t i = 0; i < 2; i++) {
		for (unsigned n = 0; n < (i == 0 ? 20u : 2000u); n++)
			(void)add(w, LANE_CAMPAIGN, 1, 100 + n);
		const int64_t id = add(w, LANE_CAMPAIGN, 1, AISHA);
		(void)conn_steps(w->tx.conn);
		next_is(w, PHONE_OF(AISHA), id, 1);
		steps[i] = conn_steps(w->tx.conn);
	}
	assert_true(steps[1] * 10 <= steps[0] * 12);
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(a_phone_claims_answers_to_what_came_by_its_link_and_no_others),
		story(a_phone_claims_what_staff_start_for_its_number_alone),
		story(a_phone_with_closed_people_keys_claims_answers_only),
		story(parts_of_two_phones_on_one_link_stay_apart),
		story(a_modem_passes_over_what_a_phone_waits_for_until_it_has_gone),
		story(a_modem_answers_its_own_people_whatever_phone_is_on),
		story(a_campaign_that_is_not_released_reaches_no_phone),
		story(the_sim_of_a_loopback_is_the_same_by_its_name_and_never_away),
		story(what_a_phone_claims_costs_the_same_however_many_wait),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
