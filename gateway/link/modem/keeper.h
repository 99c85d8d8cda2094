/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keeper.h - one modem link as safard keeps it: its process, its SIM, the part on the air.
 * Room:      link.
 *
 *   down ──start──► starting ──READY, SIM known──► ready ◄──► (slow: silent for 10 s)
 *    ▲                │ ▲                            │
 *    └──the process is gone, after a growing pause───┘
 *
 * It starts by itself, by a timer of the loop; hub->changed is called when there is something new to show.
 *
 * What is on the air is one part at a time: claimed and `submitting` in the store first, then
 * handed to the child; its outcome and the next claim are one commit.
 * Ownership: keeper_free() only when keeper_is_idle() (no child, no change under way).
 * Threads:   the loop's. */
#ifndef SAFAR_LINK_MODEM_KEEPER_H
#define SAFAR_LINK_MODEM_KEEPER_H

#include "base/errand.h"
#include "link/links.h"
#include "link/work.h"

struct keeper;

struct err keeper_new(struct hub *hub, const char *program, const struct link_settings *s,
                      struct keeper **ret);
/* New price, operator or cap; a change of device, connection, PIN or pace starts the child anew. */
struct err keeper_apply(struct keeper *k, const struct link_settings *s);
void keeper_wake(struct keeper *k);          /* something is queued */
void keeper_tick(struct keeper *k);          /* once a second: silence and deadlines */
void keeper_finish(struct keeper *k);        /* finish the part on the air, start nothing */
bool keeper_is_idle(const struct keeper *k);
/* Asks the SIM's operator (errand_what() is the code), and answers the errand: at once when the
 * modem isn't ready or is asked already. */
void keeper_ask(struct keeper *k, struct errand *d);
void keeper_state(const struct keeper *k, struct link_state *ret);
void keeper_free(struct keeper *k);

#endif
