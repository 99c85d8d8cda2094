/* SPDX-License-Identifier: GPL-3.0-or-later */
/* links.h - all ways to the phone network that this node has.
 * Room:      link (includes everything below it).
 * A link knows nothing of what messages mean: inbound ones go to the dialog, outbound ones come from
 * the store, rendered here when they are claimed.
 * Ownership: links_free() after the loop has ended.  Threads: the loop's own, but for links_states(),
 *            links_wake(), links_ask() and links_phone(), which any thread may call.
 * Errors:    a modem that can't be started is `down` with a reason, never an end of the daemon. */
#ifndef SAFAR_LINK_LINKS_H
#define SAFAR_LINK_LINKS_H

#include "base/errand.h"
#include "base/settings.h"
#include "dialog/dialog.h"
#include "store/store.h"
#include "text/handset.h"
#include "vault/vault.h"

struct links;

struct link_state {
	char name[LINK_NAME_MAX];
	const char *type;        /* modem loopback */
	const char *state;       /* starting ready slow down */
	char reason[96], operator_[48];
	int signal;              /* percent, -1: unknown */
	bool on_air;
	int64_t pages, refused;  /* of call-backs: answered, and not */
	const char *sandbox;     /* what confines its process: seccomp+landlock, seccomp; "": nothing yet */
	int64_t sim;             /* 0: not known yet */
	int64_t balance, balance_at_ms; /* in hundredths; at 0: not known */
};

struct links_context {
	struct loop *loop;
	struct store *store;
	struct vault *vault;
	struct dialog *dialog;
	struct gate *gate;         /* of USSD call-backs; see link/ussd/gate.h */
	const char *modem_program; /* path of safar-modem */
	bool in_doubt; /* parts were on the air when the last daemon ended: their answers may come */
	void (*finished)(void *arg); /* after links_finish(), when the last child has gone */
	void *arg;
};

struct err links_new(const struct links_context *ctx, struct links **ret);
/* Starts, changes and ends links so that they are those of the settings (start and SIGHUP). */
struct err links_apply(struct links *ls, const struct settings *s);
/* What is on the air is finished; nothing new is claimed; then ctx->finished is called. */
void links_finish(struct links *ls);
void links_free(struct links *ls);

void links_wake(struct links *ls);  /* something is queued */
/* Leaves a USSD code for a link; *ret is answered by the loop, and `ready` called then. A link that
 * isn't there or isn't ready is an answer, too. */
struct err links_ask(struct links *ls, const char *link, const char *code, void (*ready)(void *),
                     void *arg, struct errand **ret);
/* The same for a virtual phone's wish. The handset is the errand's from now on, error or not. */
struct err links_phone(struct links *ls, const char *link, struct handset *h,
                       void (*ready)(void *), void *arg, struct errand **ret);
size_t links_states(struct links *ls, struct link_state *ret, size_t room);

#endif
