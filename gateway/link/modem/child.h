/* SPDX-License-Identifier: GPL-3.0-or-later */
/* child.h - the life of the process safar-modem.
 * Room:      link/modem (the child).  Threads: one.
 * Exposed:   it parses what a modem says, and with it octets that anyone with a phone can choose.
 *            So it holds no key and no database, opens nothing once it runs, and can start nothing. */
#ifndef SAFAR_LINK_MODEM_CHILD_H
#define SAFAR_LINK_MODEM_CHILD_H

/* Drives one modem for the parent at this socket until the process ends. */
_Noreturn void child_run(int parent);

#endif
