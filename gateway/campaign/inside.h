/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what plan_moves.c and plan_go.c share.  Room: campaign, private to it. */
#ifndef SAFAR_CAMPAIGN_INSIDE_H
#define SAFAR_CAMPAIGN_INSIDE_H

#include "store/plans.h"

/* Of all that an approval is bound to: texts, audience, time. */
struct err plan_digest(struct txn *tx, const struct plan *p, struct hash *ret);
/* ERR_REFUSED where that isn't what was submitted any more. */
struct err plan_check_digest(struct txn *tx, const struct plan *p);

#endif
