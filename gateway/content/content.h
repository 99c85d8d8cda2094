/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content.h - what is said and what is understood: keywords, examples, places, texts by language;
 * rendering. The tree of topics and the directory of services are in content/topics.h.
 * Room:      content (cJSON; ICU MessageFormat by format.cc).
 * Files:     keywords.json, examples.tsv, places.json, operators.json, prefixes.json, topics.json and
 *            directory.json in messages/,
 *            locales/TAG.json; their format is in messages/README.md. In texts an apostrophe of any
 *            shape is a plain ' (GSM-7 has no
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
#include "text/guess.h"
#include "text/language.h"
#include "text/msisdn.h"
#include "text/script.h"

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

/* ---- which wish, which language, which place */
/* The most urgent one stands first; of what an answer can do for, the more exact before hotline. */
#define INTENTS(X) \
	X(EMERGENCY, "emergency") X(VIOLENCE, "violence") X(CHILDREN, "children") X(HEALTH, "health") \
	X(SHELTER, "shelter") X(DOCUMENTS, "documents") X(RETURN_HOME, "return_home") \
	X(LEGAL, "legal") X(WAGES, "wages") X(WORK, "work") X(LANGUAGE, "language") \
	X(CALL_ME, "call_me") X(HOTLINE, "hotline") X(STOP, "stop") X(START, "start") X(DELETE, "delete") \
	X(MENU, "menu") X(UNKNOWN, "unknown") X(CALL, "call")
#define X(id, word) INTENT_##id,
enum intent { INTENTS(X) INTENT_COUNT };
#undef X
#define INTENT_BIT(i) (1u << (unsigned)(i))
const char *intent_word(enum intent i);

struct wish {
	enum intent intent;       /* MENU: a greeting, "?", nothing, a digit; UNKNOWN: we don't know;
	                           * never CALL, which is a missed call's */
	unsigned also;            /* INTENT_BIT()s of what else is wished: "stop, they beat me" */
	bool is_cry;              /* with HOTLINE: help is cried for, no number asked */
	float probability;        /* that `intent` is right */
	int digit;                /* 0-9 where the text is that digit and nothing else, or -1 */
	enum language chosen;     /* with LANGUAGE: the one that was named, or LANGUAGE_UNKNOWN */
	const char *town, *region; /* "shymkent", "turkistan", or NULL: where they are. Content's. */
	const char *country;       /* "uz": the town is abroad; NULL: it isn't */
	struct guess guess;       /* of the language: by letters and pieces, and by the keywords found */
	enum language language;   /* the likeliest, or LANGUAGE_UNKNOWN where the text leaves it open */
	bool language_sure;       /* so that one may answer in it without asking */
	bool has_script;          /* the text tells which letters they have: */
	enum script script;
	bool is_machine;          /* a bank's code, an advertisement: nobody waits for an answer */
};
/* Keywords are matched on sounds (text/fold.h), long ones with a typo or two, and examples.tsv has
 * taught what else people write; STOP is matched exactly and never guessed. `prior` is what is known
 * of the language beside the text (NULL: nothing). */
void content_wish(const struct content *c, struct span utf8, const struct guess_prior *prior,
                  struct wish *ret);

/* Operators' texts in the name of a subscriber without credit, "… wants you to call back", by the
 * patterns of operators.json: false where this is none, or names no number. Only of a text whose sender
 * is a service: from a person it would send an answer to whomever they name. */
bool content_call_request(const struct content *c, struct span utf8, struct msisdn *ret);

/* ---- of a list of people */
/* The operator that gave the number out first ("kcell"), by prefixes.json: a guess, since numbers move;
 * "" : not known. */
const char *content_operator(const struct content *c, const struct msisdn *m);
/* The region that a name of a place means ("almaty"), in any of its names; "" : none is known. */
const char *content_region(const struct content *c, struct span utf8);

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
