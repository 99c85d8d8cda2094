/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/ussd.h"

#include "store/txn.h"
#include "base/banned.h"

static bool read_row(struct rows *r, int64_t version, struct ussd_row *ret)
{
	*ret = (struct ussd_row){ .id = row_int(r, 0), .version = version,
		.expires_ms = row_int(r, 4) };
	if (!row_hash(r, 1, &ret->session) || !row_hash(r, 2, &ret->who))
		return false; /* none of ours */
	ret->has_alias = row_hash(r, 3, &ret->alias);
	row_buf(r, 5, &ret->sealed);
	return true;
}

static struct err read_rows(struct txn *tx, enum query_id q, int64_t version,
                            const struct hash *key, int64_t now_ms, struct ussd_row *ret,
                            size_t room, size_t *ret_n)
{
	size_t n = 0;
	struct rows r = query_start(tx, q, IN(v_hash(key), v_int(now_ms)));
	while (n < room && rows_next(&r))
		if (read_row(&r, version, &ret[n]))
			n++;
	struct err e = rows_end(&r);
	for (size_t i = 0; i < n && err_is(e); i++)
		buf_free(&ret[i].sealed);
	*ret_n = err_is(e) ? 0 : n;
	return e;
}

struct err ussd_row_get(struct txn *tx, int64_t version, const struct hash *session, int64_t now_ms,
                        struct ussd_row *ret, bool *ret_found)
{
	size_t n = 0;
	struct err e = read_rows(tx, Q_USSD_GET, version, session, now_ms, ret, 1, &n);
	*ret_found = n == 1;
	return e;
}

struct err ussd_rows_of_alias(struct txn *tx, int64_t version, const struct hash *alias,
                              int64_t now_ms, struct ussd_row *ret, size_t room, size_t *ret_n)
{
	return read_rows(tx, Q_USSD_OF_ALIAS, version, alias, now_ms, ret, room, ret_n);
}

struct err ussd_rows_of(struct txn *tx, int64_t version, const struct hash *who, int64_t now_ms,
                        struct ussd_row *ret, size_t room, size_t *ret_n)
{
	return read_rows(tx, Q_USSD_OF, version, who, now_ms, ret, room, ret_n);
}

struct err ussd_row_add(struct txn *tx, struct ussd_row *row)
{
	bool found = false;
	const struct span alias = span_make(row->alias.octets, row->has_alias ? HASH_SIZE : 0);
	struct err e = query_run(tx, Q_USSD_DROP_SESSION, IN(v_hash(&row->session)));
	if (!err_is(e))
		e = query_int(tx, Q_USSD_ADD, IN(v_hash(&row->session), v_hash(&row->who), v_span(alias),
		              v_int(row->expires_ms), v_span(buf_span(&row->sealed))), &row->id, &found);
	return e;
}

struct err ussd_row_keep(struct txn *tx, const struct ussd_row *row)
{
	return query_run(tx, Q_USSD_KEEP, IN(v_int(row->id), v_span(buf_span(&row->sealed))));
}

struct err ussd_row_drop(struct txn *tx, int64_t id)
{
	return query_run(tx, Q_USSD_DROP, IN(v_int(id)));
}

struct err ussd_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more)
{
	*ret_more = false;
	if (store_clock_is_behind(tx->st, now_ms))
		return ERR_NONE_VALUE;
	struct err e = query_run(tx, Q_USSD_SWEEP, IN(v_int(now_ms), v_int(limit)));
	if (!err_is(e))
		*ret_more = query_changes(tx) == (int64_t)limit;
	return e;
}
