/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIM cards, refused PINs, and the counts for `status`. */
#include "store/sims.h"

#include <stdio.h>

#include "store/txn.h"
#include "base/banned.h"

#define CARD_MAX 32 /* an ICCID has at most 22 characters, an IMSI 15 */
#define LOOPBACK "loop:" /* and the link's name, where a card has its ICCID; SIM_AWAY knows it too */

/* A SIM that once gave its IMSI alone is the same when its ICCID comes to be known. */
static struct err find_row(struct txn *tx, const char *iccid, const char *imsi, int64_t *ret,
                           bool *ret_found)
{
	struct err e = ERR_NONE_VALUE;
	bool found = false;
	int64_t id = 0;
	if (iccid[0] != '\0')
		e = query_int(tx, Q_SIM_BY_ICCID, IN(v_text(iccid)), &id, &found);
	if (!err_is(e) && !found && imsi[0] != '\0') {
		struct rows r = query_start(tx, Q_SIM_BY_IMSI, IN(v_text(imsi)));
		if (rows_next(&r)) {
			id = row_int(&r, 0);
			/* another card of the same subscriber: a card of its own */
			found = iccid[0] == '\0' || row_span(&r, 1).n == 0;
		}
		e = rows_end(&r);
	}
	if (!err_is(e)) {
		*ret = id;
		*ret_found = found;
	}
	return e;
}

static struct err find_or_add(struct txn *tx, const char *iccid, const char *imsi,
                              const char *operator_, int64_t now_ms, int64_t *ret)
{
	int64_t id = 0;
	bool found = false;
	struct err e = find_row(tx, iccid, imsi, &id, &found);
	if (!err_is(e) && found)
		e = query_run(tx, Q_SIM_SEEN, IN(v_int(id), v_text(iccid), v_text(imsi),
		                                 v_text(operator_), v_int(now_ms)));
	else if (!err_is(e))
		e = query_int(tx, Q_SIM_ADD, IN(v_text(iccid), v_text(imsi), v_text(operator_),
		                                v_int(now_ms)), &id, &found);
	if (!err_is(e))
		*ret = id;
	return e;
}

struct err sim_find(struct txn *tx, const char *iccid, const char *imsi, const char *operator_,
                    int64_t now_ms, int64_t *ret)
{
	if ((iccid[0] == '\0' && imsi[0] == '\0') || strlen(iccid) > CARD_MAX ||
	    strlen(imsi) > CARD_MAX || strncmp(iccid, LOOPBACK, strlen(LOOPBACK)) == 0)
		return err_make(ERR_INPUT, "know the SIM", "it told neither ICCID nor IMSI", NULL);
	return find_or_add(tx, iccid, imsi, operator_, now_ms, ret);
}

struct err sim_of_loopback(struct txn *tx, const char *link, int64_t now_ms, int64_t *ret)
{
	char card[64];
	const int n = snprintf(card, sizeof card, LOOPBACK "%s", link);
	if (n < 0 || (size_t)n >= sizeof card)
		return err_make(ERR_INPUT, "know the SIM of a loopback", NULL, "link %.40s", link);
	return find_or_add(tx, card, "", "", now_ms, ret);
}

struct err sim_imsi_get(struct txn *tx, int64_t sim, char ret[IMSI_LIMIT])
{
	ret[0] = '\0';
	struct rows r = query_start(tx, Q_SIM_IMSI, IN(v_int(sim)));
	if (rows_next(&r))
		row_string(&r, 0, ret, IMSI_LIMIT);
	return rows_end(&r);
}

struct err sim_balance_get(struct txn *tx, int64_t sim, struct sim_balance *ret)
{
	struct sim_balance b = { .at_ms = 0 };
	struct rows r = query_start(tx, Q_SIM_BALANCE, IN(v_int(sim)));
	if (rows_next(&r)) {
		b.hundredths = row_int(&r, 0);
		b.at_ms = row_int(&r, 1);
	}
	struct err e = rows_end(&r);
	if (!err_is(e))
		*ret = b;
	return e;
}

