/* SPDX-License-Identifier: GPL-3.0-or-later */
/* C++ because libphonenumber is: it knows which numbers there are. What it would take too kindly,
 * words, two numbers, an exponent, is refused before it is asked. */
#include "text/phone.h"

#include <cstring>
#include <set>
#include <string>

#include <phonenumbers/phonenumberutil.h>

#include "base/banned.h"

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static const char *const texts[PHONE_ERR_COUNT] = {
#define X(id, text) text,
	PHONE_ERRS(X)
#undef X
};

#define CLEAN_LIMIT 64u

const char *phone_err_text(enum phone_err e)
{
	return texts[e];
}

bool phone_is_country(const char *country)
{
	static const std::set<std::string> known = [] {
		std::set<std::string> s;
		PhoneNumberUtil::GetInstance()->GetSupportedRegions(&s);
		return s;
	}();
	return known.count(country) > 0;
}

/* What people put between digits, and marks that come along when a number is copied: nothing of it
 * says anything. Its length in octets, or 0. */
static size_t noise(struct span s)
{
	static const char *const marks[] = {
		" ", "\t", "-", "(", ")", ".", "/", "'", "\"", "`", "\xc2\xa0", "\xc2\xad",
		"\xe2\x80\x80", "\xe2\x80\x83", "\xe2\x80\x87", "\xe2\x80\x89", "\xe2\x80\x8b", "\xe2\x80\x8e",
		"\xe2\x80\x8f", "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x80\x94",
		"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\xaa", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xaf",
		"\xe2\x81\xa0", "\xe2\x88\x92", "\xef\xbb\xbf",
	};
	for (const char *m : marks) {
		const size_t n = strlen(m);
		if (s.n >= n && memcmp(s.p, m, n) == 0)
			return n;
	}
	return 0;
}

/* 7.701E+10 and 7,70101E+10: the digits are lost. */
static bool has_exponent(struct span s)
{
	for (size_t i = 1; i + 1 < s.n; i++)
		if ((s.p[i] | 0x20) == 'e' && s.p[i - 1] >= '0' && s.p[i - 1] <= '9' &&
		    (s.p[i + 1] == '+' || (s.p[i + 1] >= '0' && s.p[i + 1] <= '9')))
			return true;
	return false;
}

/* A list of numbers written into one cell. */
static bool has_parting(struct span s)
{
	size_t digits = 0;
	bool parted = false;
	for (size_t i = 0; i < s.n; i++) {
		const uint8_t c = s.p[i];
		if (c >= '0' && c <= '9')
			digits++;
		else if (digits >= 9 && (c == ',' || c == ';' || c == '\n' || c == '/' || c == '+'))
			parted = true;
	}
	return parted && digits >= 18;
}

/* "87010000000.0": a number that a program took for a measure. */
static struct span without_fraction(struct span s)
{
	if (s.n > 2 && s.p[s.n - 1] == '0' && (s.p[s.n - 2] == '.' || s.p[s.n - 2] == ',')) {
		for (size_t i = 0; i + 2 < s.n; i++)
			if (s.p[i] < '0' || s.p[i] > '9')
				return s;
		s.n -= 2;
	}
	return s;
}

/* Digits, with '+' in front where there was one. */
static enum phone_err clean(struct span s, char ret[CLEAN_LIMIT])
{
	size_t n = 0;
	s = span_trim(s);
	if (has_exponent(s))
		return PHONE_EXPONENT;
	if (has_parting(s))
		return PHONE_TWO;
	if (s.n > 1 && s.p[0] == '=') /* ="8701…" keeps a spreadsheet from counting with it */
		s = span_make(s.p + 1, s.n - 1);
	s = without_fraction(s);
	while (s.n > 0) {
		size_t skip = noise(s);
		if (skip == 0) {
			const uint8_t c = s.p[0];
			if (c != '+' && (c < '0' || c > '9'))
				return PHONE_BAD_CHARACTER;
			if (c == '+' && n > 0)
				return PHONE_BAD_CHARACTER;
			if (n + 1 == CLEAN_LIMIT)
				return PHONE_LONG;
			ret[n++] = static_cast<char>(c);
			skip = 1;
		}
		s = span_make(s.p + skip, s.n - skip);
	}
	ret[n] = '\0';
	return n == 0 ? PHONE_EMPTY : PHONE_OK;
}

