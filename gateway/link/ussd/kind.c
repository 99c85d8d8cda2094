/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An operator's USSD call-backs, as links.c runs them. Nothing is queued for such a link and nothing
 * is on its air: its pages go back in the answers to what the operator asks. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "link/link.h"
#include "link/ussd/gate.h"
#include "base/banned.h"

struct operator_line {
	struct hub *hub;
	char name[LINK_NAME_MAX], operator_[48], dialect[24];
	bool is_open;
	struct gate_counts shown;
};

static void note(struct operator_line *o, const struct link_settings *s)
{
	(void)text_copy(o->operator_, sizeof o->operator_, s->operator_);
	(void)text_copy(o->dialect, sizeof o->dialect, s->dialect);
}

static struct err apply(void *link, const struct link_settings *s)
{
	struct operator_line *o = link;
	struct err e = gate_open(o->hub->gate, s, o->hub->can_send);
	if (!err_is(e))
		note(o, s);
	return e;
}

static struct err make(struct hub *hub, const struct link_settings *s, void **ret)
{
	struct operator_line *o = calloc(1, sizeof *o);
	if (o == NULL)
		return err_make(ERR_MEMORY, "set up a USSD link", NULL, NULL);
	*o = (struct operator_line){ .hub = hub, .is_open = true };
	(void)text_copy(o->name, sizeof o->name, s->name);
	struct err e = apply(o, s);
	if (err_is(e))
		free(o);
	else
		*ret = o;
	return e;
}

static void nothing(void *link) { (void)link; }

/* What was counted is shown within a second. */
static void tick(void *link)
{
	struct operator_line *o = link;
	struct gate_counts n = o->shown;
	if (!o->is_open || !gate_counts(o->hub->gate, o->name, &n) ||
	    (n.pages == o->shown.pages && n.refused == o->shown.refused &&
	     n.failed == o->shown.failed))
		return;
	o->shown = n;
	o->hub->changed(o->hub);
}

static void ask(void *link, struct errand *d)
{
	(void)link;
	errand_answer(d, err_make(ERR_INPUT, "ask the operator of", "name a link with a modem",
	                          "link %.40s", errand_to(d)), span_of(""), false);
}

static void finish(void *link)
{
	struct operator_line *o = link;
	if (!o->is_open)
		return;
	gate_close(o->hub->gate, o->name);
	o->is_open = false;
	o->hub->changed(o->hub);
}

static bool is_idle(const void *link)
{
	return !((const struct operator_line *)link)->is_open;
}

static void state(const void *link, struct link_state *ret)
{
	const struct operator_line *o = link;
	*ret = (struct link_state){ .state = "ready", .signal = -1, .sandbox = "",
		.pages = (int64_t)o->shown.pages,
		.refused = (int64_t)(o->shown.refused + o->shown.failed) };
	(void)text_copy(ret->name, sizeof ret->name, o->name);
	(void)text_copy(ret->operator_, sizeof ret->operator_, o->operator_);
	(void)snprintf(ret->reason, sizeof ret->reason, "%s, pages: %" PRIu64 ", refused: %" PRIu64,
	               o->dialect, o->shown.pages, o->shown.refused);
}

static void free_link(void *link)
{
	finish(link);
	free(link);
}

const struct link_kind ussd_kind = { .word = "ussd", .make = make, .apply = apply, .wake = nothing,
	.tick = tick, .ask = ask, .finish = finish, .is_idle = is_idle,
	.state = state, .free = free_link };
