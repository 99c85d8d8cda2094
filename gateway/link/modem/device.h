/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device.h - the serial device of a modem: opened, locked, raw.
 * Room:      link/modem (the child).
 * Ownership: the descriptor is the caller's.
 * Errors:    ERR_ABSENT (no such device), ERR_BUSY (another program holds it), ERR_CONFIG (an
 *            unknown speed), ERR_IO.  Threads: no state. */
#ifndef SAFAR_LINK_MODEM_DEVICE_H
#define SAFAR_LINK_MODEM_DEVICE_H

#include "base/err.h"

/* One try. What waits to be read stays: an answer that a killed process did not live to read may
 * be in it. `connection` is gammu's name; digits at its end are the speed (else 115200). */
struct err device_open(const char *path, const char *connection, int *ret_fd);
/* Resets what hangs on a USB port (/dev/bus/usb/BUS/DEVICE); sleeps in the kernel meanwhile. */
bool device_reset_usb(const char *node);

#endif
