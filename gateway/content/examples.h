/* SPDX-License-Identifier: GPL-3.0-or-later */
/* examples.h - messages/examples.tsv: what people really write, and what they wish by it.
 * Room:      content, private to it.
 * Keywords say what a word means; examples say what many words together mean. A small linear model
 * is learnt from them (learning.h) when the program is built and lies in it; where the file was
 * edited since, the model is learnt anew as the content is loaded, which takes a second or two.
 * Ownership: examples_read() to examples_free().  Errors: told to the struct faults, with the line.
 * Threads:   no state; what was read never changes. */
#ifndef SAFAR_CONTENT_EXAMPLES_H
#define SAFAR_CONTENT_EXAMPLES_H

#include "content/inside.h"

struct examples;

/* Without the file there are none, and examples_judge() knows nothing. */
void examples_read(const char *folder, struct examples **ret, struct faults *f);
void examples_free(struct examples *e);
/* How much the words of a skeleton speak for each intent: above 0 for it, below against; about 1
 * where it is clear. STOP and START have nothing: they are never guessed. False: it doesn't know. */
bool examples_judge(const struct examples *e, struct span skeleton, float ret[INTENT_COUNT]);

#endif
