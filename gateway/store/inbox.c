/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts that came in, and the messages that they make. */
#include "store/inbox.h"

#include "base/clock.h"
#include "store/txn.h"
#include "base/banned.h"

#define ALONE_MS DAY_MS                    /* a part waits that long for the others */
#define KNOWN_MS (DAY_MS + DAY_MS / 24)    /* read again after that, it is too old to be answered */

static const char *const state_words[INBOX_STATE_COUNT] = {
#define X(id, word) [INBOX_##id] = word,
	INBOX_STATES(X)
#undef X
};

const char *inbox_word(enum inbox_state s) { return s < INBOX_STATE_COUNT ? state_words[s] : "?"; }

/* ---- parts */
static struct err find_known(struct txn *tx, const struct mo_part_new *p, int64_t *ret)
{
	bool found = false;
	struct err e = query_int(tx, Q_MO_KNOWN, IN(v_hash(&p->key), v_int(p->scts_ms),
	                         v_int(SAME_PART_MS)), ret, &found);
	for (size_t i = 0; i < p->older_count && !err_is(e) && !found; i++)
		e = query_int(tx, Q_MO_KNOWN, IN(v_hash(&p->older_keys[i]), v_int(p->scts_ms),
		              v_int(SAME_PART_MS)), ret, &found);
	return e;
}

/* The message that waits for this part: same SIM, sender, reference and total, and it lacks this
 * part. A message whose parts fall on both sides of midnight has senders under two keys. */
static struct err find_message(struct txn *tx, const struct mo_part_new *p, const struct hash *who,
                               int64_t *ret, bool *ret_found)
{
	return query_int(tx, Q_MO_GROUP, IN(v_int(p->sim), v_hash(who), v_int(p->ref),
	                 v_int(p->total), v_int(p->seq)), ret, ret_found);
}

struct given_up {
	int64_t message, inbox; /* message 0: none lacks this part */
};

static struct err find_given_up(struct txn *tx, const struct mo_part_new *p,
                                const struct hash *who, struct given_up *ret)
{
	struct rows r = query_start(tx, Q_MO_LATE, IN(v_int(p->sim), v_hash(who), v_int(p->ref),
	                            v_int(p->total), v_int(p->seq)));
	if (rows_next(&r))
		*ret = (struct given_up){ .message = row_int(&r, 0), .inbox = row_int(&r, 1) };
	return rows_end(&r);
}

static struct err add_row(struct txn *tx, const struct mo_part_new *p, int64_t message)
{
	/* What lay at this place of the SIM is there no more. */
	struct err e = ERR_NONE_VALUE;
	if (p->sim_index >= 0)
		e = inbox_part_deleted(tx, p->sim, p->sim_index, p->received_ms);
	if (err_is(e))
		return e;
	return query_run(tx, Q_MO_ADD, IN(v_int(p->id), v_int(message), v_int(p->sim),
	                 v_int(p->sim_index), v_text(p->link), v_hash(&p->key),
	                 v_int(p->key_version), v_hash(&p->sender), v_span(p->sender_sealed),
	                 v_span(p->text_sealed), v_int(p->scts_ms), v_int(p->received_ms),
	                 v_int(p->ref), v_int(p->total), v_int(p->seq)));
}

/* The message was answered without it: it is written down as read, and that is all. */
static struct err add_late(struct txn *tx, const struct mo_part_new *p, const struct given_up *to)
{
	struct err e = add_row(tx, p, to->message);
	return err_is(e) ? e : query_run(tx, Q_MO_JOIN_LATE, IN(v_int(p->id), v_int(to->inbox)));
}

/* A message in parts: which one is it of? *ret_late: one that was given up on. */
static struct err find_place(struct txn *tx, const struct mo_part_new *p, int64_t *ret_message,
                             bool *ret_joins, struct given_up *ret_late)
{
	const size_t older = p->older_senders != NULL ? p->older_count : 0;
	struct err e = find_message(tx, p, &p->sender, ret_message, ret_joins);
	for (size_t i = 0; i < older && !err_is(e) && !*ret_joins; i++)
		e = find_message(tx, p, &p->older_senders[i], ret_message, ret_joins);
	if (err_is(e) || *ret_joins)
		return e;
	e = find_given_up(tx, p, &p->sender, ret_late);
	for (size_t i = 0; i < older && !err_is(e) && ret_late->message == 0; i++)
		e = find_given_up(tx, p, &p->older_senders[i], ret_late);
	return e;
}

