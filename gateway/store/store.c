/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer and the readers. The writer takes what waits, runs each change in a savepoint of its
 * own inside one transaction, commits, and only then answers: one fsync for all of them. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "store/txn.h"
#include "base/banned.h"

#define GROUP_MAX 512   /* changes a commit: bounds how long the first waits for the last */
#define READERS 4
#define NEWEST_STEP_MS 1000 /* how often the newest time is written */
#define CLOCK_SLACK_MS 2000 /* a clock that is slewed, and threads that read it a moment apart */
#define ID_EPOCH_MS INT64_C(1704067200000) /* 2024-01-01T00:00:00Z */
#define ID_SEQ_BITS 14
#define ID_NODE_BITS 8
#define ID_SEQ_MAX ((INT64_C(1) << ID_SEQ_BITS) - 1)
#define ID_MS_MAX ((INT64_C(1) << 41) - 1)

struct store {
	struct conn writer; /* the writer's thread, after it started */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake, reader_back;
	struct change *first, **last;
	size_t waiting;
	bool closing;
	struct conn readers[READERS];
	size_t reader_count, free_count;
	struct conn *free_readers[READERS];
	pthread_mutex_t id_lock;
	int64_t node, id_ms, id_seq; /* of the newest id */
	_Atomic int64_t newest_ms;
};

/* ---- the writer */
static void open_letter(struct letter *letter)
{
	struct change *c = (struct change *)((char *)letter - offsetof(struct change, letter));
	c->done(c, c->result);
}

static void answer(struct change *c)
{
	if (c->loop == NULL) {
		c->done(c, c->result);
		return;
	}
	c->letter.open = open_letter;
	loop_post(c->loop, &c->letter);
}

/* False: the transaction of the group is gone, and with it all that was in it. */
static bool run_change(struct txn *tx, struct change *c)
{
	struct err e = query_run(tx, Q_CHANGE, IN_NONE);
	if (!err_is(e)) {
		e = c->run(tx, c);
		c->result = e;
		/* Full disks and failing ones can make SQLite roll all of it back by itself. */
		if (sqlite3_get_autocommit(tx->conn->db) != 0)
			return false;
		if (err_is(e))
			e = query_run(tx, Q_CHANGE_UNDO, IN_NONE);
		if (!err_is(e))
			e = query_run(tx, Q_CHANGE_KEEP, IN_NONE);
	}
	if (err_is(e))
		c->result = e;
	return !err_is(e) && sqlite3_get_autocommit(tx->conn->db) == 0;
}

static struct err note_time(struct store *st, struct txn *tx, int64_t *ret_newest)
{
	const int64_t now = clock_now_ms(), newest = atomic_load(&st->newest_ms);
	*ret_newest = newest;
	if (now < newest + NEWEST_STEP_MS)
		return ERR_NONE_VALUE;
	*ret_newest = now;
	return query_run(tx, Q_META_SET, IN(v_text("newest_ms"), v_int(now)));
}

static struct err run_group(struct store *st, struct change *group)
{
	struct txn tx = { .st = st, .conn = &st->writer };
	int64_t newest = 0;
	struct err e = query_run(&tx, Q_BEGIN_WRITE, IN_NONE);
	if (err_is(e))
		return e;
	for (struct change *c = group; c != NULL; c = c->next)
		if (!run_change(&tx, c)) {
			e = err_is(c->result) ? c->result
			    : err_make(ERR_IO, "keep changes in the store", NULL, NULL);
			goto out;
		}
	e = note_time(st, &tx, &newest);
	if (err_is(e))
		goto out;
	crash_point("store-before-commit");
	e = query_run(&tx, Q_COMMIT, IN_NONE);
	if (err_is(e))
		goto out;
	crash_point("store-after-commit");
	atomic_store(&st->newest_ms, newest);
	return e;
out:
	if (sqlite3_get_autocommit(st->writer.db) == 0)
		(void)query_run(&tx, Q_ROLLBACK, IN_NONE); /* e is the error to tell */
	return e;
}

/* Takes the first changes off the queue, in order; NULL when the store closes. */
static struct change *take_group(struct store *st)
{
	(void)pthread_mutex_lock(&st->lock);
	while (st->first == NULL && !st->closing)
		(void)pthread_cond_wait(&st->wake, &st->lock);
	struct change *group = st->first, **at = &st->first;
	for (size_t n = 0; n < GROUP_MAX && *at != NULL; n++) {
		(*at)->result = ERR_NONE_VALUE;
		at = &(*at)->next;
		st->waiting--;
	}
	if (group != NULL) {
		st->first = *at;
		*at = NULL;
		if (st->first == NULL)
			st->last = &st->first;
	}
	(void)pthread_mutex_unlock(&st->lock);
	return group;
}

