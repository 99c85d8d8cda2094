/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h - what to say: a function of a question, of what is remembered, and of nothing else.
 * Room:      dialog, private to it.
 * Ownership: `key` is a literal.  Errors: none; every question has an answer or a silence.
 * Threads:   no state.  Units: ms since 1970. */
#ifndef SAFAR_DIALOG_ANSWER_H
#define SAFAR_DIALOG_ANSWER_H

#include "content/topics.h"

#define LATE_MS INT64_C(1800000)      /* older: a neutral answer */
#define STALE_MS INT64_C(86400000)    /* older: none */
#define CALL_AGAIN_MS INT64_C(600000) /* one answer to a caller in that time */

/* What a digit means: what was asked last. */
enum context { CONTEXT_NONE, CONTEXT_MENU, CONTEXT_LANGUAGES, CONTEXT_COUNT };

/* How a language came to be known; a later one is not overruled by an earlier one. */
enum certainty { CERTAINTY_NONE, CERTAINTY_GUESSED, CERTAINTY_SURE, CERTAINTY_CHOSEN,
	CERTAINTY_COUNT };

struct memory {
	enum language language; /* LANGUAGE_UNKNOWN with CERTAINTY_NONE */
	enum certainty certainty;
	enum context context;
	char topic[TOPIC_ID_LIMIT]; /* with CONTEXT_MENU: whose digits were shown; "" : the root's */
	bool stopped;           /* a STOP was confirmed, and no START came since */
	int64_t last_call_ms;   /* of the last missed call that was answered; 0: none */
};
#define MEMORY_NONE ((struct memory){ .language = LANGUAGE_UNKNOWN })

struct question {
	bool is_call;
	struct wish wish;        /* of a text */
	int64_t age_ms;          /* of a text, by its SMSC time */
	bool is_stopped;         /* of a call: the caller said STOP */
	int64_t now_ms;
	enum language by_country; /* what the number's country speaks: weak evidence */
	struct memory memory;
	const struct content *content;
};

struct answer {
	const char *key;        /* "answer.late"; NULL: what there is to say of the topic */
	const struct topic *topic; /* of `content`; both NULL: silence */
	enum intent intent;     /* what it came to: a digit is what it stands for */
	enum language language; /* to answer in */
	bool stop, start;       /* obey, whether or not anything is said */
	struct memory memory;   /* to keep, where there is a key */
};

static inline bool answer_is_silence(const struct answer *a)
{
	return a->key == NULL && a->topic == NULL;
}
void answer_decide(const struct question *q, struct answer *ret);

#endif