static enum phone_err from_msisdn(enum msisdn_err e)
{
	switch (e) {
	case MSISDN_OK:
		return PHONE_OK;
	case MSISDN_EMPTY:
		return PHONE_EMPTY;
	case MSISDN_BAD_CHARACTER:
		return PHONE_BAD_CHARACTER;
	case MSISDN_SHORT:
		return PHONE_SHORT;
	case MSISDN_LONG:
		return PHONE_LONG;
	case MSISDN_NO_COUNTRY:
		return PHONE_NO_COUNTRY;
	}
	return PHONE_BAD_CHARACTER;
}

/* Is there such a number, where, and can it get texts? */
static enum phone_err judge(const PhoneNumber &number, char ret_country[3])
{
	const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
	std::string region;
	util->GetRegionCodeForNumber(number, &region);
	if (region.size() != 2 || region == "ZZ")
		return PHONE_UNKNOWN;
	switch (util->GetNumberType(number)) {
	case PhoneNumberUtil::MOBILE:
	case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
	case PhoneNumberUtil::PERSONAL_NUMBER:
		break;
	case PhoneNumberUtil::UNKNOWN:
		return PHONE_UNKNOWN;
	default: /* landlines, free and dear services, pagers */
		return PHONE_LANDLINE;
	}
	memcpy(ret_country, region.c_str(), 3);
	return PHONE_OK;
}

/* As they write it in that country: what begins with its trunk prefix, or with nothing. */
static bool parse_national(const char *digits, const char *country, PhoneNumber *ret)
{
	const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
	return digits[0] != '+' && strncmp(digits, "00", 2) != 0 &&
	       util->Parse(digits, country, ret) == PhoneNumberUtil::NO_PARSING_ERROR &&
	       util->IsValidNumberForRegion(*ret, country);
}

enum phone_err phone_read(struct span utf8, const char *country, struct msisdn *ret)
{
	char digits[CLEAN_LIMIT] = "";
	PhoneNumber number;
	enum phone_err e = clean(utf8, digits);
	if (e == PHONE_OK && strcmp(country, "KZ") != 0 && parse_national(digits, country, &number)) {
		std::string whole;
		PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::E164, &whole);
		e = from_msisdn(msisdn_parse(span_make(whole.data(), whole.size()), ret));
		explicit_bzero(&whole[0], whole.size());
	} else if (e == PHONE_OK) {
		e = from_msisdn(msisdn_parse(span_of(digits), ret));
	}
	explicit_bzero(digits, sizeof digits);
	return e;
}

enum phone_err phone_verify(const struct msisdn *m, char ret_country[3])
{
	PhoneNumber number;
	const struct span s = msisdn_span(m);
	std::string whole(1, '+');
	whole.append(reinterpret_cast<const char *>(s.p), s.n);
	const bool parsed = PhoneNumberUtil::GetInstance()->Parse(whole, "ZZ", &number) ==
	                    PhoneNumberUtil::NO_PARSING_ERROR;
	explicit_bzero(&whole[0], whole.size());
	return parsed ? judge(number, ret_country) : PHONE_UNKNOWN;
}

enum phone_err phone_parse(struct span utf8, const char *country, struct msisdn *ret,
                           char ret_country[3])
{
	struct msisdn m = {};
	enum phone_err e = phone_read(utf8, country, &m);
	if (e == PHONE_OK)
		e = phone_verify(&m, ret_country);
	if (e == PHONE_OK)
		*ret = m;
	msisdn_wipe(&m);
	return e;
}
