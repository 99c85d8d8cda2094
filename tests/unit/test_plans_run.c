/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories of campaigns on the way: whatever staff, links and crashes do, nobody is written to twice,
 * nobody who said STOP, nobody while it is paused. */
#include "store_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "campaign/plan_moves.h"
#include "campaign/plan_turn.h"
#include "store/contacts.h"
#include "store/people.h"
#include "text/fold.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define PEOPLE 60
#define TEXTS "{\"texts\":{\"ru\":\"Bepul: 11616\",\"kk\":\"Tegin: 11616\"},\"fallback\":[\"ru\"]}"

static char key_path[96];
static struct vault *vault;
static struct hours *hours;
static struct preview_of of;

static int open_all(void **state)
{
	if (world_open(state) != 0)
		return -1;
	struct world *w = *state;
	(void)snprintf(key_path, sizeof key_path, "%s/people.key", w->folder);
	must(vault_people_new(w->folder, key_path, span_of("")));
	must(vault_open(w->folder, &vault));
	must(vault_people_open_file(vault, key_path));
	vault_people_admit(vault, true);
	must(hours_read(span_of(""), "Asia/Almaty", &hours));
	of = (struct preview_of){ .vault = vault, .hours = hours, .part_price = 1500, .links_ready = 2,
		.now_ms = w->now };
	return 0;
}

static int close_all(void **state)
{
	struct world *w = *state;
	char path[128];
	hours_drop(hours);
	vault_close(vault);
	(void)unlink(key_path);
	(void)snprintf(path, sizeof path, "%s/live.ring", w->folder);
	(void)unlink(path);
	return world_close(state);
}

static struct staff staff(struct world *w, int64_t uid)
{
	return (struct staff){ .store = w->st, .vault = vault, .of = &of, .uid = uid, .now_ms = w->now };
}

static struct hash hash_number(struct world *w, unsigned i, int64_t *ret_version, struct buf *ret)
{
	struct msisdn m;
	struct hash h;
	char text[24];
	(void)snprintf(text, sizeof text, "+7701%07u", i);
	assert_int_equal(msisdn_parse(span_of(text), &m), MSISDN_OK);
	must(vault_version(vault, RING_PEOPLE, w->now, ret_version));
	must(vault_hash(vault, RING_PEOPLE, *ret_version, "number", msisdn_span(&m), &h));
	if (ret != NULL)
		buf_add_text(ret, text);
	return h;
}

static void given_contact(struct world *w, unsigned i, bool agreed)
{
	struct buf plain, sealed;
	buf_init(&plain, 32);
	buf_init(&sealed, 128);
	struct contact_new c = { .id = store_new_id(w->st), .source = "import", .now_ms = w->now,
		.facts = { .country = "KZ", .language = "ru" } };
	c.number = hash_number(w, i, &c.key_version, &plain);
	must(vault_seal(vault, RING_PEOPLE, c.key_version, (struct seal_place){ .table = "contact",
	                .field = "number", .row = c.id }, buf_span(&plain), &sealed));
	c.sealed = buf_span(&sealed);
	must(contact_add(&w->tx, &c));
	struct consent consent = { .at_ms = w->now, .channel = "paper", .wording = "yes" };
	bool is_new = false;
	if (agreed)
		must(consent_add(&w->tx, c.id, &consent, &is_new));
	buf_free(&plain);
	buf_free(&sealed);
}

static int64_t given_running_to(struct world *w, const char *name, const char *audience)
{
	char spec[256];
	(void)snprintf(spec, sizeof spec, "{\"audience\":%s,\"again_after_days\":0,\"failed_limit\":100,"
	               "\"stop_limit\":100}", audience);
	struct plan p;
	struct staff one = staff(w, 1000), other = staff(w, 1001);
	bool changed = false;
	must(plan_new(&w->tx, &one, name, span_of(spec)));
	must(plan_texts(&w->tx, &one, name, span_of(TEXTS), &changed));
	must(plan_reviewed(&w->tx, &one, name, LANGUAGE_RU, "Aigul"));
	must(plan_submit(&w->tx, &one, name));
	must(plan_approve(&w->tx, &other, name, ""));
	must(plan_start(&w->tx, &one, name, "a test", true));
	must(plan_find(&w->tx, name, &p));
	assert_int_equal(p.state, PLAN_RUNNING);
	const int64_t id = p.id;
	plan_wipe(&p);
	return id;
}

