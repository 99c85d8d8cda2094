/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings_rows.h - the table of settings, for settings.c.
 * Room:      base, private.
 * Threads:   constant. */
#ifndef SAFAR_BASE_SETTINGS_ROWS_H
#define SAFAR_BASE_SETTINGS_ROWS_H

#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/settings.h"

enum type { TYPE_TEXT, TYPE_PATH, TYPE_NUMBER, TYPE_MONEY, TYPE_NAME, TYPE_CHOICE, TYPE_PIN,
	TYPE_STORE, TYPE_WORDS, TYPE_FLAG /* the first choice is true */, TYPE_IMEI, TYPE_CODE,
	TYPE_LINE /* a text in a fixed array */ };
enum section { SECTION_NODE, SECTION_STORE, SECTION_KEYS, SECTION_CONTENT, SECTION_HTTP,
	SECTION_LINK,
	SECTION_COUNT };

/* A setting is one row. `choices` are words parted by blanks; a NULL default must be given. */
struct setting {
	enum section section;
	const char *key;
	enum type type;
	size_t at;
	int64_t min, max;
	const char *choices, *fallback, *help;
};

#define SETTING_ROWS_MAX 80u
extern const struct setting setting_rows[];
extern const size_t setting_row_count;
/* A key of [link NAME] that a link of that type has. */
bool setting_is_for(const struct setting *row, enum link_type type);
extern const char *const section_words[SECTION_COUNT];

#endif
