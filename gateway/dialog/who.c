/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog/inside.h"

#include <string.h>

#include "store/sims.h"
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
static const char *country_of_number(const struct who *w)
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

/* Mobile country codes (ITU E.212), which an IMSI begins with. NULL: one that we don't know, or none. */
static const char *country_of_imsi(const char *imsi)
{
	static const struct {
		const char *code, *country;
	} countries[] = {
		{ "401", "KZ" }, { "434", "UZ" }, { "437", "KG" }, { "436", "TJ" }, { "438", "TM" },
		{ "250", "RU" }, { "286", "TR" }, { "460", "CN" },
	};
	for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
		if (strncmp(imsi, countries[i].code, 3) == 0)
			return countries[i].country;
	return NULL;
}

struct err who_country(struct txn *tx, const struct who *w, int64_t sim, const char **ret)
{
	char imsi[IMSI_LIMIT];
	struct err e = sim_imsi_get(tx, sim, imsi);
	const char *of_sim = err_is(e) ? NULL : country_of_imsi(imsi);
	const bool is_abroad = of_sim != NULL && strcmp(of_sim, "KZ") != 0;
	*ret = is_abroad ? of_sim : country_of_number(w);
	explicit_bzero(imsi, sizeof imsi);
	return e;
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
