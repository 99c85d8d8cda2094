/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/balance.h"

#include "base/banned.h"

static bool is_digit(struct span s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static size_t digits_from(struct span s, size_t at)
{
	size_t n = 0;
	while (is_digit(s, at + n))
		n++;
	return n;
}

/* Octets of a blank that may stand between thousands: ' ', U+00A0, U+202F. */
static size_t blank_at(struct span s, size_t at)
{
	if (at < s.n && s.p[at] == ' ')
		return 1;
	if (at + 1 < s.n && s.p[at] == 0xC2 && s.p[at + 1] == 0xA0)
		return 2;
	if (at + 2 < s.n && s.p[at] == 0xE2 && s.p[at + 1] == 0x80 && s.p[at + 2] == 0xAF)
		return 3;
	return 0;
}

static bool is_point(struct span s, size_t at)
{
	return at < s.n && (s.p[at] == '.' || s.p[at] == ',');
}

/* Octets between the thousands that end at `at` and three more digits; 0: none follow. */
static size_t group_gap(struct span s, size_t at)
{
	const size_t gap = is_point(s, at) ? 1 : blank_at(s, at);
	return gap > 0 && digits_from(s, at + gap) == 3 ? gap : 0;
}

bool balance_find(struct span s, int64_t *ret)
{
	size_t at = 0, taken = 0;
	int64_t value = 0;
	while (at < s.n && !is_digit(s, at))
		at++;
	const bool is_negative = at > 0 && s.p[at - 1] == '-';
	size_t n = digits_from(s, at);
	const bool may_group = n >= 1 && n <= 3;
	while (n > 0) {
		taken += n;
		if (taken > BALANCE_DIGITS_MAX)
			return false;
		for (; n > 0; n--)
			value = value * 10 + (s.p[at++] - '0');
		const size_t gap = may_group ? group_gap(s, at) : 0;
		if (gap > 0) {
			at += gap;
			n = 3;
		}
	}
	if (taken == 0)
		return false;
	value *= 100;
	n = is_point(s, at) ? digits_from(s, at + 1) : 0;
	if (n == 1 || n == 2)
		value += (s.p[at + 1] - '0') * 10 + (n == 2 ? s.p[at + 2] - '0' : 0);
	*ret = is_negative ? -value : value;
	return true;
}
