/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd: a code for an operator, and its answer. The answer is the operator's own text about the SIM:
 * it goes to who asked, and nowhere else. That somebody asked stands in the audit log, without the
 * code, for some codes move money and name a number. */
#include <stdio.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "base/frame.h"
#include "store/people.h"
#include "base/banned.h"

struct note {
	const char *link;
	int64_t uid;
};

static struct err write_note(struct txn *tx, void *arg)
{
	const struct note *n = arg;
	char detail[64];
	(void)snprintf(detail, sizeof detail, "link %.40s", n->link);
	return audit_add(tx, n->uid, "ussd", detail, clock_now_ms());
}

static bool is_ready(void *state)
{
	return errand_is_ready(state);
}

static void drop(void *state)
{
	errand_drop(state);
}

static struct err write_answer(const struct control_context *ctx, struct answer *a)
{
	(void)ctx;
	const char *text = NULL;
	bool more = false;
	a->more = NULL;
	struct err e = errand_result(a->state, &text, &more);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_text(&a->out, "link", errand_to(a->state));
	json_text(&a->out, "answer", text);
	json_bool(&a->out, "more", more);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

struct err verb_ussd(const struct control_context *ctx, const struct request *r, struct answer *a)
{
	struct note n = { .uid = r->uid };
	const char *code = NULL;
	struct errand *d = NULL;
	struct err e = request_text(r, "link", &n.link);
	if (!err_is(e))
		e = request_text(r, "code", &code);
	if (err_is(e))
		return e;
	if (!ussd_code_is_good(code))
		return err_make(ERR_INPUT, "ask the operator",
		                "a code is of digits, * and #, such as '*100#' (in quotes)", NULL);
	e = store_write(ctx->store, write_note, &n);
	if (!err_is(e))
		e = ctx->ussd(ctx->arg, n.link, code, ctx->nudge, ctx->nudge_arg, &d);
	if (err_is(e))
		return e;
	a->state = d;
	a->free_state = drop;
	a->is_ready = is_ready;
	a->more = write_answer;
	return e;
}
