/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tty.h - the pty that stands for a modem's serial port, and the name under which it is found.
 *
 * The slave is held open here. So octets written while nobody listens wait in the kernel for the
 * next opener, nothing is lost between a close and the next open, and the master never reads EIO.
 * The price: the kernel would keep TIOCEXCL of a killed client on a tty that is still open (it
 * keeps it on a pty in any case, as long as the master lives). So inotify tells of each close, and
 * tty_closed() takes the lock off again. An opener that comes within that turn of the loop can
 * still meet EBUSY; and should several processes have one tty open, the first close unlocks it for
 * all.
 *
 * Ownership: a struct tty owns its two descriptors, the inotify watch and the symlink.
 * Errors:    tty_open() returns false with errno set, and leaves nothing behind.
 * Threads:   none.
 */
#ifndef SIM_TTY_H
#define SIM_TTY_H

#include <stdbool.h>

#include "world.h"

struct tty {
	int master, slave, watch; /* -1 while closed */
	char link[PATH_LIMIT];
};

bool tty_open(struct tty *t, int inotify, const char *link);
void tty_close(struct tty *t, int inotify);

/* Somebody closed the slave. */
void tty_closed(struct tty *t);

#endif
