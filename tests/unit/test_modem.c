/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that drives a modem: its lines, its PDUs, and who sees what the modem says. The modem
 * is a socket that has said everything already; whole runs are the system tests' affair. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "link/modem/at.h"
#include "link/modem/line.h"
#include "link/modem/pdu.h"

#include "base/banned.h"

/* ---- lines */

static size_t put_all(struct line_reader *r, struct span octets, char lines[][64])
{
	size_t n = 0;
	for (size_t i = 0; i < octets.n; i++) {
		struct span line;
		if (line_put(r, octets.p[i], &line))
			(void)snprintf(lines[n++], 64, "%.*s", (int)line.n, (const char *)line.p);
	}
	return n;
}

static void lines_end_at_cr_or_lf_and_empty_ones_do_not_count(void **state)
{
	(void)state;
	struct line_reader r = { .n = 0 };
	char lines[8][64];
	size_t n = put_all(&r, span_of("AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n"), lines);
	assert_int_equal(n, 3);
	assert_string_equal(lines[0], "AT+CSQ");
	assert_string_equal(lines[1], "+CSQ: 20,99");
	assert_string_equal(lines[2], "OK");
}

static void a_line_over_the_limit_is_dropped_whole_and_counted(void **state)
{
	(void)state;
	struct line_reader r = { .n = 0 };
	struct span line;
	for (size_t i = 0; i < LINE_OCTETS_MAX + 1; i++)
		assert_false(line_put(&r, 'x', &line));
	assert_false(line_put(&r, '\n', &line));
	assert_int_equal(r.dropped, 1);
	for (size_t i = 0; i < LINE_OCTETS_MAX; i++)
		assert_false(line_put(&r, 'y', &line));
	assert_true(line_put(&r, '\r', &line));
	assert_int_equal(line.n, LINE_OCTETS_MAX);
}

static void the_prompt_is_seen_although_no_line_ends_it(void **state)
{
	(void)state;
	struct line_reader r = { .n = 0 };
	char lines[8][64];
	assert_int_equal(put_all(&r, span_of("\r\n> "), lines), 0);
	assert_true(span_is(line_partial(&r), "> "));
}

static void fields_may_stand_in_quotes_and_hold_commas(void **state)
{
	(void)state;
	struct span line = span_of("+COPS: 0,0,\"A, B\",2"), field;
	int64_t n = 0;
	assert_true(line_field(line, 2, &field));
	assert_true(span_is(field, "A, B"));
	assert_true(line_number(line, 3, 0, 9, &n));
	assert_int_equal(n, 2);
	assert_false(line_field(line, 4, &field));
	assert_false(line_number(line, 2, 0, 9, &n));
	assert_true(line_field(span_of("+CMGL: 1,0,,24"), 2, &field));
	assert_int_equal(field.n, 0);
}

static void results_are_told_from_what_only_begins_like_them(void **state)
{
	(void)state;
	assert_int_equal(line_kind(span_of("OK")), LINE_OK);
	assert_int_equal(line_kind(span_of("OKAY")), LINE_PLAIN);
	assert_int_equal(line_kind(span_of("+CMS ERROR: 38")), LINE_CMS);
	assert_int_equal(line_kind(span_of("^RSSI: 18")), LINE_CHATTER);
	assert_true(span_is(line_reply_prefix("AT+CMGR=3"), "+CMGR"));
	assert_true(span_is(line_reply_prefix("AT^ICCID?"), "^ICCID"));
	assert_int_equal(line_reply_prefix("ATH").n, 0);
}

static void what_comes_by_itself_is_told_from_an_answer(void **state)
{
	(void)state;
	assert_true(line_is_foreign(span_of("+QIND: \"csq\",20,99"), "AT+CREG?"));
	assert_true(line_is_foreign(span_of("+CPIN: READY"), "AT+CGMM"));
	assert_true(line_is_foreign(span_of("*PSUTTZ: 2026,11,24"), "AT+CSQ"));
	assert_true(line_is_foreign(span_of("SMS Ready"), "AT"));
	assert_false(line_is_foreign(span_of("+CREG: 0,1"), "AT+CREG?"));
	assert_false(line_is_foreign(span_of("E173"), "AT+CGMM"));
	assert_false(line_is_foreign(span_of("+CMS ERROR: 302"), "AT+CMGF=0"));
	assert_false(line_is_foreign(span_of("+CGMR: 1.0"), "AT+CGMR"));
	assert_false(line_is_foreign(span_of("+ICCID: 89"), "AT+CICCID"));
	assert_false(line_is_foreign(span_of("+GCAP: +CGSM"), "ATI"));
	assert_false(line_is_foreign(span_of("+"), "AT+CREG?"));
	assert_false(line_is_foreign(span_of(""), "AT+CREG?"));
}

