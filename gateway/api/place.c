/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/banned.h"

struct err place_open(const char *data_folder, struct place *ret)
{
	const int folder = open(data_folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 && errno == ENOENT)
		return err_make(ERR_ABSENT, "open the data folder",
		                "start safard, which makes it, or correct [node] data", "%.120s",
		                data_folder);
	if (folder < 0)
		return err_os(errno, "open the data folder", "run this as safard's own user, or as root",
		              "%.120s", data_folder);
	struct place p = { .folder = folder, .address = { .sun_family = AF_UNIX } };
	(void)snprintf(p.address.sun_path, sizeof p.address.sun_path, /* always fits */
	               "/proc/self/fd/%d/" CONTROL_SOCKET, folder);
	*ret = p;
	return ERR_NONE_VALUE;
}
