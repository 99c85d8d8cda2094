/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialog.h - what to answer: an inbound message and its answer in one transaction.
 * Room:      dialog (includes base, text, vault, store, content).
 * It knows nothing of links: it is given a message and writes inbox, session, STOP and a delivery
 * of lane `answer`, bound to the SIM that was asked.
 * Rules: a message read late is judged by its SMSC time: over 30 minutes a neutral answer, over 24
 *        hours none. A missed call gets one generic text in ten minutes, none after STOP. STOP bars
 *        what staff start; a new question is still answered. Short codes and names are never
 *        answered. The sender's own words never come back. Age is that of the newest part. A
 *        message whose missing part doesn't come is answered by the parts that are there. One
 *        number gets so many answers an hour, since it may be another machine that answers ours;
 *        beyond them only what an emergency asks for, every ten minutes and twelve times a day.
 * Ownership: arguments are borrowed.  Threads: dialog_take_* in the store's writer thread;
 *            dialog_use_content(), _use_rules() and _content() from any.  Errors: on error nothing was written. */
#ifndef SAFAR_DIALOG_DIALOG_H
#define SAFAR_DIALOG_DIALOG_H

#include "content/content.h"
#include "store/inbox.h"
#include "store/sources.h"
#include "store/store.h"
#include "text/msisdn.h"
#include "vault/vault.h"

struct dialog;

struct err dialog_new(struct store *st, struct vault *v, struct content *c, struct dialog **ret);
void dialog_free(struct dialog *d);
/* After a reload: holds the new content, drops the old. Its revision is written at first use. */
void dialog_use_content(struct dialog *d, struct content *c);

/* What is said now: held, the caller drops it. Any thread. */
struct content *dialog_content(struct dialog *d);

struct dialog_rules {
	int64_t answers_per_hour;     /* to one number */
	int64_t answers_per_hour_all; /* to everybody: strangers can't empty the SIM; emergencies twice that */
	int64_t partial_after_ms; /* a message waits that long for its next part */
};
#define DIALOG_RULES ((struct dialog_rules){ .answers_per_hour = 6, .answers_per_hour_all = 1000, \
	.partial_after_ms = 600000 })
/* From the next message on; DIALOG_RULES until then. Any thread. */
void dialog_use_rules(struct dialog *d, const struct dialog_rules *r);

struct mo {
	const char *link;       /* its name */
	int64_t sim;
	int32_t sim_index;      /* where it lies on the SIM */
	struct span sender;     /* as the modem gave it: digits, '+' when international, or a name */
	struct span text;       /* UTF-8, of this part */
	int64_t scts_ms, received_ms;
	uint16_t ref;
	uint8_t total, seq;     /* 1, 1 without concatenation */
	uint8_t pdu_hash[32];
};
struct dialog_result {
	bool known;             /* read before */
	bool whole;             /* a whole message was judged */
	bool answered;
	int64_t delivery;       /* 0: no answer */
	int64_t second;         /* one more: the menu in Russian too, what can be dialled from abroad */
	enum intent intent;
};
struct err dialog_take_mo(struct txn *tx, struct dialog *d, const struct mo *m,
                          struct dialog_result *ret);
/* The next message to give up waiting for: joins what is there and answers it. *ret_found is false
 * when there is none. */
struct err dialog_take_partial(struct txn *tx, struct dialog *d, int64_t now_ms,
                               struct dialog_result *ret, bool *ret_found);
/* `caller` empty: withheld; counted, nobody to answer. */
struct err dialog_take_call(struct txn *tx, struct dialog *d, const char *link, int64_t sim,
                            struct span caller, int64_t now_ms, struct dialog_result *ret);
/* The word for that kind of material of a drive: the one that it has, or a new one that no keyword and
 * no place is taken for. In the store's writer thread. */
struct err dialog_drive_word(struct txn *tx, struct dialog *d, const char *drive, const char *kind,
                             int64_t now_ms, char ret[SOURCE_WORD_LIMIT]);
/* The number of somebody who wants to be rung (store/wishes.h), from its box: '+' and digits. The
 * people ring is open. Any thread. */
struct err dialog_rung_number(struct dialog *d, int64_t id, struct span box, struct buf *ret);
/* The people ring was loaded: the store compares it, counts what STOP and START came meanwhile, and
 * only then it is open (vault_people_admit). On error it is closed again. Not in a transaction. */
struct err dialog_admit_people(struct dialog *d, int64_t uid);
/* The counting alone, inside a transaction. */
struct err dialog_people_opened(struct txn *tx, struct dialog *d, int64_t now_ms);

#endif
