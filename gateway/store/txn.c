/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections and statements: the one place that calls SQLite. Its own messages are not passed on:
 * a constraint's message may quote what was bound. */
#include "store/txn.h"

#include <errno.h>
#include <stdio.h>

#include "base/banned.h"

#define BUSY_MS 10000 /* only a copy of the file by hand can hold the lock */

static struct err conn_err(struct conn *c, int rc, const char *doing, const char *whom)
{
	int os = 0;
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return err_make(ERR_FULL, doing, "make room on the disk", "%s", whom);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		os = c->db != NULL ? sqlite3_system_errno(c->db) : 0;
		if (os != 0)
			return err_os(os, doing, NULL, "%s", whom);
		return err_make(ERR_IO, doing, NULL, "%s", whom);
	case SQLITE_NOMEM:
		return err_make(ERR_MEMORY, doing, NULL, "%s", whom);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_make(ERR_BUSY, doing, "see what else holds the database open", "%s", whom);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_make(ERR_DATA, doing, "restore the last backup", "%s", whom);
	default:
		return err_make(ERR_DATA, doing, NULL, "%s (SQLite %d)", whom, rc);
	}
}

struct err conn_open(const char *path, bool is_reader, struct conn *ret)
{
	struct conn c = { .db = NULL };
	struct err e = ERR_NONE_VALUE;
	int rc = sqlite3_open_v2(path, &c.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
	                         SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(c.db, BUSY_MS);
	/* Else a statement is compiled anew for each value that might choose another partial index:
	 * half of the writer's time. A plan is to follow from the statement alone. */
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(c.db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(c.db, connection_settings, NULL, NULL, NULL);
	if (rc == SQLITE_OK && is_reader)
		rc = sqlite3_exec(c.db, reader_settings, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		e = conn_err(&c, rc, "open the database", path);
		conn_close(&c);
		return e;
	}
	*ret = c;
	return e;
}

void conn_close(struct conn *c)
{
	for (int q = 0; q < Q_COUNT; q++) {
		(void)sqlite3_finalize(c->statements[q]);
		c->statements[q] = NULL;
	}
	(void)sqlite3_close(c->db); /* nothing is left open that it could refuse for */
	c->db = NULL;
}

struct err conn_migrate(struct conn *c)
{
	struct txn tx = { .conn = c };
	int64_t version = 0;
	bool found = false;
	struct err e = query_int(&tx, Q_SCHEMA, IN_NONE, &version, &found);
	if (err_is(e))
		return e;
	if (!found || version < 0 || version > migration_count)
		return err_make(ERR_DATA, "open the database", "install the program that made it",
		                "schema %d", (int)version);
	for (int step = (int)version; step < migration_count; step++) {
		e = query_run(&tx, Q_BEGIN_WRITE, IN_NONE);
		if (err_is(e))
			return e;
		int rc = SQLITE_OK;
		for (const char *const *sql = migrations[step]; *sql != NULL && rc == SQLITE_OK; sql++)
			rc = sqlite3_exec(c->db, *sql, NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			e = query_run(&tx, Q_COMMIT, IN_NONE);
		else {
			char whom[24];
			(void)snprintf(whom, sizeof whom, "to schema %d", step + 1);
			e = conn_err(c, rc, "migrate the database", whom);
		}
		if (err_is(e)) {
			if (sqlite3_get_autocommit(c->db) == 0)
				(void)query_run(&tx, Q_ROLLBACK, IN_NONE); /* e is the error to tell */
			return e;
		}
	}
	return e;
}

/* ---- statements */
static struct err rows_err(const struct rows *r, int rc)
{
	return conn_err(r->tx->conn, rc, "use the store:", query_names[r->q]);
}

static int bind(sqlite3_stmt *stmt, int at, const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case VALUE_TEXT:
		return sqlite3_bind_text64(stmt, at, v->p, v->n, SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BLOB:
		return sqlite3_bind_blob64(stmt, at, v->p, v->n, SQLITE_STATIC);
	case VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

struct rows query_start(struct txn *tx, enum query_id q, const struct value *in, size_t n)
{
	struct rows r = { .tx = tx, .q = q };
	sqlite3_stmt **stmt = &tx->conn->statements[q];
	int rc = SQLITE_OK;
	if (*stmt == NULL)
		rc = sqlite3_prepare_v3(tx->conn->db, query_texts[q], -1, SQLITE_PREPARE_PERSISTENT,
		                        stmt, NULL);
	if (rc != SQLITE_OK) {
		r.err = rows_err(&r, rc);
		return r;
	}
	/* A statement is one cursor: its own row function may not start it again. */
	if (sqlite3_stmt_busy(*stmt) || (size_t)sqlite3_bind_parameter_count(*stmt) != n) {
		r.err = err_make(ERR_DATA, "use the store:", NULL, "%s (misused)", query_names[q]);
		return r;
	}
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		rc = bind(*stmt, (int)i + 1, &in[i]);
	r.stmt = *stmt;
	if (rc != SQLITE_OK)
		r.err = rows_err(&r, rc);
	return r;
}

bool rows_next(struct rows *r)
{
	if (err_is(r->err) || r->stmt == NULL)
		return false;
	int rc = sqlite3_step(r->stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		r->err = rows_err(r, rc);
	return false;
}

struct err rows_end(struct rows *r)
{
	if (r->stmt != NULL) {
		(void)sqlite3_reset(r->stmt); /* says again what step said */
		(void)sqlite3_clear_bindings(r->stmt); /* they borrow the caller's octets */
		r->stmt = NULL;
	}
	return r->err;
}

int64_t row_int(struct rows *r, int column)
{
	return sqlite3_column_int64(r->stmt, column);
}

struct span row_span(struct rows *r, int column)
{
	const void *p = sqlite3_column_blob(r->stmt, column);
	return span_make(p, p != NULL ? (size_t)sqlite3_column_bytes(r->stmt, column) : 0);
}

bool row_hash(struct rows *r, int column, struct hash *ret)
{
	struct span s = row_span(r, column);
	if (s.n != sizeof ret->octets)
		return false;
	memcpy(ret->octets, s.p, s.n);
	return true;
}

void row_string(struct rows *r, int column, char *ret, size_t room)
{
	const unsigned char *t = sqlite3_column_text(r->stmt, column);
	if (!text_copy(ret, room, t != NULL ? (const char *)t : "") && !err_is(r->err))
		r->err = err_make(ERR_DATA, "use the store:", NULL, "%s (too long)", query_names[r->q]);
}

void row_buf(struct rows *r, int column, struct buf *ret)
{
	struct span s = row_span(r, column);
	buf_init(ret, s.n);
	buf_add(ret, s);
	if (ret->failed && !err_is(r->err))
		r->err = err_make(ERR_MEMORY, "use the store:", NULL, "%s", query_names[r->q]);
}

struct err query_run(struct txn *tx, enum query_id q, const struct value *in, size_t n)
{
	struct rows r = query_start(tx, q, in, n);
	while (rows_next(&r))
		;
	return rows_end(&r);
}

struct err query_int(struct txn *tx, enum query_id q, const struct value *in, size_t n,
                     int64_t *ret, bool *ret_found)
{
	int64_t value = 0;
	struct rows r = query_start(tx, q, in, n);
	const bool found = rows_next(&r);
	if (found)
		value = row_int(&r, 0);
	struct err e = rows_end(&r);
	if (err_is(e))
		return e;
	if (found)
		*ret = value;
	*ret_found = found;
	return e;
}

int64_t query_changes(struct txn *tx)
{
	return sqlite3_changes64(tx->conn->db);
}

struct err tally_add(struct txn *tx, const char *name, int64_t by)
{
	return query_run(tx, Q_TALLY_ADD, IN(v_text(name), v_int(by)));
}

struct err tally_get(struct txn *tx, const char *name, int64_t *ret)
{
	int64_t n = 0;
	bool found = false;
	struct err e = query_int(tx, Q_TALLY_GET, IN(v_text(name)), &n, &found);
	if (!err_is(e))
		*ret = n;
	return e;
}

struct err tally_link(struct txn *tx, const char *link, const char *what, int64_t by)
{
	char name[64];
	int n = snprintf(name, sizeof name, "link.%s.%s", link, what);
	if (n < 0 || (size_t)n >= sizeof name)
		return err_make(ERR_INPUT, "count for a link", NULL, "%s", link);
	return tally_add(tx, name, by);
}

int64_t conn_steps(struct conn *c)
{
	int64_t steps = 0;
	for (int q = 0; q < Q_COUNT; q++)
		if (c->statements[q] != NULL)
			steps += sqlite3_stmt_status(c->statements[q], SQLITE_STMTSTATUS_VM_STEP, 1);
	return steps;
}
