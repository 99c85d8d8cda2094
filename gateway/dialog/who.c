/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog/inside.h"

#include <string.h>

#include "base/banned.h"

struct err who_is(struct vault *v, struct span sender, int64_t now_ms, struct who *ret)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct who w = { .is_person = false };
	buf_init(&w.octets, 512);
	w.is_person = msisdn_from_network(sender, sender.n > 0 && sender.p[0] == '+', &w.number);
	buf_add(&w.octets, w.is_person ? msisdn_span(&w.number) : sender);
	struct err e = w.octets.failed ? err_make(ERR_INPUT, "read a sender", NULL, NULL)
	                               : vault_version(v, RING_LIVE, now_ms, &w.version);
	if (!err_is(e))
		e = vault_hash(v, RING_LIVE, w.version, "number", buf_span(&w.octets), &w.live);
	if (!err_is(e))
		vault_versions(v, RING_LIVE, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !err_is(e); i++) {
		if (versions[i] == w.version)
			continue;
		w.older[w.older_count] = versions[i];
		e = vault_hash(v, RING_LIVE, versions[i], "number", buf_span(&w.octets),
		               &w.older_live[w.older_count]);
		w.older_count++;
	}
	if (err_is(e))
		who_wipe(&w);
	else
		*ret = w;
	return e;
}

void who_wipe(struct who *w)
{
	msisdn_wipe(&w->number);
	buf_wipe(&w->octets);
}

/* Country codes with which people write to Kazakhstan; of +7 the digit behind it tells which. */
const char *who_country(const struct who *w)
{
	static const struct {
		const char *code, *country;
	} countries[] = {
		{ "77", "KZ" }, { "76", "KZ" }, { "7", "RU" }, { "998", "UZ" }, { "996", "KG" }, { "992", "TJ" },
		{ "993", "TM" }, { "90", "TR" }, { "86", "CN" },
	};
	const struct span digits = msisdn_span(&w->number);
	for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
		const size_t n = strlen(countries[i].code);
		if (digits.n > n && span_is(span_make(digits.p, n), countries[i].code))
			return countries[i].country;
	}
	return "ZZ";
}

enum language who_by_country(const struct who *w)
{
	static const struct {
		const char *code;
		enum language language;
	} countries[] = {
		{ "998", LANGUAGE_UZ }, { "996", LANGUAGE_KY }, { "992", LANGUAGE_TG },
	};
	const struct span digits = msisdn_span(&w->number);
	for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
		if (digits.n > 3 && span_is(span_make(digits.p, 3), countries[i].code))
			return countries[i].language;
	return LANGUAGE_RU;
}
