/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - the two alphabets of SMS.
 *
 * Standard:  3GPP TS 23.038 §6.2.1 (GSM 7 bit default alphabet), §6.2.1.1 (extension table),
 *            §6.1.2.1.1 (packing).
 * Ownership: callers own all memory.
 * Errors:    a function that can fail says so by its result; nothing is logged.
 * Threads:   no state.   Units: `units` are UTF-16 code units, `septets` are one a byte.
 */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out.h"

/* All of `utf8` or nothing: false on malformed UTF-8 or when `cap` is too small. */
bool text_units(const char *utf8, uint16_t *units, size_t cap, size_t *ret_n);

/* A surrogate that stands alone is written as U+FFFD: half of it may be in the next part. */
void text_utf8(struct out *o, const uint16_t *units, size_t n);

/* The septets of one unit: 1, 2 (extension table), or 0 when the alphabet lacks it. */
unsigned gsm7_encode(uint16_t unit, uint8_t septets[2]);

/* Returns how many units; `units` has room for n. */
size_t gsm7_decode(const uint8_t *septets, size_t n, uint16_t *units);

/* `skip` bits (0 to 6) are left free in the first octet: a user data header comes before. */
size_t gsm7_pack(const uint8_t *septets, size_t n, unsigned skip, uint8_t *octets);
void gsm7_unpack(const uint8_t *octets, size_t octets_n, unsigned skip, uint8_t *septets, size_t n);

bool hex_read(const char *hex, size_t n, uint8_t *octets, size_t cap, size_t *ret_n);
void hex_write(struct out *o, const uint8_t *octets, size_t n);

/* A decimal number of at most 15 digits, all of `s`. */
bool number_read(const char *s, int64_t min, int64_t max, int64_t *ret);

#endif
