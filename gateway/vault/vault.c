/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "vault/inside.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)
#define NODE_VERSION 1
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SEAL_OVERHEAD == NONCE_SIZE + TAG_SIZE, "what vault.h says a seal adds");
_Static_assert(KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the keys fit the cipher");
_Static_assert(BOX_OVERHEAD == crypto_box_SEALBYTES, "what vault.h says a box adds");

struct err vault_harden_process(void)
{
	const struct rlimit none = { 0, 0 };
	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_os(errno, "forbid core dumps", NULL, NULL);
	return ERR_NONE_VALUE;
}

void vault_derive(uint8_t ret[KEY_SIZE], const uint8_t key[KEY_SIZE], const char *purpose)
{
	(void)crypto_generichash(ret, KEY_SIZE, (const uint8_t *)purpose, strlen(purpose), key,
	                         KEY_SIZE);
}

/* ---- opening */

static struct err new_vault(const char *folder, struct vault **ret)
{
	struct vault *v = calloc(1, sizeof *v);
	if (sodium_init() < 0 || v == NULL || (v->folder = strdup(folder)) == NULL) {
		free(v);
		return err_make(ERR_MEMORY, "open the vault", NULL, NULL);
	}
	v->rings = sodium_malloc(sizeof *v->rings);
	int rc = v->rings == NULL ? ENOMEM : pthread_rwlock_init(&v->lock, NULL);
	if (rc != 0) {
		sodium_free(v->rings);
		free(v->folder);
		free(v);
		return err_os(rc, "open the vault", NULL, NULL);
	}
	/* sodium_malloc() goes on where locking is refused: say so once */
	if (sodium_mlock(v->rings, sizeof *v->rings) != 0)
		log_warning("keys can't be kept from swap: raise the limit of locked memory "
		            "(LimitMEMLOCK)");
	sodium_memzero(v->rings, sizeof *v->rings);
	*ret = v;
	return ERR_NONE_VALUE;
}

struct err vault_open(const char *data_folder, struct vault **ret)
{
	struct vault *v = NULL;
	struct err e = new_vault(data_folder, &v);
	if (err_is(e))
		return e;
	e = ring_file_read(v->folder, v->rings);
	if (!err_is(e) && v->rings->ring[RING_NODE].count == 0) {
		e = ring_make(&v->rings->ring[RING_NODE], NODE_VERSION);
		if (!err_is(e))
			e = ring_file_write(v->folder, v->rings);
	}
	if (err_is(e)) {
		vault_close(v);
		return e;
	}
	*ret = v;
	return e;
}

void vault_close(struct vault *v)
{
	if (v == NULL)
		return;
	sodium_free(v->rings); /* clears it */
	(void)pthread_rwlock_destroy(&v->lock);
	free(v->folder);
	free(v);
}

/* ---- versions */

static struct err make_version(struct vault *v, enum ring ring, int64_t version)
{
	struct ring_keys *keys = &v->rings->ring[ring];
	(void)pthread_rwlock_wrlock(&v->lock);
	struct err e = ERR_NONE_VALUE;
	if (ring_find(keys, version) == NULL) {
		e = ring_make(keys, version);
		if (!err_is(e)) {
			e = ring_file_write(v->folder, v->rings);
			if (err_is(e)) /* a key that isn't on the disk must not seal anything */
				sodium_memzero(&keys->keys[--keys->count], sizeof keys->keys[0]);
		}
	}
	(void)pthread_rwlock_unlock(&v->lock);
	return e;
}

struct err vault_version(struct vault *v, enum ring ring, int64_t now_ms, int64_t *ret)
{
	int64_t version = 0;
	switch (ring) {
	case RING_LIVE:
		version = now_ms / DAY_MS;
		break;
	case RING_SESSION:
		version = now_ms / HOUR_MS;
		break;
	case RING_NODE:
		version = NODE_VERSION;
		break;
	case RING_PEOPLE:
		version = PEOPLE_VERSION;
		break;
	case RING_COUNT:
		return err_make(ERR_INPUT, "choose a key", NULL, NULL);
	}
	(void)pthread_rwlock_rdlock(&v->lock);
	bool there = ring_find(&v->rings->ring[ring], version) != NULL;
	(void)pthread_rwlock_unlock(&v->lock);
	if (!there && ring == RING_PEOPLE)
		return err_make(ERR_LOCKED, "use the people keys", "open them with `safar unlock`", NULL);
	if (!there) {
		struct err e = make_version(v, ring, version);
		if (err_is(e))
			return e;
	}
	*ret = version;
	return ERR_NONE_VALUE;
}

void vault_versions(const struct vault *v, enum ring ring, int64_t *ret, size_t room,
                    size_t *ret_count)
{
	struct vault *lockable = (struct vault *)(uintptr_t)v; /* the lock alone is changed */
	(void)pthread_rwlock_rdlock(&lockable->lock);
	const struct ring_keys *keys = &v->rings->ring[ring];
	size_t n = 0;
	for (size_t i = keys->count; i > 0 && n < room; i--)
		ret[n++] = keys->keys[i - 1].version;
	(void)pthread_rwlock_unlock(&lockable->lock);
	/* newest first, also after a clock that went back */
	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && ret[j] > ret[j - 1]; j--) {
			int64_t swap = ret[j];
			ret[j] = ret[j - 1];
			ret[j - 1] = swap;
		}
	*ret_count = n;
}

