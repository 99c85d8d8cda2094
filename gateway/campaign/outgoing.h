/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outgoing.h - what staff start, as rows of the store.  Room: campaign, private to it.
 * All of it is of the people ring: ERR_LOCKED while that is closed.
 * Ownership: arguments are borrowed.  Threads: inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_CAMPAIGN_OUTGOING_H
#define SAFAR_CAMPAIGN_OUTGOING_H

#include "campaign/message.h"
#include "store/delivery.h"
#include "store/store.h"
#include "text/language.h"
#include "text/msisdn.h"
#include "vault/vault.h"

struct outgoing {
	struct store *store;
	struct vault *vault;
	enum lane lane;
	int64_t revision, campaign; /* campaign 0: none */
	bool flash;                 /* staff's own texts alone */
	int64_t now_ms, not_before_ms, expires_ms;
	int64_t closes_ms;          /* of its sending hours, 0: it has none */
	const char *country;        /* for these; NULL: not known */
};

/* The revision that holds these texts, written at their first use. texts[l].n == 0: none. */
struct err outgoing_revision(struct txn *tx, struct store *st, struct vault *v,
                             const struct span texts[LANGUAGE_COUNT], int64_t now_ms,
                             int64_t *ret_id);
/* The texts of such a revision; *ret is the caller's from then on (message_free()), without a
 * fallback. */
struct err outgoing_read(struct txn *tx, struct vault *v, int64_t revision, struct message *ret);
/* One delivery of the revision's text in `l`, which takes `parts` parts. */
struct err outgoing_add(struct txn *tx, const struct outgoing *o, const struct msisdn *to,
                        enum language l, unsigned parts, int64_t *ret_id);
/* Did this number say STOP, under any version of the people ring? */
struct err outgoing_stopped(struct txn *tx, struct vault *v, const struct msisdn *to, bool *ret);

#endif
