/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect.h - what Safar makes of one text, as a JSON object: language, wish, place, skeleton, parts.
 * Room:      programs, private to `safar inspect` and its fuzz target.
 * Ownership: the object goes into the caller's buf, whose failure sticks; nothing is kept.
 * Threads:   no state. */
#ifndef SAFAR_PROGRAMS_INSPECT_H
#define SAFAR_PROGRAMS_INSPECT_H

#include "base/buf.h"
#include "content/content.h"

void inspect_text(const struct content *content, const struct guess_prior *prior, struct span text,
                  struct buf *ret);

#endif
