/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gammu.h - libGammu on our own device functions.
 * Room:      link/modem (the child).
 * libGammu's table of serial functions is filled with ours, so that every octet goes through the
 * pump of modem.c and every call has a deadline: past it the process ends, for an aborted libGammu
 * can't be used again.
 * Errors:    NULL, or a reason in plain words.  Threads: one.  State: one modem a process. */
#ifndef SAFAR_LINK_MODEM_GAMMU_H
#define SAFAR_LINK_MODEM_GAMMU_H

#include "link/modem/modem.h"

struct identity {
	char maker[64], model[64], firmware[256], imei[48], imsi[48];
};

/* Opens libGammu on m->device, which is open and unlocked already, and asks who the modem is. What
 * it can't find out (perhaps all: it is choosy) stays empty. */
const char *gammu_identify(struct modem *m, struct identity *ret);

#endif
