/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Infobip: JSON to …/SESSION/start, response and end, and a question for …/SESSION/status. The
 * session's id stands in the path; a step has no number of its own. */
#include "link/ussd/json.h"

#include <string.h>

#include "base/banned.h"

enum { TEXT, MSISDN, IMSI, SHORT_CODE, LANGUAGE, OPTIONAL, GATEWAY, EXIT_CODE, REASON, SESSION,
	FIELD_COUNT };

#define COMMON \
	[IMSI] = { "imsi", JSON_ANY, false }, [SHORT_CODE] = { "shortCode", JSON_TEXT_OR_NULL, false }, \
	[LANGUAGE] = { "language", JSON_ANY, false }, [OPTIONAL] = { "optional", JSON_ANY, false }, \
	[GATEWAY] = { "ussdGwId", JSON_ANY, false }, [EXIT_CODE] = { "exitCode", JSON_ANY, false }, \
	[REASON] = { "reason", JSON_ANY, false }, [SESSION] = { "sessionId", JSON_ANY, false }

/* Who dialled is told at the start; a response is known by its session. */
static const struct json_field start_fields[FIELD_COUNT] = {
	[TEXT] = { "text", JSON_TEXT_OR_NULL, true }, [MSISDN] = { "msisdn", JSON_TEXT, true }, COMMON };
static const struct json_field step_fields[FIELD_COUNT] = {
	[TEXT] = { "text", JSON_TEXT_OR_NULL, true }, [MSISDN] = { "msisdn", JSON_TEXT_OR_NULL, false },
	COMMON };
static const struct json_field end_fields[FIELD_COUNT] = {
	[TEXT] = { "text", JSON_ANY, false }, [MSISDN] = { "msisdn", JSON_ANY, false }, COMMON };

static const struct {
	const char *verb;
	enum ussd_event event;
	const struct json_field *fields;
} verbs[] = {
	{ "start", USSD_START, start_fields }, { "response", USSD_STEP, step_fields },
	{ "end", USSD_END, end_fields }, { "status", USSD_STATUS, NULL },
};

/* "ID/start" or "session/ID/start". */
static bool split_path(struct span path, struct span *ret_session, size_t *ret_verb)
{
	static const char lead[] = "session/";
	if (path.n > strlen(lead) && memcmp(path.p, lead, strlen(lead)) == 0)
		path = span_make(path.p + strlen(lead), path.n - strlen(lead));
	const uint8_t *slash = path.n > 0 ? memchr(path.p, '/', path.n) : NULL;
	if (slash == NULL || slash == path.p)
		return false;
	const size_t n = (size_t)(slash - path.p);
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (span_is(span_make(slash + 1, path.n - n - 1), verbs[i].verb)) {
			*ret_session = span_make(path.p, n);
			*ret_verb = i;
			return true;
		}
	return false;
}

static enum dialect_err read_body(const struct dialect_call *c, const struct json_field *fields,
                                  struct ussd_step *s)
{
	struct json_values v;
	if (s->event == USSD_END && span_trim(c->body).n == 0)
		return DIALECT_OK;
	enum dialect_err e = json_fields_read(c->body, fields, FIELD_COUNT, c->any_field, &v);
	if (e != DIALECT_OK || s->event == USSD_END) {
		if (e == DIALECT_OK)
			json_fields_free(&v);
		return e;
	}
	if (field_text(&v, MSISDN).n > 0)
		e = take_caller(field_text(&v, MSISDN), s->caller);
	else if (s->event == USSD_START)
		e = DIALECT_VALUE;
	if (e == DIALECT_OK)
		e = take_input(field_text(&v, TEXT), USSD_INPUT_MAX, s->input);
	json_fields_free(&v);
	return e;
}

enum dialect_err infobip_read(const struct dialect_call *c, struct ussd_step *ret)
{
	struct ussd_step s = { .event = USSD_START };
	struct span session;
	size_t verb = 0;
	if (!split_path(c->path, &session, &verb))
		return DIALECT_PATH;
	s.event = verbs[verb].event;
	const bool is_question = s.event == USSD_STATUS;
	if (is_question ? c->method != HTTP_GET : c->method != HTTP_POST && c->method != HTTP_PUT)
		return DIALECT_METHOD;
	enum dialect_err e = take_session(session, s.session);
	if (e == DIALECT_OK && !is_question)
		e = read_body(c, verbs[verb].fields, &s);
	if (e == DIALECT_OK)
		*ret = s;
	ussd_step_wipe(&s);
	return e;
}

void infobip_write(const struct dialect_page *p, struct buf *ret)
{
	switch (p->step->event) {
	case USSD_START:
	case USSD_STEP:
		buf_addf(ret, "{\"shouldClose\":%s,\"ussdMenu\":", p->goes_on ? "false" : "true");
		field_add_text(ret, p->text);
		buf_add_text(ret, ",\"responseExitCode\":200,\"responseMessage\":\"\"}");
		break;
	case USSD_STATUS:
		buf_addf(ret, "{\"sessionActive\":%s,\"responseExitCode\":200,\"responseMessage\":\"\"}",
		         p->goes_on ? "true" : "false");
		break;
	case USSD_END:
		buf_add_text(ret, "{\"responseExitCode\":200,\"responseMessage\":\"\"}");
		break;
	}
}
