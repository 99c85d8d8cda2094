/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RestComm (Mobicents) USSD gateway: a MAP dialog as XML in each request and each answer.
 * A dialog is known by its two TCAP transaction ids, and by the cookie that we set at its begin. The
 * invoke id counts a dialog's requests (3GPP TS 29.002; what came is answered with its own): some
 * gateways number by themselves, some send the same number always, see ussd_sequence.c. */
#include "link/ussd/dialect.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define DEPTH_MAX 8
#define ELEMENTS_MAX 64
#define DIALOG_ID_LIMIT 24
#define DCS_GSM7 15
#define DCS_UCS2 72

enum what { WHAT_NONE, WHAT_BEGIN, WHAT_STEP, WHAT_OVER };

struct reading {
	XML_Parser parser;
	enum dialect_err err;
	bool any_field;
	int depth, elements;
	enum what what;
	bool is_over; /* an abort, a refusal, a timeout */
	bool has_invoke;
	int64_t invoke;
	bool has_string;
	char local[DIALOG_ID_LIMIT], remote[DIALOG_ID_LIMIT];
	char msisdn[USSD_CALLER_MAX + 1], origin[USSD_CALLER_MAX + 1];
	char input[USSD_HISTORY_MAX + 1];
};

/* XML_Char is char here: UTF-8. */
static bool is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void fail(struct reading *r, enum dialect_err e)
{
	if (r->err == DIALECT_OK)
		r->err = e;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void take(struct reading *r, enum dialect_err e)
{
	if (e != DIALECT_OK)
		fail(r, e);
}

static void take_dialog_id(struct reading *r, const char *value, char ret[DIALOG_ID_LIMIT])
{
	const size_t n = strlen(value);
	if (n == 0 || n >= DIALOG_ID_LIMIT || strspn(value, "-0123456789") != n)
		fail(r, DIALECT_VALUE);
	else
		(void)text_copy(ret, DIALOG_ID_LIMIT, value);
}

static void on_dialog(struct reading *r, const char **attributes)
{
	static const char *const over[] = { "mapAbortProviderReason", "mapRefuseReason",
		"mapUserAbortChoice", "dialogTimedOut", "invokeTimedOut", "prearrangedEnd" };
	static const char *const plain[] = { "appCntx", "networkId", "mapMessagesSize",
		"returnMessageOnError", "emptyDialogHandshake", "customInvokeTimeout",
		"customInvokeTimeOut", "userObject", "sriPart" };
	for (const char **a = attributes; a[0] != NULL && r->err == DIALECT_OK; a += 2) {
		if (strcmp(a[0], "localId") == 0)
			take_dialog_id(r, a[1], r->local);
		else if (strcmp(a[0], "remoteId") == 0)
			take_dialog_id(r, a[1], r->remote);
		else if (strcmp(a[0], "type") == 0)
			r->is_over = r->is_over || strcmp(a[1], "Abort") == 0 || strcmp(a[1], "End") == 0;
		else if (is_one_of(a[0], over, sizeof over / sizeof over[0]))
			r->is_over = true;
		else if (!is_one_of(a[0], plain, sizeof plain / sizeof plain[0]) && !r->any_field)
			fail(r, DIALECT_FOREIGN);
	}
}

static void on_message(struct reading *r, enum what what, const char **attributes)
{
	if (r->what != WHAT_NONE) {
		fail(r, DIALECT_TWICE);
		return;
	}
	r->what = what;
	for (const char **a = attributes; a[0] != NULL && r->err == DIALECT_OK; a += 2) {
		if (strcmp(a[0], "string") == 0) {
			r->has_string = true;
			take(r, take_input(span_of(a[1]), USSD_INPUT_MAX, r->input));
		} else if (strcmp(a[0], "invokeId") == 0) {
			r->has_invoke = true;
			if (!int_parse(span_of(a[1]), -128, 1000000, &r->invoke))
				fail(r, DIALECT_VALUE);
		} else if (strcmp(a[0], "dataCodingScheme") != 0 && !r->any_field) {
			fail(r, DIALECT_FOREIGN);
		}
	}
}

static void on_number(struct reading *r, const char **attributes, char ret[USSD_CALLER_MAX + 1])
{
	for (const char **a = attributes; a[0] != NULL; a += 2)
		if (strcmp(a[0], "number") == 0)
			take(r, take_caller(span_of(a[1]), ret));
}

static void XMLCALL on_element(void *arg, const char *name, const char **attributes)
{
	static const char *const passed[] = { "localAddress", "remoteAddress", "destinationReference",
		"errComponents", "rejectComponents" };
	struct reading *r = arg;
	r->depth++;
	if (r->depth > DEPTH_MAX || ++r->elements > ELEMENTS_MAX) {
		fail(r, DIALECT_FORM);
	} else if (r->depth == 1) {
		if (strcmp(name, "dialog") == 0)
			on_dialog(r, attributes);
		else
			fail(r, DIALECT_FORM);
	} else if (r->depth == 2) {
		if (strcmp(name, "processUnstructuredSSRequest_Request") == 0)
			on_message(r, WHAT_BEGIN, attributes);
		else if (strcmp(name, "unstructuredSSRequest_Response") == 0)
			on_message(r, WHAT_STEP, attributes);
		else if (strcmp(name, "originationReference") == 0)
			on_number(r, attributes, r->origin);
		else if (!is_one_of(name, passed, sizeof passed / sizeof passed[0]) && !r->any_field)
			fail(r, DIALECT_FOREIGN);
	} else if (r->depth == 3 && r->what != WHAT_NONE && strcmp(name, "msisdn") == 0) {
		on_number(r, attributes, r->msisdn);
	}
}

static void XMLCALL on_element_end(void *arg, const char *name)
{
	(void)name;
	((struct reading *)arg)->depth--;
}

/* Entities, and files that they name, are nothing that a gateway needs. */
static void XMLCALL on_doctype(void *arg, const char *name, const char *system_id,
                               const char *public_id, int has_internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	fail(arg, DIALECT_FORM);
}

static enum dialect_err read_xml(struct span body, struct reading *r)
{
	if (body.n == 0)
		return DIALECT_FORM;
	if (body.n > DIALECT_BODY_MAX)
		return DIALECT_LENGTH;
	r->parser = XML_ParserCreate(NULL);
	if (r->parser == NULL)
		return DIALECT_MEMORY;
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_element, on_element_end);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	const enum XML_Status status =
		XML_Parse(r->parser, (const char *)body.p, (int)body.n, XML_TRUE);
	if (r->err == DIALECT_OK && status != XML_STATUS_OK)
		r->err = XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY ? DIALECT_MEMORY
		                                                            : DIALECT_FORM;
	XML_ParserFree(r->parser);
	r->parser = NULL;
	return r->err;
}

