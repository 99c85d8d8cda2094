/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/clerk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "campaign/plan_turn.h"
#include "store/campaigns.h"
#include "store/delivery.h"
#include "store/inbox.h"
#include "store/people.h"
#include "store/ussd.h"
#include "store/wishes.h"
#include "base/banned.h"

#define TURN_MS 5000
#define ROWS_A_TURN 500u   /* so that a sweep never holds up an answer */
#define TURNS_IN_A_ROW 20

struct clerk {
	struct store *store;
	struct vault *vault;
	struct dialog *dialog;
	struct links *links;
	pthread_t thread;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	struct clerk_rules rules;
	bool stop, woken;
};

struct turn {
	struct clerk *clerk;
	int64_t now_ms;
	int64_t sims[LINKS_MAX];
	size_t sim_count;
	bool more, gave_up;
	int64_t oldest_live;
};

static struct err sweep(struct txn *tx, void *arg)
{
	struct turn *t = arg;
	bool deliveries = false, inbox = false, campaigns = false, ussd = false;
	struct err e = delivery_sweep(tx, t->sims, t->sim_count, t->now_ms, ROWS_A_TURN, &deliveries);
	if (!err_is(e))
		e = inbox_sweep(tx, t->now_ms, ROWS_A_TURN, &inbox);
	if (!err_is(e))
		e = campaigns_sweep(tx, t->now_ms, ROWS_A_TURN, &campaigns);
	if (!err_is(e))
		e = ussd_sweep(tx, t->now_ms, ROWS_A_TURN, &ussd);
	if (!err_is(e))
		e = session_sweep(tx, t->now_ms);
	if (!err_is(e))
		e = guard_sweep(tx, t->now_ms);
	if (!err_is(e))
		e = wishes_sweep(tx, t->now_ms);
	if (!err_is(e))
		e = delivery_oldest_version(tx, RING_LIVE, &t->oldest_live);
	t->more = deliveries || inbox || campaigns || ussd;
	return e;
}

/* A live key goes with the day's last answer; the session key's former hour with its half hour. */
static struct err retire(struct turn *t)
{
	int64_t today = 0, hour = 0;
	struct vault *v = t->clerk->vault;
	struct err e = vault_version(v, RING_LIVE, t->now_ms, &today);
	if (!err_is(e))
		e = vault_version(v, RING_SESSION, t->now_ms, &hour);
	if (err_is(e))
		return e;
	/* a text may be read again for a day: yesterday's key still knows it */
	int64_t oldest = t->oldest_live < today - 1 ? t->oldest_live : today - 1;
	e = vault_retire(v, RING_LIVE, oldest, t->now_ms);
	return err_is(e) ? e : vault_retire(v, RING_SESSION, hour - 1, t->now_ms);
}

static struct err give_up(struct txn *tx, void *arg)
{
	struct turn *t = arg;
	struct dialog_result result;
	return dialog_take_partial(tx, t->clerk->dialog, t->now_ms, &result, &t->gave_up);
}

/* A transaction each: the answers to others don't wait for all of them. */
static struct err answer_partial(struct turn *t)
{
	struct err e = store_write(t->clerk->store, give_up, t);
	for (unsigned n = 1; n < ROWS_A_TURN && !err_is(e) && t->gave_up; n++)
		e = store_write(t->clerk->store, give_up, t);
	return e;
}

static void take_turn(struct clerk *c)
{
	struct turn t = { .clerk = c, .now_ms = clock_now_ms() };
	if (store_clock_is_behind(c->store, t.now_ms)) {
		log_warning("the clock is behind the newest entry of the store: nothing expires until it "
		            "has caught up");
		return;
	}
	struct link_state links[LINKS_MAX];
	size_t n = links_states(c->links, links, LINKS_MAX);
	for (size_t i = 0; i < n; i++)
		if (links[i].sim != 0)
			t.sims[t.sim_count++] = links[i].sim;
	struct err e = answer_partial(&t);
	for (int i = 0; i < TURNS_IN_A_ROW && !err_is(e); i++) {
		e = store_write(c->store, sweep, &t);
		if (err_is(e) || !t.more)
			break;
	}
	if (!err_is(e))
		e = retire(&t);
	if (err_is(e))
		log_err(&e);
	else
		links_wake(c->links); /* an answer may have been freed for another SIM */
}

