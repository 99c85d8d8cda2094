/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gammu_count.h - what libGammu's encoder makes of a text. Apart, since its names and ours clash. */
#ifndef SAFAR_TESTS_GAMMU_COUNT_H
#define SAFAR_TESTS_GAMMU_COUNT_H

#include <stdbool.h>

#define COUNTED_PARTS_MAX 50u

struct counted {
	bool is_ucs2;
	unsigned count, units, part_units[COUNTED_PARTS_MAX]; /* septets, or 16-bit units; no header */
};

bool count_by_gammu(const char *utf8, struct counted *ret);

#endif
