/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Was this step answered before? Where each message has an id of its own that is plain. A TCAP invoke
 * id is not: some gateways give ours back (then an older one is a repeat), some number by themselves
 * (then an equal one is), and some always send the same (then it tells nothing). Which kind it is
 * shows in what came. Where nothing tells, what is in flight does: see link/ussd/flight.h. */
#include <sodium.h>
#include <string.h>

#include "dialog/ussd_inside.h"
#include "base/banned.h"

#define MARK_START 1 /* of our first page, where the gateway gave no number */

static void digest(const char *a, const char *b, int number, uint8_t ret[DIGEST_SIZE])
{
	static const uint8_t key[crypto_shorthash_KEYBYTES] = { 0 };
	uint8_t both[2 * DIGEST_SIZE + sizeof number];
	_Static_assert(DIGEST_SIZE == crypto_shorthash_BYTES, "a digest is a short hash");
	(void)crypto_shorthash(both, (const uint8_t *)a, strlen(a), key);
	(void)crypto_shorthash(both + DIGEST_SIZE, (const uint8_t *)b, strlen(b), key);
	memcpy(both + 2 * DIGEST_SIZE, &number, sizeof number);
	(void)crypto_shorthash(ret, both, sizeof both, key);
	ret[0] |= 1; /* never all zero, which is "none" */
}

static void digest_step(const struct ussd_step *s, uint8_t ret[DIGEST_SIZE])
{
	digest(s->mark, s->input, s->mark_kind == USSD_MARK_NUMBER ? s->mark_number : 0, ret);
}

static void note_id(struct ussd_sequence *q, const struct ussd_step *s)
{
	if (s->mark_kind != USSD_MARK_ID)
		return;
	memmove(q->ids[1], q->ids[0], sizeof q->ids - DIGEST_SIZE);
	digest(s->mark, "", 0, q->ids[0]);
}

void sequence_begin(struct ussd_sequence *q, const struct ussd_step *s)
{
	*q = (struct ussd_sequence){ .begin = s->mark_kind == USSD_MARK_NUMBER ? s->mark_number : 0 };
	q->sent = s->mark_kind == USSD_MARK_NUMBER ? q->begin + 1 : MARK_START;
	digest_step(s, q->last);
	note_id(q, s);
}

static bool knows_id(const struct ussd_sequence *q, const struct ussd_step *s)
{
	uint8_t id[DIGEST_SIZE];
	digest(s->mark, "", 0, id);
	for (size_t i = 0; i < MARKS_KEPT; i++)
		if (memcmp(q->ids[i], id, sizeof id) == 0)
			return true;
	return false;
}

static bool knows_number(const struct ussd_sequence *q, const struct ussd_step *s)
{
	uint8_t step[DIGEST_SIZE];
	if (!q->has_got)
		return false;
	if (q->echoes) /* of a page before the last */
		return s->mark_number != q->sent && s->mark_number > q->begin && s->mark_number < q->sent;
	digest_step(s, step);
	return q->counts && memcmp(step, q->last, sizeof step) == 0;
}

bool sequence_knows(const struct ussd_sequence *q, const struct ussd_step *s)
{
	switch (s->mark_kind) {
	case USSD_MARK_NONE:
		return false;
	case USSD_MARK_ID:
		return knows_id(q, s);
	case USSD_MARK_NUMBER:
		return s->event == USSD_STEP && knows_number(q, s);
	}
	return false;
}

void sequence_add(struct ussd_sequence *q, const struct ussd_step *s)
{
	if (s->mark_kind == USSD_MARK_NUMBER) {
		const bool is_echo = s->mark_number == q->sent;
		q->echoes = is_echo && (q->echoes || !q->has_got);
		q->counts = q->has_got && s->mark_number != q->got;
		q->got = s->mark_number;
		q->has_got = true;
	}
	digest_step(s, q->last);
	note_id(q, s);
	q->steps++;
	q->sent++;
}
