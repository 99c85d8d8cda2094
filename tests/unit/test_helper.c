/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The USB port of a tty, found by its folder in sysfs; a hook that fails, and one that never ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

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
	assert_int_equal(helper_reset_usb(l, "/dev/null", on_done, &late, &h).code, ERR_ABSENT);
	loop_free(l);
}

int main(void)
{
#define story(s) cmocka_unit_test(s)
	const struct CMUnitTest stories[] = {
		story(a_tty_of_usb_is_found_some_floors_below_its_port),
		story(a_hook_tells_how_it_ended_and_can_be_ended),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
