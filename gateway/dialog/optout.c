/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STOP, START, and what DELETE means for contacts. With the people ring open they are counted at once;
 * while it is closed they are kept as boxes to its public key, and counted when it is opened, in the
 * order of their coming. */
#include "dialog/inside.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/contacts.h"
#include "store/delivery.h"
#include "store/people.h"
#include "store/plans.h"
#include "base/banned.h"

/* ---- with the ring open */
static struct err count_in(struct txn *tx, struct vault *v, struct span digits, enum optout what,
                           int64_t now_ms)
{
	const bool stop = what != OPTOUT_START;
	int64_t newest = 0, versions[VERSIONS_MAX];
	size_t count = 0;
	struct hash number;
	struct err e = vault_version(v, RING_PEOPLE, now_ms, &newest);
	if (!err_is(e))
		e = vault_hash(v, RING_PEOPLE, newest, "number", digits, &number);
	if (!err_is(e) && stop)
		e = stop_add(tx, newest, &number, now_ms);
	vault_versions(v, RING_PEOPLE, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !err_is(e); i++) {
		unsigned cancelled = 0;
		e = vault_hash(v, RING_PEOPLE, versions[i], "number", digits, &number);
		if (!err_is(e) && stop)
			e = outcome_stop(tx, &number, now_ms);
		if (!err_is(e))
			e = stop ? delivery_cancel_for(tx, RING_PEOPLE, versions[i], &number, now_ms,
			                               &cancelled)
			         : stop_remove(tx, versions[i], &number);
		if (!err_is(e) && what == OPTOUT_DELETE)
			e = contact_erase(tx, versions[i], &number, now_ms);
	}
	return e;
}

/* ---- boxes: id, time and wish stand inside too, since a box doesn't say who made it */
#define BOX_OCTETS (8 + 8 + 1 + MSISDN_DIGITS_MAX)

static struct err pend(struct txn *tx, struct dialog *d, const struct who *w, enum optout what,
                       const uint8_t key[PUBLIC_KEY_SIZE], int64_t version, const struct hash *live,
                       int64_t now_ms)
{
	uint8_t plain[BOX_OCTETS] = { 0 }; /* digits are padded: all boxes have one size */
	struct buf box;
	const int64_t id = store_new_id(d->store);
	buf_init(&box, BOX_OCTETS + BOX_OVERHEAD);
	number_put(plain, id);
	number_put(plain + 8, now_ms);
	plain[16] = (uint8_t)what;
	const struct span digits = msisdn_span(&w->number);
	memcpy(plain + 17, digits.p, digits.n <= MSISDN_DIGITS_MAX ? digits.n : MSISDN_DIGITS_MAX);
	struct err e = vault_box(key, span_make(plain, sizeof plain), &box);
	if (!err_is(e))
		e = stop_pend(tx, id, what != OPTOUT_START, buf_span(&box), version, live, now_ms);
	explicit_bzero(plain, sizeof plain);
	buf_wipe(&box);
	return e;
}

/* A STOP is found by the key of its day: a START takes it back under each key that has one. */
static struct err set_locked(struct txn *tx, struct dialog *d, const struct who *w,
                             enum optout what, int64_t now_ms)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	bool has_keys = false;
	struct err e = people_public_get(tx, key, &has_keys);
	if (!err_is(e) && !has_keys) {
		log_warning("a %s came and there are no people keys yet, so nothing that it could bar; "
		            "make them: safar keys new", what != OPTOUT_START ? "STOP" : "START");
		return e;
	}
	for (size_t i = 0; i < w->older_count && what == OPTOUT_START && !err_is(e); i++) {
		bool is_stopped = false;
		e = stop_pending_has(tx, w->older[i], &w->older_live[i], &is_stopped);
		if (!err_is(e) && is_stopped)
			e = pend(tx, d, w, what, key, w->older[i], &w->older_live[i], now_ms);
	}
	return err_is(e) ? e : pend(tx, d, w, what, key, w->version, &w->live, now_ms);
}