static enum dialect_err make_step(const struct reading *r, const char *cookie,
                                  struct ussd_step *s)
{
	if (r->what != WHAT_NONE)
		s->event = r->what == WHAT_BEGIN ? USSD_START : USSD_STEP;
	else if (r->is_over)
		s->event = USSD_END;
	else
		return DIALECT_MISSING;
	if (r->local[0] == '\0' && (s->event == USSD_START || cookie == NULL))
		return DIALECT_MISSING;
	if (s->event != USSD_END && !r->has_string)
		return DIALECT_MISSING;
	if (s->event == USSD_START && r->msisdn[0] == '\0' && r->origin[0] == '\0')
		return DIALECT_MISSING;
	if (r->has_invoke) {
		s->mark_kind = USSD_MARK_NUMBER;
		s->mark_number = (int)r->invoke;
	}
	(void)text_copy(s->caller, sizeof s->caller, r->msisdn[0] != '\0' ? r->msisdn : r->origin);
	(void)text_copy(s->input, sizeof s->input, r->input);
	(void)snprintf(s->session, sizeof s->session, "%s/%s", r->local, r->remote);
	return DIALECT_OK;
}

enum dialect_err restcomm_read(const struct dialect_call *c, struct ussd_step *ret)
{
	struct reading r = { .any_field = c->any_field };
	struct ussd_step s = { .event = USSD_START, .has_dialog = true };
	if (c->method != HTTP_POST)
		return DIALECT_METHOD;
	if (c->path.n > 0)
		return DIALECT_PATH;
	enum dialect_err e = DIALECT_OK;
	if (c->cookie != NULL)
		e = take_session(span_of(c->cookie), s.cookie);
	if (e == DIALECT_OK)
		e = read_xml(c->body, &r);
	if (e == DIALECT_OK)
		e = make_step(&r, c->cookie, &s);
	if (e == DIALECT_OK)
		*ret = s;
	explicit_bzero(&r, sizeof r);
	ussd_step_wipe(&s);
	return e;
}

static void add_escaped(struct buf *b, struct span utf8)
{
	static const struct {
		uint8_t octet;
		const char *text;
	} escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '"', "&quot;" },
		{ '\n', "&#10;" } /* a plain one would be read as a blank */ };
	for (size_t i = 0; i < utf8.n; i++) {
		const char *text = NULL;
		for (size_t j = 0; j < sizeof escapes / sizeof escapes[0]; j++)
			if (escapes[j].octet == utf8.p[i])
				text = escapes[j].text;
		if (text != NULL)
			buf_add_text(b, text);
		else
			buf_add_octet(b, utf8.p[i]);
	}
}

void restcomm_write(const struct dialect_page *p, struct buf *ret)
{
	buf_add_text(ret, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (p->step->event == USSD_END || p->step->event == USSD_STATUS) {
		buf_add_text(ret, "<dialog mapMessagesSize=\"0\"/>\n");
		return;
	}
	const char *element = p->goes_on ? "unstructuredSSRequest_Request"
	                                 : "processUnstructuredSSRequest_Response";
	buf_addf(ret, "<dialog mapMessagesSize=\"1\"%s><%s invokeId=\"%d\" dataCodingScheme=\"%d\" "
	         "string=\"", p->goes_on ? "" : " prearrangedEnd=\"false\"", element, p->mark,
	         p->alphabet == ALPHABET_GSM7 ? DCS_GSM7 : DCS_UCS2);
	add_escaped(ret, p->text);
	buf_add_text(ret, "\"/></dialog>\n");
}
