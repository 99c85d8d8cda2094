/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIM cards: which is which, what belongs to them, and their PINs. */
#include "store_world.h"

#include "store/people.h"
#include "base/banned.h"

static void a_sim_is_known_by_its_iccid_else_by_its_imsi(void **state)
{
	struct world *w = *state;
	int64_t a = 0, b = 0, c = 0;
	must(sim_find(&w->tx, "", "401010000000001", "", w->now, &a));
	must(sim_find(&w->tx, "8999701000000000001", "401010000000001", "beeline", w->now, &b));
	assert_int_equal(a, b);
	must(sim_find(&w->tx, "8999701000000000001", "", "", w->now, &b));
	assert_int_equal(a, b);
	must(sim_find(&w->tx, "", "401010000000001", "", w->now, &b));
	assert_int_equal(a, b);
	must(sim_find(&w->tx, "8999701000000000002", "401010000000001", "", w->now, &c));
	assert_int_not_equal(a, c); /* a new card of the same subscriber */
	assert_int_equal(count(w, "SELECT count(*) FROM sim WHERE operator='beeline'"), 1);
	must_be(sim_find(&w->tx, "", "", "", w->now, &c), ERR_INPUT);
}

static void cards_that_stood_the_wrong_way_round_are_turned_and_still_known(void **state)
{
	struct world *w = *state;
	static const char iccid[] = "8999701000000000001", imsi[] = "401010000000001";
	int64_t wrong = 0, right = 0, phone = 0, now = 0;
	must(sim_find(&w->tx, imsi, iccid, "", w->now, &wrong));
	must(sim_find(&w->tx, "8999701000000000002", "401010000000002", "", w->now, &right));
	must(sim_of_loopback(&w->tx, "phones", w->now, &phone));
	for (const char *const *sql = migrations[6]; *sql != NULL; sql++)
		assert_int_equal(sqlite3_exec(w->conn.db, *sql, NULL, NULL, NULL), SQLITE_OK);
	must(sim_find(&w->tx, iccid, imsi, "", w->now, &now));
	assert_int_equal(now, wrong);
	must(sim_find(&w->tx, "8999701000000000002", "401010000000002", "", w->now, &now));
	assert_int_equal(now, right);
	must(sim_of_loopback(&w->tx, "phones", w->now, &now));
	assert_int_equal(now, phone);
}

static void an_imsi_of_any_length_is_told(void **state)
{
	struct world *w = *state;
	int64_t sim = 0;
	char imsi[IMSI_LIMIT];
	must(sim_find(&w->tx, "", "40101000000000123456789012345678", "", w->now, &sim));
	must(sim_imsi_get(&w->tx, sim, imsi));
	assert_string_equal(imsi, "401010000000001");
	must(sim_imsi_get(&w->tx, sim + 1, imsi));
	assert_string_equal(imsi, "");
}

static void a_balance_stays_with_its_sim(void **state)
{
	struct world *w = *state;
	int64_t a, b;
	struct sim_balance known = { .hundredths = 1, .at_ms = 1 };
	must(sim_find(&w->tx, "8999701000000000001", "", "", w->now, &a));
	must(sim_find(&w->tx, "8999701000000000002", "", "", w->now, &b));
	must(sim_balance_get(&w->tx, a, &known));
	assert_int_equal(known.at_ms, 0);
	must(sim_balance_set(&w->tx, a, &(struct sim_balance){ .hundredths = -250, .at_ms = w->now }));
	must(sim_balance_get(&w->tx, a, &known));
	assert_int_equal(known.hundredths, -250);
	assert_int_equal(known.at_ms, w->now);
	must(sim_balance_get(&w->tx, b, &known));
	assert_int_equal(known.at_ms, 0);
}

static bool may(struct world *w, uint64_t pin, int tries_left)
{
	const struct hash h = hash_of(pin);
	const char *reason = NULL;
	bool ret = false;
	must(pin_may(&w->tx, "card", &h, tries_left, &ret, &reason));
	assert_non_null(reason);
	return ret;
}

static void a_refused_pin_is_never_tried_again_and_the_last_try_is_left(void **state)
{
	struct world *w = *state;
	const struct hash first = hash_of(1), second = hash_of(2);
	assert_true(may(w, 1, 3));
	assert_true(may(w, 1, 2));
	assert_false(may(w, 1, 1));
	assert_true(may(w, 1, -1));
	must(pin_trying(&w->tx, "card", &first, w->now)); /* and how it ended isn't known */
	assert_false(may(w, 1, 3));
	assert_true(may(w, 2, -1));
	must(pin_trying(&w->tx, "card", &second, w->now));
	assert_false(may(w, 3, -1));
	assert_true(may(w, 3, 2)); /* the SIM says that there are two */
	must(pin_accepted(&w->tx, "card"));
	assert_true(may(w, 1, -1));
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(a_sim_is_known_by_its_iccid_else_by_its_imsi),
		story(cards_that_stood_the_wrong_way_round_are_turned_and_still_known),
		story(an_imsi_of_any_length_is_told),
		story(a_balance_stays_with_its_sim),
		story(a_refused_pin_is_never_tried_again_and_the_last_try_is_left),
	};
	return cmocka_run_group_tests_name("store: SIM cards", stories, NULL, NULL);
}