struct err sim_balance_set(struct txn *tx, int64_t sim, const struct sim_balance *b)
{
	return query_run(tx, Q_SIM_BALANCE_SET, IN(v_int(sim), v_int(b->hundredths),
	                                           v_int(b->at_ms)));
}

/* ---- devices */
static void device_key(const char *link, char ret[64])
{
	(void)snprintf(ret, 64, "device.%.48s", link);
}

struct err found_device_get(struct txn *tx, const char *link, char *ret, size_t room)
{
	char key[64];
	ret[0] = '\0';
	device_key(link, key);
	struct rows r = query_start(tx, Q_META_GET, IN(v_text(key)));
	if (rows_next(&r))
		row_string(&r, 0, ret, room);
	return rows_end(&r);
}

struct err found_device_set(struct txn *tx, const char *link, const char *device)
{
	char key[64];
	device_key(link, key);
	return query_run(tx, Q_META_SET, IN(v_text(key), v_text(device)));
}

/* ---- PINs */
#define TRIES_LEFT_MIN 2     /* the last try belongs to a person with the PUK at hand */
#define REFUSED_MAX 1        /* of the three that a SIM gives, where it doesn't count aloud */

struct err pin_may(struct txn *tx, const char *card, const struct hash *pin, int tries_left,
                   bool *ret, const char **ret_reason)
{
	bool was_refused = false, found = false;
	int64_t one, refused = 0;
	struct err e = query_int(tx, Q_PIN_HAS, IN(v_text(card), v_hash(pin)), &one, &was_refused);
	if (!err_is(e))
		e = query_int(tx, Q_PIN_COUNT, IN(v_text(card)), &refused, &found);
	if (err_is(e))
		return e;
	*ret = false;
	if (was_refused)
		*ret_reason = "the SIM refused this PIN";
	else if (tries_left >= 0 && tries_left < TRIES_LEFT_MIN)
		*ret_reason = "fewer than two tries are left";
	else if (tries_left < 0 && refused > REFUSED_MAX)
		*ret_reason = "two PINs were refused";
	else {
		*ret = true;
		*ret_reason = "";
	}
	return e;
}

struct err pin_trying(struct txn *tx, const char *card, const struct hash *pin, int64_t now_ms)
{
	return query_run(tx, Q_PIN_ADD, IN(v_text(card), v_hash(pin), v_int(now_ms)));
}

struct err pin_accepted(struct txn *tx, const char *card)
{
	return query_run(tx, Q_PIN_CLEAR, IN(v_text(card)));
}

/* ---- counts */
struct err status_read(struct txn *tx, struct status_counts *ret)
{
	struct status_counts c = { .parts_sent = 0 };
	struct err e = ERR_NONE_VALUE;
	for (int s = 0; s < DELIVERY_STATE_COUNT && !err_is(e); s++) {
		char name[32];
		(void)snprintf(name, sizeof name, "delivery.%s", delivery_word((enum delivery_state)s));
		e = tally_get(tx, name, &c.deliveries[s]);
	}
	const struct {
		const char *name;
		int64_t *n;
	} others[] = {
		{ "inbox.received", &c.inbox_received }, { "inbox.answered", &c.inbox_answered },
		{ "inbox.partial", &c.inbox_partial }, { "parts.sent", &c.parts_sent },
		{ "parts.delivered", &c.parts_delivered },
	};
	for (size_t i = 0; i < sizeof others / sizeof others[0] && !err_is(e); i++)
		e = tally_get(tx, others[i].name, others[i].n);
	if (!err_is(e))
		*ret = c;
	return e;
}

struct err link_counts(struct txn *tx, const char *link, int64_t *ret_sent, int64_t *ret_failed)
{
	char sent[64], failed[64];
	(void)snprintf(sent, sizeof sent, "link.%s.sent", link);
	(void)snprintf(failed, sizeof failed, "link.%s.failed", link);
	struct err e = tally_get(tx, sent, ret_sent);
	return err_is(e) ? e : tally_get(tx, failed, ret_failed);
}
