/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tty.c - see tty.h. */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static bool make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return false;
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	return tcsetattr(fd, TCSANOW, &t) == 0;
}

/* By rename, so that whoever looks finds the old port or the new one. */
static bool point(const char *link, const char *to)
{
	char fresh[PATH_LIMIT + 8];

	snprintf(fresh, sizeof fresh, "%s.new", link);
	if (unlink(fresh) < 0 && errno != ENOENT)
		return false;
	return symlink(to, fresh) == 0 && rename(fresh, link) == 0;
}

bool tty_open(struct tty *t, int inotify, const char *link)
{
	char path[64];

	*t = (struct tty){ .slave = -1, .watch = -1 };
	snprintf(t->link, sizeof t->link, "%s", link);
	t->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (t->master < 0)
		return false;
	if (grantpt(t->master) < 0 || unlockpt(t->master) < 0
		|| ptsname_r(t->master, path, sizeof path))
		goto fail;
	t->slave = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (t->slave < 0 || !make_raw(t->slave))
		goto fail;
	t->watch = inotify_add_watch(inotify, path, IN_CLOSE);
	if (t->watch < 0 || !point(link, path))
		goto fail;
	return true;
fail:;
	int why = errno;
	tty_close(t, inotify);
	errno = why;
	return false;
}

void tty_close(struct tty *t, int inotify)
{
	if (t->master < 0)
		return;
	if (t->watch >= 0)
		inotify_rm_watch(inotify, t->watch);
	unlink(t->link);
	if (t->slave >= 0)
		close(t->slave);
	close(t->master);
	t->master = t->slave = t->watch = -1;
}

void tty_closed(struct tty *t)
{
	if (t->slave < 0)
		return;
	ioctl(t->slave, TIOCNXCL);
	make_raw(t->slave); /* whatever that client had set */
}
