/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper.h - a process that does one thing to a modem from outside: reset its USB port, run a hook.
 * Room:      link.
 * It is bounded: past HELPER_MS it is killed with all that it started. The loop doesn't wait for it.
 * Ownership: helper_free() only after `done` was called, or for NULL.
 * Errors:    ERR_ABSENT: the device has no USB port. Others: the system refused; `done` isn't called.
 * Threads:   the loop's. */
#ifndef SAFAR_LINK_MODEM_HELPER_H
#define SAFAR_LINK_MODEM_HELPER_H

#include "base/err.h"
#include "base/loop.h"

#define HELPER_MS 60000

struct helper;

/* NULL: it did what it should; else a literal that says what came in between. */
typedef void helper_done(void *arg, const char *trouble);

/* Resets the USB port that this tty hangs on, as unplugging and plugging in would. Who runs safard
 * needs to write /dev/bus/usb/BUS/DEVICE for that. `program` is safar-modem. */
struct err helper_reset_usb(struct loop *l, const char *program, const char *tty,
                            helper_done *done, void *arg, struct helper **ret);
/* Runs a program without a shell; the link's name is its only argument. */
struct err helper_run(struct loop *l, const char *program, const char *link, helper_done *done,
                      void *arg, struct helper **ret);
void helper_kill(struct helper *h); /* `done` follows */
void helper_free(struct helper *h);

/* For the test: the same with the port's node, and "/dev/bus/usb/001/004" of a tty's folder in sysfs; false: none. */
struct err helper_reset_node(struct loop *l, const char *program, const char *node,
                             helper_done *done, void *arg, struct helper **ret);
bool helper_usb_node(const char *sysfs_folder, char *ret, size_t room);

#endif
