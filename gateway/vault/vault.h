/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault.h - keys, sealing, pseudonyms.  Room: vault (libsodium).
 *
 * Two rings of keys, because a keyed hash of a phone number is as secret as its key:
 *   live    random, one key a day, made by itself, for help-seekers in flight; in DATA/live.ring
 *           (mode 0600, replaced atomically, the old file overwritten). A key is destroyed when its
 *           last answer is done (vault_retire). The same file holds the session key (its own,
 *           turned each hour, the one before kept) and the node key, which never turns and seals
 *           only what names nobody (the texts of answers, the salt of refused PINs).
 *   people  contacts, consent, STOP. In a key file ([keys] file, mode 0600, said aloud in the
 *           README), or in DATA/people.ring under a passphrase (Argon2id), opened by
 *           `safar unlock`. Its public half stands in the store, so that a STOP that comes while
 *           the ring is locked can be sealed to it and counted when it is opened.
 *
 * Ownership: keys live in locked memory (sodium_malloc) until vault_close(); what is opened goes
 *            into the caller's buf, who wipes it.
 * Errors:    ERR_LOCKED while the people ring is closed; ERR_ABSENT for a key version that was
 *            destroyed; ERR_DATA where a seal doesn't fit its table, row, version or octets.
 * Threads:   any; a lock inside. */
#ifndef SAFAR_VAULT_VAULT_H
#define SAFAR_VAULT_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct vault;

enum ring { RING_LIVE, RING_SESSION, RING_NODE, RING_PEOPLE, RING_COUNT };

#define HASH_SIZE 16 /* of a keyed hash (BLAKE2b), enough for 10^12 rows */
#define SEAL_OVERHEAD (24 + 16) /* nonce, tag: XChaCha20-Poly1305 */
#define PUBLIC_KEY_SIZE 32
#define BOX_OVERHEAD 48

struct hash {
	uint8_t octets[HASH_SIZE];
};

/* What a seal binds: it opens only in the same table, row and field. */
struct seal_place {
	const char *table, *field; /* literals */
	int64_t row;
};

/* ---- making and opening */
/* Opens the live ring in the data folder (made at the first start). */
struct err vault_open(const char *data_folder, struct vault **ret);
void vault_close(struct vault *v);
/* Makes a new people ring. With a key file: written there, refused when the file exists. Without
 * (""): passphrase, into DATA/people.ring. For `safar keys new`, needs no daemon. */
struct err vault_people_new(const char *data_folder, const char *key_file, struct span passphrase);
bool vault_people_exists(const char *data_folder, const char *key_file);
struct err vault_people_open_file(struct vault *v, const char *key_file);
struct err vault_people_unlock(struct vault *v, const char *data_folder, struct span passphrase);
/* Opening loads the ring; it counts as open once it is admitted: after the store has compared its
 * public half and counted what came while it was locked. Not admitted, it is cleared. */
void vault_people_admit(struct vault *v, bool admitted);
bool vault_people_is_open(const struct vault *v);
/* The public half as DATA/people.ring tells it without its passphrase. */
struct err vault_people_ring_public(const char *data_folder, uint8_t ret[PUBLIC_KEY_SIZE]);
/* The ring's public half; ERR_LOCKED while it is closed (the store then has it). */
struct err vault_people_public(const struct vault *v, uint8_t ret[PUBLIC_KEY_SIZE]);

/* ---- versions */
/* The version to seal with now. live: turns with the UTC day of now_ms; session: with the hour. */
struct err vault_version(struct vault *v, enum ring ring, int64_t now_ms, int64_t *ret);
/* All versions of the ring that still open, newest first; *ret_count ≤ room. */
void vault_versions(const struct vault *v, enum ring ring, int64_t *ret, size_t room,
                    size_t *ret_count);
/* Destroys versions older than `oldest_needed` (never the one of now_ms), on disk too; after an
 * error the next call writes the file again. */
struct err vault_retire(struct vault *v, enum ring ring, int64_t oldest_needed, int64_t now_ms);

/* ---- use */
struct err vault_seal(struct vault *v, enum ring ring, int64_t version, struct seal_place place,
                      struct span plain, struct buf *ret);
struct err vault_unseal(struct vault *v, enum ring ring, int64_t version, struct seal_place place,
                        struct span sealed, struct buf *ret);
/* Keyed hash, with the purpose in the key's derivation ("number", "tail", "mo"): equal octets under
 * another purpose or version give another hash. */
struct err vault_hash(struct vault *v, enum ring ring, int64_t version, const char *purpose,
                      struct span octets, struct hash *ret);
/* Sealed to a public key (X25519); only an open people ring opens it. */
struct err vault_box(const uint8_t public_key[PUBLIC_KEY_SIZE], struct span plain, struct buf *ret);
struct err vault_unbox(struct vault *v, struct span sealed, struct buf *ret);

/* ---- the process */
/* No core dumps, not dumpable (PR_SET_DUMPABLE 0, RLIMIT_CORE 0); called first in each main. */
struct err vault_harden_process(void);

#endif
