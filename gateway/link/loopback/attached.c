/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/loopback/attached.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct attached {
	pthread_mutex_t lock; /* guards all below */
	struct msisdn numbers[PHONES_MAX];
	size_t count;
};

struct err attached_new(struct attached **ret)
{
	struct attached *a = calloc(1, sizeof *a);
	if (a == NULL)
		return err_make(ERR_MEMORY, "keep virtual phones", NULL, NULL);
	const int rc = pthread_mutex_init(&a->lock, NULL);
	if (rc != 0) {
		free(a);
		return err_os(rc, "keep virtual phones", NULL, NULL);
	}
	*ret = a;
	return ERR_NONE_VALUE;
}

void attached_free(struct attached *a)
{
	if (a == NULL)
		return;
	(void)pthread_mutex_destroy(&a->lock);
	explicit_bzero(a, sizeof *a);
	free(a);
}

/* With the lock held; a->count: none has it. */
static size_t place_of(const struct attached *a, const struct msisdn *number)
{
	size_t i = 0;
	while (i < a->count && !msisdn_equal(&a->numbers[i], number))
		i++;
	return i;
}

struct err attached_add(struct attached *a, const struct msisdn *number)
{
	static const char doing[] = "switch on a virtual phone";
	struct err e = ERR_NONE_VALUE;
	(void)pthread_mutex_lock(&a->lock);
	if (place_of(a, number) < a->count)
		e = err_make(ERR_BUSY, doing, "one with this number is on: leave that one first", NULL);
	else if (a->count == PHONES_MAX)
		e = err_make(ERR_BUSY, doing, "eight are on, and that is all there may be: leave one first",
		             NULL);
	else
		a->numbers[a->count++] = *number;
	(void)pthread_mutex_unlock(&a->lock);
	return e;
}

void attached_remove(struct attached *a, const struct msisdn *number)
{
	(void)pthread_mutex_lock(&a->lock);
	const size_t at = place_of(a, number);
	if (at < a->count) {
		a->numbers[at] = a->numbers[--a->count];
		msisdn_wipe(&a->numbers[a->count]);
	}
	(void)pthread_mutex_unlock(&a->lock);
}

size_t attached_list(struct attached *a, struct msisdn ret[PHONES_MAX])
{
	(void)pthread_mutex_lock(&a->lock);
	const size_t n = a->count;
	memcpy(ret, a->numbers, n * sizeof ret[0]);
	(void)pthread_mutex_unlock(&a->lock);
	return n;
}
