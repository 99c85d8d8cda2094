/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clerk.h - the thread that keeps house: lifetimes, retention, messages whose missing part doesn't
 * come, keys that have done their work.
 * Room: programs.  It shares no state but the store, the vault and the links' states. */
#ifndef SAFAR_PROGRAMS_CLERK_H
#define SAFAR_PROGRAMS_CLERK_H

#include "dialog/dialog.h"
#include "link/links.h"
#include "store/store.h"
#include "vault/vault.h"

struct clerk;

struct err clerk_start(struct store *st, struct vault *v, struct dialog *d, struct links *ls,
                       struct clerk **ret);
void clerk_stop(struct clerk *c); /* waits for its turn to end; NULL is fine */

#endif
