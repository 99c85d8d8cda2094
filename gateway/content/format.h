/* SPDX-License-Identifier: GPL-3.0-or-later */
/* format.h - ICU's MessageFormat with named arguments (its C interface has numbered ones only).
 * Room:      content.  Private to the room.
 * Ownership: arguments are borrowed; the text is added to the caller's buf.
 * Errors:    enum format_err; the buf is untouched then.
 * Threads:   no state.
 * An apostrophe in a pattern is a letter (o'zbekcha), never MessageFormat's quote. */
#ifndef SAFAR_CONTENT_FORMAT_H
#define SAFAR_CONTENT_FORMAT_H

#ifdef __cplusplus
extern "C" {
#endif

#include "base/buf.h"

enum format_err { FORMAT_OK, FORMAT_BAD_PATTERN, FORMAT_UNKNOWN_ARGUMENT, FORMAT_NO_ROOM,
	FORMAT_FOREIGN_PLURAL, FORMAT_PLURAL_LACKS };

struct format_argument {
	const char *name;
	struct span text; /* UTF-8 */
	bool is_number;   /* then `number` is the value, for plurals */
	int64_t number;
};

#define FORMAT_ARGUMENTS_MAX 16

/* `tag` is the language ("uz-Cyrl"): it decides about plurals. */
enum format_err format_render(const char *tag, struct span pattern,
                              const struct format_argument *arguments, size_t count,
                              struct buf *ret);
/* Calls `name` for each argument that the pattern names, as often as it stands there. */
enum format_err format_names(struct span pattern, void (*name)(const char *, void *), void *arg);
/* Plural arguments have each category that the language has, and no other (in Russian: one, few,
 * many, other). */
enum format_err format_plurals(const char *tag, struct span pattern);
const char *format_err_text(enum format_err e); /* a literal: what to put right */

#ifdef __cplusplus
}
#endif

#endif