struct err inbox_part_add(struct txn *tx, const struct mo_part_new *p, enum mo_taken *ret)
{
	if (p->id <= 0 || p->seq < 1 || p->seq > p->total)
		return err_make(ERR_INPUT, "write down an incoming part", NULL, NULL);
	int64_t known = 0, message = p->id, there = 0;
	bool joins = false, found = false;
	struct given_up late = { .message = 0 };
	struct err e = find_known(tx, p, &known);
	if (!err_is(e) && known != 0) {
		e = query_run(tx, Q_MO_MOVED, IN(v_int(known), v_int(p->sim_index)));
		if (!err_is(e))
			*ret = MO_KNOWN;
		return e;
	}
	if (!err_is(e) && p->total > 1)
		e = find_place(tx, p, &message, &joins, &late);
	if (!err_is(e) && late.message != 0) {
		e = add_late(tx, p, &late);
		if (!err_is(e))
			*ret = MO_KNOWN;
		return e;
	}
	if (!err_is(e))
		e = add_row(tx, p, message);
	if (!err_is(e))
		e = query_int(tx, Q_MO_COUNT, IN(v_int(message)), &there, &found);
	if (err_is(e))
		return e;
	const bool is_whole = there == p->total;
	if (p->total > 1 && !joins)
		e = tally_add(tx, "inbox.partial", 1);
	else if (p->total > 1 && is_whole)
		e = tally_add(tx, "inbox.partial", -1);
	if (!err_is(e))
		*ret = is_whole ? MO_NEW_WHOLE : MO_NEW_PARTIAL;
	return e;
}

static struct err each_part(struct txn *tx, int64_t message,
                            struct err (*row)(const struct mo_part_row *, void *), void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_MO_LIST, IN(v_int(message)));
	while (!err_is(e) && rows_next(&r)) {
		struct mo_part_row part = { .id = row_int(&r, 0), .key_version = row_int(&r, 1),
		                            .seq = (uint8_t)row_int(&r, 3), .scts_ms = row_int(&r, 4) };
		row_buf(&r, 2, &part.text_sealed);
		if (!err_is(r.err))
			e = row(&part, arg);
		buf_free(&part.text_sealed);
	}
	struct err end = rows_end(&r);
	return err_is(e) ? e : end;
}

struct err inbox_part_join(struct txn *tx, const struct mo_part_new *p, int64_t inbox,
                           struct err (*row)(const struct mo_part_row *, void *), void *arg)
{
	int64_t message = 0;
	bool found = false;
	struct err e = query_int(tx, Q_MO_MESSAGE, IN(v_int(p->id)), &message, &found);
	if (!err_is(e) && !found)
		e = err_make(ERR_ABSENT, "join incoming part", NULL, "%lld", (long long)p->id);
	if (!err_is(e))
		e = each_part(tx, message, row, arg);
	return err_is(e) ? e : query_run(tx, Q_MO_JOIN, IN(v_int(message), v_int(inbox)));
}

struct err inbox_partial_due(struct txn *tx, int64_t since_ms, struct mo_overdue *ret,
                             bool *ret_found)
{
	struct rows r = query_start(tx, Q_MO_OVERDUE, IN(v_int(since_ms)));
	*ret_found = rows_next(&r);
	if (*ret_found) {
		*ret = (struct mo_overdue){ .part = row_int(&r, 0), .message = row_int(&r, 1),
			.sim = row_int(&r, 2), .key_version = row_int(&r, 4), .received_ms = row_int(&r, 6),
			.total = (uint8_t)row_int(&r, 7) };
		row_string(&r, 3, ret->link, sizeof ret->link);
		row_buf(&r, 5, &ret->sender_sealed);
	}
	struct err e = rows_end(&r);
	if (err_is(e) && *ret_found)
		buf_free(&ret->sender_sealed);
	return e;
}

struct err inbox_partial_join(struct txn *tx, int64_t message, int64_t inbox,
                              struct err (*row)(const struct mo_part_row *, void *), void *arg)
{
	struct err e = each_part(tx, message, row, arg);
	return err_is(e) ? e : query_run(tx, Q_MO_JOIN_PARTIAL, IN(v_int(message), v_int(inbox)));
}

