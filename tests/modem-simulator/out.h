/* SPDX-License-Identifier: GPL-3.0-or-later */
/* out.h - octets on their way out: a growing buffer, and JSON written into it.
 *
 * Ownership: an `out` owns its memory; out_free() gives it back, and a zeroed one is empty.
 * Errors:    past `limit` (0: none) nothing of that piece is added, and `lost` counts it. Running
 *            out of memory ends the program: a test that lacks memory has no outcome.
 * Threads:   none.   Units: octets.
 */
#ifndef SIM_OUT_H
#define SIM_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out {
	char *p;
	size_t n, size;
	size_t from;  /* octets before it have left already */
	size_t limit;
	uint64_t lost; /* pieces that did not fit */
};

void *sim_alloc(size_t n); /* zeroed; never NULL */
void *sim_grow(void *p, size_t n);
char *sim_copy(const char *s);

void out_add(struct out *o, const void *p, size_t n);
void out_text(struct out *o, const char *s);
__attribute__((format(printf, 2, 3))) void out_f(struct out *o, const char *fmt, ...);
size_t out_waiting(const struct out *o);
void out_took(struct out *o, size_t n); /* the first n waiting octets have left */
void out_clear(struct out *o);
void out_free(struct out *o);

/* JSON. A comma is written where the last octet asks for one; `key` NULL is an array's element. */
void json_open(struct out *o, const char *key, char bracket);
void json_close(struct out *o, char bracket);
void json_text(struct out *o, const char *key, const char *utf8);
void json_int(struct out *o, const char *key, int64_t v);
void json_bool(struct out *o, const char *key, bool v);
void json_null(struct out *o, const char *key);

#endif
