/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/msisdn.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define MSISDN_DIGITS_MIN 9
#define SEVEN_DIGITS 11 /* Kazakhstan and Russia: 7 and ten digits */
#define WHOLE_DIGITS 11 /* nobody here leaves the '+' out of a shorter number with its country */

static const char *const texts[] = {
	[MSISDN_OK] = "is good", [MSISDN_EMPTY] = "is empty",
	[MSISDN_BAD_CHARACTER] = "has a character that no number has",
	[MSISDN_SHORT] = "is too short", [MSISDN_LONG] = "is too long",
	[MSISDN_NO_COUNTRY] = "has no country code",
};

const char *msisdn_err_text(enum msisdn_err e)
{
	return texts[e];
}

/* The digits without what people put between them; *ret_plus when it began with '+'. */
static enum msisdn_err take_digits(struct span text, char *ret, size_t room, bool *ret_plus)
{
	size_t n = 0;
	text = span_trim(text);
	*ret_plus = text.n > 0 && text.p[0] == '+';
	for (size_t i = *ret_plus ? 1 : 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		if (c >= '0' && c <= '9') {
			if (n + 1 >= room)
				return MSISDN_LONG;
			ret[n++] = (char)c;
		} else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.')
			return MSISDN_BAD_CHARACTER;
	}
	ret[n] = '\0';
	return n == 0 ? MSISDN_EMPTY : MSISDN_OK;
}

/* What the digits say, with the country's in front. */
static enum msisdn_err read_digits(const char *p, bool plus, struct msisdn *ret)
{
	size_t n = strlen(p);
	bool national = false, whole = plus;
	if (!plus && n > 2 && p[0] == '0' && p[1] == '0') {
		p += 2;
		n -= 2;
		whole = true;
	} else if (!plus && n == SEVEN_DIGITS && p[0] == '8') {
		p += 1;
		n -= 1;
		national = true;
	} else if (!plus && n == SEVEN_DIGITS - 1 && p[0] == '7')
		national = true; /* 7010000000 */
	if (n < MSISDN_DIGITS_MIN)
		return MSISDN_SHORT;
	if (p[0] == '0' || (!whole && !national && n < WHOLE_DIGITS))
		return MSISDN_NO_COUNTRY;
	if (n + (national ? 1 : 0) > MSISDN_DIGITS_MAX)
		return MSISDN_LONG;
	if (!national && p[0] == '7' && n != SEVEN_DIGITS)
		return n < SEVEN_DIGITS ? MSISDN_SHORT : MSISDN_LONG;
	struct msisdn m = { .digits_ = "" };
	if (national)
		m.digits_[0] = '7';
	memcpy(m.digits_ + (national ? 1 : 0), p, n);
	*ret = m;
	return MSISDN_OK;
}

enum msisdn_err msisdn_parse(struct span text, struct msisdn *ret)
{
	char digits[24];
	bool plus = false;
	enum msisdn_err e = take_digits(text, digits, sizeof digits, &plus);
	if (e == MSISDN_OK)
		e = read_digits(digits, plus, ret);
	explicit_bzero(digits, sizeof digits);
	return e;
}

bool msisdn_from_network(struct span digits, bool international, struct msisdn *ret)
{
	struct msisdn m = { .digits_ = "" };
	if (digits.n > 0 && digits.p[0] == '+') {
		international = true;
		digits = span_make(digits.p + 1, digits.n - 1);
	}
	if (digits.n < MSISDN_DIGITS_MIN || digits.n > MSISDN_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
	if (!international)
		return msisdn_parse(digits, ret) == MSISDN_OK;
	memcpy(m.digits_, digits.p, digits.n);
	*ret = m;
	return true;
}

bool msisdn_equal(const struct msisdn *a, const struct msisdn *b)
{
	return strcmp(a->digits_, b->digits_) == 0;
}

struct span msisdn_span(const struct msisdn *m)
{
	return span_of(m->digits_);
}

struct span msisdn_tail_span(const struct msisdn *m)
{
	size_t n = strlen(m->digits_);
	size_t skip = n > MSISDN_TAIL ? n - MSISDN_TAIL : 0;
	return span_make(m->digits_ + skip, n - skip);
}

void msisdn_masked(const struct msisdn *m, char ret[24])
{
	/* E.164: zones 1 and 7 are one digit, these are two, all others three */
	static const char twos[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 "
		"55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
	size_t n = strlen(m->digits_), code = 3;
	ret[0] = '\0';
	if (n < MSISDN_DIGITS_MIN)
		return;
	const char two[4] = { m->digits_[0], m->digits_[1], ' ', '\0' };
	if (m->digits_[0] == '1' || m->digits_[0] == '7')
		code = 1;
	else if (strstr(twos, two) != NULL)
		code = 2;
	(void)snprintf(ret, 24, "+%.*s … %s", (int)code, m->digits_, m->digits_ + n - 2);
}

const char *country_of_digits(struct span digits)
{
	static const struct {
		const char *code, *country;
	} countries[] = { /* of +7 the digit behind it tells which */
		{ "77", "KZ" }, { "76", "KZ" }, { "7", "RU" }, { "998", "UZ" }, { "996", "KG" }, { "992", "TJ" },
		{ "993", "TM" }, { "90", "TR" }, { "86", "CN" },
	};
	for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
		const size_t n = strlen(countries[i].code);
		if (digits.n > n && span_is(span_make(digits.p, n), countries[i].code))
			return countries[i].country;
	}
	return NULL;
}

void msisdn_wipe(struct msisdn *m)
{
	explicit_bzero(m, sizeof *m);
}
