/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broadcast that is written piece by piece is sent as a whole, or not at all. */
#include "store_world.h"

#include <stdio.h>
#include <unistd.h>

#include "store/campaigns.h"
#include "base/banned.h"

#define REQUEST "0123456789abcdef"

/* ---- given, when, then */
static int64_t given_campaign(struct world *w, uint64_t first, unsigned people)
{
	const struct campaign_new c = { .id = store_new_id(w->st), .revision = w->revision,
		.consent = "signed at the fair", .override = "", .now_ms = w->now,
		.request = span_of(REQUEST) };
	must(campaign_add(&w->tx, &c));
	for (unsigned i = 0; i < people; i++) {
		struct delivery_new d = new_delivery(w, LANE_CAMPAIGN, 1, first + i);
		d.campaign = c.id;
		d.not_before_ms = campaign_held(c.id);
		must(delivery_add(&w->tx, &d, w->now));
	}
	return c.id;
}

static bool then_found(struct world *w, int64_t id)
{
	int64_t found_id = 0;
	bool found = false;
	must(campaign_find(&w->tx, span_of(REQUEST), &found_id, &found));
	assert_true(!found || found_id == id);
	return found;
}

static void when_sent(struct world *w, unsigned people)
{
	for (unsigned i = 0; i < people; i++) {
		const struct claimant by = on("m1", SIM_A);
		struct claim c;
		bool found = false;
		must(delivery_next(&w->tx, &by, w->now, &c, &found));
		assert_true(found);
		accept(w, c.id, 1, (uint8_t)i);
		claim_wipe(&c);
	}
	next_is_none(w, on("m1", SIM_A));
}

/* ---- stories */
static void nothing_is_sent_before_all_is_written(void **state)
{
	struct world *w = *state;
	bool done = true;
	const int64_t id = given_campaign(w, 1, 5);
	w->now += INT64_C(1000) * 365 * 24 * 3600000; /* no clock comes so far */
	next_is_none(w, on("m1", SIM_A));
	w->now -= INT64_C(1000) * 365 * 24 * 3600000;
	assert_false(then_found(w, id));
	must(campaign_release(&w->tx, id));
	assert_true(then_found(w, id));
	must_be(campaign_release(&w->tx, id), ERR_ABSENT);
	do
		must(campaign_let_go(&w->tx, id, w->now, 2, &done));
	while (!done);
	when_sent(w, 5);
	assert_int_equal(count(w, "SELECT state FROM campaign"), CAMPAIGN_WHOLE);
}

static void what_was_released_is_let_go_after_a_crash_too(void **state)
{
	struct world *w = *state;
	bool more = true, done = true;
	const int64_t id = given_campaign(w, 1, 5);
	must(campaign_release(&w->tx, id));
	must(campaign_let_go(&w->tx, id, w->now, 2, &done));
	assert_false(done);
	must(campaigns_abandon(&w->tx)); /* at the start: it is no more to be taken back */
	while (more)
		must(campaigns_sweep(&w->tx, w->now, 2, &more));
	when_sent(w, 5);
	assert_true(then_found(w, id));
}

static void what_was_half_written_is_removed_and_its_request_may_come_again(void **state)
{
	struct world *w = *state;
	bool more = true;
	unsigned cancelled = 0;
	int64_t queued = -1;
	(void)given_campaign(w, 1, 5);
	const struct hash who = hash_of(2);
	must(delivery_cancel_for(&w->tx, RING_PEOPLE, 7, &who, w->now, &cancelled)); /* a STOP */
	assert_int_equal(cancelled, 1);
	must(campaigns_abandon(&w->tx));
	const int64_t id = given_campaign(w, 1, 5);
	must(campaign_release(&w->tx, id));
	while (more)
		must(campaigns_sweep(&w->tx, w->now, 2, &more));
	when_sent(w, 5);
	assert_true(then_found(w, id));
	assert_int_equal(count(w, "SELECT count(*) FROM campaign"), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 5);
	must(tally_get(&w->tx, "delivery.queued", &queued));
	assert_int_equal(queued, 0);
	must(tally_get(&w->tx, "delivery.cancelled", &queued));
	assert_int_equal(queued, 0);
}

/* ---- a schema that went out before there were pieces */
static void given_first_schema(const char *path)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (const char *const *sql = migrations[0]; *sql != NULL; sql++)
		assert_int_equal(sqlite3_exec(db, *sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
		"INSERT INTO revision VALUES(5,x'01',2,1,x'02',7);"
		"INSERT INTO campaign VALUES(6,5,'at the fair','',1000,7,CAST('" REQUEST "' AS BLOB));"
		"INSERT INTO mo_part VALUES(1,1,1,3,'m1',x'0a',7,NULL,NULL,NULL,1,1,0,1,1,9,8);"
		"INSERT INTO mo_part VALUES(2,2,1,3,'m1',x'0a',7,NULL,NULL,NULL,1,1,0,1,1,9,NULL);",
		NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static struct err find_six(struct txn *tx, void *arg)
{
	int64_t id = 0;
	bool found = false;
	(void)arg;
	struct err e = campaign_find(tx, span_of(REQUEST), &id, &found);
	assert_true(found && id == 6);
	return e;
}

static void a_campaign_of_the_first_schema_is_whole(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	struct world *w = *state;
	struct store *st = NULL;
	char path[112], url[128];
	(void)snprintf(path, sizeof path, "%s/old.db", w->folder);
	(void)snprintf(url, sizeof url, "sqlite:%s", path);
	given_first_schema(path);
	must(store_open(url, 1, &st));
	must(store_write(st, find_six, NULL));
	store_close(st);
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		(void)snprintf(url, sizeof url, "%s%s", path, tails[i]);
		(void)unlink(url);
	}
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(nothing_is_sent_before_all_is_written),
		STORY(what_was_released_is_let_go_after_a_crash_too),
		STORY(what_was_half_written_is_removed_and_its_request_may_come_again),
		STORY(a_campaign_of_the_first_schema_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
