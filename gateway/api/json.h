/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json.h - the one writer of JSON, and integers of 63 bits out of JSON that was read.
 * Room:      api (includes base only, so that the command line can have it alone).
 * Standard:  RFC 8259. What is written is on one line and is UTF-8: ill-formed octets become '?'.
 * cJSON reads, but keeps numbers as doubles, which cut an id: json_member_int() reads those.
 * Ownership: all goes into the caller's buf; its failure sticks and is checked once.
 * Threads:   no state. */
#ifndef SAFAR_API_JSON_H
#define SAFAR_API_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* `name` is the member's, NULL in an array and at the top. Commas come by themselves. */
void json_open(struct buf *b, const char *name, char bracket); /* '{' or '[' */
void json_close(struct buf *b, char bracket);                  /* '}' or ']' */
void json_int(struct buf *b, const char *name, int64_t value);
/* Hundredths, written as money is: 1550 as 15.50, 1500 as 15. */
void json_money(struct buf *b, const char *name, int64_t hundredths);
/* A share from 0 to 1, in ten-thousandths. */
void json_fraction(struct buf *b, const char *name, double value);
/* "2026-11-24T09:15:02Z" of ms since 1970; at 0 the member is left out. */
void json_time(struct buf *b, const char *name, int64_t at_ms);
void json_bool(struct buf *b, const char *name, bool value);
void json_text(struct buf *b, const char *name, const char *value);
void json_span(struct buf *b, const char *name, struct span value);
void json_raw(struct buf *b, const char *name, struct span json); /* JSON already */
void json_line(struct buf *b); /* ends the line */

/* The value of a member of the object as it stands in `object` (well-formed JSON); empty: none. */
struct span json_member(struct span object, const char *name);
bool json_member_int(struct span object, const char *name, int64_t *ret);

#endif
