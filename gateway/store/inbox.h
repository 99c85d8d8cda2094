/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inbox.h - what people sent: parts as they came off the SIM, and whole messages.
 * Room:      store.  Standard: 3GPP TS 23.040 §9.2.3.24 (concatenation).
 * A part is known by its identity, a keyed hash. Of a message that is one part: SIM, place on it,
 * sender, SMSC time and the PDU's hash. Read twice from its place, it is one; equal ones that lie at
 * two places are two; once the modem's copy is deleted (inbox_part_deleted), an equal one is new. Of
 * a message in parts: SIM, sender, reference, part and text, since phones and networks send a part
 * again: within SAME_PART_MS of SMSC time it is one, for 25 h, wherever it lies.
 * Whose row it is: sender and text are sealed with the live ring and cleared when the message is
 * joined, or by inbox_sweep(); the identity is kept while it can be read again, and with it, of a
 * message that was given up on, the sender's hash: a part that comes late is known by it.
 * Threads:   inside a transaction.  Units: ms since 1970. */
#ifndef SAFAR_STORE_INBOX_H
#define SAFAR_STORE_INBOX_H

#include "base/buf.h"
#include "store/store.h"
#include "text/language.h"
#include "vault/vault.h"

#define SAME_PART_MS INT64_C(300000)

struct mo_part_new {
	int64_t id;
	int64_t sim;
	const char *link;
	int32_t sim_index;            /* where it lies on the SIM; -1: nowhere */
	struct hash key;              /* of the identity above, under key_version */
	const struct hash *older_keys; /* the same under the live versions before it */
	size_t older_count;
	int64_t key_version;
	struct hash sender;
	const struct hash *older_senders; /* the sender under those versions (older_count), or NULL:
	                                     finds the parts that came before midnight */
	struct span sender_sealed;    /* place: mo_part/sender/id */
	struct span text_sealed;      /* place: mo_part/text/id */
	int64_t scts_ms, received_ms; /* scts 0: not told */
	uint16_t ref;
	uint8_t total, seq;
};
enum mo_taken { MO_NEW_PARTIAL, MO_NEW_WHOLE, MO_KNOWN };
/* Writes the part down. MO_NEW_WHOLE: with it all parts of the message are there. MO_KNOWN too for
 * the late part of a message that was given up on. */
struct err inbox_part_add(struct txn *tx, const struct mo_part_new *p, enum mo_taken *ret);
/* The parts of the message that `p` completed, in order, sealed; marks them as belonging to
 * `inbox`, and clears their senders and texts: `row` is the last to see them. */
struct mo_part_row {
	int64_t id, key_version, scts_ms;
	struct buf text_sealed;
	uint8_t seq;
};
struct err inbox_part_join(struct txn *tx, const struct mo_part_new *p, int64_t inbox,
                           struct err (*row)(const struct mo_part_row *, void *), void *arg);
/* The message that waits longest for a part, of those of which none came after `since_ms`. */
struct mo_overdue {
	int64_t part;              /* the one of its parts whose sender is sealed here */
	int64_t message, sim, key_version, received_ms;
	char link[32];
	uint8_t total;
	struct buf sender_sealed;  /* place: mo_part/sender/part */
};
/* When found, the caller frees sender_sealed. */
struct err inbox_partial_due(struct txn *tx, int64_t since_ms, struct mo_overdue *ret,
                             bool *ret_found);
/* As inbox_part_join(), of the parts that are there. It stays counted as partial. */
struct err inbox_partial_join(struct txn *tx, int64_t message, int64_t inbox,
                              struct err (*row)(const struct mo_part_row *, void *), void *arg);
/* Nothing of it stays but that it was read: its key is gone, nobody can be answered. */
struct err inbox_partial_drop(struct txn *tx, int64_t message);
/* DELETE: the same of all that this sender began and didn't end. */
struct err inbox_forget(struct txn *tx, const struct hash *sender);
/* The modem deleted what lay there. */
struct err inbox_part_deleted(struct txn *tx, int64_t sim, int32_t sim_index, int64_t now_ms);

#define INBOX_STATES(X) X(RECEIVED, "received") X(ANSWERED, "answered") X(SILENT, "silent")
#define X(id, word) INBOX_##id,
enum inbox_state { INBOX_STATES(X) INBOX_STATE_COUNT };
#undef X
const char *inbox_word(enum inbox_state s);

struct inbox_new {
	int64_t id;
	int64_t sim;
	const char *link;
	const char *intent;          /* "hotline"; "call" for a missed call */
	enum language language;
	enum inbox_state state;      /* silent: nothing was to be answered */
	int64_t received_ms, scts_ms;
};
struct err inbox_add(struct txn *tx, const struct inbox_new *m);
/* For `safar inbox`: newest first. */
struct inbox_row {
	int64_t id, received_ms;
	char link[32], intent[24];
	enum inbox_state state;
};
struct err inbox_list(struct txn *tx, int64_t before, unsigned limit,
                      struct err (*row)(const struct inbox_row *, void *), void *arg);
/* Clears senders and texts of parts left alone after 24 h; drops part rows that nothing needs.
 * *ret_more as in delivery_sweep(). */
struct err inbox_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more);

#endif
