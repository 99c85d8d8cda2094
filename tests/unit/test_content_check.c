/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each fault that an editor can make, on the tree's own files: it is found, and named with file and
 * key; and the files as they stand have none. */
#include "content_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/banned.h"

#define NOW day(2026, 11, 24)
#define LETTERS_100 "ааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааааа" \
	"ааааааааааааааааааааааааааааааа"

static void the_files_of_the_tree_have_no_error(void **state)
{
	struct world *w = *state;
	when_checked(w, clock_now_ms());
	then_not_told(w, "error ");
	assert_non_null(w->c);
}

/* ---- one place changed, one fault */
static const struct fault {
	const char *file, *path, *json; /* as given() takes them */
	const char *told;               /* of an error */
} faults[] = {
	/* keys */
	{ "ky.json", "texts/answer.town", NULL, "ky.json: answer.town: it is missing" },
	{ "tg.json", "texts/topic.border.title", NULL, "tg.json: topic.border.title: it is missing" },
	{ "ky.json", "texts/topic.documents.body", NULL,
	  "ky.json: topic.documents.body: it is missing here, and stands in another language" },
	{ "ru.json", "texts/topic.work.body", "{\"text\":\"Работа\",\"state\":\"draft\"}",
	  "kk.json: topic.work.body: it is missing here" },
	{ "ru.json", "texts/topic.wagse.body", "{\"text\":\"Работа\",\"state\":\"draft\"}",
	  "ru.json: topic.wagse.body: no text has this key" },
	{ "ru.json", "texts/answer.late", "\"Поздно\"", "ru.json: answer.late: { \"name\": value }" },
	{ "ru.json", "texts", "[\"Поздно\"]", "ru.json: texts: the texts stand here" },
	{ "ru.json", "texts/answer.late/text", "\"\"", "ru.json: answer.late.text: a text in quotes" },
	{ "ru.json", "texts/answer.late/txet", "\"Поздно\"", "ru.json: answer.late.txet: no such key" },
	{ "ru.json", "texts/answer.late/state", "\"good\"",
	  "ru.json: answer.late: state is draft or reviewed" },
	{ "ru.json", "texts/answer.late/state", "\"reviewed\"",
	  "ru.json: answer.late: a reviewed text says by whom and when" },
	{ "ru.json", "language", "\"kk\"", "ru.json: language: it is the file's name" },
	/* placeholders */
	{ "ru.json", "texts/topic.wages.body/text", "\"Звоните {numbr} и {number}\"",
	  "ru.json: topic.wages.body: {numbr} is no placeholder of this text" },
	{ "ru.json", "texts/topic.wages.body/text", "\"Звоните {0}\"",
	  "ru.json: topic.wages.body: {0} is no placeholder" },
	{ "ru.json", "texts/topic.wages.body/text", "\"Звоните {number\"",
	  "ru.json: topic.wages.body: a brace is open" },
	{ "ru.json", "texts/topic.wages.body/text", "\"Звоните нам\"",
	  "ru.json: topic.wages.body: it lacks {number}" },
	{ "ru.json", "texts/answer.call/text", "\"1 қазақша\"", "ru.json: answer.call: it lacks {hotline}" },
	{ "ru.json", "texts/answer.town/text", "\"Город? {number}\"",
	  "ru.json: answer.town: {number} is no placeholder" },
	{ "en.json", "texts/answer.town/text", "\"Town? {number}\"",
	  "en.json: answer.town: {number} is no placeholder" },
	/* plurals */
	{ "ru.json", "texts/answer.abroad/text",
	  "\"{number, plural, one {# день} other {# дней}}\"",
	  "ru.json: answer.abroad: a plural of this language is missing" },
	{ "kk.json", "texts/answer.abroad/text",
	  "\"{number, plural, one {# күн} few {# күн} other {# күн}}\"",
	  "kk.json: answer.abroad: this language has no such plural" },
	/* budgets */
	{ "ru.json", "texts/answer.late/text", "\"" LETTERS_100 "а\"",
	  "ru.json: answer.late: it has 101 characters, more than 100" },
	{ "ru.json", "texts/topic.wages.title/text", "\"Мои деньги, все\"",
	  "ru.json: topic.wages.title: it has 15 characters, more than 14" },
	{ "ru.json", "texts/line.forget/text", "\"Удалите это сообщение, чтобы его не было\"",
	  "ru.json: topic.shelter.body+line.forget+line.language: this answer takes 3 parts" },
	/* letters */
	{ "ru.json", "texts/answer.late/text", "\"Поздно 🙂\"",
	  "ru.json: answer.late: an old phone doesn't show the character U+1F642" },
	{ "ru.json", "texts/answer.late/text", "\"Кеш қалды\"", "ru.json: answer.late: an old phone" },
	{ "kk.json", "texts/answer.late/text", "\"Ўтди\"", "kk.json: answer.late: an old phone" },
	{ "uz.json", "texts/answer.late/text", "\"Kech — keldi\"", "uz.json: answer.late: an old phone" },
	/* the tree */
	{ "topics.json", "topics/#home/children", "[\"return_home\"]",
	  "topics.json: border: no way from the root leads to it" },
	{ "topics.json", "topics/#home/children", "+\"nowhere\"",
	  "topics.json: home: its child \"nowhere\" doesn't exist" },
	{ "topics.json", "topics/#rights/children", "+\"border\"",
	  "topics.json: border: it stands in two places: under home and under rights" },
	{ "topics.json", "topics/#border/children", "[\"menu\"]",
	  "topics.json: border: its child \"menu\" is the root: a loop" },
	{ "topics.json", "topics/#border/children", "[\"home\"]",
	  "topics.json: home: it stands in two places" },
	{ "topics.json", "topics", "+{\"id\":\"self\",\"children\":[\"self\"]}",
	  "topics.json: self: it is in a loop" },
	{ "topics.json", "topics", "+{\"id\":\"wages\"}", "topics.json: wages: two topics have this id" },
	{ "topics.json", "topics", "+{\"id\":\"Wages now\"}", "topics.json: Wages now: an id is of a-z" },
	{ "topics.json", "topics", "+{\"id\":\"a_name_of_18_chars\"}", "at most 17 characters" },
	{ "topics.json", "root", "\"nowhere\"", "topics.json: root: it is the id" },
	{ "topics.json", "topics/#wages/service", "\"taxi\"",
	  "topics.json: wages: there is no such service" },
	{ "topics.json", "topics/#wages/service", "\"police\"",
	  "topics.json: wages: there is no such service" },
	{ "topics.json", "topics/#work/nearest", "true", "topics.json: work: nearest needs a service" },
	{ "topics.json", "topics/#work/sensitive", "\"yes\"", "are true or false" },
	{ "topics.json", "topics/#wages/intents", "[]", "the wish \"wages\" leads nowhere" },
	{ "topics.json", "topics/#wages/intents", "+\"fly\"",
	  "topics.json: wages: no wish is called \"fly\"" },
	{ "topics.json", "topics/#contract/intents", "+\"wages\"", "leads to" },
	/* printed sheets, operators' texts */
	{ "ru.json", "texts/material.write/text", "\"Или отправьте SMS\"",
	  "ru.json: material.write: it lacks {word}" },
	{ "operators.json", "patterns", "{}", "operators.json: patterns: it is a list" },
	{ "operators.json", "patterns", "+{\"operator\":\"Some\",\"phrases\":\"call\"}",
	  "operators.json: Some: phrases is a list of texts" },
	{ "operators.json", "patterns", "+{\"operator\":\"Some\",\"phrases\":[\"\"]}",
	  "operators.json: Some: a phrase is a text of 1 to 95 letters" },
	{ "operators.json", "patterns", "+{\"operator\":\"Some\",\"phrases\":[],\"wrods\":1}", "wrods" },
	/* the directory */
	{ "directory.json", "entries/#family/source", "\"\"",
	  "directory.json: family: a number without a source is never sent" },
	{ "directory.json", "entries/#hotline/source", "\"\"", "directory.json: hotline: answers name" },
	{ "directory.json", "entries/#emergency", NULL, "directory.json: emergency: answers name" },
	{ "directory.json", "entries/#hotline/kind", "\"shelter\"",
	  "directory.json: hotline: its kind is the word that is its id" },
	{ "directory.json", "entries/#family/number", "\"1-1-1\"",
	  "directory.json: family: number is digits" },
	{ "directory.json", "entries/#family/kind", "\"taxi\"",
	  "directory.json: family: no service is of this kind" },
	{ "directory.json", "entries/#family/kind", "\"placeholder\"",
	  "directory.json: family: it has a number: its kind" },
	{ "directory.json", "entries/#family/regions", "[\"Туркестан\"]",
	  "directory.json: family: regions are a list of ids" },
	{ "directory.json", "entries/#family/towns", "\"almaty\"",
	  "directory.json: family: towns are a list of ids" },
	{ "directory.json", "entries/#family/regions", "[\"turkestan\"]",
	  "directory.json: family: places.json has no region \"turkestan\"" },
	{ "directory.json", "entries/#family/towns", "[\"turkistan-region\"]",
	  "directory.json: family: places.json has no town \"turkistan-region\"" },
	{ "directory.json", "entries/#family/dial_from", "[]",
	  "directory.json: family: dial_from says" },
	{ "directory.json", "entries/#family/dial_from", "[\"Kazakhstan\"]",
	  "directory.json: family: dial_from is a list" },
	{ "directory.json", "entries/#family/languages", "[\"xx\"]", "directory.json: family: languages" },
	{ "directory.json", "entries/#family/expires", "\"24.11.2026\"", "are dates like 2026-11-24" },
	{ "directory.json", "entries/#family/id", "\"hotline\"", "hotline: two entries have this id" },
	{ "directory.json", "entries/#family/telephone", "\"1\"", "family.telephone: no such key" },
};

