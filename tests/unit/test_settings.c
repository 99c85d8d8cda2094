/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration is right, or every fault in it is told with its line, and no PIN is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/settings.h"
#include "base/banned.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
#define FILE_NAME "/etc/safar/safar.conf"
#define NODE "[node]\ndata = /var/lib/safar\n" /* two lines */

/* ---- given, when, then */

static void keep(const struct err *e, void *arg)
{
	char line[512];
	assert_int_equal(e->code, ERR_CONFIG);
	buf_addf(arg, "%s\n", err_text(e, line, sizeof line));
}

/* All faults, a line each; "" when there is none. The settings are freed. */
static const char *faults_of(struct span text)
{
	static char faults[8192];
	struct settings *s = NULL;
	struct buf told;
	buf_init(&told, sizeof faults - 1);
	struct err e = settings_read_text(FILE_NAME, text, keep, &told, &s);
	assert_true(err_is(e) == (told.n > 0));
	assert_true(err_is(e) == (s == NULL));
	assert_true(text_copy(faults, sizeof faults, buf_text(&told)));
	settings_free(s);
	buf_free(&told);
	return faults;
}

static void then_fault_is(const char *text, const char *fault)
{
	const char *faults = faults_of(span_of(text));
	if (strstr(faults, fault) == NULL)
		fail_msg("\"%s\" is not in:\n%s", fault, faults);
}

static struct settings *read_good(const char *path, const char *text)
{
	struct settings *s = NULL;
	struct err e = settings_read_text(path, span_of(text), NULL, NULL, &s);
	char line[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, line, sizeof line));
	return s;
}

/* ---- what is right */

static void a_data_folder_and_a_modem_are_enough(void **state)
{
	(void)state;
	struct settings *s = read_good(FILE_NAME, NODE "[link b-1]\ntype = modem\n"
	                               "device = /dev/ttyUSB0\n");
	assert_string_equal(s->path, FILE_NAME);
	assert_string_equal(s->node_name, "safar");
	assert_int_equal(s->node_number, 0);
	assert_int_equal(s->partial_after_min, 10);
	assert_int_equal(s->answers_per_hour, 6);
	assert_string_equal(s->node_zone, "Asia/Almaty");
	assert_string_equal(s->store_url, "sqlite:/var/lib/safar/safar.db");
	assert_string_equal(s->keys_file, "");
	assert_non_null(strstr(s->content_messages, "/messages"));
	assert_non_null(strstr(s->content_locales, "/locales"));
	assert_string_equal(s->content_allow_draft, "");
	assert_int_equal(s->link_count, 1);
	const struct link_settings *l = &s->links[0];
	assert_string_equal(l->name, "b-1");
	assert_int_equal(l->type, LINK_MODEM);
	assert_string_equal(l->connection, "at115200");
	assert_null(l->pin);
	assert_string_equal(l->operator_, "");
	assert_int_equal(l->price, 0);
	assert_int_equal(l->daily_cap, 0);
	assert_true(l->fast);
	assert_int_equal(l->poll_s, 10);
	assert_int_equal(l->line, 3);
	settings_free(s);
}