static void *write_all(void *arg)
{
	struct store *st = arg;
	struct change *group;
	while ((group = take_group(st)) != NULL) {
		struct err e = run_group(st, group);
		while (group != NULL) {
			struct change *c = group;
			group = c->next; /* answered, it may be gone */
			if (err_is(e))
				c->result = e;
			answer(c);
		}
	}
	return NULL;
}

/* ---- opening */
/* The file is made here, since SQLite gives its -wal and -shm the mode of the file itself. */
static struct err make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_os(errno, "open the database", "see [store] url", "%s", path);
	struct err e = ERR_NONE_VALUE;
	if (fchmod(fd, 0600) != 0)
		e = err_os(errno, "keep the database private", NULL, "%s", path);
	(void)close(fd);
	return e;
}

static struct err read_start(struct store *st)
{
	struct txn tx = { .st = st, .conn = &st->writer };
	bool found = false;
	int64_t newest_id = 0, newest_ms = 0;
	struct err e = query_int(&tx, Q_NEWEST_ID, IN_NONE, &newest_id, &found);
	if (!err_is(e))
		e = query_int(&tx, Q_META_GET, IN(v_text("newest_ms")), &newest_ms, &found);
	if (err_is(e))
		return e;
	st->id_ms = newest_id >> (ID_SEQ_BITS + ID_NODE_BITS);
	st->id_seq = ID_SEQ_MAX;
	atomic_store(&st->newest_ms, newest_ms);
	return e;
}

static struct err start_writer(struct store *st)
{
	int rc = pthread_create(&st->thread, NULL, write_all, st);
	if (rc != 0)
		return err_os(rc, "start the store's writer", NULL, NULL);
	st->has_thread = true;
	return ERR_NONE_VALUE;
}

static struct store *store_new(int64_t node)
{
	struct store *st = calloc(1, sizeof *st);
	if (st == NULL)
		return NULL;
	st->node = node;
	st->last = &st->first;
	/* glibc's never fail with default attributes */
	(void)pthread_mutex_init(&st->lock, NULL);
	(void)pthread_mutex_init(&st->id_lock, NULL);
	(void)pthread_cond_init(&st->wake, NULL);
	(void)pthread_cond_init(&st->reader_back, NULL);
	return st;
}

struct err store_open(const char *url, int64_t node, struct store **ret)
{
	static const char scheme[] = "sqlite:";
	const char *path = url + sizeof scheme - 1;
	if (strncmp(url, scheme, sizeof scheme - 1) != 0 || path[0] == '\0')
		return err_make(ERR_CONFIG, "open the store", "write sqlite:PATH", "[store] url");
	if (node < 0 || node >= INT64_C(1) << ID_NODE_BITS)
		return err_make(ERR_CONFIG, "open the store", "0 to 255", "[node] number");
	struct store *st = store_new(node);
	if (st == NULL)
		return err_make(ERR_MEMORY, "open the store", NULL, NULL);
	struct err e = make_file(path);
	if (!err_is(e))
		e = conn_open(path, false, &st->writer);
	if (!err_is(e))
		e = conn_migrate(&st->writer);
	while (!err_is(e) && st->reader_count < READERS) {
		e = conn_open(path, true, &st->readers[st->reader_count]);
		if (err_is(e))
			break;
		st->free_readers[st->free_count++] = &st->readers[st->reader_count++];
	}
	if (!err_is(e))
		e = read_start(st);
	if (!err_is(e))
		e = start_writer(st);
	if (err_is(e)) {
		store_close(st);
		return e;
	}
	*ret = st;
	return e;
}

void store_close(struct store *st)
{
	if (st == NULL)
		return;
	(void)pthread_mutex_lock(&st->lock);
	st->closing = true;
	(void)pthread_cond_signal(&st->wake);
	(void)pthread_mutex_unlock(&st->lock);
	if (st->has_thread)
		(void)pthread_join(st->thread, NULL);
	for (size_t i = 0; i < st->reader_count; i++)
		conn_close(&st->readers[i]);
	conn_close(&st->writer); /* the last one: the WAL goes into the file */
	(void)pthread_mutex_destroy(&st->lock);
	(void)pthread_mutex_destroy(&st->id_lock);
	(void)pthread_cond_destroy(&st->wake);
	(void)pthread_cond_destroy(&st->reader_back);
	free(st);
}

