/* SPDX-License-Identifier: GPL-3.0-or-later */
/* language.h - the languages that texts are written in.  Room: text.  Threads: no state.
 * The tag is the name of a file in locales/ and the word in CSV, JSON and the store. */
#ifndef SAFAR_TEXT_LANGUAGE_H
#define SAFAR_TEXT_LANGUAGE_H

#include <stdbool.h>

#include "base/buf.h"

/* The order is that of the digits in the language menu (English is for staff only). */
#define LANGUAGES(X) \
	X(KK, "kk") X(RU, "ru") X(UZ, "uz") X(UZ_CYRL, "uz-Cyrl") X(KY, "ky") X(TG, "tg") X(EN, "en")
#define X(id, tag) LANGUAGE_##id,
enum language { LANGUAGES(X) LANGUAGE_COUNT, LANGUAGE_UNKNOWN = LANGUAGE_COUNT };
#undef X
#define LANGUAGE_PEOPLE LANGUAGE_EN /* languages below this one are spoken to people */

const char *language_tag(enum language l); /* "kk"; "und" for unknown */
/* Case is ignored and '_' is '-'. False for a tag that isn't ours. */
bool language_parse(struct span tag, enum language *ret);

#endif
