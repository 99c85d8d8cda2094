/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_moves.h - what staff do with a campaign, each a transaction of its own.
 * Room:      campaign (libsodium for a digest).
 * Approval:  takes another uid than the one that submitted it, and is bound to a digest of texts,
 *            audience and time: an edit goes back to draft, and takes it away. What is approved alone,
 *            or started in spite of what preview.h lists, needs words, which go into the audit log.
 * Edits:     only before it runs; what changes nothing leaves state and approval as they are.
 * Errors:    ERR_REFUSED with what to do; ERR_LOCKED where the people keys are needed; ERR_ABSENT.
 * Threads:   inside a transaction of the writer.  Units: ms since 1970. */
#ifndef SAFAR_CAMPAIGN_PLAN_MOVES_H
#define SAFAR_CAMPAIGN_PLAN_MOVES_H

#include "base/buf.h"
#include "campaign/preview.h"
#include "store/plans.h"
#include "text/language.h"

struct staff {
	struct store *store;
	struct vault *vault;
	const struct preview_of *of; /* what blockers are judged by */
	int64_t uid, now_ms;
};

/* `spec` is JSON (spec.h), or empty. */
struct err plan_new(struct txn *tx, const struct staff *by, const char *name, struct span spec);
/* *ret_changed is false where all was so already. */
struct err plan_edit(struct txn *tx, const struct staff *by, const char *name, struct span change,
                     bool *ret_changed);
/* A message file (message.h); its fallback becomes the spec's where it has one. */
struct err plan_texts(struct txn *tx, const struct staff *by, const char *name, struct span message,
                      bool *ret_changed);
/* Somebody who speaks it has read the text in `l`. */
struct err plan_reviewed(struct txn *tx, const struct staff *by, const char *name, enum language l,
                         const char *reader);
/* A file of a whole campaign: {"name":…,"texts":{…},…spec}. Made where there is none of that name;
 * where all is so already, nothing changes. */
struct err plan_apply(struct txn *tx, const struct staff *by, struct span file,
                      char ret_name[PLAN_NAME_MAX + 1], bool *ret_changed);

struct err plan_submit(struct txn *tx, const struct staff *by, const char *name);
/* `override` "" : none. */
struct err plan_approve(struct txn *tx, const struct staff *by, const char *name,
                        const char *override);
/* `override` also lets it run outside sending hours where it says so: any_hour. */
struct err plan_start(struct txn *tx, const struct staff *by, const char *name, const char *override,
                      bool any_hour);
struct err plan_pause(struct txn *tx, const struct staff *by, const char *name, const char *why);
struct err plan_resume(struct txn *tx, const struct staff *by, const char *name);
struct err plan_stop(struct txn *tx, const struct staff *by, const char *name, const char *why);
/* Its text in `l` to a number of staff's, as a test; not counted to it. */
struct err plan_test(struct txn *tx, const struct staff *by, const char *name, struct span number,
                     enum language l, int64_t *ret_delivery);

/* Approved or scheduled to running, by staff or at its time. */
struct err plan_run(struct txn *tx, struct plan *p, int64_t uid, const char *why, int64_t now_ms);

#endif
