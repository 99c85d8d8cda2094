/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialect.h - how an operator or aggregator words a USSD session over HTTP.
 * Room:      link/ussd.
 * A dialect is a row of the table in dialect.c and two functions: read a request, write a page. A
 * fifth one is a file of its own with those two, and a row.
 * Ownership: a call borrows the request's octets; a step is plain values; a page's text is borrowed.
 * Errors:    enum dialect_err; on error *ret is untouched. What was wrong is told in words that hold
 *            nothing of the request (dialect_err_text()).
 * Threads:   no state.  Limits: dialog/ussd.h; DIALECT_BODY_MAX octets of a body. */
#ifndef SAFAR_LINK_USSD_DIALECT_H
#define SAFAR_LINK_USSD_DIALECT_H

#include "base/buf.h"
#include "dialog/ussd.h"
#include "http/server.h"
#include "text/alphabet.h"

#define DIALECT_BODY_MAX 8192u

#define DIALECT_ERRS(X) \
	X(OK, 200, "") \
	X(METHOD, 405, "another method is wanted here") \
	X(PATH, 404, "there is nothing at this path") \
	X(FORM, 400, "the body is not in the form of this dialect") \
	X(MISSING, 400, "a field is missing") \
	X(TWICE, 400, "a field stands there twice") \
	X(FOREIGN, 400, "a field is not one of this dialect") \
	X(VALUE, 400, "a field has a value that it can't have") \
	X(LENGTH, 400, "a field is too long") \
	X(MEMORY, 503, "no memory")
#define X(id, status, text) DIALECT_##id,
enum dialect_err { DIALECT_ERRS(X) DIALECT_ERR_COUNT };
#undef X
const char *dialect_err_text(enum dialect_err e);
unsigned dialect_err_status(enum dialect_err e);

struct dialect_call {
	enum http_method method;
	struct span path;   /* behind the link's name, without its '/' */
	struct span body;
	const char *cookie; /* of the dialect's name; NULL: none */
	bool any_field;     /* fields that the dialect doesn't know are passed over */
};

struct dialect_page {
	const struct ussd_step *step; /* that it answers */
	struct span text;             /* UTF-8; empty to END and STATUS */
	enum alphabet alphabet;
	bool goes_on;                 /* an answer is awaited; to STATUS: the session is open */
	int mark;                     /* USSD_MARK_NUMBER: of this page */
};

struct dialect {
	const char *name;
	const char *type;   /* Content-Type of a page */
	const char *cookie; /* that we set and hope to see again; NULL: none */
	bool has_history;
	enum dialect_err (*read)(const struct dialect_call *c, struct ussd_step *ret);
	void (*write)(const struct dialect_page *p, struct buf *ret);
};
extern const struct dialect dialects[];
extern const size_t dialect_count;
const struct dialect *dialect_find(const char *name); /* NULL: none */

/* ---- what the dialects share */
/* Copies a value that must be plain text of its kind; DIALECT_VALUE, DIALECT_LENGTH. */
enum dialect_err take_session(struct span s, char ret[USSD_SESSION_MAX + 1]);
enum dialect_err take_caller(struct span s, char ret[USSD_CALLER_MAX + 1]); /* with or without '+' */
enum dialect_err take_input(struct span s, size_t max, char ret[USSD_HISTORY_MAX + 1]);
enum dialect_err take_mark(struct span s, char ret[USSD_MARK_MAX + 1]);

/* ---- the four */
enum dialect_err africastalking_read(const struct dialect_call *c, struct ussd_step *ret);
void africastalking_write(const struct dialect_page *p, struct buf *ret);
enum dialect_err infobip_read(const struct dialect_call *c, struct ussd_step *ret);
void infobip_write(const struct dialect_page *p, struct buf *ret);
enum dialect_err junebug_read(const struct dialect_call *c, struct ussd_step *ret);
void junebug_write(const struct dialect_page *p, struct buf *ret);
enum dialect_err restcomm_read(const struct dialect_call *c, struct ussd_step *ret);
void restcomm_write(const struct dialect_page *p, struct buf *ret);

#endif
