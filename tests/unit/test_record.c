/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may not stand in a recorded dialogue, whatever the modem says. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/modem/record.h"

#include "base/banned.h"

static const char *redacted(const char *line, bool asks_who)
{
	static char text[RECORD_LINE_MAX];
	assert_true(text_copy(text, sizeof text, line));
	record_redact(text, strlen(text), asks_who);
	assert_int_equal(strlen(text), strlen(line)); /* same length */
	return text;
}

static void what_is_no_secret_stays(void **state)
{
	(void)state;
	static const char *const kept[] = { "AT", "OK", "AT+CMGS=23", "+CMGS: 17", "+CMS ERROR: 331",
		"+CPMS: \"SM\",3,20,\"ME\",0,255", "AT+CNMI=2,1,0,1,0", "+CREG: 1,5", "AT+CPIN?",
		"+CPIN: SIM PIN", "+CMTI: \"SM\",4", "^RSSI:20", "AT+CSCS=\"GSM\"", "AT+CGSN" };
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		assert_string_equal(redacted(kept[i], false), kept[i]);
	assert_string_equal(redacted("11.126.85.00.209", true), "11.126.85.00.209");
	assert_string_equal(redacted("E3372", true), "E3372");
}

static void secrets_become_placeholders_of_their_length(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{ "AT+CPIN=\"4321\"", "AT+CPIN=\"????\"" },
		{ "AT+CPIN=4321", "AT+CPIN=0000" },
		{ "353908001234567", "000000000000000" },
		{ "+CCID: 8999701000000000017F", "+CCID: FFFFFFFFFFFFFFFFFFFF" },
		{ "+CLIP: \"+77012345678\",145", "+CLIP: \"????????????\",000" },
		{ "07919701AB", "FFFFFFFFFF" },
		{ "+CREG: 2,1,\"00A1\",\"0000B2C0\"", "+CREG: 2,1,\"????\",\"????????\"" },
		{ "+COPS: 0,0,\"Beeline KZ\",2", "+COPS: 0,0,\"??????????\",2" },
		{ "+KARIMOV: 5", "+xxxxxxx: 0" },
		{ "AT+CUSD=1,\"AA182C3602\",15", "AT+CUSD=0,\"??????????\",00" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_string_equal(redacted(pairs[i][0], false), pairs[i][1]);
}

/* Whole dialogues, in which hostile lines try each way in; then the file is searched. */
static const char *const hostile[] = {
	"+CMGR: 1,,25", "07919701000000F0040B917710325476F80000Zz", "0791970100000G12345678901",
	"+CMGL: 1,1,\"+77012345678\",25", "+CMGL: 1,1,\"+77012345678", "+CMGR: 77012345678",
	"+CMT: +77012345678,25", "help me 77012345678", "\xd0\xbf\xd0\xbe\xd0\xbc\xd0\xbe\xd0\xb3",
	"OK 353908001234567", "AT+CPIN=\"4321\"", "at+cpin=4321", "+CPIN: 4321", "^CPIN: 4321",
	"IMEI: 353908001234567", "401010123456789", "+ICCID:8999701000000000017",
	"+CUSD: 0,\"balance 12345678 of Karimov\",15", "+CUSD: 0,balance Karimov", "Karimov",
	"+CSQ: Karimov,77012345678", "\"Karimov", "\\Karimov\\", "7701-234-5678", "+CNUM: ,\"77012345678\"",
	"+CMS ERROR: Karimov", "+CMS ERROR: 77012345678",
};
static const char *const secrets[] = { "77012345678", "2345678", "7710325476", "4321", "5390800",
	"40101", "8999701", "arimov", "balance", "help", "7919701", "\xd0", "12345" };

static void hostile_dialogue_leaves_nothing_in_the_file(void **state)
{
	(void)state;
	char path[] = "/tmp/safar-record-XXXXXX", text[65536];
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct record r;
	record_open(&r, fd);
	for (int turn = 0; turn < 2; turn++) {
		record_sent(&r, span_of(turn == 0 ? "AT+CMGL=4\r" : "ATI\r"));
		for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
			if (turn == 1 && strstr(hostile[i], "arimov") != NULL)
				continue; /* an answer to ATI may be words */
			if (turn == 1 && strncmp(hostile[i], "help", 4) == 0)
				continue;
			record_heard(&r, span_of(hostile[i]));
			record_sent(&r, span_of(hostile[i]));
			record_sent(&r, span_of(i % 3 == 0 ? "\r" : i % 3 == 1 ? "\x1a" : "\x1b"));
			record_sent(&r, span_of(turn == 0 ? "AT\r" : "ATI\r"));
		}
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	ssize_t n = read(fd, text, sizeof text - 1);
	assert_true(n > 0 && (size_t)n < sizeof text - 1);
	text[n] = '\0';
	for (char *line = text; *line != '\0';) { /* the times in front are digits, too */
		char *end = strchr(line, '\n');
		assert_non_null(end);
		*end = '\0';
		const char *said = strchr(line, ' ');
		assert_non_null(said);
		for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
			if (strstr(said, secrets[i]) != NULL)
				fail_msg("\"%s\" holds \"%s\"", said, secrets[i]);
		line = end + 1;
	}
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

static void a_file_of_16_mib_is_written_no_further(void **state)
{
	(void)state;
	char path[] = "/tmp/safar-record-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)RECORD_MAX - 40), 0);
	assert_true(lseek(fd, 0, SEEK_END) > 0);
	struct record r;
	record_open(&r, fd);
	for (int i = 0; i < 9; i++)
		record_heard(&r, span_of("OK"));
	assert_int_equal(r.fd, -1);
	assert_true(lseek(fd, 0, SEEK_END) <= (off_t)RECORD_MAX);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
#define story(s) cmocka_unit_test(s)
	const struct CMUnitTest stories[] = {
		story(what_is_no_secret_stays),
		story(secrets_become_placeholders_of_their_length),
		story(hostile_dialogue_leaves_nothing_in_the_file),
		story(a_file_of_16_mib_is_written_no_further),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