struct err inbox_partial_drop(struct txn *tx, int64_t message)
{
	int64_t there = 0, total = 0;
	struct rows r = query_start(tx, Q_MO_COUNT, IN(v_int(message)));
	if (rows_next(&r)) {
		there = row_int(&r, 0);
		total = row_int(&r, 1);
	}
	struct err e = rows_end(&r);
	if (!err_is(e))
		e = query_run(tx, Q_MO_JOIN, IN(v_int(message), v_int(0)));
	if (!err_is(e) && there < total)
		e = tally_add(tx, "inbox.partial", -1);
	return e;
}

struct err inbox_forget(struct txn *tx, const struct hash *sender)
{
	for (;;) {
		int64_t message = 0;
		bool found = false;
		struct err e = query_int(tx, Q_MO_OF, IN(v_hash(sender)), &message, &found);
		if (!err_is(e) && found)
			e = inbox_partial_drop(tx, message);
		if (err_is(e) || !found)
			return e;
	}
}

struct err inbox_part_deleted(struct txn *tx, int64_t sim, int32_t sim_index, int64_t now_ms)
{
	return query_run(tx, Q_MO_DELETED, IN(v_int(sim), v_int(sim_index), v_int(now_ms)));
}

/* ---- messages */
struct err inbox_add(struct txn *tx, const struct inbox_new *m)
{
	if (m->id <= 0 || m->state >= INBOX_STATE_COUNT || m->intent == NULL ||
	    strlen(m->intent) >= sizeof ((struct inbox_row *)NULL)->intent)
		return err_make(ERR_INPUT, "write down an incoming message", NULL, NULL);
	struct err e = query_run(tx, Q_INBOX_ADD, IN(v_int(m->id), v_int(m->sim), v_text(m->link),
	                         v_text(m->intent), v_text(language_tag(m->language)),
	                         v_int(m->state), v_int(m->received_ms), v_int(m->scts_ms)));
	if (!err_is(e))
		e = tally_add(tx, "inbox.received", 1);
	if (!err_is(e) && m->state == INBOX_ANSWERED)
		e = tally_add(tx, "inbox.answered", 1);
	return e;
}

struct err inbox_list(struct txn *tx, int64_t before, unsigned limit,
                      struct err (*row)(const struct inbox_row *, void *), void *arg)
{
	struct err e = ERR_NONE_VALUE;
	struct rows r = query_start(tx, Q_INBOX_LIST, IN(v_int(before > 0 ? before : INT64_MAX),
	                                                 v_int(limit)));
	while (!err_is(e) && rows_next(&r)) {
		struct inbox_row m = { .id = row_int(&r, 0), .received_ms = row_int(&r, 1),
		                       .state = (enum inbox_state)row_int(&r, 4) };
		row_string(&r, 2, m.link, sizeof m.link);
		row_string(&r, 3, m.intent, sizeof m.intent);
		if (!err_is(r.err))
			e = row(&m, arg);
	}
	struct err end = rows_end(&r);
	return err_is(e) ? e : end;
}

struct err inbox_sweep(struct txn *tx, int64_t now_ms, unsigned limit, bool *ret_more)
{
	unsigned left = limit;
	struct err e = ERR_NONE_VALUE;
	*ret_more = false;
	if (store_clock_is_behind(tx->st, now_ms))
		return e;
	for (bool found = true; found && left > 0 && !err_is(e); left--) {
		int64_t message = 0;
		e = query_int(tx, Q_MO_LEFT, IN(v_int(now_ms - ALONE_MS)), &message, &found);
		if (!err_is(e) && found)
			e = inbox_partial_drop(tx, message);
	}
	if (!err_is(e))
		e = query_run(tx, Q_MO_DROP_DELETED, IN(v_int(limit)));
	const int64_t dropped = err_is(e) ? 0 : query_changes(tx);
	if (!err_is(e))
		e = query_run(tx, Q_MO_DROP_OLD, IN(v_int(now_ms - KNOWN_MS), v_int(limit)));
	if (!err_is(e))
		*ret_more = left == 0 || dropped == limit || query_changes(tx) == limit;
	return e;
}