static int64_t given_running(struct world *w, const char *name)
{
	return given_running_to(w, name, "{}");
}

static void when_the_clerk_turns(struct world *w)
{
	const struct plan_turn t = { .store = w->st, .vault = vault, .hours = hours,
		.part_price = 1500 };
	int64_t wait_ms = TURN_BUSY_MS;
	for (int n = 0; n < 20 && wait_ms == TURN_BUSY_MS; n++)
		must(plan_turn(&t, w->now, &wait_ms));
}

/* What is on the air of this world's one link. */
static struct claim on_air;
static bool is_on_air;

static bool when_the_link_claims(struct world *w)
{
	const struct claimant by = on("m1", SIM_A);
	if (is_on_air)
		return true;
	must(delivery_next(&w->tx, &by, w->now, &on_air, &is_on_air));
	return is_on_air;
}

static void when_it_is_sent(struct world *w)
{
	if (is_on_air) {
		must(delivery_part_accepted(&w->tx, on_air.id, on_air.seq, (uint8_t)rand(), w->now));
		claim_wipe(&on_air);
	}
	is_on_air = false;
}

static void when_its_process_dies(struct world *w)
{
	(void)free_link(w, "m1");
	if (is_on_air)
		claim_wipe(&on_air);
	is_on_air = false;
}

static enum plan_state state_of(struct world *w, const char *name)
{
	struct plan p;
	must(plan_find(&w->tx, name, &p));
	const enum plan_state s = p.state;
	plan_wipe(&p);
	return s;
}

/* ---- stories */

static void who_never_agreed_is_not_written_to(void **state)
{
	struct world *w = *state;
	given_contact(w, 1, true);
	given_contact(w, 2, false);
	(void)given_running(w, "spring");
	when_the_clerk_turns(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), 1);
}

static void who_submitted_it_cannot_approve_it_and_an_edit_takes_approval_away(void **state)
{
	struct world *w = *state;
	struct staff one = staff(w, 1000), other = staff(w, 1001);
	bool changed = false;
	given_contact(w, 1, true);
	must(plan_new(&w->tx, &one, "spring", span_of("{\"audience\":{}}")));
	must_be(plan_submit(&w->tx, &one, "spring"), ERR_REFUSED); /* no texts */
	must(plan_texts(&w->tx, &one, "spring", span_of(TEXTS), &changed));
	must(plan_submit(&w->tx, &one, "spring"));
	must_be(plan_approve(&w->tx, &one, "spring", ""), ERR_REFUSED);
	must_be(plan_approve(&w->tx, &other, "spring", ""), ERR_REFUSED); /* read by nobody */
	must(plan_reviewed(&w->tx, &one, "spring", LANGUAGE_RU, "Aigul"));
	must(plan_approve(&w->tx, &other, "spring", ""));
	must(plan_texts(&w->tx, &other, "spring", span_of("{\"texts\":{\"ru\":\"Bepul: 116 16\"}}"),
	                &changed));
	assert_true(changed);
	assert_int_equal(state_of(w, "spring"), PLAN_DRAFT);
	must_be(plan_start(&w->tx, &one, "spring", "a test", true), ERR_REFUSED);
	must(plan_submit(&w->tx, &one, "spring"));
	must_be(plan_approve(&w->tx, &other, "spring", ""), ERR_REFUSED); /* the new text is unread */
	assert_true(count(w, "SELECT count(*) FROM audit WHERE what='campaign'") >= 4);
}

static void a_segment_that_changes_behind_an_approval_voids_it(void **state)
{
	struct world *w = *state;
	struct staff one = staff(w, 1000), other = staff(w, 1001);
	bool changed = false;
	given_contact(w, 1, true);
	must(segment_put(&w->tx, "market", "{\"language\":[\"ru\"]}"));
	must(plan_new(&w->tx, &one, "spring", span_of("{\"audience\":\"market\"}")));
	must(plan_texts(&w->tx, &one, "spring", span_of(TEXTS), &changed));
	must(plan_reviewed(&w->tx, &one, "spring", LANGUAGE_RU, "Aigul"));
	must(plan_submit(&w->tx, &one, "spring"));
	must(plan_approve(&w->tx, &other, "spring", ""));
	must(segment_put(&w->tx, "market", "{}"));
	must_be(plan_start(&w->tx, &one, "spring", "a test", true), ERR_REFUSED);
}

