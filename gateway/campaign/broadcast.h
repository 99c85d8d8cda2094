/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast.h - one text in several languages to a list of people who agreed.
 * Room:      campaign (includes base, text, vault, store, content).
 * Input:     CSV `phone,language[,region]` with a header line; a message file
 *            {"texts":{"kk":"…",…},"fallback":["ru"]}; the consent in staff's words.
 * Ownership: a plan owns all that it says; broadcast_free(). Numbers are wiped.
 * Errors:    bad rows are told by line and reason and are left out; a broken file is an error that
 *            changes nothing. Reasons never hold the number.
 * Threads:   preparing in any thread; broadcast_write() in a transaction.
 * Limits:    BROADCAST_ROWS rows, BROADCAST_OCTETS octets of CSV. */
#ifndef SAFAR_CAMPAIGN_BROADCAST_H
#define SAFAR_CAMPAIGN_BROADCAST_H

#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"
#include "text/alphabet.h"
#include "text/language.h"
#include "vault/vault.h"

#define BROADCAST_ROWS 1000000u
#define BROADCAST_OCTETS (64u << 20)

struct broadcast;

struct broadcast_language {
	bool has_text;
	struct parts parts;      /* of its text */
	unsigned people;         /* who get it in this language */
};
struct broadcast_summary {
	unsigned rows, bad, doubles, stopped, people; /* people: who will be written to */
	uint64_t parts, price;   /* price in the smallest unit, at `part_price` */
	struct broadcast_language language[LANGUAGE_COUNT];
};

/* Reads both files. `bad_row` is called for each row left out: line (from 1, the header is 1) and a
 * literal reason ("double of line 4" as literal "double", "unknown language", …). */
struct err broadcast_prepare(struct span csv, struct span message, int64_t part_price,
                             void (*bad_row)(unsigned line, const char *reason, void *), void *arg,
                             struct broadcast **ret);
/* Leaves out who said STOP (ERR_LOCKED while the people ring is closed). Inside a read or write. */
struct err broadcast_skip_stopped(struct txn *tx, struct vault *v, struct broadcast *b,
                                  void (*bad_row)(unsigned line, const char *reason, void *),
                                  void *arg);
void broadcast_summary(const struct broadcast *b, struct broadcast_summary *ret);
/* Writes campaign, revision and all deliveries, in one transaction: all or none. */
struct err broadcast_write(struct txn *tx, struct store *st, struct vault *v, struct broadcast *b,
                           const char *consent, const char *override, int64_t uid, int64_t now_ms,
                           int64_t *ret_campaign);
void broadcast_free(struct broadcast *b);

/* One text of staff to one number (`safar send`): lane test. ERR_REFUSED after a STOP. */
struct err staff_send(struct txn *tx, struct store *st, struct vault *v, struct span number,
                      struct span text, int64_t uid, int64_t now_ms, int64_t *ret_delivery);

/* Sending hours: weekdays 09:00–21:00 in the node's zone. `ret_ends_ms`: when today's end. */
bool hours_open(int64_t now_ms, int64_t *ret_ends_ms);

#endif
