/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdu.c - see pdu.h. */
#include "pdu.h"

#include <ctype.h>
#include <string.h>

#include "text.h"

#define TON_INTERNATIONAL 0x91
#define TON_UNKNOWN 0x81
#define TON_ALPHANUMERIC 0xd0
#define SMSC_ZONE_QUARTERS 20 /* the SMSC's own zone, UTC+5 */

struct reader { /* every take beyond the end sets `bad` and gives zeros */
	const uint8_t *p;
	size_t n, at;
	bool bad;
};

static uint8_t take(struct reader *r)
{
	if (r->at >= r->n) {
		r->bad = true;
		return 0;
	}
	return r->p[r->at++];
}

const char *alphabet_name(enum alphabet a)
{
	return a == ALPHABET_GSM7 ? "GSM-7" : a == ALPHABET_UCS2 ? "UCS-2" : "8-bit";
}

bool address_normal(const char *s, char ret[static ADDRESS_MAX])
{
	char digits[ADDRESS_MAX];
	size_t n = 0;

	if (*s == '+')
		s++;
	for (; *s; s++) {
		if (*s == ' ' || *s == '-')
			continue;
		if (!isdigit((unsigned char)*s) || n == 20)
			return false;
		digits[n++] = *s;
	}
	if (n == 0)
		return false;
	char *at = ret;
	if (n >= 7)
		*at++ = '+';
	memcpy(at, digits, n);
	at[n] = 0;
	return true;
}

/* TS 23.040 §9.1.2.5. Digits a, b, c and *, # can't stand in a phone's number here. */
static void read_address(struct reader *r, char ret[static ADDRESS_MAX])
{
	unsigned digits = take(r);
	unsigned type = take(r);
	char raw[ADDRESS_MAX];

	if (digits > 20 || digits == 0 || (type & 0x70) == 0x50) {
		r->bad = true;
		return;
	}
	for (unsigned i = 0; i < digits; i += 2) {
		uint8_t o = take(r);
		unsigned pair[2] = { o & 15u, o >> 4 };
		for (unsigned k = 0; k < 2 && i + k < digits; k++) {
			if (pair[k] > 9)
				r->bad = true;
			raw[i + k] = (char)('0' + pair[k] % 10);
		}
	}
	raw[digits] = 0;
	/* of an unknown type: a network dials it as it is, and it is nobody's with its country's code */
	if ((type & 0x70) != 0x10)
		memcpy(ret, raw, digits + 1);
	else if (!address_normal(raw, ret))
		r->bad = true;
}

static void dcs_meaning(uint8_t dcs, enum alphabet *alphabet, int *msg_class)
{
	*alphabet = ALPHABET_GSM7;
	*msg_class = -1;
	if ((dcs & 0x80) == 0) { /* general data coding, TS 23.038 §4 */
		unsigned a = dcs >> 2 & 3;
		*alphabet = a == 1 ? ALPHABET_8BIT : a == 2 ? ALPHABET_UCS2 : ALPHABET_GSM7;
		if (dcs & 0x10)
			*msg_class = dcs & 3;
	} else if ((dcs & 0xf0) == 0xe0) { /* message waiting, store, UCS-2 */
		*alphabet = ALPHABET_UCS2;
	} else if ((dcs & 0xf0) == 0xf0) {
		*alphabet = dcs & 4 ? ALPHABET_8BIT : ALPHABET_GSM7;
		*msg_class = dcs & 3;
	}
}

/* TS 23.040 §9.2.3.12.1 */
static int64_t relative_validity(uint8_t vp)
{
	if (vp <= 143)
		return (vp + 1) * 300;
	if (vp <= 167)
		return 12 * 3600 + (vp - 143) * 1800;
	return vp <= 196 ? (int64_t)(vp - 166) * 86400 : (int64_t)(vp - 192) * 7 * 86400;
}

static unsigned swapped(uint8_t o)
{
	return (o & 15u) * 10 + (o >> 4);
}

