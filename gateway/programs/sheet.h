/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h - a sheet of paper that tells people where to ask, A4, as SVG.
 * Room:      programs, private to safar (libqrencode).
 * Standard:  SVG 1.1 alone, no script, no font of its own: any printer's program shows it.
 * Ownership: goes into the caller's buf, which fails on its limit.
 * Errors:    ERR_INPUT where the number is too long for a QR code of "SMSTO:".  Threads: no state. */
#ifndef SAFAR_PROGRAMS_SHEET_H
#define SAFAR_PROGRAMS_SHEET_H

#include "base/buf.h"
#include "base/err.h"

#define SHEET_OCTETS_MAX (1u << 20)

struct sheet {
	const char *language;     /* a tag, for programs that read aloud or hyphenate */
	const char *number;       /* '+' and digits */
	const char *word;         /* of the drive, in capitals */
	struct span title;        /* empty: discreet, the sheet doesn't say what for */
	struct span missed, write, answer;
};
struct err sheet_svg(const struct sheet *s, struct buf *ret);
/* The same as a page that a browser prints on one sheet, without a margin of its own. */
struct err sheet_html(const struct sheet *s, struct buf *ret);

#endif
