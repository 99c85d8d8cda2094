/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/links.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "link/link.h"
#include "base/banned.h"

#define TICK_MS 1000 /* deadlines are in seconds */
#define SHOW_MS 20   /* what changes within is shown at once */

static const struct link_kind *const kinds[] = { [LINK_MODEM] = &modem_kind,
	[LINK_LOOPBACK] = &loopback_kind, [LINK_USSD] = &ussd_kind };

struct entry {
	const struct link_kind *kind;
	void *link;
	char name[LINK_NAME_MAX];
	bool wanted; /* false: it ends, and then goes */
};

struct links {
	struct links_context ctx;
	struct hub hub;
	struct entry entries[2 * LINKS_MAX]; /* those that end beside those that came */
	size_t count;
	struct timer tick, shows;
	bool finishing;
	struct letter wake;
	pthread_mutex_t lock; /* guards all below */
	bool wake_posted;
	struct link_state shown[LINKS_MAX];
	size_t shown_count;
	struct errand *asked, **asked_end; /* that the loop hasn't seen; asked_end NULL: none */
};

static void on_tick(struct timer *t);
static void on_show(struct timer *t);
static void on_changed(struct hub *hub);

static struct entry *find(struct links *ls, const char *name)
{
	for (size_t i = 0; i < ls->count; i++)
		if ((ls->entries[i].wanted || ls->finishing) && strcmp(ls->entries[i].name, name) == 0)
			return &ls->entries[i];
	return NULL;
}

static void hand_out(struct links *ls, struct errand *d)
{
	while (d != NULL) {
		struct errand *next = *errand_next(d);
		struct entry *to = find(ls, errand_to(d));
		*errand_next(d) = NULL;
		if (to != NULL)
			to->kind->ask(to->link, d);
		else
			errand_answer(d, err_make(ERR_ABSENT, "find the link", "see `safar status`",
			                          "%.40s", errand_to(d)), span_of(""), false);
		d = next;
	}
}

static void on_wake(struct letter *letter)
{
	struct links *ls = (struct links *)((char *)letter - offsetof(struct links, wake));
	(void)pthread_mutex_lock(&ls->lock);
	ls->wake_posted = false;
	struct errand *asked = ls->asked;
	ls->asked = NULL;
	ls->asked_end = NULL;
	(void)pthread_mutex_unlock(&ls->lock);
	hand_out(ls, asked);
	for (size_t i = 0; i < ls->count; i++)
		ls->entries[i].kind->wake(ls->entries[i].link);
}

struct err links_new(const struct links_context *ctx, struct links **ret)
{
	struct links *ls = calloc(1, sizeof *ls);
	if (ls == NULL)
		return err_make(ERR_MEMORY, "set up the links", NULL, NULL);
	int rc = pthread_mutex_init(&ls->lock, NULL);
	if (rc != 0) {
		free(ls);
		return err_os(rc, "set up the links", NULL, NULL);
	}
	ls->ctx = *ctx;
	ls->hub = (struct hub){ .loop = ctx->loop, .store = ctx->store, .vault = ctx->vault,
		.dialog = ctx->dialog, .gate = ctx->gate, .modem_program = ctx->modem_program,
		.changed = on_changed, .in_doubt = ctx->in_doubt };
	ls->wake.open = on_wake;
	ls->tick = (struct timer){ .fire = on_tick, .arg = ls };
	ls->shows = (struct timer){ .fire = on_show, .arg = ls };
	struct err e = renderer_new(ctx->store, ctx->vault, &ls->hub.renderer);
	if (!err_is(e))
		e = attached_new(&ls->hub.attached);
	if (err_is(e)) {
		links_free(ls);
		return e;
	}
	loop_timer_in(ctx->loop, &ls->tick, 0);
	*ret = ls;
	return e;
}

static const struct link_settings *settings_of(const struct settings *s, const char *name)
{
	for (size_t i = 0; i < s->link_count; i++)
		if (strcmp(s->links[i].name, name) == 0)
			return &s->links[i];
	return NULL;
}

static struct err add(struct links *ls, const struct link_settings *s)
{
	struct entry *there = find(ls, s->name);
	if (there != NULL)
		return there->kind->apply(there->link, s);
	if (ls->count == 2 * LINKS_MAX)
		return err_make(ERR_BUSY, "add a link", "wait until the removed ones have ended",
		                "link %s", s->name);
	struct entry new = { .kind = kinds[s->type], .wanted = true };
	(void)text_copy(new.name, sizeof new.name, s->name);
	struct err e = new.kind->make(&ls->hub, s, &new.link);
	if (!err_is(e))
		ls->entries[ls->count++] = new;
	return e;
}

static void end(struct entry *at)
{
	if (at->wanted)
		at->kind->finish(at->link);
	at->wanted = false;
}

/* A link of this name and of another type is another link. */
static bool is_kept(const struct entry *at, const struct settings *s)
{
	const struct link_settings *set = settings_of(s, at->name);
	return set != NULL && kinds[set->type] == at->kind;
}

