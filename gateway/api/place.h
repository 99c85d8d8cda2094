/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place.h - the address of the control socket.  Room: api, private to it.
 * A socket's path has at most 107 octets, a data folder's may have more: the folder is opened, and
 * the address goes through /proc/self/fd.
 * Ownership: the caller closes `folder`; the address holds as long as it is open. */
#ifndef SAFAR_API_PLACE_H
#define SAFAR_API_PLACE_H

#include <sys/un.h>

#include "base/err.h"

#define CONTROL_SOCKET "safar.sock"

struct place {
	int folder;
	struct sockaddr_un address;
};
/* ERR_ABSENT: there is no such folder. */
struct err place_open(const char *data_folder, struct place *ret);

#endif