static void every_setting_is_taken(void **state)
{
	(void)state;
	struct settings *s = read_good("conf/safar.conf",
		"; staff may write here\n# and here\n\n"
		"  [node]\n\tname = Шымкент\n\tdata = data ; beside this file\n\tnumber = 255\n"
		"zone: Europe/Berlin\npartial-after = 1440\nanswers-per-hour = 1\n"
		"[store]\nurl = sqlite:db/all.db\n[keys]\nfile = /run/keys/people\r\n"
		"[content]\nmessages = m\nlocales=l\nallow-draft = ky, tg,uz-Cyrl\n"
		"[link beeline]\ntype = modem\ndevice = /dev/a\nconnection = at\npin = 00001234\n"
		"operator = beeline\nprice = 10000\ndaily-cap = 500\npace = safe\npoll = 3600\n"
		"[link kcell]\npoll = 2\npin = 4321\ndevice = /dev/b\ntype = modem");
	assert_string_equal(s->node_name, "Шымкент");
	assert_string_equal(s->node_data, "conf/data");
	assert_int_equal(s->node_number, 255);
	assert_int_equal(s->partial_after_min, 1440);
	assert_int_equal(s->answers_per_hour, 1);
	assert_string_equal(s->node_zone, "Europe/Berlin");
	assert_string_equal(s->store_url, "sqlite:conf/db/all.db");
	assert_string_equal(s->keys_file, "/run/keys/people");
	assert_string_equal(s->content_messages, "conf/m");
	assert_string_equal(s->content_allow_draft, "ky, tg,uz-Cyrl");
	assert_int_equal(s->link_count, 2);
	assert_string_equal(s->links[0].connection, "at");
	assert_string_equal(s->links[0].pin, "00001234");
	assert_int_equal(s->links[0].price, 1000000);
	assert_int_equal(s->links[0].daily_cap, 500);
	assert_false(s->links[0].fast);
	assert_int_equal(s->links[0].poll_s, 3600);
	assert_string_equal(s->links[1].name, "kcell");
	assert_int_equal(s->links[1].poll_s, 2);
	assert_true(s->links[1].fast);
	settings_free(s);
	settings_free(NULL);
}

static void a_price_is_an_amount_of_money(void **state)
{
	(void)state;
	static const struct {
		const char *price;
		int64_t hundredths;
	} prices[] = { { "15", 1500 }, { "15.5", 1550 }, { "15.05", 1505 }, { "0.99", 99 },
		{ "9999.99", 999999 }, { "10000.00", 1000000 } };
	for (size_t i = 0; i < COUNT(prices); i++) {
		char text[200];
		(void)snprintf(text, sizeof text, NODE "[link a]\ntype = modem\ndevice = d\nprice = %s\n",
		               prices[i].price);
		struct settings *s = read_good(FILE_NAME, text);
		assert_int_equal(s->links[0].price, prices[i].hundredths);
		settings_free(s);
	}
}

static void a_file_of_a_windows_editor_is_read(void **state)
{
	(void)state;
	struct settings *s = read_good("safar.conf", "\xEF\xBB\xBF[node]\r\ndata = d\r\n");
	assert_string_equal(s->node_data, "d");
	assert_int_equal(s->link_count, 0);
	settings_free(s);
}

static void sixty_four_modems_and_no_more(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 100000);
	buf_add_text(&b, NODE);
	for (int i = 0; i < LINKS_MAX; i++)
		buf_addf(&b, "[link m%d]\ntype = modem\ndevice = /dev/m%d\n", i, i);
	struct settings *s = read_good(FILE_NAME, buf_text(&b));
	assert_int_equal(s->link_count, LINKS_MAX);
	settings_free(s);
	buf_addf(&b, "[link last]\ntype = modem\ndevice = /dev/last\n");
	then_fault_is(buf_text(&b), "safar.conf:195: at most 64 links");
	buf_free(&b);
}

/* ---- what is wrong */

static void a_word_that_is_not_known_gets_the_nearest_one(void **state)
{
	(void)state;
	then_fault_is("[nod]\n" NODE, "safar.conf:1: [nod]: did you mean [node]?");
	then_fault_is(NODE "zoen = x\n", "safar.conf:3: zoen: did you mean zone?");
	then_fault_is(NODE "[link a]\n\ndevise = /dev/a\n",
	              "safar.conf:5: devise: did you mean device?");
	then_fault_is(NODE "[lnik a]\n", "safar.conf:3: [lnik]: did you mean [link]?");
}

static void what_is_missing_is_told(void **state)
{
	(void)state;
	then_fault_is("", "[node] data is missing");
	then_fault_is("[store]\nurl = sqlite:x\n", "[node] data is missing");
	then_fault_is("\n[node]\nname = a\n", "safar.conf:2: [node] needs data");
	then_fault_is(NODE "[link a]\ntype = modem\n", "safar.conf:3: [link] needs device");
	then_fault_is(NODE "[link a]\ndevice = /dev/a\n[link b]\ntype = modem\ndevice = /dev/b\n",
	              "safar.conf:3: [link] needs type");
}

