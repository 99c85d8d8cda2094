/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/errand.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct errand {
	char to[64], what[64];
	void *load;
	void (*free_load)(void *);
	struct errand *next; /* of who answers */
	pthread_mutex_t lock; /* guards all below */
	unsigned holders;
	bool is_ready, more;
	struct err err;
	char text[ERRAND_ANSWER_MAX + 1];
	void (*ready)(void *);
	void *arg;
};

struct err errand_new(const char *to, const char *what, void (*ready)(void *), void *arg,
                      struct errand **ret)
{
	struct errand *d = calloc(1, sizeof *d);
	if (d == NULL)
		return err_make(ERR_MEMORY, "ask", NULL, NULL);
	if (!text_copy(d->to, sizeof d->to, to) || !text_copy(d->what, sizeof d->what, what)) {
		free(d);
		return err_make(ERR_INPUT, "ask", "make it shorter", NULL);
	}
	const int rc = pthread_mutex_init(&d->lock, NULL);
	if (rc != 0) {
		free(d);
		return err_os(rc, "ask", NULL, NULL);
	}
	d->holders = 2;
	d->ready = ready;
	d->arg = arg;
	*ret = d;
	return ERR_NONE_VALUE;
}

/* With the lock held, which is given back. */
static void let_go(struct errand *d)
{
	const bool is_last = --d->holders == 0;
	(void)pthread_mutex_unlock(&d->lock);
	if (!is_last)
		return;
	(void)pthread_mutex_destroy(&d->lock);
	if (d->free_load != NULL)
		d->free_load(d->load);
	explicit_bzero(d, sizeof *d);
	free(d);
}

void errand_carry(struct errand *d, void *load, void (*free_load)(void *))
{
	d->load = load;
	d->free_load = free_load;
}

void *errand_load(const struct errand *d)
{
	return d->load;
}

const char *errand_to(const struct errand *d)
{
	return d->to;
}

const char *errand_what(const struct errand *d)
{
	return d->what;
}

bool errand_is_wanted(struct errand *d)
{
	(void)pthread_mutex_lock(&d->lock);
	const bool is_wanted = d->holders == 2;
	(void)pthread_mutex_unlock(&d->lock);
	return is_wanted;
}

struct errand **errand_next(struct errand *d)
{
	return &d->next;
}

void errand_answer(struct errand *d, struct err e, struct span text, bool more)
{
	(void)pthread_mutex_lock(&d->lock);
	const size_t n = text.n < ERRAND_ANSWER_MAX ? text.n : ERRAND_ANSWER_MAX;
	if (n > 0)
		memcpy(d->text, text.p, n);
	d->err = e;
	d->more = more;
	d->is_ready = true;
	if (d->ready != NULL)
		d->ready(d->arg); /* under the lock: errand_drop() in another thread waits for its end */
	let_go(d);
}

bool errand_is_ready(struct errand *d)
{
	(void)pthread_mutex_lock(&d->lock);
	const bool is_ready = d->is_ready;
	(void)pthread_mutex_unlock(&d->lock);
	return is_ready;
}

struct err errand_result(struct errand *d, const char **ret_text, bool *ret_more)
{
	/* nobody writes any more once it is ready */
	if (!errand_is_ready(d))
		return err_make(ERR_BUSY, "take an answer", "it hasn't come yet", NULL);
	if (!err_is(d->err)) {
		*ret_text = d->text;
		*ret_more = d->more;
	}
	return d->err;
}

void errand_drop(struct errand *d)
{
	if (d == NULL)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->ready = NULL;
	let_go(d);
}
