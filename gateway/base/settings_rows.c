/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting, a row each, and the help that is made of the rows. */
#include "base/settings_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/settings.h"

#include "base/banned.h"

#ifndef SAFAR_DATADIR
#define SAFAR_DATADIR "/usr/local/share/safar"
#endif

const char *const section_words[SECTION_COUNT] = { "node", "store", "keys", "content", "http",
	"link" };

#define NODE(field) offsetof(struct settings, field)
#define LINK(field) offsetof(struct link_settings, field)

const struct setting setting_rows[] = {
	{ SECTION_NODE, "name", TYPE_NAME, NODE(node_name), 1, 32, NULL, "safar",
	  "what staff call this node" },
	{ SECTION_NODE, "number", TYPE_NUMBER, NODE(node_number), 0, 255, NULL, "0",
	  "part of every id: another for each node of one database" },
	{ SECTION_NODE, "data", TYPE_PATH, NODE(node_data), 1, 4000, NULL, NULL,
	  "the data folder; made with mode 0700 when absent" },
	{ SECTION_NODE, "zone", TYPE_TEXT, NODE(node_zone), 1, 64, NULL, "Asia/Almaty",
	  "the time zone of sending hours and daily caps" },
	{ SECTION_NODE, "staff", TYPE_TEXT, NODE(node_staff), 0, 32, NULL, "",
	  "a group of users that may use `safar`, too: who submits a campaign can't approve it" },
	{ SECTION_NODE, "partial-after", TYPE_NUMBER, NODE(partial_after_min), 1, 1440, NULL, "10",
	  "minutes that a message waits for its next part; then what is there is answered" },
	{ SECTION_NODE, "month-ceiling", TYPE_MONEY, NODE(month_ceiling), 0, 1000000000, NULL, "0",
	  "the most that campaigns may cost in a month; then they pause. 0: no limit" },
	{ SECTION_NODE, "answers-per-hour", TYPE_NUMBER, NODE(answers_per_hour), 1, 60, NULL, "6",
	  "to one number, which may be a machine that answers too; then one last line" },
	{ SECTION_NODE, "answers-per-hour-all", TYPE_NUMBER, NODE(answers_per_hour_all), 1, 100000, NULL,
	  "1000", "to all numbers together, so that strangers can't empty the SIM" },
	{ SECTION_STORE, "url", TYPE_STORE, NODE(store_url), 1, 4000, NULL, "",
	  "sqlite:PATH; by default safar.db in the data folder" },
	{ SECTION_KEYS, "file", TYPE_PATH, NODE(keys_file), 0, 4000, NULL, "",
	  "the people keys as a file; without it `safar unlock` opens them" },
	{ SECTION_CONTENT, "messages", TYPE_PATH, NODE(content_messages), 1, 4000, NULL,
	  SAFAR_DATADIR "/messages", "folder of keywords and directory" },
	{ SECTION_CONTENT, "locales", TYPE_PATH, NODE(content_locales), 1, 4000, NULL,
	  SAFAR_DATADIR "/locales", "folder of texts, a file a language" },
	{ SECTION_CONTENT, "allow-draft", TYPE_WORDS, NODE(content_allow_draft), 0, 100, NULL, "",
	  "languages whose unreviewed answers may be sent: ky,tg" },
	{ SECTION_HTTP, "listen", TYPE_TEXT, NODE(http_listen), 1, 64, NULL, "127.0.0.1:8080",
	  "address and port for USSD call-backs; beyond this computer it needs TLS or a proxy" },
	{ SECTION_HTTP, "certificate", TYPE_PATH, NODE(http_certificate), 0, 400, NULL, "",
	  "for TLS: a PEM file of the chain" },
	{ SECTION_HTTP, "key", TYPE_PATH, NODE(http_key), 0, 400, NULL, "",
	  "for TLS: a PEM file of its key" },
	{ SECTION_HTTP, "proxy", TYPE_TEXT, NODE(http_proxy), 0, 64, NULL, "",
	  "the address of a reverse proxy that speaks TLS; its X-Forwarded-For is believed" },
	{ SECTION_HTTP, "threads", TYPE_NUMBER, NODE(http_threads), 1, 64, NULL, "2",
	  "that read requests, each of at most 120 connections" },
	{ SECTION_HTTP, "connections", TYPE_NUMBER, NODE(http_connections), 1, 7680, NULL, "240",
	  "open at once; more wait" },
	{ SECTION_HTTP, "timeout", TYPE_NUMBER, NODE(http_timeout_s), 1, 600, NULL, "15",
	  "seconds in which a request must be whole" },
	{ SECTION_LINK, "type", TYPE_CHOICE, LINK(type), 0, 0, "modem loopback ussd", NULL,
	  "loopback: no device, virtual phones alone (`safar phone`); ussd: an operator's call-backs" },
	{ SECTION_LINK, "device", TYPE_PATH, LINK(device), 1, 400, NULL, NULL,
	  "the modem's tty; /dev/serial/by-id/… stays the same over restarts" },
	{ SECTION_LINK, "connection", TYPE_CHOICE, LINK(connection), 0, 0,
	  "at at9600 at19200 at38400 at57600 at115200 at230400 at460800 at921600", "at115200",
	  "gammu's name of the connection" },
	{ SECTION_LINK, "pin", TYPE_PIN, LINK(pin), 4, 8, NULL, "", "the SIM's PIN" },
	{ SECTION_LINK, "operator", TYPE_NAME, LINK(operator_), 0, 32, NULL, "", "whose SIM it is" },
	{ SECTION_LINK, "price", TYPE_MONEY, LINK(price), 0, 10000, NULL, "0",
	  "of one part: 15 or 15.50" },
	{ SECTION_LINK, "daily-cap", TYPE_NUMBER, LINK(daily_cap), 0, 1000000, NULL, "0",
	  "parts a day; 0: no limit; campaigns stop short of it, answers are never held back" },
	{ SECTION_LINK, "answers-reserve", TYPE_NUMBER, LINK(answers_reserve), 0, 100, NULL, "20",
	  "per cent of daily-cap that campaigns and broadcasts leave to answers" },
	{ SECTION_LINK, "pace", TYPE_FLAG, LINK(fast), 0, 0, "fast safe", "fast",
	  "safe: with libGammu's own pauses, for slow phones" },
	{ SECTION_LINK, "poll", TYPE_NUMBER, LINK(poll_s), 2, 3600, NULL, "10",
	  "seconds between looks into the SIM that nobody asked for" },
	{ SECTION_LINK, "imei", TYPE_IMEI, LINK(imei), 15, 15, NULL, "",
	  "of the modem to look for, 15 digits; device may then be a pattern: /dev/ttyUSB*" },
	{ SECTION_LINK, "record", TYPE_PATH, LINK(record), 0, 400, NULL, "",
	  "a file for the AT dialogue, with all that tells of people blacked out" },
	{ SECTION_LINK, "reset-hook", TYPE_PATH, LINK(reset_hook), 0, 400, NULL, "",
	  "a program that is given the link's name when the modem stays mute" },
	{ SECTION_LINK, "balance", TYPE_CODE, LINK(balance), 0, 63, NULL, "",
	  "the USSD code that asks for the SIM's balance: *100#" },
	{ SECTION_LINK, "balance-every", TYPE_NUMBER, LINK(balance_every_h), 1, 168, NULL, "12",
	  "hours between two such questions" },
	{ SECTION_LINK, "dialect", TYPE_CHOICE, LINK(dialect), 0, 0,
	  "africastalking infobip restcomm junebug", NULL, "how the operator words a session" },
	{ SECTION_LINK, "secret", TYPE_LINE, LINK(secret), 16, 128, NULL, "",
	  "that the operator sends with each call-back: a header Authorization: Bearer, or ?secret=" },
	{ SECTION_LINK, "allow", TYPE_LINE, LINK(allow), 0, 160, NULL, "",
	  "addresses and networks that may call back; without it and secret: this computer" },
	{ SECTION_LINK, "code", TYPE_CODE, LINK(code), 0, 63, NULL, "",
	  "what is dialled: *123#; *123*2# is answered as if 2 had been typed" },
	{ SECTION_LINK, "country", TYPE_LINE, LINK(country), 2, 2, NULL, "",
	  "where its callers are: KZ; else their numbers tell" },
	{ SECTION_LINK, "letters", TYPE_FLAG, LINK(gsm7_only), 0, 0, "gsm7 all", "all",
	  "gsm7: the operator takes no others, so texts are in Latin letters" },
	{ SECTION_LINK, "page", TYPE_NUMBER, LINK(page_gsm7), 60, 182, NULL, "182",
	  "characters of a page in GSM-7" },
	{ SECTION_LINK, "page-ucs2", TYPE_NUMBER, LINK(page_ucs2), 40, 182, NULL, "80",
	  "characters of a page that GSM-7 can't write" },
	{ SECTION_LINK, "fields", TYPE_FLAG, LINK(any_field), 0, 0, "any known", "known",
	  "any: a call-back's fields that the dialect doesn't know are passed over" },
};
const size_t setting_row_count = sizeof setting_rows / sizeof setting_rows[0];
_Static_assert(sizeof setting_rows / sizeof setting_rows[0] <= SETTING_ROWS_MAX,
               "a reader has room for all");

