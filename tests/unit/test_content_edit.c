/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What staff confirm is written into their files, and nothing else in them changes. */
#include "content_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content/edit.h"
#include "base/banned.h"

#define TODAY "2026-11-24"
#define NOW day(2026, 11, 24)

/* The file before and after differ between `from` (where the text's entry begins) and its end. */
static void then_only_changed(const char *before, const char *after, const char *key)
{
	const char *was = strstr(before, key), *is = strstr(after, key);
	assert_non_null(was);
	assert_non_null(is);
	assert_int_equal(was - before, is - after);
	assert_memory_equal(before, after, (size_t)(was - before));
	const char *was_end = strchr(was, '}'), *is_end = strchr(is, '}');
	assert_non_null(was_end);
	assert_non_null(is_end);
	assert_string_equal(was_end, is_end);
}

static void a_review_marks_the_text_and_leaves_the_file_as_it_was_written(void **state)
{
	static const char *const keys[] = { "answer.start" };
	struct world *w = *state;
	char *before = read_file(w, "ky.json");
	must(edit_review(w->folder, LANGUAGE_KY, keys, 1, "Айгүл \"А.\"", TODAY));
	char *after = read_file(w, "ky.json");
	then_only_changed(before, after, "\"answer.start\"");
	assert_non_null(strstr(after, "\"state\": \"reviewed\", \"by\": \"Айгүл \\\"А.\\\"\", "
	                       "\"when\": \"" TODAY "\", \"of\": \""));
	when_checked(w, NOW);
	assert_non_null(w->c);
	assert_true(content_is_reviewed(w->c, LANGUAGE_KY, "answer.start"));
	assert_false(content_is_reviewed(w->c, LANGUAGE_KY, "answer.stop"));
	then_not_told(w, "ky.json: answer.start");
	free(before);
	free(after);
}

static void a_reviewed_text_that_is_edited_is_a_draft_until_it_is_reviewed_again(void **state)
{
	static const char *const keys[] = { "answer.start" };
	struct world *w = *state;
	must(edit_review(w->folder, LANGUAGE_KY, keys, 1, "A", TODAY));
	given_text(w, "ky", "answer.start", "Кайра жазабыз");
	when_checked(w, NOW);
	then_told(w, "warning ky.json: answer.start: it has changed since it was reviewed");
	assert_false(content_is_reviewed(w->c, LANGUAGE_KY, "answer.start"));
	must(edit_review(w->folder, LANGUAGE_KY, keys, 1, "B", TODAY));
	when_checked(w, NOW);
	assert_true(content_is_reviewed(w->c, LANGUAGE_KY, "answer.start"));
}

static void a_language_whose_texts_are_all_reviewed_is_spoken_without_allow_draft(void **state)
{
	struct world *w = *state;
	struct content *c = NULL;
	const char *keys[512];
	char list[512][48];
	size_t n = 0;
	char *whole = read_file(w, "ky.json");
	for (const char *at = whole; (at = strstr(at, "\n    \"")) != NULL; n++) {
		at += strlen("\n    \"");
		(void)snprintf(list[n], sizeof list[n], "%.*s", (int)strcspn(at, "\""), at);
		keys[n] = list[n];
	}
	free(whole);
	assert_true(n > 70);
	must(edit_review(w->folder, LANGUAGE_KY, keys, n - 1, "A", TODAY));
	must(content_load(w->folder, w->folder, "", NULL, NULL, &c));
	assert_int_equal(content_usable(c, LANGUAGE_KY), LANGUAGE_UNKNOWN);
	content_drop(c);
	must(edit_review(w->folder, LANGUAGE_KY, keys + n - 1, 1, "A", TODAY));
	must(content_load(w->folder, w->folder, "", NULL, NULL, &c));
	assert_int_equal(content_usable(c, LANGUAGE_KY), LANGUAGE_KY);
	content_drop(c);
}

static void an_unknown_key_changes_nothing_not_even_for_the_known_ones(void **state)
{
	static const char *const keys[] = { "answer.start", "answer.sart" };
	struct world *w = *state;
	char *before = read_file(w, "ky.json");
	const struct err e = edit_review(w->folder, LANGUAGE_KY, keys, 2, "A", TODAY);
	assert_int_equal(e.code, ERR_ABSENT);
	assert_non_null(strstr(e.whom, "answer.sart"));
	char *after = read_file(w, "ky.json");
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void a_name_that_cannot_stand_in_the_file_is_refused(void **state)
{
	static const char *const keys[] = { "answer.start" };
	static const char *const names[] = { "", "  ", "a\nb", "a\x80",
		"ааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааа" };
	struct world *w = *state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_int_equal(edit_review(w->folder, LANGUAGE_KY, keys, 1, names[i], TODAY).code,
		                 ERR_INPUT);
		assert_int_equal(edit_verify(w->folder, "hotline", names[i], TODAY).code, ERR_INPUT);
	}
}

