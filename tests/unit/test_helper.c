/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The USB port of a tty, found by its folder in sysfs; a hook that fails, and one that never ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "link/modem/helper.h"

#include "base/banned.h"

static void make_folder(const char *root, const char *name)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s%s", root, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_file(const char *root, const char *name, const char *text)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s%s", root, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void a_tty_of_usb_is_found_some_floors_below_its_port(void **state)
{
	(void)state;
	char root[] = "/tmp/safar-usb-XXXXXX", path[256], node[64], command[128];
	assert_non_null(mkdtemp(root));
	static const char *const folders[] = { "/1-1", "/1-1/1-1:1.0", "/1-1/1-1:1.0/ttyUSB0",
		"/1-1/1-1:1.0/ttyUSB0/tty", "/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0", "/serial" };
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		make_folder(root, folders[i]);
	make_file(root, "/1-1/busnum", "1\n");
	make_file(root, "/1-1/devnum", "14\n");
	(void)snprintf(path, sizeof path, "%s%s", root, folders[4]);
	assert_true(helper_usb_node(path, node, sizeof node));
	assert_string_equal(node, "/dev/bus/usb/001/014");
	(void)snprintf(path, sizeof path, "%s/serial", root);
	assert_false(helper_usb_node(path, node, sizeof node));
	(void)snprintf(command, sizeof command, "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

struct seen {
	unsigned times;
	const char *trouble;
};

static void on_done(void *arg, const char *trouble)
{
	struct seen *s = arg;
	s->times++;
	s->trouble = trouble;
}

static void wait_for(struct loop *l, const struct seen *s)
{
	for (int turns = 0; s->times == 0 && turns < 400; turns++)
		assert_int_equal(loop_turn(l, 50).code, ERR_OK);
	assert_int_equal(s->times, 1);
}

static void a_hook_tells_how_it_ended_and_can_be_ended(void **state)
{
	(void)state;
	struct loop *l = NULL;
	struct helper *h = NULL;
	assert_int_equal(loop_new(&l).code, ERR_OK);
	struct seen good = { .times = 0 }, bad = { .times = 0 }, late = { .times = 0 };
	assert_int_equal(helper_run(l, "/bin/true", "m0", on_done, &good, &h).code, ERR_OK);
	wait_for(l, &good);
	assert_null(good.trouble);
	helper_free(h);
	assert_int_equal(helper_run(l, "/bin/false", "m0", on_done, &bad, &h).code, ERR_OK);
	wait_for(l, &bad);
	assert_non_null(bad.trouble);
	helper_free(h);
	assert_int_equal(helper_run(l, "/bin/sleep", "1000", on_done, &late, &h).code, ERR_OK);
	helper_kill(h);
	wait_for(l, &late);
	assert_non_null(late.trouble);
	helper_free(h);
	assert_int_not_equal(helper_run(l, "/nonexistent", "m0", on_done, &late, &h).code, ERR_OK);
	loop_free(l);
}

static bool is_there(pid_t pid)
{
	return kill(pid, 0) == 0;
}

static pid_t read_pid(const char *path)
{
	char text[32];
	int64_t pid = 0;
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fgets(text, sizeof text, f) == NULL || !int_parse(span_trim(span_of(text)), 1, INT32_MAX, &pid))
		pid = 0;
	assert_int_equal(fclose(f), 0);
	return (pid_t)pid;
}

/* The hook is a script that starts another process, writes down its number, and waits for ever. */
static void a_hook_that_never_ends_is_ended_with_all_that_it_started(void **state)
{
	(void)state;
	struct loop *l = NULL;
	struct helper *h = NULL;
	struct seen late = { .times = 0 };
	char root[] = "/tmp/safar-hook-XXXXXX", path[128], pids[128], text[512];
	assert_non_null(mkdtemp(root));
	(void)snprintf(pids, sizeof pids, "%s/pid", root);
	(void)snprintf(text, sizeof text, "#!/bin/sh\nsleep 1000 &\necho $! > %s.new\nmv %s.new %s\nwait\n",
	               pids, pids, pids);
	make_file(root, "/hook", text);
	(void)snprintf(path, sizeof path, "%s/hook", root);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(loop_new(&l).code, ERR_OK);
	assert_int_equal(helper_run(l, path, "m0", on_done, &late, &h).code, ERR_OK);
	pid_t started = 0;
	for (int turns = 0; turns < 400 && started == 0; turns++) {
		assert_int_equal(loop_turn(l, 25).code, ERR_OK);
		started = read_pid(pids);
	}
	assert_true(started > 0 && is_there(started));
	assert_int_equal(late.times, 0); /* it has time until then */
	clock_leap(HELPER_MS);
	wait_for(l, &late);
	assert_string_equal(late.trouble, "it took too long");
	for (int turns = 0; turns < 400 && is_there(started); turns++)
		assert_int_equal(loop_turn(l, 25).code, ERR_OK); /* init buries it */
	assert_false(is_there(started));
	helper_free(h);
	loop_free(l);
	(void)snprintf(text, sizeof text, "rm -r %s", root);
	assert_int_equal(system(text), 0);
}

/* safar-modem of this build */
static void find_program(char ret[512])
{
	char self[400];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	assert_true(n > 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	(void)snprintf(ret, 512, "%s/../../safar-modem", self);
}

/* No machine of the tests has a USB port to reset, so what is reset is no port: a file, on which the
 * call fails, and a pipe that nobody reads, which holds the process in the kernel. */
static void a_usb_reset_that_fails_or_hangs_holds_up_nobody(void **state)
{
	(void)state;
	struct loop *l = NULL;
	struct helper *h = NULL;
	struct seen bad = { .times = 0 }, late = { .times = 0 };
	char root[] = "/tmp/safar-usb-XXXXXX", node[128], program[512], command[128];
	assert_non_null(mkdtemp(root));
	find_program(program);
	assert_int_equal(loop_new(&l).code, ERR_OK);
	assert_int_equal(helper_reset_usb(l, program, "/dev/null", on_done, &bad, &h).code, ERR_ABSENT);
	(void)snprintf(node, sizeof node, "%s/absent", root);
	assert_int_not_equal(helper_reset_node(l, program, node, on_done, &bad, &h).code, ERR_OK);
	make_file(root, "/file", "");
	(void)snprintf(node, sizeof node, "%s/file", root);
	assert_int_equal(helper_reset_node(l, program, node, on_done, &bad, &h).code, ERR_OK);
	wait_for(l, &bad);
	assert_string_equal(bad.trouble, "it failed");
	helper_free(h);
	(void)snprintf(node, sizeof node, "%s/pipe", root);
	assert_int_equal(mkfifo(node, 0600), 0);
	assert_int_equal(helper_reset_node(l, program, node, on_done, &late, &h).code, ERR_OK);
	for (int turns = 0; turns < 5; turns++)
		assert_int_equal(loop_turn(l, 10).code, ERR_OK); /* the loop goes on */
	assert_int_equal(late.times, 0);
	clock_leap(HELPER_MS);
	wait_for(l, &late);
	assert_string_equal(late.trouble, "it took too long");
	helper_free(h);
	loop_free(l);
	(void)snprintf(command, sizeof command, "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int main(void)
{
#define story(s) cmocka_unit_test(s)
	const struct CMUnitTest stories[] = {
		story(a_tty_of_usb_is_found_some_floors_below_its_port),
		story(a_hook_tells_how_it_ended_and_can_be_ended),
		story(a_hook_that_never_ends_is_ended_with_all_that_it_started),
		story(a_usb_reset_that_fails_or_hangs_holds_up_nobody),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
