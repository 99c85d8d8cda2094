/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what vault.c (live rings, sealing) and people.c share.  Room: vault. */
#ifndef SAFAR_VAULT_INSIDE_H
#define SAFAR_VAULT_INSIDE_H

#include <pthread.h>

#include "vault/ring.h"

#define PEOPLE_VERSION 1

struct vault {
	pthread_rwlock_t lock;  /* guards all below */
	char *folder;
	struct rings *rings;    /* locked memory; the people ring holds its secret as version 1 */
	bool people_open;
	bool stale;             /* the file still holds keys that were destroyed here */
};

/* A key of its own for each use of a ring's key. */
void vault_derive(uint8_t ret[KEY_SIZE], const uint8_t key[KEY_SIZE], const char *purpose);

#endif
