/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two walls: a filter of system calls, and Landlock, which judges by path and holds even where a call
 * slipped through the filter. */
#include "link/modem/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/frame.h"

#include "base/banned.h"

bool confine_process(void)
{
	struct rlimit none = { 0, 0 };
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

bool confine_by_seccomp(void)
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

/* Rights that newer kernels know than the header here, with the ABI that brought them. */
#define FS_TRUNCATE (UINT64_C(1) << 14)  /* 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */

static uint64_t rights_of(long abi)
{
	uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* all of ABI 1 */
	if (abi >= 2)
		rights |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		rights |= FS_TRUNCATE;
	if (abi >= 5)
		rights |= FS_IOCTL_DEV;
	return rights;
}

bool confine_by_landlock(const char *device)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	struct landlock_ruleset_attr all = { .handled_access_fs = rights_of(abi) };
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (rules < 0)
		return false;
	struct landlock_path_beneath_attr one = {
		.allowed_access = (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
		                   FS_IOCTL_DEV) & all.handled_access_fs,
		.parent_fd = open(device, O_PATH | O_CLOEXEC) };
	bool good = one.parent_fd >= 0 &&
	            syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &one, 0) == 0 &&
	            syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	if (one.parent_fd >= 0)
		(void)close(one.parent_fd);
	(void)close(rules);
	return good;
}

bool confine_seal(const char *device, uint8_t *ret)
{
	uint8_t held = confine_by_landlock(device) ? SANDBOX_LANDLOCK : 0;
	if (!confine_by_seccomp())
		return false;
	*ret = held | SANDBOX_SECCOMP;
	return true;
}
