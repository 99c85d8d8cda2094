/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that a modem's dialogue is recorded to: opened here, for the child can open nothing. */
#include "link/modem/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#include "base/banned.h"

#define ABOVE_THE_CHILDS 10 /* descriptors 3 and 4 are set up one after the other */

static struct err check(int fd, const char *path)
{
	struct stat s;
	if (fstat(fd, &s) != 0)
		return err_os(errno, "record a modem's dialogue to", NULL, "%.120s", path);
	if (!S_ISREG(s.st_mode) || s.st_nlink != 1)
		return err_make(ERR_CONFIG, "record a modem's dialogue to", "name a file of its own",
		                "%.120s", path);
	if (fchmod(fd, 0600) != 0)
		return err_os(errno, "record a modem's dialogue to", NULL, "%.120s", path);
	return ERR_NONE_VALUE;
}

int keeper_open_record(const struct keeper *k)
{
	const char *path = k->set.record;
	if (path == NULL || path[0] == '\0')
		return -1;
	struct err e = ERR_NONE_VALUE;
	int high = -1;
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		e = err_os(errno, "record a modem's dialogue to", NULL, "%.120s", path);
	else
		e = check(fd, path);
	if (!err_is(e)) {
		high = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE_THE_CHILDS);
		if (high < 0)
			e = err_os(errno, "record a modem's dialogue to", NULL, "%.120s", path);
	}
	if (fd >= 0)
		(void)close(fd);
	if (err_is(e))
		log_err(&e);
	return high;
}
