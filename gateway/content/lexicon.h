/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lexicon.h - words and phrases that mean something, and where they stand in a text.
 * Room:      content, private to it.
 * Ownership: a struct lexicon is filled once (lexicon_add(), lexicon_finish()) and then only read;
 *            lexicon_find() allocates nothing.
 * Errors:    a pattern that makes no sense is told in words, and not added.
 * Threads:   none while it is filled; then any.
 *
 * A pattern is words parted by blanks, each of them with alternatives: "не|ни плат*|заплат*". A
 * word with a star at its end may go on; "шымкент~" takes the endings of cases. The words stand in
 * this order, with up to GAP_MAX others between two; with a "&" anywhere, in any order. They are
 * compared by their sounds (text/fold.h); long ones with a typo or two, where the meaning allows.*/
#ifndef SAFAR_CONTENT_LEXICON_H
#define SAFAR_CONTENT_LEXICON_H

#include "content/content.h"
#include "text/fold.h"

#define PATTERN_WORDS_MAX 6u
#define GAP_MAX 2u
#define MATCHES_MAX 96u

enum meaning_kind {
	MEANS_WISH,
	MEANS_LANGUAGE,  /* names a language */
	MEANS_NOTHING,   /* harmless: nothing else is seen in these words */
	MEANS_CHAT,      /* ordinary talk: beside it what is only named isn't wished */
	MEANS_MACHINE,   /* what banks and shops send: nobody waits for an answer */
	MEANS_FILLER,    /* "please": doesn't count where a keyword is the whole message */
	MEANS_PLACE,
	MEANS_SIGN,      /* "город", "from": a place stands beside it */
};
enum meaning_at {
	AT_ANYWHERE,
	AT_WHOLE,        /* the whole message, or a clause of it */
	AT_START,        /* that, or the message begins with it */
};

struct meaning {
	uint8_t kind;      /* enum meaning_kind */
	uint8_t intent;    /* of a wish; a cry for help is INTENT_HOTLINE with is_cry */
	uint16_t value;    /* a language, a place's number */
	uint16_t number;   /* of the pattern in its list, for whoever looks for it */
	uint8_t languages; /* LANGUAGE_BIT()s; 0: any */
	uint8_t at;        /* enum meaning_at */
	bool is_weak;      /* counts where nothing surer is said */
	bool is_cry;
	bool is_only;      /* counts where the text is likely in its language */
	bool is_exact;     /* no typo is forgiven */
	bool is_close;     /* no other words between */
};

struct lexicon;
struct lexicon *lexicon_new(void);      /* NULL: no memory */
void lexicon_free(struct lexicon *x);
/* NULL, or what is wrong with the pattern (a literal). */
const char *lexicon_add(struct lexicon *x, struct span pattern, const struct meaning *m);
/* An ending that "~" allows. */
const char *lexicon_add_ending(struct lexicon *x, struct span ending);
bool lexicon_finish(struct lexicon *x); /* false: no memory, or too much of it all */

struct match {
	const struct meaning *meaning;
	uint8_t words;                     /* of it */
	uint8_t at[PATTERN_WORDS_MAX];     /* where they stand in the text, ascending */
	uint8_t typos;
	uint8_t letters;                   /* sounds of the keyword's words in all */
	uint16_t width;                    /* how many forms its words have in all */
	bool is_whole_word;                /* no ending was guessed */
	bool has_case;                     /* of a place: an ending stood there */
};
struct matches {
	size_t n;
	struct match match[MATCHES_MAX];
	/* of each word of the text, the languages whose patterns have it; 0: none, or all */
	uint8_t languages[FOLD_WORDS_MAX];
};
/* Everything that stands there; what is within a longer match of the same or another meaning is
 * left out. AT_WHOLE and AT_START are judged already. */
void lexicon_find(const struct lexicon *x, const struct fold_words *text, struct matches *ret);

#endif