static void show(struct links *ls)
{
	struct link_state now[LINKS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < ls->count && n < LINKS_MAX; i++)
		if (ls->entries[i].wanted || ls->finishing) {
			struct entry *at = &ls->entries[i];
			at->kind->state(at->link, &now[n]);
			now[n++].type = at->kind->word;
		}
	(void)pthread_mutex_lock(&ls->lock);
	memcpy(ls->shown, now, n * sizeof now[0]);
	ls->shown_count = n;
	(void)pthread_mutex_unlock(&ls->lock);
}

struct err links_apply(struct links *ls, const struct settings *s)
{
	ls->hub.can_send = false;
	for (size_t i = 0; i < s->link_count; i++)
		ls->hub.can_send = ls->hub.can_send || s->links[i].type == LINK_MODEM;
	for (size_t i = 0; i < ls->count; i++)
		if (!is_kept(&ls->entries[i], s))
			end(&ls->entries[i]);
	for (size_t i = 0; i < s->link_count; i++) {
		struct err e = add(ls, &s->links[i]);
		if (err_is(e))
			return e;
	}
	show(ls);
	return ERR_NONE_VALUE;
}

static void drop_ended(struct links *ls)
{
	for (size_t i = 0; i < ls->count;) {
		struct entry *at = &ls->entries[i];
		if (!at->wanted && at->kind->is_idle(at->link)) {
			at->kind->free(at->link);
			*at = ls->entries[--ls->count];
		} else
			i++;
	}
}

static void on_tick(struct timer *t)
{
	struct links *ls = t->arg;
	for (size_t i = 0; i < ls->count; i++)
		ls->entries[i].kind->tick(ls->entries[i].link);
	loop_timer_in(ls->ctx.loop, &ls->tick, TICK_MS);
}

static bool are_idle(const struct links *ls)
{
	for (size_t i = 0; i < ls->count; i++)
		if (!ls->entries[i].kind->is_idle(ls->entries[i].link))
			return false;
	return true;
}

/* Not where it changed: a link that became idle may be freed here. */
static void on_show(struct timer *t)
{
	struct links *ls = t->arg;
	if (!ls->finishing) /* at the end of all, links_free() does it, when nobody can ask any more */
		drop_ended(ls);
	show(ls);
	if (ls->finishing && are_idle(ls))
		ls->ctx.finished(ls->ctx.arg);
}

static void on_changed(struct hub *hub)
{
	struct links *ls = (struct links *)((char *)hub - offsetof(struct links, hub));
	if (ls->shows.due_ms == 0)
		loop_timer_in(ls->ctx.loop, &ls->shows, SHOW_MS);
}

void links_finish(struct links *ls)
{
	if (ls->finishing)
		return;
	ls->finishing = true;
	for (size_t i = 0; i < ls->count; i++)
		end(&ls->entries[i]);
	on_changed(&ls->hub);
}

void links_free(struct links *ls)
{
	if (ls == NULL)
		return;
	loop_timer_off(ls->ctx.loop, &ls->tick);
	loop_timer_off(ls->ctx.loop, &ls->shows);
	for (size_t i = 0; i < ls->count; i++)
		ls->entries[i].kind->free(ls->entries[i].link);
	attached_free(ls->hub.attached);
	renderer_free(ls->hub.renderer);
	ls->count = 0;
	hand_out(ls, ls->asked); /* to nobody: whoever asked is told */
	(void)pthread_mutex_destroy(&ls->lock);
	free(ls);
}

void links_wake(struct links *ls)
{
	(void)pthread_mutex_lock(&ls->lock);
	bool post = !ls->wake_posted;
	ls->wake_posted = true;
	(void)pthread_mutex_unlock(&ls->lock);
	if (post)
		loop_post(ls->ctx.loop, &ls->wake);
}

static void leave(struct links *ls, struct errand *d)
{
	(void)pthread_mutex_lock(&ls->lock);
	*(ls->asked_end != NULL ? ls->asked_end : &ls->asked) = d;
	ls->asked_end = errand_next(d);
	(void)pthread_mutex_unlock(&ls->lock);
	links_wake(ls);
}

struct err links_ask(struct links *ls, const char *link, const char *code, void (*ready)(void *),
                     void *arg, struct errand **ret)
{
	struct errand *d = NULL;
	struct err e = errand_new(link, code, ready, arg, &d);
	if (err_is(e))
		return e;
	leave(ls, d);
	*ret = d;
	return e;
}

struct err links_phone(struct links *ls, const char *link, struct handset *h,
                       void (*ready)(void *), void *arg, struct errand **ret)
{
	struct errand *d = NULL;
	struct err e = errand_new(link, "", ready, arg, &d);
	if (err_is(e)) {
		handset_free(h);
		return e;
	}
	errand_carry(d, h, handset_free);
	leave(ls, d);
	*ret = d;
	return e;
}

size_t links_states(struct links *ls, struct link_state *ret, size_t room)
{
	(void)pthread_mutex_lock(&ls->lock);
	size_t n = ls->shown_count < room ? ls->shown_count : room;
	memcpy(ret, ls->shown, n * sizeof ret[0]);
	(void)pthread_mutex_unlock(&ls->lock);
	return n;
}
