/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/ussd/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define NUMBER_MAX 9007199254740992.0 /* 2^53: whole numbers are exact up to it */

static bool is_number(const cJSON *v)
{
	return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble < NUMBER_MAX &&
	       floor(v->valuedouble) >= v->valuedouble;
}

static bool is_of(const cJSON *v, enum json_kind kind)
{
	switch (kind) {
	case JSON_ANY:
		return true;
	case JSON_TEXT:
		return cJSON_IsString(v) || is_number(v);
	case JSON_TEXT_OR_NULL:
		return cJSON_IsString(v) || cJSON_IsNull(v) || is_number(v);
	case JSON_OBJECT:
		return cJSON_IsObject(v);
	}
	return false;
}

static enum dialect_err take_member(const cJSON *m, const struct json_field *fields, size_t n,
                                    bool any_field, struct json_values *v)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(m->string, fields[i].name) == 0) {
			if (v->value[i] != NULL)
				return DIALECT_TWICE;
			if (!is_of(m, fields[i].kind))
				return DIALECT_VALUE;
			v->value[i] = m;
			return DIALECT_OK;
		}
	return any_field ? DIALECT_OK : DIALECT_FOREIGN;
}

enum dialect_err json_fields_read(struct span body, const struct json_field *fields, size_t n,
                                  bool any_field, struct json_values *ret)
{
	struct json_values v = { .root = NULL };
	const char *end = NULL;
	enum dialect_err e = DIALECT_OK;
	body = span_trim(body);
	if (body.n == 0 || body.n > DIALECT_BODY_MAX)
		return body.n == 0 ? DIALECT_FORM : DIALECT_LENGTH;
	v.root = cJSON_ParseWithLengthOpts((const char *)body.p, body.n, &end, 0);
	if (!cJSON_IsObject(v.root) || end != (const char *)body.p + body.n)
		e = DIALECT_FORM;
	else
		for (const cJSON *m = v.root->child; m != NULL && e == DIALECT_OK; m = m->next)
			e = take_member(m, fields, n, any_field, &v);
	for (size_t i = 0; i < n && e == DIALECT_OK; i++)
		if (fields[i].needed && v.value[i] == NULL)
			e = DIALECT_MISSING;
	if (e == DIALECT_OK)
		*ret = v;
	else
		json_fields_free(&v);
	return e;
}

void json_fields_free(struct json_values *v)
{
	for (cJSON *m = v->root != NULL ? v->root->child : NULL; m != NULL; m = m->next)
		if (cJSON_IsString(m) && m->valuestring != NULL)
			explicit_bzero(m->valuestring, strlen(m->valuestring));
	cJSON_Delete(v->root);
	explicit_bzero(v, sizeof *v);
}

struct span field_text(struct json_values *v, size_t field)
{
	const cJSON *value = v->value[field];
	if (value == NULL || cJSON_IsNull(value))
		return span_of("");
	if (!cJSON_IsNumber(value))
		return span_of(value->valuestring);
	const int n = snprintf(v->digits, sizeof v->digits, "%" PRId64, (int64_t)value->valuedouble);
	return span_make(v->digits, n > 0 ? (size_t)n : 0);
}

void field_add_text(struct buf *b, struct span utf8)
{
	buf_add_octet(b, '"');
	for (size_t i = 0; i < utf8.n; i++) {
		const uint8_t c = utf8.p[i];
		if (c == '"' || c == '\\') {
			buf_add_octet(b, '\\');
			buf_add_octet(b, c);
		} else if (c == '\n') {
			buf_add_text(b, "\\n");
		} else if (c < ' ') {
			buf_addf(b, "\\u%04x", c);
		} else {
			buf_add_octet(b, c);
		}
	}
	buf_add_octet(b, '"');
}
