/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who wants to be rung: the number goes into a box to the people keys, which this process can't open
 * again while they are closed. Without such keys nobody could ever read it. */
#include "dialog/inside.h"

#include <string.h>

#include "base/log.h"
#include "store/people.h"
#include "store/wishes.h"
#include "base/banned.h"

#define BOX_OCTETS (8 + MSISDN_DIGITS_MAX) /* id and number, padded: all boxes have one size */

static void write_plain(uint8_t plain[BOX_OCTETS], int64_t id, struct span digits)
{
	number_put(plain, id);
	memset(plain + 8, 0, MSISDN_DIGITS_MAX);
	memcpy(plain + 8, digits.p, digits.n <= MSISDN_DIGITS_MAX ? digits.n : MSISDN_DIGITS_MAX);
}

/* A box doesn't say who made it: the id of its row stands inside, too. */
static bool read_plain(struct span plain, int64_t id, struct buf *ret)
{
	if (plain.n != BOX_OCTETS || number_get(plain.p) != id)
		return false;
	buf_add_octet(ret, '+');
	buf_add(ret, span_make(plain.p + 8, strnlen((const char *)plain.p + 8, MSISDN_DIGITS_MAX)));
	return !ret->failed;
}

struct err rung_add(struct txn *tx, struct dialog *d, const struct who *w, enum language l,
                    int64_t now_ms)
{
	uint8_t key[PUBLIC_KEY_SIZE], plain[BOX_OCTETS];
	bool has_keys = false, is_known = false;
	struct buf box;
	struct err e = people_public_get(tx, key, &has_keys);
	if (err_is(e) || !has_keys) {
		if (!err_is(e))
			log_warning("somebody wants to be rung and there are no people keys yet under which the "
			            "number could be kept; make them: safar keys new");
		return e;
	}
	struct call_wish_new new = { .id = store_new_id(d->store), .live_version = w->version,
		.live = w->live, .language = l, .now_ms = now_ms };
	buf_init(&box, BOX_OCTETS + BOX_OVERHEAD);
	write_plain(plain, new.id, msisdn_span(&w->number));
	e = vault_box(key, span_make(plain, sizeof plain), &box);
	explicit_bzero(plain, sizeof plain);
	new.box = buf_span(&box);
	if (!err_is(e))
		e = call_wish_add(tx, &new, &is_known);
	buf_wipe(&box);
	return e;
}

struct err dialog_rung_number(struct dialog *d, int64_t id, struct span box, struct buf *ret)
{
	struct buf plain;
	buf_init(&plain, BOX_OCTETS);
	struct err e = vault_unbox(d->vault, box, &plain);
	if (!err_is(e) && !read_plain(buf_span(&plain), id, ret))
		e = err_make(ERR_DATA, "read who wants to be rung", NULL, "%lld", (long long)id);
	buf_wipe(&plain);
	return e;
}
