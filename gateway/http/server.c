/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An exchange that isn't answered at once suspends its connection: the thread goes on with others,
 * and whoever answers resumes it. So a commit that many requests wait for costs no thread each. */
#include "http/server.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/banned.h"

#define HEADERS_MAX 2
#define IDLE_MS 1000 /* of a connection that is kept open for nothing, while others wait */
#define PEM_OCTETS (1u << 16)
/* 1.0 and 1.1 are no longer to be spoken: RFC 8996 */
#define TLS_VERSIONS "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL"

/* A connection, from accept to close: seen by http_tick(). */
struct line {
	int fd;
	_Atomic int64_t waits_since_ms; /* for a whole request; 0: it has come */
	_Atomic bool is_idle;           /* answered, and nothing of a next request is known */
	struct line *next, **at;
};

struct http_server {
	struct MHD_Daemon *daemon;
	struct http_route routes[HTTP_ROUTES_MAX];
	size_t route_count, body_octets;
	int64_t timeout_ms;
	struct net proxy;
	bool has_proxy;
	uint16_t port;
	unsigned connections; /* that may be open */
	_Atomic unsigned open;
	_Atomic bool stopping;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t settled;
	struct line *lines;
	unsigned owed;       /* exchanges that are kept */
};

/* Who comes second resumes the connection: who suspends it, or who answers. */
enum turn { TURN_TAKING, TURN_KEPT, TURN_ANSWERED };

struct http_exchange {
	struct http_server *server;
	struct MHD_Connection *connection;
	struct line *line;
	const struct http_route *route;
	enum http_method method;
	const char *path; /* MHD's, for as long as the request lives */
	struct buf body;
	_Atomic int turn;
	unsigned status; /* of the answer; 0: none yet */
	struct MHD_Response *response;
	struct {
		const char *name;
		char value[HTTP_VALUE_LIMIT];
	} headers[HEADERS_MAX];
	size_t header_count;
	void (*done)(void *arg, bool was_sent);
	void *done_arg;
	void (*by)(struct http_exchange *x, void *arg); /* words the answer; NULL: worded, or not known */
	void *by_arg;
};

/* ---- connections */
static void on_connection(void *arg, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = arg;
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
		struct line *l = calloc(1, sizeof *l);
		*context = l;
		if (l == NULL || info == NULL) /* its first request is refused */
			return;
		l->fd = info->connect_fd;
		atomic_store(&l->waits_since_ms, clock_monotonic_ms());
		(void)pthread_mutex_lock(&s->lock);
		l->next = s->lines;
		l->at = &s->lines;
		if (l->next != NULL)
			l->next->at = &l->next;
		s->lines = l;
		atomic_fetch_add(&s->open, 1);
		(void)pthread_mutex_unlock(&s->lock);
		return;
	}
	struct line *l = *context;
	if (l == NULL)
		return;
	(void)pthread_mutex_lock(&s->lock);
	if (l->at != NULL) {
		*l->at = l->next;
		if (l->next != NULL)
			l->next->at = l->at;
		atomic_fetch_sub(&s->open, 1);
	}
	(void)pthread_mutex_unlock(&s->lock);
	free(l);
	*context = NULL;
}

/* Three in four places are taken: others wait in the kernel's queue, or soon will. */
static bool is_crowded(const struct http_server *s)
{
	return atomic_load(&s->open) * 4 >= s->connections * 3;
}

void http_tick(struct http_server *s)
{
	const int64_t now = clock_monotonic_ms(), before = now - s->timeout_ms;
	const int64_t idle_before = is_crowded(s) ? now - IDLE_MS : before;
	(void)pthread_mutex_lock(&s->lock); /* held, so that none of the descriptors is another's yet */
	for (struct line *l = s->lines; l != NULL; l = l->next) {
		const int64_t since = atomic_load(&l->waits_since_ms);
		if (since != 0 && since < (atomic_load(&l->is_idle) ? idle_before : before))
			(void)shutdown(l->fd, SHUT_RDWR); /* gone already: then that is seen by MHD, too */
	}
	(void)pthread_mutex_unlock(&s->lock);
}

