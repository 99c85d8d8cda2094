/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of a question that nothing is known for, so that keywords can grow. Each is counted by itself,
 * as its skeleton: no question can be put together again. Left out is what has a digit, what is no
 * word of a language, and a name: what begins with a capital inside a sentence. */
#include "dialog/inside.h"

#include <string.h>

#include "store/wishes.h"
#include "text/fold.h"
#include "text/alphabet.h"
#include "text/letters.h"
#include "base/banned.h"

#define WORDS_MAX 40u      /* of a question; a longer one is somebody's story */
#define LETTERS_MIN 3u
#define WORD_OCTETS 60u

struct word {
	struct span utf8;
	size_t letters, capitals;
	bool has_digit, begins_capital, begins_sentence;
};

static bool is_in_word(uint32_t c)
{
	return letter_is_alnum(c) || letter_is_mark(c) || c == '\'' || c == 0x2BB || c == 0x2BC ||
	       c == 0x2018 || c == 0x2019;
}

/* The next word of `rest`; false at the end. */
static bool next_word(struct span *rest, bool *at_start, struct word *ret)
{
	uint32_t c = 0;
	struct span here = *rest;
	struct word w = { .begins_sentence = *at_start };
	while (utf8_next(rest, &c) && !is_in_word(c)) {
		w.begins_sentence = w.begins_sentence || c == '.' || c == '!' || c == '?' || c == '\n';
		here = *rest;
	}
	if (!is_in_word(c))
		return false;
	w.utf8.p = here.p;
	*rest = here;
	while (utf8_next(rest, &c) && is_in_word(c)) {
		const bool is_capital = letter_is_capital(c);
		w.begins_capital = w.letters == 0 ? is_capital : w.begins_capital;
		w.letters++;
		w.capitals += is_capital ? 1 : 0;
		w.has_digit = w.has_digit || (c >= '0' && c <= '9');
		here = *rest;
	}
	w.utf8.n = (size_t)(here.p - w.utf8.p);
	*rest = here;
	*at_start = false;
	*ret = w;
	return true;
}

static bool is_kept(const struct word *w)
{
	const bool is_name = w->begins_capital && !w->begins_sentence && w->capitals < w->letters;
	return w->letters >= LETTERS_MIN && !w->has_digit && !is_name;
}

/* A question's words, each once: one who says a name thrice is still one. */
struct question_words {
	char word[WORDS_MAX][WORD_OCTETS + 1];
	size_t n;
};

static void add_word(struct question_words *all, struct span utf8)
{
	struct buf skeleton;
	buf_init(&skeleton, WORD_OCTETS);
	fold_skeleton(utf8, &skeleton);
	const char *word = skeleton.failed ? NULL : buf_text(&skeleton);
	bool is_new = word != NULL && skeleton.n >= LETTERS_MIN && all->n < WORDS_MAX;
	for (size_t i = 0; i < all->n && is_new; i++)
		is_new = strcmp(all->word[i], word) != 0;
	if (is_new)
		(void)text_copy(all->word[all->n++], sizeof all->word[0], word);
	buf_wipe(&skeleton);
}

struct err gaps_count(struct txn *tx, struct span utf8, enum language l, int64_t now_ms)
{
	struct question_words all = { .n = 0 };
	bool at_start = true, has_room = false;
	struct word w;
	for (size_t n = 0; n < WORDS_MAX && next_word(&utf8, &at_start, &w); n++)
		if (is_kept(&w))
			add_word(&all, w.utf8);
	struct err e = gap_has_room(tx, &has_room);
	for (size_t i = 0; i < all.n && !err_is(e); i++)
		e = gap_add(tx, all.word[i], l, has_room, now_ms);
	explicit_bzero(&all, sizeof all);
	return e;
}
