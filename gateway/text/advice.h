/* SPDX-License-Identifier: GPL-3.0-or-later */
/* advice.h - what a text costs and what would make it cheaper, in words and figures for staff.
 * Room:      text.
 * Standard:  3GPP TS 23.038 §6.2.1; parts as alphabet.h cuts them.
 * Threads:   no state. */
#ifndef SAFAR_TEXT_ADVICE_H
#define SAFAR_TEXT_ADVICE_H

#include "text/alphabet.h"
#include "text/language.h"

/* `say` is called for each sentence, the most useful first. `p` is what parts_split() made of the
 * text; `l` the language whose Latin form is looked at (LANGUAGE_UNKNOWN: none). */
void advice_give(struct span utf8, const struct parts *p, enum language l,
                 void (*say)(const char *sentence, void *arg), void *arg);

#endif