/* ---- PDUs out */

static struct pdu_part part_of(const char *text, enum alphabet alphabet)
{
	return (struct pdu_part){ .number = { "+77010000001" }, .seq = 1, .total = 1,
		.alphabet = alphabet, .validity = 11, .class_ = -1, .text = span_of(text) };
}

static void a_submit_asks_for_a_report_and_uses_the_sims_own_smsc(void **state)
{
	(void)state;
	char hex[2 * PDU_OCTETS_MAX + 1];
	size_t length = 0;
	struct pdu_part p = part_of("hello world", ALPHABET_GSM7);
	assert_true(pdu_write(&p, hex, &length));
	/* SUBMIT with relative validity (0x11) and a report (0x20); 11 septets */
	assert_string_equal(hex, "0031000B917710000000F100000B0BE8329BFD06DDDF723619");
	assert_int_equal(length, strlen(hex) / 2 - 1);
}

static void a_tilde_in_ucs2_stays_a_tilde(void **state)
{
	(void)state;
	char hex[2 * PDU_OCTETS_MAX + 1];
	size_t length = 0;
	struct pdu_part p = part_of("ә~~ \xf0\x9f\x98\x80", ALPHABET_UCS2);
	assert_true(pdu_write(&p, hex, &length));
	assert_non_null(strstr(hex, "00080B0C04D9007E007E0020D83DDE00"));
}

static void parts_carry_the_short_header_and_a_large_reference_the_long_one(void **state)
{
	(void)state;
	char hex[2 * PDU_OCTETS_MAX + 1], text[160];
	size_t length = 0;
	struct pdu_part p = part_of("ә", ALPHABET_UCS2);
	p.seq = 2;
	p.total = 10;
	p.ref = 0xfe;
	assert_true(pdu_write(&p, hex, &length));
	assert_non_null(strstr(hex, "08050003FE0A02" "04D9"));
	p.ref = 0x1fe;
	assert_true(pdu_write(&p, hex, &length));
	assert_non_null(strstr(hex, "0906080401FE0A02" "04D9"));
	memset(text, 'a', 153);
	text[153] = '\0';
	p = part_of(text, ALPHABET_GSM7);
	p.total = 2;
	p.ref = 0xff;
	assert_true(pdu_write(&p, hex, &length));
	p.ref = 0x100; /* one septet less fits behind the long header */
	assert_false(pdu_write(&p, hex, &length));
}

static void what_does_not_fit_or_is_not_in_the_alphabet_is_not_sent(void **state)
{
	(void)state;
	char hex[2 * PDU_OCTETS_MAX + 1], text[162];
	size_t length = 0;
	memset(text, 'a', 161);
	text[161] = '\0';
	struct pdu_part p = part_of(text, ALPHABET_GSM7);
	assert_false(pdu_write(&p, hex, &length));
	text[160] = '\0';
	p = part_of(text, ALPHABET_GSM7);
	assert_true(pdu_write(&p, hex, &length));
	p = part_of("ә", ALPHABET_GSM7);
	assert_false(pdu_write(&p, hex, &length));
	p = part_of("a", ALPHABET_GSM7);
	p.number = (struct pdu_address){ "KCELL" };
	assert_false(pdu_write(&p, hex, &length));
	p = part_of("\xff", ALPHABET_UCS2);
	assert_false(pdu_write(&p, hex, &length));
}

/* A DELIVER with the coding and user data of one of our SUBMITs. */
static void deliver_of(const char *submit, char ret[2 * PDU_OCTETS_MAX + 1], size_t *ret_length)
{
	/* 00 FF MR 0B 91 <12 digits' octets> PID DCS VP UDL … */
	(void)snprintf(ret, 2 * PDU_OCTETS_MAX + 1, "00040B91%.12s00%.2s62114271100002%.300s",
	               submit + 10, submit + 24, submit + 28);
	*ret_length = strlen(ret) / 2 - 1;
}

