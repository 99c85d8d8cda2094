/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Junebug (Vumi): a JSON message a step. There is no session id: a caller has one session with a
 * code at a time, and channel_data.session_event says what became of it. Each message has an id. */
#include "link/ussd/json.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { ID, TO, FROM, CONTENT, CHANNEL_DATA, CHANNEL, TIMESTAMP, REPLY_TO, GROUP, FIELD_COUNT };

static const struct json_field fields[FIELD_COUNT] = {
	[ID] = { "message_id", JSON_TEXT, true }, [TO] = { "to", JSON_TEXT, true },
	[FROM] = { "from", JSON_TEXT, true }, [CONTENT] = { "content", JSON_TEXT_OR_NULL, true },
	[CHANNEL_DATA] = { "channel_data", JSON_OBJECT, true }, [CHANNEL] = { "channel_id", JSON_ANY, false },
	[TIMESTAMP] = { "timestamp", JSON_ANY, false }, [REPLY_TO] = { "reply_to", JSON_ANY, false },
	[GROUP] = { "group", JSON_ANY, false },
};

/* What else channel_data holds is the channel's own. */
static enum dialect_err take_event(const cJSON *channel_data, enum ussd_event *ret)
{
	static const struct {
		const char *word;
		enum ussd_event event;
	} events[] = { { "new", USSD_START }, { "resume", USSD_STEP }, { "close", USSD_END } };
	const cJSON *event = cJSON_GetObjectItemCaseSensitive(channel_data, "session_event");
	if (event == NULL)
		return DIALECT_MISSING;
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
		if (cJSON_IsString(event) && strcmp(event->valuestring, events[i].word) == 0) {
			*ret = events[i].event;
			return DIALECT_OK;
		}
	return DIALECT_VALUE;
}

enum dialect_err junebug_read(const struct dialect_call *c, struct ussd_step *ret)
{
	struct json_values v;
	struct ussd_step s = { .mark_kind = USSD_MARK_ID };
	char to[USSD_SESSION_MAX + 1];
	if (c->method != HTTP_POST)
		return DIALECT_METHOD;
	if (c->path.n > 0)
		return DIALECT_PATH;
	enum dialect_err e = json_fields_read(c->body, fields, FIELD_COUNT, c->any_field, &v);
	if (e != DIALECT_OK)
		return e;
	e = take_event(v.value[CHANNEL_DATA], &s.event);
	if (e == DIALECT_OK)
		e = take_mark(field_text(&v, ID), s.mark);
	if (e == DIALECT_OK)
		e = take_caller(field_text(&v, FROM), s.caller);
	if (e == DIALECT_OK)
		e = take_session(field_text(&v, TO), to);
	if (e == DIALECT_OK)
		e = take_input(field_text(&v, CONTENT), USSD_INPUT_MAX, s.input);
	if (e == DIALECT_OK &&
	    snprintf(s.session, sizeof s.session, "%s %.100s", s.caller, to) >= (int)sizeof s.session)
		e = DIALECT_LENGTH;
	json_fields_free(&v);
	if (e == DIALECT_OK)
		*ret = s;
	ussd_step_wipe(&s);
	return e;
}

void junebug_write(const struct dialect_page *p, struct buf *ret)
{
	if (p->step->event == USSD_END) {
		buf_add_text(ret, "{}");
		return;
	}
	buf_add_text(ret, "{\"reply_to\":");
	field_add_text(ret, span_of(p->step->mark));
	buf_add_text(ret, ",\"content\":");
	field_add_text(ret, p->text);
	buf_addf(ret, ",\"channel_data\":{\"continue_session\":%s}}", p->goes_on ? "true" : "false");
}
