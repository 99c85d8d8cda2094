/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <unistd.h>

#include "base/banned.h"

static int set_descriptors(const struct spawn *s, posix_spawn_file_actions_t *actions)
{
	int rc = 0;
	if (s->is_apart)
		rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (rc == 0 && s->is_apart)
		rc = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (rc == 0 && s->fd3 >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, s->fd3, 3);
	if (rc == 0 && s->fd4 >= 0)
		rc = posix_spawn_file_actions_adddup2(actions, s->fd4, 4);
	return rc;
}

static int set_attributes(const struct spawn *s, posix_spawnattr_t *attr)
{
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t none, all;
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	int rc = posix_spawnattr_setsigmask(attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (rc == 0 && s->is_apart) {
		flags |= POSIX_SPAWN_SETPGROUP;
		rc = posix_spawnattr_setpgroup(attr, 0);
	}
	return rc == 0 ? posix_spawnattr_setflags(attr, flags) : rc;
}

int spawn_run(const struct spawn *s, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int rc = posix_spawn_file_actions_init(&actions);
	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attr);
	if (rc == 0) {
		rc = set_descriptors(s, &actions);
		if (rc == 0)
			rc = set_attributes(s, &attr);
		if (rc == 0) /* the call takes them as they were in 1978; it changes none */
			rc = posix_spawn(ret, s->program, &actions, &attr, (char **)(uintptr_t)s->argv,
			                 (char **)(uintptr_t)s->env);
		(void)posix_spawnattr_destroy(&attr);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}
