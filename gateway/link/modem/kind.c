/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A modem's keeper, as links.c runs it. */
#include "link/link.h"
#include "link/modem/keeper.h"
#include "base/banned.h"

static struct err make(struct hub *hub, const struct link_settings *s, void **ret)
{
	struct keeper *k = NULL;
	struct err e = keeper_new(hub, hub->modem_program, s, &k);
	if (!err_is(e))
		*ret = k;
	return e;
}

static struct err apply(void *link, const struct link_settings *s)
{
	return keeper_apply(link, s);
}

static void wake(void *link) { keeper_wake(link); }
static void tick(void *link) { keeper_tick(link); }

static void ask(void *link, struct errand *d)
{
	if (errand_load(d) == NULL)
		keeper_ask(link, d);
	else
		errand_answer(d, err_make(ERR_INPUT, "use a virtual phone on",
		                          "name a link of type loopback: people's own phones reach a modem",
		                          "link %.40s", errand_to(d)), span_of(""), false);
}

static void finish(void *link) { keeper_finish(link); }
static bool is_idle(const void *link) { return keeper_is_idle(link); }
static void state(const void *link, struct link_state *ret) { keeper_state(link, ret); }
static void free_link(void *link) { keeper_free(link); }

const struct link_kind modem_kind = { .word = "modem", .make = make, .apply = apply, .wake = wake,
	.tick = tick, .ask = ask, .finish = finish, .is_idle = is_idle, .state = state,
	.free = free_link };