static void every_character_of_gsm7_comes_back_as_it_went(void **state)
{
	(void)state;
	unsigned tried = 0;
	for (uint32_t c = 1; c < 0x10000; c++) {
		if (gsm7_septets(c) == 0 || c == '\f')
			continue;
		char out[2 * PDU_OCTETS_MAX + 1], in[2 * PDU_OCTETS_MAX + 1];
		size_t length = 0;
		struct buf text;
		struct pdu back;
		buf_init(&text, 16);
		utf8_add(&text, c);
		buf_add_octet(&text, 'z');
		struct pdu_part p = part_of(buf_text(&text), ALPHABET_GSM7);
		assert_true(pdu_write(&p, out, &length));
		deliver_of(out, in, &length);
		pdu_read(span_of(in), length, &back);
		assert_int_equal(back.kind, PDU_MO);
		assert_int_equal(back.text_n, text.n);
		assert_memory_equal(back.text_, text.p, text.n);
		buf_free(&text);
		tried++;
	}
	assert_true(tried >= 127);
}

/* ---- PDUs in */

static void read_tpdu(const char *tpdu, struct pdu *ret)
{
	char hex[2 * PDU_OCTETS_MAX + 1];
	(void)snprintf(hex, sizeof hex, "07919710000000F0%s", tpdu);
	pdu_read(span_of(hex), strlen(tpdu) / 2, ret);
}

static void a_question_has_its_sender_and_the_smscs_time_as_utc(void **state)
{
	(void)state;
	struct pdu p;
	/* 24 November 2026, 17:01:00, 20 quarters of an hour east: 12:01 UTC */
	read_tpdu("040B917710000000F1000862114271100002" "04" "043A04D9", &p);
	assert_int_equal(p.kind, PDU_MO);
	assert_string_equal(p.address.text_, "+77010000001");
	assert_string_equal(p.text_, "кә");
	assert_int_equal(p.at_ms, INT64_C(1795521660000));
	assert_int_equal(p.total, 1);
	assert_int_equal(p.seq, 1);
}

static void half_an_emoji_at_the_end_of_a_part_is_marked_not_lost(void **state)
{
	(void)state;
	struct pdu p;
	read_tpdu("440B917710000000F1000862114271100002" "0A" "050003070201" "043AD83D", &p);
	assert_int_equal(p.kind, PDU_MO);
	assert_string_equal(p.text_, "к\xef\xbf\xbd");
	assert_int_equal(p.ref, 7);
	assert_int_equal(p.total, 2);
	assert_int_equal(p.seq, 1);
}

static void a_name_as_sender_is_kept_as_text(void **state)
{
	(void)state;
	struct pdu p;
	read_tpdu("0409D0CB6191C904000062114271100002" "07C8321B0E6A9701", &p);
	assert_int_equal(p.kind, PDU_MO);
	assert_string_equal(p.address.text_, "KCELL");
	assert_string_equal(p.text_, "Help me");
}

static void data_for_a_program_is_a_message_without_text(void **state)
{
	(void)state;
	struct pdu p;
	read_tpdu("040B917710000000F1000462114271100002" "03" "010203", &p);
	assert_int_equal(p.kind, PDU_MO);
	assert_int_equal(p.text_n, 0);
}

static void a_report_gives_reference_status_and_recipient(void **state)
{
	(void)state;
	struct pdu p;
	read_tpdu("062A0B917710000000F1" "62114271100002" "62114271104002" "46", &p);
	assert_int_equal(p.kind, PDU_REPORT);
	assert_int_equal(p.tp_mr, 0x2a);
	assert_int_equal(p.status, 0x46);
	assert_string_equal(p.address.text_, "+77010000001");
	assert_int_equal(p.at_ms, INT64_C(1795521664000));
}

