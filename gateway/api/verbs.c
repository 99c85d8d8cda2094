/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api/verbs.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "campaign/broadcast.h"
#include "content/topics.h"
#include "store/delivery.h"
#include "store/people.h"
#include "store/plans.h"
#include "store/wishes.h"
#include "base/banned.h"

#define LINKS_SHOWN 64

/* ---- status */

struct counts {
	struct link_status links[LINKS_SHOWN];
	int64_t sent[LINKS_SHOWN], failed[LINKS_SHOWN];
	size_t link_count;
	int64_t deliveries[DELIVERY_STATE_COUNT];
	int64_t received, answered, partial, parts_sent, parts_delivered, calls;
	int64_t running, paused; /* campaigns */
	bool halted;
};

static struct err count_links(struct txn *tx, struct counts *c)
{
	for (size_t i = 0; i < c->link_count; i++) {
		char name[64] = "link.";
		const size_t at = strlen(name), n = strlen(c->links[i].name);
		memcpy(name + at, c->links[i].name, n); /* n < 32 */
		(void)text_copy(name + at + n, sizeof name - at - n, ".sent");
		struct err e = tally_get(tx, name, &c->sent[i]);
		(void)text_copy(name + at + n, sizeof name - at - n, ".failed");
		if (!err_is(e))
			e = tally_get(tx, name, &c->failed[i]);
		if (err_is(e))
			return e;
	}
	return ERR_NONE_VALUE;
}

static struct err read_counts(struct txn *tx, void *arg)
{
	struct counts *c = arg;
	const struct {
		const char *name;
		int64_t *at;
	} tallies[] = {
#define X(id, word) { "delivery." word, &c->deliveries[DELIVERY_##id] },
		DELIVERY_STATES(X)
#undef X
		{ "inbox.received", &c->received }, { "inbox.answered", &c->answered },
		{ "inbox.partial", &c->partial }, { "parts.sent", &c->parts_sent },
		{ "parts.delivered", &c->parts_delivered },
	};
	for (size_t i = 0; i < sizeof tallies / sizeof tallies[0]; i++) {
		struct err e = tally_get(tx, tallies[i].name, tallies[i].at);
		if (err_is(e))
			return e;
	}
	struct err e = call_wish_count(tx, &c->calls);
	if (!err_is(e))
		e = plan_count(tx, PLAN_RUNNING, &c->running);
	if (!err_is(e))
		e = plan_count(tx, PLAN_PAUSED, &c->paused);
	if (!err_is(e))
		e = halt_get(tx, &c->halted);
	return err_is(e) ? e : count_links(tx, c);
}

static const char *people_word(const struct control_context *ctx)
{
	if (vault_people_is_open(ctx->vault))
		return "open";
	return vault_people_exists(ctx->data_folder, ctx->keys_file) ? "locked" : "absent";
}

static void write_balance(struct buf *b, const struct link_status *l)
{
	char at[21];
	if (l->balance_at_ms == 0) {
		json_raw(b, "balance", span_of("null"));
		return;
	}
	clock_iso(l->balance_at_ms, at);
	json_open(b, "balance", '{');
	json_money(b, "amount", l->balance);
	json_text(b, "at", at);
	json_close(b, '}');
}

static void write_links(struct buf *b, const struct counts *c)
{
	json_open(b, "links", '[');
	for (size_t i = 0; i < c->link_count; i++) {
		const struct link_status *l = &c->links[i];
		json_open(b, NULL, '{');
		json_text(b, "name", l->name);
		json_text(b, "type", l->type);
		json_text(b, "state", l->state);
		json_text(b, "reason", l->reason);
		json_text(b, "operator", l->operator_);
		json_int(b, "signal", l->signal);
		json_bool(b, "on_air", l->on_air);
		json_text(b, "sandbox", l->sandbox);
		json_int(b, "sent", c->sent[i]);
		json_int(b, "failed", c->failed[i]);
		json_int(b, "pages", l->pages);
		json_int(b, "refused", l->refused);
		write_balance(b, l);
		json_close(b, '}');
	}
	json_close(b, ']');
}

static void write_reminder(const struct finding *one, void *arg)
{
	struct buf *b = arg;
	json_open(b, NULL, '{');
	json_text(b, "file", one->file);
	json_text(b, "key", one->key);
	json_text(b, "text", one->text);
	json_close(b, '}');
}

