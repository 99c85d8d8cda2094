/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog/ussd_recent.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define STRIPES 64u

struct spot {
	uint8_t where, language;
	uint16_t offset;
	char topic[TOPIC_ID_LIMIT];
};

struct recent {
	uint64_t key; /* 0: none */
	int64_t at_ms;
	struct spot now, kept;
	bool was_sensitive;
};

struct recents {
	uint8_t key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock[STRIPES]; /* of the sets that are equal modulo STRIPES */
	struct recent set[RECENT_SETS][RECENT_WAYS];
};

struct err recents_new(struct recents **ret)
{
	struct recents *r = calloc(1, sizeof *r);
	if (r == NULL)
		return err_make(ERR_MEMORY, "set up a USSD link", NULL, NULL);
	randombytes_buf(r->key, sizeof r->key);
	for (size_t i = 0; i < STRIPES; i++)
		(void)pthread_mutex_init(&r->lock[i], NULL); /* glibc's never fails so */
	*ret = r;
	return ERR_NONE_VALUE;
}

void recents_free(struct recents *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < STRIPES; i++)
		(void)pthread_mutex_destroy(&r->lock[i]);
	explicit_bzero(r, sizeof *r);
	free(r);
}

static uint64_t hash_of(const struct recents *r, enum recent_kind kind, const char *key)
{
	uint64_t hash = 0;
	(void)crypto_shorthash((uint8_t *)&hash, (const uint8_t *)key, strlen(key), r->key);
	hash ^= kind == RECENT_SESSION ? 0x5555555555555555u : 0;
	return hash != 0 ? hash : 1;
}

static struct spot write_spot(const struct ussd_place *p)
{
	struct spot s = { .where = (uint8_t)p->where, .language = (uint8_t)p->language,
		.offset = (uint16_t)p->offset };
	if (p->topic != NULL)
		(void)text_copy(s.topic, sizeof s.topic, p->topic->id);
	return s;
}

static bool read_spot(const struct spot *s, const struct content *c, struct ussd_place *ret)
{
	*ret = (struct ussd_place){ .where = (enum ussd_where)s->where,
		.language = (enum language)s->language, .offset = s->offset,
		.topic = s->topic[0] != '\0' ? content_topic(c, s->topic) : NULL };
	return ret->topic != NULL || s->topic[0] == '\0';
}

bool recents_get(struct recents *r, enum recent_kind kind, const char *key, const struct content *c,
                 int64_t now_ms, int64_t for_ms, struct ussd_state *ret)
{
	const uint64_t hash = hash_of(r, kind, key);
	const size_t set = hash % RECENT_SETS;
	bool found = false;
	(void)pthread_mutex_lock(&r->lock[set % STRIPES]);
	for (size_t i = 0; i < RECENT_WAYS && !found; i++) {
		const struct recent *at = &r->set[set][i];
		if (at->key != hash || now_ms - at->at_ms >= for_ms)
			continue;
		*ret = (struct ussd_state){ .was_sensitive = at->was_sensitive };
		found = read_spot(&at->now, c, &ret->now) && read_spot(&at->kept, c, &ret->kept);
	}
	(void)pthread_mutex_unlock(&r->lock[set % STRIPES]);
	return found;
}

void recents_put(struct recents *r, enum recent_kind kind, const char *key,
                 const struct ussd_state *s, int64_t now_ms)
{
	const uint64_t hash = hash_of(r, kind, key);
	const size_t set = hash % RECENT_SETS;
	const struct recent new = { .key = hash, .at_ms = now_ms, .now = write_spot(&s->now),
		.kept = write_spot(&s->kept), .was_sensitive = s->was_sensitive };
	(void)pthread_mutex_lock(&r->lock[set % STRIPES]);
	struct recent *to = &r->set[set][0];
	for (size_t i = 0; i < RECENT_WAYS; i++) {
		struct recent *at = &r->set[set][i];
		if (at->key == hash) {
			to = at;
			break;
		}
		if (at->at_ms < to->at_ms)
			to = at;
	}
	*to = new;
	(void)pthread_mutex_unlock(&r->lock[set % STRIPES]);
}
