/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A phone without a language's letters shows plain forms (қ as к) or Latin ones. No two words of what
 * Safar says, in one language, may look alike there that don't in their own letters. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include "content_world.h"
#include "text/alphabet.h"
#include "text/fold.h"
#include "text/guess.h"
#include "text/script.h"

#define WORDS_MAX 8000u
#define WORD_LIMIT 128u

struct shown {
	char word[WORD_LIMIT], form[WORD_LIMIT]; /* in small letters */
};

struct words {
	struct shown list[WORDS_MAX];
	size_t n;
};

static bool is_apostrophe(uint32_t c)
{
	return c == '\'' || c == '`' || c == 0x2BB || c == 0x2BC || c == 0x2018 || c == 0x2019;
}

static bool is_of_word(uint32_t c)
{
	return u_isalnum((UChar32)c) || is_apostrophe(c);
}

/* The next word, in small letters, its apostrophes all alike. */
static bool take_word(struct span *rest, struct buf *ret)
{
	uint32_t c;
	buf_init(ret, WORD_LIMIT - 1);
	while (utf8_next(rest, &c)) {
		if (is_of_word(c))
			utf8_add(ret, is_apostrophe(c) ? '\'' : (uint32_t)u_tolower((UChar32)c));
		else if (ret->n > 0)
			break;
	}
	assert_false(ret->failed);
	return ret->n > 0;
}

static void add_words(struct words *all, struct span text, enum language l, enum script s)
{
	struct buf word, form;
	while (take_word(&text, &word)) {
		buf_init(&form, WORD_LIMIT - 1);
		script_write(buf_span(&word), l, s, &form);
		assert_false(form.failed);
		assert_true(all->n < WORDS_MAX);
		struct shown *w = &all->list[all->n++];
		(void)snprintf(w->word, sizeof w->word, "%s", buf_text(&word));
		(void)snprintf(w->form, sizeof w->form, "%s", buf_text(&form));
		buf_free(&word);
		buf_free(&form);
	}
	buf_free(&word);
}

static int by_form(const void *a, const void *b)
{
	const struct shown *x = a, *y = b;
	const int c = strcmp(x->form, y->form);
	return c != 0 ? c : strcmp(x->word, y->word);
}

static unsigned count_fallen_together(struct words *all, enum language l, enum script s)
{
	unsigned count = 0;
	qsort(all->list, all->n, sizeof all->list[0], by_form);
	for (size_t i = 1; i < all->n; i++) {
		const struct shown *a = &all->list[i - 1], *b = &all->list[i];
		if (strcmp(a->form, b->form) != 0 || strcmp(a->word, b->word) == 0)
			continue;
		if (strcmp(guess_script(span_of(a->word)), guess_script(span_of(b->word))) != 0)
			continue; /* o'zbekcha and ўзбекча are one word, and in Latin letters one language */
		print_message("%s: %s and %s are both %s in %s letters\n", language_tag(l), a->word, b->word,
		              b->form, script_word(s));
		count++;
	}
	return count;
}

static void add_texts(struct world *w, enum language l, enum script s, struct words *all)
{
	char file[32];
	(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
	char *octets = read_file(w, file);
	cJSON *root = cJSON_Parse(octets);
	const cJSON *text;
	cJSON_ArrayForEach(text, cJSON_GetObjectItemCaseSensitive(root, "texts"))
	{
		const cJSON *said = cJSON_GetObjectItemCaseSensitive(text, "text");
		assert_true(cJSON_IsString(said));
		add_words(all, span_of(said->valuestring), l, s);
	}
	cJSON_Delete(root);
	free(octets);
	assert_true(all->n > 0);
}

static void names_of_languages_in_latin_letters_fit_gsm7(void **state)
{
	struct world *w = *state;
	when_checked(w, day(2026, 11, 25));
	assert_non_null(w->c);
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		struct buf body, args, said;
		struct texts *texts = NULL;
		struct parts parts;
		buf_init(&body, 1u << 20);
		buf_init(&args, 256);
		buf_init(&said, TEXT_OCTETS_MAX);
		content_body(w->c, &body);
		must(texts_parse(buf_span(&body), &texts));
		content_arguments("11616", SCRIPT_LATIN, &args);
		must(texts_render(texts, "answer.languages", l, buf_span(&args), &said));
		assert_int_equal(parts_split(buf_span(&said), &parts), TEXT_OK);
		if (parts.alphabet != ALPHABET_GSM7)
			fail_msg("%s: %s", language_tag(l), buf_text(&said));
		texts_free(texts);
		buf_free(&body);
		buf_free(&args);
		buf_free(&said);
	}
}

static void then_no_words_fall_together(struct world *w, enum script s)
{
	struct words *all = calloc(1, sizeof *all);
	unsigned fallen = 0;
	assert_non_null(all);
	must(fold_start());
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		all->n = 0;
		add_texts(w, l, s, all);
		fallen += count_fallen_together(all, l, s);
	}
	free(all);
	assert_int_equal(fallen, 0);
}

static void no_two_words_of_a_language_are_one_in_plain_letters(void **state)
{
	then_no_words_fall_together(*state, SCRIPT_PLAIN);
}

static void no_two_words_of_a_language_are_one_in_latin_letters(void **state)
{
	then_no_words_fall_together(*state, SCRIPT_LATIN);
}

static void words_that_fall_together_are_seen(void **state)
{
	struct words *all = calloc(1, sizeof *all);
	(void)state;
	assert_non_null(all);
	add_words(all, span_of("Қан, кан; o\xCA\xBBt o't"), LANGUAGE_KK, SCRIPT_PLAIN);
	assert_int_equal(all->n, 4);
	assert_int_equal(count_fallen_together(all, LANGUAGE_KK, SCRIPT_PLAIN), 1);
	free(all);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(no_two_words_of_a_language_are_one_in_plain_letters),
		STORY(no_two_words_of_a_language_are_one_in_latin_letters),
		STORY(names_of_languages_in_latin_letters_fit_gsm7),
		cmocka_unit_test(words_that_fall_together_are_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
