/* SPDX-License-Identifier: GPL-3.0-or-later */
/* network.h - what stands between modems and phones: the SMSC, and the reports on their way.
 *
 * Ownership: the network owns the reports that are due; modems and phones are the world's.
 * Errors:    a refusal is a +CMS ERROR code (TS 27.005 §3.2.5), 0 is success.
 * Threads:   none.   Units: ms.
 */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include "pdu.h"
#include "phone.h"
#include "world.h"

#define REPORTS_MAX 1000000
#define HELD_MAX 10000 /* a phone that is off */

enum {
	ST_DELIVERED = 0x00, /* TP-ST, TS 23.040 §9.2.3.15 */
	ST_BUSY = 0x21,      /* temporary: the SMSC goes on trying */
	ST_EXPIRED = 0x46,
};

struct network *network_open(void);
void network_close(struct network *n);

/* Whether the network would take a text to that number: 0 or the code. */
int network_refuses(struct world *w, const char *to);

/* The network has taken it under this reference: the phone gets it, the report gets on its way. */
void network_submit(struct world *w, struct modem *m, const struct submit *s, uint8_t mr);

void network_phone_state(struct world *w, struct phone *ph, enum phone_state state);

/* A phone texts a modem's SIM. Returns the parts, 0 when the text is malformed or too long.
 * The sender is a number or a name of at most 11 characters. */
unsigned network_text(
	struct world *w, struct modem *m, const char *from, const char *utf8, int64_t ago_s);

/* Hands out the reports that are due; returns when the next one is, or NEVER. */
int64_t network_tick(struct world *w);

#endif
