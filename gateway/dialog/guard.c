/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often one number is answered. The hour's count hangs on a hash under the session key, which is
 * gone in two hours; only who goes beyond it is counted for a day, under the day's key. */
#include "dialog/inside.h"

#include "base/clock.h"
#include "store/people.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)
#define EMERGENCY_EACH_MS INT64_C(600000)
#define EMERGENCIES_A_DAY 12

struct place {
	int64_t version;
	struct hash who;
	struct guard guard; /* count 0: there was none */
};

/* Under the newest version that has one; else where a new one belongs. */
static struct err find(struct txn *tx, struct vault *v, enum ring ring, const struct who *w,
                       int64_t now_ms, struct place *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct err e = vault_version(v, ring, now_ms, &ret->version);
	if (!err_is(e))
		e = vault_hash(v, ring, ret->version, "guard", buf_span(&w->octets), &ret->who);
	if (err_is(e))
		return e;
	ret->guard = (struct guard){ .started_ms = now_ms };
	vault_versions(v, ring, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count; i++) {
		struct place p = { .version = versions[i] };
		bool found = false;
		e = vault_hash(v, ring, p.version, "guard", buf_span(&w->octets), &p.who);
		if (!err_is(e))
			e = guard_get(tx, ring, p.version, &p.who, now_ms, &p.guard, &found);
		if (err_is(e))
			return e;
		if (found) {
			*ret = p;
			return e;
		}
	}
	return e;
}

static struct err count_one(struct txn *tx, enum ring ring, struct place *p, int64_t lasts_ms,
                            int64_t now_ms)
{
	p->guard.count++;
	p->guard.latest_ms = now_ms;
	return guard_put(tx, ring, p->version, &p->who, &p->guard, p->guard.started_ms + lasts_ms);
}

struct err guard_may(struct txn *tx, struct dialog *d, const struct who *w, bool is_emergency,
                     int64_t now_ms, bool *ret)
{
	struct place p;
	(void)pthread_mutex_lock(&d->lock);
	const int64_t limit = d->rules.answers_per_hour;
	(void)pthread_mutex_unlock(&d->lock);
	*ret = false;
	struct err e = find(tx, d->vault, RING_SESSION, w, now_ms, &p);
	if (err_is(e))
		return e;
	if (p.guard.count < limit) {
		*ret = true;
		return count_one(tx, RING_SESSION, &p, HOUR_MS, now_ms);
	}
	if (!is_emergency || now_ms - p.guard.latest_ms < EMERGENCY_EACH_MS)
		return e;
	e = find(tx, d->vault, RING_LIVE, w, now_ms, &p);
	if (err_is(e) || p.guard.count >= EMERGENCIES_A_DAY ||
	    (p.guard.count > 0 && now_ms - p.guard.latest_ms < EMERGENCY_EACH_MS))
		return e;
	*ret = true;
	return count_one(tx, RING_LIVE, &p, DAY_MS, now_ms);
}
