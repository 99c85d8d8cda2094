/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The people ring: one secret, from which its sealing key, its hash keys and its X25519 pair are
 * derived. In a key file as it is, or under a passphrase. */
#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/inside.h"
#include "base/banned.h"

#define FILE_LIMIT 4096
#define PATH_LIMIT 4096
#define FILE_HEAD "safar-people-1:"
#define RING_HEAD "safar-people-passphrase-1"
#define SEALED_SIZE (KEY_SIZE + crypto_secretbox_MACBYTES)
#define PASSPHRASE_MIN 8

static bool path_of(const char *folder, const char *key_file, char ret[PATH_LIMIT])
{
	if (key_file[0] != '\0')
		return text_copy(ret, PATH_LIMIT, key_file);
	return snprintf(ret, PATH_LIMIT, "%s/people.ring", folder) < PATH_LIMIT;
}

bool vault_people_exists(const char *data_folder, const char *key_file)
{
	char path[PATH_LIMIT];
	return path_of(data_folder, key_file, path) && access(path, F_OK) == 0;
}

/* The X25519 pair that the secret stands for. */
static void derive_pair(const uint8_t people[KEY_SIZE], uint8_t public_key[PUBLIC_KEY_SIZE],
                        uint8_t secret[KEY_SIZE])
{
	uint8_t seed[KEY_SIZE];
	vault_derive(seed, people, "box");
	(void)crypto_box_seed_keypair(public_key, secret, seed);
	sodium_memzero(seed, sizeof seed);
}

/* ---- under a passphrase: head, limits, salt, nonce, sealed secret, public key; a line each */

struct locked {
	int64_t ops, memory;
	uint8_t salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES], sealed[SEALED_SIZE];
	uint8_t public_key[PUBLIC_KEY_SIZE]; /* what comes while the ring is locked is sealed to it */
};

