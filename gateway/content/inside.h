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
#include "content/topics.h"

#define PATH_LIMIT 4096
#define FILE_OCTETS_MAX (1u << 20)
#define ANSWER_PARTS_MAX 2u /* of any answer: what a person waits for, and what a SIM pays */

/* In every language of a body: the two numbers without a word. */
#define BARE_KEY "answer.bare"
#define BARE_TEXT "{hotline}, {emergency}"

/* ---- faults */
struct faults {
	void (*report)(const struct err *, void *);
	void *arg;
	struct err first; /* ERR_OK: none */
	/* Not NULL: gets warnings too, and each with file and key apart. */
	void (*tell)(const struct finding *, void *);
	void *tell_arg;
};
void fault_take(struct faults *f, const struct err *e);
/* ERR_CONFIG with whom "file: key"; `next` is a literal that says what to put right. */
void fault_add(struct faults *f, const char *file, const char *key, const char *next);
/* The same with words of its own. */
void fault_addf(struct faults *f, const char *file, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Nothing is wrong, but somebody should know. */
void warn_addf(struct faults *f, const char *file, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* ---- JSON files */
/* Reads FOLDER/NAME whole; NULL (and a fault with the line) when it isn't well-formed JSON, or the
 * outermost is no object. The caller's, cJSON_Delete(). */
cJSON *json_read(const char *folder, const char *name, struct faults *f);
struct err json_read_text(const char *folder, const char *name, struct buf *ret);
/* FOLDER/NAME is {"LIST":[…]}: `one` is called for each element. */
void json_list(const char *folder, const char *name, const char *list,
               void (*one)(const cJSON *, void *arg, struct faults *), void *arg, struct faults *f);
/* Each member of `object` has one of the names (ends with NULL) and stands once. */
void json_members(const cJSON *object, const char *const *names, const char *file, const char *key,
                  struct faults *f);
/* The string of a member; "" when it isn't there or is no string (a fault when `required`). */
const char *json_string(const cJSON *object, const char *name, bool required, const char *file,
                        const char *key, struct faults *f);

/* ---- the directory of services */
#define ENTRIES_MAX 512u
struct entry { /* its texts are the directory's */
	const char *id, *number, *source, *verified_on, *expires;
	const cJSON *towns, *regions, *dial_from;
	enum kind kind;
};
struct directory {
	cJSON *root;
	struct entry list[ENTRIES_MAX];
	size_t n;
	const struct entry *hotline, *emergency; /* never fall silent by expiry */
};
void directory_read(const char *folder, struct directory *ret, struct faults *f);
void directory_free(struct directory *d);
/* Everything that a clock says about the entries: warnings. */
void directory_review(const struct directory *d, int64_t now_ms, struct faults *f);
/* Of those, what staff should be reminded of each day. */
void directory_remind(const struct directory *d, int64_t now_ms, struct faults *f);
/* The longest number that content_service() may give for the kind, whatever the town or the day. */
const char *directory_longest(const struct directory *d, enum kind kind);

/* ---- the tree */
#define TOPICS_MAX 128u
#define WISHES_MAX 32u
struct topics {
	struct topic list[TOPICS_MAX];
	size_t n;
	const struct topic *root;
	struct {
		char word[24];
		const struct topic *topic;
	} wish[WISHES_MAX];
	size_t wishes;
};
void topics_read(const char *folder, struct topics *ret, struct faults *f);
void topics_note_body(struct topics *t, const struct topic *of); /* a menu that has a body, too */

/* ---- which texts there are */
#define TEXT_KEY_LIMIT 40
#define TEXTS_MAX (2 * TOPICS_MAX + 32)
enum placeholder { PLACEHOLDER_HOTLINE, PLACEHOLDER_EMERGENCY, PLACEHOLDER_NUMBER,
	PLACEHOLDER_NAME, PLACEHOLDER_WORD, PLACEHOLDER_COUNT };
#define PLACEHOLDER_BIT(p) (1u << (unsigned)(p))
extern const char *const placeholder_words[PLACEHOLDER_COUNT];

struct text_rule {
	char key[TEXT_KEY_LIMIT];
	size_t characters;     /* at most, when it is filled in */
	unsigned may, must;    /* PLACEHOLDER_BIT()s */
	bool optional;         /* the body of a menu: in all languages or in none */
	bool all_letters;      /* names of languages, each in its own letters */
	const struct topic *topic; /* NULL: of the dialog */
};
struct text_rules {
	struct text_rule list[TEXTS_MAX];
	size_t n;
};
void rules_make(const struct topics *t, struct text_rules *ret);
const struct text_rule *rules_find(const struct text_rules *r, const char *key);

/* ---- the texts of one language */
struct text {
	char key[TEXT_KEY_LIMIT];
	struct buf said;
	bool is_reviewed, has_changed; /* since it was reviewed: then it isn't */
};
struct locale {
	struct text *list; /* sorted by key: the body's order is this one */
	size_t n, drafts;
	bool is_reviewed;  /* every text of it */
};
void locale_read(const char *folder, enum language l, const struct text_rules *rules,
                 struct locale *ret, struct faults *f);
void locale_free(struct locale *l);
struct text *locale_find(struct locale *l, const char *key);
const struct text *locale_text(const struct locale *l, const char *key); /* NULL: none */
#define FINGERPRINT_LIMIT 17
void text_fingerprint(const char *text, char ret[FINGERPRINT_LIMIT]);

/* ---- what is told of all of it together (check.c) */
void check_places(const struct content *c, struct faults *f);
void check_texts(struct content *c, const struct text_rules *rules, struct faults *f);
void check_answers(const struct content *c, struct faults *f);

/* ---- body.c */
/* content_body() of every language, spoken or not. */
void body_of_all(const struct content *c, struct buf *ret);

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

/* ---- operators' texts */
#define OPERATORS_MAX 64u
#define PHRASE_LIMIT 96
struct operators {
	char phrase[OPERATORS_MAX][PHRASE_LIMIT]; /* skeletons */
	size_t n;
};
void operators_read(const char *folder, struct operators *ret, struct faults *f);

/* ---- whose a number was first */
#define PREFIXES_MAX 512u
#define PREFIX_OPERATOR_LIMIT 24
struct prefixes {
	struct prefix {
		char digits[11], operator_[PREFIX_OPERATOR_LIMIT];
	} list[PREFIXES_MAX];
	size_t n;
};
void prefixes_read(const char *folder, struct prefixes *ret, struct faults *f);

struct examples;
struct content {
	unsigned held;           /* atomic */
	struct directory directory;
	struct lexicon *lexicon;  /* keywords and names of places */
	struct places places;
	struct operators operators;
	struct prefixes prefixes;
	struct examples *examples;
	struct locale locale[LANGUAGE_COUNT];
	bool draft_allowed[LANGUAGE_COUNT];
	struct topics topics;
};
bool content_may_speak(const struct content *c, enum language l);

#endif