/* ---- answering */
static struct MHD_Response *make_response(struct http_exchange *x, const char *type,
                                          struct span body)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_MUST_COPY); /* it only reads them */
	bool good = r != NULL;
	good = good && MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type) == MHD_YES;
	for (size_t i = 0; i < x->header_count && good; i++)
		good = MHD_add_response_header(r, x->headers[i].name, x->headers[i].value) == MHD_YES;
	/* who keeps a place for a request to come keeps another one's request waiting */
	if (is_crowded(x->server))
		good = good && MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES;
	if (!good && r != NULL)
		MHD_destroy_response(r);
	return good ? r : NULL;
}

void http_answer(struct http_exchange *x, unsigned status, const char *type, struct span body)
{
	x->response = make_response(x, type, body);
	x->status = status;
	if (atomic_exchange(&x->turn, TURN_ANSWERED) == TURN_KEPT)
		MHD_resume_connection(x->connection);
}

void http_answer_by(struct http_exchange *x, void (*answer)(struct http_exchange *, void *arg),
                    void *arg)
{
	x->by = answer;
	x->by_arg = arg;
	if (atomic_exchange(&x->turn, TURN_ANSWERED) == TURN_KEPT)
		MHD_resume_connection(x->connection);
}

/* Here whoever answers has said all that there is to say: turn is TURN_ANSWERED. */
static void word_answer(struct http_exchange *x)
{
	void (*by)(struct http_exchange *, void *) = x->by;
	x->by = NULL;
	if (by != NULL)
		by(x, x->by_arg);
}

void http_add_header(struct http_exchange *x, const char *name, const char *value)
{
	if (x->header_count == HEADERS_MAX ||
	    !text_copy(x->headers[x->header_count].value, HTTP_VALUE_LIMIT, value))
		return; /* a caller's mistake: the answer goes without */
	x->headers[x->header_count++].name = name;
}

void http_on_done(struct http_exchange *x, void (*done)(void *arg, bool was_sent), void *arg)
{
	x->done = done;
	x->done_arg = arg;
}

static void refuse(struct http_exchange *x, unsigned status, const char *why)
{
	http_answer(x, status, "text/plain", span_of(why));
}

static enum MHD_Result send_answer(struct http_exchange *x)
{
	word_answer(x);
	if (x->response == NULL)
		return MHD_NO; /* no memory: the connection ends */
	const enum MHD_Result result = MHD_queue_response(x->connection, x->status, x->response);
	MHD_destroy_response(x->response); /* MHD holds its own */
	x->response = NULL;
	return result;
}

/* ---- requests */
static const struct http_route *find_route(const struct http_server *s, const char *path)
{
	for (size_t i = 0; i < s->route_count; i++)
		if (strncmp(path, s->routes[i].prefix, strlen(s->routes[i].prefix)) == 0)
			return &s->routes[i];
	return NULL;
}

static enum http_method method_of(const char *word)
{
	static const struct {
		const char *word;
		enum http_method method;
	} methods[] = { { "POST", HTTP_POST }, { "GET", HTTP_GET }, { "PUT", HTTP_PUT } };
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(word, methods[i].word) == 0)
			return methods[i].method;
	return HTTP_OTHER;
}

