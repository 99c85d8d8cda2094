/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"

#include "base/banned.h"

#define PTY_MAJOR_FIRST 136u /* linux/major.h: UNIX98_PTY_SLAVE_MAJOR, and the count of them */
#define PTY_MAJOR_LAST 143u

static const struct {
	int64_t baud;
	speed_t code;
} speeds[] = { { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 },
	{ 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 }, { 921600, B921600 } };

static bool speed_of(const char *connection, speed_t *ret)
{
	size_t end = strcspn(connection, "-"); /* "at115200-nodtr" */
	size_t start = end;
	while (start > 0 && connection[start - 1] >= '0' && connection[start - 1] <= '9')
		start--;
	int64_t baud = 115200;
	/* "dku2" and the like end in a digit that is no speed */
	if (end - start >= 4 && !int_parse(span_make(connection + start, end - start), 0, 10000000, &baud))
		return false;
	for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
		if (speeds[i].baud == baud) {
			*ret = speeds[i].code;
			return true;
		}
	return false;
}

static struct err make_raw(int fd, speed_t speed)
{
	struct termios t;
	if (tcgetattr(fd, &t) != 0)
		return err_os(errno, "set up the device", "is it a serial device?", NULL);
	cfmakeraw(&t);
	t.c_iflag |= IGNPAR;
	t.c_cflag |= CREAD | CLOCAL;
	/* Without HUPCL the line stays up when this process ends, and the modem finishes what is on
	 * the air: its late answer is read by the next one. */
	t.c_cflag &= ~(tcflag_t)(HUPCL | CRTSCTS);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (cfsetispeed(&t, speed) != 0 || cfsetospeed(&t, speed) != 0 ||
	    tcsetattr(fd, TCSANOW, &t) != 0)
		return err_os(errno, "set the speed of the device", NULL, NULL);
	return ERR_NONE_VALUE;
}

/* A pty (a modem behind a network, or a test's) stays locked after the process is killed as long as
 * its other end is open, and nobody could open it again. */
static bool is_pty(int fd)
{
	struct stat s;
	return fstat(fd, &s) == 0 && major(s.st_rdev) >= PTY_MAJOR_FIRST &&
	       major(s.st_rdev) <= PTY_MAJOR_LAST;
}

struct err device_open(const char *path, const char *connection, int *ret_fd)
{
	speed_t speed = B0;
	if (!speed_of(connection, &speed))
		return err_make(ERR_CONFIG, "use that speed", "try connection = at115200", NULL);
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
			return err_make(ERR_ABSENT, "find the device", "is the modem plugged in?", NULL);
		if (errno == EBUSY)
			return err_make(ERR_BUSY, "use the device", "another program holds it", NULL);
		return err_os(errno, "open the device", "may this user read and write it?", NULL);
	}
	struct err e = ERR_NONE_VALUE;
	/* flock holds off programs that ask (gammu does), TIOCEXCL those that don't */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		e = errno == EWOULDBLOCK
		    ? err_make(ERR_BUSY, "use the device", "another program holds it", NULL)
		    : err_os(errno, "lock the device", NULL, NULL);
	else if (!is_pty(fd) && ioctl(fd, TIOCEXCL) != 0)
		e = err_os(errno, "keep the device to ourselves", "is it a serial device?", NULL);
	if (!err_is(e))
		e = make_raw(fd, speed);
	if (err_is(e)) {
		(void)close(fd);
		return e;
	}
	*ret_fd = fd;
	return e;
}

bool device_reset_usb(const char *node)
{
	const int fd = open(node, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	const bool good = ioctl(fd, USBDEVFS_RESET, 0) == 0;
	(void)close(fd);
	return good;
}
