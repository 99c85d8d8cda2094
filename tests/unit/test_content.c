/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is understood, what is said, and in which language. Faults of the files are in
 * test_content_check.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "content/content.h"
#include "base/banned.h"

#ifndef SAFAR_SOURCE
#define SAFAR_SOURCE "."
#endif
#define MESSAGES SAFAR_SOURCE "/messages"
#define LOCALES SAFAR_SOURCE "/locales"
#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"

static struct content *load(const char *allow_draft)
{
	struct content *c = NULL;
	struct err e = content_load(MESSAGES, LOCALES, allow_draft, NULL, NULL, &c);
	if (err_is(e)) {
		char text[512];
		fail_msg("%s", err_text(&e, text, sizeof text));
	}
	return c;
}

static int given_all_drafts(void **state)
{
	*state = load(ALL_DRAFTS);
	return 0;
}

static int drop(void **state)
{
	content_drop(*state);
	return 0;
}

/* ---- what is said */
static void no_answer_names_trafficking_victims_or_an_organisation(void **state)
{
	static const char *const never[] = { "сауда", "саудас", "торговл", "savdo", "савдо", "сатуу",
		"одамфурӯш", "рабств", "құлдық", "жертв", "құрбан", "qurbon", "нелегал", "Sezim", "Сезим" };
	struct buf body;
	buf_init(&body, 1u << 20);
	content_body(*state, &body);
	const char *all = buf_text(&body);
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (strstr(all, never[i]) != NULL)
			fail_msg("an answer says %s", never[i]);
	buf_free(&body);
}

static void the_same_content_has_the_same_body_and_an_apostrophe_stays_one(void **state)
{
	struct content *again = load(ALL_DRAFTS);
	struct buf a, b, said;
	struct texts *t = NULL;
	buf_init(&a, 1u << 20);
	buf_init(&b, 1u << 20);
	buf_init(&said, TEXT_OCTETS_MAX);
	content_body(*state, &a);
	content_body(again, &b);
	assert_int_equal(a.n, b.n);
	assert_memory_equal(a.p, b.p, a.n);
	assert_false(err_is(texts_parse(buf_span(&a), &t)));
	assert_false(err_is(texts_render(t, "answer.languages", LANGUAGE_UZ, span_of(NULL), &said)));
	assert_non_null(strstr(buf_text(&said), "o'zbekcha"));
	texts_free(t);
	buf_free(&a);
	buf_free(&b);
	buf_free(&said);
	content_drop(again);
}

static void staffs_own_words_are_sent_as_they_are(void **state)
{
	(void)state;
	const struct span texts[LANGUAGE_COUNT] = {
		[LANGUAGE_RU] = span_of("Цена {не} меняется, 'да'?"),
		[LANGUAGE_UZ] = span_of("o'zbekcha {") };
	struct buf body, said;
	struct texts *t = NULL;
	buf_init(&body, 4096);
	buf_init(&said, 4096);
	content_body_plain(texts, &body);
	assert_false(err_is(texts_parse(buf_span(&body), &t)));
	assert_false(err_is(texts_render(t, "text", LANGUAGE_RU, span_of(NULL), &said)));
	assert_string_equal(buf_text(&said), "Цена {не} меняется, 'да'?");
	assert_int_equal(texts_render(t, "text", LANGUAGE_KK, span_of(NULL), &said).code, ERR_ABSENT);
	texts_free(t);
	buf_free(&body);
	buf_free(&said);
}

static void named_arguments_and_plurals_are_filled_in(void **state)
{
	(void)state;
	static const char body[] = "{\"arguments\":{\"hotline\":\"11616\"},\"texts\":{\"ru\":{\"k\":"
		"\"{who}: {n, plural, one {# день} few {# дня} other {# дней}}, {hotline}\"}}}";
	struct buf said;
	struct texts *t = NULL;
	buf_init(&said, 4096);
	assert_false(err_is(texts_parse(span_of(body), &t)));
	assert_false(err_is(texts_render(t, "k", LANGUAGE_RU, span_of("{\"who\":\"O'Нил\",\"n\":3}"),
	                                 &said)));
	assert_string_equal(buf_text(&said), "O'Нил: 3 дня, 11616");
	assert_int_equal(texts_render(t, "k", LANGUAGE_RU, span_of("{\"n\":3}"), &said).code, ERR_DATA);
	assert_int_equal(texts_render(t, "k", LANGUAGE_RU, span_of("[1"), &said).code, ERR_DATA);
	texts_free(t);
	buf_free(&said);
	assert_int_equal(texts_parse(span_of("{"), &t).code, ERR_DATA);
	assert_int_equal(texts_parse(span_of(NULL), &t).code, ERR_DATA);
}

/* ---- drafts */
static void without_a_reviewed_text_only_the_two_numbers_are_said(void **state)
{
	(void)state;
	struct content *c = load("");
	struct buf said, body;
	struct texts *t = NULL;
	buf_init(&said, 256);
	buf_init(&body, 1u << 20);
	assert_int_equal(content_usable(c, LANGUAGE_KK), LANGUAGE_UNKNOWN);
	content_bare(c, &said);
	assert_string_equal(buf_text(&said), "11616, 112");
	content_body(c, &body);
	assert_false(err_is(texts_parse(buf_span(&body), &t)));
	buf_free(&said);
	assert_false(err_is(texts_render(t, "answer.bare", LANGUAGE_RU, span_of(NULL), &said)));
	assert_string_equal(buf_text(&said), "11616, 112");
	assert_int_equal(texts_render(t, "answer.late", LANGUAGE_RU, span_of(NULL), &said).code,
	                 ERR_ABSENT);
	texts_free(t);
	buf_free(&said);
	buf_free(&body);
	content_drop(c);
}

