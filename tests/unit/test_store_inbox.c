/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes in, who said STOP; and that counts and costs stay true. */
#include "store_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/campaigns.h"
#include "store/inbox.h"
#include "store/people.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)

static struct mo_part_new mo(struct world *w, uint64_t key, unsigned seq, unsigned total)
{
	return (struct mo_part_new){
		.id = store_new_id(w->st), .sim = SIM_A, .link = "m1", .sim_index = (int32_t)key,
		.key = hash_of(key), .key_version = 7, .sender = hash_of(500),
		.sender_sealed = span_of("sealed sender"), .text_sealed = span_of("sealed text"),
		.scts_ms = w->now, .received_ms = w->now, .ref = 42, .total = (uint8_t)total,
		.seq = (uint8_t)seq,
	};
}

static enum mo_taken take(struct world *w, const struct mo_part_new *p)
{
	enum mo_taken t = MO_KNOWN;
	must(inbox_part_add(&w->tx, p, &t));
	return t;
}

static struct err note_part(const struct mo_part_row *r, void *arg)
{
	char *seen = arg;
	assert_true(span_is(buf_span(&r->text_sealed), "sealed text"));
	assert_int_equal(r->key_version, 7);
	seen[strlen(seen)] = (char)('0' + r->seq);
	return ERR_NONE_VALUE;
}

static void join(struct world *w, const struct mo_part_new *p, const char *order)
{
	char seen[16] = "";
	must(inbox_part_join(&w->tx, p, store_new_id(w->st), note_part, seen));
	assert_string_equal(seen, order);
}

static int64_t tally(struct world *w, const char *name)
{
	int64_t n = -1;
	must(tally_get(&w->tx, name, &n));
	return n;
}

static void sweep(struct world *w)
{
	bool more = true;
	while (more)
		must(inbox_sweep(&w->tx, w->now, 50, &more));
}

/* ---- messages */
static void parts_in_any_order_make_one_message(void **state)
{
	struct world *w = *state;
	struct mo_part_new third = mo(w, 1, 3, 3), first = mo(w, 2, 1, 3), second = mo(w, 3, 2, 3);
	assert_int_equal(take(w, &third), MO_NEW_PARTIAL);
	assert_int_equal(take(w, &first), MO_NEW_PARTIAL);
	assert_int_equal(tally(w, "inbox.partial"), 1);
	assert_int_equal(take(w, &second), MO_NEW_WHOLE);
	assert_int_equal(tally(w, "inbox.partial"), 0);
	join(w, &second, "123");
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part WHERE sender IS NOT NULL OR"
	                       " sender_sealed IS NOT NULL OR text_sealed IS NOT NULL"), 0);
}

static void a_part_read_twice_is_one_until_its_copy_is_deleted(void **state)
{
	struct world *w = *state;
	struct mo_part_new p = mo(w, 1, 1, 1), again = mo(w, 1, 1, 1);
	assert_int_equal(take(w, &p), MO_NEW_WHOLE);
	assert_int_equal(take(w, &again), MO_KNOWN);
	join(w, &p, "1");
	again.sim_index = 9; /* the SIM's places were counted anew */
	assert_int_equal(take(w, &again), MO_KNOWN);
	must(inbox_part_deleted(&w->tx, SIM_A, 9, w->now));
	again.id = store_new_id(w->st);
	assert_int_equal(take(w, &again), MO_NEW_WHOLE);
}

static void a_part_read_before_midnight_is_known_after_it(void **state)
{
	struct world *w = *state;
	struct mo_part_new p = mo(w, 1, 1, 2), again = mo(w, 100, 1, 2), other = mo(w, 101, 2, 2);
	const struct hash older_keys[] = { hash_of(99), hash_of(1) };
	const struct hash older_senders[] = { hash_of(98), hash_of(500) };
	assert_int_equal(take(w, &p), MO_NEW_PARTIAL);
	again.key_version = other.key_version = 8;
	again.sender = other.sender = hash_of(600);
	again.older_keys = other.older_keys = older_keys;
	again.older_count = 2;
	again.older_senders = other.older_senders = older_senders;
	assert_int_equal(take(w, &again), MO_KNOWN);
	other.older_keys = older_senders; /* none of them is known */
	other.older_count = 2;
	assert_int_equal(take(w, &other), MO_NEW_WHOLE);
}

