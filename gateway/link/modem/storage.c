/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What waits in the modem: told to the parent once, deleted when the parent says so (its commit
 * comes first). The index in a frame is the modem's own plus STORAGE_STRIDE times the storage, for
 * a modem counts its SIM and its own memory each from the start. One step is one operation, so
 * that an answer never waits behind a full memory. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crash.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define LIST_MS 60000     /* 255 texts at 9600 baud take longer, but there a poll comes again */
#define CMS_BAD_INDEX 321
#define POLL_MIN_MS 500

static const char *const names[STORAGE_COUNT] = { "SM", "ME", "SR", "MT" };

static bool storage_named(struct span name, enum storage *ret)
{
	for (int i = 0; i < STORAGE_COUNT; i++)
		if (span_is(name, names[i])) {
			*ret = (enum storage)i;
			return true;
		}
	return false;
}

void storage_start(struct modem *m)
{
	struct storages *st = &m->storages;
	struct at_reply r;
	bool any = false;
	st->now = STORAGE_COUNT;
	/* +CPMS: ("SM","ME"),… : the first group is what can be read and deleted */
	if (at_run(m, "AT+CPMS=?", AT_SHORT_MS, &r) == AT_OK) {
		char *end = strchr(r.line, ')');
		if (end != NULL)
			*end = '\0';
		for (int i = STORAGE_SM; i <= STORAGE_ME; i++) {
			st->is_there[i] = strstr(r.line, names[i]) != NULL;
			any = any || st->is_there[i];
		}
		/* where reports are kept apart from texts, one whose +CDSI nobody heard would stay for good */
		st->is_there[STORAGE_SR] = m->stores_reports && strstr(r.line, names[STORAGE_SR]) != NULL;
		/* SM and ME together, counted anew: for those that have it alone */
		st->is_there[STORAGE_MT] = !any && strstr(r.line, names[STORAGE_MT]) != NULL;
		any = any || st->is_there[STORAGE_MT];
	}
	if (!any)
		st->is_there[STORAGE_SM] = true;
	st->poll_next = STORAGE_COUNT;
	st->poll_due_ms = clock_monotonic_ms();
}

struct filling {
	int64_t used, room; /* messages; -1: the modem doesn't say */
};

/* Chooses what is read. Only the first of the three is named: where new texts go stays as the modem
 * has it. */
static bool choose(struct modem *m, enum storage s, struct filling *ret)
{
	char command[24];
	struct at_reply r;
	struct filling is = { -1, -1 };
	(void)snprintf(command, sizeof command, "AT+CPMS=\"%s\"", names[s]);
	if (at_run(m, command, AT_SHORT_MS, &r) != AT_OK) {
		m->storages.now = STORAGE_COUNT;
		return false;
	}
	if (line_number(span_of(r.line), 0, 0, 100000, &is.used))
		(void)line_number(span_of(r.line), 1, 0, 100000, &is.room);
	m->storages.now = s;
	*ret = is;
	return true;
}

static bool choose_again(struct modem *m, enum storage s)
{
	struct filling is;
	return m->storages.now == s || choose(m, s, &is);
}

/* ---- what the parent knows */

static struct known *find_known(struct storages *st, int32_t index)
{
	for (size_t i = 0; i < st->known_count; i++)
		if (st->known[i].index == index)
			return &st->known[i];
	return NULL;
}

static void forget(struct storages *st, struct known *k)
{
	*k = st->known[--st->known_count];
}

/* Tells the parent, unless it knows. A draft (of whoever had the SIM before) is only noted. */
static void take_pdu(struct modem *m, int32_t index, struct span hex, size_t length, bool is_draft)
{
	struct storages *st = &m->storages;
	struct pdu p;
	pdu_read(hex, length, &p);
	struct known *k = find_known(st, index);
	bool is_new = k == NULL || memcmp(k->hash, p.hash, sizeof k->hash) != 0;
	if (k == NULL && st->known_count < KNOWN_MAX) {
		k = &st->known[st->known_count++];
		k->index = index;
	}
	/* more than can be known stays in the modem, for a later poll */
	if (k != NULL) {
		memcpy(k->hash, p.hash, sizeof k->hash);
		k->is_listed = true;
		k->is_stuck = is_draft || p.kind == PDU_UNREADABLE;
		if (is_new && !is_draft)
			tell_pdu(m, index, &p);
	}
	pdu_wipe(&p);
}

/* ---- reading */

struct reading {
	struct modem *m;
	enum storage storage;
	bool is_list;
	bool pdu_follows, is_draft;
	int32_t index;
	size_t length;
};

/* +CMGL: <index>,<stat>,[<alpha>],<length> or +CMGR: <stat>,[<alpha>],<length>, then the PDU */
static void read_line(void *arg, struct span line)
{
	struct reading *r = arg;
	bool is_head = line_starts(line, span_of(r->is_list ? "+CMGL:" : "+CMGR:"));
	if (!is_head) {
		if (r->pdu_follows)
			take_pdu(r->m, r->index, line, r->length, r->is_draft);
		r->pdu_follows = false;
		return;
	}
	unsigned at = r->is_list ? 1 : 0;
	int64_t index = 0, stat = 0, length = 0;
	if (r->is_list && !line_number(line, 0, 0, STORAGE_STRIDE - 1, &index))
		return;
	if (!line_number(line, at, 0, 4, &stat) || !line_number(line, at + 2, 0, 255, &length))
		return;
	if (r->is_list)
		r->index = (int32_t)(index + STORAGE_STRIDE * (int64_t)r->storage);
	r->length = (size_t)length;
	r->pdu_follows = true;
	r->is_draft = stat > 1; /* 0 and 1: received; 2 and 3: written, or sent, here */
}

