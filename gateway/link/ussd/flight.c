/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/ussd/flight.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define BUCKETS 4096u

struct lost {
	uint64_t session, step;
	int64_t at_ms; /* 0: none */
};

struct flight {
	uint8_t key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock; /* guards what follows */
	struct flying *buckets[BUCKETS];
	struct lost lost[FLIGHT_LOST];
	size_t next_lost, lost_count;
};

struct err flight_new(struct flight **ret)
{
	struct flight *f = calloc(1, sizeof *f);
	if (f == NULL)
		return err_make(ERR_MEMORY, "set up USSD links", NULL, NULL);
	randombytes_buf(f->key, sizeof f->key);
	(void)pthread_mutex_init(&f->lock, NULL); /* glibc's never fails with default attributes */
	*ret = f;
	return ERR_NONE_VALUE;
}

void flight_free(struct flight *f)
{
	if (f == NULL)
		return;
	(void)pthread_mutex_destroy(&f->lock);
	free(f);
}

static uint64_t hash_of(const struct flight *f, uint64_t before, const char *text)
{
	uint8_t both[16];
	uint64_t hash = 0;
	_Static_assert(crypto_shorthash_BYTES == sizeof hash, "a short hash is 64 bits");
	(void)crypto_shorthash(both, (const uint8_t *)text, strlen(text), f->key);
	memcpy(both + 8, &before, sizeof before);
	(void)crypto_shorthash((uint8_t *)&hash, both, sizeof both, f->key);
	return hash;
}

static bool take_lost(struct flight *f, const struct flying *fl, int64_t now_ms)
{
	for (size_t i = 0; i < FLIGHT_LOST && f->lost_count > 0; i++) {
		struct lost *l = &f->lost[i];
		if (l->at_ms == 0 || l->session != fl->session)
			continue;
		const bool is_it = l->step == fl->step && now_ms - l->at_ms < FLIGHT_LOST_MS;
		l->at_ms = 0; /* whatever comes next for that session, it is past */
		f->lost_count--;
		if (is_it)
			return true;
	}
	return false;
}

enum flight_place flight_join(struct flight *f, const char *link, const struct ussd_step *s,
                              int64_t now_ms, struct flying *fl, bool *ret_was_lost)
{
	enum flight_place place = FLIGHT_FIRST;
	const uint64_t number = (uint64_t)s->mark_number << 8 | (uint64_t)s->event;
	*fl = (struct flying){ .session = hash_of(f, hash_of(f, 0, link), s->session) };
	fl->session = hash_of(f, fl->session, s->cookie);
	fl->step = hash_of(f, hash_of(f, number, s->mark), s->input);
	(void)pthread_mutex_lock(&f->lock);
	struct flying **bucket = &f->buckets[fl->session % BUCKETS];
	struct flying *at = *bucket;
	while (at != NULL && at->session != fl->session)
		at = at->next;
	if (at == NULL) {
		*ret_was_lost = take_lost(f, fl, now_ms);
		fl->next = *bucket;
		*bucket = fl;
	} else if (at->step == fl->step) {
		place = FLIGHT_REPEAT;
		fl->next = at->repeats;
		at->repeats = fl;
	} else {
		place = FLIGHT_CROSSED;
	}
	(void)pthread_mutex_unlock(&f->lock);
	return place;
}

struct flying *flight_land(struct flight *f, struct flying *fl)
{
	(void)pthread_mutex_lock(&f->lock);
	struct flying **at = &f->buckets[fl->session % BUCKETS];
	while (*at != NULL && *at != fl)
		at = &(*at)->next;
	if (*at == fl)
		*at = fl->next;
	struct flying *repeats = fl->repeats;
	(void)pthread_mutex_unlock(&f->lock);
	fl->next = fl->repeats = NULL;
	return repeats;
}

void flight_lose(struct flight *f, uint64_t session, uint64_t step, int64_t now_ms)
{
	(void)pthread_mutex_lock(&f->lock);
	struct lost *l = &f->lost[f->next_lost++ % FLIGHT_LOST];
	if (l->at_ms == 0)
		f->lost_count++;
	*l = (struct lost){ .session = session, .step = step, .at_ms = now_ms };
	(void)pthread_mutex_unlock(&f->lock);
}