static void nobody_is_written_to_twice_whatever_happens(void **state)
{
	struct world *w = *state;
	struct staff by = staff(w, 1000);
	srand(7);
	for (unsigned i = 0; i < PEOPLE; i++)
		given_contact(w, i, true);
	(void)given_running(w, "spring");
	unsigned known = PEOPLE, moves[8] = { 0 };
	for (int n = 0; n < 4000; n++) {
		const enum plan_state before = state_of(w, "spring");
		const int what = rand() % 14;
		int64_t version = 0;
		by.now_ms = w->now;
		switch (what) {
		case 0:
			when_the_clerk_turns(w);
			break;
		case 1:
			moves[0] += !err_is(plan_pause(&w->tx, &by, "spring", "why not"));
			break;
		case 2:
			moves[1] += !err_is(plan_resume(&w->tx, &by, "spring"));
			break;
		case 3:
			when_its_process_dies(w);
			break;
		case 4: { /* a STOP */
			const struct hash h = hash_number(w, (unsigned)rand() % known, &version, NULL);
			unsigned cancelled = 0;
			if (rand() % 8 != 0)
				break;
			must(stop_add(&w->tx, version, &h, w->now));
			must(delivery_cancel_for(&w->tx, RING_PEOPLE, version, &h, w->now, &cancelled));
			moves[2]++;
			break;
		}
		case 5: /* a restore from before: the place in the audience is an old one */
			(void)sqlite3_exec(w->conn.db, "UPDATE plan SET cursor=NULL,cursor_version=0,"
			                   "is_expanded=0", NULL, NULL, NULL);
			break;
		case 6:
			if (known < PEOPLE * 2)
				given_contact(w, known++, true);
			break;
		case 7:
			w->now += 1000 * (rand() % 600);
			break;
		default:
			if (when_the_link_claims(w) && rand() % 8 != 0)
				when_it_is_sent(w);
			break;
		}
		if (before == PLAN_FINISHED)
			break;
	}
	assert_true(moves[0] > 10 && moves[1] > 10);
	assert_int_equal(count(w, "SELECT count(*) FROM (SELECT number FROM delivery GROUP BY number"
	                          " HAVING count(*)>1)"), 0);
	assert_true(count(w, "SELECT count(*) FROM delivery WHERE state=3") > 20);
	/* who said STOP has nothing that was claimed after it */
	assert_int_equal(count(w, "SELECT count(*) FROM delivery d JOIN stop s ON s.number=d.number"
	                          " JOIN part p ON p.delivery=d.id WHERE p.submitted>s.at"), 0);
}

