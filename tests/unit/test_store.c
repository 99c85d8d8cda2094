/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer and its readers: what is answered is on the disk, what fails changes nothing. */
#include "store_world.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "store/people.h"
#include "base/banned.h"

/* ---- helpers */
struct job {
	struct change change; /* first */
	const char *name;
	int64_t by;
	bool fails;
	struct err result;
	_Atomic bool is_done;
	struct loop *stops;
};

static struct err run_job(struct txn *tx, struct change *c)
{
	struct job *j = (struct job *)c;
	struct err e = tally_add(tx, j->name, j->by);
	return !err_is(e) && j->fails ? err_make(ERR_REFUSED, "do the job", NULL, NULL) : e;
}

static void job_done(struct change *c, struct err e)
{
	struct job *j = (struct job *)c;
	j->result = e;
	atomic_store(&j->is_done, true);
	if (j->stops != NULL)
		loop_stop(j->stops);
}

static struct job job(const char *name)
{
	return (struct job){ .change = { .run = run_job, .done = job_done }, .name = name, .by = 1 };
}

static struct err no_change(struct txn *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return ERR_NONE_VALUE;
}

/* Waits until all that was submitted before is answered. */
static void drain(struct world *w)
{
	must(store_write(w->st, no_change, NULL));
}

static struct err add_one(struct txn *tx, void *arg)
{
	(void)arg;
	return tally_add(tx, "threads", 1);
}

static struct err read_tally(struct txn *tx, void *arg)
{
	struct job *j = arg;
	return tally_get(tx, j->name, &j->by);
}

static int64_t tally(struct world *w, const char *name)
{
	struct job j = job(name);
	must(store_read(w->st, read_tally, &j));
	return j.by;
}

static struct err sql_on_writer(struct txn *tx, void *arg)
{
	assert_int_equal(sqlite3_exec(tx->conn->db, arg, NULL, NULL, NULL), SQLITE_OK);
	return ERR_NONE_VALUE;
}

