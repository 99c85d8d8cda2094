/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/tpdu.h"

#include "base/banned.h"

#define SMSC_OCTETS_MAX 11  /* type and ten octets of digits */
#define ADDRESS_DIGITS_MAX 20
#define USER_DATA_MAX 140
#define TIME_OCTETS 7
#define UDH_CONCAT_8 0x00
#define UDH_CONCAT_16 0x08

/* Octets still to be judged. */
struct cursor {
	struct span rest;
	bool is_short;
};

static struct span take(struct cursor *c, size_t n)
{
	if (c->is_short || c->rest.n < n) {
		c->is_short = true;
		return span_make(NULL, 0);
	}
	struct span s = span_make(c->rest.p, n);
	c->rest = span_make(c->rest.p + n, c->rest.n - n);
	return s;
}

static uint8_t take_octet(struct cursor *c)
{
	struct span s = take(c, 1);
	return s.n == 1 ? s.p[0] : 0;
}

/* TP-OA, TP-RA (§9.1.2.5): length in semi-octets, type, digits. */
static bool take_address(struct cursor *c)
{
	uint8_t digits = take_octet(c);
	if (digits > ADDRESS_DIGITS_MAX)
		return false;
	(void)take_octet(c);
	(void)take(c, (digits + 1u) / 2);
	return true;
}

/* Septets or octets? TS 23.038 §4: the alphabet's bits of each coding group. */
static bool is_septets(uint8_t dcs)
{
	if ((dcs & 0x80) == 0) /* 00xx and 01xx; compressed (bit 5) is counted in octets */
		return (dcs & 0x20) == 0 && ((dcs & 0x0C) == 0x00 || (dcs & 0x0C) == 0x0C);
	if ((dcs & 0xF0) == 0xF0)
		return (dcs & 0x04) == 0;
	return (dcs & 0xF0) != 0xE0; /* 1110: UCS-2 */
}

static bool is_ucs2(uint8_t dcs)
{
	if ((dcs & 0x80) == 0)
		return (dcs & 0x2C) == 0x08;
	return (dcs & 0xF0) == 0xE0;
}

/* A reference that makes no sense is ignored and the text kept, as §9.2.3.24 asks. */
static void read_concatenation(uint8_t id, struct span ie, struct tpdu *t)
{
	uint16_t ref = 0;
	if (id == UDH_CONCAT_8 && ie.n == 3)
		ref = ie.p[0];
	else if (id == UDH_CONCAT_16 && ie.n == 4)
		ref = (uint16_t)(ie.p[0] << 8 | ie.p[1]);
	else
		return;
	uint8_t total = ie.p[ie.n - 2], seq = ie.p[ie.n - 1];
	if (total == 0 || seq == 0 || seq > total)
		return;
	t->concat_ref = ref;
	t->concat_total = total;
	t->concat_seq = seq;
}

static enum tpdu_err read_header(struct span *user_data, struct tpdu *t)
{
	struct cursor c = { .rest = *user_data };
	uint8_t length = take_octet(&c);
	struct cursor elements = { .rest = take(&c, length) };
	if (c.is_short)
		return TPDU_BAD_UDH;
	while (elements.rest.n > 0) {
		uint8_t id = take_octet(&elements);
		struct span ie = take(&elements, take_octet(&elements));
		if (elements.is_short)
			return TPDU_BAD_UDH;
		read_concatenation(id, ie, t);
	}
	*user_data = c.rest;
	return TPDU_OK;
}

/* TP-UDL and TP-UD. With a UDH, septets begin at the next septet's border; that header's octets are
 * within the count either way. */
static enum tpdu_err read_user_data(struct cursor *c, bool has_header, struct tpdu *t)
{
	size_t length = take_octet(c);
	size_t octets = is_septets(t->dcs) ? (length * 7 + 7) / 8 : length;
	if (c->is_short)
		return TPDU_SHORT;
	if (octets > USER_DATA_MAX)
		return TPDU_LONG;
	if (c->rest.n < octets)
		return TPDU_SHORT;
	t->user_data = take(c, octets);
	if (has_header) {
		if (octets == 0)
			return TPDU_BAD_UDH;
		enum tpdu_err e = read_header(&t->user_data, t);
		if (e != TPDU_OK)
			return e;
		/* else what is left of TP-UDL after the header is less than nothing */
		if (is_septets(t->dcs) && ((octets - t->user_data.n) * 8 + 6) / 7 > length)
			return TPDU_BAD_UDH;
	}
	return is_ucs2(t->dcs) && t->user_data.n % 2 != 0 ? TPDU_BAD_LENGTH : TPDU_OK;
}

static enum tpdu_err read_deliver(struct cursor *c, uint8_t first, struct tpdu *t)
{
	if (!take_address(c))
		return TPDU_BAD_ADDRESS;
	(void)take_octet(c); /* TP-PID */
	t->dcs = take_octet(c);
	(void)take(c, TIME_OCTETS);
	if (c->is_short)
		return TPDU_SHORT;
	return read_user_data(c, (first & 0x40) != 0, t);
}

/* TP-MR, TP-RA, TP-SCTS, TP-DT, TP-ST, and, rarely, TP-PI with what it announces. */
static enum tpdu_err read_report(struct cursor *c, struct tpdu *t)
{
	(void)take_octet(c);
	if (!take_address(c))
		return TPDU_BAD_ADDRESS;
	(void)take(c, 2 * TIME_OCTETS + 1);
	if (c->is_short)
		return TPDU_SHORT;
	if (c->rest.n == 0)
		return TPDU_OK;
	uint8_t indicator = take_octet(c);
	if ((indicator & 0x01) != 0)
		(void)take_octet(c);
	if ((indicator & 0x02) != 0)
		t->dcs = take_octet(c);
	if (c->is_short)
		return TPDU_SHORT;
	if ((indicator & 0x04) == 0)
		return TPDU_OK;
	return read_user_data(c, false, t);
}

enum tpdu_err tpdu_check(struct span octets, size_t length, struct tpdu *ret)
{
	struct cursor c = { .rest = octets };
	struct tpdu t = { .concat_total = 1, .concat_seq = 1, .whole = octets };
	uint8_t smsc = take_octet(&c);
	if (smsc > SMSC_OCTETS_MAX)
		return TPDU_BAD_ADDRESS;
	(void)take(&c, smsc);
	/* Octets that are missing are a damaged line; some modems and networks pad, which harms nothing. */
	if (c.is_short || c.rest.n < length || length == 0)
		return TPDU_SHORT;
	uint8_t first = take_octet(&c);
	enum tpdu_err e = TPDU_BAD_TYPE;
	if ((first & 0x03) == 0x00) {
		t.kind = TPDU_DELIVER;
		e = read_deliver(&c, first, &t);
	} else if ((first & 0x03) == 0x02) {
		t.kind = TPDU_STATUS_REPORT;
		e = read_report(&c, &t);
	}
	if (e != TPDU_OK)
		return e;
	t.whole.n -= c.rest.n;
	*ret = t;
	return e;
}

const char *tpdu_err_text(enum tpdu_err e)
{
	static const char *const texts[] = { [TPDU_OK] = "is well-formed",
		[TPDU_SHORT] = "ends too early", [TPDU_LONG] = "says that it is longer than a text can be",
		[TPDU_BAD_TYPE] = "is of a kind that no modem receives",
		[TPDU_BAD_ADDRESS] = "has an address of impossible length",
		[TPDU_BAD_LENGTH] = "has half a character", [TPDU_BAD_UDH] = "has a broken header" };
	return texts[e];
}
