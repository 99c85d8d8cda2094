/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.h - the letters that a person's phone shows: a person has a language, and a script.
 * Room:      text.
 * Forms:     NATIVE is the text itself. PLAIN is for phones that have Russian letters only (қ к, ө о);
 *            Uzbek's own Latin is plain with '. LATIN fits GSM-7, so that a part has 160 characters.
 *            The folds are for reading; what is compared is folded in fold.h.
 * Ownership: results go into the caller's buf, which fails on its limit.
 * Threads:   no state. */
#ifndef SAFAR_TEXT_SCRIPT_H
#define SAFAR_TEXT_SCRIPT_H

#include "base/buf.h"
#include "text/language.h"

#define SCRIPTS(X) X(NATIVE, "native") X(PLAIN, "plain") X(LATIN, "latin")
#define X(id, word) SCRIPT_##id,
enum script { SCRIPTS(X) SCRIPT_COUNT };
#undef X

const char *script_word(enum script s);
/* Characters that belong to no letter of the language stay as they are, but for quotation marks,
 * dashes and apostrophes, which PLAIN and LATIN write as GSM-7 has them. */
void script_write(struct span utf8, enum language l, enum script s, struct buf *ret);
/* The script in which somebody who wrote this in `l` can read: false where the text is too short to
 * tell. Who writes Cyrillic without the letters that `l` has beside Russian's may not have them. */
bool script_guess(struct span utf8, enum language l, enum script *ret);
/* The GSM-7 character for a typographic one: ' for ʻ, " for «, - for –; NULL: there is none. */
const char *script_plain_mark(uint32_t code_point);

#endif
