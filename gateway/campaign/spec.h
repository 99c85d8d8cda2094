/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.h - what staff lay down for a campaign besides its texts: whom, when, how fast, for how much.
 * Room:      campaign (cJSON).
 * Format:    a JSON object, strict (an unknown key is an error), all of its members optional:
 *              "organisation": "…"
 *              "audience": "SEGMENT", or a filter in place (campaign/segment.h)
 *              "fallback": ["ru", "kk"]: the language for who reads one that has no text
 *              "at": "2026-12-01 09:00", of the node's zone: not before then
 *              "rate": 200, people an hour
 *              "ceiling": 5000, the most it may cost
 *              "days": 7, then what has not gone is left
 *              "again_after_days": 30, before the same text may go to the same person; 0: at once
 *              "failed_limit": 20, "stop_limit": 3: per cent of an hour's, at which it pauses itself
 *            Canonical is one order of the members and no blanks: equal specs are equal octets.
 * Ownership: spec_free().
 * Errors:    ERR_INPUT with the key in whom; results are untouched then.
 * Threads:   no state.  Units: money in hundredths. */
#ifndef SAFAR_CAMPAIGN_SPEC_H
#define SAFAR_CAMPAIGN_SPEC_H

#include "base/buf.h"
#include "base/err.h"
#include "campaign/message.h"
#include "campaign/segment.h"

#define ORGANISATION_LIMIT 101

struct spec {
	char organisation[ORGANISATION_LIMIT];
	char segment[SEGMENT_LIMIT]; /* or "" */
	struct buf filter;           /* JSON; empty: the segment's, or there is no audience yet */
	enum language fallback[LANGUAGE_PEOPLE];
	size_t fallbacks;
	int64_t at_ms;               /* 0: as soon as it is started */
	int64_t rate, ceiling;       /* 0: none */
	int64_t days, again_days, failed_limit, stop_limit;
};

struct err spec_read(struct span json, struct spec *ret);
/* The canonical spec that `change` makes of `old` (empty: of none): its members replace those of the
 * same name, null takes one away. *ret is the caller's, initialised. */
struct err spec_merge(struct span old, struct span change, struct buf *ret);
void spec_free(struct spec *s);
bool spec_has_audience(const struct spec *s);

/* Its audience as the store asks for it: those who agreed and are not to be left in peace now. The
 * caller frees it: segment_free(). */
struct err spec_filter(struct txn *tx, const struct spec *s, int64_t now_ms, struct segment *ret);

/* The language to write in to one who reads `l`; LANGUAGE_UNKNOWN: there is no text for them. */
enum language spec_language(const struct spec *s, const struct message *m, enum language l);
/* A contact's own. */
enum language spec_contact_language(const struct contact_facts *f);

#endif