static void a_fault_of_each_kind_is_found_and_named_with_file_and_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		void *one = NULL;
		assert_int_equal(open_world(&one), 0);
		given(one, faults[i].file, faults[i].path, faults[i].json);
		when_checked(one, NOW);
		const char *told = ((struct world *)one)->told;
		const char *at = strstr(told, faults[i].told);
		if (at == NULL || ((struct world *)one)->c != NULL)
			fail_msg("%s %s: not told: %s\nbut: %s", faults[i].file, faults[i].path, faults[i].told,
			         told);
		while (at > told && at[-1] != '\n')
			at--;
		assert_memory_equal(at, "error ", 6);
		assert_int_equal(close_world(&one), 0);
	}
}

static void one_run_tells_all_faults(void **state)
{
	struct world *w = *state;
	given(w, "ky.json", "texts/answer.town", NULL);
	given(w, "topics.json", "topics/#wages/intents", "[]");
	given(w, "directory.json", "entries/#family/kind", "\"taxi\"");
	then_error(w, "ky.json: answer.town");
	then_told(w, "leads nowhere");
	then_told(w, "directory.json: family");
}

static void what_is_no_json_is_told_with_its_line(void **state)
{
	struct world *w = *state;
	write_file(w, "topics.json", "{\n  \"root\": \"menu\",\n  \"topics\" [\n");
	then_error(w, "topics.json:3: it is not well-formed JSON");
}