static void what_does_not_parse_is_unreadable_and_still_has_its_hash(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "0", "00", "0001", "00ZZ", "07919710000000F0" "04",
		"00040B917710000000F1000862114271100002" "FF" "043A",
		"00440B917710000000F1000862114271100002" "02" "FF00" };
	struct pdu p, first;
	pdu_read(span_of(bad[0]), 0, &first);
	for (size_t i = 1; i < sizeof bad / sizeof bad[0]; i++) {
		pdu_read(span_of(bad[i]), strlen(bad[i]) / 2, &p);
		assert_int_equal(p.kind, PDU_UNREADABLE);
		assert_memory_not_equal(p.hash, first.hash, sizeof p.hash);
	}
}

/* ---- who sees what */

struct world {
	struct modem m;
	int modem_end, parent_end;
	struct buf told;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	int device[2], parent[2];
	if (w == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, device) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, parent) != 0)
		return -1;
	modem_start(&w->m, parent[0]);
	w->m.device = device[0];
	w->modem_end = device[1];
	w->parent_end = parent[1];
	buf_init(&w->told, 1u << 16);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	(void)close(w->m.device);
	(void)close(w->m.parent);
	(void)close(w->m.signals);
	(void)close(w->modem_end);
	(void)close(w->parent_end);
	buf_free(&w->m.in);
	buf_free(&w->m.out);
	buf_free(&w->told);
	free(w);
	return 0;
}

/* One call is one read of the device (a packet), as a modem answers one command at a time. */
static void given_the_modem_says(struct world *w, const char *text)
{
	assert_int_equal(write(w->modem_end, text, strlen(text)), strlen(text));
}

/* A process that plays the modem: it waits for Ctrl-Z, then says `text`. */
static pid_t given_the_modem_says_after_ctrl_z(struct world *w, const char *text)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	char octets[512];
	ssize_t n = 0;
	struct pollfd p = { .fd = w->modem_end, .events = POLLIN };
	while ((n == 0 || octets[n - 1] != 0x1a) && poll(&p, 1, 10000) == 1)
		if ((n = read(w->modem_end, octets, sizeof octets)) <= 0)
			_exit(1);
	_exit(write(w->modem_end, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : 1);
}

/* The next frame that isn't ALIVE or READING; it borrows w->told until the next call. */
static struct frame_in next_told(struct world *w)
{
	for (;;) {
		struct frame_in f;
		size_t size = 0;
		enum frame_take taken = frame_take(buf_span(&w->told), 'c', &f, &size);
		if (taken == FRAME_TAKEN) {
			static uint8_t copy[FRAME_MAX];
			memcpy(copy, f.body.p, f.body.n);
			f.body.p = copy;
			buf_consume(&w->told, size);
			if (f.head.type != FRAME_ALIVE && f.head.type != FRAME_READING)
				return f;
			continue;
		}
		assert_int_equal(taken, FRAME_SHORT);
		uint8_t octets[4096];
		ssize_t n = read(w->parent_end, octets, sizeof octets);
		if (n <= 0)
			return (struct frame_in){ .head.type = FRAME_TYPE_COUNT }; /* nothing more */
		buf_add(&w->told, span_make(octets, (size_t)n));
	}
}

#define REPORT_LINES "\r\n+CDS: 25\r\n0006070B917710000000F1621142711000026211427110400200\r\n"

static void a_report_between_question_and_answer_reaches_the_parent(void **state)
{
	struct world *w = *state;
	struct at_reply r;
	given_the_modem_says(w, "AT+CSQ\r" REPORT_LINES "\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
	assert_int_equal(at_try(&w->m, "AT+CSQ", 1000, &r), AT_OK);
	assert_string_equal(r.line, "+CSQ: 20,99");
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_REPORT);
	assert_int_equal(frame_get_i32(&f), -1);
	assert_int_equal(frame_get_u8(&f), 7);
	assert_int_equal(next_told(w).head.type, FRAME_TYPE_COUNT);
}