static void an_allowed_draft_is_used_and_said_aloud(void **state)
{
	(void)state;
	struct content *c = load("ky, tg");
	struct buf list;
	buf_init(&list, 256);
	content_drafts_in_use(c, &list);
	assert_string_equal(buf_text(&list), "ky,tg");
	assert_int_equal(content_usable(c, LANGUAGE_TG), LANGUAGE_TG);
	assert_int_equal(content_usable(c, LANGUAGE_KK), LANGUAGE_KY);
	assert_int_equal(content_usable(c, LANGUAGE_UNKNOWN), LANGUAGE_KY);
	buf_free(&list);
	content_drop(c);
	c = load("ru,ky");
	assert_int_equal(content_usable(c, LANGUAGE_KK), LANGUAGE_RU);
	content_drop(c);
	assert_int_equal(content_load(MESSAGES, LOCALES, "xx", NULL, NULL, &c).code, ERR_CONFIG);
	assert_int_equal(content_load(MESSAGES, LOCALES, "en", NULL, NULL, &c).code, ERR_CONFIG);
}

/* ---- faults of the files */
struct files {
	char folder[64];
	char faults[16384];
};

static void collect(const struct err *e, void *arg)
{
	struct files *f = arg;
	char text[512];
	const size_t n = strlen(f->faults);
	(void)snprintf(f->faults + n, sizeof f->faults - n, "%s\n", err_text(e, text, sizeof text));
}

static void copy(const struct files *f, const char *from, const char *name, const char *find,
                 const char *put)
{
	char path[256], *whole = calloc(1, 1u << 20);
	(void)snprintf(path, sizeof path, "%s/%s/%s", SAFAR_SOURCE, from, name);
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	assert_non_null(whole);
	whole[fread(whole, 1, (1u << 20) - 1, in)] = '\0';
	assert_int_equal(fclose(in), 0);
	(void)snprintf(path, sizeof path, "%s/%s", f->folder, name);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	char *at = find != NULL ? strstr(whole, find) : NULL;
	assert_true(find == NULL || at != NULL);
	if (at == NULL)
		(void)fputs(whole, out);
	else
		(void)fprintf(out, "%.*s%s%s", (int)(at - whole), whole, put, at + strlen(find));
	assert_int_equal(fclose(out), 0);
	free(whole);
}

/* Without examples.tsv, which would be learnt anew each time. */
static const char *const names[] = { "keywords.json", "places.json", "operators.json",
	"directory.json", "topics.json", "kk.json", "ru.json", "uz.json", "uz-Cyrl.json", "ky.json", "tg.json", "en.json" };

/* The project's files with one place changed; the loading must fail and tell `fault`. */
static void then_fault(const char *name, const char *find, const char *put, const char *fault)
{
	struct files f = { .folder = "/tmp/safar-content-XXXXXX" };
	assert_non_null(mkdtemp(f.folder));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		copy(&f, i < 5 ? "messages" : "locales", names[i],
		     strcmp(names[i], name) == 0 ? find : NULL, put);
	struct content *c = NULL;
	struct err e = content_load(f.folder, f.folder, ALL_DRAFTS, collect, &f, &c);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[128];
		(void)snprintf(path, sizeof path, "%s/%s", f.folder, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(f.folder), 0);
	if (e.code != ERR_CONFIG)
		fail_msg("%s for %s is no fault", put, find);
	assert_null(c);
	if (strstr(f.faults, fault) == NULL)
		fail_msg("told: %s", f.faults);
}

static void a_fault_of_the_keywords_is_told_with_file_and_key(void **state)
{
	(void)state;
	then_fault("keywords.json", "\"help\": {", "\"hlep\": {", "keywords.json: hlep");
	then_fault("keywords.json", "\"отмена\"", "\"отмена*\"", "take no ending");
	then_fault("keywords.json", "\"отмена\"", "\"старт\"", "under another wish");
	then_fault("keywords.json", "\"отмена\"", "\"cтарт\"", "under another wish"); /* Latin c */
	then_fault("keywords.json", "\"отмена\"", "5", "stop.ru");
	then_fault("keywords.json", "\"юридическ*\"", "\"ю*\"", "very short words");
	then_fault("keywords.json", "\"юридическ*\"", "\"<юрист>\"", "no such group");
	then_fault("keywords.json", "\"юридическ*\"", "\"!? *\"", "legal.ru");
	then_fault("places.json", "\"region\": \"turkistan\"", "\"region\": \"turkestan\"",
	           "places.json: shymkent");
	then_fault("places.json", "\"чимкент\"", "\"семипалатинск\"", "under another wish");
}

static void a_missing_folder_is_an_error_and_not_a_crash(void **state)
{
	(void)state;
	struct content *c = NULL;
	assert_true(err_is(content_load("/nowhere", "/nowhere", "", NULL, NULL, &c)));
	assert_null(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_answer_names_trafficking_victims_or_an_organisation),
		cmocka_unit_test(the_same_content_has_the_same_body_and_an_apostrophe_stays_one),
		cmocka_unit_test(staffs_own_words_are_sent_as_they_are),
		cmocka_unit_test(named_arguments_and_plurals_are_filled_in),
		cmocka_unit_test(without_a_reviewed_text_only_the_two_numbers_are_said),
		cmocka_unit_test(an_allowed_draft_is_used_and_said_aloud),
		cmocka_unit_test(a_fault_of_the_keywords_is_told_with_file_and_key),
		cmocka_unit_test(a_missing_folder_is_an_error_and_not_a_crash),
	};
	return cmocka_run_group_tests(tests, given_all_drafts, drop);
}