/* ---- whole answers */
static void a_menu_over_two_parts_is_an_error(void **state)
{
	static const char *const nine[] = { "emergency", "hotline", "shelter", "documents", "work",
		"family", "health", "home", "rights" };
	struct world *w = *state;
	for (size_t i = 0; i < 9; i++) {
		char key[64];
		(void)snprintf(key, sizeof key, "topic.%s.title", nine[i]);
		given_text(w, "ky", key, "абвгдежзийклмн");
	}
	then_error(w, "ky.json: menu.menu: this answer takes 3 parts");
}

static void a_menu_has_at_most_nine_children(void **state)
{
	struct world *w = *state;
	given(w, "topics.json", "topics/#rights/children", "[\"legal\"]");
	given(w, "topics.json", "topics/#menu/children", "+\"status\"");
	then_error(w, "topics.json: menu: a menu has at most 9 children");
}

static void a_topic_is_at_most_three_steps_from_the_root(void **state)
{
	struct world *w = *state;
	given(w, "topics.json", "topics/#home/children", "[\"return_home\"]");
	given(w, "topics.json", "topics/#waitress/children", "[\"border\"]");
	then_error(w, "topics.json: border: it is more than 3 steps from the root");
}

/* The number that is given depends on the town: the text must fit with the longest. */
static void a_body_is_measured_with_the_longest_number_of_its_service_anywhere(void **state)
{
	struct world *w = *state;
	given_text(w, "ru", "topic.legal.body", "Звоните {number} ааааааааааааааааааааааааааааааааааааааа"
	           "ааааааааааааааааааааааааааааааааааааааааааааааа"); /* 100 with 11616 */
	when_checked(w, NOW);
	then_not_told(w, "error ");
	given_entry(w, "far-away", "shelter", "[\"oral\"]", "[]", "+70000000000001", "[]", "");
	when_checked(w, NOW); /* of another kind */
	then_not_told(w, "topic.legal.body");
	given_entry(w, "far-away-too", "legal", "[\"oral\"]", "[]", "+70000000000002", "[]", "");
	then_error(w, "ru.json: topic.legal.body: it has 110 characters, more than 100 with its longest");
}

