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
	const char *of_number = country_of_digits(msisdn_span(&w->number));
	*ret = is_abroad ? of_sim : of_number != NULL ? of_number : "ZZ";
	explicit_bzero(imsi, sizeof imsi);
	return e;
}

enum language who_by_country(const struct who *w)
{
	static const struct {
		const char *country;
		enum language language;
	} speak[] = {
		{ "UZ", LANGUAGE_UZ }, { "KG", LANGUAGE_KY }, { "TJ", LANGUAGE_TG },
	};
	const char *country = country_of_digits(msisdn_span(&w->number));
	for (size_t i = 0; i < sizeof speak / sizeof speak[0]; i++)
		if (country != NULL && strcmp(country, speak[i].country) == 0)
			return speak[i].language;
	return LANGUAGE_RU;
}
