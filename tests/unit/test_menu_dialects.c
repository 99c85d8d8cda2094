/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What operators' call-backs say, and how a page is worded for each: tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "link/ussd/dialect.h"
#include "base/banned.h"

#define AT_FORM "sessionId=ATUid_1&phoneNumber=%2B77010000001&networkCode=40101&serviceCode=*123%23&text="
#define JUNE(event, content) \
	"{\"message_id\":\"m1\",\"to\":\"*123#\",\"from\":\"+77010000001\",\"content\":" content \
	",\"channel_data\":{\"session_event\":\"" event "\"}}"
#define BEGIN_(attributes, inside) "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" \
	"<dialog type=\"Begin\" appCntx=\"networkUnstructuredSsContext_version2\" networkId=\"0\" " \
	"localId=\"12\" remoteId=\"13\" mapMessagesSize=\"1\" returnMessageOnError=\"false\"" attributes \
	">" inside "</dialog>"
#define DIALLED "<processUnstructuredSSRequest_Request invokeId=\"0\" dataCodingScheme=\"15\" " \
	"string=\"*123#\"><msisdn nai=\"international_number\" npi=\"ISDN\" number=\"77010000001\"/>" \
	"<alertingPattern size=\"1\"><value value=\"6\"/></alertingPattern>" \
	"</processUnstructuredSSRequest_Request>"
#define TYPED(invoke, text) "<dialog type=\"Continue\" localId=\"12\" remoteId=\"13\" " \
	"mapMessagesSize=\"1\"><unstructuredSSRequest_Response invokeId=\"" invoke \
	"\" dataCodingScheme=\"15\" string=\"" text "\"/></dialog>"

struct row {
	const char *dialect, *path, *body;
	enum http_method method;
	enum ussd_event event;
	const char *session, *caller, *input;
};

static enum dialect_err read_call(const char *dialect, enum http_method method, const char *path,
                                  const char *body, struct ussd_step *ret)
{
	const struct dialect *d = dialect_find(dialect);
	assert_non_null(d);
	const struct dialect_call call = { .method = method, .path = span_of(path),
		.body = span_of(body) };
	return d->read(&call, ret);
}

/* ---- stories */
static void what_an_operator_says_is_read(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "africastalking", "", AT_FORM, HTTP_POST, USSD_STEP, "ATUid_1",
		  "+77010000001", "" },
		{ "africastalking", "", AT_FORM "2*1*0", HTTP_POST, USSD_STEP, "ATUid_1",
		  "+77010000001", "2*1*0" },
		{ "africastalking", "", "text=1&phoneNumber=+77010000001&sessionId=s", HTTP_POST,
		  USSD_STEP, "s", "+77010000001", "1" },
		{ "africastalking", "", AT_FORM "%D0%BA%D3%A9%D0%BC%D0%B5%D0%BA+1", HTTP_POST,
		  USSD_STEP, "ATUid_1", "+77010000001", "көмек 1" },
		{ "infobip", "abc-1/start", "{\"msisdn\":\"998901234567\",\"imsi\":\"401\",\"text\":\"\","
		  "\"shortCode\":\"*123#\",\"ussdGwId\":\"gw\"}", HTTP_POST, USSD_START, "abc-1",
		  "+998901234567", "" },
		{ "infobip", "session/abc-1/response", "{\"msisdn\":\"998901234567\",\"text\":\"2\"}", HTTP_PUT,
		  USSD_STEP, "abc-1", "+998901234567", "2" },
		{ "infobip", "abc-1/response", "{\"text\":2,\"shortCode\":null}", HTTP_POST,
		  USSD_STEP, "abc-1", "", "2" },
		{ "infobip", "abc-1/end", "{\"exitCode\":200,\"reason\":\"\"}", HTTP_POST,
		  USSD_END, "abc-1", "", "" },
		{ "infobip", "abc-1/end", "", HTTP_POST, USSD_END, "abc-1", "", "" },
		{ "infobip", "abc-1/status", "", HTTP_GET, USSD_STATUS, "abc-1", "", "" },
		{ "junebug", "", JUNE("new", "null"), HTTP_POST, USSD_START,
		  "+77010000001 *123#", "+77010000001", "" },
		{ "junebug", "", JUNE("resume", "\"3\""), HTTP_POST, USSD_STEP,
		  "+77010000001 *123#", "+77010000001", "3" },
		{ "junebug", "", JUNE("close", "null"), HTTP_POST, USSD_END,
		  "+77010000001 *123#", "+77010000001", "" },
		{ "restcomm", "", BEGIN_("", DIALLED), HTTP_POST, USSD_START, "12/13",
		  "+77010000001", "*123#" },
		{ "restcomm", "", BEGIN_("", "<originationReference number=\"996700123456\" npi=\"ISDN\"/>"
		  "<processUnstructuredSSRequest_Request invokeId=\"0\" string=\"*1#\"/>"), HTTP_POST,
		  USSD_START, "12/13", "+996700123456", "*1#" },
		{ "restcomm", "", TYPED("1", "4"), HTTP_POST, USSD_STEP, "12/13", "", "4" },
		{ "restcomm", "", "<dialog type=\"Unknown\" localId=\"12\" remoteId=\"13\" "
		  "mapMessagesSize=\"0\" dialogTimedOut=\"true\"><errComponents/></dialog>", HTTP_POST,
		  USSD_END, "12/13", "", "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ussd_step s;
		const enum dialect_err e =
			read_call(rows[i].dialect, rows[i].method, rows[i].path, rows[i].body, &s);
		if (e != DIALECT_OK)
			print_message("row %zu: %s\n", i, dialect_err_text(e));
		assert_int_equal(e, DIALECT_OK);
		assert_int_equal(s.event, rows[i].event);
		assert_string_equal(s.session, rows[i].session);
		assert_string_equal(s.caller, rows[i].caller);
		assert_string_equal(s.input, rows[i].input);
	}
}

