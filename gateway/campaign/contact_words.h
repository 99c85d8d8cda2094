/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_words.h - what the columns of a list are called, and what stands in them, in the words of
 * who keeps it.
 * Room:      campaign, private to contact_list.c and contact_words.c.
 * Words are compared as skeletons (text/fold.h): case, script and hyphens don't matter.
 * Threads:   one: what was looked up before is remembered. */
#ifndef SAFAR_CAMPAIGN_CONTACT_WORDS_H
#define SAFAR_CAMPAIGN_CONTACT_WORDS_H

#include "campaign/contact_list.h"

enum contact_column { COLUMN_PHONE, COLUMN_LANGUAGE, COLUMN_SCRIPT, COLUMN_REGION, COLUMN_TAGS,
	COLUMN_DATE, COLUMN_CHANNEL, COLUMN_WORDING, COLUMN_CONSENT_LANGUAGE, COLUMN_PROOF,
	COLUMN_COUNT };

struct contact_words;
struct err contact_words_new(const struct content *content, struct contact_words **ret);
void contact_words_free(struct contact_words *w);
/* COLUMN_COUNT: none of ours. */
enum contact_column contact_words_column(struct contact_words *w, struct span text);
/* A tag ("uz-Cyrl") or NULL. */
const char *contact_words_language(struct contact_words *w, struct span text);
/* "native", "plain", "latin", and "cyrillic", which only Uzbek has beside another; or NULL. */
const char *contact_words_script(struct contact_words *w, struct span text);
const char *contact_words_region(struct contact_words *w, struct span text); /* "" : unknown */

#endif
