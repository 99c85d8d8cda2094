/* SPDX-License-Identifier: GPL-3.0-or-later */
/* examples.h - messages/examples.tsv: what people really write, and what they wished by it.
 * Room:      content, private to it.
 * Keywords say what a word means; examples say what many words together mean. When the content is
 * loaded a small model (multinomial logistic regression over words, their beginnings and pairs) is
 * learnt from them, so that whoever adds a line to the file has taught the gateway.
 * Ownership: examples_read() to examples_free().  Errors: told to the struct faults, with the line.
 * Threads:   no state; what was read never changes. */
#ifndef SAFAR_CONTENT_EXAMPLES_H
#define SAFAR_CONTENT_EXAMPLES_H

#include "content/inside.h"

struct examples;

/* Without the file there are none, and examples_judge() says that it doesn't know. */
void examples_read(const char *folder, struct examples **ret, struct faults *f);
void examples_free(struct examples *e);
/* How likely each intent is, of the words of a skeleton; they sum to 1. STOP and START are never
 * among them: those are never guessed. */
void examples_judge(const struct examples *e, struct span skeleton, float ret[INTENT_COUNT]);

#endif