static void what_stands_there_twice_is_told_with_both_lines(void **state)
{
	(void)state;
	then_fault_is(NODE "name = a\nname = b\n", "safar.conf:4: name is in line 3 already");
	then_fault_is(NODE "[keys]\n" NODE, "safar.conf:4: [node] is in line 1 already");
	then_fault_is(NODE "[link a]\ntype = modem\ndevice = /dev/a\n[link a]\n",
	              "safar.conf:6: [link a] is in line 3 already");
	then_fault_is(NODE "[link a]\ntype = modem\ndevice = /dev/a\n"
	              "[link b]\ntype = modem\ndevice = /dev/a\n",
	              "safar.conf:6: [link b] has the device of [link a] in line 3");
}

static void a_value_out_of_its_range_is_told_with_the_range(void **state)
{
	(void)state;
	static const char *const faults[][2] = {
		{ "poll = 1", "poll is a number from 2 to 3600" },
		{ "poll = 3601", "poll is a number from 2 to 3600" },
		{ "poll = ten", "poll is a number from 2 to 3600" },
		{ "price = -1", "price is an amount from 0 to 10000" },
		{ "price = 10000.01", "price is an amount from 0 to 10000" },
		{ "price = 15.-1", "price is an amount from 0 to 10000" },
		{ "price = 15.", "price is an amount from 0 to 10000" },
		{ "price = 15.505", "price is an amount from 0 to 10000" },
		{ "daily-cap = 99999999999999999999", "daily-cap is a number from 0 to 1000000" },
		{ "pace = flase", "pace is one of: fast safe" },
		{ "type = smpp", "type is one of: modem" },
		{ "connection = dku2at", "connection is one of: at at9600 at19200 at38400 at57600 at115200 "
		  "at230400 at460800 at921600" },
		{ "device =", "device has 1 to 400 characters" },
	};
	for (size_t i = 0; i < COUNT(faults); i++) {
		char text[200];
		(void)snprintf(text, sizeof text, NODE "[link a]\n%s\n", faults[i][0]);
		then_fault_is(text, faults[i][1]);
		then_fault_is(text, "safar.conf:4: ");
	}
	then_fault_is("[node]\ndata = d\nnumber = 256\n",
	              "safar.conf:3: number is a number from 0 to 255");
	then_fault_is(NODE "[store]\nurl = postgresql://db\n", "safar.conf:4: url is sqlite:PATH");
	then_fault_is(NODE "[content]\nallow-draft = ky/tg\n", "safar.conf:4: allow-draft is a list");
}

static void a_pin_is_never_in_an_error(void **state)
{
	(void)state;
	static const char *const wrong[] = { "pin = 987", "pin = 98765432109", "pin = 9876x",
		"pin = 9876 5432", "9876543 = pin", "pin9876543 =", "pin 9876543", "9876543",
		"pin = 9876543\npin = 9876543", "poll = 9876543", "connection = 9876543" };
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char text[200];
		(void)snprintf(text, sizeof text, NODE "[link a]\ntype = modem\ndevice = d\n%s\n",
		               wrong[i]);
		const char *faults = faults_of(span_of(text));
		assert_non_null(strstr(faults, "safar.conf:"));
		if (strstr(faults, "987") != NULL)
			fail_msg("%s: %s", wrong[i], faults);
	}
}

static void a_link_needs_a_plain_name(void **state)
{
	(void)state;
	static const char *const bad[] = { "[link]", "[link ]", "[link A]", "[link a b]", "[link ../x]",
		"[link abcdefghijklmnopqrstuvwxyz0123456789]" };
	for (size_t i = 0; i < COUNT(bad); i++) {
		char text[200];
		(void)snprintf(text, sizeof text, NODE "%s\ntype = modem\n", bad[i]);
		then_fault_is(text, "safar.conf:3: a link's name is of a-z 0-9 -");
	}
	then_fault_is(NODE "[keys b]\n", "safar.conf:3: [keys] has no name behind it");
}