struct err vault_retire(struct vault *v, enum ring ring, int64_t oldest_needed, int64_t now_ms)
{
	if (ring != RING_LIVE && ring != RING_SESSION)
		return err_make(ERR_INPUT, "destroy keys", "only live and session keys turn", NULL);
	int64_t today = now_ms / (ring == RING_LIVE ? DAY_MS : HOUR_MS);
	struct err e = ERR_NONE_VALUE;
	(void)pthread_rwlock_wrlock(&v->lock);
	/* what can't be written now is gone here already; the next call tries the file again */
	if (ring_drop_older(&v->rings->ring[ring], oldest_needed, today))
		v->stale = true;
	if (v->stale)
		e = ring_file_write(v->folder, v->rings);
	if (!err_is(e))
		v->stale = false;
	(void)pthread_rwlock_unlock(&v->lock);
	return e;
}

/* ---- use */

static struct err key_for(struct vault *v, enum ring ring, int64_t version, const char *purpose,
                          uint8_t ret[KEY_SIZE])
{
	struct err e = ERR_NONE_VALUE;
	(void)pthread_rwlock_rdlock(&v->lock);
	const struct ring_key *k = ring_find(&v->rings->ring[ring], version);
	if (k != NULL)
		vault_derive(ret, k->key, purpose);
	else if (ring == RING_PEOPLE && !v->people_open)
		e = err_make(ERR_LOCKED, "use the people keys", "open them with `safar unlock`", NULL);
	else
		e = err_make(ERR_ABSENT, "use a key that was destroyed", NULL, "version %" PRIi64, version);
	(void)pthread_rwlock_unlock(&v->lock);
	return e;
}

/* What a seal is bound to: the same octets open nowhere else. */
static void bind(struct buf *ret, enum ring ring, int64_t version, struct seal_place place)
{
	buf_init(ret, 256);
	buf_addf(ret, "safar %d %" PRIi64 " %s %s %" PRIi64, (int)ring, version, place.table,
	         place.field, place.row);
}

struct err vault_seal(struct vault *v, enum ring ring, int64_t version, struct seal_place place,
                      struct span plain, struct buf *ret)
{
	uint8_t key[KEY_SIZE], nonce[NONCE_SIZE], tag[TAG_SIZE];
	struct err e = key_for(v, ring, version, "seal", key);
	if (err_is(e))
		return e;
	struct buf bound;
	bind(&bound, ring, version, place);
	randombytes_buf(nonce, sizeof nonce);
	size_t start = ret->n;
	buf_add(ret, span_make(nonce, sizeof nonce));
	buf_add(ret, plain); /* encrypted in its place */
	if (!ret->failed && !bound.failed) {
		uint8_t *text = ret->p + start + sizeof nonce;
		(void)crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
			text, tag, NULL, text, plain.n, bound.p, bound.n, NULL, nonce, key);
		buf_add(ret, span_make(tag, sizeof tag));
	}
	if (ret->failed || bound.failed) {
		ret->n = start; /* nothing half done, and nothing open, is behind the end */
		e = err_make(ERR_BUSY, "seal a field", "it is longer than its limit", "%s", place.table);
	}
	sodium_memzero(key, sizeof key);
	buf_free(&bound);
	return e;
}

struct err vault_unseal(struct vault *v, enum ring ring, int64_t version, struct seal_place place,
                        struct span sealed, struct buf *ret)
{
	uint8_t key[KEY_SIZE];
	if (sealed.n < SEAL_OVERHEAD)
		return err_make(ERR_DATA, "open a seal", "the store was changed from outside", "%s",
		                place.table);
	struct err e = key_for(v, ring, version, "seal", key);
	if (err_is(e))
		return e;
	struct buf bound;
	bind(&bound, ring, version, place);
	size_t n = sealed.n - SEAL_OVERHEAD, start = ret->n;
	buf_add(ret, span_make(sealed.p + NONCE_SIZE, n)); /* opened in its place */
	if (ret->failed || bound.failed)
		e = err_make(ERR_BUSY, "open a seal", "it is longer than its limit", "%s", place.table);
	else if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
	             ret->p + start, NULL, sealed.p + NONCE_SIZE, n, sealed.p + NONCE_SIZE + n, bound.p,
	             bound.n, sealed.p, key) != 0) {
		ret->n = start;
		e = err_make(ERR_DATA, "open a seal", "the store was changed from outside, or the keys are "
		             "another node's", "%s", place.table);
	}
	sodium_memzero(key, sizeof key);
	buf_free(&bound);
	return e;
}

struct err vault_hash(struct vault *v, enum ring ring, int64_t version, const char *purpose,
                      struct span octets, struct hash *ret)
{
	uint8_t key[KEY_SIZE];
	char named[64];
	if (snprintf(named, sizeof named, "hash %s", purpose) >= (int)sizeof named)
		return err_make(ERR_INPUT, "make a keyed hash", NULL, NULL);
	struct err e = key_for(v, ring, version, named, key);
	if (err_is(e))
		return e;
	(void)crypto_generichash(ret->octets, sizeof ret->octets, octets.p, octets.n, key, sizeof key);
	sodium_memzero(key, sizeof key);
	return e;
}

struct err vault_box(const uint8_t public_key[PUBLIC_KEY_SIZE], struct span plain, struct buf *ret)
{
	uint8_t box[512];
	if (plain.n + BOX_OVERHEAD > sizeof box)
		return err_make(ERR_INPUT, "seal to a public key", "it is longer than its limit", NULL);
	if (crypto_box_seal(box, plain.p, plain.n, public_key) != 0)
		return err_make(ERR_DATA, "seal to a public key", "make the people keys anew", NULL);
	buf_add(ret, span_make(box, plain.n + BOX_OVERHEAD));
	return ret->failed ? err_make(ERR_BUSY, "seal to a public key", NULL, NULL) : ERR_NONE_VALUE;
}
