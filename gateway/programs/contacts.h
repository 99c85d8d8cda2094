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
/* "1200 people, of whom 900 agreed", or "fewer than 11 people", and the end of the line. */
void contacts_put_count(const cJSON *answer, const char *name);

#endif
