/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The half hour's memory: a few octets, sealed, found by a hash; both under the session key. */
#include "dialog/inside.h"

#include <string.h>

#include "store/people.h"
#include "base/banned.h"

#define MEMORY_FORM 2 /* of the octets below; another form is as good as none */
#define MEMORY_OCTETS (13 + TOPIC_ID_LIMIT)

static const struct seal_place place = { .table = "session", .field = "memory", .row = 0 };

static void write(const struct memory *m, uint8_t octets[MEMORY_OCTETS])
{
	octets[0] = MEMORY_FORM;
	octets[1] = (uint8_t)m->language;
	octets[2] = (uint8_t)m->certainty;
	octets[3] = (uint8_t)m->context;
	octets[4] = m->stopped ? 1 : 0;
	for (size_t i = 0; i < 8; i++)
		octets[5 + i] = (uint8_t)((uint64_t)m->last_call_ms >> 8 * i);
	memset(octets + 13, 0, TOPIC_ID_LIMIT);
	memcpy(octets + 13, m->topic, strnlen(m->topic, TOPIC_ID_LIMIT - 1));
}

static bool read(struct span octets, struct memory *ret)
{
	if (octets.n != MEMORY_OCTETS || octets.p[0] != MEMORY_FORM ||
	    octets.p[1] > LANGUAGE_UNKNOWN || octets.p[2] >= CERTAINTY_COUNT ||
	    octets.p[3] >= CONTEXT_COUNT || octets.p[4] > 1 || octets.p[MEMORY_OCTETS - 1] != 0)
		return false;
	uint64_t last_call = 0;
	for (size_t i = 0; i < 8; i++)
		last_call |= (uint64_t)octets.p[5 + i] << 8 * i;
	*ret = (struct memory){ .language = (enum language)octets.p[1],
		.certainty = (enum certainty)octets.p[2], .context = (enum context)octets.p[3],
		.stopped = octets.p[4] != 0, .last_call_ms = (int64_t)last_call };
	memcpy(ret->topic, octets.p + 13, TOPIC_ID_LIMIT);
	return true;
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
