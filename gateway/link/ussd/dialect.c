/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of dialects, and the kinds of values that all of them have. */
#include "link/ussd/dialect.h"

#include <string.h>

#include "base/banned.h"

#define CALLER_DIGITS_MIN 7

const struct dialect dialects[] = {
	{ .name = "africastalking", .type = "text/plain; charset=utf-8", .has_history = true,
	  .read = africastalking_read, .write = africastalking_write },
	{ .name = "infobip", .type = "application/json; charset=utf-8",
	  .read = infobip_read, .write = infobip_write },
	{ .name = "restcomm", .type = "text/xml; charset=utf-8", .cookie = "JSESSIONID",
	  .read = restcomm_read, .write = restcomm_write },
	{ .name = "junebug", .type = "application/json; charset=utf-8",
	  .read = junebug_read, .write = junebug_write },
};
const size_t dialect_count = sizeof dialects / sizeof dialects[0];

const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < dialect_count; i++)
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	return NULL;
}

static const struct {
	unsigned status;
	const char *text;
} errs[DIALECT_ERR_COUNT] = {
#define X(id, http_status, words) [DIALECT_##id] = { http_status, words },
	DIALECT_ERRS(X)
#undef X
};

const char *dialect_err_text(enum dialect_err e)
{
	return e < DIALECT_ERR_COUNT ? errs[e].text : "";
}

unsigned dialect_err_status(enum dialect_err e)
{
	return e < DIALECT_ERR_COUNT ? errs[e].status : 500;
}

static bool is_printable(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

static enum dialect_err take_plain(struct span s, size_t max, char *ret)
{
	if (s.n > max)
		return DIALECT_LENGTH;
	if (s.n == 0 || !is_printable(s))
		return DIALECT_VALUE;
	memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
	return DIALECT_OK;
}

enum dialect_err take_session(struct span s, char ret[USSD_SESSION_MAX + 1])
{
	return take_plain(s, USSD_SESSION_MAX, ret);
}

enum dialect_err take_mark(struct span s, char ret[USSD_MARK_MAX + 1])
{
	return take_plain(s, USSD_MARK_MAX, ret);
}

/* Gateways give E.164 digits; a form that forgot to escape its '+' gives a blank instead. */
enum dialect_err take_caller(struct span s, char ret[USSD_CALLER_MAX + 1])
{
	s = span_trim(s);
	if (s.n > 0 && s.p[0] == '+')
		s = span_make(s.p + 1, s.n - 1);
	if (s.n > USSD_CALLER_MAX - 1)
		return DIALECT_LENGTH;
	if (s.n < CALLER_DIGITS_MIN || s.p[0] == '0')
		return DIALECT_VALUE;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return DIALECT_VALUE;
	ret[0] = '+';
	memcpy(ret + 1, s.p, s.n);
	ret[s.n + 1] = '\0';
	return DIALECT_OK;
}

enum dialect_err take_input(struct span s, size_t max, char ret[USSD_HISTORY_MAX + 1])
{
	uint32_t c = 0;
	if (s.n > max || s.n > USSD_HISTORY_MAX)
		return DIALECT_LENGTH;
	struct span rest = s;
	while (utf8_next(&rest, &c))
		if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
			return DIALECT_VALUE;
	if (rest.n > 0)
		return DIALECT_VALUE;
	if (s.n > 0)
		memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
	return DIALECT_OK;
}