static bool is_one_of(const char *key, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

bool setting_is_for(const struct setting *row, enum link_type type)
{
	static const char *const of_pages[] = { "code", "country", "letters", "page", "page-ucs2" };
	static const char *const of_call_backs[] = { "dialect", "secret", "allow", "fields" };
	const bool is_page = is_one_of(row->key, of_pages, sizeof of_pages / sizeof of_pages[0]);
	const bool is_ussd = is_page || is_one_of(row->key, of_call_backs,
	                                          sizeof of_call_backs / sizeof of_call_backs[0]);
	switch (type) {
	case LINK_MODEM:
		return !is_ussd;
	case LINK_LOOPBACK:
		return strcmp(row->key, "type") == 0 || strcmp(row->key, "price") == 0 || is_page;
	case LINK_USSD:
		return is_ussd || strcmp(row->key, "type") == 0 || strcmp(row->key, "operator") == 0;
	}
	return false;
}

/* What a value may be, where its help doesn't say it. */
static void range_of(const struct setting *row, char *ret, size_t room)
{
	ret[0] = '\0';
	switch (row->type) {
	case TYPE_NUMBER:
		(void)snprintf(ret, room, "; %" PRIi64 " to %" PRIi64, row->min, row->max);
		break;
	case TYPE_MONEY:
		(void)snprintf(ret, room, "; 0 to %" PRIi64, row->max);
		break;
	case TYPE_CHOICE:
	case TYPE_FLAG:
		(void)snprintf(ret, room, "; one of: %s", row->choices);
		break;
	case TYPE_PIN:
		(void)snprintf(ret, room, "; %" PRIi64 " to %" PRIi64 " digits", row->min, row->max);
		break;
	case TYPE_TEXT: case TYPE_PATH: case TYPE_NAME: case TYPE_STORE: case TYPE_WORDS:
	case TYPE_IMEI:
	case TYPE_CODE: case TYPE_LINE:
		break;
	}
}

void settings_help(void (*line)(const char *, void *), void *arg)
{
	char text[512], range[100], fallback[140];
	int last = -1;
	for (size_t i = 0; i < setting_row_count; i++) {
		const struct setting *row = &setting_rows[i];
		if ((int)row->section != last) {
			(void)snprintf(text, sizeof text, "  [%s%s]", section_words[row->section],
			               row->section == SECTION_LINK ? " NAME" : "");
			line(text, arg);
			last = (int)row->section;
		}
		range_of(row, range, sizeof range);
		fallback[0] = '\0';
		if (row->fallback == NULL)
			(void)text_copy(fallback, sizeof fallback, " (needed)");
		else if (row->fallback[0] != '\0')
			(void)snprintf(fallback, sizeof fallback, " (%s)", row->fallback);
		(void)snprintf(text, sizeof text, "    %-16s %s%s%s", row->key, row->help, range, fallback);
		line(text, arg);
	}
}
