/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often one number is answered. The hour's count hangs on a hash under the session key, which is
 * gone in two hours; only who goes beyond it is counted for a day, under the day's key. */
#include "dialog/inside.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/people.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)
#define EMERGENCY_EACH_MS INT64_C(600000)
#define EMERGENCIES_A_DAY 12
#define EVERYBODY "*" /* no number is so written */

struct place {
	int64_t version;
	struct hash who;
	struct guard guard; /* count 0: there was none */
};

/* Under the newest version that has one; else where a new one belongs. */
static struct err find(struct txn *tx, struct vault *v, enum ring ring, struct span who,
                       int64_t now_ms, struct place *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct err e = vault_version(v, ring, now_ms, &ret->version);
	if (!err_is(e))
		e = vault_hash(v, ring, ret->version, "guard", who, &ret->who);
	if (err_is(e))
		return e;
	ret->guard = (struct guard){ .started_ms = now_ms };
	vault_versions(v, ring, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count; i++) {
		struct place p = { .version = versions[i] };
		bool found = false;
		e = vault_hash(v, ring, p.version, "guard", who, &p.who);
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

/* Beyond the hour's answers: an emergency still, and one last line. */
static struct err beyond(struct txn *tx, struct dialog *d, const struct who *w, bool is_emergency,
                         struct place *hour, int64_t limit, int64_t now_ms, enum guard_says *ret)
{
	struct place day;
	struct err e = ERR_NONE_VALUE;
	if (is_emergency && now_ms - hour->guard.latest_ms >= EMERGENCY_EACH_MS) {
		e = find(tx, d->vault, RING_LIVE, buf_span(&w->octets), now_ms, &day);
		if (!err_is(e) && day.guard.count < EMERGENCIES_A_DAY &&
		    (day.guard.count == 0 || now_ms - day.guard.latest_ms >= EMERGENCY_EACH_MS)) {
			*ret = GUARD_ANSWER;
			return count_one(tx, RING_LIVE, &day, DAY_MS, now_ms);
		}
	}
	if (err_is(e) || hour->guard.count > limit)
		return e;
	*ret = GUARD_LAST;
	hour->guard.count++; /* its time stays: an emergency doesn't wait for a last line */
	return guard_put(tx, RING_SESSION, hour->version, &hour->who, &hour->guard,
	                 hour->guard.started_ms + HOUR_MS);
}

struct err guard_may(struct txn *tx, struct dialog *d, const struct who *w, bool is_emergency,
                     int64_t now_ms, enum guard_says *ret)
{
	struct place all, one;
	(void)pthread_mutex_lock(&d->lock);
	const struct dialog_rules rules = d->rules;
	(void)pthread_mutex_unlock(&d->lock);
	*ret = GUARD_SILENCE;
	struct err e = find(tx, d->vault, RING_SESSION, span_of(EVERYBODY), now_ms, &all);
	if (!err_is(e))
		e = find(tx, d->vault, RING_SESSION, buf_span(&w->octets), now_ms, &one);
	if (err_is(e) || all.guard.count >= rules.answers_per_hour_all * (is_emergency ? 2 : 1))
		return e;
	if (one.guard.count < rules.answers_per_hour) {
		*ret = GUARD_ANSWER;
		e = count_one(tx, RING_SESSION, &one, HOUR_MS, now_ms);
	} else {
		e = beyond(tx, d, w, is_emergency, &one, rules.answers_per_hour, now_ms, ret);
	}
	if (!err_is(e) && *ret != GUARD_SILENCE)
		e = count_one(tx, RING_SESSION, &all, HOUR_MS, now_ms);
	if (!err_is(e) && *ret != GUARD_SILENCE && all.guard.count == rules.answers_per_hour_all)
		log_warning("as many answers went out this hour as answers-per-hour-all allows: until it is "
		            "over only emergencies are answered");
	return e;
}
