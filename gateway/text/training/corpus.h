/* SPDX-License-Identifier: GPL-3.0-or-later */
/* corpus.h - the texts that fetch.py wrote, and drawing from them as people write: short, in any
 * script, with typos.  Room: text, the trainer alone.  Classes are those of model.h. */
#ifndef SAFAR_TEXT_CORPUS_H
#define SAFAR_TEXT_CORPUS_H

#include "base/buf.h"
#include "text/training/spell.h"

enum { CORPUS_ORIGINAL, CORPUS_FOLDED, CORPUS_LATIN, CORPUS_FORMS };

struct corpus;
struct corpus *corpus_read(const char *folder); /* NULL, and why on stderr */
/* A text for learning, as somebody may write it; gives its class. */
unsigned corpus_draw(struct corpus *c, struct dice *d, struct buf *ret);
void corpus_spell(struct span text, unsigned form, struct dice *d, struct buf *ret);
size_t corpus_test_count(const struct corpus *c);
struct span corpus_test(const struct corpus *c, size_t i, unsigned *ret_class);

#endif