/* ---- what the clock says */
static void a_number_is_named_thirty_days_before_it_expires(void **state)
{
	struct world *w = *state;
	given(w, "directory.json", "entries/#family/expires", "\"2026-12-31\"");
	when_checked(w, day(2026, 11, 30));
	then_not_told(w, "family: it expires");
	when_checked(w, day(2026, 12, 2));
	then_told(w, "warning directory.json: family: it expires on 2026-12-31");
	when_checked(w, day(2026, 12, 31));
	then_told(w, "warning directory.json: family: it expires on 2026-12-31");
	when_checked(w, day(2027, 1, 1));
	then_told(w, "warning directory.json: family: it expired on 2026-12-31: it is not sent any more");
	assert_non_null(w->c); /* time alone never stops the daemon */
}

static void what_nobody_called_and_what_has_no_number_are_warnings(void **state)
{
	struct world *w = *state;
	given(w, "directory.json", "entries/#family/verified_on", "\"2026-11-20\"");
	when_checked(w, NOW);
	then_told(w, "warning directory.json: hotline: nobody has verified it");
	then_not_told(w, "family: nobody");
	then_told(w, "warning directory.json: rodnik: a placeholder");
}

/* ---- drafts */
static void a_text_that_was_changed_after_its_review_is_a_draft_again(void **state)
{
	struct world *w = *state;
	given(w, "ky.json", "texts/answer.late", "{\"text\":\"Кайра жазыңыз\",\"state\":\"reviewed\","
	      "\"by\":\"A\",\"when\":\"2026-11-24\",\"of\":\"0000000000000000\"}");
	when_checked(w, NOW);
	then_told(w, "warning ky.json: answer.late: it has changed since it was reviewed");
	assert_false(content_is_reviewed(w->c, LANGUAGE_KY, "answer.late"));
	/* and one that was called reviewed by hand, without its fingerprint */
	given(w, "ky.json", "texts/answer.late/of", NULL);
	when_checked(w, NOW);
	then_told(w, "warning ky.json: answer.late: it has changed since it was reviewed");
}

static void a_number_written_into_a_text_is_a_warning(void **state)
{
	struct world *w = *state;
	given_text(w, "ru", "answer.late", "Звоните 11616");
	when_checked(w, NOW);
	then_told(w, "warning ru.json: answer.late: the number of hotline stands in the text");
}

/* ---- what the daemon repeats at each start */
static void collect(const struct finding *one, void *arg)
{
	char *said = arg;
	const size_t n = strlen(said);
	(void)snprintf(said + n, 4096 - n, "%s: %s: %s\n", one->file, one->key, one->text);
}

static void the_daemon_is_reminded_of_the_national_lines_and_of_what_expires_alone(void **state)
{
	struct world *w = *state;
	char said[4096] = "";
	given(w, "directory.json", "entries/#hotline/verified_on", "\"2026-11-20\"");
	given(w, "directory.json", "entries/#emergency/expires", "\"2026-11-23\"");
	when_checked(w, NOW);
	content_reminders(w->c, NOW, collect, said);
	assert_null(strstr(said, "hotline"));
	assert_non_null(strstr(said, "emergency: it expired on 2026-11-23, and is still sent"));
	assert_non_null(strstr(said, "emergency: nobody has verified it"));
	assert_null(strstr(said, "placeholder"));
	assert_non_null(strstr(said, "answers in kk,ru,uz,uz-Cyrl,ky,tg are drafts"));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(the_files_of_the_tree_have_no_error),
		cmocka_unit_test(a_fault_of_each_kind_is_found_and_named_with_file_and_key),
		STORY(one_run_tells_all_faults),
		STORY(what_is_no_json_is_told_with_its_line),
		STORY(a_menu_over_two_parts_is_an_error),
		STORY(a_menu_has_at_most_nine_children),
		STORY(a_topic_is_at_most_three_steps_from_the_root),
		STORY(a_body_is_measured_with_the_longest_number_of_its_service_anywhere),
		STORY(a_number_is_named_thirty_days_before_it_expires),
		STORY(what_nobody_called_and_what_has_no_number_are_warnings),
		STORY(a_text_that_was_changed_after_its_review_is_a_draft_again),
		STORY(a_number_written_into_a_text_is_a_warning),
		STORY(the_daemon_is_reminded_of_the_national_lines_and_of_what_expires_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
