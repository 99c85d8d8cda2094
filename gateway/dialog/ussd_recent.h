/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd_recent.h - what was seen a moment ago: where a session with a history began, and where a caller
 * was last. It saves a look into the store, and is never more than that: what isn't here is looked
 * up, or isn't offered.
 * Room:      dialog, private to it.
 * Limits:    RECENT_SETS × RECENT_WAYS places, the oldest of a set goes first. Keys are hashes under a
 *            key that dies with the process; no number is in it.
 * Threads:   any; a lock a stripe. */
#ifndef SAFAR_DIALOG_USSD_RECENT_H
#define SAFAR_DIALOG_USSD_RECENT_H

#include "dialog/ussd_inside.h"

#define RECENT_SETS 4096u /* 16,384 sessions and callers, 2 MiB */
#define RECENT_WAYS 4u

struct recents;
enum recent_kind { RECENT_SESSION, RECENT_CALLER };

struct err recents_new(struct recents **ret);
void recents_free(struct recents *r);
/* False: not there, or older than `for_ms`. Topics are those of `c`; one that is gone isn't there. */
bool recents_get(struct recents *r, enum recent_kind kind, const char *key, const struct content *c,
                 int64_t now_ms, int64_t for_ms, struct ussd_state *ret);
void recents_put(struct recents *r, enum recent_kind kind, const char *key,
                 const struct ussd_state *s, int64_t now_ms);

#endif
