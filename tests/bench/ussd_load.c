/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who walk through a menu, as an operator's gateway would ask for them: each connection is a
 * caller after the other, each of whom dials and types three times. Prints one line of JSON.
 *
 *   ussd-load PORT PATH africastalking|infobip CONNECTIONS SECONDS [RATE [OPEN]]
 *
 * RATE: requests a second, evenly; latencies then count from when a request was due. OPEN: begins so
 * many sessions, one after the other, and ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096
#define STEPS 4
#define SAMPLES (4u << 20)

struct caller {
	int fd;
	unsigned long session;
	int step;
	bool waits;
	int64_t due_us;
	char in[4096];
	size_t n;
};

static struct caller callers[CONNECTIONS_MAX];
static uint32_t *samples;
static size_t sample_count;
static unsigned long next_session, answered, refused;
static const char *path, *dialect;
static char salt[16];

static int64_t now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int dial(uint16_t port)
{
	const int on = 1;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static void send_step(struct caller *c)
{
	static const char *const history[STEPS] = { "", "2", "2*5", "2*5*1" };
	static const char *const typed[STEPS] = { "", "2", "5", "1" };
	char body[512], request[1024];
	int n;
	if (c->step == 0)
		c->session = next_session++;
	if (strcmp(dialect, "africastalking") == 0) {
		n = snprintf(body, sizeof body, "sessionId=%s%lu&phoneNumber=%%2B7701%07lu&networkCode=40101&"
		             "serviceCode=*123%%23&text=%s", salt, c->session, c->session % 10000000,
		             history[c->step]);
		n = snprintf(request, sizeof request, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: "
		             "application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, n, body);
	} else {
		n = snprintf(body, sizeof body, "{\"msisdn\":\"7701%07lu\",\"text\":\"%s\"}",
		             c->session % 10000000, typed[c->step]);
		n = snprintf(request, sizeof request, "POST %s/%s%lu/%s HTTP/1.1\r\nHost: x\r\nContent-Type: "
		             "application/json\r\nContent-Length: %d\r\n\r\n%s", path, salt, c->session,
		             c->step == 0 ? "start" : "response", n, body);
	}
	if (write(c->fd, request, (size_t)n) != n) {
		perror("write");
		exit(1);
	}
	c->waits = true;
}

/* True: a whole answer has come. */
static bool take(struct caller *c)
{
	const ssize_t n = read(c->fd, c->in + c->n, sizeof c->in - c->n - 1);
	if (n <= 0) {
		(void)fprintf(stderr, "the server has closed a connection\n");
		exit(1);
	}
	c->n += (size_t)n;
	c->in[c->n] = '\0';
	const char *end = strstr(c->in, "\r\n\r\n"), *length = strstr(c->in, "Content-Length:");
	if (end == NULL || length == NULL)
		return false;
	const size_t whole = (size_t)(end + 4 - c->in) + strtoul(length + 15, NULL, 10);
	if (c->n < whole)
		return false;
	if (strncmp(c->in + 9, "200", 3) != 0)
		refused++;
	answered++;
	if (sample_count < SAMPLES)
		samples[sample_count++] = (uint32_t)(now_us() - c->due_us);
	c->n = 0;
	c->waits = false;
	c->step = (c->step + 1) % STEPS;
	return true;
}

static int by_size(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static void tell(int64_t took_us)
{
	qsort(samples, sample_count, sizeof samples[0], by_size);
	const uint32_t p50 = sample_count > 0 ? samples[sample_count / 2] : 0;
	const uint32_t p99 = sample_count > 0 ? samples[sample_count * 99 / 100] : 0;
	(void)printf("{\"rate\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"answered\":%lu,\"refused\":%lu}\n",
	             (double)answered * 1e6 / (double)took_us, p50 / 1000.0, p99 / 1000.0,
	             sample_count > 0 ? samples[sample_count - 1] / 1000.0 : 0.0, answered,
	             refused);
}

int main(int argc, char **argv)
{
	if (argc < 6)
		return 2;
	const uint16_t port = (uint16_t)strtoul(argv[1], NULL, 10);
	path = argv[2];
	dialect = argv[3];
	size_t count = strtoul(argv[4], NULL, 10), done = 0;
	const int64_t length_us = (int64_t)strtoul(argv[5], NULL, 10) * 1000000;
	const double rate = argc > 6 ? strtod(argv[6], NULL) : 0;
	const unsigned long open = argc > 7 ? strtoul(argv[7], NULL, 10) : 0;
	count = count > CONNECTIONS_MAX ? CONNECTIONS_MAX : count;
	samples = malloc(SAMPLES * sizeof samples[0]);
	const int epoll = epoll_create1(0);
	if (samples == NULL || epoll < 0)
		return 1;
	/* ids and numbers that no run before had: a caller who comes again is asked whether to go on */
	(void)snprintf(salt, sizeof salt, "s%lxx", (unsigned long)now_us() & 0xFFFFFF);
	next_session = (unsigned long)now_us() % 10000000;
	for (size_t i = 0; i < count; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = &callers[i] };
		callers[i].fd = dial(port);
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, callers[i].fd, &e);
	}
	const int64_t begin = now_us();
	unsigned long sent = 0;
	if (rate <= 0)
		for (size_t i = 0; i < count; i++) {
			callers[i].due_us = now_us();
			send_step(&callers[i]);
		}
	for (size_t idle = 0; now_us() - begin < length_us && (open == 0 || answered < open);) {
		struct epoll_event events[256];
		const int n = epoll_wait(epoll, events, 256, rate > 0 ? 1 : 1000);
		for (int i = 0; i < n; i++) {
			struct caller *c = events[i].data.ptr;
			if (!take(c) || rate > 0)
				continue;
			if (open > 0)
				c->step = 0;
			c->due_us = now_us();
			send_step(c);
		}
		/* what is due goes by whoever is free; what finds nobody free is late, and counts so */
		for (double due = (double)(now_us() - begin) * rate / 1e6; rate > 0 && (double)sent < due;) {
			size_t tried = 0;
			while (tried < count && callers[idle].waits) {
				idle = (idle + 1) % count;
				tried++;
			}
			if (tried == count)
				break;
			callers[idle].due_us = begin + (int64_t)((double)sent * 1e6 / rate);
			send_step(&callers[idle]);
			sent++;
		}
	}
	tell(now_us() - begin);
	for (size_t i = 0; i < count; i++)
		done += close(callers[i].fd) == 0;
	return done == count ? 0 : 1;
}
