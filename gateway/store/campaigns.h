/* SPDX-License-Identifier: GPL-3.0-or-later */
/* campaigns.h - a broadcast is written down piece by piece, and sent as a whole or not at all.
 * Room:      store.
 *
 *   writing ──► releasing ──► whole
 *      ╰──────► abandoned ──► (its rows are removed)
 *
 * While a campaign is `writing` its deliveries are held: their not_before is campaign_held(), which
 * no clock reaches, so that no claim sees them. A STOP cancels them as any others. One commit makes
 * the campaign `releasing`: from then on all of it will be sent, and its deliveries are let go piece
 * by piece, by whoever wrote it, after a crash by the clerk. What a crash or an error leaves
 * `writing` is abandoned: nothing of it is ever sent, its request may come again.
 * Only one is written at a time.
 * Threads:   inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_CAMPAIGNS_H
#define SAFAR_STORE_CAMPAIGNS_H

#include "base/buf.h"
#include "store/store.h"

#define CAMPAIGN_STATES(X) \
	X(WRITING, "writing") X(RELEASING, "releasing") X(WHOLE, "whole") X(ABANDONED, "abandoned")
#define X(id, word) CAMPAIGN_##id,
enum campaign_state { CAMPAIGN_STATES(X) CAMPAIGN_STATE_COUNT };
#undef X

struct campaign_new {
	int64_t id, revision;
	const char *consent;  /* what people agreed to, and where: staff's words */
	const char *override; /* why outside sending hours; "" : not */
	int64_t uid;          /* of the peer on the socket */
	int64_t now_ms;
	struct span request;  /* random octets, the same when it is asked again; empty: none */
};
/* It is `writing`. */
struct err campaign_add(struct txn *tx, const struct campaign_new *c);
/* not_before of its deliveries until they are let go. */
int64_t campaign_held(int64_t campaign);
/* ERR_ABSENT for one that isn't `writing`. */
struct err campaign_release(struct txn *tx, int64_t id);
/* At most `limit` deliveries of a released one, due at now_ms; *ret_done: there were no more. */
struct err campaign_let_go(struct txn *tx, int64_t id, int64_t now_ms, unsigned limit,
                           bool *ret_done);
/* Whatever is `writing`: at the start, and before another is written. */
struct err campaigns_abandon(struct txn *tx);
/* Goes on letting go what is `releasing`, and removes what was abandoned; *ret_more as in
 * delivery_sweep(). */
struct err campaigns_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more);

/* The released campaign that this request made before; *ret_found is false when there is none. */
struct err campaign_find(struct txn *tx, struct span request, int64_t *ret_id, bool *ret_found);

#endif