static void what_is_missing_or_foreign_is_refused_by_its_kind(void **state)
{
	(void)state;
	static const struct {
		const char *dialect, *path, *body;
		enum http_method method;
		enum dialect_err err;
	} rows[] = {
		{ "africastalking", "", "sessionId=a&phoneNumber=%2B77010000001", HTTP_POST, DIALECT_MISSING },
		{ "africastalking", "", "sessionId=a&text=1", HTTP_POST, DIALECT_MISSING },
		{ "africastalking", "", "", HTTP_POST, DIALECT_MISSING },
		{ "africastalking", "", AT_FORM "1&text=2", HTTP_POST, DIALECT_TWICE },
		{ "africastalking", "", AT_FORM "1&colour=red", HTTP_POST, DIALECT_FOREIGN },
		{ "africastalking", "", AT_FORM "%zz", HTTP_POST, DIALECT_FORM },
		{ "africastalking", "", AT_FORM "%D0", HTTP_POST, DIALECT_VALUE },
		{ "africastalking", "", AT_FORM "%00", HTTP_POST, DIALECT_VALUE },
		{ "africastalking", "", "sessionId=a&phoneNumber=Mum&text=", HTTP_POST, DIALECT_VALUE },
		{ "africastalking", "", "sessionId=a&phoneNumber=12345678901234567&text=", HTTP_POST,
		  DIALECT_LENGTH },
		{ "africastalking", "", "sessionId=&phoneNumber=77010000001&text=", HTTP_POST,
		  DIALECT_VALUE },
		{ "africastalking", "", AT_FORM, HTTP_GET, DIALECT_METHOD },
		{ "africastalking", "more", AT_FORM, HTTP_POST, DIALECT_PATH },
		{ "infobip", "start", "{}", HTTP_POST, DIALECT_PATH },
		{ "infobip", "a/begin", "{}", HTTP_POST, DIALECT_PATH },
		{ "infobip", "a/start", "", HTTP_POST, DIALECT_FORM },
		{ "infobip", "a/start", "[]", HTTP_POST, DIALECT_FORM },
		{ "infobip", "a/start", "{\"msisdn\":\"77010000001\"}", HTTP_POST, DIALECT_MISSING },
		{ "infobip", "a/start", "{\"msisdn\":[],\"text\":\"\"}", HTTP_POST, DIALECT_VALUE },
		{ "infobip", "a/start", "{\"msisdn\":\"\",\"text\":\"\"}", HTTP_POST, DIALECT_VALUE },
		{ "infobip", "a/response", "{\"text\":\"1\",\"text\":\"2\"}", HTTP_POST, DIALECT_TWICE },
		{ "infobip", "a/response", "{\"text\":\"1\",\"mood\":1}", HTTP_POST, DIALECT_FOREIGN },
		{ "infobip", "a/response", "{\"text\":\"1\"}x", HTTP_POST, DIALECT_FORM },
		{ "infobip", "a/response", "{\"text\":1.5}", HTTP_POST, DIALECT_VALUE },
		{ "infobip", "a/response", "{\"text\":\"1\"}", HTTP_GET, DIALECT_METHOD },
		{ "infobip", "a/status", "", HTTP_POST, DIALECT_METHOD },
		{ "junebug", "", "{\"message_id\":\"m\"}", HTTP_POST, DIALECT_MISSING },
		{ "junebug", "", JUNE("lost", "\"1\""), HTTP_POST, DIALECT_VALUE },
		{ "junebug", "", "{\"message_id\":\"m\",\"to\":\"1\",\"from\":\"77010000001\",\"content\":\"\","
		  "\"channel_data\":{}}", HTTP_POST, DIALECT_MISSING },
		{ "restcomm", "", "", HTTP_POST, DIALECT_FORM },
		{ "restcomm", "", "<dialog", HTTP_POST, DIALECT_FORM },
		{ "restcomm", "", "<html/>", HTTP_POST, DIALECT_FORM },
		{ "restcomm", "", "<dialog localId=\"1\"/>", HTTP_POST, DIALECT_MISSING },
		{ "restcomm", "", "<!DOCTYPE d [<!ENTITY a \"b\">]>" BEGIN_("", DIALLED), HTTP_POST,
		  DIALECT_FORM },
		{ "restcomm", "", BEGIN_("", DIALLED DIALLED), HTTP_POST, DIALECT_TWICE },
		{ "restcomm", "", BEGIN_(" colour=\"red\"", DIALLED), HTTP_POST, DIALECT_FOREIGN },
		{ "restcomm", "", BEGIN_("", "<extra/>" DIALLED), HTTP_POST, DIALECT_FOREIGN },
		{ "restcomm", "", BEGIN_("", "<processUnstructuredSSRequest_Request string=\"*1#\"/>"),
		  HTTP_POST, DIALECT_MISSING },
		{ "restcomm", "", TYPED("many", "1"), HTTP_POST, DIALECT_VALUE },
		{ "restcomm", "", "<dialog localId=\"x y\" remoteId=\"1\">" DIALLED "</dialog>", HTTP_POST,
		  DIALECT_VALUE },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ussd_step s = { .event = USSD_STATUS, .session = "untouched" };
		const enum dialect_err e =
			read_call(rows[i].dialect, rows[i].method, rows[i].path, rows[i].body, &s);
		if (e != rows[i].err)
			print_message("row %zu: %s\n", i, dialect_err_text(e));
		assert_int_equal(e, rows[i].err);
		assert_string_equal(s.session, "untouched");
		assert_in_range(dialect_err_status(e), 400, 499);
	}
}