static void every_fault_is_found_in_one_run(void **state)
{
	(void)state;
	const char *faults = faults_of(span_of("data = x\n[nod]\n[node]\nnumber = 999\nzone\n"
	                                       "[link a]\ndevice = /dev/a\npoll = 0\nprise = 1\n"));
	static const char *const all[] = { ":1: ", ":2: ", ":3: ", ":4: ", ":5: ", ":6: ", ":8: ",
		":9: " };
	for (size_t i = 0; i < COUNT(all); i++)
		if (strstr(faults, all[i]) == NULL)
			fail_msg("no fault at %s in:\n%s", all[i], faults);
}

static void a_line_is_read_whole_or_refused(void **state)
{
	(void)state;
	/* inih itself cuts a line at 200 characters without a word */
	for (size_t n = 150; n < 260; n++) {
		struct buf b;
		buf_init(&b, 1000);
		buf_add_text(&b, "[node]\ndata = /");
		for (size_t i = 0; i < n; i++)
			buf_add_octet(&b, (uint8_t)('a' + i % 26));
		struct settings *s = NULL;
		struct err e = settings_read_text("f", buf_span(&b), NULL, NULL, &s);
		if (!err_is(e))
			assert_int_equal(strlen(s->node_data), n + 1);
		else
			assert_string_equal(e.whom, "f:2: longer than 190 characters, or not a text");
		assert_true(err_is(e) == (n + strlen("data = /") > 190));
		settings_free(s);
		buf_free(&b);
	}
	assert_non_null(strstr(faults_of(span_make("[node]\ndata = a\0b\n", 18)), "not a text"));
}

static void a_file_is_read_and_a_missing_or_large_one_is_refused(void **state)
{
	(void)state;
	char folder[] = "/tmp/safar-settings-XXXXXX", path[64];
	struct settings *s = NULL;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof path, "%s/safar.conf", folder);
	assert_int_equal(settings_read(path, NULL, NULL, &s).code, ERR_IO);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("[node]\ndata = d\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_false(err_is(settings_read(path, NULL, NULL, &s)));
	assert_memory_equal(s->node_data, folder, strlen(folder));
	settings_free(s);
	s = NULL;
	assert_int_equal(truncate(path, 256 * 1024 + 1), 0);
	struct err e = settings_read(path, NULL, NULL, &s);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_string_equal(e.next, "it is larger than 256 KiB");
	assert_int_equal(settings_read(folder, NULL, NULL, &s).code, ERR_IO); /* a folder */
	assert_null(s);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void add_line(const char *line, void *arg)
{
	buf_addf(arg, "%s\n", line);
}

static void the_help_names_every_setting_with_range_and_default(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 10000);
	settings_help(add_line, &b);
	const char *text = buf_text(&b);
	static const char *const parts[] = { "[node]", "[store]", "[keys]", "[content]", "[link NAME]",
		"data ", "(needed)", "0 to 255 (0)", "2 to 3600 (10)", "fast safe (fast)",
		"at921600 (at115200)",
		"4 to 8 digits", "allow-draft", "(Asia/Almaty)" };
	for (size_t i = 0; i < COUNT(parts); i++)
		if (strstr(text, parts[i]) == NULL)
			fail_msg("no \"%s\" in\n%s", parts[i], text);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(a_data_folder_and_a_modem_are_enough),
		cmocka_unit_test(every_setting_is_taken),
		cmocka_unit_test(a_price_is_an_amount_of_money),
		cmocka_unit_test(a_file_of_a_windows_editor_is_read),
		cmocka_unit_test(sixty_four_modems_and_no_more),
		cmocka_unit_test(a_word_that_is_not_known_gets_the_nearest_one),
		cmocka_unit_test(what_is_missing_is_told),
		cmocka_unit_test(what_stands_there_twice_is_told_with_both_lines),
		cmocka_unit_test(a_value_out_of_its_range_is_told_with_the_range),
		cmocka_unit_test(a_pin_is_never_in_an_error),
		cmocka_unit_test(a_link_needs_a_plain_name),
		cmocka_unit_test(every_fault_is_found_in_one_run),
		cmocka_unit_test(a_line_is_read_whole_or_refused),
		cmocka_unit_test(a_file_is_read_and_a_missing_or_large_one_is_refused),
		cmocka_unit_test(the_help_names_every_setting_with_range_and_default),
	};
	return cmocka_run_group_tests_name("settings", stories, NULL, NULL);
}
