/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd.h - open USSD sessions: a row each, sealed, found by keyed hashes of the operator's session id,
 * of the ids of its dialog (alias), and of the caller.
 * Room:      store.  Hashes and seal are under one version of the session key: without it a row is
 *            nothing. Which one it was is known by who finds the row.
 * Ownership: a row out of the store owns `sealed`; the caller frees it.
 * Threads:   inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_USSD_H
#define SAFAR_STORE_USSD_H

#include "base/buf.h"
#include "store/store.h"
#include "vault/vault.h"

struct ussd_row {
	int64_t id;      /* the store's */
	int64_t version; /* of the session key that the hashes were made with, and the seal */
	struct hash session, who;
	bool has_alias;
	struct hash alias;
	int64_t expires_ms;
	struct buf sealed; /* place: ussd/state/the first octets of `session` */
};

/* *ret_found is false where there is none, or it is over. */
struct err ussd_row_get(struct txn *tx, int64_t version, const struct hash *session, int64_t now_ms,
                        struct ussd_row *ret, bool *ret_found);
/* Those of a dialog, or of a caller, that aren't over; at most `room`, in no order. */
struct err ussd_rows_of_alias(struct txn *tx, int64_t version, const struct hash *alias,
                              int64_t now_ms, struct ussd_row *ret, size_t room, size_t *ret_n);
struct err ussd_rows_of(struct txn *tx, int64_t version, const struct hash *who, int64_t now_ms,
                        struct ussd_row *ret, size_t room, size_t *ret_n);
/* A new one, in the place of one with the same session; sets its id. */
struct err ussd_row_add(struct txn *tx, struct ussd_row *row);
/* Its state alone. */
struct err ussd_row_keep(struct txn *tx, const struct ussd_row *row);
struct err ussd_row_drop(struct txn *tx, int64_t id);
/* Of the `limit` oldest drops those that are over; *ret_more as in delivery_sweep(). */
struct err ussd_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more);

#endif
