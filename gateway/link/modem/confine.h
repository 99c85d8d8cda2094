/* SPDX-License-Identifier: GPL-3.0-or-later */
/* confine.h - what the process of a modem may not do any more.
 * Room:      link/modem (the child).  Threads: one; all of the process is confined, for good.
 * Standard:  Linux seccomp(2); landlock(7) where the kernel has it. */
#ifndef SAFAR_LINK_MODEM_CONFINE_H
#define SAFAR_LINK_MODEM_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* No core, not traceable, dies with its parent. False: the system refused. */
bool confine_process(void);
/* After the device is open: no new files (but the device), sockets or processes. *ret is what
 * holds it, bits of enum sandbox (base/frame.h). False: not even the filter of calls does. */
bool confine_seal(const char *device, uint8_t *ret);
/* The halves of it, for the test. */
bool confine_by_landlock(const char *device);
bool confine_by_seccomp(void);

#endif