/* How long their next turn may wait. */
static int64_t turn_campaigns(struct clerk *c)
{
	(void)pthread_mutex_lock(&c->lock);
	const struct clerk_rules rules = c->rules;
	struct hours *hours = hours_hold(rules.hours);
	(void)pthread_mutex_unlock(&c->lock);
	const struct plan_turn t = { .store = c->store, .vault = c->vault, .hours = hours,
		.part_price = rules.part_price, .month_ceiling = rules.month_ceiling };
	const int64_t now_ms = clock_now_ms();
	int64_t wait_ms = TURN_MS;
	struct err e = ERR_NONE_VALUE;
	if (!store_clock_is_behind(c->store, now_ms))
		e = plan_turn(&t, now_ms, &wait_ms);
	hours_drop(hours);
	if (err_is(e))
		log_err(&e);
	else
		links_wake(c->links);
	return wait_ms;
}

/* Until it is woken, or `ms` have passed; the lock is held. */
static void wait_for(struct clerk *c, int64_t ms)
{
	struct timespec until = { 0 };
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (ms % 1000) * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	while (!c->stop && !c->woken &&
	       pthread_cond_timedwait(&c->changed, &c->lock, &until) != ETIMEDOUT)
		continue;
}

static void *run(void *arg)
{
	struct clerk *c = arg;
	int64_t kept_ms = 0; /* when it kept house last */
	(void)pthread_mutex_lock(&c->lock);
	while (!c->stop) {
		c->woken = false;
		(void)pthread_mutex_unlock(&c->lock);
		const int64_t now_ms = clock_monotonic_ms();
		if (kept_ms == 0 || now_ms >= kept_ms + TURN_MS) {
			take_turn(c);
			kept_ms = now_ms;
		}
		const int64_t wait_ms = turn_campaigns(c);
		(void)pthread_mutex_lock(&c->lock);
		wait_for(c, wait_ms);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

struct err clerk_start(struct store *st, struct vault *v, struct dialog *d, struct links *ls,
                       const struct clerk_rules *rules, struct clerk **ret)
{
	struct clerk *c = calloc(1, sizeof *c);
	if (c == NULL) {
		hours_drop(rules->hours);
		return err_make(ERR_MEMORY, "start the clerk", NULL, NULL);
	}
	*c = (struct clerk){ .store = st, .vault = v, .dialog = d, .links = ls, .rules = *rules };
	pthread_condattr_t attr;
	int rc = pthread_mutex_init(&c->lock, NULL);
	if (rc == 0)
		rc = pthread_condattr_init(&attr);
	if (rc == 0)
		rc = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	if (rc == 0)
		rc = pthread_cond_init(&c->changed, &attr);
	if (rc == 0)
		rc = pthread_create(&c->thread, NULL, run, c);
	if (rc != 0) {
		hours_drop(rules->hours);
		free(c);
		return err_os(rc, "start the clerk", NULL, NULL);
	}
	(void)pthread_condattr_destroy(&attr);
	*ret = c;
	return ERR_NONE_VALUE;
}

void clerk_stop(struct clerk *c)
{
	if (c == NULL)
		return;
	(void)pthread_mutex_lock(&c->lock);
	c->stop = true;
	(void)pthread_cond_signal(&c->changed);
	(void)pthread_mutex_unlock(&c->lock);
	(void)pthread_join(c->thread, NULL);
	(void)pthread_cond_destroy(&c->changed);
	(void)pthread_mutex_destroy(&c->lock);
	hours_drop(c->rules.hours);
	free(c);
}

void clerk_wake(struct clerk *c)
{
	(void)pthread_mutex_lock(&c->lock);
	c->woken = true;
	(void)pthread_cond_signal(&c->changed);
	(void)pthread_mutex_unlock(&c->lock);
}

struct hours *clerk_hours(struct clerk *c)
{
	(void)pthread_mutex_lock(&c->lock);
	struct hours *h = hours_hold(c->rules.hours);
	(void)pthread_mutex_unlock(&c->lock);
	return h;
}

void clerk_use_rules(struct clerk *c, const struct clerk_rules *rules)
{
	(void)pthread_mutex_lock(&c->lock);
	struct hours *before = c->rules.hours;
	c->rules = *rules;
	(void)pthread_mutex_unlock(&c->lock);
	hours_drop(before);
}