static void write_reminders(struct buf *b, struct dialog *d)
{
	struct content *c = dialog_content(d);
	json_open(b, "reminders", '[');
	content_reminders(c, clock_now_ms(), write_reminder, b);
	json_close(b, ']');
	content_drop(c);
}

static struct err verb_status(const struct control_context *ctx, const struct request *r,
                              struct answer *a)
{
	(void)r;
	struct counts c = { .link_count = 0 };
	c.link_count = ctx->links(ctx->arg, c.links, LINKS_SHOWN);
	struct err e = store_read(ctx->store, read_counts, &c);
	if (err_is(e))
		return e;
	struct buf *b = &a->out;
	json_open(b, NULL, '{');
	json_bool(b, "ok", true);
	json_text(b, "node", ctx->node_name);
	write_links(b, &c);
	json_open(b, "deliveries", '{');
	for (int s = 0; s < DELIVERY_STATE_COUNT; s++)
		json_int(b, delivery_word((enum delivery_state)s), c.deliveries[s]);
	json_close(b, '}');
	json_open(b, "inbox", '{');
	json_int(b, "received", c.received);
	json_int(b, "answered", c.answered);
	json_int(b, "partial", c.partial);
	json_close(b, '}');
	json_open(b, "parts", '{');
	json_int(b, "sent", c.parts_sent);
	json_int(b, "delivered", c.parts_delivered);
	json_close(b, '}');
	json_int(b, "calls", c.calls);
	json_open(b, "campaigns", '{');
	json_int(b, "running", c.running);
	json_int(b, "paused", c.paused);
	json_bool(b, "halted", c.halted);
	json_close(b, '}');
	json_text(b, "people", people_word(ctx));
	write_reminders(b, ctx->dialog);
	json_close(b, '}');
	json_line(b);
	return e;
}

/* ---- send */

struct sending {
	const struct control_context *ctx;
	struct span number, text;
	bool flash;
	int64_t uid, delivery;
};

static struct err write_sending(struct txn *tx, void *arg)
{
	struct sending *s = arg;
	return staff_send(tx, s->ctx->store, s->ctx->vault, s->number, s->text, s->flash, s->uid,
	                  clock_now_ms(), &s->delivery);
}

