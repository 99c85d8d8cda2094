/* SPDX-License-Identifier: GPL-3.0-or-later */
/* errand.h - one question that a thread leaves to another and comes back for.
 * Room:      base.
 * Ownership: an errand has two holders from birth, who asked and who answers. Who answers lets go of
 *            it with errand_answer(), once; who asked with errand_drop(), answered or not.
 * Errors:    the answer's own are part of it.
 * Threads:   the two holders may be of different threads; `ready` is called in the answering one and
 *            never after errand_drop().
 * What was asked and answered is wiped when the last holder has let go. */
#ifndef SAFAR_BASE_ERRAND_H
#define SAFAR_BASE_ERRAND_H

#include "base/buf.h"
#include "base/err.h"

#define ERRAND_ANSWER_MAX 1023 /* octets */

struct errand;

/* `to` is whom it is for, `what` the question: both are copied; ERR_INPUT when they are too long. */
struct err errand_new(const char *to, const char *what, void (*ready)(void *), void *arg,
                      struct errand **ret);

/* More than a text, both ways: a struct that the errand owns from now on, and frees with the last
 * holder. Who answers may write in it until errand_answer(), who asked reads it after that. */
void errand_carry(struct errand *d, void *load, void (*free_load)(void *));
void *errand_load(const struct errand *d); /* NULL: none */

/* ---- who answers */
const char *errand_to(const struct errand *d);
const char *errand_what(const struct errand *d);
/* `more`: the answer asks for another question. An answer that is too long is cut. */
void errand_answer(struct errand *d, struct err e, struct span text, bool more);
bool errand_is_wanted(struct errand *d); /* who asked hasn't dropped it */
/* A place for it in a queue of who answers. */
struct errand **errand_next(struct errand *d);

/* ---- who asked */
bool errand_is_ready(struct errand *d);
/* Once it is ready; the text is borrowed until errand_drop(). */
struct err errand_result(struct errand *d, const char **ret_text, bool *ret_more);
void errand_drop(struct errand *d); /* NULL is fine */

#endif
