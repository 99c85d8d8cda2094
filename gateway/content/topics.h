/* SPDX-License-Identifier: GPL-3.0-or-later */
/* topics.h - what there is to say: the tree of topics, the services that help, and under which key
 * an answer is rendered.
 * Room:      content (messages/topics.json, messages/directory.json).
 * An answer: is a key of a revision and its arguments, so that it can wait in the store and be said
 *            as it stood when it was decided. The key names pieces, joined by '+', that become
 *            lines: "topic.wages.body+line.forget+line.language", or "menu.work", the titles of
 *            its children with their digits. The arguments hold the number to call, chosen when the
 *            answer is decided, and the script: content_arguments().
 * Ownership: what is returned is the content's and lives as long as it.
 * Errors:    none: the files were judged when they were loaded.
 * Threads:   any (it is read-only). */
#ifndef SAFAR_CONTENT_TOPICS_H
#define SAFAR_CONTENT_TOPICS_H

#include "content/content.h"
#include "text/script.h"

/* ---- the tree */
/* Kinds of services. The ones from POLICE on stand in the directory for staff: no topic leads there. */
#define KINDS(X) \
	X(EMERGENCY, "emergency") X(HOTLINE, "hotline") X(SHELTER, "shelter") X(LEGAL, "legal") \
	X(PSYCHOLOGICAL, "psychological") X(MEDICAL, "medical") X(DOCUMENTS, "documents") \
	X(RETURN_HOME, "return_home") X(CHILD, "child") X(POLICE, "police") \
	X(INFORMATION, "information") X(PLACEHOLDER, "placeholder")
#define X(id, word) KIND_##id,
enum kind { KINDS(X) KIND_COUNT, KIND_NONE = KIND_COUNT };
#undef X
const char *kind_word(enum kind k);

#define TOPIC_CHILDREN_MAX 9 /* the digits; 0 leads back */
#define TOPIC_DEPTH_MAX 3    /* steps from the root */
#define TOPIC_ID_LIMIT 18    /* with its NUL: the longest key of an answer has 63 octets */

struct topic {
	char id[TOPIC_ID_LIMIT];
	const struct topic *parent; /* NULL: the root */
	const struct topic *child[TOPIC_CHILDREN_MAX];
	size_t children, depth;
	enum kind service;          /* whose number its body names; KIND_NONE: none */
	bool nearest;               /* ask for the town once, where a local service of that kind exists */
	bool sensitive;             /* the memory gives no hint of it to whoever texts next */
	bool forget_line;           /* the line on deleting the thread goes with it */
	bool has_body;              /* false: its children are the answer */
};
const struct topic *content_root(const struct content *c);
const struct topic *content_topic(const struct content *c, const char *id); /* NULL: none */
/* The topic that a wish leads to ("wages"); NULL: none does (stop, language, menu). */
const struct topic *content_topic_for(const struct content *c, const char *wish);
/* What the digit stands for in its menu, 1-9; NULL: nothing. */
const struct topic *topic_child(const struct topic *t, int digit);

/* ---- the services */
struct service {
	const char *id, *number;
	enum kind kind;
	bool is_local;      /* of that town or region */
	bool is_dialable;   /* from that country */
};
/* Whom to call about `kind`: an entry of that town, of that region, of the whole country, or the
 * hotline. Only what has a source, hasn't expired and can be dialled from `country` ("KZ"; NULL: not
 * known, taken for Kazakhstan); the hotline and the emergency line are given after their expiry too.
 * `town` and `region` are ids of places or NULL. Where nothing can be dialled, the hotline is given
 * and is_dialable is false: answer.abroad says so. */
void content_service(const struct content *c, enum kind kind, const char *town, const char *region,
                     const char *country, int64_t now_ms, struct service *ret);
/* The place as content_wish() names it, by the id that was kept of it: a town's, or a region's. False:
 * there is none. */
bool content_place(const struct content *c, const char *id, bool is_town, const char **ret_town,
                   const char **ret_region);
/* Is it worth asking for the town? Somewhere there is a usable local service of that kind. */
bool content_has_local(const struct content *c, enum kind kind, const char *country, int64_t now_ms);

/* ---- keys and arguments of answers */
#define ANSWER_KEY_LIMIT 64
#define LINE_FORGET 1u   /* on deleting the message: where the topic has it */
#define LINE_LANGUAGE 2u /* on changing the language: not above a menu, whose 0 leads elsewhere */
/* Body and lines; of a topic with children the menu stands below, or is all of it. Any of these
 * fits two parts in every language (content_check). */
void topic_answer_key(const struct topic *t, unsigned lines, char ret[ANSWER_KEY_LIMIT]);
/* The arguments of such a key, to be sealed with the delivery. `number` is digits, with '+' at most.
 * A script other than the native one stands among them, under a name that no placeholder has. */
#define SCRIPT_ARGUMENT "script"
void content_arguments(const char *number, enum script s, struct buf *ret);

/* ---- what there is, for a preview */
/* The keys that the dialog names itself ("answer.call"), sorted; NULL behind the last. */
const char *content_dialog_key(size_t n);
/* Did somebody review this text as it stands there? `key` is one piece: "topic.wages.body". */
bool content_is_reviewed(const struct content *c, enum language l, const char *key);

/* ---- what staff should see */
/* A language that `before` speaks because all its texts are reviewed, and `after` wouldn't: somebody
 * edited, and nobody reviewed. LANGUAGE_UNKNOWN: none. */
enum language content_falls_silent(const struct content *before, const struct content *after);
/* Calls `tell` for each reminder: a line that nobody has called, has expired or will within 30 days;
 * drafts in use; languages that aren't spoken because their texts are drafts. `file` and `key` are
 * where it stands, `text` is a sentence. */
struct finding {
	bool is_error;
	const char *file, *key, *text; /* key: "" for a whole file */
};
void content_reminders(const struct content *c, int64_t now_ms,
                       void (*tell)(const struct finding *, void *), void *arg);

#endif
