/* SPDX-License-Identifier: GPL-3.0-or-later */
/* passphrase.h - one secret line from a person.  Room: programs.
 * From a terminal, with echo off; or the first line of standard input where that is none (a script,
 * a secret store). Never from argv.
 * Ownership: the caller wipes it: passphrase_wipe().  Threads: one. */
#ifndef SAFAR_PROGRAMS_PASSPHRASE_H
#define SAFAR_PROGRAMS_PASSPHRASE_H

#include "base/buf.h"
#include "base/err.h"

#define PASSPHRASE_MAX 1024 /* octets */

struct passphrase {
	uint8_t octets[PASSPHRASE_MAX];
	size_t n;
};
/* `again`: asked twice on a terminal, both alike. ERR_INPUT when it is empty or too long. */
struct err passphrase_read(bool again, struct passphrase *ret);
struct span passphrase_span(const struct passphrase *p);
void passphrase_wipe(struct passphrase *p);

#endif