static void a_reference_used_again_begins_another_message(void **state)
{
	struct world *w = *state;
	struct mo_part_new old = mo(w, 1, 1, 2), a = mo(w, 2, 1, 2), b = mo(w, 3, 2, 2);
	struct mo_part_new stranger = mo(w, 4, 2, 2);
	stranger.sender = hash_of(501);
	assert_int_equal(take(w, &old), MO_NEW_PARTIAL);
	assert_int_equal(take(w, &stranger), MO_NEW_PARTIAL);
	assert_int_equal(take(w, &a), MO_NEW_PARTIAL);
	assert_int_equal(tally(w, "inbox.partial"), 3);
	assert_int_equal(take(w, &b), MO_NEW_WHOLE);
	join(w, &b, "12");
	assert_int_equal(tally(w, "inbox.partial"), 2);
}

static void parts_left_alone_are_forgotten_after_a_day(void **state)
{
	struct world *w = *state;
	struct mo_part_new p = mo(w, 1, 1, 2);
	int64_t oldest = 0;
	assert_int_equal(take(w, &p), MO_NEW_PARTIAL);
	must(inbox_part_deleted(&w->tx, SIM_A, p.sim_index, w->now));
	w->now += DAY_MS - 1;
	sweep(w);
	assert_int_equal(tally(w, "inbox.partial"), 1);
	must(delivery_oldest_version(&w->tx, RING_LIVE, &oldest));
	assert_int_equal(oldest, 7);
	w->now += 1;
	sweep(w);
	assert_int_equal(tally(w, "inbox.partial"), 0);
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part WHERE sender IS NOT NULL OR"
	                       " sender_sealed IS NOT NULL OR text_sealed IS NOT NULL"), 0);
	w->now += HOUR_MS; /* until then the network may bring it again */
	sweep(w);
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part"), 0);
	must(delivery_oldest_version(&w->tx, RING_LIVE, &oldest));
	assert_true(oldest == INT64_MAX);
}

static void what_was_joined_is_known_as_long_as_it_can_be_answered(void **state)
{
	struct world *w = *state;
	struct mo_part_new p = mo(w, 1, 1, 1), gone = mo(w, 2, 1, 1);
	assert_int_equal(take(w, &p), MO_NEW_WHOLE);
	join(w, &p, "1");
	assert_int_equal(take(w, &gone), MO_NEW_WHOLE);
	join(w, &gone, "1");
	must(inbox_part_deleted(&w->tx, SIM_A, gone.sim_index, w->now));
	sweep(w);
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part"), 1);
	w->now += 24 * HOUR_MS;
	sweep(w);
	assert_int_equal(take(w, &p), MO_KNOWN); /* the deletion never came through */
	w->now += HOUR_MS;
	sweep(w);
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part"), 0);
}

static void a_part_that_cannot_be_is_refused(void **state)
{
	struct world *w = *state;
	enum mo_taken t;
	struct mo_part_new p = mo(w, 1, 3, 2);
	must_be(inbox_part_add(&w->tx, &p, &t), ERR_INPUT);
	p.seq = 0;
	must_be(inbox_part_add(&w->tx, &p, &t), ERR_INPUT);
	assert_int_equal(count(w, "SELECT count(*) FROM mo_part"), 0);
}

static struct err note_inbox(const struct inbox_row *r, void *arg)
{
	int64_t *ids = arg;
	assert_string_equal(r->link, "m1");
	assert_string_equal(r->intent, "hotline");
	ids[++ids[0]] = r->id;
	return ERR_NONE_VALUE;
}

