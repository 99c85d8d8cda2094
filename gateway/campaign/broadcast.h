/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast.h - one text in several languages to a list of people who agreed.
 * Room:      campaign (includes base, text, vault, store, content).
 * Input:     CSV `phone,language[,region]` with a header line (csv.h, audience.h); a message file
 *            {"texts":{"kk":"…",…},"fallback":["ru"]} (message.h); the consent in staff's words.
 * Ownership: a plan owns all that it says; broadcast_free(). Numbers are wiped.
 * Errors:    bad rows are told by line and reason and are left out; a broken file is an error that
 *            changes nothing. Reasons never hold the number.
 * Threads:   preparing in any thread; broadcast_write() in any but the store's writer, one at a time.
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
#define MESSAGE_OCTETS (1u << 20)
#define STAFF_WORDS_MAX 1000 /* octets of a consent or of an override's reason */

struct broadcast;

struct broadcast_language {
	bool has_text;
	enum alphabet alphabet;  /* of its text */
	unsigned parts;          /* that one person's message takes */
	unsigned people;         /* who get it in this language */
};
struct broadcast_summary {
	unsigned rows, bad, doubles, stopped, people; /* people: who will be written to */
	uint64_t parts, price;   /* price in hundredths, at `part_price` */
	struct broadcast_language language[LANGUAGE_COUNT];
};

/* Called for each row left out: line (from 1, the header is 1) and a literal reason. */
typedef void bad_row_fn(unsigned line, const char *reason, void *arg);

/* Reads both files. `bad_row` may be NULL. */
struct err broadcast_prepare(struct span csv, struct span message, int64_t part_price,
                             bad_row_fn *bad_row, void *arg, struct broadcast **ret);
/* Leaves out who said STOP (ERR_LOCKED while the people ring is closed). Inside a read or write. */
struct err broadcast_skip_stopped(struct txn *tx, struct vault *v, struct broadcast *b,
                                  bad_row_fn *bad_row, void *arg);
void broadcast_summary(const struct broadcast *b, struct broadcast_summary *ret);

struct broadcast_order {
	const char *consent;  /* what people agreed to, and where; ERR_REFUSED when it is empty */
	const char *override; /* why outside sending hours; "" : not */
	struct span request;  /* 16 random octets of the client, the same when it asks again */
	int64_t uid, now_ms;
};
/* ERR_REFUSED outside sending hours without a reason, ERR_INPUT for words that are too long. */
struct err broadcast_may(const struct broadcast_order *o);
/* Writes campaign, revision and deliveries, WRITE_PEOPLE a transaction, so that an answer never waits
 * for the whole of it (campaigns.h); all or none are sent, over a crash too. Who said STOP meanwhile
 * is left out and told to `bad_row`. They live until today's sending hours end; with an override
 * outside of those, for OVERRIDE_MS. ERR_REFUSED when nobody is left to write to. */
#define OVERRIDE_MS INT64_C(43200000) /* 12 h */
#define WRITE_PEOPLE 500u
struct err broadcast_write(struct store *st, struct vault *v, struct broadcast *b,
                           const struct broadcast_order *o, bad_row_fn *bad_row, void *arg,
                           int64_t *ret_campaign);
void broadcast_free(struct broadcast *b);

/* One text of staff to one number (`safar send`): lane test, for an hour. The language is guessed
 * from its letters (Russian where they leave it open): it decides nothing but what `outbox` shows.
 * `flash`: phones show it at once and don't keep it (class 0). ERR_REFUSED after a STOP. */
#define STAFF_MS INT64_C(3600000)
struct err staff_send(struct txn *tx, struct store *st, struct vault *v, struct span number,
                      struct span text, bool flash, int64_t uid, int64_t now_ms,
                      int64_t *ret_delivery);

/* Sending hours: weekdays 09:00–21:00 in the node's zone. `ret_ends_ms` (may be NULL): when today's
 * end, open or not. */
bool hours_open(int64_t now_ms, int64_t *ret_ends_ms);

#endif
