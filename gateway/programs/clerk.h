/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clerk.h - the thread that keeps house: lifetimes, retention, messages whose missing part doesn't
 * come, keys that have done their work, campaigns.
 * Room: programs.  It shares no state but the store, the vault and the links' states. */
#ifndef SAFAR_PROGRAMS_CLERK_H
#define SAFAR_PROGRAMS_CLERK_H

#include "campaign/hours.h"
#include "dialog/dialog.h"
#include "link/links.h"
#include "store/store.h"
#include "vault/vault.h"

struct clerk;

/* What campaigns go by. `hours` is the clerk's from when it is given them; money in hundredths. */
struct clerk_rules {
	struct hours *hours;
	int64_t part_price, month_ceiling;
};
/* The rules' hours are the clerk's, error or not. */
struct err clerk_start(struct store *st, struct vault *v, struct dialog *d, struct links *ls,
                       const struct clerk_rules *rules, struct clerk **ret);
void clerk_stop(struct clerk *c); /* waits for its turn to end; NULL is fine */
/* A campaign moved: it takes its turn now. Any thread. */
void clerk_wake(struct clerk *c);
void clerk_use_rules(struct clerk *c, const struct clerk_rules *rules); /* any thread */
/* The sending hours that it goes by, held: hours_drop(). Any thread. */
struct hours *clerk_hours(struct clerk *c);

#endif