static void a_field_that_an_operator_added_can_be_allowed(void **state)
{
	(void)state;
	struct ussd_step s;
	const struct dialect_call call = { .method = HTTP_POST, .path = span_of(""),
		.body = span_of(AT_FORM "1&colour=red"), .any_field = true };
	assert_int_equal(africastalking_read(&call, &s), DIALECT_OK);
	assert_string_equal(s.input, "1");
}

static void a_page_is_worded_as_the_dialect_wants_it(void **state)
{
	(void)state;
	static const struct {
		const char *dialect;
		enum ussd_event event;
		bool goes_on;
		enum alphabet alphabet;
		const char *text, *want;
	} rows[] = {
		{ "africastalking", USSD_STEP, true, ALPHABET_GSM7, "1 a\n2 b", "CON 1 a\n2 b" },
		{ "africastalking", USSD_STEP, false, ALPHABET_GSM7, "11616", "END 11616" },
		{ "infobip", USSD_STEP, true, ALPHABET_UCS2, "\"я\"\n1 \\", "{\"shouldClose\":false,\"ussdMenu\":"
		  "\"\\\"я\\\"\\n1 \\\\\",\"responseExitCode\":200,\"responseMessage\":\"\"}" },
		{ "infobip", USSD_STATUS, true, ALPHABET_GSM7, "", "{\"sessionActive\":true,"
		  "\"responseExitCode\":200,\"responseMessage\":\"\"}" },
		{ "infobip", USSD_END, false, ALPHABET_GSM7, "", "{\"responseExitCode\":200,"
		  "\"responseMessage\":\"\"}" },
		{ "junebug", USSD_START, true, ALPHABET_GSM7, "1 a", "{\"reply_to\":\"m1\",\"content\":\"1 a\","
		  "\"channel_data\":{\"continue_session\":true}}" },
		{ "junebug", USSD_END, false, ALPHABET_GSM7, "", "{}" },
		{ "restcomm", USSD_START, true, ALPHABET_UCS2, "1 я\n<&\"", "<?xml version=\"1.0\" "
		  "encoding=\"UTF-8\"?>\n<dialog mapMessagesSize=\"1\"><unstructuredSSRequest_Request "
		  "invokeId=\"7\" dataCodingScheme=\"72\" string=\"1 я&#10;&lt;&amp;&quot;\"/></dialog>\n" },
		{ "restcomm", USSD_STEP, false, ALPHABET_GSM7, "11616", "<?xml version=\"1.0\" "
		  "encoding=\"UTF-8\"?>\n<dialog mapMessagesSize=\"1\" prearrangedEnd=\"false\">"
		  "<processUnstructuredSSRequest_Response invokeId=\"7\" dataCodingScheme=\"15\" "
		  "string=\"11616\"/></dialog>\n" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf out;
		struct ussd_step step = { .event = rows[i].event, .mark = "m1" };
		const struct dialect_page page = { .step = &step, .text = span_of(rows[i].text),
			.alphabet = rows[i].alphabet, .goes_on = rows[i].goes_on, .mark = 7 };
		buf_init(&out, 4096);
		dialect_find(rows[i].dialect)->write(&page, &out);
		assert_string_equal(buf_text(&out), rows[i].want);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_operator_says_is_read),
		cmocka_unit_test(what_is_missing_or_foreign_is_refused_by_its_kind),
		cmocka_unit_test(a_field_that_an_operator_added_can_be_allowed),
		cmocka_unit_test(a_page_is_worded_as_the_dialect_wants_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
