/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transcript.h - what happened, one JSON object a line, for tests to read afterwards.
 *
 * Ownership: what transcript_begin() returns is the transcript's, until transcript_end().
 * Errors:    a file that can't be written any more gives one line on stderr; the rest is lost.
 * Threads:   none.
 */
#ifndef SIM_TRANSCRIPT_H
#define SIM_TRANSCRIPT_H

#include "world.h"

struct transcript *transcript_open(const char *path); /* NULL: errno says why */
void transcript_close(struct transcript *t);

/* `modem` below 0: the event is no modem's. The caller adds fields with json_*(). */
struct out *transcript_begin(struct world *w, int modem, const char *event);
void transcript_end(struct world *w);

/* What every event has as `us`: µs of CLOCK_MONOTONIC, so other programs' times compare. */
int64_t transcript_clock_us(void);

/* Once a turn of the loop: a reader sees whole lines only. */
void transcript_flush(struct transcript *t);

#endif
