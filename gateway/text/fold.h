/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.h - one skeleton for all scripts, so that көмек, комек, komek and kömek are one word.
 * Room:      text (ICU for NFKC and case folding).
 * Ownership: results go into the caller's buf.  Threads: no state after fold_start().
 * The rules are the table in fold.c: text is normalised, marks and apostrophes removed, Cyrillic
 * and Latin both mapped to one plain Latin form. The skeleton is idempotent.
 * Limits:    TEXT_OCTETS_MAX octets of a text and 96 letters of a word; the rest isn't looked at. */
#ifndef SAFAR_TEXT_FOLD_H
#define SAFAR_TEXT_FOLD_H

#include "base/buf.h"
#include "base/err.h"
#include "text/language.h"

struct err fold_start(void); /* loads ICU's data, once, before any thread starts */

/* The skeleton of a text: words parted by one space, nothing else. Fails the buf on its limit. */
void fold_skeleton(struct span utf8, struct buf *ret);

/* A first guess from letters alone: a letter that one language has is its mark (ӣ ҷ ҳ with ӯ: tg;
 * ў: uz-Cyrl; ә і ұ: kk; ң ө ү without ә і ұ қ ғ: ky; plain Latin: uz; plain Cyrillic: ru, weak).
 * *ret_sure is false where plain letters leave it open. LANGUAGE_UNKNOWN without any letter. */
enum language fold_guess(struct span utf8, bool *ret_sure);

#endif
