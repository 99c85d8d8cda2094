/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen.h - a text on the screen of an old phone, a line at a time.
 * Room:      text.
 * Ownership: lines borrow the text.
 * Errors:    none: an ill-formed octet takes a column like a character.
 * Threads:   no state.  Units: columns; a character of East Asia or an emoji takes two, a mark none. */
#ifndef SAFAR_TEXT_SCREEN_H
#define SAFAR_TEXT_SCREEN_H

#include "base/buf.h"

/* Takes the next line of at most `columns` (2 or more) off *rest, cut between words where there is a
 * blank, which isn't shown then; false at the end. A line break ends a line. */
bool screen_line(struct span *rest, unsigned columns, struct span *ret);
unsigned screen_columns(struct span s);
/* The text without what would move a cursor or turn the direction of reading: fit for a terminal. */
void screen_clean(struct span s, struct buf *ret);

#endif
