/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row on its way to the daemon, and what stands in a cell: dates and tags. */
#include "campaign/contact_list.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "text/language.h"
#include "base/banned.h"

#define FIELDS 12

/* ---- a line a row */
static void put(struct buf *b, struct span s, uint8_t end)
{
	for (size_t i = 0; i < s.n; i++) /* what would part fields becomes a blank */
		buf_add_octet(b, s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i]);
	buf_add_octet(b, end);
}

void contact_row_write(const struct contact_row *r, struct buf *ret)
{
	const struct consent *c = &r->consent;
	const char *const facts[] = { r->facts.country, r->facts.operator_, r->facts.language,
		r->facts.script, r->facts.region, r->tags };
	put(ret, msisdn_span(&r->number), '\t');
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
		put(ret, span_of(facts[i]), '\t');
	if (!r->has_consent) {
		buf_add_text(ret, "\t\t\t\t\n");
		return;
	}
	buf_addf(ret, "%lld\t", (long long)c->at_ms);
	put(ret, span_of(c->channel), '\t');
	put(ret, span_of(c->wording), '\t');
	put(ret, span_of(c->language), '\t');
	put(ret, span_of(c->proof), '\n');
}

static bool copy(struct span s, char *ret, size_t room)
{
	if (s.n >= room || (s.n > 0 && memchr(s.p, '\0', s.n) != NULL))
		return false;
	if (s.n > 0)
		memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
	return true;
}

static bool take_number(struct span digits, struct msisdn *ret)
{
	char plus[MSISDN_DIGITS_MAX + 2] = "+";
	const bool good = copy(digits, plus + 1, sizeof plus - 1) &&
	                  msisdn_parse(span_of(plus), ret) == MSISDN_OK;
	explicit_bzero(plus, sizeof plus);
	return good;
}

static bool take_fields(const struct span f[FIELDS], struct contact_row *ret)
{
	enum language l = LANGUAGE_UNKNOWN;
	struct contact_row r = { .line = 0 };
	struct consent *c = &r.consent;
	if (!take_number(f[0], &r.number) || !copy(f[1], r.facts.country, sizeof r.facts.country) ||
	    !copy(f[2], r.facts.operator_, sizeof r.facts.operator_) ||
	    !language_parse(f[3], &l) || l >= LANGUAGE_PEOPLE ||
	    !copy(f[4], r.facts.script, sizeof r.facts.script) ||
	    !copy(f[5], r.facts.region, sizeof r.facts.region) ||
	    !copy(f[6], r.tags, sizeof r.tags))
		return false;
	(void)text_copy(r.facts.language, sizeof r.facts.language, language_tag(l));
	r.has_consent = f[7].n > 0;
	if (r.has_consent && (!int_parse(f[7], 1, INT64_MAX, &c->at_ms) ||
	                      !copy(f[8], c->channel, sizeof c->channel) || f[8].n == 0 ||
	                      !copy(f[9], c->wording, sizeof c->wording) || f[9].n == 0 ||
	                      !copy(f[10], c->language, sizeof c->language) ||
	                      !copy(f[11], c->proof, sizeof c->proof)))
		return false;
	*ret = r;
	return true;
}

bool contact_row_take(struct span *rest, struct contact_row *ret, bool *ret_bad)
{
	struct span line, f[FIELDS] = { { .p = NULL } };
	*ret_bad = false;
	if (!span_line(rest, &line))
		return false;
	size_t n = 0;
	for (size_t at = 0; n < FIELDS; n++) {
		const uint8_t *tab = at < line.n ? memchr(line.p + at, '\t', line.n - at) : NULL;
		const size_t end = tab != NULL ? (size_t)(tab - line.p) : line.n;
		f[n] = span_make(line.p + at, end - at);
		at = end + 1;
		if (tab == NULL) {
			n++;
			break;
		}
	}
	*ret_bad = n != FIELDS || !take_fields(f, ret);
	return !*ret_bad;
}

void contact_row_wipe(struct contact_row *r)
{
	msisdn_wipe(&r->number);
}

/* ---- dates */
static bool is_day(int64_t y, int64_t m, int64_t d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	return y >= 1990 && y <= 2200 && m >= 1 && m <= 12 && d >= 1 &&
	       d <= days[m - 1] + (m == 2 && leap ? 1 : 0);
}

static int64_t ms_of(int64_t y, int64_t m, int64_t d)
{
	struct tm t = { .tm_year = (int)(y - 1900), .tm_mon = (int)(m - 1), .tm_mday = (int)d };
	return (int64_t)timegm(&t) * 1000;
}

enum contact_date contact_date_parse(struct span text, int64_t *ret_ms)
{
	struct span s = span_trim(text), part[3];
	int64_t n[3] = { 0 };
	size_t count = 0, at = 0;
	char by = '\0';
	for (size_t i = 0; i < s.n; i++) /* a time may stand behind it */
		if (s.p[i] == ' ' || s.p[i] == 'T' || s.p[i] == ',')
			s.n = i;
	for (size_t i = 0; i <= s.n && count < 3; i++) {
		const char c = i < s.n ? (char)s.p[i] : '\0';
		if (i < s.n && c >= '0' && c <= '9')
			continue;
		if (i < s.n && ((c != '-' && c != '.' && c != '/') || (by != '\0' && c != by)))
			return CONTACT_DATE_BAD;
		part[count] = span_make(s.p + at, i - at);
		if (part[count].n > 4 && count + 1 < 3 && i == s.n)
			return CONTACT_DATE_NUMBER; /* 45789: days since 1900 */
		if (!int_parse(part[count], 0, 9999, &n[count]))
			return CONTACT_DATE_BAD;
		count++;
		at = i + 1;
		if (i < s.n)
			by = c;
	}
	if (count != 3 || at <= s.n)
		return CONTACT_DATE_BAD;
	int64_t y = n[2], m = n[1], d = n[0];
	if (part[0].n == 4) {
		y = n[0];
		d = n[2];
	} else if (part[2].n == 2) {
		y += 2000;
	}
	if (by == '/' && part[0].n != 4 && m <= 12 && d <= 12 && m != d)
		return CONTACT_DATE_UNCLEAR; /* 05/12: in which country? */
	if (!is_day(y, m, d))
		return CONTACT_DATE_BAD;
	*ret_ms = ms_of(y, m, d);
	return CONTACT_DATE_OK;
}

/* ---- tags */
bool contact_tag_clean(struct span text, char ret[TAG_LIMIT])
{
	if (text.n == 0 || text.n >= TAG_LIMIT)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		const uint8_t c = text.p[i];
		const bool upper = c >= 'A' && c <= 'Z';
		if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
		    c < 0x80)
			return false;
		ret[i] = (char)(upper ? c + ('a' - 'A') : c);
	}
	ret[text.n] = '\0';
	return true;
}