static int64_t absolute_validity(struct reader *r)
{
	uint8_t o[7];
	for (size_t i = 0; i < 7; i++)
		o[i] = take(r);
	struct tm tm = { .tm_year = (int)swapped(o[0]) + 100, .tm_mon = (int)swapped(o[1]) - 1,
		.tm_mday = (int)swapped(o[2]), .tm_hour = (int)swapped(o[3]),
		.tm_min = (int)swapped(o[4]), .tm_sec = (int)swapped(o[5]) };
	int zone = (int)swapped(o[6] & 0xf7u) * 900;
	int64_t left = (int64_t)timegm(&tm) - (o[6] & 8 ? -zone : zone) - (int64_t)time(NULL);
	return left > 0 ? left : 0;
}

static int64_t read_validity(struct reader *r, unsigned format)
{
	if (format == 0)
		return -1;
	if (format == 2)
		return relative_validity(take(r));
	if (format == 3)
		return absolute_validity(r);
	for (int i = 0; i < 7; i++) /* enhanced format: nobody here asks for it, so only skipped */
		take(r);
	return -1;
}

static void read_header(const uint8_t *h, size_t n, struct part *ret)
{
	for (size_t i = 0; i + 2 <= n && i + 2 + h[i + 1] <= n; i += 2u + h[i + 1]) {
		const uint8_t *e = h + i + 2;
		struct part p = *ret;
		if (h[i] == 0x00 && h[i + 1] == 3)
			p = (struct part){ .ref = e[0], .ref_bits = 8, .total = e[1], .seq = e[2] };
		else if (h[i] == 0x08 && h[i + 1] == 4)
			p = (struct part){ .ref = e[0] * 256u + e[1],
				.ref_bits = 16,
				.total = e[2],
				.seq = e[3] };
		if (p.total && p.seq && p.seq <= p.total)
			*ret = p;
	}
}

static bool read_user_data(struct reader *r, bool has_header, struct submit *s)
{
	size_t len = take(r);
	size_t octets = s->alphabet == ALPHABET_GSM7 ? (len * 7 + 7) / 8 : len;
	if (r->bad || octets > UD_OCTETS || r->n - r->at != octets)
		return false;
	const uint8_t *ud = r->p + r->at;
	size_t head = 0;
	if (has_header) {
		if (octets == 0 || (head = ud[0] + 1u) > octets)
			return false;
		read_header(ud + 1, head - 1, &s->part);
	}
	if (s->alphabet == ALPHABET_GSM7) {
		size_t head_septets = (head * 8 + 6) / 7;
		if (head_septets > len || len > PART_UNITS)
			return false;
		uint8_t septets[PART_UNITS];
		size_t n = len - head_septets;
		gsm7_unpack(ud + head, octets - head, (unsigned)(head_septets * 7 - head * 8),
			septets, n);
		s->units_n = gsm7_decode(septets, n, s->units);
	} else if (s->alphabet == ALPHABET_UCS2) {
		if ((octets - head) % 2)
			return false;
		s->units_n = (octets - head) / 2;
		for (size_t i = 0; i < s->units_n; i++)
			s->units[i] = (uint16_t)(ud[head + 2 * i] << 8 | ud[head + 2 * i + 1]);
	} else {
		s->units_n = octets - head;
		for (size_t i = 0; i < s->units_n; i++)
			s->units[i] = ud[head + i];
	}
	return true;
}

bool submit_read(const uint8_t *tpdu, size_t n, struct submit *ret)
{
	struct reader r = { .p = tpdu, .n = n };
	struct submit s = { .part = { .seq = 1, .total = 1 } };
	unsigned first = take(&r);

	if ((first & 3) != 1) /* TP-MTI: SMS-SUBMIT */
		return false;
	s.wants_report = first & 0x20;
	s.rejects_doubles = first & 0x04;
	s.mr = take(&r);
	read_address(&r, s.to);
	s.pid = take(&r);
	s.dcs = take(&r);
	dcs_meaning(s.dcs, &s.alphabet, &s.msg_class);
	s.validity_s = read_validity(&r, first >> 3 & 3);
	if (r.bad || !read_user_data(&r, first & 0x40, &s))
		return false;
	*ret = s;
	return true;
}

