/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that carry the word of a drive's material are counted to it, once each. */
#include "dialog/inside.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "store/sources.h"
#include "text/fold.h"
#include "base/banned.h"

#define WORDS_MAX 60u
#define SKELETON_MAX 4096u

static int64_t local_day(int64_t now_ms)
{
	const struct local_time t = clock_local(now_ms);
	return t.year * 10000 + t.month * 100 + t.day;
}

struct err drives_count(struct txn *tx, struct span utf8, int64_t now_ms, bool *ret)
{
	struct buf skeleton;
	bool any = false;
	*ret = false;
	struct err e = source_any(tx, &any);
	if (err_is(e) || !any)
		return e;
	buf_init(&skeleton, SKELETON_MAX);
	fold_skeleton(utf8, &skeleton);
	struct span rest = buf_span(&skeleton), one;
	for (size_t n = 0; n < WORDS_MAX && !err_is(e) && !*ret && span_take(&rest, ' ', &one); n++) {
		char word[SOURCE_WORD_LIMIT];
		if (one.n == 0 || one.n >= sizeof word)
			continue;
		memcpy(word, one.p, one.n);
		word[one.n] = '\0';
		e = source_has(tx, word, ret);
		if (!err_is(e) && *ret)
			e = source_count(tx, word, local_day(now_ms));
	}
	buf_wipe(&skeleton);
	return e;
}

/* ---- new words */
#define TRIES 500u

/* Letters that all keyboards here have, and that no two of are one sound. */
static void make_word(char ret[SOURCE_WORD_LIMIT])
{
	static const char consonants[] = "bdklmnrstz", vowels[] = "aou";
	for (size_t i = 0; i < 6; i++)
		ret[i] = i % 2 == 0 ? consonants[randombytes_uniform(sizeof consonants - 1)]
		                    : vowels[randombytes_uniform(sizeof vowels - 1)];
	ret[6] = '\0';
}

/* Nobody means anything by it: no wish, no place, no language's name, and it is its own skeleton. */
static bool is_free(const struct content *c, const char *word)
{
	struct wish w;
	struct buf skeleton;
	buf_init(&skeleton, SOURCE_WORD_LIMIT);
	fold_skeleton(span_of(word), &skeleton);
	const char *same = skeleton.failed ? NULL : buf_text(&skeleton);
	const bool is_stable = same != NULL && strcmp(same, word) == 0;
	buf_free(&skeleton);
	content_wish(c, span_of(word), NULL, &w);
	return is_stable && w.intent == INTENT_UNKNOWN && w.also == 0 && w.town == NULL &&
	       w.region == NULL && w.country == NULL;
}

struct err dialog_drive_word(struct txn *tx, struct dialog *d, const char *drive, const char *kind,
                             int64_t now_ms, char ret[SOURCE_WORD_LIMIT])
{
	struct err e = source_find(tx, drive, kind, ret);
	if (err_is(e) || ret[0] != '\0')
		return e;
	struct content *c = dialog_content(d);
	bool is_found = false;
	for (size_t i = 0; i < TRIES && !is_found && !err_is(e); i++) {
		bool is_taken = false;
		make_word(ret);
		if (!is_free(c, ret))
			continue;
		e = source_has(tx, ret, &is_taken);
		is_found = !is_taken;
	}
	content_drop(c);
	if (!err_is(e) && !is_found)
		e = err_make(ERR_BUSY, "find a word for the material", "try again: none was free", NULL);
	return err_is(e) ? e : source_add(tx, ret, drive, kind, now_ms);
}