static void the_inbox_counts_and_lists_messages(void **state)
{
	struct world *w = *state;
	int64_t ids[4] = { 0 };
	struct inbox_new m = { .id = store_new_id(w->st), .sim = SIM_A, .link = "m1",
	                       .intent = "hotline", .language = LANGUAGE_UNKNOWN,
	                       .state = INBOX_ANSWERED, .received_ms = w->now, .scts_ms = w->now };
	must(inbox_add(&w->tx, &m));
	const int64_t first = m.id;
	m.id = store_new_id(w->st);
	m.state = INBOX_SILENT;
	must(inbox_add(&w->tx, &m));
	must(inbox_list(&w->tx, 0, 10, note_inbox, ids));
	assert_int_equal(ids[0], 2);
	assert_true(ids[1] == m.id && ids[2] == first);
	struct status_counts c;
	must(status_read(&w->tx, &c));
	assert_int_equal(c.inbox_received, 2);
	assert_int_equal(c.inbox_answered, 1);
}

/* ---- people */
struct taken {
	int count;
	bool stops[4];
	bool first_fails;
};

static struct err take_pending(struct txn *tx, int64_t id, bool stop, struct span box, void *arg)
{
	struct taken *t = arg;
	const struct hash who = hash_of((uint64_t)id);
	assert_true(span_is(box, "a box"));
	t->stops[t->count++] = stop;
	if (t->first_fails && t->count == 1)
		return err_make(ERR_DATA, "open a box", NULL, NULL);
	return stop ? stop_add(tx, 1, &who, 0) : stop_remove(tx, 1, &who);
}

static void a_stop_that_comes_while_locked_is_kept_and_counted_at_unlock(void **state)
{
	struct world *w = *state;
	const struct hash who = hash_of(1), other = hash_of(2);
	bool has = true;
	must(stop_pending_has(&w->tx, 7, &who, &has));
	assert_false(has);
	must(stop_pend(&w->tx, 10, true, span_of("a box"), 7, &who, w->now));
	must(stop_pending_has(&w->tx, 7, &who, &has));
	assert_true(has);
	must(stop_pending_has(&w->tx, 7, &other, &has));
	assert_false(has);
	must(stop_pend(&w->tx, 11, false, span_of("a box"), 7, &who, w->now));
	must(stop_pending_has(&w->tx, 7, &who, &has));
	assert_false(has); /* the newest counts */
	struct taken t = { .first_fails = true };
	must(stop_pending_take(&w->tx, take_pending, &t));
	assert_int_equal(t.count, 2);
	assert_true(t.stops[0] && !t.stops[1]);
	t = (struct taken){ .count = 0 };
	must(stop_pending_take(&w->tx, take_pending, &t));
	assert_int_equal(t.count, 1); /* the one that failed was kept */
	const struct hash tenth = hash_of(10);
	must(stop_has(&w->tx, 1, &tenth, &has));
	assert_true(has);
	must(stop_remove(&w->tx, 1, &tenth));
	must(stop_has(&w->tx, 1, &tenth, &has));
	assert_false(has);
}

static void a_dialog_is_remembered_until_it_is_over(void **state)
{
	struct world *w = *state;
	const struct hash who = hash_of(1);
	struct buf b;
	must(session_put(&w->tx, 3, &who, span_of("first"), w->now + SESSION_MS));
	must(session_put(&w->tx, 3, &who, span_of("second"), w->now + SESSION_MS));
	must(session_get(&w->tx, 3, &who, w->now + SESSION_MS - 1, &b));
	assert_true(span_is(buf_span(&b), "second"));
	buf_free(&b);
	must(session_get(&w->tx, 3, &who, w->now + SESSION_MS, &b));
	assert_int_equal(b.n, 0);
	must(session_get(&w->tx, 4, &who, w->now, &b));
	assert_int_equal(b.n, 0);
	int64_t oldest = 0;
	must(delivery_oldest_version(&w->tx, RING_SESSION, &oldest));
	assert_int_equal(oldest, 3);
	must(session_sweep(&w->tx, w->now + SESSION_MS));
	must(delivery_oldest_version(&w->tx, RING_SESSION, &oldest));
	assert_true(oldest == INT64_MAX);
}