static void read_one(struct modem *m, int32_t index)
{
	char command[24];
	struct reading r = { .m = m, .storage = (enum storage)(index / STORAGE_STRIDE), .index = index };
	if (!choose_again(m, r.storage))
		return;
	(void)snprintf(command, sizeof command, "AT+CMGR=%d", (int)(index % STORAGE_STRIDE));
	(void)at_run_lines(m, command, AT_SHORT_MS, read_line, &r, NULL);
}

static size_t known_in(const struct storages *st, enum storage s)
{
	size_t n = 0;
	for (size_t i = 0; i < st->known_count; i++)
		n += st->known[i].index / STORAGE_STRIDE == (int32_t)s ? 1 : 0;
	return n;
}

/* A storage full of what nobody will ever take out lets no question in any more. */
static void make_room(struct modem *m, enum storage s)
{
	struct storages *st = &m->storages;
	for (size_t i = 0; i < st->known_count; i++)
		if (st->known[i].index / STORAGE_STRIDE == (int32_t)s && !st->known[i].is_stuck)
			return; /* that one goes by itself */
	for (size_t i = 0; i < st->known_count; i++) {
		const int32_t index = st->known[i].index;
		if (index / STORAGE_STRIDE != (int32_t)s || st->delete_count == DELETES_MAX)
			continue;
		tell_cleared(m, index);
		st->delete_[st->delete_count++] = index;
	}
}

/* Reads one storage whole, if something unknown is in it. */
static void poll_one(struct modem *m, enum storage s)
{
	struct storages *st = &m->storages;
	struct reading r = { .m = m, .storage = s, .is_list = true };
	struct filling is;
	if (!choose(m, s, &is))
		return;
	if (is.used != (int64_t)known_in(st, s)) {
		for (size_t i = 0; i < st->known_count; i++)
			st->known[i].is_listed = st->known[i].index / STORAGE_STRIDE != (int32_t)s;
		if (at_run_lines(m, "AT+CMGL=4", LIST_MS, read_line, &r, NULL) != AT_OK)
			return;
		for (size_t i = st->known_count; i > 0; i--)
			if (!st->known[i - 1].is_listed)
				forget(st, &st->known[i - 1]); /* it is gone from the modem */
	}
	if (is.used > 0 && is.used >= is.room && is.room > 0)
		make_room(m, s);
}

/* ---- hints, deleting, the order of things */

void storage_hint(struct modem *m, struct span line)
{
	struct storages *st = &m->storages;
	struct span name;
	enum storage s;
	int64_t index = 0;
	if (!line_field(line, 0, &name) || !storage_named(name, &s) || st->hint_count == HINTS_MAX ||
	    (s == STORAGE_MT && !st->is_there[s]) ||
	    !line_number(line, 1, 0, STORAGE_STRIDE - 1, &index)) {
		st->poll_due_ms = clock_monotonic_ms(); /* it is somewhere */
		return;
	}
	const int32_t place = (int32_t)(index + STORAGE_STRIDE * (int64_t)s);
	for (size_t i = 0; i < st->hint_count; i++)
		if (st->hint[i] == place)
			return; /* said again before it was read */
	st->hint[st->hint_count++] = place;
	if (line_kind(line) == LINE_CMTI)
		st->texts_hinted = st->hint_count;
}

void storage_delete(struct modem *m, int32_t index)
{
	struct storages *st = &m->storages;
	if (index < 0) {
		tell_deleted(m, index); /* it never was in the modem */
		return;
	}
	/* only what this process told of: a place may hold another message by now */
	if (find_known(st, index) != NULL && st->delete_count < DELETES_MAX)
		st->delete_[st->delete_count++] = index;
}

static void delete_one(struct modem *m, int32_t index)
{
	struct storages *st = &m->storages;
	char command[24];
	struct at_reply r;
	struct known *k = find_known(st, index);
	if (k == NULL)
		return;
	if (choose_again(m, (enum storage)(index / STORAGE_STRIDE))) {
		(void)snprintf(command, sizeof command, "AT+CMGD=%d", (int)(index % STORAGE_STRIDE));
		enum at_result result = at_run(m, command, AT_SHORT_MS, &r);
		if (result == AT_OK || (result == AT_CMS && r.code == CMS_BAD_INDEX)) {
			k = find_known(st, index); /* an event between may have moved it */
			if (k != NULL)
				forget(st, k);
			crash_point("modem-deleted");
			tell_deleted(m, index);
		}
	}
	/* refused: it stays known; the parent asks again after a restart, when it is told anew */
}

bool storage_step(struct modem *m)
{
	struct storages *st = &m->storages;
	int64_t now = clock_monotonic_ms();
	if (st->hint_count > 0) { /* before deleting: someone waits for an answer */
		read_one(m, st->hint[0]);
		st->hint_count--;
		st->texts_hinted -= st->texts_hinted > 0 ? 1 : 0;
		memmove(st->hint, st->hint + 1, st->hint_count * sizeof st->hint[0]);
		tell_reading(m);
		return true;
	}
	if (st->delete_count > 0) {
		int32_t index = st->delete_[0];
		st->delete_count--;
		memmove(st->delete_, st->delete_ + 1, st->delete_count * sizeof st->delete_[0]);
		delete_one(m, index);
		return true;
	}
	if (st->poll_next == STORAGE_COUNT && now >= st->poll_due_ms) {
		st->poll_next = STORAGE_SM;
		st->poll_due_ms = now + (m->cfg.poll_ms < POLL_MIN_MS ? POLL_MIN_MS : m->cfg.poll_ms);
	}
	while (st->poll_next < STORAGE_COUNT) {
		enum storage s = (enum storage)st->poll_next++;
		if (st->is_there[s]) {
			poll_one(m, s);
			return true;
		}
	}
	return false;
}
