/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.h - the socket in the data folder that the command line talks to.
 * Room:      api.
 * Protocol:  DATA/safar.sock, mode 0600. The client sends one JSON object
 *            {"verb":"status", …arguments} and shuts down its writing side; the daemon answers with
 *            lines of JSON and closes. The last line is {"ok":true,…} or {"ok":false,
 *            "error":"refused","text":"cannot …"}; outbox and inbox send one line a row before it.
 *            Who did it is the peer's uid (SO_PEERCRED): root or the daemon's own user only.
 * Limits:    CONTROL_CLIENTS at once, a request of CONTROL_OCTETS, 30 s a request's arrival.
 * Threads:   one of its own, started and ended here. */
#ifndef SAFAR_API_CONTROL_H
#define SAFAR_API_CONTROL_H

#include "base/err.h"
#include "dialog/dialog.h"
#include "store/store.h"
#include "vault/vault.h"

#define CONTROL_CLIENTS 16
#define CONTROL_OCTETS (80u << 20)

/* What `status` shows of a link; filled by whoever runs the links. */
struct link_status {
	char name[32];
	const char *state;       /* starting ready slow down */
	char reason[96], operator_[48];
	int signal;              /* percent, -1: unknown */
	bool on_air;
};

struct control_context {
	struct store *store;
	struct vault *vault;
	struct dialog *dialog;
	const char *data_folder;
	int64_t part_price;      /* the cheapest link's */
	/* Copies the links' states; any thread. Returns how many. */
	size_t (*links)(void *arg, struct link_status *ret, size_t room);
	/* Something is queued: the links look. Any thread. */
	void (*wake)(void *arg);
	void *arg;
};

struct control;
struct err control_start(const struct control_context *ctx, struct control **ret);
void control_stop(struct control *c);

/* The client's half (for safar): sends `request`, calls `line` for each answer line. */
struct err control_ask(const char *data_folder, struct span request,
                       void (*line)(struct span json, void *), void *arg);

#endif
