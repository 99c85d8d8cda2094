/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/child.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define CONFIGURE_MS 10000
#define PROBE_MS 4000 /* a quiet modem is asked whether it lives; the parent wonders after 10 s */

bool child_confine(void)
{
	struct rlimit none = { 0, 0 };
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

bool child_seal(void)
{
	static const int denied[] = { SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect),
		SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),
		SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone),
		SCMP_SYS(clone3), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
		SCMP_SYS(process_vm_writev), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2),
		SCMP_SYS(creat), SCMP_SYS(open_by_handle_at), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
		SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(mount),
		SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(perf_event_open),
		SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(kill),
		SCMP_SYS(tkill), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd) };
	/* a refused call is an error, not a death: libGammu's rare paths are not all known */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	if (filter == NULL)
		return false;
	bool good = true;
	for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++)
		good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), denied[i], 0) == 0;
	good = good && seccomp_load(filter) == 0; /* sets no-new-privileges, too */
	seccomp_release(filter);
	return good;
}

static void wait_for_configuration(struct modem *m)
{
	int64_t until = clock_monotonic_ms() + CONFIGURE_MS, left;
	while (!m->cfg.there && (left = until - clock_monotonic_ms()) > 0)
		modem_turn(m, left);
	if (!m->cfg.there)
		modem_fail(m, "the daemon sent no configuration");
}

/* How long the modem may be left alone: until the next thing that is due. */
static int64_t time_left(const struct modem *m, int64_t now)
{
	int64_t due = m->storages.poll_due_ms;
	if (m->look_due_ms < due)
		due = m->look_due_ms;
	if (m->heard_ms + PROBE_MS < due)
		due = m->heard_ms + PROBE_MS;
	if (m->call.is_ringing && now + 100 < due)
		due = now + 100;
	return due - now;
}

/* Highest first: a call rings in someone's ear, then the parent's part, then what came in. */
static void step(struct modem *m)
{
	int64_t now = clock_monotonic_ms();
	if (call_is_due(m, now))
		call_hang_up(m);
	else if (m->submission.waiting)
		submit_part(m);
	else if (m->finish)
		modem_end(m);
	else if (storage_step(m))
		return;
	else if (now >= m->look_due_ms || m->registration_changed)
		start_look(m);
	else if (now - m->heard_ms >= PROBE_MS)
		(void)at_run(m, "AT", AT_SHORT_MS, NULL);
	else
		modem_turn(m, time_left(m, now));
}

_Noreturn void child_run(int parent)
{
	static struct modem m; /* large, and one a process */
	int flags = fcntl(parent, F_GETFL);
	modem_start(&m, parent);
	if (flags < 0 || fcntl(parent, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(parent, F_SETFD, FD_CLOEXEC) != 0)
		modem_fail(&m, "the daemon's socket can't be used");
	wait_for_configuration(&m);
	tell_state(&m, MODEM_OPENING, "");
	start_all(&m);
	if (!child_seal())
		modem_fail(&m, "the system refused to confine the modem's driver (seccomp)");
	for (;;)
		step(&m);
}
