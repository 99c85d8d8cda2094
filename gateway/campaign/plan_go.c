/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the draft to the last message: who lets a campaign go, and who stops it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "campaign/broadcast.h"
#include "campaign/inside.h"
#include "campaign/outgoing.h"
#include "campaign/plan_moves.h"
#include "store/campaigns.h"
#include "store/people.h"
#include "base/banned.h"

#define BIT(b) (1u << BLOCKER_##b)
#define MISSING (BIT(NO_TEXTS) | BIT(NO_AUDIENCE)) /* nobody can override what isn't there */
#define UNFIT (BIT(UNREVIEWED) | BIT(PLACEHOLDER) | BIT(LOCKED))
#define ALL ((1u << BLOCKER_COUNT) - 1)

static bool is_said(const char *words) { return span_trim(span_of(words)).n > 0; }

/* ERR_REFUSED where one of `which` stands in the way: all of them are named, and what to do about the
 * first. */
static struct err check(struct txn *tx, const struct staff *by, const struct plan *p,
                        unsigned which, const char *doing)
{
	struct spec s;
	struct preview v;
	char names[ERR_WHOM_LIMIT] = "";
	const char *next = NULL;
	size_t n = 0;
	struct err e = spec_read(buf_span(&p->spec), &s);
	if (err_is(e))
		return e;
	e = preview_plan(tx, by->of, p, &s, &v);
	spec_free(&s);
	if (err_is(e))
		return e;
	for (unsigned b = 0; b < BLOCKER_COUNT; b++) {
		if (!v.blocks[b] || (which & 1u << b) == 0)
			continue;
		const char *word = blocker_word((enum blocker)b);
		if (next == NULL)
			next = blocker_next((enum blocker)b);
		const int more = snprintf(names + n, sizeof names - n, "%s%s", n > 0 ? ", " : "", word);
		n += more > 0 && (size_t)more < sizeof names - n ? (size_t)more : 0;
	}
	preview_free(&v);
	return next == NULL ? e : err_make(ERR_REFUSED, doing, next, "%s", names);
}

struct err plan_run(struct txn *tx, struct plan *p, int64_t uid, const char *why, int64_t now_ms)
{
	const struct campaign_new c = { .id = p->id, .revision = p->revision,
		.consent = "each person's own", .override = "", .uid = p->approved_by,
		.now_ms = now_ms };
	bool done = false;
	struct err e = campaign_add(tx, &c);
	if (!err_is(e))
		e = campaign_release(tx, p->id);
	if (!err_is(e)) /* nothing of it is held: it is whole */
		e = campaign_let_go(tx, p->id, now_ms, 1, &done);
	return err_is(e) ? e : plan_move(tx, p, PLAN_RUNNING, uid, why, now_ms);
}

/* ---- the moves, on a plan that was found */

static struct err submit(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	struct err e = check(tx, by, p, MISSING, "submit the campaign");
	(void)words;
	if (!err_is(e))
		e = plan_digest(tx, p, &p->digest);
	p->has_digest = true;
	p->submitted_by = by->uid;
	if (!err_is(e))
		e = plan_move(tx, p, PLAN_IN_REVIEW, by->uid, "", by->now_ms);
	return err_is(e) ? e : plan_save(tx, p, by->now_ms);
}

static struct err approve(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	static const char doing[] = "approve the campaign";
	struct err e = ERR_NONE_VALUE;
	if (by->uid == p->submitted_by && !is_said(words))
		e = err_make(ERR_REFUSED, doing,
		             "somebody else than who submitted it approves, or say --override why not",
		             NULL);
	if (!err_is(e) && p->state == PLAN_IN_REVIEW)
		e = check(tx, by, p, is_said(words) ? MISSING : MISSING | UNFIT, doing);
	if (!err_is(e) && p->state == PLAN_IN_REVIEW)
		e = plan_check_digest(tx, p);
	p->approved_by = by->uid;
	if (!err_is(e))
		e = plan_move(tx, p, PLAN_APPROVED, by->uid, words, by->now_ms);
	return err_is(e) ? e : plan_save(tx, p, by->now_ms);
}

