/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone.h - the time of day in several places at once (clock.h knows the process's own alone).
 * Room:      base.
 * Standard:  RFC 8536 (TZif, version 2 on), as Debian's tzdata has it: transitions up to 2037. Times
 *            behind the last transition are the last one's; a file that would need its rule for
 *            these (a "slim" one of a place with summer time) is refused.
 * Ownership: zone_free(); freeing NULL is fine.
 * Errors:    ERR_CONFIG for a name that is no zone of the system, ERR_DATA for a file that isn't one.
 * Threads:   a zone never changes once loaded. */
#ifndef SAFAR_BASE_ZONE_H
#define SAFAR_BASE_ZONE_H

#include "base/buf.h"
#include "base/clock.h"

struct zone;

/* "Asia/Almaty", of /usr/share/zoneinfo. */
struct err zone_load(const char *name, struct zone **ret);
/* A zone out of the octets of its file. */
struct err zone_read(struct span octets, struct zone **ret);
void zone_free(struct zone *z);

struct local_time zone_local(const struct zone *z, int64_t at_ms);
/* When it is that late there; a time that the clocks skip is the moment after, one that comes twice
 * the first. Days and minutes may be out of range: the 32nd is the first of the next month. */
int64_t zone_ms(const struct zone *z, int year, int month, int day, int minute_of_day);

#endif
