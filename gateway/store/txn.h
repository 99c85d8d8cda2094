/* SPDX-License-Identifier: GPL-3.0-or-later */
/* txn.h - connections and statements.  Private to the room (and to its tests).
 * Ownership: a struct rows holds its statement from query_start() to rows_end(); spans out of a row
 *            live until the next rows_next() or rows_end().
 * Errors:    stick in the rows and come out of rows_end(); `whom` is the query's name.
 * Threads:   a connection is used by one thread at a time. */
#ifndef SAFAR_STORE_TXN_H
#define SAFAR_STORE_TXN_H

#include <sqlite3.h>
#include <string.h>

#include "base/buf.h"
#include "store/queries.h"
#include "store/store.h"
#include "vault/vault.h"

struct conn {
	sqlite3 *db;
	sqlite3_stmt *statements[Q_COUNT]; /* prepared at first use */
};

struct txn {
	struct store *st;
	struct conn *conn;
};

struct err conn_open(const char *path, bool is_reader, struct conn *ret);
void conn_close(struct conn *c);
struct err conn_migrate(struct conn *c);

/* ---- values to bind, in the order of ?1, ?2 … */
struct value {
	enum { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB } type;
	int64_t i;
	const void *p;
	size_t n;
};

static inline struct value v_int(int64_t i) { return (struct value){ VALUE_INT, i, NULL, 0 }; }

/* 0 stands for "none" in the structs, NULL in the tables. */
static inline struct value v_id(int64_t id)
{
	return id != 0 ? v_int(id) : (struct value){ VALUE_NULL, 0, NULL, 0 };
}

static inline struct value v_text(const char *t)
{
	return (struct value){ VALUE_TEXT, 0, t != NULL ? t : "", t != NULL ? strlen(t) : 0 };
}

static inline struct value v_span(struct span s) /* empty: NULL */
{
	return (struct value){ s.n > 0 ? VALUE_BLOB : VALUE_NULL, 0, s.p, s.n };
}

static inline struct value v_hash(const struct hash *h)
{
	return (struct value){ VALUE_BLOB, 0, h->octets, sizeof h->octets };
}

#define IN(...) (const struct value[]){ __VA_ARGS__ }, \
	sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value)
#define IN_NONE NULL, 0

/* ---- statements */
struct rows {
	struct txn *tx;
	enum query_id q;
	sqlite3_stmt *stmt;
	struct err err;
};
struct rows query_start(struct txn *tx, enum query_id q, const struct value *in, size_t n);
bool rows_next(struct rows *r);
struct err rows_end(struct rows *r);
int64_t row_int(struct rows *r, int column);
struct span row_span(struct rows *r, int column);
bool row_hash(struct rows *r, int column, struct hash *ret);          /* false: not a hash */
void row_string(struct rows *r, int column, char *ret, size_t room);  /* ERR_DATA: too long */
void row_buf(struct rows *r, int column, struct buf *ret);            /* overwritten; a copy */

/* Runs it to its end, no rows wanted. */
struct err query_run(struct txn *tx, enum query_id q, const struct value *in, size_t n);
/* The first column of the first row; without a row *ret stays and *ret_found is false. */
struct err query_int(struct txn *tx, enum query_id q, const struct value *in, size_t n,
                     int64_t *ret, bool *ret_found);
int64_t query_changes(struct txn *tx); /* rows that the last query_run() changed */

/* Adds to a count of the table tally. */
struct err tally_add(struct txn *tx, const char *name, int64_t by);
struct err tally_link(struct txn *tx, const char *link, const char *what, int64_t by);

/* Steps of SQLite's machine that the connection's statements took since the last call. */
int64_t conn_steps(struct conn *c);

#endif
