/* SPDX-License-Identifier: GPL-3.0-or-later */
/* work.h - what a link asks of the store: one struct work is one change, answered in the loop.
 * Room:      link.
 * Ownership: work_new() to the call of `done`; the store's writer reads it in between. It is wiped
 *            and freed when `done` returns true; false submits it again after WORK_RETRY_MS (the
 *            disk is full: what happened on the air must still be written down).
 * Threads:   made and answered in the loop's, run in the store's writer. */
#ifndef SAFAR_LINK_WORK_H
#define SAFAR_LINK_WORK_H

#include "base/settings.h"
#include "dialog/dialog.h"
#include "link/loopback/attached.h"
#include "link/render.h"
#include "store/delivery.h"
#include "store/sims.h"

#define WORK_RETRY_MS 2000
#define CARD_LIMIT 40

/* What all links of a node share. */
struct hub {
	struct loop *loop;
	struct store *store;
	struct vault *vault;
	struct dialog *dialog;
	struct renderer *renderer;
	void (*changed)(struct hub *); /* a link has something new to show, or became idle */
	struct attached *attached; /* virtual phones */
	const char *modem_program; /* path of safar-modem */
	struct gate *gate; /* of USSD call-backs */
	bool can_send;     /* there is a link that sends texts to people */
	bool in_doubt; /* at the start: parts of the last daemon's may be on the air still */
};

enum work_kind {
	WORK_NEXT,      /* claim the next part */
	WORK_ACCEPTED,  /* the part on the air was accepted; then the next one */
	WORK_REFUSED,
	WORK_NOT_SENT,
	WORK_DOUBT,
	WORK_FAIL,      /* it can't be rendered */
	WORK_LATE,      /* a late +CMGS */
	WORK_FREE,      /* the child died: free what it held */
	WORK_MO,
	WORK_REPORT,
	WORK_CALL,
	WORK_DELETED,
	WORK_SIM,       /* which row is this SIM? */
	WORK_PIN,       /* may this PIN be tried? written down before it is */
	WORK_PIN_GOOD,
	WORK_BALANCE,   /* what the operator said that is left */
	WORK_DEVICE,    /* where the modem with our IMEI was found */
	WORK_LOOPBACK,  /* which row stands for the SIM of this loopback link? */
	WORK_ATTACHED,  /* who switched a virtual phone on: for the audit log */
};

struct work {
	struct change change;
	struct timer retry;
	enum work_kind kind;
	struct hub *hub;
	bool (*done)(struct work *w, struct err e);
	void *owner;
	struct work *next; /* the owner's */
	char link[LINK_NAME_MAX];
	int64_t sim, now_ms;

	/* the part that was on the air */
	int64_t delivery;
	unsigned seq;
	uint8_t tp_mr;
	enum refusal refusal;
	enum reason reason;
	int64_t after_ms;

	/* the next one */
	bool want_next, found;
	struct claimant by;
	struct msisdn only;     /* not empty: what goes to this number alone */
	struct claim claim;

	/* what came in: sender, recipient or caller; text; pdu */
	char party[48];
	struct buf text;
	int32_t index;
	int64_t scts_ms;
	uint16_t ref;
	uint8_t total, part_seq, status;
	uint8_t pdu_hash[32];
	struct dialog_result result;
	bool matched;
	unsigned doubtful;

	/* the SIM */
	char iccid[CARD_LIMIT], imsi[CARD_LIMIT], operator_[48];
	struct hash pin;
	int tries_left;
	bool may;
	const char *why_not;
	char device[256];
	struct sim_balance balance; /* of WORK_BALANCE, and out of WORK_SIM */
	int64_t uid;            /* of WORK_ATTACHED */
};

/* NULL: no memory. */
struct work *work_new(struct hub *hub, enum work_kind kind, const char *link, int64_t sim,
                      void *owner, bool (*done)(struct work *, struct err));
/* The change claims the next part, too, for the SIM of the work. */
void work_want_next(struct work *w, int64_t daily_cap);
void work_submit(struct work *w);
/* A full disk, a full queue: the same change may do later. */
bool work_may_pass(struct err e);
void work_free(struct work *w); /* one that was not submitted */

#endif
