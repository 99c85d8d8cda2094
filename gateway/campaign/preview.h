/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview.h - what a campaign would be: people, parts, price, hours, and what stands in its way.
 * Room:      campaign.
 * Counts:    of who agreed and isn't to be left in peace; who said STOP is found when it is sent.
 *            `hours` is an estimate, by PART_MS a part on each link that is ready, and their caps.
 * Ownership: preview_free().
 * Errors:    those of the store; what stands in the way is no error.
 * Threads:   inside a transaction.  Units: money in hundredths; ms since 1970. */
#ifndef SAFAR_CAMPAIGN_PREVIEW_H
#define SAFAR_CAMPAIGN_PREVIEW_H

#include "campaign/hours.h"
#include "campaign/message.h"
#include "campaign/spec.h"
#include "store/plans.h"

#define PART_MS INT64_C(6000) /* of a GSM modem, with what it does besides */

/* What is judged by. */
struct preview_of {
	struct vault *vault;
	const struct hours *hours;
	int64_t part_price;
	unsigned links_ready;
	int64_t now_ms;
};

/* word, what to do */
#define BLOCKERS(X) \
	X(NO_TEXTS, "no_texts", "write its texts: safar campaign texts") \
	X(NO_AUDIENCE, "no_audience", "say whom: safar campaign audience") \
	X(NOBODY, "nobody", "nobody of its audience agreed and has a text") \
	X(UNREVIEWED, "unreviewed", "let somebody who speaks it read each text: safar campaign texts") \
	X(PLACEHOLDER, "placeholder", "put the real number where a text has a placeholder") \
	X(LOCKED, "locked", "open the people keys: safar unlock") \
	X(NO_LINK, "no_link", "no link is ready") \
	X(TOO_LONG, "too_long", "the links need longer than its days") \
	X(CLOSED, "closed", "no sending hours are left in its days") \
	X(CEILING, "ceiling", "it costs more than its ceiling") \
	X(HALTED, "halted", "everything is stopped: safar go-on")
#define X(id, word, next) BLOCKER_##id,
enum blocker { BLOCKERS(X) BLOCKER_COUNT };
#undef X
const char *blocker_word(enum blocker b);
const char *blocker_next(enum blocker b);

struct preview_language {
	bool is_reviewed, has_text;
	int64_t people, parts;     /* people: written to in it; parts: of them all */
	enum alphabet alphabet;
	unsigned parts_each;
	char ucs2[8];              /* the first letter that GSM-7 lacks, UTF-8; "" : none */
};
struct preview {
	struct message message;
	struct preview_language language[LANGUAGE_COUNT];
	int64_t people, without_text, parts, price;
	int64_t first_ms, last_ms; /* when the first and the last may go, if it began now; 0: never */
	double hours;
	bool blocks[BLOCKER_COUNT];
};

struct err preview_plan(struct txn *tx, const struct preview_of *of, const struct plan *p,
                        const struct spec *s, struct preview *ret);
void preview_free(struct preview *v);

#endif
