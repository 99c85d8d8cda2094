/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For `make bench`: what language and wish of a text cost, without JSON. Lines on standard input, each
 * judged ROUNDS times; prints ms of CPU to load everything, and the median µs of CPU a line.
 *
 *   language-cost MESSAGES LOCALES <LINES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "content/content.h"

#define LINES_MAX 4096u
#define ROUNDS 15u

static double cpu_us(void)
{
	struct timespec t = { 0 };
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static double cost_of(const struct content *content, const char *line)
{
	double us[ROUNDS];
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct wish w;
		const double before = cpu_us();
		content_wish(content, span_of(line), NULL, &w);
		us[i] = cpu_us() - before;
	}
	qsort(us, ROUNDS, sizeof us[0], by_value);
	return us[ROUNDS / 2];
}

int main(int argc, char **argv)
{
	static double cost[LINES_MAX];
	struct content *content = NULL;
	char *line = NULL;
	size_t room = 0, n = 0;
	ssize_t length;
	if (argc != 3)
		return 2;
	const double before = cpu_us();
	if (err_is(content_load(argv[1], argv[2], "kk,ru,uz,uz-Cyrl,ky,tg", NULL, NULL, &content)))
		return 1;
	const double load_ms = (cpu_us() - before) / 1e3;
	while (n < LINES_MAX && (length = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		cost[n++] = cost_of(content, line);
	}
	free(line);
	content_drop(content);
	if (n == 0)
		return 1;
	qsort(cost, n, sizeof cost[0], by_value);
	(void)printf("%.1f %.2f\n", load_ms, cost[n / 2]);
	return 0;
}
