/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.h - a broadcast's message file: its text in each language, and who gets which.
 * Room:      campaign (cJSON).
 * Format:    {"texts":{"kk":"…","ru":"…"},"fallback":["ru"]}, strict: an unknown or doubled key, a
 *            language that is not people's, a text of no or more than PARTS_MAX parts is an error.
 *            `fallback` may be left out; a language named there has a text.
 * Ownership: a struct message owns its texts; message_free().
 * Errors:    ERR_INPUT with the key in whom; *ret is untouched then.  Threads: no state. */
#ifndef SAFAR_CAMPAIGN_MESSAGE_H
#define SAFAR_CAMPAIGN_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "text/alphabet.h"
#include "text/language.h"

struct message {
	struct buf text[LANGUAGE_COUNT];    /* n 0: none in this language */
	struct parts parts[LANGUAGE_COUNT]; /* of the texts; the spans borrow them */
	enum language fallback;             /* LANGUAGE_UNKNOWN: none */
};

struct err message_read(struct span json, struct message *ret);
/* The language to write in to one who reads `l`; LANGUAGE_UNKNOWN: there is no text for them. */
enum language message_language(const struct message *m, enum language l);
void message_free(struct message *m);

#endif
