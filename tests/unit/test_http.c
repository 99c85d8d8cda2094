/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTTP server alone, with a route that answers at once, later, or in another thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "http/server.h"
#include "base/banned.h"

#define KEPT_MAX 8

/* ---- a world: a server, and what its route keeps */
struct world {
	struct http_server *s;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct http_exchange *kept[KEPT_MAX];
	size_t n;
	unsigned sent, lost;
};

static void on_done(void *arg, bool was_sent)
{
	struct world *w = arg;
	(void)pthread_mutex_lock(&w->lock);
	*(was_sent ? &w->sent : &w->lost) += 1;
	(void)pthread_cond_broadcast(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
}

static const char *text_or(const char *s) { return s != NULL ? s : "-"; }

/* "/x/keep" is answered by when_answered(); else the answer tells what was asked. */
static void take(struct http_exchange *x, void *arg)
{
	struct world *w = arg;
	http_on_done(x, on_done, w);
	if (span_is(http_path(x), "keep")) {
		(void)pthread_mutex_lock(&w->lock);
		w->kept[w->n++] = x;
		(void)pthread_cond_broadcast(&w->changed);
		(void)pthread_mutex_unlock(&w->lock);
		return;
	}
	struct buf told;
	buf_init(&told, 1024);
	const struct span path = http_path(x), body = http_body(x);
	buf_addf(&told, "%d ", (int)http_method(x));
	buf_add(&told, path);
	buf_addf(&told, " %s %s %s ", text_or(http_header(x, "X-One")), text_or(http_cookie(x, "c")),
	         text_or(http_query(x, "q")));
	buf_add(&told, body);
	http_add_header(x, "X-Two", "2");
	http_answer(x, 200, "text/plain", buf_span(&told));
	buf_free(&told);
}

static const struct http_options options = { .listen = "127.0.0.1:0", .certificate = "", .key = "",
	.proxy = "", .threads = 1, .connections = 20, .timeout_s = 20, .body_octets = 100 };

static void start(struct world *w)
{
	*w = (struct world){ .n = 0 };
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->changed, NULL);
	const struct http_route route = { "/x/", take, w };
	assert_false(err_is(http_start(&options, &route, 1, &w->s)));
}

static void end(struct world *w)
{
	http_stop(w->s);
	(void)pthread_mutex_destroy(&w->lock);
	(void)pthread_cond_destroy(&w->changed);
}

static void wait_for(struct world *w, const unsigned *what, unsigned n)
{
	(void)pthread_mutex_lock(&w->lock);
	while (*what < n)
		(void)pthread_cond_wait(&w->changed, &w->lock);
	(void)pthread_mutex_unlock(&w->lock);
}

static void wait_kept(struct world *w, size_t n)
{
	(void)pthread_mutex_lock(&w->lock);
	while (w->n < n)
		(void)pthread_cond_wait(&w->changed, &w->lock);
	(void)pthread_mutex_unlock(&w->lock);
}

/* ---- a client */
static int ask(const struct world *w, const char *request)
{
	const struct timeval limit = { .tv_sec = 30 };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(http_port(w->s)) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(write(fd, request, strlen(request)), (ssize_t)strlen(request));
	return fd;
}

/* To the connection's end. */
static void hear(int fd, char *ret, size_t room)
{
	size_t n = 0;
	ssize_t got = 0;
	while (n + 1 < room && (got = read(fd, ret + n, room - n - 1)) > 0)
		n += (size_t)got;
	ret[n] = '\0';
	(void)close(fd);
}

static void then_told(const struct world *w, const char *request, const char *what)
{
	char said[4096];
	hear(ask(w, request), said, sizeof said);
	if (strstr(said, what) == NULL)
		fail_msg("%s\nis answered without \"%s\":\n%s", request, what, said);
}

#define CLOSE "Host: h\r\nConnection: close\r\n"
#define KEEP "POST /x/keep HTTP/1.1\r\n" CLOSE "Content-Length: 0\r\n\r\n"

