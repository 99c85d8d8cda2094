/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/keywords.json: which words say which wish, and in which language. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

#define FILE_NAME "keywords.json"
#define KEYWORDS_MAX 4096u
#define ENDING_LETTERS_MIN 3u /* "бас*" would take half the dictionary */
#define NAMES_KEY "names"

static const char *const intents[INTENT_COUNT] = {
#define X(id, word) [INTENT_##id] = word,
	INTENTS(X)
#undef X
};

const char *intent_word(enum intent i) { return i < INTENT_COUNT ? intents[i] : "?"; }

static bool grow(struct keywords *k)
{
	if (k->count < k->room)
		return true;
	size_t room = k->room == 0 ? 256 : k->room * 2;
	if (room > KEYWORDS_MAX)
		return false;
	struct keyword *list = reallocarray(k->list, room, sizeof *list);
	if (list == NULL)
		return false;
	k->list = list;
	k->room = room;
	return true;
}

/* Takes "*" or " *" off the end. */
static struct span take_stars(struct span word, struct keyword *ret)
{
	if (word.n == 0 || word.p[word.n - 1] != '*')
		return word;
	word.n--;
	ret->more_words = word.n > 0 && word.p[word.n - 1] == ' ';
	ret->any_ending = !ret->more_words;
	return span_trim(word);
}

static const char *fault_of(const struct keyword *new)
{
	const bool at_ends = new->intent == INTENT_STOP || new->intent == INTENT_START;
	if (new->skeleton.failed || new->skeleton.n == 0)
		return "a keyword has letters, and not too many";
	if (new->any_ending && (at_ends || new->skeleton.n < ENDING_LETTERS_MIN))
		return "words of stop and start, and very short ones, take no ending";
	if (new->more_words && !at_ends)
		return "' *' is for stop and start: other words are found anywhere";
	return NULL;
}

/* The keyword of the same letters that is there already, or NULL. */
static struct keyword *same_word(const struct keywords *k, const struct keyword *new)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->list[i].skeleton.n == new->skeleton.n &&
		    memcmp(k->list[i].skeleton.p, new->skeleton.p, new->skeleton.n) == 0)
			return &k->list[i];
	return NULL;
}

/* тіл, til and тил are one word of three languages. */
static const char *merge(struct keyword *there, const struct keyword *new)
{
	if (there->intent != new->intent || there->names != new->names)
		return "the same word stands under another wish";
	const bool is_any = there->languages == KEYWORD_ANY || new->languages == KEYWORD_ANY;
	there->languages = is_any ? KEYWORD_ANY : there->languages | new->languages;
	there->any_ending = there->any_ending || new->any_ending;
	there->more_words = there->more_words || new->more_words;
	return NULL;
}

static void add(struct keywords *k, const char *word, struct keyword new, const char *key,
                struct faults *f)
{
	buf_init(&new.skeleton, 128);
	fold_skeleton(take_stars(span_of(word), &new), &new.skeleton);
	const char *fault = grow(k) ? fault_of(&new) : "there are too many keywords";
	struct keyword *there = fault == NULL ? same_word(k, &new) : NULL;
	if (fault == NULL && there == NULL) {
		k->list[k->count++] = new;
		return;
	}
	if (fault == NULL)
		fault = merge(there, &new);
	buf_free(&new.skeleton);
	if (fault == NULL)
		return;
	char where[ERR_WHOM_LIMIT];
	(void)snprintf(where, sizeof where, "%s \"%s\"", key, word);
	fault_add(f, FILE_NAME, where, fault);
}

static bool parse_language(const char *tag, unsigned *ret)
{
	enum language l;
	if (strcmp(tag, "any") == 0) {
		*ret = KEYWORD_ANY;
		return true;
	}
	if (!language_parse(span_of(tag), &l) || l >= LANGUAGE_PEOPLE)
		return false;
	*ret = (LANGUAGE_BIT(l) & KEYWORD_UZ) != 0 ? KEYWORD_UZ : LANGUAGE_BIT(l);
	return true;
}

/* One wish: {"kk":["көмек*",…],"any":[…]}; of `names`, the language is the one that is named. */
static void read_wish(struct keywords *k, const cJSON *wish, enum intent intent, bool is_names,
                      struct faults *f)
{
	const cJSON *words, *word;
	cJSON_ArrayForEach(words, wish) {
		char key[96];
		struct keyword new = { .intent = intent, .names = LANGUAGE_UNKNOWN };
		(void)snprintf(key, sizeof key, "%.40s.%.40s", wish->string, words->string);
		if (!parse_language(words->string, &new.languages) ||
		    (is_names && new.languages == KEYWORD_ANY)) {
			fault_add(f, FILE_NAME, key, "a language's tag stands here, or \"any\"");
			continue;
		}
		if (cJSON_GetObjectItemCaseSensitive(wish, words->string) != words)
			fault_add(f, FILE_NAME, key, "it stands there twice");
		if (is_names && !language_parse(span_of(words->string), &new.names))
			continue; /* parse_language() has read the same tag */
		if (is_names)
			new.languages = KEYWORD_ANY;
		if (!cJSON_IsArray(words))
			fault_add(f, FILE_NAME, key, "a list of words stands here");
		cJSON_ArrayForEach(word, words) {
			if (cJSON_IsString(word))
				add(k, word->valuestring, new, key, f);
			else
				fault_add(f, FILE_NAME, key, "every word stands in quotes");
		}
	}
}

void keywords_read(const char *folder, struct keywords *ret, struct faults *f)
{
	*ret = (struct keywords){ .count = 0 };
	cJSON *root = json_read(folder, FILE_NAME, f);
	const cJSON *wish;
	cJSON_ArrayForEach(wish, root) {
		const bool is_names = strcmp(wish->string, NAMES_KEY) == 0;
		enum intent i = is_names ? INTENT_LANGUAGE : 0;
		while (i < INTENT_COUNT && !is_names && strcmp(intents[i], wish->string) != 0)
			i++;
		if (i == INTENT_COUNT || i == INTENT_DIGIT || i == INTENT_CALL)
			fault_add(f, FILE_NAME, wish->string, "no such wish is known");
		else if (cJSON_GetObjectItemCaseSensitive(root, wish->string) != wish)
			fault_add(f, FILE_NAME, wish->string, "it stands there twice");
		else
			read_wish(ret, wish, i, is_names, f);
	}
	cJSON_Delete(root);
}

void keywords_free(struct keywords *k)
{
	for (size_t i = 0; i < k->count; i++)
		buf_free(&k->list[i].skeleton);
	free(k->list);
	*k = (struct keywords){ .count = 0 };
}
