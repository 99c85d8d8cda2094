/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/gate.h"
#include "store/people.h"
#include "base/banned.h"

void must(struct err e)
{
	char text[256];
	if (err_is(e))
		fail_msg("%s (%s)", err_text(&e, text, sizeof text), err_word(e.code));
}

void must_be(struct err e, enum err_code code)
{
	assert_string_equal(err_word(e.code), err_word(code));
}

struct hash hash_of(uint64_t seed)
{
	struct hash h = { { 0 } };
	memcpy(h.octets, &seed, sizeof seed);
	return h;
}

int world_open(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-store-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(w->path, sizeof w->path, "%s/safar.db", w->folder);
	(void)snprintf(w->url, sizeof w->url, "sqlite:%s", w->path);
	must(store_open(w->url, 3, &w->st));
	must(conn_open(w->path, false, &w->conn));
	assert_int_equal(sqlite3_exec(w->conn.db, "PRAGMA synchronous=OFF", NULL, NULL, NULL), 0);
	w->tx = (struct txn){ .st = w->st, .conn = &w->conn };
	w->now = clock_now_ms();
	w->revision = store_new_id(w->st);
	const struct hash digest = hash_of(1);
	must(revision_add(&w->tx, w->revision, &digest, RING_NODE, 1, span_of("sealed"), w->now));
	(void)alarm(120); /* a story that waits for ever is one that failed */
	*state = w;
	return 0;
}

int world_close(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	struct world *w = *state;
	conn_close(&w->conn);
	store_close(w->st);
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		char path[128];
		(void)snprintf(path, sizeof path, "%s%s", w->path, tails[i]);
		(void)unlink(path); /* -wal and -shm go with the last connection */
	}
	int rc = rmdir(w->folder);
	free(w);
	return rc;
}

static sqlite3_stmt *first_row(struct world *w, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(w->conn.db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	return stmt;
}

int64_t count(struct world *w, const char *sql)
{
	sqlite3_stmt *stmt = first_row(w, sql);
	const int64_t n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return n;
}

bool is_null(struct world *w, const char *sql)
{
	sqlite3_stmt *stmt = first_row(w, sql);
	const bool null = sqlite3_column_type(stmt, 0) == SQLITE_NULL;
	(void)sqlite3_finalize(stmt);
	return null;
}

struct delivery_new new_delivery(struct world *w, enum lane lane, unsigned parts, uint64_t who)
{
	const bool is_contact = lane == LANE_CAMPAIGN || lane == LANE_TEST;
	return (struct delivery_new){
		.id = store_new_id(w->st), .lane = lane, .ring = is_contact ? RING_PEOPLE : RING_LIVE,
		.key_version = 7, .number_sealed = span_of("sealed number"), .number = hash_of(who),
		.tail = hash_of(who + 1000000), .revision = w->revision, .content_key = "text",
		.args_sealed = span_of("sealed arguments"), .language = LANGUAGE_KK,
		.not_before_ms = w->now, .expires_ms = w->now + 3600000, .parts = parts,
	};
}

int64_t add(struct world *w, enum lane lane, unsigned parts, uint64_t who)
{
	const struct delivery_new d = new_delivery(w, lane, parts, who);
	must(delivery_add(&w->tx, &d, w->now));
	return d.id;
}

struct claimant on(const char *link, int64_t sim)
{
	return (struct claimant){ .link = link, .sim = sim, .people_open = true };
}

void next_is(struct world *w, struct claimant by, int64_t id, unsigned seq)
{
	struct claim c;
	bool found = false;
	must(delivery_next(&w->tx, &by, w->now, &c, &found));
	assert_true(found);
	assert_int_equal(c.id, id);
	assert_int_equal(c.seq, seq);
	claim_wipe(&c);
}

void next_is_none(struct world *w, struct claimant by)
{
	struct claim c;
	bool found = true;
	must(delivery_next(&w->tx, &by, w->now, &c, &found));
	assert_false(found);
}

void state_is(struct world *w, int64_t id, enum delivery_state s)
{
	char sql[96];
	(void)snprintf(sql, sizeof sql, "SELECT state FROM delivery WHERE id=%lld", (long long)id);
	assert_string_equal(delivery_word((enum delivery_state)count(w, sql)), delivery_word(s));
}

void accept(struct world *w, int64_t id, unsigned seq, uint8_t tp_mr)
{
	must(delivery_part_accepted(&w->tx, id, seq, tp_mr, w->now));
}

unsigned free_link(struct world *w, const char *link)
{
	unsigned doubtful = 0;
	must(delivery_free_link(&w->tx, link, w->now, &doubtful));
	return doubtful;
}

bool report(struct world *w, int64_t sim, uint8_t tp_mr, uint8_t status, enum ring ring,
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

void sweep_all(struct world *w, const int64_t *sims, size_t n)
{
	bool more = true;
	while (more)
		must(delivery_sweep(&w->tx, sims, n, w->now, 100, &more));
}

int64_t field(struct world *w, const char *name, int64_t id)
{
	char sql[128];
	(void)snprintf(sql, sizeof sql, "SELECT %s FROM delivery WHERE id=%lld", name,
	               (long long)id);
	return count(w, sql);
}

bool is_cleared(struct world *w, int64_t id)
{
	char sql[200];
	(void)snprintf(sql, sizeof sql, "SELECT coalesce(number_sealed,number,tail,args_sealed)"
	               " FROM delivery WHERE id=%lld", (long long)id);
	return is_null(w, sql);
}
