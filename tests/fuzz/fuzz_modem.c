/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strangers can make a modem say. The first octet chooses the way in:
 * 0: a PDU (the next octet is its length field), through libGammu's decoder to UTF-8;
 * 1: lines as they come from the device, events and PDUs in them;
 * 2: the answer to AT+CMGL.
 * All that goes to the parent must be whole frames, and texts must be UTF-8. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/modem/at.h"
#include "link/modem/modem.h"

#include "base/banned.h"

#define SAID_AT_ONCE 1024
#define SAID_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct modem m;
static int device_end = -1, parent_end = -1;

static void start(void)
{
	int device[2], parent[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, device) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, parent) != 0)
		abort();
	modem_start(&m, parent[0]);
	m.device = device[0];
	device_end = device[1];
	parent_end = parent[1];
}

static void check_pdu(const struct pdu *p)
{
	if (p->kind == PDU_MO && !utf8_valid(span_make(p->text_, p->text_n)))
		abort();
	if (p->kind == PDU_MO && (p->seq == 0 || p->seq > p->total))
		abort();
	if (p->kind != PDU_UNREADABLE && !utf8_valid(span_of(p->address.text_)))
		abort();
}

static void check_told(void)
{
	static uint8_t told[1u << 20];
	size_t n = 0;
	ssize_t got;
	while (n < sizeof told && (got = read(parent_end, told + n, sizeof told - n)) > 0)
		n += (size_t)got;
	struct span rest = span_make(told, n);
	while (rest.n > 0) {
		struct frame_in f;
		size_t taken = 0;
		if (frame_take(rest, 'c', &f, &taken) != FRAME_TAKEN)
			abort();
		if (f.head.type == FRAME_USSD_ANSWER) {
			(void)frame_get_u32(&f);
			(void)frame_get_u8(&f);
			const struct span text = frame_get_text(&f);
			if (!frame_end(&f) || text.n > USSD_ANSWER_MAX || !utf8_valid(text))
				abort();
		}
		rest = span_make(rest.p + taken, rest.n - taken);
	}
}

/* One packet is one read of the device: an answer is never read together with the next one. */
static void say(struct span octets)
{
	while (octets.n > 0) {
		size_t n = octets.n < SAID_AT_ONCE ? octets.n : SAID_AT_ONCE;
		if (write(device_end, octets.p, n) != (ssize_t)n)
			abort();
		octets = span_make(octets.p + n, octets.n - n);
	}
}

static void forget(void)
{
	uint8_t octets[256];
	m.reader = (struct line_reader){ .n = 0 };
	m.pdu_follows = LINE_PLAIN;
	m.storages = (struct storages){ .now = STORAGE_COUNT, .is_there = { true },
		.poll_next = STORAGE_COUNT };
	m.call = (struct call){ .is_ringing = false };
	m.ussd = (struct ussd){ .is_asked = true, .until_ms = INT64_MAX };
	while (read(device_end, octets, sizeof octets) > 0)
		continue; /* commands that nobody answers */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (device_end < 0)
		start();
	if (size < 2 || size > SAID_MAX)
		return 0;
	struct span rest = span_make(data + 1, size - 1);
	if (data[0] % 3 == 0) {
		char hex[2 * PDU_OCTETS_MAX + 1];
		struct pdu p;
		if (rest.n > PDU_OCTETS_MAX)
			return 0;
		hex_write(span_make(rest.p + 1, rest.n - 1), hex);
		pdu_read(span_of(hex), rest.p[0], &p);
		check_pdu(&p);
		pdu_wipe(&p);
		return 0;
	}
	forget();
	if (data[0] % 3 == 2) {
		m.storages.poll_next = STORAGE_SM;
		say(span_of("AT+CPMS=\"SM\"\r\r\n+CPMS: 1,20\r\nOK\r\n"));
		say(span_of("AT+CMGL=4\r\r\n"));
	}
	say(rest);
	say(span_of("\r\nOK\r\n"));
	if (data[0] % 3 == 2)
		(void)storage_step(&m);
	for (size_t i = 0; i < SAID_MAX / SAID_AT_ONCE + 4; i++)
		modem_turn(&m, 0);
	check_told();
	return 0;
}
