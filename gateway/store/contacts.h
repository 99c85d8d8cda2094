/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts.h - people who may be written to, what they agreed to, and saved filters over them.
 * Room:      store.
 * Whose:     a number is a keyed hash and a seal of the people ring here (purpose "number", as STOP's;
 *            place contact/number/ID, the text is '+' and digits): without open people keys nobody
 *            is found or read. Language, region and tags are readable, since segments are counted.
 * Consent:   a ledger: rows are added, and only contact_forget() deletes. Nothing sets `ended` yet: a STOP
 *            bars by itself, and a START takes it back.
 * Ownership: spans are borrowed for the call; of a row, for as long as it is shown.
 * Errors:    those of the store.
 * Threads:   inside a transaction.  Units: ms since 1970; 0 stands for never. */
#ifndef SAFAR_STORE_CONTACTS_H
#define SAFAR_STORE_CONTACTS_H

#include "base/buf.h"
#include "store/store.h"
#include "vault/vault.h"

#define COUNTRY_LIMIT 3   /* with its NUL */
#define OPERATOR_LIMIT 24
#define LANGUAGE_LIMIT 12
#define SCRIPT_LIMIT 8
#define REGION_LIMIT 32
#define SOURCE_LIMIT 16
#define TAG_LIMIT 33
#define CHANNEL_LIMIT 49
#define WORDING_LIMIT 1001
#define PROOF_LIMIT 257

/* What is known of a contact besides the number; "" : not known. */
struct contact_facts {
	char country[COUNTRY_LIMIT], operator_[OPERATOR_LIMIT], language[LANGUAGE_LIMIT],
		script[SCRIPT_LIMIT], region[REGION_LIMIT];
};
struct contact_new {
	int64_t id, key_version;
	struct hash number;
	struct span sealed;
	struct contact_facts facts;
	const char *source; /* "import", "keyword" */
	int64_t now_ms;
};
struct err contact_find(struct txn *tx, int64_t key_version, const struct hash *number,
                        int64_t *ret_id, bool *ret_found);
struct err contact_add(struct txn *tx, const struct contact_new *c);
/* What is "" in the facts stays as it was. */
struct err contact_update(struct txn *tx, int64_t id, const struct contact_facts *f,
                          int64_t now_ms);

struct contact {
	int64_t id, key_version;
	struct hash number;
	struct span sealed;
	struct contact_facts facts;
	char source[SOURCE_LIMIT];
	int64_t added_ms, updated_ms, reached_ms, engaged_ms, quiet_until_ms;
	bool has_consent; /* one that hasn't ended */
};
typedef struct err contact_fn(const struct contact *, void *);
/* Calls `row` once, or not at all. */
struct err contact_get(struct txn *tx, int64_t id, contact_fn *row, void *arg);

/* ---- what happened: the newest counts. A number that is no contact's changes nothing. That somebody
 * was reached the store notes itself, when a delivery under the people ring is delivered. */
struct err contact_engaged(struct txn *tx, int64_t key_version, const struct hash *number,
                           int64_t at_ms);
/* They asked for help: no campaign until then. */
struct err contact_quiet(struct txn *tx, int64_t key_version, const struct hash *number,
                         int64_t until_ms);

/* ---- tags */
struct err contact_tag_add(struct txn *tx, const char *tag, int64_t contact, bool *ret_new);
struct err contact_tag_remove(struct txn *tx, const char *tag, int64_t contact, bool *ret_was);
struct err contact_tags(struct txn *tx, int64_t contact, void (*row)(const char *tag, void *),
                        void *arg);

/* ---- consent */
struct consent {
	int64_t at_ms, ended_ms; /* when they agreed; when that ended */
	char channel[CHANNEL_LIMIT], wording[WORDING_LIMIT], language[LANGUAGE_LIMIT],
		proof[PROOF_LIMIT];
};
/* *ret_new is false where the ledger has it already. */
struct err consent_add(struct txn *tx, int64_t contact, const struct consent *c, bool *ret_new);
struct err consent_has(struct txn *tx, int64_t contact, bool *ret); /* one that hasn't ended */
struct err consent_list(struct txn *tx, int64_t contact, void (*row)(const struct consent *, void *),
                        void *arg);

/* ---- filters: all members must hold. A list is a JSON array of strings, any of which may be the
 * contact's; NULL: all may. */
struct contact_filter {
	const char *language, *script, *region, *country, *operator_, *tag, *not_tag;
	/* reached_before and engaged_before hold for who never was, too. 0: any time. */
	int64_t reached_before_ms, reached_since_ms, engaged_before_ms, engaged_since_ms;
	/* Not 0: only who has a consent that is open and isn't quiet at that time. STOP isn't looked
	 * at: stop_has(). */
	int64_t willing_at_ms;
};
struct contact_after { /* where a listing goes on; all zero: from the start */
	int64_t key_version;
	struct hash number;
	bool is_set;
};
/* At most `limit` rows behind *after, in the order of their hashes, which is nobody's; *after is
 * moved to the last one shown, *ret_more says whether the limit was reached. `row` may not match or
 * get contacts itself. */
struct err contacts_match(struct txn *tx, const struct contact_filter *f,
                          struct contact_after *after, unsigned limit, contact_fn *row, void *arg,
                          bool *ret_more);
/* By language and script, as they stand in the contacts. */
struct err contacts_count_languages(struct txn *tx, const struct contact_filter *f,
                                    void (*row)(const char *language, const char *script, int64_t n,
                                                void *arg), void *arg);
struct err contacts_count(struct txn *tx, const struct contact_filter *f, int64_t *ret);

/* ---- erasure: contact, tags and consent. What stays of them is told by contact_traces(). */
struct contact_traces {
	int64_t contacts, tags, consents, deliveries;
};
struct err contact_forget(struct txn *tx, int64_t id);
/* The contact with that number, where there is one, and the number of what waits for it or is under
 * way. What was sent long ago keeps it: contact_sent(). */
struct err contact_erase(struct txn *tx, int64_t key_version, const struct hash *number,
                         int64_t now_ms);
/* IDs of deliveries that hold the number, but for those on the air; all of the outbox is looked
 * through, so ask outside the writer. contact_clear_sent() then takes the number off them. */
struct err contact_sent(struct txn *tx, int64_t key_version, const struct hash *number, int64_t *ret,
                        size_t room, size_t *ret_count);
struct err contact_clear_sent(struct txn *tx, const int64_t *ids, size_t count);
/* Rows that still point at this contact; deliveries: those that hold the number's hash. */
struct err contact_traces(struct txn *tx, int64_t id, int64_t key_version,
                          const struct hash *number, struct contact_traces *ret);

/* ---- segments: a name and a filter as canonical JSON (campaign/segment.h reads and writes it) */
#define SEGMENT_LIMIT 33
#define FILTER_OCTETS 8192
struct err segment_put(struct txn *tx, const char *name, const char *filter);
/* Into *ret (overwritten; the caller frees it); empty: there is none of that name. */
struct err segment_get(struct txn *tx, const char *name, struct buf *ret);
struct err segment_drop(struct txn *tx, const char *name, bool *ret_was);
/* Those behind the name `after`. */
struct err segment_list(struct txn *tx, const char *after, unsigned limit,
                        void (*row)(const char *name, const char *filter, void *), void *arg);

#endif
