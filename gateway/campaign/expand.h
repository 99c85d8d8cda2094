/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expand.h - an audience becomes deliveries, a piece at a time, while the campaign runs.
 * Room:      campaign, private to it and its tests.
 * Order:     by the hashes of the numbers, which is nobody's. The place where it goes on is kept with
 *            the piece, in one commit: after a crash it goes on there, and delivery_once in the store
 *            keeps a number from standing in a campaign twice whatever is done.
 * Left out:  who said STOP, has no text, got this text within `again_days`; who didn't agree or is to
 *            be left in peace never comes out of the audience.
 * Errors:    ERR_LOCKED while the people ring is closed: nothing has changed then.
 * Threads:   inside a transaction of the writer. */
#ifndef SAFAR_CAMPAIGN_EXPAND_H
#define SAFAR_CAMPAIGN_EXPAND_H

#include "campaign/hours.h"
#include "campaign/spec.h"
#include "store/plans.h"

struct expansion {
	struct store *store;
	struct vault *vault;
	const struct hours *hours;
	const struct spec *spec;
	const struct message *message;
	struct plan *plan;
	int64_t part_price, now_ms;
	int64_t month_left;  /* of what may be spent this month */
	bool is_dear; /* a ceiling is reached: somebody is left */
};

/* Looks at `limit` people at most; the plan's place is written. */
struct err expand(struct txn *tx, struct expansion *x, unsigned limit);

#endif