static struct err verb_send(const struct control_context *ctx, const struct request *r,
                            struct answer *a)
{
	const char *number = NULL, *text = NULL;
	struct err e = request_text(r, "number", &number);
	if (!err_is(e))
		e = request_text(r, "text", &text);
	struct sending s = { .ctx = ctx, .number = span_of(number), .text = span_of(text),
		.flash = request_is(r, "flash"), .uid = r->uid };
	if (!err_is(e))
		e = store_write(ctx->store, write_sending, &s);
	if (err_is(e))
		return e;
	ctx->wake(ctx->arg);
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_int(&a->out, "id", s.delivery);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

/* ---- unlock */

static struct err verb_unlock(const struct control_context *ctx, const struct request *r,
                              struct answer *a)
{
	struct err e = ERR_NONE_VALUE;
	if (ctx->keys_file[0] != '\0')
		e = vault_people_open_file(ctx->vault, ctx->keys_file);
	else
		e = vault_people_unlock(ctx->vault, ctx->data_folder,
		                        span_of(request_text_or(r, "passphrase", "")));
	if (!err_is(e))
		e = dialog_admit_people(ctx->dialog, r->uid);
	if (err_is(e))
		return e;
	log_notice("the people keys are open: broadcasts go on");
	ctx->wake(ctx->arg);
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_text(&a->out, "people", "open");
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

/* ---- the table */

static const struct verb {
	const char *name;
	verb_fn *run;
} verbs[] = {
	{ "status", verb_status },
	{ "send", verb_send },
	{ "ussd", verb_ussd },
	{ "phone-text", verb_phone_text },
	{ "phone-call", verb_phone_call },
	{ "phone-wait", verb_phone_wait },
	{ "phone-leave", verb_phone_leave },
	{ "phone-dial", verb_phone_dial },
	{ "phone-type", verb_phone_type },
	{ "unlock", verb_unlock },
	{ "broadcast", verb_broadcast },
	{ "campaign-count", verb_campaign_count },
	{ "campaign", verb_campaign },
	{ "halt", verb_halt },
	{ "outbox", verb_outbox },
	{ "inbox", verb_inbox },
	{ "calls", verb_calls },
	{ "calls-done", verb_calls_done },
	{ "gaps", verb_gaps },
	{ "source-word", verb_source_word },
	{ "sources", verb_sources },
	{ "contacts-import", verb_contacts_import },
	{ "contacts-list", verb_contacts_list },
	{ "contacts-count", verb_contacts_count },
	{ "contacts-show", verb_contacts_show },
	{ "contacts-forget", verb_contacts_forget },
	{ "contacts-tag", verb_contacts_tag },
	{ "segment-save", verb_segment_save },
	{ "segment-drop", verb_segment_drop },
	{ "segment-list", verb_segment_list },
};

static const struct verb *find_verb(const struct request *r)
{
	const char *name = request_text_or(r, "verb", "");
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	return NULL;
}

static struct err run(const struct control_context *ctx, const struct request *r,
                      struct answer *a)
{
	const struct verb *v = find_verb(r);
	if (v == NULL)
		return err_make(ERR_INPUT, "do what was asked",
		                "use safar and safard of the same version: this verb is unknown", NULL);
	return v->run(ctx, r, a);
}

/* Numbers, texts, a passphrase: cJSON frees without wiping. */
static void wipe(cJSON *json)
{
	for (cJSON *item = json != NULL ? json->child : NULL; item != NULL; item = item->next)
		if (cJSON_IsString(item))
			explicit_bzero(item->valuestring, strlen(item->valuestring));
	cJSON_Delete(json);
}

void verbs_answer(const struct control_context *ctx, struct buf *in, int64_t uid,
                  struct answer *ret)
{
	struct answer a = { .more = NULL };
	buf_init(&a.out, ANSWER_OCTETS);
	const struct span text = span_trim(buf_span(in));
	const char *end = NULL;
	struct request r = { .uid = uid };
	if (text.n > 0)
		r.json = cJSON_ParseWithLengthOpts((const char *)text.p, text.n, &end, 0);
	const bool is_whole = cJSON_IsObject(r.json) && end == (const char *)text.p + text.n;
	buf_wipe(in);
	struct err e = is_whole ? run(ctx, &r, &a)
	               : err_make(ERR_INPUT, "read the request", "send one JSON object", NULL);
	wipe(r.json);
	if (!err_is(e) && a.out.failed)
		e = err_make(ERR_MEMORY, "write the answer", NULL, NULL);
	if (err_is(e))
		answer_error(&a, &e);
	*ret = a;
}

bool verbs_more(const struct control_context *ctx, struct answer *a)
{
	if (a->more == NULL)
		return false;
	struct err e = a->more(ctx, a);
	if (!err_is(e) && a->out.failed)
		e = err_make(ERR_MEMORY, "write the answer", NULL, NULL);
	if (err_is(e))
		answer_error(a, &e);
	return true;
}

/* Instead of whatever stood in this piece. */
void answer_error(struct answer *a, const struct err *e)
{
	char text[512];
	buf_wipe(&a->out);
	a->more = NULL;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", false);
	json_text(&a->out, "error", err_word(e->code));
	json_text(&a->out, "text", err_text(e, text, sizeof text));
	json_close(&a->out, '}');
	json_line(&a->out);
}

void answer_free(struct answer *a)
{
	if (a->free_state != NULL)
		a->free_state(a->state);
	buf_wipe(&a->out);
	*a = (struct answer){ .more = NULL };
}

/* ---- arguments */

struct err request_text(const struct request *r, const char *name, const char **ret)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(r->json, name);
	if (!cJSON_IsString(item))
		return err_make(ERR_INPUT, "read the request", "give this argument", "%.40s", name);
	*ret = item->valuestring;
	return ERR_NONE_VALUE;
}

const char *request_text_or(const struct request *r, const char *name, const char *otherwise)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(r->json, name);
	return cJSON_IsString(item) ? item->valuestring : otherwise;
}

bool request_is(const struct request *r, const char *name)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(r->json, name));
}

int64_t request_int_or(const struct request *r, const char *name, int64_t otherwise)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(r->json, name);
	return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble < 9e15
	       ? (int64_t)item->valuedouble : otherwise;
}
