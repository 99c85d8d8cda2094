/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may have the device, and when: a driver that is killed leaves it to the next one. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "link/modem/device.h"

#include "base/banned.h"

struct pty {
	int master, held; /* its other end is open all the time, as a modem's behind a network is */
	char path[64];
};

static int set_up(void **state)
{
	struct pty *p = calloc(1, sizeof *p);
	if (p == NULL)
		return -1;
	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master < 0 || grantpt(p->master) != 0 || unlockpt(p->master) != 0 ||
	    ptsname_r(p->master, p->path, sizeof p->path) != 0)
		return -1;
	p->held = open(p->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	*state = p;
	return p->held < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	struct pty *p = *state;
	(void)close(p->held);
	(void)close(p->master);
	free(p);
	return 0;
}

static enum err_code opens(const char *path, const char *connection, int *ret)
{
	return device_open(path, connection, ret).code;
}

static void a_device_has_one_driver_at_a_time(void **state)
{
	const struct pty *p = *state;
	int one = -1, other = -1;
	assert_int_equal(opens(p->path, "at115200", &one), ERR_OK);
	assert_int_equal(opens(p->path, "at115200", &other), ERR_BUSY);
	assert_int_equal(other, -1);
	assert_int_equal(close(one), 0);
	assert_int_equal(opens(p->path, "at", &other), ERR_OK);
	assert_int_equal(close(other), 0);
}

static void a_driver_that_was_killed_leaves_a_pty_unlocked(void **state)
{
	const struct pty *p = *state;
	int ready[2], fd = -1, is_exclusive = 1;
	assert_int_equal(pipe(ready), 0);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const bool good = opens(p->path, "at115200", &fd) == ERR_OK;
		if (write(ready[1], good ? "y" : "n", 1) != 1)
			_exit(1);
		for (;;)
			(void)pause();
	}
	char said = 0;
	assert_int_equal(read(ready[0], &said, 1), 1);
	assert_int_equal(said, 'y');
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	/* root may open what is locked: the lock itself is looked at */
	assert_int_equal(ioctl(p->held, TIOCGEXCL, &is_exclusive), 0);
	assert_int_equal(is_exclusive, 0);
	assert_int_equal(opens(p->path, "at115200", &fd), ERR_OK);
	assert_int_equal(close(fd), 0);
	assert_int_equal(close(ready[0]), 0);
	assert_int_equal(close(ready[1]), 0);
}

static void what_waits_to_be_read_is_still_there_after_opening(void **state)
{
	const struct pty *p = *state;
	char got[32];
	int fd = -1;
	struct termios t;
	assert_int_equal(tcgetattr(p->held, &t), 0);
	cfmakeraw(&t);
	assert_int_equal(tcsetattr(p->held, TCSANOW, &t), 0);
	assert_int_equal(write(p->master, "+CMGS: 7\r\n", 10), 10);
	assert_int_equal(opens(p->path, "at115200", &fd), ERR_OK);
	assert_int_equal(read(fd, got, sizeof got), 10);
	assert_memory_equal(got, "+CMGS: 7\r\n", 10);
	assert_int_equal(close(fd), 0);
}

static void what_is_no_device_or_no_speed_is_said(void **state)
{
	const struct pty *p = *state;
	int fd = -1;
	assert_int_equal(opens("/nonexistent/ttyUSB0", "at115200", &fd), ERR_ABSENT);
	assert_int_equal(opens(p->path, "at12345", &fd), ERR_CONFIG);
	assert_int_not_equal(opens("/dev/null", "at115200", &fd), ERR_OK);
	assert_int_equal(fd, -1);
}

#define story(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest stories[] = {
		story(a_device_has_one_driver_at_a_time),
		story(a_driver_that_was_killed_leaves_a_pty_unlocked),
		story(what_waits_to_be_read_is_still_there_after_opening),
		story(what_is_no_device_or_no_speed_is_said),
	};
	return cmocka_run_group_tests_name("link/modem: the device", stories, NULL, NULL);
}
