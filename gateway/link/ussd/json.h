/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - a request's JSON object as a few named fields.  Room: link/ussd, private to it.
 * Ownership: json_fields_read() gives a tree that json_fields_free() frees; values borrow it.
 * Errors:    enum dialect_err.  Threads: no state. */
#ifndef SAFAR_LINK_USSD_JSON_H
#define SAFAR_LINK_USSD_JSON_H

#include <cjson/cJSON.h>

#include "link/ussd/dialect.h"

enum json_kind { JSON_ANY, JSON_TEXT /* or a whole number, as its digits */, JSON_TEXT_OR_NULL,
	JSON_OBJECT };

struct json_field {
	const char *name;
	enum json_kind kind;
	bool needed;
};

#define JSON_FIELDS_MAX 12
struct json_values {
	cJSON *root;
	const cJSON *value[JSON_FIELDS_MAX]; /* in the order of the fields; NULL: not there */
	char digits[24];                     /* of a number; one a request */
};

enum dialect_err json_fields_read(struct span body, const struct json_field *fields, size_t n,
                                  bool any_field, struct json_values *ret);
void json_fields_free(struct json_values *v); /* wipes texts before it frees them */
/* The text of a field; empty where it isn't there or is null. */
struct span field_text(struct json_values *v, size_t field);
/* As a JSON string with its quotes. */
void field_add_text(struct buf *b, struct span utf8);

#endif
