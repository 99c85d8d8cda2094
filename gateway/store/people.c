/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STOP, the memory of a dialog, how often it answered, revisions, the audit log. */
#include "store/people.h"

#include <sodium.h>

#include "store/txn.h"
#include "base/banned.h"

/* ---- STOP */
struct err stop_add(struct txn *tx, int64_t people_version, const struct hash *number,
                    int64_t now_ms)
{
	return query_run(tx, Q_STOP_ADD, IN(v_int(people_version), v_hash(number), v_int(now_ms)));
}

struct err stop_remove(struct txn *tx, int64_t people_version, const struct hash *number)
{
	return query_run(tx, Q_STOP_REMOVE, IN(v_int(people_version), v_hash(number)));
}

struct err stop_has(struct txn *tx, int64_t people_version, const struct hash *number, bool *ret)
{
	int64_t one;
	return query_int(tx, Q_STOP_HAS, IN(v_int(people_version), v_hash(number)), &one, ret);
}

struct err stop_pend(struct txn *tx, int64_t id, bool stop, struct span box, int64_t live_version,
                     const struct hash *live, int64_t now_ms)
{
	return query_run(tx, Q_STOP_PEND, IN(v_int(id), v_int(stop), v_span(box),
	                 v_int(live_version), v_hash(live), v_int(now_ms)));
}

struct err stop_pending_has(struct txn *tx, int64_t live_version, const struct hash *live,
                            bool *ret)
{
	int64_t stop = 0;
	bool found = false;
	struct err e = query_int(tx, Q_STOP_PENDING_HAS, IN(v_int(live_version), v_hash(live)),
	                         &stop, &found);
	if (!err_is(e))
		*ret = found && stop != 0;
	return e;
}

struct err stop_pending_take(struct txn *tx,
                             struct err (*row)(struct txn *, int64_t id, bool stop, struct span box,
                                               void *), void *arg)
{
	int64_t id = INT64_MIN;
	for (;;) {
		bool stop = false;
		struct buf box = { .p = NULL };
		/* The statement is ended before `row`, which may use the store itself. */
		struct rows r = query_start(tx, Q_STOP_PENDING_NEXT, IN(v_int(id)));
		const bool found = rows_next(&r);
		if (found) {
			id = row_int(&r, 0);
			stop = row_int(&r, 1) != 0;
			row_buf(&r, 2, &box);
		}
		struct err e = rows_end(&r);
		if (!err_is(e) && found && !err_is(row(tx, id, stop, buf_span(&box), arg)))
			e = query_run(tx, Q_STOP_PENDING_DROP, IN(v_int(id)));
		buf_wipe(&box);
		if (err_is(e) || !found)
			return e;
	}
}

struct err people_public_get(struct txn *tx, uint8_t ret[PUBLIC_KEY_SIZE], bool *ret_found)
{
	bool found = false;
	struct rows r = query_start(tx, Q_META_GET, IN(v_text("people_public")));
	if (rows_next(&r)) {
		const struct span key = row_span(&r, 0);
		found = key.n == PUBLIC_KEY_SIZE;
		if (found)
			memcpy(ret, key.p, key.n);
	}
	struct err e = rows_end(&r);
	if (!err_is(e))
		*ret_found = found;
	return e;
}

struct err people_public_set(struct txn *tx, const uint8_t key[PUBLIC_KEY_SIZE])
{
	uint8_t known[PUBLIC_KEY_SIZE];
	bool found = false;
	struct err e = people_public_get(tx, known, &found);
	if (err_is(e))
		return e;
	if (found && memcmp(known, key, sizeof known) != 0)
		return err_make(ERR_REFUSED, "use these people keys",
		                "bring back those that the store was written with: under others STOP would "
		                "be forgotten", NULL);
	if (found)
		return ERR_NONE_VALUE;
	return query_run(tx, Q_META_SET, IN(v_text("people_public"),
	                                    v_span(span_make(key, PUBLIC_KEY_SIZE))));
}

/* ---- sessions */
struct err session_put(struct txn *tx, int64_t version, const struct hash *who, struct span sealed,
                       int64_t expires_ms)
{
	return query_run(tx, Q_SESSION_PUT, IN(v_int(version), v_hash(who), v_span(sealed),
	                                       v_int(expires_ms)));
}

struct err session_get(struct txn *tx, int64_t version, const struct hash *who, int64_t now_ms,
                       struct buf *ret)
{
	buf_init(ret, 0);
	struct rows r = query_start(tx, Q_SESSION_GET, IN(v_int(version), v_hash(who),
	                                                  v_int(now_ms)));
	if (rows_next(&r))
		row_buf(&r, 0, ret);
	return rows_end(&r);
}

struct err session_drop(struct txn *tx, int64_t version, const struct hash *who)
{
	return query_run(tx, Q_SESSION_DROP, IN(v_int(version), v_hash(who)));
}

