/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Campaigns: "campaign" with an action, a row each, and "halt" for all of them at once. */
#include <string.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "campaign/plan_moves.h"
#include "base/banned.h"

struct doing {
	struct staff by;
	const struct request *r;
	const char *name, *why; /* why: a reason or an override, "" : none */
	int64_t delivery;
	bool changed;
	char applied[PLAN_NAME_MAX + 1];
};

static struct span json_of(const struct request *r, const char *name)
{
	return span_of(request_text_or(r, name, ""));
}

static struct err read_language(const struct request *r, enum language *ret)
{
	const char *tag = NULL;
	struct err e = request_text(r, "language", &tag);
	if (!err_is(e) && (!language_parse(span_of(tag), ret) || *ret >= LANGUAGE_PEOPLE))
		e = err_make(ERR_INPUT, "read the request", "the languages are kk, ru, uz, uz-Cyrl, ky and tg",
		             "language");
	return e;
}

static struct err do_new(struct txn *tx, struct doing *d)
{
	d->changed = true;
	return plan_new(tx, &d->by, d->name, json_of(d->r, "spec"));
}

static struct err do_edit(struct txn *tx, struct doing *d)
{
	return plan_edit(tx, &d->by, d->name, json_of(d->r, "spec"), &d->changed);
}

static struct err do_texts(struct txn *tx, struct doing *d)
{
	return plan_texts(tx, &d->by, d->name, json_of(d->r, "message"), &d->changed);
}

static struct err do_review(struct txn *tx, struct doing *d)
{
	enum language l = LANGUAGE_UNKNOWN;
	struct err e = read_language(d->r, &l);
	return err_is(e) ? e : plan_reviewed(tx, &d->by, d->name, l, request_text_or(d->r, "by", ""));
}

static struct err do_apply(struct txn *tx, struct doing *d)
{
	return plan_apply(tx, &d->by, json_of(d->r, "file"), d->applied, &d->changed);
}

static struct err do_submit(struct txn *tx, struct doing *d)
{
	return plan_submit(tx, &d->by, d->name);
}

static struct err do_approve(struct txn *tx, struct doing *d)
{
	return plan_approve(tx, &d->by, d->name, d->why);
}

static struct err do_start(struct txn *tx, struct doing *d)
{
	return plan_start(tx, &d->by, d->name, d->why, request_is(d->r, "any_hour"));
}

static struct err do_pause(struct txn *tx, struct doing *d)
{
	return plan_pause(tx, &d->by, d->name, d->why);
}

static struct err do_resume(struct txn *tx, struct doing *d)
{
	return plan_resume(tx, &d->by, d->name);
}

static struct err do_stop(struct txn *tx, struct doing *d)
{
	return plan_stop(tx, &d->by, d->name, d->why);
}

static struct err do_test(struct txn *tx, struct doing *d)
{
	enum language l = LANGUAGE_UNKNOWN;
	struct err e = read_language(d->r, &l);
	return err_is(e) ? e : plan_test(tx, &d->by, d->name, json_of(d->r, "number"), l, &d->delivery);
}

static const struct action {
	const char *word;
	struct err (*run)(struct txn *tx, struct doing *d);
} actions[] = {
	{ "new", do_new }, { "edit", do_edit }, { "texts", do_texts }, { "review", do_review },
	{ "apply", do_apply }, { "submit", do_submit }, { "approve", do_approve },
	{ "start", do_start }, { "pause", do_pause }, { "resume", do_resume }, { "stop", do_stop },
	{ "test", do_test },
};

struct writing {
	const struct action *action;
	struct doing *doing;
};

static struct err write_action(struct txn *tx, void *arg)
{
	struct writing *w = arg;
	return w->action->run(tx, w->doing);
}

static struct err act(const struct control_context *ctx, const struct action *action,
                      const struct request *r, const struct preview_of *of, struct answer *a)
{
	struct doing d = { .by = { .store = ctx->store, .vault = ctx->vault, .of = of, .uid = r->uid,
		.now_ms = of->now_ms }, .r = r, .why = request_text_or(r, "why", "") };
	struct writing w = { .action = action, .doing = &d };
	struct err e = ERR_NONE_VALUE;
	if (action->run != do_apply)
		e = request_text(r, "name", &d.name);
	if (!err_is(e))
		e = store_write(ctx->store, write_action, &w);
	if (err_is(e))
		return e;
	ctx->wake(ctx->arg);
	struct buf *b = &a->out;
	json_open(b, NULL, '{');
	json_bool(b, "ok", true);
	json_text(b, "name", action->run == do_apply ? d.applied : d.name);
	if (d.delivery != 0)
		json_int(b, "id", d.delivery);
	else
		json_bool(b, "changed", d.changed);
	json_close(b, '}');
	json_line(b);
	return e;
}

struct err verb_campaign(const struct control_context *ctx, const struct request *r,
                         struct answer *a)
{
	const char *word = NULL;
	struct err e = request_text(r, "action", &word);
	if (err_is(e))
		return e;
	struct link_status links[LINKS_MAX];
	const size_t n = ctx->links(ctx->arg, links, LINKS_MAX);
	struct hours *hours = ctx->hours(ctx->arg);
	struct preview_of of = { .vault = ctx->vault, .hours = hours, .part_price = ctx->part_price,
		.now_ms = clock_now_ms() };
	for (size_t i = 0; i < n; i++)
		of.links_ready += strcmp(links[i].state, "ready") == 0 && strcmp(links[i].type, "ussd") != 0;
	e = err_make(ERR_INPUT, "do what was asked",
	             "use safar and safard of the same version: this action is unknown", NULL);
	if (strcmp(word, "list") == 0)
		e = campaign_list(ctx, a);
	else if (strcmp(word, "show") == 0)
		e = campaign_show(ctx, r, a);
	else if (strcmp(word, "preview") == 0)
		e = campaign_preview(ctx, r, &of, a);
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(word, actions[i].word) == 0)
			e = act(ctx, &actions[i], r, &of, a);
	hours_drop(hours);
	return e;
}

/* ---- all at once */

struct halting {
	bool halted;
	int64_t uid;
	const char *why;
};

static struct err write_halt(struct txn *tx, void *arg)
{
	struct halting *h = arg;
	return halt_set(tx, h->halted, h->uid, h->why, clock_now_ms());
}

struct err verb_halt(const struct control_context *ctx, const struct request *r, struct answer *a)
{
	struct halting h = { .halted = !request_is(r, "go_on"), .uid = r->uid,
		.why = request_text_or(r, "why", "") };
	struct err e = strlen(h.why) > PLAN_REASON_MAX
	               ? err_make(ERR_INPUT, "write down the reason", "200 octets at most", NULL)
	               : store_write(ctx->store, write_halt, &h);
	if (err_is(e))
		return e;
	if (h.halted)
		log_warning("everything but answers is stopped: safar go-on takes it back");
	else
		log_notice("campaigns go on");
	ctx->wake(ctx->arg);
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_bool(&a->out, "halted", h.halted);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}
