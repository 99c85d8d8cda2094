/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h - what staff confirm is written into the files that they edit by hand: that a text was
 * read, that a number was called.
 * Room:      content.
 * Promise:   only the members concerned change; order, spacing and everything else stay as they are.
 *            The new file replaces the old one at once (temporary file, fsync, rename), or nothing
 *            has changed. Somebody's edit of the same moment is lost: tell them to save first.
 * Errors:    ERR_ABSENT where the key or id isn't there (which one is in `whom`), ERR_INPUT for a
 *            name or language that can't be written, ERR_CONFIG for a file that is no JSON, ERR_IO.
 * Threads:   any. */
#ifndef SAFAR_CONTENT_EDIT_H
#define SAFAR_CONTENT_EDIT_H

#include "base/err.h"
#include "text/language.h"

/* These texts, as they stand there, were read by `by` on the day `today` ("2026-11-24"): state
 * becomes reviewed, and carries the text's fingerprint, so that a later edit makes it a draft. */
struct err edit_review(const char *locales_folder, enum language l, const char *const *keys,
                       size_t count, const char *by, const char *today);
/* The number of entry `id` was called by `by` on the day `today`, and it helps. */
struct err edit_verify(const char *messages_folder, const char *id, const char *by,
                       const char *today);

#endif