struct err optout_set(struct txn *tx, struct dialog *d, const struct who *w, enum optout what,
                      int64_t now_ms)
{
	if (!vault_people_is_open(d->vault))
		return set_locked(tx, d, w, what, now_ms);
	/* what came before this one is counted before it */
	struct err e = dialog_people_opened(tx, d, now_ms);
	return err_is(e) ? e : count_in(tx, d->vault, msisdn_span(&w->number), what, now_ms);
}

/* ---- who said STOP */
static struct err has_counted(struct txn *tx, struct vault *v, const struct who *w, bool *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct err e = ERR_NONE_VALUE;
	vault_versions(v, RING_PEOPLE, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !*ret && !err_is(e); i++) {
		struct hash number;
		e = vault_hash(v, RING_PEOPLE, versions[i], "number", msisdn_span(&w->number), &number);
		if (!err_is(e))
			e = stop_has(tx, versions[i], &number, ret);
	}
	return e;
}

struct err optout_has(struct txn *tx, struct dialog *d, const struct who *w, bool *ret)
{
	struct err e = ERR_NONE_VALUE;
	*ret = false;
	if (vault_people_is_open(d->vault))
		e = has_counted(tx, d->vault, w, ret);
	if (!err_is(e) && !*ret)
		e = stop_pending_has(tx, w->version, &w->live, ret);
	for (size_t i = 0; i < w->older_count && !*ret && !err_is(e); i++)
		e = stop_pending_has(tx, w->older[i], &w->older_live[i], ret);
	return e;
}

/* ---- the ring is opened */
struct opening {
	struct vault *vault;
	int64_t now_ms;
	unsigned unreadable;
	struct err failed; /* of the store: nothing is to be kept */
};

static struct err count_box(struct txn *tx, int64_t id, bool stop, struct span box, void *arg)
{
	struct opening *o = arg;
	struct buf plain;
	buf_init(&plain, BOX_OCTETS);
	if (err_is(o->failed))
		return o->failed;
	struct err e = vault_unbox(o->vault, box, &plain);
	if (!err_is(e) && (plain.n != BOX_OCTETS || number_get(plain.p) != id ||
	                   plain.p[16] >= OPTOUT_COUNT || (plain.p[16] != OPTOUT_START) != stop))
		e = err_make(ERR_DATA, "read a STOP that waited", NULL, "%lld", (long long)id);
	if (err_is(e)) {
		o->unreadable++; /* it stays, for the keys that it was made for */
	} else {
		const char *digits = (const char *)plain.p + 17;
		e = count_in(tx, o->vault, span_make(digits, strnlen(digits, MSISDN_DIGITS_MAX)),
		             (enum optout)plain.p[16],
		             o->now_ms);
		o->failed = e;
	}
	buf_wipe(&plain);
	return e;
}

struct err dialog_people_opened(struct txn *tx, struct dialog *d, int64_t now_ms)
{
	struct opening o = { .vault = d->vault, .now_ms = now_ms, .failed = ERR_NONE_VALUE };
	struct err e = stop_pending_take(tx, count_box, &o);
	if (!err_is(e))
		e = o.failed;
	if (!err_is(e) && o.unreadable > 0)
		log_warning("%u STOP or START that came while the people keys were closed can't be read "
		            "with these keys", o.unreadable);
	return e;
}

/* ---- opening the ring */

struct admission {
	struct dialog *dialog;
	int64_t uid;
	uint8_t key[PUBLIC_KEY_SIZE];
};

static struct err write_admission(struct txn *tx, void *arg)
{
	const struct admission *a = arg;
	const int64_t now_ms = clock_now_ms();
	struct err e = people_public_set(tx, a->key);
	if (!err_is(e))
		e = dialog_people_opened(tx, a->dialog, now_ms);
	return err_is(e) ? e : audit_add(tx, a->uid, "unlock", "", now_ms);
}

struct err dialog_admit_people(struct dialog *d, int64_t uid)
{
	struct admission a = { .dialog = d, .uid = uid };
	struct err e = vault_people_public(d->vault, a.key);
	if (!err_is(e))
		e = store_write(d->store, write_admission, &a);
	vault_people_admit(d->vault, !err_is(e));
	return e;
}
