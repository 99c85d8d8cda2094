/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encoding.h - files as spreadsheets save them, read as UTF-8.
 * Room:      text (ICU's converters).
 * Which:     a byte order mark tells; else UTF-16 without one is known by its NULs, UTF-8 by being
 *            well formed, and what is left is Windows-1251.
 * Ownership: a struct decoding is freed by decoding_free().
 * Errors:    ill-formed octets become U+FFFD and are never dropped in silence.
 * Threads:   a value each.  Units: octets. */
#ifndef SAFAR_TEXT_ENCODING_H
#define SAFAR_TEXT_ENCODING_H

#include "base/buf.h"
#include "base/err.h"

#define ENCODINGS(X) X(UTF8, "UTF-8") X(UTF16LE, "UTF-16LE") X(UTF16BE, "UTF-16BE") \
	X(CP1251, "windows-1251")
#define X(id, name) ENCODING_##id,
enum encoding { ENCODINGS(X) ENCODING_COUNT };
#undef X
const char *encoding_name(enum encoding e);

/* What the pieces of a file say together, in their order. */
struct encoding_trial {
	size_t octets, even_nuls, odd_nuls; /* of the start */
	size_t letters, broken;             /* sequences of UTF-8 beyond ASCII, and what is none */
	uint8_t start[4];
	unsigned to_come, low, high;        /* of a sequence that a piece cut */
};
void encoding_try(struct encoding_trial *t, struct span piece);
/* *ret_mark: octets of its byte order mark. A file that is UTF-8 but for a few places is UTF-8. */
enum encoding encoding_judge(struct encoding_trial *t, size_t *ret_mark);

struct decoding;
struct err decoding_start(enum encoding e, struct decoding **ret);
/* Adds the piece as UTF-8; `last`: nothing comes behind it. */
void decoding_add(struct decoding *d, struct span piece, bool last, struct buf *ret);
void decoding_free(struct decoding *d);

#endif
