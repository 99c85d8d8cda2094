/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hours.h - when people may be written to who didn't write first, where they live.
 * Room:      campaign (includes base only).
 * Format:    messages/hours.json: {"countries":{"KZ":{"zones":["Asia/Almaty"],"days":[1,2,3,4,5],
 *            "from":"09:00","to":"21:00","friday":["12:30","14:00"],"holidays":["2026-12-16"]}},
 *            "others":{…}}. Days: 1 Monday to 7 Sunday. Of several zones all must be open: of a number
 *            of Russia one doesn't know where between Kaliningrad and Kamchatka it is. What is left out
 *            is 09:00 to 21:00 on weekdays, without a pause on Fridays or holidays; the zone of
 *            `others` is the node's where it names none.
 * Ownership: counted: hours_hold() / hours_drop(), so that a reload can give others a new one.
 * Errors:    ERR_CONFIG with the key in whom.
 * Threads:   it never changes once loaded.  Units: ms since 1970. */
#ifndef SAFAR_CAMPAIGN_HOURS_H
#define SAFAR_CAMPAIGN_HOURS_H

#include "base/buf.h"
#include "base/err.h"

struct hours;

struct err hours_read(struct span json, const char *node_zone, struct hours **ret);
/* The file of that folder; where there is none, `others` alone as it is when left out. */
struct err hours_load(const char *messages_folder, const char *node_zone, struct hours **ret);
struct hours *hours_hold(struct hours *h);
void hours_drop(struct hours *h); /* NULL is fine */

/* The first stretch of sending hours in that country ("KZ"; another or "" : others) that isn't over
 * at at_ms. *ret_open_ms is at_ms while it is on. false: none within HOURS_DAYS. */
#define HOURS_DAYS 60
bool hours_next(const struct hours *h, const char *country, int64_t at_ms, int64_t *ret_open_ms,
                int64_t *ret_closes_ms);

#endif