struct err session_sweep(struct txn *tx, int64_t now_ms)
{
	if (store_clock_is_behind(tx->st, now_ms))
		return ERR_NONE_VALUE;
	return query_run(tx, Q_SESSION_SWEEP, IN(v_int(now_ms)));
}

/* ---- how often a number was answered */
struct err guard_get(struct txn *tx, enum ring ring, int64_t version, const struct hash *who,
                     int64_t now_ms, struct guard *ret, bool *ret_found)
{
	struct rows r = query_start(tx, Q_GUARD_GET, IN(v_int(ring), v_int(version), v_hash(who),
	                                                v_int(now_ms)));
	*ret_found = rows_next(&r);
	if (*ret_found)
		*ret = (struct guard){ .started_ms = row_int(&r, 0), .count = row_int(&r, 1),
			.latest_ms = row_int(&r, 2) };
	return rows_end(&r);
}

struct err guard_put(struct txn *tx, enum ring ring, int64_t version, const struct hash *who,
                     const struct guard *g, int64_t expires_ms)
{
	return query_run(tx, Q_GUARD_PUT, IN(v_int(ring), v_int(version), v_hash(who),
	                 v_int(g->started_ms), v_int(g->count), v_int(g->latest_ms),
	                 v_int(expires_ms)));
}

struct err guard_sweep(struct txn *tx, int64_t now_ms)
{
	if (store_clock_is_behind(tx->st, now_ms))
		return ERR_NONE_VALUE;
	return query_run(tx, Q_GUARD_SWEEP, IN(v_int(now_ms)));
}

/* ---- revisions */
struct err revision_find(struct txn *tx, const struct hash *digest, int64_t *ret_id,
                         bool *ret_found)
{
	return query_int(tx, Q_REVISION_FIND, IN(v_hash(digest)), ret_id, ret_found);
}

struct err revision_add(struct txn *tx, int64_t id, const struct hash *digest, enum ring ring,
                        int64_t version, struct span sealed, int64_t now_ms)
{
	return query_run(tx, Q_REVISION_ADD, IN(v_int(id), v_hash(digest), v_int(ring),
	                 v_int(version), v_span(sealed), v_int(now_ms)));
}

struct err revision_get(struct txn *tx, int64_t id, enum ring *ret_ring, int64_t *ret_version,
                        struct buf *ret)
{
	buf_init(ret, 0);
	struct rows r = query_start(tx, Q_REVISION_GET, IN(v_int(id)));
	const bool found = rows_next(&r);
	if (found) {
		*ret_ring = (enum ring)row_int(&r, 0);
		*ret_version = row_int(&r, 1);
		row_buf(&r, 2, ret);
	}
	struct err e = rows_end(&r);
	if (!err_is(e) && !found)
		e = err_make(ERR_ABSENT, "find content revision", NULL, "%lld", (long long)id);
	if (err_is(e))
		buf_free(ret);
	return e;
}

/* ---- the audit log */
#define CHAIN_SIZE 32

static void chain_number(crypto_generichash_state *h, int64_t v)
{
	uint8_t octets[NUMBER_OCTETS];
	number_put(octets, v);
	(void)crypto_generichash_update(h, octets, sizeof octets);
}

/* Its length goes first, so that no two entries have the same octets. */
static void chain_text(crypto_generichash_state *h, const char *t)
{
	const size_t n = strlen(t);
	chain_number(h, (int64_t)n);
	(void)crypto_generichash_update(h, (const uint8_t *)t, n);
}

struct err audit_add(struct txn *tx, int64_t uid, const char *what, const char *detail,
                     int64_t now_ms)
{
	uint8_t chain[CHAIN_SIZE] = { 0 }; /* before the first entry */
	int64_t id = 0;
	struct rows r = query_start(tx, Q_AUDIT_LAST, IN_NONE);
	if (rows_next(&r)) {
		const struct span hash = row_span(&r, 1);
		id = row_int(&r, 0);
		if (hash.n == sizeof chain)
			memcpy(chain, hash.p, hash.n);
	}
	struct err e = rows_end(&r);
	if (err_is(e))
		return e;
	id++;
	crypto_generichash_state h; /* unkeyed BLAKE2b: its calls can't fail with these sizes */
	(void)crypto_generichash_init(&h, NULL, 0, sizeof chain);
	(void)crypto_generichash_update(&h, chain, sizeof chain);
	chain_number(&h, id);
	chain_number(&h, now_ms);
	chain_number(&h, uid);
	chain_text(&h, what);
	chain_text(&h, detail);
	(void)crypto_generichash_final(&h, chain, sizeof chain);
	return query_run(tx, Q_AUDIT_ADD, IN(v_int(id), v_int(now_ms), v_int(uid), v_text(what),
	                 v_text(detail), v_span(span_make(chain, sizeof chain))));
}