static void revisions_campaigns_and_the_public_key_are_kept(void **state)
{
	struct world *w = *state;
	const struct hash digest = hash_of(1), other = hash_of(2);
	int64_t id = 0, version = 0;
	bool found = false;
	enum ring ring = RING_LIVE;
	struct buf b;
	must(revision_find(&w->tx, &digest, &id, &found));
	assert_true(found && id == w->revision);
	must(revision_find(&w->tx, &other, &id, &found));
	assert_false(found);
	must(revision_get(&w->tx, w->revision, &ring, &version, &b));
	assert_true(span_is(buf_span(&b), "sealed"));
	assert_true(ring == RING_NODE && version == 1);
	buf_free(&b);
	must_be(revision_get(&w->tx, 4711, &ring, &version, &b), ERR_ABSENT);

	const struct campaign_new c = { .id = store_new_id(w->st), .revision = w->revision,
		.consent = "signed at the fair", .override = "", .now_ms = w->now,
		.request = span_of("0123456789abcdef") };
	must(campaign_add(&w->tx, &c));
	must(campaign_find(&w->tx, c.request, &id, &found));
	assert_false(found); /* until it is released */
	must(campaign_release(&w->tx, c.id));
	must(campaign_find(&w->tx, c.request, &id, &found));
	assert_true(found && id == c.id);
	must(campaign_find(&w->tx, span_of("another"), &id, &found));
	assert_false(found);
	struct delivery_new d = new_delivery(w, LANE_CAMPAIGN, 1, 1);
	d.campaign = c.id;
	must(delivery_add(&w->tx, &d, w->now));
	int64_t counts[DELIVERY_STATE_COUNT];
	must(delivery_count_campaign(&w->tx, c.id, counts));
	assert_int_equal(counts[DELIVERY_QUEUED], 1);
	assert_int_equal(counts[DELIVERY_FAILED], 0);
	d.id = store_new_id(w->st);
	d.campaign = 4711; /* which there isn't */
	must_be(delivery_add(&w->tx, &d, w->now), ERR_DATA);

	uint8_t key[PUBLIC_KEY_SIZE] = { 0 }, got[PUBLIC_KEY_SIZE];
	must(people_public_get(&w->tx, got, &found));
	assert_false(found);
	key[31] = 9;
	must(people_public_set(&w->tx, key));
	must(people_public_get(&w->tx, got, &found));
	assert_true(found);
	assert_memory_equal(key, got, sizeof key);
}

static void each_audit_entry_holds_the_one_before(void **state)
{
	struct world *w = *state;
	must(audit_add(&w->tx, 1000, "show-numbers", "outbox", 5));
	must(audit_add(&w->tx, 1000, "show-numbers", "outbox", 5));
	must(audit_add(&w->tx, 1000, "send", "", 6));
	assert_int_equal(count(w, "SELECT count(DISTINCT hash) FROM audit"), 3);
	assert_int_equal(count(w, "SELECT count(*) FROM audit WHERE length(hash)=32"), 3);
}