static void a_report_whose_pdu_is_missing_does_not_swallow_the_answer(void **state)
{
	struct world *w = *state;
	struct at_reply r;
	given_the_modem_says(w, "AT+CSQ\r\r\n+CDS: 25\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
	assert_int_equal(at_try(&w->m, "AT+CSQ", 1000, &r), AT_OK);
}

static void a_late_answer_to_an_earlier_command_is_not_this_ones(void **state)
{
	struct world *w = *state;
	struct at_reply r;
	given_the_modem_says(w, "\r\nOK\r\nAT\r\r\n+CME ERROR: 100\r\nAT+CGSN\r\r\n353\r\n\r\nOK\r\n");
	assert_int_equal(at_try(&w->m, "AT+CGSN", 1000, &r), AT_OK);
	assert_string_equal(r.line, "353");
}

static void a_reference_that_nobody_waits_for_is_told_as_late(void **state)
{
	struct world *w = *state;
	given_the_modem_says(w, "\r\n+CMGS: 41\r\n\r\nOK\r\nAT\r\r\nOK\r\n");
	assert_int_equal(at_try(&w->m, "AT", 1000, NULL), AT_OK);
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_LATE);
	assert_int_equal(frame_get_u8(&f), 41);
}

static void given_a_part(struct world *w)
{
	struct submission *s = &w->m.submission;
	s->delivery = 9;
	s->part = part_of("hi", ALPHABET_GSM7);
	s->waiting = true;
	w->m.taken_ms = clock_monotonic_ms(); /* one went just now: the modem is as it was */
}

static void a_part_is_accepted_with_its_reference(void **state)
{
	struct world *w = *state;
	given_a_part(w);
	given_the_modem_says(w, "AT+CMGS=16\r\r\n> ");
	pid_t player = given_the_modem_says_after_ctrl_z(w, "0031\x1a\r\n" REPORT_LINES
	                                                    "\r\n+CMGS: 200\r\n\r\nOK\r\n");
	submit_part(&w->m);
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_REPORT);
	f = next_told(w);
	assert_int_equal(f.head.type, FRAME_ACCEPTED);
	assert_int_equal(f.head.delivery, 9);
	assert_int_equal(frame_get_u8(&f), 1);
	assert_int_equal(frame_get_u8(&f), 200);
	assert_false(w->m.submission.waiting);
	assert_int_equal(waitpid(player, NULL, 0), player);
}

static void an_error_in_place_of_the_prompt_is_a_refusal_with_its_code(void **state)
{
	struct world *w = *state;
	given_a_part(w);
	given_the_modem_says(w, "AT+CMGS=16\r\r\n+CMS ERROR: 38\r\n");
	submit_part(&w->m);
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_REFUSED);
	assert_int_equal(frame_get_u8(&f), 1);
	assert_int_equal(frame_get_u8(&f), 'S');
	assert_int_equal(frame_get_i32(&f), 38);
	assert_true(frame_end(&f));
}

static void a_part_that_cannot_be_written_never_reaches_the_modem(void **state)
{
	struct world *w = *state;
	char octet;
	given_a_part(w);
	w->m.submission.part.number.text_[0] = '\0';
	submit_part(&w->m);
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_REFUSED);
	assert_int_equal(frame_get_u8(&f), 1);
	assert_int_equal(frame_get_u8(&f), 'S');
	assert_int_equal(read(w->modem_end, &octet, 1), -1);
}

static void a_call_is_hung_up_and_told_once(void **state)
{
	struct world *w = *state;
	given_the_modem_says(w, "\r\nRING\r\n\r\n+CLIP: \"77010000001\",145,,,,0\r\n");
	modem_turn(&w->m, 0);
	assert_true(call_is_due(&w->m, 0));
	given_the_modem_says(w, "AT+CHUP\r\r\nOK\r\n\r\nRING\r\n\r\n+CLIP: \"77010000001\",145,,,,0\r\n");
	call_hang_up(&w->m);
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_CALL);
	char caller[32];
	frame_get_string(&f, caller, sizeof caller);
	assert_string_equal(caller, "+77010000001");
	assert_false(call_is_due(&w->m, INT64_MAX));
	assert_int_equal(next_told(w).head.type, FRAME_TYPE_COUNT);
}

static void a_caller_without_a_number_is_hung_up_after_two_seconds(void **state)
{
	struct world *w = *state;
	given_the_modem_says(w, "\r\nRING\r\n");
	modem_turn(&w->m, 0);
	assert_false(call_is_due(&w->m, w->m.call.since_ms + 1999));
	assert_true(call_is_due(&w->m, w->m.call.since_ms + 2000));
}

