/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every setting, a row each, and the help that is made of the rows. */
#include "base/settings_rows.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/settings.h"

#include "base/banned.h"

#ifndef SAFAR_DATADIR
#define SAFAR_DATADIR "/usr/local/share/safar"
#endif

const char *const section_words[SECTION_COUNT] = { "node", "store", "keys", "content",
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
	{ SECTION_NODE, "partial-after", TYPE_NUMBER, NODE(partial_after_min), 1, 1440, NULL, "10",
	  "minutes that a message waits for its next part; then what is there is answered" },
	{ SECTION_NODE, "answers-per-hour", TYPE_NUMBER, NODE(answers_per_hour), 1, 60, NULL, "20",
	  "to one number, which may be a machine that answers too" },
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
	{ SECTION_LINK, "type", TYPE_CHOICE, LINK(type), 0, 0, "modem loopback", NULL,
	  "loopback: no device, virtual phones alone (`safar phone`); of the keys below it takes price" },
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
	  "parts of broadcasts a day; 0: no limit; answers are never held back" },
	{ SECTION_LINK, "pace", TYPE_PACE, LINK(fast), 0, 0, "fast safe", "fast",
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
};
const size_t setting_row_count = sizeof setting_rows / sizeof setting_rows[0];
_Static_assert(sizeof setting_rows / sizeof setting_rows[0] <= SETTING_ROWS_MAX,
               "a reader has room for all");

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
	case TYPE_PACE:
		(void)snprintf(ret, room, "; one of: %s", row->choices);
		break;
	case TYPE_PIN:
		(void)snprintf(ret, room, "; %" PRIi64 " to %" PRIi64 " digits", row->min, row->max);
		break;
	case TYPE_TEXT: case TYPE_PATH: case TYPE_NAME: case TYPE_STORE: case TYPE_WORDS:
	case TYPE_IMEI:
	case TYPE_CODE:
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