/* ---- counts and costs */
static void recount(struct world *w)
{
	struct status_counts c;
	must(status_read(&w->tx, &c));
	for (int s = 0; s < DELIVERY_STATE_COUNT; s++) {
		char sql[64];
		(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM delivery WHERE state=%d", s);
		assert_int_equal(c.deliveries[s], count(w, sql));
	}
	assert_int_equal(c.parts_sent, count(w, "SELECT count(*) FROM part WHERE state IN (1,3,4)"));
	assert_int_equal(c.parts_delivered, count(w, "SELECT count(*) FROM part WHERE state=3"));
	assert_int_equal(c.parts_sent, count(w, "SELECT ifnull(sum(n),0) FROM tally WHERE name IN"
	                                     " ('link.m1.sent','link.m2.sent')"));
}

/* One random thing that happens to the part in the air on a link. */
static void happen(struct world *w, const struct claim *c, const char *link, int64_t sim)
{
	unsigned n;
	bool matched;
	const struct tail_key tail = { c->ring, 7, hash_of((uint64_t)(rand() % 40) + 1000000) };
	const struct report r = { .sim = sim, .tp_mr = (uint8_t)(rand() % 8), .tails = &tail,
	                          .status = rand() % 3 == 0 ? 0x40 : 0x00, .tail_count = 1,
	                          .now_ms = w->now };
	switch (rand() % 10) {
	case 0:
		must(delivery_part_refused(&w->tx, c->id, c->seq, (enum refusal)(rand() % 3),
		                           REASON_NETWORK, rand() % 1000, w->now));
		break;
	case 1:
		must(delivery_part_in_doubt(&w->tx, c->id, c->seq, REASON_DEADLINE, w->now));
		break;
	case 2:
		must(delivery_part_not_sent(&w->tx, c->id, c->seq, w->now));
		break;
	case 3:
		must(delivery_fail(&w->tx, c->id, REASON_KEY_GONE, w->now));
		break;
	case 4:
		must(delivery_free_link(&w->tx, rand() % 2 == 0 ? link : NULL, w->now, &n));
		break;
	default:
		must(delivery_part_accepted(&w->tx, c->id, c->seq, (uint8_t)(rand() % 8), w->now));
	}
	must(delivery_report(&w->tx, &r, &matched));
	if (rand() % 8 == 0)
		must(delivery_late_reference(&w->tx, sim, 3, w->now, &matched));
}

static void counts_are_what_a_recount_says_after_any_history(void **state)
{
	struct world *w = *state;
	srand(20240301);
	for (int round = 0; round < 600; round++) {
		bool found = false, more;
		struct claim c;
		struct claimant by = rand() % 2 == 0 ? on("m1", SIM_A) : on("m2", SIM_A + 1);
		by.people_open = rand() % 4 != 0;
		by.daily_cap = rand() % 2 == 0 ? 30 : 0;
		(void)add(w, (enum lane)(rand() % LANE_COUNT), 1 + (unsigned)rand() % 3,
		          (uint64_t)(rand() % 40));
		must(delivery_next(&w->tx, &by, w->now, &c, &found));
		if (found) {
			happen(w, &c, by.link, by.sim);
			claim_wipe(&c);
		}
		w->now += rand() % 60000;
		if (rand() % 10 == 0)
			must(delivery_sweep(&w->tx, &by.sim, 1, w->now, 50, &more));
		if (round % 50 == 49)
			recount(w);
	}
	/* nothing that is over keeps a help-seeker's number */
	assert_int_equal(count(w, "SELECT count(*) FROM delivery WHERE ring=0 AND"
	                       " number_sealed IS NOT NULL AND state IN (4,5,6,7,8)"), 0);
	/* and no message has two parts of one number, or a part under another reference */
	assert_int_equal(count(w, "SELECT count(*) FROM part JOIN delivery d ON d.id=delivery"
	                       " WHERE part.concat_ref<>d.concat_ref AND part.state<>5"), 0);
}

static int64_t steps_of_a_claim(struct world *w, struct claimant by)
{
	struct claim c;
	bool found = false;
	(void)conn_steps(w->tx.conn);
	must(delivery_next(&w->tx, &by, w->now, &c, &found));
	const int64_t steps = conn_steps(w->tx.conn);
	if (found) {
		must(delivery_part_accepted(&w->tx, c.id, c.seq, 1, w->now));
		claim_wipe(&c);
	}
	return steps;
}

static void fill_queue(struct world *w, unsigned upto)
{
	assert_int_equal(sqlite3_exec(w->conn.db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	while (count(w, "SELECT n FROM tally WHERE name='delivery.queued'") < upto)
		for (int n = 0; n < 50; n++)
			(void)add(w, LANE_CAMPAIGN, 1, (uint64_t)rand());
	assert_int_equal(sqlite3_exec(w->conn.db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

static void a_claim_costs_the_same_however_many_wait(void **state)
{
	struct world *w = *state;
	struct claimant locked = on("m1", SIM_A), full = on("m2", SIM_A + 1);
	locked.people_open = false;
	full.answers_only = true;
	(void)add(w, LANE_CAMPAIGN, 1, 1);
	(void)steps_of_a_claim(w, on("m1", SIM_A)); /* statements are prepared */
	fill_queue(w, 100);
	const int64_t few = steps_of_a_claim(w, on("m1", SIM_A));
	const int64_t few_locked = steps_of_a_claim(w, locked);
	const int64_t few_full = steps_of_a_claim(w, full);
	fill_queue(w, 20000);
	const int64_t many = steps_of_a_claim(w, on("m1", SIM_A));
	const int64_t many_locked = steps_of_a_claim(w, locked);
	const int64_t many_full = steps_of_a_claim(w, full);
	print_message("VM steps of a claim: %lld with 100 waiting, %lld with 20000; locked %lld, %lld;"
	              " answers only %lld, %lld\n", (long long)few, (long long)many,
	              (long long)few_locked, (long long)many_locked, (long long)few_full,
	              (long long)many_full);
	assert_true(many * 10 <= few * 12);
	assert_true(many_locked * 10 <= few_locked * 12);
	assert_true(many_full * 10 <= few_full * 12);
}

/* Every query finds its rows by an index; the few that walk a table are the ones that say so. */
static void no_query_scans_a_table_that_grows(void **state)
{
	struct world *w = *state;
	for (int q = 0; q < Q_COUNT; q++) {
		char sql[4096];
		sqlite3_stmt *stmt = NULL;
		/* a few SIMs; and what staff ask for now and then, outside the writer */
		const bool is_small = q == Q_SIM_ALL_SEEN || q == Q_SIM_AWAY || q == Q_CONTACT_COUNT ||
		                      q == Q_CONTACT_SENT || q == Q_CONTACT_TRACES ||
		                      q == Q_CONTACT_LANGUAGES ||
		                      q == Q_OUTCOME_SUM || /* the minutes of a campaign */
		                      q == Q_WORDING_DROP; /* ends at the first who agreed to it, too */
		(void)snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", query_texts[q]);
		if (sqlite3_prepare_v2(w->conn.db, sql, -1, &stmt, NULL) != SQLITE_OK)
			continue; /* BEGIN, SAVEPOINT … */
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *plan = (const char *)sqlite3_column_text(stmt, 3);
			const bool is_walk = strstr(plan, "SCAN") != NULL &&
			                     strstr(plan, "CONSTANT ROW") == NULL &&
			                     strstr(plan, "SCAN (subquery") == NULL && /* ends at LIMIT */
			                     strstr(plan, "json_each") == NULL && /* a filter's list */
			                     strstr(plan, "SCAN w ") == NULL &&   /* the same */
			                     strstr(plan, "USING INDEX") == NULL &&
			                     strstr(plan, "USING COVERING INDEX") == NULL;
			const bool is_end = q == Q_DELIVERY_LIST || q == Q_INBOX_LIST ||
			                    q == Q_AUDIT_LAST || q == Q_NEWEST_ID ||
			                    q == Q_SESSION_OLDEST; /* by the key, with LIMIT */
			if (!is_small && !is_end && (is_walk || strstr(plan, "TEMP B-TREE") != NULL))
				fail_msg("%s: %s", query_names[q], plan);
		}
		(void)sqlite3_finalize(stmt);
	}
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(parts_in_any_order_make_one_message),
		story(a_part_read_twice_is_one_until_its_copy_is_deleted),
		story(a_part_read_before_midnight_is_known_after_it),
		story(a_reference_used_again_begins_another_message),
		story(parts_left_alone_are_forgotten_after_a_day),
		story(what_was_joined_is_known_as_long_as_it_can_be_answered),
		story(a_part_that_cannot_be_is_refused),
		story(the_inbox_counts_and_lists_messages),
		story(a_stop_that_comes_while_locked_is_kept_and_counted_at_unlock),
		story(a_dialog_is_remembered_until_it_is_over),
		story(revisions_campaigns_and_the_public_key_are_kept),
		story(each_audit_entry_holds_the_one_before),
		story(counts_are_what_a_recount_says_after_any_history),
		story(a_claim_costs_the_same_however_many_wait),
		story(no_query_scans_a_table_that_grows),
	};
	return cmocka_run_group_tests_name("store: inbox, people, SIMs, costs", stories, NULL, NULL);
}
