/* SPDX-License-Identifier: GPL-3.0-or-later */
/* callbacks.h - the HTTP server of the daemon and what stands behind it: operators' USSD call-backs.
 * Room:      programs.
 * The server is there from the first link on that is called back; without one nothing listens.
 * Ownership: callbacks_stop() while the store still runs, callbacks_free() after it has closed.
 * Errors:    ERR_CONFIG where [http] or a link can't be used so. Threads: the loop's. */
#ifndef SAFAR_PROGRAMS_CALLBACKS_H
#define SAFAR_PROGRAMS_CALLBACKS_H

#include "base/loop.h"
#include "base/settings.h"
#include "dialog/dialog.h"
#include "store/store.h"

struct callbacks;
struct gate;

struct err callbacks_new(struct loop *l, struct store *st, struct dialog *d,
                         struct callbacks **ret);
struct gate *callbacks_gate(struct callbacks *c);
/* What the table of settings doesn't say of them; for --check. */
struct err callbacks_check(const struct settings *s);
/* At the start, and before a reload is taken: a server that runs goes on as it is, and other settings
 * of it are refused. */
struct err callbacks_apply(struct callbacks *c, const struct settings *s);
/* Takes nothing new; what was taken is answered. */
void callbacks_stop(struct callbacks *c);
void callbacks_free(struct callbacks *c);

#endif
