/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spell.h - a text as somebody else would type it: without special letters, in Latin, with typos.
 * Room: text, the trainer alone.  Threads: no state but the caller's struct dice. */
#ifndef SAFAR_TEXT_SPELL_H
#define SAFAR_TEXT_SPELL_H

#include "base/buf.h"

struct dice {
	uint64_t s;
};
uint32_t dice_below(struct dice *d, uint32_t n); /* 0 to n-1 */

void spell_folded(struct span utf8, struct dice *d, struct buf *ret);  /* қ к, o' o */
void spell_latin(struct span utf8, struct dice *d, struct buf *ret);   /* one person's habits */
void spell_typo(struct span utf8, struct dice *d, struct buf *ret);    /* one letter is wrong */

#endif