/* The headers are there. An answer before the body ends the connection with it. */
static enum MHD_Result begin(struct http_server *s, struct MHD_Connection *c, const char *path,
                             const char *method, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_exchange *x = calloc(1, sizeof *x);
	if (x == NULL || info == NULL || info->socket_context == NULL) {
		free(x);
		return MHD_NO;
	}
	*x = (struct http_exchange){ .server = s, .connection = c, .line = info->socket_context,
		.route = find_route(s, path), .method = method_of(method), .path = path };
	buf_init(&x->body, s->body_octets);
	atomic_store(&x->line->is_idle, false);
	*context = x;
	const char *length = http_header(x, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t octets = 0;
	if (x->route == NULL)
		refuse(x, MHD_HTTP_NOT_FOUND, "nothing is here\n");
	else if (atomic_load(&s->stopping))
		refuse(x, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping\n");
	else if (length != NULL &&
	         !int_parse(span_of(length), 0, (int64_t)s->body_octets, &octets))
		refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large\n");
	else
		return MHD_YES;
	return send_answer(x);
}

static void owe(struct http_server *s, int by)
{
	(void)pthread_mutex_lock(&s->lock);
	s->owed += (unsigned)by;
	if (s->owed == 0)
		(void)pthread_cond_broadcast(&s->settled);
	(void)pthread_mutex_unlock(&s->lock);
}

static enum MHD_Result take(struct http_exchange *x)
{
	atomic_store(&x->line->waits_since_ms, 0);
	owe(x->server, 1);
	x->route->take(x, x->route->arg);
	if (atomic_load(&x->turn) == TURN_ANSWERED)
		return send_answer(x);
	struct MHD_Connection *c = x->connection; /* answered, x may be gone by the time we look */
	MHD_suspend_connection(c);
	int was = TURN_TAKING;
	if (!atomic_compare_exchange_strong(&x->turn, &was, TURN_KEPT))
		MHD_resume_connection(c);
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version, const char *octets,
                                  size_t *octet_count, void **context)
{
	struct http_exchange *x = *context;
	(void)version;
	if (x == NULL)
		return begin(arg, c, path, method, context);
	if (*octet_count > 0) {
		buf_add(&x->body, span_make(octets, *octet_count)); /* chunks beyond the limit are dropped */
		*octet_count = 0;
		return MHD_YES;
	}
	if (x->status == 0 && x->by == NULL && !x->body.failed)
		return take(x);
	if (x->status == 0 && x->by == NULL)
		refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, "the body is too large\n");
	return send_answer(x);
}

static void on_completed(void *arg, struct MHD_Connection *c, void **context,
                         enum MHD_RequestTerminationCode how)
{
	struct http_exchange *x = *context;
	(void)arg;
	(void)c;
	if (x == NULL)
		return;
	const bool was_taken = atomic_load(&x->line->waits_since_ms) == 0;
	word_answer(x); /* to nobody: the connection has gone meanwhile */
	if (x->done != NULL)
		x->done(x->done_arg, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	if (x->response != NULL)
		MHD_destroy_response(x->response);
	if (was_taken)
		owe(x->server, -1);
	atomic_store(&x->line->waits_since_ms, clock_monotonic_ms());
	atomic_store(&x->line->is_idle, true);
	buf_wipe(&x->body);
	explicit_bzero(x, sizeof *x);
	free(x);
	*context = NULL;
}

/* ---- what a route asks of a request */
enum http_method http_method(const struct http_exchange *x) { return x->method; }

struct span http_path(const struct http_exchange *x)
{
	return span_of(x->path + strlen(x->route->prefix));
}

struct span http_body(const struct http_exchange *x) { return buf_span(&x->body); }

const char *http_header(const struct http_exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

const char *http_cookie(const struct http_exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, name);
}

const char *http_query(const struct http_exchange *x, const char *name)
{
	return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* The last one that X-Forwarded-For names is the one that the proxy itself saw. */
static bool forwarded(const struct http_exchange *x, struct net *ret)
{
	const char *all = http_header(x, "X-Forwarded-For");
	if (all == NULL)
		return false;
	const char *comma = strrchr(all, ',');
	return net_parse(span_trim(span_of(comma != NULL ? comma + 1 : all)), ret);
}

bool http_is_from(const struct http_exchange *x, const struct nets *allowed)
{
	const struct http_server *s = x->server;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct net peer;
	if (info == NULL || !net_of(info->client_addr, &peer))
		return false;
	if (s->has_proxy && memcmp(s->proxy.octets, peer.octets, sizeof peer.octets) == 0 &&
	    !forwarded(x, &peer))
		return false;
	return nets_have(allowed, &peer);
}

/* ---- start and end */
struct err http_check(const struct http_options *o)
{
	struct sockaddr_storage address;
	socklen_t size = 0;
	struct net net;
	const bool has_tls = o->certificate[0] != '\0';
	if (!net_listen_parse(o->listen, &address, &size))
		return err_make(ERR_CONFIG, "listen for HTTP", "write ADDRESS:PORT", "[http] listen");
	if (has_tls != (o->key[0] != '\0'))
		return err_make(ERR_CONFIG, "listen for HTTP", "certificate and key go together",
		                "[http] certificate");
	if (o->connections > HTTP_EACH * o->threads)
		return err_make(ERR_CONFIG, "listen for HTTP", "a thread serves 120 of them at most",
		                "[http] connections");
	if (o->proxy[0] != '\0' && !net_parse(span_of(o->proxy), &net))
		return err_make(ERR_CONFIG, "listen for HTTP", "write the proxy's address",
		                "[http] proxy");
	if (!net_of((const struct sockaddr *)&address, &net) ||
	    (!net_is_loopback(&net) && !has_tls && o->proxy[0] == '\0'))
		return err_make(ERR_CONFIG, "listen for HTTP beyond this computer",
		                "give it certificate and key, or name the proxy in front of it",
		                "[http] listen");
	return ERR_NONE_VALUE;
}

static struct err read_pem(const char *path, struct buf *ret)
{
	uint8_t octets[4096];
	ssize_t n = 0;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_os(errno, "read a certificate", "see [http]", "%.120s", path);
	while ((n = read(fd, octets, sizeof octets)) > 0)
		buf_add(ret, span_make(octets, (size_t)n));
	struct err e = n < 0 ? err_os(errno, "read a certificate", NULL, "%.120s", path)
	                     : ERR_NONE_VALUE;
	explicit_bzero(octets, sizeof octets);
	(void)close(fd);
	if (!err_is(e) && buf_text(ret) == NULL)
		e = err_make(ERR_CONFIG, "read a certificate", "it is larger than 64 KiB", "%.120s", path);
	return e;
}

static struct err start_daemon(struct http_server *s, const struct http_options *o,
                               const char *certificate, const char *key)
{
	struct sockaddr_storage address;
	socklen_t size = 0;
	(void)net_listen_parse(o->listen, &address, &size); /* http_check() has said that it can */
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_VERSIONS },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
	if (address.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	if (key != NULL)
		flags |= MHD_USE_TLS;
	errno = 0;
	s->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, s,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address,
		MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? o->threads : 0,
		MHD_OPTION_CONNECTION_LIMIT, o->connections,
		MHD_OPTION_CONNECTION_TIMEOUT, o->timeout_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)2 * HTTP_HEADER_OCTETS,
		MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)1024,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_ARRAY, key != NULL ? tls : none,
		MHD_OPTION_END);
	if (s->daemon == NULL)
		return errno == EADDRINUSE
		       ? err_make(ERR_BUSY, "listen for HTTP", "something else has the port: see [http] "
		                  "listen", "%.60s", o->listen)
		       : err_os(errno != 0 ? errno : EINVAL, "listen for HTTP",
		                "see [http] listen, certificate and key", "%.60s", o->listen);
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info != NULL ? info->port : 0;
	return ERR_NONE_VALUE;
}

