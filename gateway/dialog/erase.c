/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DELETE: what is kept of a person goes. What stays is that they said STOP, as a keyed hash; how often
 * they were answered in this hour, as another, which goes with its hour's key; and counts. */
#include "dialog/inside.h"

#include "store/delivery.h"
#include "store/inbox.h"
#include "store/ussd.h"
#include "store/wishes.h"
#include "base/banned.h"

#define SESSIONS_AT_ONCE 16u

static struct err erase_live(struct txn *tx, int64_t version, const struct hash *live,
                             int64_t now_ms)
{
	struct err e = delivery_forget(tx, RING_LIVE, version, live, now_ms);
	if (!err_is(e))
		e = inbox_forget(tx, live);
	return err_is(e) ? e : call_wish_forget(tx, version, live);
}

static struct err erase_sessions(struct txn *tx, struct vault *v, int64_t version,
                                 struct span caller, int64_t now_ms)
{
	struct hash who;
	struct ussd_row row[SESSIONS_AT_ONCE];
	size_t n = 0;
	struct err e = vault_hash(v, RING_SESSION, version, USSD_WHO, caller, &who);
	if (!err_is(e))
		e = ussd_rows_of(tx, version, &who, now_ms, row, SESSIONS_AT_ONCE, &n);
	for (size_t i = 0; i < n; i++) {
		if (!err_is(e))
			e = ussd_row_drop(tx, row[i].id);
		buf_wipe(&row[i].sealed);
	}
	return e;
}

/* Operators give a caller with '+' or without. */
static struct err erase_ussd(struct txn *tx, struct vault *v, const struct who *w, int64_t now_ms)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct buf plus;
	struct err e = ERR_NONE_VALUE;
	buf_init(&plus, MSISDN_DIGITS_MAX + 1);
	buf_add_octet(&plus, '+');
	buf_add(&plus, msisdn_span(&w->number));
	vault_versions(v, RING_SESSION, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !err_is(e); i++) {
		e = erase_sessions(tx, v, versions[i], buf_span(&plus), now_ms);
		if (!err_is(e))
			e = erase_sessions(tx, v, versions[i], msisdn_span(&w->number), now_ms);
	}
	buf_wipe(&plus);
	return e;
}

struct err erase_person(struct txn *tx, struct dialog *d, const struct who *w, int64_t now_ms)
{
	struct err e = memory_drop(tx, d->vault, w);
	if (!err_is(e))
		e = erase_live(tx, w->version, &w->live, now_ms);
	for (size_t i = 0; i < w->older_count && !err_is(e); i++)
		e = erase_live(tx, w->older[i], &w->older_live[i], now_ms);
	return err_is(e) ? e : erase_ussd(tx, d->vault, w, now_ms);
}