#define QUESTION "00040B917710000000F100086211427110000204043A04D9"

static void a_question_is_told_once_until_it_is_deleted(void **state)
{
	struct world *w = *state;
	struct storages *st = &w->m.storages;
	st->poll_next = STORAGE_COUNT;
	st->poll_due_ms = INT64_MAX;
	for (int i = 0; i < 2; i++) {
		given_the_modem_says(w, "\r\n+CMTI: \"ME\",4\r\n");
		modem_turn(&w->m, 0);
		if (i == 0)
			given_the_modem_says(w, "AT+CPMS=\"ME\"\r\r\n+CPMS: 1,20,0,20,0,20\r\n\r\nOK\r\n");
		given_the_modem_says(w, "AT+CMGR=4\r\r\n+CMGR: 0,,23\r\n" QUESTION "\r\n\r\nOK\r\n");
		assert_true(storage_step(&w->m));
	}
	modem_turn(&w->m, 0);
	struct frame_in f = next_told(w);
	assert_int_equal(f.head.type, FRAME_MO);
	assert_int_equal(frame_get_i32(&f), STORAGE_STRIDE + 4);
	assert_int_equal(next_told(w).head.type, FRAME_TYPE_COUNT);
	storage_delete(&w->m, STORAGE_STRIDE + 4);
	given_the_modem_says(w, "AT+CMGD=4\r\r\nOK\r\n");
	assert_true(storage_step(&w->m));
	modem_turn(&w->m, 0);
	assert_int_equal(next_told(w).head.type, FRAME_DELETED);
	assert_false(storage_step(&w->m));
}

static void only_what_was_told_can_be_deleted(void **state)
{
	struct world *w = *state;
	w->m.storages.poll_next = STORAGE_COUNT;
	w->m.storages.poll_due_ms = INT64_MAX;
	storage_delete(&w->m, 3);
	assert_false(storage_step(&w->m));
}

#define in_world(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_at_cr_or_lf_and_empty_ones_do_not_count),
		cmocka_unit_test(a_line_over_the_limit_is_dropped_whole_and_counted),
		cmocka_unit_test(the_prompt_is_seen_although_no_line_ends_it),
		cmocka_unit_test(fields_may_stand_in_quotes_and_hold_commas),
		cmocka_unit_test(results_are_told_from_what_only_begins_like_them),
		cmocka_unit_test(what_comes_by_itself_is_told_from_an_answer),
		cmocka_unit_test(a_submit_asks_for_a_report_and_uses_the_sims_own_smsc),
		cmocka_unit_test(a_tilde_in_ucs2_stays_a_tilde),
		cmocka_unit_test(parts_carry_the_short_header_and_a_large_reference_the_long_one),
		cmocka_unit_test(what_does_not_fit_or_is_not_in_the_alphabet_is_not_sent),
		cmocka_unit_test(every_character_of_gsm7_comes_back_as_it_went),
		cmocka_unit_test(a_question_has_its_sender_and_the_smscs_time_as_utc),
		cmocka_unit_test(half_an_emoji_at_the_end_of_a_part_is_marked_not_lost),
		cmocka_unit_test(a_name_as_sender_is_kept_as_text),
		cmocka_unit_test(data_for_a_program_is_a_message_without_text),
		cmocka_unit_test(a_report_gives_reference_status_and_recipient),
		cmocka_unit_test(what_does_not_parse_is_unreadable_and_still_has_its_hash),
		in_world(a_report_between_question_and_answer_reaches_the_parent),
		in_world(a_report_whose_pdu_is_missing_does_not_swallow_the_answer),
		in_world(a_late_answer_to_an_earlier_command_is_not_this_ones),
		in_world(a_reference_that_nobody_waits_for_is_told_as_late),
		in_world(a_part_is_accepted_with_its_reference),
		in_world(an_error_in_place_of_the_prompt_is_a_refusal_with_its_code),
		in_world(a_part_that_cannot_be_written_never_reaches_the_modem),
		in_world(a_call_is_hung_up_and_told_once),
		in_world(a_caller_without_a_number_is_hung_up_after_two_seconds),
		in_world(a_question_is_told_once_until_it_is_deleted),
		in_world(only_what_was_told_can_be_deleted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
