/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "link/modem/spawn.h"

#include "base/banned.h"

#define REAP_MS 50
#define HUNG_MS 5000 /* killed, and still there: it hangs in the kernel */

struct helper {
	struct loop *loop;
	struct timer reap;
	helper_done *done;
	void *arg;
	pid_t pid;
	int64_t until_ms;
	bool is_late;
};

static void on_reap(struct timer *t)
{
	struct helper *h = t->arg;
	int status = 0;
	pid_t got = waitpid(h->pid, &status, WNOHANG);
	const bool is_due = clock_monotonic_ms() >= h->until_ms;
	if (got == 0 && !(h->is_late && is_due)) {
		if (is_due)
			helper_kill(h);
		loop_timer_in(h->loop, &h->reap, REAP_MS);
		return;
	}
	const char *trouble = NULL;
	if (got == 0) /* nobody waits for it any longer; it goes when the kernel lets it */
		trouble = "it hangs in the kernel";
	else if (h->is_late)
		trouble = "it took too long";
	else if (got != h->pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		trouble = "it failed";
	h->pid = 0;
	h->done(h->arg, trouble);
}

static struct err watch(struct loop *l, pid_t pid, helper_done *done, void *arg,
                        struct helper **ret)
{
	struct helper *h = calloc(1, sizeof *h);
	if (h == NULL) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		return err_make(ERR_MEMORY, "reset a modem", NULL, NULL);
	}
	*h = (struct helper){ .loop = l, .done = done, .arg = arg, .pid = pid,
		.until_ms = clock_monotonic_ms() + HELPER_MS };
	h->reap = (struct timer){ .fire = on_reap, .arg = h };
	loop_timer_in(l, &h->reap, REAP_MS);
	*ret = h;
	return ERR_NONE_VALUE;
}

/* ---- the USB port */

static bool read_number(const char *folder, const char *name, int64_t *ret)
{
	char path[PATH_MAX], text[16];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);
	if (n < 0 || (size_t)n >= sizeof path)
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, text, sizeof text);
	(void)close(fd);
	return got > 0 && int_parse(span_trim(span_make(text, (size_t)got)), 1, 999, ret);
}

/* A tty of USB stands some floors below its port: .../1-1.2/1-1.2:1.0/ttyUSB0/tty/ttyUSB0. */
bool helper_usb_node(const char *sysfs_folder, char *ret, size_t room)
{
	char folder[PATH_MAX];
	int64_t bus = 0, device = 0;
	if (!text_copy(folder, sizeof folder, sysfs_folder))
		return false;
	while (!read_number(folder, "busnum", &bus) || !read_number(folder, "devnum", &device)) {
		char *slash = strrchr(folder, '/');
		if (slash == NULL || slash == folder)
			return false;
		*slash = '\0';
	}
	int n = snprintf(ret, room, "/dev/bus/usb/%03" PRId64 "/%03" PRId64, bus, device);
	return n > 0 && (size_t)n < room;
}

static bool find_port(const char *tty, char *ret, size_t room)
{
	struct stat s;
	char entry[64], folder[PATH_MAX];
	if (stat(tty, &s) != 0 || !S_ISCHR(s.st_mode))
		return false;
	(void)snprintf(entry, sizeof entry, "/sys/dev/char/%u:%u", major(s.st_rdev),
	               minor(s.st_rdev));
	return realpath(entry, folder) != NULL && helper_usb_node(folder, ret, room);
}

static const char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL };

static struct err run(struct loop *l, const char *const *argv, const char *doing, const char *next,
                      helper_done *done, void *arg, struct helper **ret)
{
	const struct spawn s = { .program = argv[0], .argv = argv, .env = environment, .fd3 = -1,
		.fd4 = -1, .is_apart = true };
	pid_t pid = 0;
	const int rc = spawn_run(&s, &pid);
	if (rc != 0)
		return err_os(rc, doing, next, "%.120s", argv[0]);
	return watch(l, pid, done, arg, ret);
}

/* A process of its own, for the call sleeps in the kernel for a second or more, and may hang there for
 * longer than safard lives. */
struct err helper_reset_node(struct loop *l, const char *program, const char *node,
                             helper_done *done, void *arg, struct helper **ret)
{
	const char *const argv[] = { program, "--reset-usb", node, NULL };
	if (access(node, W_OK) != 0)
		return err_os(errno, "reset the USB port", "let the user who runs safard write it", "%s",
		              node);
	return run(l, argv, "reset the USB port", "install safar-modem beside safard", done, arg, ret);
}

struct err helper_reset_usb(struct loop *l, const char *program, const char *tty,
                            helper_done *done, void *arg, struct helper **ret)
{
	char node[64];
	if (!find_port(tty, node, sizeof node))
		return err_make(ERR_ABSENT, "find the USB port of a modem", NULL, NULL);
	return helper_reset_node(l, program, node, done, arg, ret);
}

struct err helper_run(struct loop *l, const char *program, const char *link, helper_done *done,
                      void *arg, struct helper **ret)
{
	const char *const argv[] = { program, link, NULL };
	return run(l, argv, "run the reset hook", "is it there, and executable?", done, arg, ret);
}

void helper_kill(struct helper *h)
{
	h->is_late = true;
	h->until_ms = clock_monotonic_ms() + HUNG_MS;
	if (h->pid > 0 && kill(-h->pid, SIGKILL) != 0)
		(void)kill(h->pid, SIGKILL); /* it isn't its own group's leader yet */
}

void helper_free(struct helper *h)
{
	if (h == NULL)
		return;
	loop_timer_off(h->loop, &h->reap);
	free(h);
}
