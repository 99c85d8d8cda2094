/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_import.h - rows of a list become contacts, and contacts are found again by their number.
 * Room:      campaign.
 * Once more: a second import of the same rows changes nothing but `updated`: facts are overwritten,
 *            tags added, consent that the ledger has isn't added twice. STOP stays whatever is imported.
 * Errors:    ERR_LOCKED while the people keys are closed; nothing of a batch is kept on an error.
 * Threads:   inside a transaction. */
#ifndef SAFAR_CAMPAIGN_CONTACT_IMPORT_H
#define SAFAR_CAMPAIGN_CONTACT_IMPORT_H

#include "store/contacts.h"
#include "text/msisdn.h"
#include "vault/vault.h"

struct contact_import {
	struct store *store;
	struct vault *vault;
	bool is_dry; /* counts alone: nothing is written */
	int64_t now_ms;
	/* what was done, or would be */
	int64_t added, updated;
	int64_t without_consent, stopped; /* of those: no campaign may write to them */
};
/* `rows` as contact_row_write() made them. */
struct err contact_import_rows(struct txn *tx, struct contact_import *im, struct span rows);

/* The hash that contacts and STOP have in common. */
struct err contact_hash(struct vault *v, const struct msisdn *m, int64_t now_ms,
                        int64_t *ret_version, struct hash *ret);
/* The number of a contact, '+' and digits, added to *ret, which the caller wipes. */
struct err contact_number(struct vault *v, const struct contact *c, struct buf *ret);

#endif
