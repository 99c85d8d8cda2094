/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.h - what is said: keywords, texts by language; rendering. The tree of topics and the
 * directory of services are in content/topics.h.
 * Room:      content (cJSON; ICU MessageFormat by format.cc).
 * Files:     keywords.json, topics.json and directory.json in messages/, locales/TAG.json; their
 *            format is in messages/README.md. In texts an apostrophe of any shape is a plain ' (GSM-7 has no
 *            other), never MessageFormat's quote: o'zbekcha is written as it is read.
 * Ownership: a struct content never changes once loaded and is counted: content_hold() /
 *            content_drop(). A reload makes a new one; what goes on with the old one keeps it.
 * Errors:    every fault of the files with "file: key"; on error nothing is returned.
 * Threads:   any (it is read-only). */
#ifndef SAFAR_CONTENT_CONTENT_H
#define SAFAR_CONTENT_CONTENT_H

#include "base/buf.h"
#include "base/err.h"
#include "text/alphabet.h"
#include "text/language.h"

struct content;

/* `allow_draft`: "ky,tg", languages whose drafts may be answered with ("" : none). `report` is
 * called for each fault (may be NULL); the first is returned. */
struct err content_load(const char *messages_folder, const char *locales_folder,
                        const char *allow_draft,
                        void (*report)(const struct err *, void *), void *arg,
                        struct content **ret);
/* The same, and everything besides that an editor should know: warnings, with what the clock says.
 * `tell` is called for each (struct finding is in content/topics.h). */
struct finding;
struct err content_check(const char *messages_folder, const char *locales_folder,
                         const char *allow_draft, int64_t now_ms,
                         void (*tell)(const struct finding *, void *), void *arg,
                         struct content **ret);
struct content *content_hold(struct content *c);
void content_drop(struct content *c);

/* ---- which wish, which language */
#define INTENTS(X) \
	X(HELP, "help") X(HOTLINE, "hotline") X(SHELTER, "shelter") X(EMERGENCY, "emergency") \
	X(STOP, "stop") X(START, "start") X(LANGUAGE, "language") X(DIGIT, "digit") \
	X(MENU, "menu") X(CALL, "call")
#define X(id, word) INTENT_##id,
enum intent { INTENTS(X) INTENT_COUNT };
#undef X
const char *intent_word(enum intent i);

struct wish {
	enum intent intent;       /* MENU: nothing that we know */
	bool also_stop;           /* "stop, they beat me": both */
	enum language language;   /* LANGUAGE_UNKNOWN where the text leaves it open */
	bool language_sure;       /* by a letter or a keyword that one language alone has */
	int digit;                /* with DIGIT: 0-9 */
	enum language chosen;     /* with LANGUAGE: the one that was named, or LANGUAGE_UNKNOWN */
};
/* Keywords are matched on skeletons (text/fold.h), whole words; STOP exactly, never by a guess. */
void content_wish(const struct content *c, struct span utf8, struct wish *ret);

/* ---- what is said */
/* The language to answer in: `wanted` where its text may be sent (reviewed, or draft allowed), else
 * Russian, else the first that may; LANGUAGE_UNKNOWN: none may, and content_bare() is what is left:
 * the hotline's and the emergency number without a word. */
enum language content_usable(const struct content *c, enum language wanted);
void content_bare(const struct content *c, struct buf *ret);
/* Languages in draft that allow-draft lets through, for the warning at each start ("ky,tg"). */
void content_drafts_in_use(const struct content *c, struct buf *ret);

/* ---- revisions: the texts as one body of octets, to be kept sealed in the store */
/* All answers' texts with the directory's numbers, canonical: the same content, the same octets. */
void content_body(const struct content *c, struct buf *ret);
/* Its key "answer.bare" is content_bare()'s text, in each language of people.
 * A broadcast's texts: key "text", plain (no placeholders). texts[l].n == 0: none in l. */
void content_body_plain(const struct span texts[LANGUAGE_COUNT], struct buf *ret);

struct texts; /* a body, parsed */
struct err texts_parse(struct span body, struct texts **ret);
void texts_free(struct texts *t);
/* Renders `key` in `language` with named arguments ({hotline}, {emergency} are the body's own;
 * `args` is a JSON object of further ones, texts or whole numbers, or empty). A key of several
 * pieces, "topic.wages.body+line.language", gives a line for each. ERR_ABSENT: no such key in that
 * language. */
struct err texts_render(const struct texts *t, const char *key, enum language language,
                        struct span args, struct buf *ret);

#endif
