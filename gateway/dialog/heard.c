/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A contact wrote or rang: that is noted on the contact, by the day, since the hour would say who asked
 * what. Who isn't one becomes none by that. Needs open people keys: while they are closed nobody is
 * known, and no campaign runs either. */
#include "dialog/inside.h"

#include "base/clock.h"
#include "store/contacts.h"
#include "store/plans.h"
#include "base/banned.h"

#define QUIET_DAYS 30

/* What nobody wishes who is well. A missed call says nothing, and may be all that somebody could do. */
#define HELP (INTENT_BIT(INTENT_EMERGENCY) | INTENT_BIT(INTENT_VIOLENCE) | \
	INTENT_BIT(INTENT_CHILDREN) | INTENT_BIT(INTENT_HEALTH) | INTENT_BIT(INTENT_SHELTER) | \
	INTENT_BIT(INTENT_DOCUMENTS) | INTENT_BIT(INTENT_RETURN_HOME) | INTENT_BIT(INTENT_LEGAL) | \
	INTENT_BIT(INTENT_WAGES) | INTENT_BIT(INTENT_CALL_ME) | INTENT_BIT(INTENT_HOTLINE) | \
	INTENT_BIT(INTENT_CALL))

static struct err note(struct txn *tx, int64_t version, const struct hash *number, unsigned wishes,
                       int64_t now_ms)
{
	const int64_t today_ms = now_ms - now_ms % DAY_MS;
	struct err e = contact_engaged(tx, version, number, today_ms);
	if (!err_is(e) && (wishes & HELP) != 0)
		e = contact_quiet(tx, version, number, today_ms + (QUIET_DAYS + 1) * DAY_MS);
	if (!err_is(e) && (wishes & HELP) != 0) /* what was queued before they asked, too */
		e = plan_spare(tx, version, number, now_ms);
	return e;
}

/* Under each version of the people keys; nothing where they are closed. */
struct err heard_note(struct txn *tx, struct dialog *d, const struct who *w, unsigned wishes,
                      int64_t now_ms)
{
	int64_t versions[VERSIONS_MAX];
	size_t count = 0;
	struct err e = ERR_NONE_VALUE;
	if (!vault_people_is_open(d->vault))
		return e;
	vault_versions(d->vault, RING_PEOPLE, versions, VERSIONS_MAX, &count);
	for (size_t i = 0; i < count && !err_is(e); i++) {
		struct hash number;
		e = vault_hash(d->vault, RING_PEOPLE, versions[i], "number", msisdn_span(&w->number), &number);
		if (!err_is(e))
			e = note(tx, versions[i], &number, wishes, now_ms);
	}
	return e;
}
