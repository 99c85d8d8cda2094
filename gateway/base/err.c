/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static const struct {
	const char *word;
	int exit_code;
} classes[ERR_CODE_COUNT] = {
#define X(id, word, exit_code) [ERR_##id] = { word, exit_code },
	ERR_CODES(X)
#undef X
};

static struct err make(enum err_code code, int os, const char *doing, const char *next,
                       const char *whom, va_list ap) __attribute__((format(printf, 5, 0)));

static struct err make(enum err_code code, int os, const char *doing, const char *next,
                       const char *whom, va_list ap)
{
	struct err e = { .code = code, .os = os, .doing = doing, .next = next };
	if (whom != NULL && vsnprintf(e.whom, sizeof e.whom, whom, ap) < 0)
		e.whom[0] = '\0';
	return e;
}

struct err err_make(enum err_code code, const char *doing, const char *next, const char *whom, ...)
{
	va_list ap;
	va_start(ap, whom);
	struct err e = make(code, 0, doing, next, whom, ap);
	va_end(ap);
	return e;
}

struct err err_os(int os, const char *doing, const char *next, const char *whom, ...)
{
	enum err_code code = (os == ENOSPC || os == EDQUOT) ? ERR_FULL
	                     : os == ENOMEM ? ERR_MEMORY : ERR_IO;
	va_list ap;
	va_start(ap, whom);
	struct err e = make(code, os, doing, next, whom, ap);
	va_end(ap);
	return e;
}

const char *err_word(enum err_code code)
{
	return code < ERR_CODE_COUNT ? classes[code].word : "unknown";
}

int err_exit_code(enum err_code code)
{
	return code < ERR_CODE_COUNT ? classes[code].exit_code : 1;
}

const char *err_text(const struct err *e, char *buf, size_t size)
{
	char os[96] = "";
	if (e->os != 0)
		(void)snprintf(os, sizeof os, ": %s", strerrordesc_np(e->os) != NULL
		               ? strerrordesc_np(e->os) : "unknown system error");
	int n = snprintf(buf, size, "cannot %s%s%s%s%s%s", e->doing != NULL ? e->doing : "go on",
	                 e->whom[0] != '\0' ? " " : "", e->whom, os,
	                 e->next != NULL ? "; " : "", e->next != NULL ? e->next : "");
	if (n < 0 && size > 0)
		buf[0] = '\0';
	return buf;
}