/* ---- stories */
static void a_route_reads_path_headers_cookie_query_and_body(void **state)
{
	struct world w;
	(void)state;
	start(&w);
	then_told(&w, "POST /x/a%20b?q=1%262 HTTP/1.1\r\n" CLOSE "X-One: one\r\nCookie: b=0; c=7\r\n"
	          "Content-Length: 4\r\n\r\nbody", "\r\n\r\n1 a b one 7 1&2 body");
	then_told(&w, "POST /x/ HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n"
	          "0\r\n\r\n", "1  - - - body");
	then_told(&w, "GET /x/g HTTP/1.1\r\n" CLOSE "\r\n", "0 g - - - ");
	then_told(&w, "DELETE /x/d HTTP/1.1\r\n" CLOSE "\r\n", "3 d - - - ");
	then_told(&w, "GET /x/g HTTP/1.1\r\n" CLOSE "\r\n", "X-Two: 2\r\n");
	end(&w);
}

static void what_no_route_is_for_and_what_is_too_large_never_gets_there(void **state)
{
	struct world w;
	char request[400];
	(void)state;
	start(&w);
	then_told(&w, "GET /other HTTP/1.1\r\n" CLOSE "\r\n", "HTTP/1.1 404");
	(void)snprintf(request, sizeof request, "POST /x/ HTTP/1.1\r\n" CLOSE "Content-Length: 100\r\n\r\n"
	               "%0100d", 0);
	then_told(&w, request, "HTTP/1.1 200");
	(void)snprintf(request, sizeof request, "POST /x/ HTTP/1.1\r\n" CLOSE "Content-Length: 101\r\n\r\n"
	               "%0101d", 0);
	then_told(&w, request, "HTTP/1.1 413");
	(void)snprintf(request, sizeof request, "POST /x/ HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked"
	               "\r\n\r\n65\r\n%0101d\r\n0\r\n\r\n", 0);
	then_told(&w, request, "HTTP/1.1 413");
	end(&w);
	assert_int_equal(w.sent, 1);
}

static void by(struct http_exchange *x, void *arg)
{
	http_answer(x, 201, "text/plain", span_of(arg));
}

static void exchanges_that_wait_cost_no_thread_and_are_answered_in_any_order(void **state)
{
	struct world w;
	char said[3][4096];
	int fd[3];
	(void)state;
	start(&w); /* of one thread */
	for (size_t i = 0; i < 3; i++) {
		fd[i] = ask(&w, KEEP);
		wait_kept(&w, i + 1);
	}
	then_told(&w, "GET /x/g HTTP/1.1\r\n" CLOSE "\r\n", "HTTP/1.1 200");
	http_answer(w.kept[2], 200, "text/plain", span_of("third"));
	http_answer_by(w.kept[0], by, (void *)(uintptr_t)"first");
	http_answer(w.kept[1], 503, "text/plain", span_of("second"));
	for (size_t i = 0; i < 3; i++)
		hear(fd[i], said[i], sizeof said[i]);
	assert_non_null(strstr(said[0], "HTTP/1.1 201"));
	assert_non_null(strstr(said[0], "first"));
	assert_non_null(strstr(said[1], "HTTP/1.1 503"));
	assert_non_null(strstr(said[2], "third"));
	end(&w);
	assert_int_equal(w.sent, 4);
}

static void an_answer_to_somebody_who_has_gone_is_known_to_be_lost(void **state)
{
	struct world w;
	(void)state;
	start(&w);
	const int fd = ask(&w, KEEP);
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	wait_kept(&w, 1);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
	assert_int_equal(close(fd), 0); /* a reset: the phone's network is gone */
	http_answer(w.kept[0], 200, "text/plain", span_of("page"));
	wait_for(&w, &w.lost, 1);
	end(&w);
	assert_int_equal(w.sent, 0);
}

static void *stop(void *arg)
{
	struct world *w = arg;
	http_stop(w->s);
	on_done(w, true); /* one more: it has stopped */
	return NULL;
}

