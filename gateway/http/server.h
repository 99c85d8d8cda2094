/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.h - an HTTP server for whoever has something to answer: an operator's call-backs.
 * Room:      http (libmicrohttpd, GnuTLS through it; includes base).
 * An exchange is one request and its answer. A route's function is called when the request is whole;
 * it answers at once, or keeps the exchange and answers later from any thread (the connection waits
 * meanwhile and costs no thread).
 * Ownership: an exchange is the server's; after http_answer() nobody else may touch it. Spans and
 *            strings out of it live until then.
 * Errors:    ERR_CONFIG for an address or certificate that can't be used, ERR_BUSY for a port that
 *            is taken. A client's fault is its own answer (4xx) and nobody else's.
 * Limits:    connections, octets of a body and of all headers (HTTP_HEADER_OCTETS); a request must be
 *            whole within `timeout_s` of the connection's begin or of the answer before it: not a
 *            silence, but all of it, so that a drip of octets holds nothing. More connections wait in
 *            the kernel's queue; where three in four places are taken none is kept open behind its
 *            answer, so that those who wait come in.
 * Threads:   a pool of its own; a route's function runs in one of them.
 * TLS is 1.2 or newer.
 * Nothing of a request is ever logged: its path, its headers and its body may tell of people. */
#ifndef SAFAR_HTTP_SERVER_H
#define SAFAR_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/net.h"

#define HTTP_HEADER_OCTETS 8192
#define HTTP_ROUTES_MAX 8
/* libmicrohttpd 0.9.75 takes 128 events at a time, and where it gets as many it waits for more before
 * it looks at them: with fewer connections a thread that can't happen. */
#define HTTP_EACH 120u

struct http_server;
struct http_exchange;

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_OTHER };

struct http_options {
	const char *listen;       /* "127.0.0.1:8080", "[::1]:8080"; port 0: any */
	const char *certificate;  /* a PEM file, with `key` beside it; "": no TLS */
	const char *key;
	const char *proxy;        /* the address of a reverse proxy that speaks TLS for us; "": none */
	unsigned threads;         /* 1 to 64 */
	unsigned connections;     /* 1 to HTTP_EACH a thread */
	unsigned timeout_s;       /* 1 to 600 */
	size_t body_octets;
};

struct http_route {
	const char *prefix; /* "/ussd/"; a literal */
	void (*take)(struct http_exchange *x, void *arg);
	void *arg;
};

/* What is wrong with the options, without opening anything: listening beyond loopback needs TLS or a
 * stated proxy. */
struct err http_check(const struct http_options *o);
struct err http_start(const struct http_options *o, const struct http_route *routes, size_t n,
                      struct http_server **ret);
/* Takes no new request, waits for the answers that are owed (whoever owes them still runs), ends. */
void http_stop(struct http_server *s);
/* Ends connections whose request took too long, and idle ones where it is crowded; once a second,
 * from any thread. */
void http_tick(struct http_server *s);
uint16_t http_port(const struct http_server *s);

/* ---- a request */
enum http_method http_method(const struct http_exchange *x);
struct span http_path(const struct http_exchange *x); /* behind the prefix, percent-decoded */
struct span http_body(const struct http_exchange *x);
const char *http_header(const struct http_exchange *x, const char *name); /* NULL: none */
const char *http_cookie(const struct http_exchange *x, const char *name);
const char *http_query(const struct http_exchange *x, const char *name);
/* Whom it came from: the peer, or whom a stated proxy names. */
bool http_is_from(const struct http_exchange *x, const struct nets *allowed);

/* ---- its answer */
/* One more header, before http_answer(); `name` is a literal, the value is copied. */
#define HTTP_VALUE_LIMIT 128
void http_add_header(struct http_exchange *x, const char *name, const char *value);
/* Called once the answer has left (or could not), in a thread of the server; the exchange is gone. */
void http_on_done(struct http_exchange *x, void (*done)(void *arg, bool was_sent), void *arg);
/* `type` is a literal; the body is copied. */
void http_answer(struct http_exchange *x, unsigned status, const char *type, struct span body);
/* Instead of it, for an exchange that was kept: the server calls `answer` in a thread of its own, once,
 * and that calls http_answer(). Who knows the answer needn't word it. */
void http_answer_by(struct http_exchange *x, void (*answer)(struct http_exchange *, void *arg),
                    void *arg);

#endif
