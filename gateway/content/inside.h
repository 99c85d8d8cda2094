/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what the files of this room share.  Room: content, private to it.
 * Errors:  a fault of a file is told to the struct faults and the reading goes on, so that one run
 *          shows all of them; the first one is what content_load() returns.
 * Threads: no state. */
#ifndef SAFAR_CONTENT_INSIDE_H
#define SAFAR_CONTENT_INSIDE_H

#include <cjson/cJSON.h>

#include "content/content.h"
#include "content/lexicon.h"

#define FILE_OCTETS_MAX (1u << 20)
#define TEXT_CHARACTERS_MAX 100u /* so that number and language line fit: design, "Languages" */
#define LIST_CHARACTERS_MAX 134u /* two parts of UCS-2: lists of languages */

/* The texts of a locale file, sorted: the body's order is this one. */
#define ANSWERS(X) \
	X(CALL, "answer.call", LIST_CHARACTERS_MAX) \
	X(CALL_KNOWN, "answer.call.known", TEXT_CHARACTERS_MAX) \
	X(EMERGENCY, "answer.emergency", TEXT_CHARACTERS_MAX) \
	X(HELP, "answer.help", TEXT_CHARACTERS_MAX) \
	X(HOTLINE, "answer.hotline", TEXT_CHARACTERS_MAX) \
	X(LANGUAGE, "answer.language", TEXT_CHARACTERS_MAX) \
	X(LANGUAGES, "answer.languages", LIST_CHARACTERS_MAX) \
	X(LATE, "answer.late", TEXT_CHARACTERS_MAX) \
	X(MENU, "answer.menu", TEXT_CHARACTERS_MAX) \
	X(OTHER, "answer.other", TEXT_CHARACTERS_MAX) \
	X(SHELTER, "answer.shelter", TEXT_CHARACTERS_MAX) \
	X(START, "answer.start", TEXT_CHARACTERS_MAX) \
	X(STOP, "answer.stop", TEXT_CHARACTERS_MAX)
#define X(id, key, limit) ANSWER_##id,
enum answer_key { ANSWERS(X) ANSWER_COUNT };
#undef X
/* In every language of a body: the two numbers without a word. */
#define BARE_KEY "answer.bare"
#define BARE_TEXT "{hotline}, {emergency}"

/* ---- faults */
struct faults {
	void (*report)(const struct err *, void *);
	void *arg;
	struct err first; /* ERR_OK: none */
};
void fault_take(struct faults *f, const struct err *e);
/* ERR_CONFIG with whom "file: key"; `next` is a literal that says what to put right. */
void fault_add(struct faults *f, const char *file, const char *key, const char *next);

/* ---- JSON files */
/* Reads FOLDER/NAME whole; NULL (and a fault with the line) when it isn't well-formed JSON, or the
 * outermost is no object. The caller's, cJSON_Delete(). */
cJSON *json_read(const char *folder, const char *name, struct faults *f);
/* Each member of `object` has one of the names (ends with NULL) and stands once. */
void json_members(const cJSON *object, const char *const *names, const char *file, const char *key,
                  struct faults *f);
/* The string of a member; "" when it isn't there or is no string (a fault when `required`). */
const char *json_string(const cJSON *object, const char *name, bool required, const char *file,
                        const char *key, struct faults *f);

/* ---- the directory of services */
struct directory {
	struct buf hotline, emergency; /* their numbers, as they are dialled */
};
void directory_read(const char *folder, struct directory *ret, struct faults *f);
void directory_free(struct directory *d);

/* ---- the texts of one language */
struct locale {
	struct buf text[ANSWER_COUNT];
	bool is_reviewed; /* every text of it */
};
void locale_read(const char *folder, enum language l, const struct directory *d,
                 struct locale *ret, struct faults *f);
void locale_free(struct locale *l);

/* ---- keywords */
#define LANGUAGE_BIT(l) (1u << (unsigned)(l))
/* Uzbek's keywords are written once: both scripts have one skeleton. */
#define KEYWORD_UZ (LANGUAGE_BIT(LANGUAGE_UZ) | LANGUAGE_BIT(LANGUAGE_UZ_CYRL))
void keywords_read(const char *folder, struct lexicon *x, struct faults *f);

/* ---- places */
enum place_kind { PLACE_REGION, PLACE_TOWN, PLACE_ABROAD };
enum sign { SIGN_BEFORE, SIGN_FROM, SIGN_AFTER }; /* of a place: "город", "из", "қаласы" */
struct place {
	enum place_kind kind;
	char id[32];     /* its usual Latin form in lower case */
	char region[32]; /* of a town, and of a region itself */
	char country[8]; /* of a town abroad */
};
struct places {
	struct place *list;
	size_t n;
};
void places_read(const char *folder, struct places *ret, struct lexicon *x, struct faults *f);
void places_free(struct places *p);
const struct place *places_pick(const struct places *p, const struct matches *m);

struct content {
	unsigned held;           /* atomic */
	struct directory directory;
	struct lexicon *lexicon;  /* keywords and names of places */
	struct places places;
	struct locale locale[LANGUAGE_COUNT];
	bool draft_allowed[LANGUAGE_COUNT];
};

#endif
