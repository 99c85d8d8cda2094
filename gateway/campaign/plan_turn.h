/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_turn.h - what campaigns need done beside the sending: begun at their time, their audience
 * expanded some thousand deliveries ahead of the links, held outside sending hours and placed again,
 * paused when too much fails, cleared when stopped, finished when all has gone.
 * Room:      campaign.
 * Threads:   the clerk's; each step is a transaction of TURN_ROWS rows at most, so that an answer never
 *            waits for it.
 * Errors:    those of the store; a step that failed is done again by the next turn. */
#ifndef SAFAR_CAMPAIGN_PLAN_TURN_H
#define SAFAR_CAMPAIGN_PLAN_TURN_H

#include "campaign/hours.h"
#include "store/store.h"
#include "vault/vault.h"

#define TURN_ROWS 500u
#define AHEAD 2000u   /* deliveries that are due, ahead of the links */
#define WAITING 20000u /* and with those that wait for their hours */

struct plan_turn {
	struct store *store;
	struct vault *vault;
	const struct hours *hours;
	int64_t part_price, month_ceiling; /* hundredths; no ceiling: 0 */
};
/* One turn for all campaigns. *ret_wait_ms: until the next one at the latest: TURN_BUSY_MS where there
 * is more to do, TURN_SOON_MS where links may use up what is ahead of them. */
#define TURN_BUSY_MS INT64_C(50)
#define TURN_SOON_MS INT64_C(1000)
#define TURN_IDLE_MS INT64_C(5000)
struct err plan_turn(const struct plan_turn *t, int64_t now_ms, int64_t *ret_wait_ms);

#endif
