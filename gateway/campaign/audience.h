/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audience.h - who is written to: the rows of a CSV file, each number once.
 * Room:      campaign (libsodium for a keyed hash).
 * Format:    a header line names the columns phone and language, in any order and case, separated
 *            by ',' or ';'; other columns are passed over, empty lines too.
 * Ownership: audience_free() wipes the numbers.
 * Errors:    a bad row is told and left out; ERR_INPUT for a file that can't be read as a whole.
 * Limits:    BROADCAST_ROWS rows, BROADCAST_OCTETS octets.  Threads: no state. */
#ifndef SAFAR_CAMPAIGN_AUDIENCE_H
#define SAFAR_CAMPAIGN_AUDIENCE_H

#include "campaign/broadcast.h"
#include "campaign/message.h"
#include "text/msisdn.h"

struct person {
	struct msisdn number;
	uint32_t line;
	uint8_t language; /* enum language: what they are written to in */
	bool stopped;
};
struct audience {
	struct person *people;
	size_t count, room;
	unsigned rows, bad, doubles;
};

struct err audience_read(struct span csv, const struct message *m, bad_row_fn *bad_row, void *arg,
                         struct audience *ret);
void audience_free(struct audience *a);

#endif