/* ---- changes */
struct err store_submit(struct store *st, struct change *c)
{
	struct err e = ERR_NONE_VALUE;
	c->next = NULL;
	(void)pthread_mutex_lock(&st->lock);
	if (st->closing)
		e = err_make(ERR_BUSY, "write to the store", "it is closing", NULL);
	else if (st->waiting >= CHANGES_MAX)
		e = err_make(ERR_BUSY, "write to the store", "too many changes wait; try later", NULL);
	else {
		*st->last = c;
		st->last = &c->next;
		st->waiting++;
		(void)pthread_cond_signal(&st->wake);
	}
	(void)pthread_mutex_unlock(&st->lock);
	return e;
}

/* A change whose submitter waits for it. */
struct awaited {
	struct change change; /* first: a struct change * is a struct awaited * */
	struct err (*run)(struct txn *, void *);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
};

static struct err run_awaited(struct txn *tx, struct change *c)
{
	struct awaited *a = (struct awaited *)c;
	return a->run(tx, a->arg);
}

static void awaited_done(struct change *c, struct err e)
{
	struct awaited *a = (struct awaited *)c;
	(void)e; /* it is in c->result */
	(void)pthread_mutex_lock(&a->lock);
	a->is_done = true;
	(void)pthread_cond_signal(&a->done);
	(void)pthread_mutex_unlock(&a->lock);
}

struct err store_write(struct store *st, struct err (*run)(struct txn *, void *), void *arg)
{
	struct awaited a = {
		.change = { .run = run_awaited, .done = awaited_done }, .run = run, .arg = arg,
		.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER,
	};
	struct err e = store_submit(st, &a.change);
	if (!err_is(e)) {
		(void)pthread_mutex_lock(&a.lock);
		while (!a.is_done)
			(void)pthread_cond_wait(&a.done, &a.lock);
		(void)pthread_mutex_unlock(&a.lock);
		e = a.change.result;
	}
	(void)pthread_mutex_destroy(&a.lock);
	(void)pthread_cond_destroy(&a.done);
	return e;
}

static struct conn *take_reader(struct store *st)
{
	(void)pthread_mutex_lock(&st->lock);
	while (st->free_count == 0)
		(void)pthread_cond_wait(&st->reader_back, &st->lock);
	struct conn *c = st->free_readers[--st->free_count];
	(void)pthread_mutex_unlock(&st->lock);
	return c;
}

static void give_reader_back(struct store *st, struct conn *c)
{
	(void)pthread_mutex_lock(&st->lock);
	st->free_readers[st->free_count++] = c;
	(void)pthread_cond_signal(&st->reader_back);
	(void)pthread_mutex_unlock(&st->lock);
}

struct err store_read(struct store *st, struct err (*run)(struct txn *, void *), void *arg)
{
	struct conn *c = take_reader(st);
	struct txn tx = { .st = st, .conn = c };
	struct err e = query_run(&tx, Q_BEGIN_READ, IN_NONE);
	if (!err_is(e)) {
		e = run(&tx, arg);
		struct err end = ERR_NONE_VALUE;
		if (sqlite3_get_autocommit(c->db) == 0)
			end = query_run(&tx, Q_ROLLBACK, IN_NONE); /* nothing was written */
		if (!err_is(e))
			e = end;
	}
	give_reader_back(st, c);
	return e;
}

struct err store_settle(struct store *st)
{
	struct conn *c = take_reader(st);
	struct txn tx = { .st = st, .conn = c };
	int64_t is_busy = 0;
	bool found = false;
	struct err e = query_int(&tx, Q_SETTLE, IN_NONE, &is_busy, &found);
	give_reader_back(st, c);
	if (!err_is(e) && (!found || is_busy != 0))
		e = err_make(ERR_BUSY, "settle the store", "ask again: somebody reads it", NULL);
	return e;
}

/* ---- ids and time */
int64_t store_new_id(struct store *st)
{
	int64_t now = clock_now_ms() - ID_EPOCH_MS;
	if (now < 0)
		now = 0;
	if (now > ID_MS_MAX)
		now = ID_MS_MAX; /* the year 2093 */
	(void)pthread_mutex_lock(&st->id_lock);
	if (now > st->id_ms) {
		st->id_ms = now;
		st->id_seq = 0;
	} else if (st->id_seq < ID_SEQ_MAX) {
		st->id_seq++;
	} else {
		st->id_ms++;
		st->id_seq = 0;
	}
	const int64_t id = st->id_ms << (ID_NODE_BITS + ID_SEQ_BITS) | st->node << ID_SEQ_BITS |
	                   st->id_seq;
	(void)pthread_mutex_unlock(&st->id_lock);
	return id;
}

int64_t store_newest_ms(struct store *st)
{
	return atomic_load(&st->newest_ms);
}

bool store_clock_is_behind(struct store *st, int64_t now_ms)
{
	return now_ms < store_newest_ms(st) - CLOCK_SLACK_MS;
}
