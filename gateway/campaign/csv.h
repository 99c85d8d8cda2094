/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h - records and fields of a CSV file.
 * Room:      campaign (includes base only).
 * Standard:  RFC 4180; a line may end with \n alone, and a quote inside a field that doesn't begin
 *            with one is an ordinary character (spreadsheets write O"Neil so).
 * Ownership: fields borrow the caller's octets.
 * Errors:    enum csv_err; `line` then tells where. CSV_AFTER_QUOTE can be gone past: csv_skip_line().
 * Streams:   with `more` set the octets are the start of more, and a record that may not be whole is
 *            CSV_MORE: nothing was taken, come again with what follows.
 * Threads:   no state.  Units: octets. */
#ifndef SAFAR_CAMPAIGN_CSV_H
#define SAFAR_CAMPAIGN_CSV_H

#include "base/buf.h"

#define CSV_FIELDS 64 /* of a record; those behind are read over */

struct csv_field {
	struct span raw; /* without the quotes around it; a quote inside still stands doubled */
	bool quoted;
};
struct csv {
	struct span rest;
	uint8_t separator;
	unsigned line;      /* where the last record began, from 1 */
	unsigned next_line; /* where the next one begins */
	struct csv_field field[CSV_FIELDS];
	size_t fields;      /* of the last record, at most CSV_FIELDS; 0 for an empty line */
	bool more;          /* the caller's: octets are to come behind `rest` */
};
enum csv_err { CSV_OK, CSV_END, CSV_NUL, CSV_OPEN_QUOTE, CSV_AFTER_QUOTE, CSV_MORE };

/* A byte order mark at the start is passed over. */
void csv_start(struct csv *c, struct span octets, uint8_t separator);
enum csv_err csv_next(struct csv *c);
/* Goes on behind the next end of a line; false: there is none in what was given. */
bool csv_skip_line(struct csv *c);
/* The field's text, trimmed, without doubled quotes, into `room` octets; false when it is longer. */
bool csv_text(const struct csv_field *f, uint8_t *room_at, size_t room, struct span *ret);

#endif