struct err http_start(const struct http_options *o, const struct http_route *routes, size_t n,
                      struct http_server **ret)
{
	struct buf certificate, key;
	struct err e = http_check(o);
	if (err_is(e))
		return e;
	struct http_server *s = calloc(1, sizeof *s);
	if (s == NULL || n > HTTP_ROUTES_MAX) {
		free(s);
		return err_make(ERR_MEMORY, "listen for HTTP", NULL, NULL);
	}
	memcpy(s->routes, routes, n * sizeof routes[0]);
	s->route_count = n;
	s->body_octets = o->body_octets;
	s->timeout_ms = (int64_t)o->timeout_s * 1000;
	s->connections = o->connections;
	s->has_proxy = o->proxy[0] != '\0' && net_parse(span_of(o->proxy), &s->proxy);
	/* glibc's never fail with default attributes */
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->settled, NULL);
	buf_init(&certificate, PEM_OCTETS);
	buf_init(&key, PEM_OCTETS);
	const bool has_tls = o->certificate[0] != '\0';
	if (has_tls)
		e = read_pem(o->certificate, &certificate);
	if (has_tls && !err_is(e))
		e = read_pem(o->key, &key);
	if (!err_is(e))
		e = start_daemon(s, o, has_tls ? buf_text(&certificate) : NULL,
		                 has_tls ? buf_text(&key) : NULL);
	buf_free(&certificate);
	buf_wipe(&key);
	if (err_is(e)) {
		http_stop(s);
		return e;
	}
	*ret = s;
	return e;
}

void http_stop(struct http_server *s)
{
	if (s == NULL)
		return;
	atomic_store(&s->stopping, true);
	if (s->daemon != NULL) {
		const MHD_socket listening = MHD_quiesce_daemon(s->daemon);
		(void)pthread_mutex_lock(&s->lock);
		while (s->owed > 0)
			(void)pthread_cond_wait(&s->settled, &s->lock);
		(void)pthread_mutex_unlock(&s->lock);
		MHD_stop_daemon(s->daemon);
		if (listening != MHD_INVALID_SOCKET)
			(void)close(listening);
	}
	(void)pthread_mutex_destroy(&s->lock);
	(void)pthread_cond_destroy(&s->settled);
	free(s);
}

uint16_t http_port(const struct http_server *s) { return s->port; }