/* `count_octets`: an SMSC's address counts octets, all others count semi-octets. */
static size_t write_address(uint8_t *o, const char *a, bool count_octets)
{
	bool international = *a == '+';
	const char *d = international ? a + 1 : a;
	size_t n = strlen(d);

	if (strspn(d, "0123456789") != n) { /* a name, in septets */
		uint8_t septets[2 * ADDRESS_MAX];
		size_t k = 0;
		for (size_t i = 0; i < strlen(a) && k + 2 <= 11; i++)
			k += gsm7_encode((unsigned char)a[i], septets + k);
		size_t octets = gsm7_pack(septets, k, 0, o + 2);
		o[0] = (uint8_t)((k * 7 + 3) / 4);
		o[1] = TON_ALPHANUMERIC;
		return 2 + octets;
	}
	size_t octets = (n + 1) / 2;
	o[0] = (uint8_t)(count_octets ? octets + 1 : n);
	o[1] = international ? TON_INTERNATIONAL : TON_UNKNOWN;
	for (size_t i = 0; i < octets; i++) {
		unsigned low = (unsigned)(d[2 * i] - '0');
		unsigned high = 2 * i + 1 < n ? (unsigned)(d[2 * i + 1] - '0') : 15u;
		o[2 + i] = (uint8_t)(high << 4 | low);
	}
	return 2 + octets;
}

static size_t write_smsc(uint8_t *o, const char *smsc)
{
	if (*smsc == 0) {
		o[0] = 0;
		return 1;
	}
	return write_address(o, smsc, true);
}

static void write_time(uint8_t o[static 7], time_t t)
{
	struct tm tm;
	t += SMSC_ZONE_QUARTERS * 900;
	gmtime_r(&t, &tm);
	const int v[7] = { tm.tm_year % 100, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		tm.tm_sec, SMSC_ZONE_QUARTERS };
	for (size_t i = 0; i < 7; i++)
		o[i] = (uint8_t)(v[i] % 10 << 4 | v[i] / 10 % 10);
}

size_t deliver_write(const struct deliver *d, const char *smsc, uint8_t out[static PDU_MAX])
{
	bool has_header = d->part.total > 1;
	size_t n = write_smsc(out, smsc);

	out[n++] = (uint8_t)(0x04 | (has_header ? 0x40 : 0)); /* no more messages to send */
	n += write_address(out + n, d->from, false);
	out[n++] = 0; /* TP-PID */
	out[n++] = d->alphabet == ALPHABET_UCS2 ? 0x08 : 0x00;
	write_time(out + n, d->sent);
	n += 7;
	size_t head = has_header ? 6 : 0;
	uint8_t *length = out + n++, *ud = out + n;
	if (has_header) {
		const uint8_t udh[6] = { 5, 0x00, 3, (uint8_t)d->part.ref, (uint8_t)d->part.total,
			(uint8_t)d->part.seq };
		memcpy(ud, udh, sizeof udh);
	}
	if (d->alphabet == ALPHABET_UCS2) {
		for (size_t i = 0; i < d->n; i++) {
			ud[head + 2 * i] = (uint8_t)(d->units[i] >> 8);
			ud[head + 2 * i + 1] = (uint8_t)(d->units[i] & 0xff);
		}
		*length = (uint8_t)(head + 2 * d->n);
		return n + *length;
	}
	size_t head_septets = (head * 8 + 6) / 7;
	*length = (uint8_t)(head_septets + d->n);
	return n + head
		+ gsm7_pack(d->septets, d->n, (unsigned)(head_septets * 7 - head * 8), ud + head);
}

size_t report_write(const struct report *r, const char *smsc, uint8_t out[static PDU_MAX])
{
	size_t n = write_smsc(out, smsc);

	out[n++] = 0x06; /* SMS-STATUS-REPORT, no more messages to send */
	out[n++] = r->mr;
	n += write_address(out + n, r->to, false);
	write_time(out + n, r->sent);
	write_time(out + n + 7, r->done);
	n += 14;
	out[n++] = r->status;
	return n;
}
