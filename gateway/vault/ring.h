/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ring.h - keys with versions, in locked memory, and the file live.ring that keeps them.
 * Room:      vault.
 * File:      text: "safar-live-1", then a line a key, "RING VERSION HEX". Replaced as a whole:
 *            written beside, synced, renamed; then the octets of the old one are overwritten.
 * Ownership: struct rings is the vault's; ring_wipe() clears it.
 * Errors:    ERR_DATA for a file that isn't ours, ERR_REFUSED for one that others may read.
 * Threads:   the vault's lock is held by the caller. */
#ifndef SAFAR_VAULT_RING_H
#define SAFAR_VAULT_RING_H

#include "vault/vault.h"

#define KEY_SIZE 32
#define RING_VERSIONS_MAX 64 /* in a ring: a live key is gone within days */

struct ring_key {
	int64_t version;
	uint8_t key[KEY_SIZE];
};

struct ring_keys {
	struct ring_key keys[RING_VERSIONS_MAX]; /* oldest first */
	size_t count;
};

/* One block of locked memory holds them all. */
struct rings {
	struct ring_keys ring[RING_COUNT];
};

const struct ring_key *ring_find(const struct ring_keys *k, int64_t version);
/* A new random key; ERR_BUSY when the ring is full. */
struct err ring_make(struct ring_keys *k, int64_t version);
/* Clears versions below `oldest`, but for `keep`. True when one went. */
bool ring_drop_older(struct ring_keys *k, int64_t oldest, int64_t keep);

/* The live, session and node rings. An absent file is no error: nothing is read. */
struct err ring_file_read(const char *folder, struct rings *r);
struct err ring_file_write(const char *folder, const struct rings *r);

/* Files of secrets: the whole of a small one, refused when group or others may read it; and one
 * written so that it is there whole or not at all (`fresh`: refuses one that exists). */
struct err secret_file_read(const char *path, struct buf *ret);
struct err secret_file_write(const char *path, struct span octets, bool fresh);

#endif
