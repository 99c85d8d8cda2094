/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The half hour's memory: a few octets, sealed, found by a hash; both under the session key. */
#include "dialog/inside.h"

#include <string.h>

#include "store/people.h"
#include "base/banned.h"

#define MEMORY_FORM 3 /* of the octets below; another form is as good as none */
#define TEXTS_AT 22 /* behind the numbers */
#define MEMORY_OCTETS (TEXTS_AT + COUNTRY_LIMIT + TOPIC_ID_LIMIT + 2 * PLACE_LIMIT)

static const struct seal_place place = { .table = "session", .field = "memory", .row = 0 };

/* The rest of the field is zero, so that all memories have one size. */
static uint8_t *put_text(uint8_t *to, const char *text, size_t limit)
{
	const size_t n = strnlen(text, limit - 1);
	memset(to, 0, limit);
	memcpy(to, text, n);
	return to + limit;
}

static const uint8_t *get_text(const uint8_t *from, char *ret, size_t limit, bool *is_good)
{
	*is_good = *is_good && from[limit - 1] == 0;
	memcpy(ret, from, limit);
	ret[limit - 1] = '\0';
	return from + limit;
}

static void write(const struct memory *m, uint8_t octets[MEMORY_OCTETS])
{
	octets[0] = MEMORY_FORM;
	octets[1] = (uint8_t)m->language;
	octets[2] = (uint8_t)m->certainty;
	octets[3] = (uint8_t)m->context;
	octets[4] = (uint8_t)m->script;
	octets[5] = (uint8_t)((m->stopped ? 1 : 0) | (m->told_language ? 2 : 0) |
	                      (m->told_abroad ? 4 : 0) | (m->counted_gap ? 8 : 0));
	number_put(octets + 6, m->last_call_ms);
	number_put(octets + 14, m->last_ring_ms);
	uint8_t *at = put_text(octets + TEXTS_AT, m->country, COUNTRY_LIMIT);
	at = put_text(at, m->topic, TOPIC_ID_LIMIT);
	at = put_text(at, m->town, PLACE_LIMIT);
	(void)put_text(at, m->region, PLACE_LIMIT);
}

static bool read(struct span octets, struct memory *ret)
{
	bool is_good = octets.n == MEMORY_OCTETS && octets.p[0] == MEMORY_FORM &&
	               octets.p[1] <= LANGUAGE_UNKNOWN && octets.p[2] < CERTAINTY_COUNT &&
	               octets.p[3] < CONTEXT_COUNT && octets.p[4] < SCRIPT_COUNT && octets.p[5] < 16;
	if (!is_good)
		return false;
	struct memory m = { .language = (enum language)octets.p[1],
		.certainty = (enum certainty)octets.p[2], .context = (enum context)octets.p[3],
		.script = (enum script)octets.p[4], .stopped = (octets.p[5] & 1) != 0,
		.told_language = (octets.p[5] & 2) != 0, .told_abroad = (octets.p[5] & 4) != 0, .counted_gap = (octets.p[5] & 8) != 0,
		.last_call_ms = number_get(octets.p + 6), .last_ring_ms = number_get(octets.p + 14) };
	const uint8_t *at = get_text(octets.p + TEXTS_AT, m.country, COUNTRY_LIMIT, &is_good);
	at = get_text(at, m.topic, TOPIC_ID_LIMIT, &is_good);
	at = get_text(at, m.town, PLACE_LIMIT, &is_good);
	(void)get_text(at, m.region, PLACE_LIMIT, &is_good);
	if (is_good)
		*ret = m;
	return is_good;
}

/* *ret_found: this version has one. */
static struct err get(struct txn *tx, struct vault *v, int64_t version, const struct who *w,
                      int64_t now_ms, struct memory *ret, bool *ret_found)
{
	struct hash hash;
	struct buf sealed, octets;
	buf_init(&sealed, 0);
	buf_init(&octets, MEMORY_OCTETS);
	struct err e = vault_hash(v, RING_SESSION, version, "session", buf_span(&w->octets), &hash);
	if (!err_is(e))
		e = session_get(tx, version, &hash, now_ms, &sealed);
	if (!err_is(e) && sealed.n > 0) {
		/* One that doesn't open is forgotten, not an error: the person is answered all the same. */
		struct err opened = vault_unseal(v, RING_SESSION, version, place, buf_span(&sealed),
		                                 &octets);
		*ret_found = !err_is(opened) && read(buf_span(&octets), ret);
	}
	buf_free(&sealed);
	buf_wipe(&octets);
	return e;
}

struct err memory_get(struct txn *tx, struct vault *v, const struct who *w, int64_t now_ms,
                      struct memory *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	bool found = false;
	struct err e = ERR_NONE_VALUE;
	*ret = MEMORY_NONE;
	vault_versions(v, RING_SESSION, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !found && !err_is(e); i++)
		e = get(tx, v, versions[i], w, now_ms, ret, &found);
	return e;
}

struct err memory_put(struct txn *tx, struct vault *v, const struct who *w, int64_t now_ms,
                      const struct memory *m)
{
	int64_t version = 0;
	struct hash hash;
	struct buf sealed;
	uint8_t octets[MEMORY_OCTETS];
	buf_init(&sealed, MEMORY_OCTETS + SEAL_OVERHEAD);
	write(m, octets);
	struct err e = vault_version(v, RING_SESSION, now_ms, &version);
	if (!err_is(e))
		e = vault_hash(v, RING_SESSION, version, "session", buf_span(&w->octets), &hash);
	if (!err_is(e))
		e = vault_seal(v, RING_SESSION, version, place, span_make(octets, sizeof octets), &sealed);
	if (!err_is(e))
		e = session_put(tx, version, &hash, buf_span(&sealed), now_ms + SESSION_MS);
	buf_wipe(&sealed);
	return e;
}

struct err memory_drop(struct txn *tx, struct vault *v, const struct who *w)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct err e = ERR_NONE_VALUE;
	vault_versions(v, RING_SESSION, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !err_is(e); i++) {
		struct hash hash;
		e = vault_hash(v, RING_SESSION, versions[i], "session", buf_span(&w->octets), &hash);
		if (!err_is(e))
			e = session_drop(tx, versions[i], &hash);
	}
	return e;
}
