/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf.h - octets with their length: borrowed (span) and owned (buf); numbers out of text.
 * Room:      base.
 * Ownership: a span borrows; a buf owns `p` until buf_free(). buf_wipe() clears before freeing.
 * Errors:    a buf has a limit from birth; its first failure sticks in `failed`, later adds do
 *            nothing, and it is checked once at the end.
 * Threads:   no state.  Units: octets. */
#ifndef SAFAR_BASE_BUF_H
#define SAFAR_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const uint8_t *p; /* no NUL at the end */
	size_t n;
};

struct buf {
	uint8_t *p;
	size_t n, room, limit;
	bool failed;
};

struct span span_of(const char *text);            /* without its NUL; NULL is empty */
struct span span_make(const void *p, size_t n);
bool span_is(struct span s, const char *text);    /* equal to the octets of text */
struct span span_trim(struct span s);             /* without ASCII white space at both ends */
/* Takes the first line off *rest (without \n or \r\n); false when *rest is empty. */
bool span_line(struct span *rest, struct span *ret);
/* Takes what stands before the next `by` off *rest, and the `by` with it; false when *rest is empty. */
bool span_take(struct span *rest, char by, struct span *ret);

void buf_init(struct buf *b, size_t limit);
void buf_add(struct buf *b, struct span s);       /* past the limit: nothing added, b fails */
void buf_add_text(struct buf *b, const char *text);
void buf_add_octet(struct buf *b, uint8_t octet);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The content as a C string (a NUL is added behind it, not counted); NULL after a failure. */
const char *buf_text(struct buf *b);
struct span buf_span(const struct buf *b);
void buf_consume(struct buf *b, size_t n);        /* drops the first n octets (n ≤ b->n) */
void buf_free(struct buf *b);
void buf_wipe(struct buf *b);                     /* clears with explicit_bzero, then frees */

/* Sums that see overflow: false, and *ret untouched. */
bool size_add(size_t a, size_t b, size_t *ret);
/* All of s is one decimal number (a leading '-' is allowed) within [min, max], or false. */
bool int_parse(struct span s, int64_t min, int64_t max, int64_t *ret);
/* Hex to octets: true when s is an even number of hex digits that fit into `room`. */
bool hex_parse(struct span s, uint8_t *ret, size_t room, size_t *ret_n);
void hex_write(struct span s, char *ret /* 2*n+1 */);
/* Copies text into a fixed array; false when it doesn't fit (ret is then empty). */
/* Eight octets, the least first: what is sealed, hashed or boxed looks the same on every machine. */
#define NUMBER_OCTETS 8
void number_put(uint8_t to[NUMBER_OCTETS], int64_t n);
int64_t number_get(const uint8_t from[NUMBER_OCTETS]);
bool text_copy(char *ret, size_t room, const char *text);
/* Edit distance of two short ASCII words, for "did you mean". */
unsigned text_distance(const char *a, const char *b);

#endif
