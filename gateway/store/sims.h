/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sims.h - SIM cards, refused PINs, and the counts that `status` shows.  Room: store.
 * TP-MR, caps and stickiness belong to the SIM (ICCID, else IMSI), not to link or device.
 * Threads: inside a transaction. */
#ifndef SAFAR_STORE_SIMS_H
#define SAFAR_STORE_SIMS_H

#include "store/delivery.h"
#include "store/inbox.h"

/* The row of this SIM, made when new. Where a modem gives no ICCID, the IMSI stands for it. */
struct err sim_find(struct txn *tx, const char *iccid, const char *imsi, const char *operator_,
                    int64_t now_ms, int64_t *ret);

/* The row of a loopback link, which has no card: always the same by the link's name, and never away,
 * so that its answers go to no other SIM. */
struct err sim_of_loopback(struct txn *tx, const char *link, int64_t now_ms, int64_t *ret);

/* Its first 15 characters, which is all that an IMSI has; "" where it isn't known. */
#define IMSI_LIMIT 16
struct err sim_imsi_get(struct txn *tx, int64_t sim, char ret[IMSI_LIMIT]);

/* What the operator said that is left on the SIM, and when. at_ms 0: it isn't known. */
struct sim_balance {
	int64_t hundredths, at_ms;
};
struct err sim_balance_get(struct txn *tx, int64_t sim, struct sim_balance *ret);
struct err sim_balance_set(struct txn *tx, int64_t sim, const struct sim_balance *b);

/* Where a link's modem was found last, by its IMEI; "": not known. */
struct err found_device_get(struct txn *tx, const char *link, char *ret, size_t room);
struct err found_device_set(struct txn *tx, const char *link, const char *device);

/* A refused PIN is never tried again for that SIM until it changes, and never with fewer than two
 * tries left. `card` is the ICCID, or the IMEI where the locked SIM doesn't tell it; `pin` a hash
 * under the node key. `tries_left` < 0: unknown, then our own count since the last success tells.
 * Call pin_may(), commit pin_trying(), then try. A try whose end is unknown counts as refused. */
struct err pin_may(struct txn *tx, const char *card, const struct hash *pin, int tries_left,
                   bool *ret, const char **ret_reason);
struct err pin_trying(struct txn *tx, const char *card, const struct hash *pin, int64_t now_ms);
struct err pin_accepted(struct txn *tx, const char *card);

/* What `safar status` counts; kept by the gate in the transaction of the move. */
struct status_counts {
	int64_t deliveries[DELIVERY_STATE_COUNT];
	int64_t inbox_received, inbox_answered, inbox_partial;
	int64_t parts_sent, parts_delivered;
};
struct err status_read(struct txn *tx, struct status_counts *ret);
/* Counts of one link since ever: parts accepted, parts refused or given up. */
struct err link_counts(struct txn *tx, const char *link, int64_t *ret_sent, int64_t *ret_failed);

#endif
