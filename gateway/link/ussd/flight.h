/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flight.h - steps whose page isn't out yet, by session.
 * Room:      link/ussd.
 * What comes for a session while a step of it is in flight was sent by somebody who hasn't seen the
 * page: the same step is a repeat and gets the same page when it is there; another one is out of
 * order. What came of an answer that could not be delivered is remembered too: the step will come
 * again.
 * Ownership: a struct flying is its owner's, from flight_join() until flight_land() has given it back.
 * Threads:   any.  Limits: FLIGHT_LOST answers are remembered, for FLIGHT_LOST_MS. */
#ifndef SAFAR_LINK_USSD_FLIGHT_H
#define SAFAR_LINK_USSD_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "dialog/ussd.h"

#define FLIGHT_LOST 256
#define FLIGHT_LOST_MS INT64_C(60000)

struct flight;

struct flying {
	uint64_t session, step; /* keyed hashes */
	struct flying *next;    /* the flight's: of its bucket */
	struct flying *repeats; /* that wait for the same page; a list by `next` once it has landed */
};

enum flight_place { FLIGHT_FIRST, FLIGHT_REPEAT, FLIGHT_CROSSED };

struct err flight_new(struct flight **ret);
void flight_free(struct flight *f);
/* FIRST: it is in flight now, and *ret_was_lost tells whether its answer was lost before. REPEAT: it
 * waits on another. CROSSED: it is neither. */
enum flight_place flight_join(struct flight *f, const char *link, const struct ussd_step *s,
                              int64_t now_ms, struct flying *fl, bool *ret_was_lost);
/* Its page is known: takes it off, and gives the repeats that waited on it. */
struct flying *flight_land(struct flight *f, struct flying *fl);
void flight_lose(struct flight *f, uint64_t session, uint64_t step, int64_t now_ms);

#endif
