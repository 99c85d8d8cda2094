/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/callbacks.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "http/server.h"
#include "link/ussd/gate.h"
#include "base/banned.h"

#define BODY_OCTETS 8192u
#define SECOND_MS 1000

struct callbacks {
	struct loop *loop;
	struct gate *gate;
	struct http_server *http; /* NULL: none is needed yet */
	struct timer second;
	/* what it was started with */
	char *listen, *certificate, *key, *proxy;
	int64_t threads, connections, timeout_s;
};

struct err callbacks_new(struct loop *l, struct store *st, struct dialog *d,
                         struct callbacks **ret)
{
	struct callbacks *c = calloc(1, sizeof *c);
	if (c == NULL)
		return err_make(ERR_MEMORY, "set up USSD links", NULL, NULL);
	c->loop = l;
	struct err e = gate_new(st, d, &c->gate);
	if (err_is(e))
		callbacks_free(c);
	else
		*ret = c;
	return e;
}

struct gate *callbacks_gate(struct callbacks *c) { return c->gate; }

static struct http_options options_of(const struct settings *s)
{
	return (struct http_options){ .listen = s->http_listen, .certificate = s->http_certificate,
		.key = s->http_key, .proxy = s->http_proxy, .threads = (unsigned)s->http_threads,
		.connections = (unsigned)s->http_connections,
		.timeout_s = (unsigned)s->http_timeout_s, .body_octets = BODY_OCTETS };
}

static bool is_needed(const struct settings *s)
{
	for (size_t i = 0; i < s->link_count; i++)
		if (s->links[i].type == LINK_USSD)
			return true;
	return false;
}

struct err callbacks_check(const struct settings *s)
{
	if (!is_needed(s))
		return ERR_NONE_VALUE;
	const struct http_options o = options_of(s);
	struct err e = http_check(&o);
	for (size_t i = 0; i < s->link_count && !err_is(e); i++)
		if (s->links[i].type == LINK_USSD)
			e = gate_check(&s->links[i]);
	return e;
}

static void on_second(struct timer *t)
{
	struct callbacks *c = t->arg;
	http_tick(c->http);
	loop_timer_in(c->loop, t, SECOND_MS);
}

static bool keep_settings(struct callbacks *c, const struct settings *s)
{
	c->listen = strdup(s->http_listen);
	c->certificate = strdup(s->http_certificate);
	c->key = strdup(s->http_key);
	c->proxy = strdup(s->http_proxy);
	c->threads = s->http_threads;
	c->connections = s->http_connections;
	c->timeout_s = s->http_timeout_s;
	return c->listen != NULL && c->certificate != NULL && c->key != NULL && c->proxy != NULL;
}

static bool is_same(const struct callbacks *c, const struct settings *s)
{
	return strcmp(c->listen, s->http_listen) == 0 &&
	       strcmp(c->certificate, s->http_certificate) == 0 && strcmp(c->key, s->http_key) == 0 &&
	       strcmp(c->proxy, s->http_proxy) == 0 && c->threads == s->http_threads &&
	       c->connections == s->http_connections && c->timeout_s == s->http_timeout_s;
}

struct err callbacks_apply(struct callbacks *c, const struct settings *s)
{
	const struct http_route routes[] = { { "/ussd/", gate_take, c->gate } };
	const struct http_options o = options_of(s);
	struct err e = callbacks_check(s);
	if (err_is(e) || (c->http == NULL && !is_needed(s)))
		return e;
	if (c->http != NULL)
		return is_same(c, s) ? e
		       : err_make(ERR_CONFIG, "change [http] while running", "restart safard for that",
		                  NULL);
	if (!keep_settings(c, s))
		return err_make(ERR_MEMORY, "listen for HTTP", NULL, NULL);
	e = http_start(&o, routes, sizeof routes / sizeof routes[0], &c->http);
	if (err_is(e))
		return e;
	log_notice("USSD call-backs are taken at port %u", (unsigned)http_port(c->http));
	c->second = (struct timer){ .fire = on_second, .arg = c };
	loop_timer_in(c->loop, &c->second, SECOND_MS);
	return e;
}

void callbacks_stop(struct callbacks *c)
{
	if (c == NULL || c->http == NULL)
		return;
	loop_timer_off(c->loop, &c->second);
	http_stop(c->http);
	c->http = NULL;
}

void callbacks_free(struct callbacks *c)
{
	if (c == NULL)
		return;
	gate_free(c->gate);
	free(c->listen);
	free(c->certificate);
	free(c->key);
	free(c->proxy);
	free(c);
}
