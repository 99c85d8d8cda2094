/* SPDX-License-Identifier: GPL-3.0-or-later */
/* people.h - STOP, the memory of a dialog, what is said, and the audit log.  Room: store.
 * Numbers are keyed hashes here; nothing is readable without the ring named beside it.
 * Threads: inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_PEOPLE_H
#define SAFAR_STORE_PEOPLE_H

#include "base/buf.h"
#include "store/store.h"
#include "vault/vault.h"

/* ---- STOP: bars what staff and campaigns start. Under the people ring; while that is locked it is
 * kept as a box to its public key, found meanwhile by the live hash. */
struct err stop_add(struct txn *tx, int64_t people_version, const struct hash *number,
                    int64_t now_ms);
struct err stop_remove(struct txn *tx, int64_t people_version, const struct hash *number);
struct err stop_has(struct txn *tx, int64_t people_version, const struct hash *number, bool *ret);
/* `stop` false: a START that came while locked. The newest for a live hash counts. */
struct err stop_pend(struct txn *tx, int64_t id, bool stop, struct span box, int64_t live_version,
                     const struct hash *live, int64_t now_ms);
struct err stop_pending_has(struct txn *tx, int64_t live_version, const struct hash *live,
                            bool *ret);
/* At unlock: each pending box in order of time; the row is dropped when `row` returns no error,
 * and kept when it does; the others go on. */
struct err stop_pending_take(struct txn *tx,
                             struct err (*row)(struct txn *, int64_t id, bool stop, struct span box,
                                               void *), void *arg);
/* ERR_REFUSED where the store was written with other keys. */
struct err people_public_set(struct txn *tx, const uint8_t key[PUBLIC_KEY_SIZE]);
struct err people_public_get(struct txn *tx, uint8_t ret[PUBLIC_KEY_SIZE], bool *ret_found);

/* ---- the 30 minutes' memory of a dialog, under the session key */
#define SESSION_MS INT64_C(1800000)
struct err session_put(struct txn *tx, int64_t version, const struct hash *who, struct span sealed,
                       int64_t expires_ms);
/* Into *ret (sealed octets; overwritten, the caller frees it); empty when there is none or it is
 * over. Place: session/memory/0. */
struct err session_get(struct txn *tx, int64_t version, const struct hash *who, int64_t now_ms,
                       struct buf *ret);
struct err session_drop(struct txn *tx, int64_t version, const struct hash *who);
struct err session_sweep(struct txn *tx, int64_t now_ms);

/* ---- how often a number was answered: `who` is hashed under a version of `ring` (session: an
 * hour's count, live: a day's), so that the count outlives neither its key nor `expires_ms` */
struct guard {
	int64_t started_ms, latest_ms, count;
};
/* *ret_found is false when there is none or it is over. */
struct err guard_get(struct txn *tx, enum ring ring, int64_t version, const struct hash *who,
                     int64_t now_ms, struct guard *ret, bool *ret_found);
struct err guard_put(struct txn *tx, enum ring ring, int64_t version, const struct hash *who,
                     const struct guard *g, int64_t expires_ms);
struct err guard_sweep(struct txn *tx, int64_t now_ms);

/* ---- content revisions: never change; sealed (node ring for answers, people for campaigns).
 * Place: revision/body/id. */
struct err revision_find(struct txn *tx, const struct hash *digest, int64_t *ret_id,
                         bool *ret_found);
struct err revision_add(struct txn *tx, int64_t id, const struct hash *digest, enum ring ring,
                        int64_t version, struct span sealed, int64_t now_ms);
struct err revision_get(struct txn *tx, int64_t id, enum ring *ret_ring, int64_t *ret_version,
                        struct buf *ret);

/* ---- the audit log: each entry holds the hash of the one before */
struct err audit_add(struct txn *tx, int64_t uid, const char *what, const char *detail,
                     int64_t now_ms);

#endif