static struct err start(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	struct spec s;
	struct err e = ERR_NONE_VALUE;
	if (p->state != PLAN_APPROVED)
		return err_make(ERR_REFUSED, "start the campaign",
		                p->state == PLAN_PAUSED ? "say resume"
		                                        : "it has to be approved first, and runs once",
		                "%s is %s", p->name, plan_word(p->state));
	e = plan_check_digest(tx, p);
	if (!err_is(e))
		e = check(tx, by, p, is_said(words) ? MISSING : ALL, "start the campaign");
	if (!err_is(e))
		e = spec_read(buf_span(&p->spec), &s);
	if (err_is(e))
		return e;
	p->start_ms = s.at_ms > by->now_ms ? s.at_ms : by->now_ms;
	p->ends_ms = p->start_ms + s.days * DAY_MS;
	spec_free(&s);
	e = plan_save(tx, p, by->now_ms);
	if (err_is(e))
		return e;
	return p->start_ms > by->now_ms
	       ? plan_move(tx, p, PLAN_SCHEDULED, by->uid, words, by->now_ms)
	       : plan_run(tx, p, by->uid, words, by->now_ms);
}

static struct err start_any_hour(struct txn *tx, const struct staff *by, struct plan *p,
                                 const char *words)
{
	if (!is_said(words))
		return err_make(ERR_REFUSED, "send outside sending hours", "say --override why", NULL);
	p->any_hour = true;
	return start(tx, by, p, words);
}

static struct err pause(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	return plan_move(tx, p, PLAN_PAUSED, by->uid, words, by->now_ms);
}

static struct err resume(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	if (p->state != PLAN_PAUSED) /* approved to running is start's */
		return err_make(ERR_REFUSED, "resume the campaign", NULL, "%s is %s", p->name,
		                plan_word(p->state));
	return plan_move(tx, p, PLAN_RUNNING, by->uid, words, by->now_ms);
}

static struct err stop(struct txn *tx, const struct staff *by, struct plan *p, const char *words)
{
	return plan_move(tx, p, PLAN_STOPPED, by->uid, words, by->now_ms);
}

static struct err on_plan(struct txn *tx, const struct staff *by, const char *name,
                          const char *words,
                          struct err (*move)(struct txn *, const struct staff *, struct plan *,
                                             const char *))
{
	struct plan p;
	struct err e = plan_find(tx, name, &p);
	if (err_is(e))
		return e;
	e = move(tx, by, &p, words);
	plan_wipe(&p);
	return e;
}

struct err plan_submit(struct txn *tx, const struct staff *by, const char *name)
{
	return on_plan(tx, by, name, "", submit);
}

struct err plan_approve(struct txn *tx, const struct staff *by, const char *name,
                        const char *override)
{
	return on_plan(tx, by, name, override, approve);
}

struct err plan_start(struct txn *tx, const struct staff *by, const char *name, const char *override,
                      bool any_hour)
{
	return on_plan(tx, by, name, override, any_hour ? start_any_hour : start);
}

struct err plan_pause(struct txn *tx, const struct staff *by, const char *name, const char *why)
{
	return on_plan(tx, by, name, why, pause);
}

struct err plan_resume(struct txn *tx, const struct staff *by, const char *name)
{
	return on_plan(tx, by, name, "", resume);
}

struct err plan_stop(struct txn *tx, const struct staff *by, const char *name, const char *why)
{
	return on_plan(tx, by, name, why, stop);
}

struct err plan_test(struct txn *tx, const struct staff *by, const char *name, struct span number,
                     enum language l, int64_t *ret_delivery)
{
	struct plan p;
	struct message m;
	struct err e = plan_find(tx, name, &p);
	if (err_is(e))
		return e;
	e = plan_text(tx, by->vault, &p, l, &m);
	if (!err_is(e)) {
		e = staff_send(tx, by->store, by->vault, number, buf_span(&m.text[l]), false, by->uid,
		               by->now_ms, ret_delivery);
		message_free(&m);
	}
	plan_wipe(&p);
	return e;
}
