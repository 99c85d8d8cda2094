/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what plan_moves.c and plan_go.c share.  Room: campaign, private to it. */
#ifndef SAFAR_CAMPAIGN_INSIDE_H
#define SAFAR_CAMPAIGN_INSIDE_H

#include "campaign/message.h"
#include "store/plans.h"

/* Of all that an approval is bound to: texts, audience, time. */
struct err plan_digest(struct txn *tx, const struct plan *p, struct hash *ret);
/* ERR_REFUSED where that isn't what was submitted any more. */
struct err plan_check_digest(struct txn *tx, const struct plan *p);
/* The texts of a plan, which has one in that language; message_free(). ERR_ABSENT: it hasn't. */
struct err plan_text(struct txn *tx, struct vault *v, const struct plan *p, enum language l,
                     struct message *ret);

#endif
