/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts.h - what the verbs about contacts share.  Room: programs, private to safar. */
#ifndef SAFAR_PROGRAMS_CONTACTS_H
#define SAFAR_PROGRAMS_CONTACTS_H

#include "programs/safar.h"

/* contacts_import.c: `safar contacts import FILE`. The exit code. */
int contacts_import(const struct call *c, const char *path);
/* Adds whom the arguments from `from` on mean: one name of a segment, KEY=VALUE[,VALUE]… words, or
 * nothing, which is everybody. */
struct err contacts_filter(const struct call *c, size_t from, struct buf *request);

#endif