static void nothing_is_claimed_of_a_campaign_that_is_paused_or_stopped(void **state)
{
	struct world *w = *state;
	struct staff by = staff(w, 1000);
	for (unsigned i = 0; i < 40; i++)
		given_contact(w, i, true);
	(void)given_running(w, "spring");
	when_the_clerk_turns(w);
	assert_true(when_the_link_claims(w));
	when_it_is_sent(w);
	must(plan_pause(&w->tx, &by, "spring", ""));
	for (int n = 0; n < 4; n++) /* without the clerk: the claim itself sets them aside */
		assert_false(when_the_link_claims(w));
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state=0"), 39);
	must(plan_resume(&w->tx, &by, "spring"));
	when_the_clerk_turns(w);
	assert_true(when_the_link_claims(w));
	when_it_is_sent(w);
	must(plan_stop(&w->tx, &by, "spring", ""));
	for (int n = 0; n < 4; n++)
		assert_false(when_the_link_claims(w));
	when_the_clerk_turns(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE state=8"), 38);
	assert_int_equal(count(w, "SELECT is_swept FROM plan"), 1);
}

static void stop_all_leaves_answers_and_nothing_else(void **state)
{
	struct world *w = *state;
	for (unsigned i = 0; i < 5; i++)
		given_contact(w, i, true);
	(void)given_running(w, "spring");
	when_the_clerk_turns(w);
	must(halt_set(&w->tx, true, 1000, "", w->now));
	assert_false(when_the_link_claims(w));
	const int64_t answer = add(w, LANE_ANSWER, 1, 5);
	next_is(w, on("m1", SIM_A), answer, 1);
	accept(w, answer, 1, 9);
	must(halt_set(&w->tx, false, 1000, "", w->now));
	assert_true(when_the_link_claims(w));
	when_its_process_dies(w);
}

static void an_audience_is_expanded_some_thousand_ahead_of_the_links(void **state)
{
	struct world *w = *state;
	assert_int_equal(sqlite3_exec(w->conn.db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	for (unsigned i = 0; i < 6000; i++)
		given_contact(w, i, true);
	assert_int_equal(sqlite3_exec(w->conn.db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	(void)given_running(w, "spring");
	when_the_clerk_turns(w);
	assert_int_equal(count(w, "SELECT count(*) FROM delivery"), AHEAD);
	for (int n = 0; n < 700; n++) {
		assert_true(when_the_link_claims(w));
		when_it_is_sent(w);
	}
	when_the_clerk_turns(w);
	const int64_t all = count(w, "SELECT count(*) FROM delivery");
	assert_true(all >= AHEAD + 700 && all <= AHEAD + 700 + TURN_ROWS);
}

static int64_t steps_of_a_claim(struct world *w)
{
	(void)conn_steps(&w->conn);
	assert_true(when_the_link_claims(w));
	const int64_t steps = conn_steps(&w->conn);
	when_it_is_sent(w);
	return steps;
}

static void a_segment_that_changes_behind_a_running_campaign_pauses_it(void **state)
{
	struct world *w = *state;
	struct plan p;
	struct staff one = staff(w, 1000);
	given_contact(w, 1, true);
	must(segment_put(&w->tx, "mine", "{\"country\":[\"KZ\"]}"));
	const int64_t id = given_running_to(w, "spring", "\"mine\"");
	must(segment_put(&w->tx, "mine", "{}"));
	when_the_clerk_turns(w);
	assert_false(when_the_link_claims(w));
	must(plan_load(&w->tx, id, &p));
	assert_int_equal(p.state, PLAN_PAUSED);
	assert_string_equal(p.reason, "its segment was changed");
	plan_wipe(&p);
	must(segment_put(&w->tx, "mine", "{\"country\":[\"KZ\"]}")); /* back to what was approved */
	must(plan_resume(&w->tx, &one, "spring"));
	when_the_clerk_turns(w);
	assert_true(when_the_link_claims(w));
	when_it_is_sent(w);
}

static void a_claim_of_a_campaign_costs_the_same_however_many_wait(void **state)
{
	struct world *w = *state;
	assert_int_equal(sqlite3_exec(w->conn.db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	for (unsigned i = 0; i < 2100; i++)
		given_contact(w, i, true);
	assert_int_equal(sqlite3_exec(w->conn.db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	const int64_t id = given_running(w, "spring");
	when_the_clerk_turns(w);
	(void)steps_of_a_claim(w); /* statements are prepared */
	const int64_t few = steps_of_a_claim(w);
	/* as many more wait as a broadcast of another office may bring */
	char sql[1024];
	(void)snprintf(sql, sizeof sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n"
	               " WHERE i<100000) INSERT INTO delivery SELECT id+1000000000+i,lane,state,reason,ring,"
	               "key_version,number_sealed,randomblob(16),tail,revision,content_key,args_sealed,"
	               "language,route,not_before,expires,parts,concat_ref,on_air,tries,resent,link,"
	               "campaign,inbox,created,updated,flash,closes,country FROM n,(SELECT * FROM delivery"
	               " WHERE campaign=%lld AND state=0 LIMIT 1)", (long long)id);
	assert_int_equal(sqlite3_exec(w->conn.db, sql, NULL, NULL, NULL), SQLITE_OK);
	const int64_t many = steps_of_a_claim(w);
	print_message("VM steps of a campaign's claim: %lld with 2000 waiting, %lld with 102000\n",
	              (long long)few, (long long)many);
	assert_true(many * 10 <= few * 12);
}

int main(void)
{
	if (err_is(fold_start()))
		return 1;
#define story(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
	const struct CMUnitTest tests[] = {
		story(who_never_agreed_is_not_written_to),
		story(who_submitted_it_cannot_approve_it_and_an_edit_takes_approval_away),
		story(a_segment_that_changes_behind_an_approval_voids_it),
		story(nobody_is_written_to_twice_whatever_happens),
		story(nothing_is_claimed_of_a_campaign_that_is_paused_or_stopped),
		story(stop_all_leaves_answers_and_nothing_else),
		story(an_audience_is_expanded_some_thousand_ahead_of_the_links),
		story(a_segment_that_changes_behind_a_running_campaign_pauses_it),
		story(a_claim_of_a_campaign_costs_the_same_however_many_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
