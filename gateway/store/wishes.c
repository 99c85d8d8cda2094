/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/wishes.h"

#include "store/txn.h"
#include "base/banned.h"

#define MONTH_MS (INT64_C(30) * 86400000)

/* ---- to be rung */
struct err call_wish_add(struct txn *tx, const struct call_wish_new *w, bool *ret_known)
{
	struct err e = query_run(tx, Q_CALL_WISH_AGAIN, IN(v_int(w->live_version), v_hash(&w->live),
	                                                   v_int(w->now_ms)));
	*ret_known = !err_is(e) && query_changes(tx) > 0;
	if (err_is(e) || *ret_known)
		return e;
	return query_run(tx, Q_CALL_WISH_ADD, IN(v_int(w->id), v_int(w->live_version), v_hash(&w->live),
	                 v_span(w->box), v_text(language_tag(w->language)), v_int(w->now_ms)));
}

struct err call_wish_list(struct txn *tx, int64_t after, unsigned limit,
                          struct err (*row)(const struct call_wish *, void *), void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_CALL_WISH_LIST, IN(v_int(after), v_int(limit)));
	while (!err_is(e) && rows_next(&r)) {
		struct call_wish w = { .id = row_int(&r, 0), .times = row_int(&r, 3),
			.at_ms = row_int(&r, 4), .latest_ms = row_int(&r, 5) };
		row_buf(&r, 1, &w.box);
		row_string(&r, 2, w.language, sizeof w.language);
		e = row(&w, arg);
		buf_wipe(&w.box);
	}
	struct err ended = rows_end(&r);
	return err_is(e) ? e : ended;
}

struct err call_wish_count(struct txn *tx, int64_t *ret)
{
	bool found = false;
	*ret = 0;
	return query_int(tx, Q_CALL_WISH_COUNT, IN_NONE, ret, &found);
}

struct err call_wish_done(struct txn *tx, int64_t id, bool *ret_found)
{
	struct err e = query_run(tx, Q_CALL_WISH_DONE, IN(v_int(id)));
	*ret_found = !err_is(e) && query_changes(tx) > 0;
	return e;
}

struct err call_wish_forget(struct txn *tx, int64_t live_version, const struct hash *live)
{
	return query_run(tx, Q_CALL_WISH_FORGET, IN(v_int(live_version), v_hash(live)));
}

/* ---- words that nothing is known for */
struct err gap_has_room(struct txn *tx, bool *ret)
{
	int64_t n = 0;
	bool found = false;
	struct err e = query_int(tx, Q_GAP_COUNT, IN_NONE, &n, &found);
	*ret = n < GAP_WORDS_MAX;
	return e;
}

struct err gap_add(struct txn *tx, const char *word, enum language l, bool has_room, int64_t now_ms)
{
	return query_run(tx, has_room ? Q_GAP_ADD : Q_GAP_AGAIN,
	                 IN(v_text(word), v_text(language_tag(l)), v_int(now_ms)));
}

struct err gap_list(struct txn *tx, unsigned limit, struct err (*row)(const struct gap *, void *),
                    void *arg, int64_t *ret_few)
{
	struct err e = ERR_NONE_VALUE;
	bool found = false;
	struct rows r = query_start(tx, Q_GAP_LIST, IN(v_int(GAP_SHOWN), v_int(limit)));
	while (!err_is(e) && rows_next(&r)) {
		struct gap g = { .questions = row_int(&r, 2) };
		row_string(&r, 0, g.word, sizeof g.word);
		row_string(&r, 1, g.language, sizeof g.language);
		e = row(&g, arg);
	}
	struct err ended = rows_end(&r);
	if (!err_is(e))
		e = ended;
	*ret_few = 0;
	return err_is(e) ? e : query_int(tx, Q_GAP_FEW, IN(v_int(GAP_SHOWN)), ret_few, &found);
}

struct err wishes_sweep(struct txn *tx, int64_t now_ms)
{
	if (store_clock_is_behind(tx->st, now_ms))
		return ERR_NONE_VALUE;
	struct err e = query_run(tx, Q_CALL_WISH_SWEEP, IN(v_int(now_ms - CALL_WISH_MS)));
	return err_is(e) ? e : query_run(tx, Q_GAP_SWEEP, IN(v_int(now_ms - MONTH_MS),
	                                                     v_int(GAP_SHOWN)));
}
