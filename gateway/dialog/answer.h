/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h - what to say: a function of a question, of what is remembered, and of nothing else.
 * Room:      dialog, private to it.
 * Ownership: `key` is a literal.  Errors: none; every question has an answer or a silence.
 * Threads:   no state.  Units: ms since 1970. */
#ifndef SAFAR_DIALOG_ANSWER_H
#define SAFAR_DIALOG_ANSWER_H

#include "content/content.h"
#include "content/topics.h"

#define LATE_MS INT64_C(1800000)      /* older: a neutral answer */
#define STALE_MS INT64_C(86400000)    /* older: none */
#define CALL_AGAIN_MS INT64_C(600000) /* one answer to a caller in that time */
#define RING_BACK_MS INT64_C(300000)  /* who rings twice in that time can't read, or can't write */

/* What a digit means, or a town: what was shown last. BELOW: a topic of that menu, whose digits go on
 * counting, but not its 0, for the line below the topic says that 0 is the language. */
enum context { CONTEXT_NONE, CONTEXT_MENU, CONTEXT_BELOW, CONTEXT_LANGUAGES, CONTEXT_TOWN,
	CONTEXT_COUNT };

/* How a language came to be known; a later one is not overruled by an earlier one. */
enum certainty { CERTAINTY_NONE, CERTAINTY_GUESSED, CERTAINTY_SURE, CERTAINTY_CHOSEN,
	CERTAINTY_COUNT };

#define PLACE_LIMIT 24  /* "north-kazakhstan" */
#define COUNTRY_LIMIT 3 /* "KZ" */

struct memory {
	enum language language; /* LANGUAGE_UNKNOWN with CERTAINTY_NONE */
	enum certainty certainty;
	enum script script;
	enum context context;
	char topic[TOPIC_ID_LIMIT]; /* MENU, BELOW: whose digits, "" the root's; TOWN: of which topic */
	char town[PLACE_LIMIT], region[PLACE_LIMIT]; /* where they said that they are; "": not said */
	bool stopped;           /* a STOP was confirmed, and no START came since */
	bool told_language;     /* how to change it */
	bool counted_gap;       /* words of a question of theirs were counted: once in a memory's life */
	bool told_abroad;       /* that the number is dialled in Kazakhstan only */
	char country[COUNTRY_LIMIT]; /* that they said they are in; "": not said */
	int64_t last_call_ms;   /* of the last missed call that was answered; 0: none */
	int64_t last_ring_ms;   /* of the last missed call at all */
};
#define MEMORY_NONE ((struct memory){ .language = LANGUAGE_UNKNOWN })

struct question {
	bool is_call;
	struct wish wish;        /* of a text */
	int64_t age_ms;          /* of a text, by its SMSC time */
	bool is_stopped;         /* of a call or a STOP: they had said it before */
	int64_t now_ms;
	enum language by_country; /* what the number's country speaks: weak evidence */
	const char *country;     /* of the number: "KZ" */
	struct memory memory;
	const struct content *content;
};

struct answer {
	const char *key;        /* "answer.late"; NULL: what there is to say of the topic */
	const struct topic *topic; /* of `content`; both NULL: silence */
	unsigned lines;         /* of topics.h, below a topic's body */
	char town[PLACE_LIMIT], region[PLACE_LIMIT], country[COUNTRY_LIMIT]; /* where they are; "" : not
	                         * known. Beside a topic alone. */
	enum intent intent;     /* what it came to: a digit is what it stands for */
	enum language language; /* to answer in */
	enum script script;
	bool stop, start;       /* obey, whether or not anything is said */
	bool erase;             /* DELETE: what is kept of this person goes, this memory too */
	bool ring_back;         /* they want to be rung: kept for staff */
	bool in_russian_too;    /* nobody knows in which language to show the menu */
	bool abroad_too;        /* what can be dialled from where they are */
	bool is_gap;            /* a question that nothing is known for: its words are counted */
	struct memory memory;   /* to keep, where there is an answer or they want to be rung */
};

static inline bool answer_is_silence(const struct answer *a)
{
	return a->key == NULL && a->topic == NULL;
}
void answer_decide(const struct question *q, struct answer *ret);

#endif
