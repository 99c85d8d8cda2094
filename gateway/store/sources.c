/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sources.h"

#include "store/txn.h"
#include "base/banned.h"

struct err source_has(struct txn *tx, const char *word, bool *ret)
{
	int64_t one = 0;
	return query_int(tx, Q_SOURCE_HAS, IN(v_text(word)), &one, ret);
}

struct err source_any(struct txn *tx, bool *ret)
{
	int64_t one = 0;
	return query_int(tx, Q_SOURCE_ANY, IN_NONE, &one, ret);
}

struct err source_find(struct txn *tx, const char *drive, const char *kind,
                       char ret[SOURCE_WORD_LIMIT])
{
	ret[0] = '\0';
	struct rows r = query_start(tx, Q_SOURCE_FIND, IN(v_text(drive), v_text(kind)));
	if (rows_next(&r))
		row_string(&r, 0, ret, SOURCE_WORD_LIMIT);
	return rows_end(&r);
}

struct err source_add(struct txn *tx, const char *word, const char *drive, const char *kind,
                      int64_t now_ms)
{
	return query_run(tx, Q_SOURCE_ADD, IN(v_text(word), v_text(drive), v_text(kind),
	                                      v_int(now_ms)));
}

struct err source_count(struct txn *tx, const char *word, int64_t day)
{
	return query_run(tx, Q_SOURCE_COUNT, IN(v_text(word), v_int(day)));
}

struct err source_list(struct txn *tx, struct err (*row)(const struct source *, void *), void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_SOURCE_LIST, IN_NONE);
	while (!err_is(e) && rows_next(&r)) {
		struct source s = { .day = row_int(&r, 3), .questions = row_int(&r, 4) };
		row_string(&r, 0, s.drive, sizeof s.drive);
		row_string(&r, 1, s.kind, sizeof s.kind);
		row_string(&r, 2, s.word, sizeof s.word);
		e = row(&s, arg);
	}
	struct err ended = rows_end(&r);
	return err_is(e) ? e : ended;
}
