/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segment.h - a filter over contacts as JSON, and the same as the store takes it.
 * Room:      campaign (cJSON).
 * Format:    {"language":["ky","uz-Cyrl"],"script":["latin"],"region":["almaty"],"country":["KZ"],
 *            "operator":["kcell"],"tag":["market"],"not_tag":["old"],"reached_before":"2026-01-01",
 *            "reached_since":…,"engaged_before":…,"engaged_since":…}: all members must hold, any value
 *            of a list will do; {} is everybody. A day begins at 00:00 UTC.
 * Canonical: members in this order, lists sorted and each value once: equal filters are equal octets.
 * Ownership: segment_free(); `filter` borrows from the struct.
 * Errors:    ERR_INPUT naming the member.  Threads: no state. */
#ifndef SAFAR_CAMPAIGN_SEGMENT_H
#define SAFAR_CAMPAIGN_SEGMENT_H

#include "store/contacts.h"

#define SEGMENT_LISTS 7
struct segment {
	struct contact_filter filter;
	char *json; /* canonical */
	char *list[SEGMENT_LISTS];
};
struct err segment_read(struct span json, struct segment *ret);
void segment_free(struct segment *s);
bool segment_name_is_good(const char *name);

/* Counts below it are shown as "fewer than 11". */
#define FEW_PEOPLE 11

#endif