/* A change that keeps the writer busy until it is let go, so that others wait as one group. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic bool is_at_gate;

static struct err wait_at_gate(struct txn *tx, struct change *c)
{
	(void)tx;
	(void)c;
	atomic_store(&is_at_gate, true);
	(void)pthread_mutex_lock(&gate);
	(void)pthread_mutex_unlock(&gate);
	return ERR_NONE_VALUE;
}

/* ---- files */
static void the_database_is_private_and_in_wal_mode(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	struct world *w = *state;
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		char path[128];
		struct stat st;
		(void)snprintf(path, sizeof path, "%s%s", w->path, tails[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	assert_int_equal(count(w, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode='wal'"),
	                 1);
	assert_int_equal(count(w, "PRAGMA foreign_keys"), 1);
	assert_int_equal(count(w, "PRAGMA secure_delete"), 1);
	struct conn fresh;
	must(conn_open(w->path, false, &fresh));
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(fresh.db, "PRAGMA synchronous", -1, &stmt, NULL), 0);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(stmt, 0), 2); /* FULL */
	(void)sqlite3_finalize(stmt);
	conn_close(&fresh);
}

static void a_schema_of_a_newer_program_is_refused_and_left_alone(void **state)
{
	struct world *w = *state;
	struct store *st = NULL;
	must(store_write(w->st, sql_on_writer, (void *)(uintptr_t)"PRAGMA user_version=99"));
	must_be(store_open(w->url, 0, &st), ERR_DATA);
	assert_null(st);
	assert_int_equal(count(w, "PRAGMA user_version"), 99);
}

static void a_wrong_url_or_node_is_a_fault_of_the_configuration(void **state)
{
	struct world *w = *state;
	struct store *st = NULL;
	must_be(store_open("postgresql:safar", 0, &st), ERR_CONFIG);
	must_be(store_open("sqlite:", 0, &st), ERR_CONFIG);
	must_be(store_open(w->url, 256, &st), ERR_CONFIG);
	must_be(store_open("sqlite:/nowhere/at/all.db", 0, &st), ERR_IO);
}

static void what_is_no_database_is_told_and_not_overwritten(void **state)
{
	struct world *w = *state;
	char path[96], url[112];
	(void)snprintf(path, sizeof path, "%s/letter.txt", w->folder);
	(void)snprintf(url, sizeof url, "sqlite:%s", path);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	for (int n = 0; n < 200; n++)
		assert_true(fputs("this is a letter and no database\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	struct store *st = NULL;
	must_be(store_open(url, 0, &st), ERR_DATA);
	struct stat s;
	assert_int_equal(stat(path, &s), 0);
	assert_int_equal(s.st_size, 200 * 33);
	assert_int_equal(remove(path), 0);
}

/* ---- changes */
static void a_change_that_fails_is_undone_alone(void **state)
{
	struct world *w = *state;
	struct job hold = job("x"), a = job("a"), bad = job("b"), c = job("c");
	hold.change.run = wait_at_gate;
	bad.fails = true;
	(void)pthread_mutex_lock(&gate);
	must(store_submit(w->st, &hold.change));
	must(store_submit(w->st, &a.change));
	must(store_submit(w->st, &bad.change));
	must(store_submit(w->st, &c.change));
	assert_false(atomic_load(&a.is_done));
	(void)pthread_mutex_unlock(&gate);
	drain(w);
	must(a.result);
	must_be(bad.result, ERR_REFUSED);
	must(c.result);
	assert_int_equal(tally(w, "a"), 1);
	assert_int_equal(tally(w, "b"), 0);
	assert_int_equal(tally(w, "c"), 1);
}

static _Atomic bool commits_fail;

static int judge_commit(void *arg)
{
	(void)arg;
	return atomic_load(&commits_fail);
}

static struct err hook_commits(struct txn *tx, void *arg)
{
	(void)sqlite3_commit_hook(tx->conn->db, judge_commit, arg);
	return ERR_NONE_VALUE;
}

static void when_a_commit_fails_nobody_is_told_that_it_was_written(void **state)
{
	struct world *w = *state;
	struct job hold = job("x"), a = job("a"), b = job("b");
	hold.change.run = wait_at_gate;
	must(store_write(w->st, hook_commits, NULL));
	(void)pthread_mutex_lock(&gate);
	must(store_submit(w->st, &hold.change));
	must(store_submit(w->st, &a.change));
	must(store_submit(w->st, &b.change));
	atomic_store(&commits_fail, true);
	(void)pthread_mutex_unlock(&gate);
	const struct err e = store_write(w->st, no_change, NULL);
	atomic_store(&commits_fail, false);
	drain(w);
	assert_true(err_is(e));
	assert_true(err_is(a.result));
	assert_true(err_is(b.result));
	assert_int_equal(tally(w, "a"), 0);
	assert_int_equal(tally(w, "b"), 0);
	must(store_write(w->st, add_one, NULL));
	assert_int_equal(tally(w, "threads"), 1);
}

static struct err fill(struct txn *tx, void *arg)
{
	char what[4001];
	(void)arg;
	memset(what, 'x', sizeof what - 1);
	what[sizeof what - 1] = '\0';
	struct err e = ERR_NONE_VALUE;
	for (int n = 0; n < 20 && !err_is(e); n++)
		e = audit_add(tx, 0, "fill", what, 0);
	return e;
}

static void a_full_disk_is_told_loses_nothing_and_passes(void **state)
{
	struct world *w = *state;
	char limit[64];
	must(store_write(w->st, fill, NULL));
	const int64_t kept = count(w, "SELECT count(*) FROM audit");
	(void)snprintf(limit, sizeof limit, "PRAGMA max_page_count=%lld",
	               (long long)count(w, "PRAGMA page_count") + 5);
	must(store_write(w->st, sql_on_writer, limit));
	must_be(store_write(w->st, fill, NULL), ERR_FULL);
	assert_int_equal(count(w, "SELECT count(*) FROM audit"), kept);
	must_be(store_write(w->st, fill, NULL), ERR_FULL);
	drain(w); /* what needs no room still goes */
	(void)snprintf(limit, sizeof limit, "PRAGMA max_page_count=1000000");
	must(store_write(w->st, sql_on_writer, limit));
	must(store_write(w->st, fill, NULL));
	assert_int_equal(count(w, "SELECT count(*) FROM audit"), kept + 20);
	assert_int_equal(count(w, "SELECT count(*) FROM pragma_integrity_check"
	                       " WHERE integrity_check='ok'"), 1);
}

static void an_answer_with_a_loop_comes_in_its_thread_after_the_commit(void **state)
{
	struct world *w = *state;
	struct loop *l = NULL;
	must(loop_new(&l));
	struct job j = job("loop");
	j.change.loop = l;
	j.stops = l;
	must(store_submit(w->st, &j.change));
	drain(w);
	assert_false(atomic_load(&j.is_done)); /* committed, but the loop hasn't turned */
	must(loop_run(l));
	assert_true(atomic_load(&j.is_done));
	must(j.result);
	assert_int_equal(tally(w, "loop"), 1);
	loop_free(l);
}

static void past_the_limit_of_waiting_changes_the_store_is_busy(void **state)
{
	struct world *w = *state;
	struct job hold = job("x"), last = job("many");
	struct job *jobs = calloc(CHANGES_MAX, sizeof *jobs);
	assert_non_null(jobs);
	hold.change.run = wait_at_gate;
	atomic_store(&is_at_gate, false);
	(void)pthread_mutex_lock(&gate);
	must(store_submit(w->st, &hold.change));
	while (!atomic_load(&is_at_gate))
		(void)sched_yield(); /* it is a group by itself */
	struct err e = ERR_NONE_VALUE;
	for (unsigned n = 0; n < CHANGES_MAX && !err_is(e); n++) {
		jobs[n] = job("many");
		e = store_submit(w->st, &jobs[n].change);
	}
	const struct err past = store_submit(w->st, &last.change);
	(void)pthread_mutex_unlock(&gate);
	must(e);
	must_be(past, ERR_BUSY);
	while (err_is(store_write(w->st, no_change, NULL)))
		(void)sched_yield(); /* busy until there is room again */
	assert_int_equal(tally(w, "many"), CHANGES_MAX);
	free(jobs);
}

/* ---- threads */
#define THREADS 4
#define EACH 200

struct worker {
	pthread_t thread;
	struct world *w;
	int64_t ids[EACH];
};

static void *work(void *arg)
{
	struct worker *k = arg;
	for (int n = 0; n < EACH; n++) {
		struct job j = job("threads");
		k->ids[n] = store_new_id(k->w->st);
		if (err_is(store_write(k->w->st, add_one, NULL)) ||
		    err_is(store_read(k->w->st, read_tally, &j)) || j.by <= n ||
		    store_clock_is_behind(k->w->st, clock_now_ms()))
			return k;
	}
	return NULL;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void threads_write_and_read_side_by_side(void **state)
{
	struct world *w = *state;
	struct worker workers[THREADS];
	int64_t all[THREADS * EACH];
	for (int n = 0; n < THREADS; n++) {
		workers[n].w = w;
		assert_int_equal(pthread_create(&workers[n].thread, NULL, work, &workers[n]), 0);
	}
	for (int n = 0; n < THREADS; n++) {
		void *failed = NULL;
		assert_int_equal(pthread_join(workers[n].thread, &failed), 0);
		assert_null(failed);
		memcpy(all + n * EACH, workers[n].ids, sizeof workers[n].ids);
		for (int i = 1; i < EACH; i++)
			assert_true(workers[n].ids[i] > workers[n].ids[i - 1]);
	}
	qsort(all, THREADS * EACH, sizeof all[0], compare_ids);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_true(all[i] != all[i - 1]);
	assert_int_equal(tally(w, "threads"), THREADS * EACH);
}

/* ---- ids and time */
static void ids_go_on_after_a_clock_that_went_back(void **state)
{
	struct world *w = *state;
	const int64_t last = add(w, LANE_CAMPAIGN, 1, 1);
	store_close(w->st);
	clock_shift(-3600000);
	must(store_open(w->url, 5, &w->st));
	w->tx.st = w->st;
	const int64_t next = store_new_id(w->st);
	clock_shift(3600000);
	assert_true(next > last);
	assert_int_equal(next >> 14 & 0xff, 5); /* the node's number */
	assert_true(last >> 63 == 0);
}

static void an_id_is_its_time_its_node_and_a_sequence(void **state)
{
	struct world *w = *state;
	const int64_t before = clock_now_ms();
	const int64_t id = store_new_id(w->st);
	const int64_t ms = (id >> 22) + INT64_C(1704067200000);
	assert_in_range(ms - before, 0, 60000);
	assert_int_equal(id >> 14 & 0xff, 3);
	int64_t last = id;
	for (int n = 0; n < 40000; n++) { /* more than a ms has */
		const int64_t next = store_new_id(w->st);
		assert_true(next > last);
		last = next;
	}
}

static void a_clock_behind_what_was_committed_is_known_over_a_restart(void **state)
{
	struct world *w = *state;
	drain(w);
	const int64_t now = clock_now_ms();
	assert_false(store_clock_is_behind(w->st, now));
	store_close(w->st);
	must(store_open(w->url, 3, &w->st));
	assert_in_range(store_newest_ms(w->st), now - 60000, now);
	assert_true(store_clock_is_behind(w->st, now - 120000));
	/* and then nothing expires */
	const int64_t id = add(w, LANE_CAMPAIGN, 1, 1);
	w->tx.st = w->st;
	bool more = true;
	char sql[96];
	(void)snprintf(sql, sizeof sql, "UPDATE delivery SET expires=%lld",
	               (long long)(now - 240000));
	assert_int_equal(sqlite3_exec(w->conn.db, sql, NULL, NULL, NULL), SQLITE_OK);
	must(delivery_sweep(&w->tx, NULL, 0, now - 120000, 10, &more));
	state_is(w, id, DELIVERY_QUEUED);
}

#define story(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(the_database_is_private_and_in_wal_mode),
		story(a_schema_of_a_newer_program_is_refused_and_left_alone),
		story(a_wrong_url_or_node_is_a_fault_of_the_configuration),
		story(what_is_no_database_is_told_and_not_overwritten),
		story(a_change_that_fails_is_undone_alone),
		story(when_a_commit_fails_nobody_is_told_that_it_was_written),
		story(a_full_disk_is_told_loses_nothing_and_passes),
		story(an_answer_with_a_loop_comes_in_its_thread_after_the_commit),
		story(past_the_limit_of_waiting_changes_the_store_is_busy),
		story(threads_write_and_read_side_by_side),
		story(ids_go_on_after_a_clock_that_went_back),
		story(an_id_is_its_time_its_node_and_a_sequence),
		story(a_clock_behind_what_was_committed_is_known_over_a_restart),
	};
	return cmocka_run_group_tests_name("store: writer and readers", stories, NULL, NULL);
}
