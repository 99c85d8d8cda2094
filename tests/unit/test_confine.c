/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the process of a modem can't do once it is sealed. Each story forks, for there is no way back;
 * the child's exit status is the number of the first thing that it could do after all. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/frame.h"
#include "link/modem/confine.h"

#include "base/banned.h"

static char device[] = "/dev/ptmx"; /* a character device that is everywhere */

static int in_a_child(int (*what)(void))
{
	int status = 0;
	pid_t pid = fork();
	if (pid == 0)
		_exit(what());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int try_all(void)
{
	uint8_t held = 0;
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || !confine_process() || !confine_seal(device, &held))
		return 1;
	if ((held & SANDBOX_SECCOMP) == 0)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (socket(AF_UNIX, SOCK_DGRAM, 0) >= 0)
		return 4;
	if (open("/etc/passwd", O_RDONLY) >= 0)
		return 5;
	if (open("/tmp/safar-confine-test", O_WRONLY | O_CREAT, 0600) >= 0)
		return 6;
	if (unlink("/tmp/safar-confine-test") == 0 || errno == ENOENT)
		return 7;
	char *const argv[] = { (char *)(uintptr_t)"true", NULL };
	if (execv("/bin/true", argv) == 0 || errno != EPERM)
		return 8;
	if (fork() >= 0)
		return 9;
	return write(null, "x", 1) == 1 ? 0 : 10; /* what was open stays of use */
}

static void a_sealed_process_opens_no_file_and_no_socket_and_starts_nothing(void **state)
{
	(void)state;
	assert_int_equal(in_a_child(try_all), 0);
}

/* Without the filter of calls: Landlock holds by itself, and lets the device alone through. */
static int try_landlock(void)
{
	if (!confine_by_landlock(device))
		return 77;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 1;
	if (open("/dev/null", O_WRONLY) >= 0)
		return 2;
	if (open("/tmp/safar-confine-test", O_WRONLY | O_CREAT, 0600) >= 0)
		return 3;
	return open(device, O_RDWR | O_NOCTTY) >= 0 ? 0 : 4;
}

static void landlock_leaves_the_device_and_nothing_else(void **state)
{
	(void)state;
	int code = in_a_child(try_landlock);
	if (code == 77)
		skip(); /* this kernel has none: `status` then says seccomp */
	assert_int_equal(code, 0);
}

/* What the parent is told is what holds: no Landlock, or a device that isn't there, is no bit. */
static int try_absent(void)
{
	uint8_t held = 0;
	if (!confine_seal("/nonexistent", &held))
		return 1;
	return held == SANDBOX_SECCOMP ? 0 : 2;
}

static void without_landlock_the_filter_holds_and_is_told_alone(void **state)
{
	(void)state;
	assert_int_equal(in_a_child(try_absent), 0);
}

int main(void)
{
#define story(s) cmocka_unit_test(s)
	const struct CMUnitTest stories[] = {
		story(a_sealed_process_opens_no_file_and_no_socket_and_starts_nothing),
		story(landlock_leaves_the_device_and_nothing_else),
		story(without_landlock_the_filter_holds_and_is_told_alone),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
