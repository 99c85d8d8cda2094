/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

static const char *log_program = "safar"; /* set once, before any thread starts */
static bool log_prefix, log_verbose;

void log_start(const char *program)
{
	log_program = program;
	log_prefix = getenv("JOURNAL_STREAM") != NULL;
	log_verbose = getenv("SAFAR_DEBUG") != NULL;
}

static void put(int level, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

static void put(int level, const char *fmt, va_list ap)
{
	static const char *const words[] = { [LOG_ERR] = "error: ", [LOG_WARNING] = "warning: ",
		[LOG_NOTICE] = "", [LOG_DEBUG] = "debug: " };
	char line[768];
	int n = 0;
	if (log_prefix)
		n = snprintf(line, sizeof line, "<%d>%s%s", level, words[level], "");
	else {
		struct timespec now;
		struct tm tm;
		(void)clock_gettime(CLOCK_REALTIME, &now);
		char at[16] = "";
		if (gmtime_r(&now.tv_sec, &tm) != NULL)
			(void)strftime(at, sizeof at, "%H:%M:%S", &tm);
		n = snprintf(line, sizeof line, "%s.%03ldZ %s: %s", at, now.tv_nsec / 1000000,
		             log_program, words[level]);
	}
	if (n < 0)
		return;
	int m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
	if (m < 0)
		return;
	size_t total = (size_t)n + (size_t)m;
	if (total > sizeof line - 2)
		total = sizeof line - 2;
	line[total] = '\n';
	/* a full or closed standard error must not stop the gateway */
	if (write(STDERR_FILENO, line, total + 1) < 0)
		return;
}

#define LOG_FUNCTION(name, level) \
	void name(const char *fmt, ...) \
	{ \
		va_list ap; \
		va_start(ap, fmt); \
		put(level, fmt, ap); \
		va_end(ap); \
	}

LOG_FUNCTION(log_error, LOG_ERR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_notice, LOG_NOTICE)

void log_debug(const char *fmt, ...)
{
	if (!log_verbose)
		return;
	va_list ap;
	va_start(ap, fmt);
	put(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

void log_err(const struct err *e)
{
	char text[512];
	log_error("%s", err_text(e, text, sizeof text));
}