static void at_the_end_what_is_owed_is_answered_first(void **state)
{
	struct world w;
	char said[4096];
	pthread_t thread;
	(void)state;
	start(&w);
	const int fd = ask(&w, KEEP);
	wait_kept(&w, 1);
	assert_int_equal(pthread_create(&thread, NULL, stop, &w), 0);
	assert_int_equal(w.sent, 0);
	http_answer(w.kept[0], 200, "text/plain", span_of("page"));
	hear(fd, said, sizeof said);
	assert_non_null(strstr(said, "page"));
	wait_for(&w, &w.sent, 2);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void a_port_is_listened_at_by_one(void **state)
{
	struct world w;
	struct http_server *second = NULL;
	char listen[64];
	(void)state;
	start(&w);
	(void)snprintf(listen, sizeof listen, "127.0.0.1:%u", (unsigned)http_port(w.s));
	struct http_options o = options;
	o.listen = listen;
	const struct http_route route = { "/x/", take, &w };
	assert_int_equal(http_start(&o, &route, 1, &second).code, ERR_BUSY);
	assert_null(second);
	end(&w);
}

static void addresses_and_networks_are_read_whole_or_not(void **state)
{
	static const struct {
		const char *nets, *address;
		bool is_in;
	} rows[] = {
		{ "192.0.2.0/24", "192.0.2.255", true }, { "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.7", "192.0.2.7", true }, { "192.0.2.7", "192.0.2.8", false },
		{ "192.0.2.128/25, 2001:db8::/32", "192.0.2.127", false },
		{ "192.0.2.128/25, 2001:db8::/32", "2001:db8:1::5", true },
		{ "0.0.0.0/0", "203.0.113.1", true }, { "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "203.0.113.1", true }, { "192.0.2.0/24", "::ffff:192.0.2.1", true },
		{ "", "127.0.0.1", false },
	};
	static const char *const bad[] = { "192.0.2.0/33", "192.0.2", "2001:db8::/129", "name", "1.2.3.4/",
		"1.2.3.4/-1", "1.2.3.4/8x", "/8", "1.2.3.4;5.6.7.8" };
	struct nets nets;
	struct net net;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(nets_parse(rows[i].nets, &nets));
		assert_true(net_parse(span_of(rows[i].address), &net));
		if (nets_have(&nets, &net) != rows[i].is_in)
			fail_msg("%s in %s", rows[i].address, rows[i].nets);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (nets_parse(bad[i], &nets))
			fail_msg("%s is taken", bad[i]);
}

static void nothing_listens_in_the_open_without_tls_or_a_proxy(void **state)
{
	static const struct {
		const char *listen, *certificate, *key, *proxy;
		bool may;
	} rows[] = {
		{ "127.0.0.1:80", "", "", "", true }, { "[::1]:80", "", "", "", true },
		{ "127.200.0.1:80", "", "", "", true }, { "0.0.0.0:80", "", "", "", false },
		{ "[::]:80", "", "", "", false }, { "192.0.2.1:80", "", "", "", false },
		{ "[::ffff:127.0.0.1]:80", "", "", "", true }, { "[::ffff:0.0.0.0]:80", "", "", "", false },
		{ "0.0.0.0:80", "c", "k", "", true }, { "0.0.0.0:80", "c", "", "", false },
		{ "0.0.0.0:80", "", "k", "", false }, { "0.0.0.0:80", "", "", "10.0.0.1", true },
		{ "0.0.0.0:80", "", "", "proxy", false }, { "127.0.0.1", "", "", "", false },
		{ "127.0.0.1:65536", "", "", "", false }, { "::1:80", "", "", "", false },
		{ "localhost:80", "", "", "", false }, { "", "", "", "", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct http_options o = options;
		o.listen = rows[i].listen;
		o.certificate = rows[i].certificate;
		o.key = rows[i].key;
		o.proxy = rows[i].proxy;
		if (err_is(http_check(&o)) == rows[i].may)
			fail_msg("row %zu: %s", i, rows[i].listen);
	}
	struct http_options o = options;
	o.connections = HTTP_EACH + 1;
	assert_true(err_is(http_check(&o)));
	o.threads = 2;
	assert_false(err_is(http_check(&o)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_reads_path_headers_cookie_query_and_body),
		cmocka_unit_test(what_no_route_is_for_and_what_is_too_large_never_gets_there),
		cmocka_unit_test(exchanges_that_wait_cost_no_thread_and_are_answered_in_any_order),
		cmocka_unit_test(an_answer_to_somebody_who_has_gone_is_known_to_be_lost),
		cmocka_unit_test(at_the_end_what_is_owed_is_answered_first),
		cmocka_unit_test(a_port_is_listened_at_by_one),
		cmocka_unit_test(addresses_and_networks_are_read_whole_or_not),
		cmocka_unit_test(nothing_listens_in_the_open_without_tls_or_a_proxy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