static struct err stretch(struct span passphrase, const struct locked *l, uint8_t ret[KEY_SIZE])
{
	if (crypto_pwhash(ret, KEY_SIZE, (const char *)passphrase.p, passphrase.n, l->salt,
	                  (unsigned long long)l->ops, (size_t)l->memory,
	                  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_make(ERR_MEMORY, "stretch the passphrase", "it needs 256 MiB for a second",
		                NULL);
	return ERR_NONE_VALUE;
}

static struct err lock_secret(const uint8_t secret[KEY_SIZE], struct span passphrase,
                              struct buf *ret)
{
	struct locked l = { .ops = (int64_t)crypto_pwhash_OPSLIMIT_MODERATE,
		.memory = (int64_t)crypto_pwhash_MEMLIMIT_MODERATE };
	uint8_t key[KEY_SIZE];
	char hex[2 * SEALED_SIZE + 1];
	randombytes_buf(l.salt, sizeof l.salt);
	randombytes_buf(l.nonce, sizeof l.nonce);
	struct err e = stretch(passphrase, &l, key);
	if (err_is(e))
		return e;
	(void)crypto_secretbox_easy(l.sealed, secret, KEY_SIZE, l.nonce, key);
	derive_pair(secret, l.public_key, key);
	sodium_memzero(key, sizeof key);
	buf_addf(ret, RING_HEAD "\n%" PRIi64 "\n%" PRIi64 "\n", l.ops, l.memory);
	const struct span fields[] = { span_make(l.salt, sizeof l.salt),
		span_make(l.nonce, sizeof l.nonce), span_make(l.sealed, sizeof l.sealed),
		span_make(l.public_key, sizeof l.public_key) };
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		hex_write(fields[i], hex);
		buf_addf(ret, "%s\n", hex);
	}
	return e;
}

static bool read_hex(struct span *rest, uint8_t *ret, size_t size)
{
	struct span line;
	size_t n = 0;
	return span_line(rest, &line) && hex_parse(line, ret, size, &n) && n == size;
}

static bool read_locked(struct span text, struct locked *ret)
{
	struct span line;
	return span_line(&text, &line) && span_is(line, RING_HEAD) && span_line(&text, &line) &&
	       int_parse(line, 1, 1000, &ret->ops) && span_line(&text, &line) &&
	       int_parse(line, 8192, INT64_C(1) << 31, &ret->memory) &&
	       read_hex(&text, ret->salt, sizeof ret->salt) &&
	       read_hex(&text, ret->nonce, sizeof ret->nonce) &&
	       read_hex(&text, ret->sealed, sizeof ret->sealed) &&
	       read_hex(&text, ret->public_key, sizeof ret->public_key) && text.n == 0;
}

/* ---- making */

struct err vault_people_new(const char *data_folder, const char *key_file, struct span passphrase)
{
	char path[PATH_LIMIT], hex[2 * KEY_SIZE + 1];
	uint8_t secret[KEY_SIZE];
	struct buf file;
	if (sodium_init() < 0)
		return err_make(ERR_MEMORY, "make keys", NULL, NULL);
	if (!path_of(data_folder, key_file, path))
		return err_make(ERR_INPUT, "make keys", "choose a shorter path", NULL);
	if (access(path, F_OK) == 0)
		return err_make(ERR_REFUSED, "overwrite keys", "move that file away first", "%.120s", path);
	if (key_file[0] == '\0' && passphrase.n < PASSPHRASE_MIN)
		return err_make(ERR_INPUT, "use that passphrase", "it needs at least 8 characters", NULL);
	buf_init(&file, FILE_LIMIT);
	randombytes_buf(secret, sizeof secret);
	struct err e = ERR_NONE_VALUE;
	if (key_file[0] != '\0') {
		hex_write(span_make(secret, sizeof secret), hex);
		buf_addf(&file, FILE_HEAD "%s\n", hex);
	} else
		e = lock_secret(secret, passphrase, &file);
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(hex, sizeof hex);
	if (!err_is(e) && file.failed)
		e = err_make(ERR_MEMORY, "make keys", NULL, NULL);
	if (!err_is(e))
		e = secret_file_write(path, buf_span(&file), true);
	buf_wipe(&file);
	return e;
}

/* ---- opening */

static void take_secret(struct vault *v, const uint8_t secret[KEY_SIZE])
{
	struct ring_keys *keys = &v->rings->ring[RING_PEOPLE];
	(void)pthread_rwlock_wrlock(&v->lock);
	keys->keys[0].version = PEOPLE_VERSION;
	memcpy(keys->keys[0].key, secret, KEY_SIZE);
	keys->count = 1;
	(void)pthread_rwlock_unlock(&v->lock);
}

struct err vault_people_open_file(struct vault *v, const char *key_file)
{
	struct buf file;
	uint8_t secret[KEY_SIZE];
	size_t n = 0;
	buf_init(&file, FILE_LIMIT);
	struct err e = secret_file_read(key_file, &file);
	struct span text = span_trim(buf_span(&file));
	size_t head = strlen(FILE_HEAD);
	if (!err_is(e) && (text.n < head || !span_is(span_make(text.p, head), FILE_HEAD) ||
	                   !hex_parse(span_make(text.p + head, text.n - head), secret,
	                              sizeof secret, &n) || n != sizeof secret))
		e = err_make(ERR_DATA, "read the people keys", "bring the key file back from its copy",
		             "%.120s", key_file);
	if (!err_is(e))
		take_secret(v, secret);
	sodium_memzero(secret, sizeof secret);
	buf_wipe(&file);
	return e;
}

static struct err read_ring(const char *data_folder, struct locked *ret)
{
	char path[PATH_LIMIT];
	struct buf file;
	if (!path_of(data_folder, "", path))
		return err_make(ERR_INPUT, "open the people keys", "choose a shorter data folder", NULL);
	buf_init(&file, FILE_LIMIT);
	struct err e = secret_file_read(path, &file);
	if (!err_is(e) && !read_locked(buf_span(&file), ret))
		e = err_make(ERR_DATA, "read the people keys", "bring that file back from its copy", "%.120s",
		             path);
	buf_wipe(&file);
	return e;
}

struct err vault_people_ring_public(const char *data_folder, uint8_t ret[PUBLIC_KEY_SIZE])
{
	struct locked l;
	struct err e = read_ring(data_folder, &l);
	if (!err_is(e))
		memcpy(ret, l.public_key, PUBLIC_KEY_SIZE);
	return e;
}

struct err vault_people_unlock(struct vault *v, const char *data_folder, struct span passphrase)
{
	struct locked l;
	uint8_t key[KEY_SIZE], secret[KEY_SIZE];
	struct err e = read_ring(data_folder, &l);
	if (!err_is(e))
		e = stretch(passphrase, &l, key);
	if (err_is(e))
		return e;
	if (crypto_secretbox_open_easy(secret, l.sealed, sizeof l.sealed, l.nonce, key) != 0)
		e = err_make(ERR_REFUSED, "open the people keys", "that is not the passphrase", NULL);
	else
		take_secret(v, secret);
	sodium_memzero(key, sizeof key);
	sodium_memzero(secret, sizeof secret);
	return e;
}

void vault_people_admit(struct vault *v, bool admitted)
{
	struct ring_keys *keys = &v->rings->ring[RING_PEOPLE];
	(void)pthread_rwlock_wrlock(&v->lock);
	v->people_open = admitted && keys->count > 0;
	if (!admitted) {
		sodium_memzero(keys->keys, sizeof keys->keys);
		keys->count = 0;
	}
	(void)pthread_rwlock_unlock(&v->lock);
}

bool vault_people_is_open(const struct vault *v)
{
	struct vault *lockable = (struct vault *)(uintptr_t)v; /* the lock alone is changed */
	(void)pthread_rwlock_rdlock(&lockable->lock);
	bool open = v->people_open;
	(void)pthread_rwlock_unlock(&lockable->lock);
	return open;
}

/* ---- its X25519 pair */

static struct err pair(struct vault *v, uint8_t public_key[PUBLIC_KEY_SIZE], uint8_t secret[KEY_SIZE])
{
	const struct ring_keys *keys = &v->rings->ring[RING_PEOPLE];
	(void)pthread_rwlock_rdlock(&v->lock);
	bool there = keys->count > 0;
	if (there)
		derive_pair(keys->keys[0].key, public_key, secret);
	(void)pthread_rwlock_unlock(&v->lock);
	return there ? ERR_NONE_VALUE
	             : err_make(ERR_LOCKED, "use the people keys", "open them with `safar unlock`", NULL);
}

struct err vault_people_public(const struct vault *v, uint8_t ret[PUBLIC_KEY_SIZE])
{
	uint8_t secret[KEY_SIZE];
	struct err e = pair((struct vault *)(uintptr_t)v, ret, secret);
	sodium_memzero(secret, sizeof secret);
	return e;
}

struct err vault_unbox(struct vault *v, struct span sealed, struct buf *ret)
{
	uint8_t public_key[PUBLIC_KEY_SIZE], secret[KEY_SIZE], plain[512];
	struct err e = pair(v, public_key, secret);
	if (err_is(e))
		return e;
	if (sealed.n < BOX_OVERHEAD || sealed.n - BOX_OVERHEAD > sizeof plain ||
	    crypto_box_seal_open(plain, sealed.p, sealed.n, public_key, secret) != 0)
		e = err_make(ERR_DATA, "open a box", "it was sealed to other people keys", NULL);
	else
		buf_add(ret, span_make(plain, sealed.n - BOX_OVERHEAD));
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_BUSY, "open a box", NULL, NULL);
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(plain, sizeof plain);
	return e;
}