/* As Notepad leaves a file: a mark before it, other ends of lines; and the texts on one line. */
static void files_of_other_editors_keep_their_ways(void **state)
{
	static const char *const keys[] = { "answer.start" };
	static const char before[] = "\xEF\xBB\xBF{\r\n\t\"language\":\"ky\",\r\n\"texts\" : {\"a\":"
		"{\"text\":\"}\\\"{\",\"state\":\"draft\"},\r\n \"answer.start\" : {\"state\" :\"draft\" ,"
		"\"text\":\"Кайра\" }\r\n}}\r\n";
	struct world *w = *state;
	write_file(w, "ky.json", before);
	must(edit_review(w->folder, LANGUAGE_KY, keys, 1, "A", TODAY));
	char *after = read_file(w, "ky.json");
	then_only_changed(before, after, "\"answer.start\"");
	assert_non_null(strstr(after, "{\"state\" :\"reviewed\" ,\"text\":\"Кайра\", \"by\": \"A\""));
	free(after);
}

static void the_file_keeps_its_mode_and_leaves_no_other_behind(void **state)
{
	static const char *const keys[] = { "answer.start" };
	struct world *w = *state;
	struct stat st;
	char path[128], link[128];
	(void)snprintf(path, sizeof path, "%s/ky.json", w->folder);
	(void)snprintf(link, sizeof link, "%s/real.json", w->folder);
	assert_int_equal(rename(path, link), 0);
	assert_int_equal(chmod(link, 0640), 0);
	assert_int_equal(symlink("real.json", path), 0);
	must(edit_review(w->folder, LANGUAGE_KY, keys, 1, "A", TODAY));
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	char *after = read_file(w, "real.json");
	assert_non_null(strstr(after, "reviewed"));
	free(after);
}

static void a_call_to_a_number_is_written_down_with_its_day(void **state)
{
	struct world *w = *state;
	char *before = read_file(w, "directory.json");
	must(edit_verify(w->folder, "emergency", "A", TODAY));
	char *after = read_file(w, "directory.json");
	then_only_changed(before, after, "\"id\": \"emergency\"");
	when_checked(w, NOW);
	then_not_told(w, "emergency: nobody");
	then_told(w, "hotline: nobody");
	assert_int_equal(edit_verify(w->folder, "rodnik", "A", TODAY).code, ERR_INPUT); /* no number */
	assert_int_equal(edit_verify(w->folder, "nobody", "A", TODAY).code, ERR_ABSENT);
	free(before);
	free(after);
}

static void a_broken_or_missing_file_is_an_error_and_stays_as_it_is(void **state)
{
	static const char *const keys[] = { "answer.start" };
	struct world *w = *state;
	write_file(w, "ky.json", "{\"texts\": {");
	assert_int_equal(edit_review(w->folder, LANGUAGE_KY, keys, 1, "A", TODAY).code, ERR_CONFIG);
	write_file(w, "ky.json", "{\"texts\": [{\"text\":\"x\"}]}");
	assert_int_equal(edit_review(w->folder, LANGUAGE_KY, keys, 1, "A", TODAY).code, ERR_ABSENT);
	write_file(w, "directory.json", "{\"entries\": {\"id\":\"hotline\"}}");
	assert_int_equal(edit_verify(w->folder, "hotline", "A", TODAY).code, ERR_ABSENT);
	assert_true(err_is(edit_verify("/nowhere", "hotline", "A", TODAY)));
	char *after = read_file(w, "ky.json");
	assert_string_equal(after, "{\"texts\": [{\"text\":\"x\"}]}");
	free(after);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_review_marks_the_text_and_leaves_the_file_as_it_was_written),
		STORY(a_reviewed_text_that_is_edited_is_a_draft_until_it_is_reviewed_again),
		STORY(a_language_whose_texts_are_all_reviewed_is_spoken_without_allow_draft),
		STORY(an_unknown_key_changes_nothing_not_even_for_the_known_ones),
		STORY(a_name_that_cannot_stand_in_the_file_is_refused),
		STORY(files_of_other_editors_keep_their_ways),
		STORY(the_file_keeps_its_mode_and_leaves_no_other_behind),
		STORY(a_call_to_a_number_is_written_down_with_its_day),
		STORY(a_broken_or_missing_file_is_an_error_and_stays_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
