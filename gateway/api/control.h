/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.h - the socket in the data folder that the command line talks to.
 * Room:      api (libsodium, cJSON; the client's half includes base only).
 * Protocol:  DATA/safar.sock, mode 0600. The client sends one JSON object
 *            {"verb":"status", …arguments} and shuts down its writing side; the daemon answers with
 *            lines of JSON and closes. The last line is {"ok":true,…} or {"ok":false,
 *            "error":"refused","text":"cannot …"}; outbox and inbox send one line a row before it.
 *            Who did it is the peer's uid (SO_PEERCRED): root or the daemon's own user only.
 *            Which verbs there are is the table in verbs.c.
 * Ownership: the context's strings are copied; what it points to outlives the control. Requests are
 *            wiped: they hold numbers, texts and passphrases.
 * Errors:    a client's fault is its answer and nobody else's; the socket being another's is
 *            ERR_BUSY.
 * Limits:    CONTROL_CLIENTS at once (more wait to be accepted), a request of CONTROL_OCTETS, 30 s
 *            for a request to arrive and for each piece of an answer to be taken.
 * Threads:   one of its own, started and ended here; a large broadcast occupies it while it is read
 *            and written down. A verb that waits for somebody else (ussd, phone-*) occupies its
 *            client's place alone. */
#ifndef SAFAR_API_CONTROL_H
#define SAFAR_API_CONTROL_H

#include "base/buf.h"
#include <sys/types.h>

#include "base/err.h"
#include "base/errand.h"
#include "campaign/hours.h"
#include "dialog/dialog.h"
#include "store/store.h"
#include "text/handset.h"
#include "vault/vault.h"

#define CONTROL_CLIENTS 16
#define NO_STAFF ((gid_t)-1)
#define CONTROL_OCTETS (80u << 20)

/* What `status` shows of a link; filled by whoever runs the links. */
struct link_status {
	char name[32];
	const char *type;        /* modem loopback */
	const char *state;       /* starting ready slow down */
	char reason[96], operator_[48];
	int signal;              /* percent, -1: unknown */
	bool on_air;
	int64_t pages, refused;  /* of a USSD link's call-backs */
	const char *sandbox;     /* seccomp+landlock, seccomp, or "" */
	int64_t balance, balance_at_ms; /* in hundredths; at 0: not known */
};

struct control_context {
	struct store *store;
	struct vault *vault;
	struct dialog *dialog;
	const char *data_folder;
	const char *node_name;
	const char *keys_file;   /* of the people ring; "" : opened by a passphrase */
	gid_t staff;             /* a group that may ask, too; NO_STAFF: nobody else */
	int64_t part_price;      /* the cheapest link's */
	/* The sending hours, held: hours_drop(). Any thread. */
	struct hours *(*hours)(void *arg);
	/* Copies the links' states; any thread. Returns how many. */
	size_t (*links)(void *arg, struct link_status *ret, size_t room);
	/* Something is queued, or a campaign moved: links and clerk look. Any thread. */
	void (*wake)(void *arg);
	/* Leaves a USSD code to a link; *ret is answered, and `ready` called then. Any thread. */
	struct err (*ussd)(void *arg, const char *link, const char *code, void (*ready)(void *),
	                   void *ready_arg, struct errand **ret);
	/* The same with the wish of a virtual phone, which is the errand's from now on, error or not. */
	struct err (*phone)(void *arg, const char *link, struct handset *h, void (*ready)(void *),
	                    void *ready_arg, struct errand **ret);
	void *arg;
	/* The control's own, set by control_start(): an answer that a client waits for is there. */
	void (*nudge)(void *nudge_arg);
	void *nudge_arg;
};

struct control;
struct err control_start(const struct control_context *ctx, struct control **ret);
void control_stop(struct control *c);

/* The client's half (for safar): sends `request`, calls `line` for each answer line. The last line
 * may say that the daemon refused: that is an answer, no error of this call. ERR_ABSENT: no daemon
 * is there, nothing was asked. ERR_IO after sending: the answer was lost, and what was asked may
 * have been done. */
struct err control_ask(const char *data_folder, struct span request,
                       void (*line)(struct span json, void *), void *arg);
/* The same in two steps, for who waits for other things, too: when there is something to read on
 * *ret_fd, the answer comes. The caller closes it. */
struct err control_open(const char *data_folder, struct span request, int *ret_fd);
struct err control_read(int fd, void (*line)(struct span json, void *), void *arg);

#endif
