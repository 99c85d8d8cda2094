/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree, the services and the answers, as the dialog takes them. */
#include "content_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NOW day(2026, 11, 24)

static void given_loaded(struct world *w)
{
	when_checked(w, NOW);
	assert_non_null(w->c);
}

static struct texts *texts_of(const struct content *c)
{
	struct texts *t = NULL;
	struct buf body;
	buf_init(&body, 1u << 20);
	content_body(c, &body);
	must(texts_parse(buf_span(&body), &t));
	buf_free(&body);
	return t;
}

static void say(const struct texts *t, const char *key, enum language l, const char *number,
                enum script s, char said[1024])
{
	struct buf args, text;
	buf_init(&args, 256);
	buf_init(&text, TEXT_OCTETS_MAX);
	content_arguments(number, s, &args);
	must(texts_render(t, key, l, buf_span(&args), &text));
	(void)snprintf(said, 1024, "%s", buf_text(&text));
	buf_free(&args);
	buf_free(&text);
}

/* ---- the tree */
static void a_topic_is_found_by_id_by_wish_and_by_digit(void **state)
{
	struct world *w = *state;
	given_loaded(w);
	const struct topic *root = content_root(w->c);
	assert_string_equal(topic_child(root, 1)->id, "emergency");
	assert_null(topic_child(root, 0));
	assert_null(topic_child(root, 10));
	assert_ptr_equal(content_topic(w->c, "wages"), content_topic_for(w->c, "wages"));
	assert_string_equal(content_topic_for(w->c, "work")->id, "offer");
	assert_string_equal(content_topic_for(w->c, "call_me")->id, "hotline");
	assert_null(content_topic_for(w->c, "stop"));
	assert_null(content_topic(w->c, "nowhere"));
	const struct topic *offer = content_topic(w->c, "offer");
	assert_string_equal(offer->parent->id, "work");
	assert_int_equal(offer->depth, 2);
	assert_true(offer->has_body);
	assert_false(offer->parent->has_body);
}

/* ---- the services */
static void then_service(struct world *w, enum kind kind, const char *town, const char *region,
                         const char *country, int64_t now_ms, const char *id, bool is_dialable)
{
	struct service s;
	content_service(w->c, kind, town, region, country, now_ms, &s);
	assert_string_equal(s.id, id);
	assert_int_equal(s.is_dialable, is_dialable);
	assert_true(strlen(s.number) > 0);
}

static void given_shelters(struct world *w)
{
	given_entry(w, "everywhere", "shelter", "[]", "[]", "7001", "[\"KZ\"]", "");
	given_entry(w, "of-region", "shelter", "[]", "[\"turkistan\"]", "7002", "[\"KZ\"]", "");
	given_entry(w, "of-town", "shelter", "[\"kentau\"]", "[\"turkistan\"]", "7003", "[\"KZ\"]",
	            "2026-12-01");
	given_entry(w, "abroad", "legal", "[]", "[]", "+70000000001", "[]", "");
	given_loaded(w);
}

static void the_nearest_service_is_of_the_town_then_the_region_then_the_country(void **state)
{
	struct world *w = *state;
	given_shelters(w);
	then_service(w, KIND_SHELTER, "kentau", "turkistan", "KZ", NOW, "of-town", true);
	then_service(w, KIND_SHELTER, "saryagash", "turkistan", NULL, NOW, "of-region", true);
	then_service(w, KIND_SHELTER, NULL, "abai", NULL, NOW, "everywhere", true);
	then_service(w, KIND_SHELTER, NULL, NULL, NULL, NOW, "everywhere", true);
	then_service(w, KIND_MEDICAL, "kentau", "turkistan", NULL, NOW, "hotline", true);
	then_service(w, KIND_CHILD, "kentau", "turkistan", NULL, NOW, "family", true);
	then_service(w, KIND_EMERGENCY, NULL, NULL, NULL, NOW, "emergency", true);
}

static void an_expired_service_gives_way_to_the_next_nearest(void **state)
{
	struct world *w = *state;
	given_shelters(w);
	then_service(w, KIND_SHELTER, "kentau", "turkistan", "KZ", day(2026, 12, 1), "of-town", true);
	then_service(w, KIND_SHELTER, "kentau", "turkistan", "KZ", day(2026, 12, 2), "of-region", true);
}

static void the_hotline_and_the_emergency_line_never_fall_silent(void **state)
{
	struct world *w = *state;
	given(w, "directory.json", "entries/#hotline/expires", "\"2020-01-01\"");
	given(w, "directory.json", "entries/#emergency/expires", "\"2020-01-01\"");
	given_loaded(w);
	then_service(w, KIND_HOTLINE, NULL, NULL, NULL, NOW, "hotline", true);
	then_service(w, KIND_EMERGENCY, NULL, NULL, NULL, NOW, "emergency", true);
}

static void from_another_country_only_what_can_be_dialled_there_is_given(void **state)
{
	struct world *w = *state;
	given_shelters(w);
	then_service(w, KIND_LEGAL, NULL, NULL, "UZ", NOW, "abroad", true);
	then_service(w, KIND_SHELTER, "kentau", "turkistan", "UZ", NOW, "hotline", false);
}

static void a_placeholder_is_never_given(void **state)
{
	struct world *w = *state;
	given(w, "directory.json", "entries/#rodnik/kind", "\"shelter\"");
	given_loaded(w);
	then_service(w, KIND_SHELTER, "almaty", "almaty", NULL, NOW, "hotline", true);
	assert_false(content_has_local(w->c, KIND_SHELTER, NULL, NOW));
}

static void the_town_is_worth_asking_for_where_a_local_service_is_usable(void **state)
{
	struct world *w = *state;
	given_shelters(w);
	assert_true(content_has_local(w->c, KIND_SHELTER, NULL, NOW));
	assert_false(content_has_local(w->c, KIND_SHELTER, "UZ", NOW));
	assert_false(content_has_local(w->c, KIND_LEGAL, NULL, NOW));
}

/* ---- answers */
static void an_answer_is_its_body_its_lines_and_its_menu(void **state)
{
	struct world *w = *state;
	char key[ANSWER_KEY_LIMIT], said[1024];
	given_text(w, "ru", "topic.wages.body", "Звоните {number}");
	given_text(w, "ru", "topic.documents.body", "Копии. {number}");
	given_text(w, "ru", "line.forget", "Удалите");
	given_text(w, "ru", "line.language", "Язык: 0");
	given_text(w, "ru", "line.start", "Начало");
	given_text(w, "ru", "topic.documents_lost.title", "Потеряли");
	given_text(w, "ru", "topic.documents_taken.title", "Забрали");
	given_loaded(w);
	struct texts *t = texts_of(w->c);
	topic_answer_key(content_topic(w->c, "wages"), LINE_FORGET | LINE_LANGUAGE, key);
	assert_string_equal(key, "topic.wages.body+line.forget+line.language");
	say(t, key, LANGUAGE_RU, "7001", SCRIPT_NATIVE, said);
	assert_string_equal(said, "Звоните 7001\nУдалите\nЯзык: 0");
	topic_answer_key(content_topic(w->c, "wages"), 0, key);
	say(t, key, LANGUAGE_RU, "7001", SCRIPT_LATIN, said);
	assert_string_equal(said, "Zvonite 7001");
	topic_answer_key(content_topic(w->c, "documents"), LINE_FORGET | LINE_LANGUAGE, key);
	say(t, key, LANGUAGE_RU, "7001", SCRIPT_NATIVE, said);
	assert_string_equal(said, "Копии. 7001\n1 Потеряли\n2 Забрали\n0 Начало");
	topic_answer_key(content_root(w->c), LINE_FORGET | LINE_LANGUAGE, key);
	assert_string_equal(key, "menu.menu");
	say(t, key, LANGUAGE_RU, "7001", SCRIPT_NATIVE, said);
	assert_non_null(strstr(said, "\nЯзык: 0"));
	texts_free(t);
}

/* The delivery names a revision: an edit of the texts or of the directory doesn't reach it. */
static void what_was_decided_under_an_old_revision_is_said_as_it_was(void **state)
{
	struct world *w = *state;
	char said[1024], again[1024];
	given_loaded(w);
	struct texts *old = texts_of(w->c);
	say(old, "topic.wages.body", LANGUAGE_RU, "7001", SCRIPT_NATIVE, said);
	given_text(w, "ru", "topic.wages.body", "Иначе: {number}");
	given(w, "directory.json", "entries/#hotline/number", "\"7009\"");
	given_loaded(w);
	struct texts *new = texts_of(w->c);
	say(old, "topic.wages.body", LANGUAGE_RU, "7001", SCRIPT_NATIVE, again);
	assert_string_equal(said, again);
	say(new, "topic.wages.body", LANGUAGE_RU, "7001", SCRIPT_NATIVE, again);
	assert_string_equal(again, "Иначе: 7001");
	texts_free(old);
	texts_free(new);
}

/* A store keeps revisions that were written before there were topics. */
static void a_revision_of_the_time_before_topics_is_still_said(void **state)
{
	(void)state;
	static const char body[] = "{\"arguments\":{\"emergency\":\"112\",\"hotline\":\"11616\"},"
		"\"texts\":{\"ru\":{\"answer.bare\":\"{hotline}, {emergency}\","
		"\"answer.help\":\"Сначала позвоните: {hotline}. Бесплатно.\"}}}";
	struct texts *t = NULL;
	struct buf said;
	buf_init(&said, 1024);
	must(texts_parse(span_of(body), &t));
	must(texts_render(t, "answer.help", LANGUAGE_RU, span_of(NULL), &said));
	assert_string_equal(buf_text(&said), "Сначала позвоните: 11616. Бесплатно.");
	texts_free(t);
	buf_free(&said);
}

static void an_answer_that_cannot_be_put_together_is_an_error_and_no_half_of_it(void **state)
{
	struct world *w = *state;
	struct buf said;
	buf_init(&said, 4096);
	given_loaded(w);
	struct texts *t = texts_of(w->c);
	static const struct {
		const char *key, *args;
		enum err_code code;
	} bad[] = {
		{ "topic.wages.body", "{}", ERR_DATA }, { "topic.wages.body", "", ERR_DATA },
		{ "topic.wages.body+line.nothing", "{\"number\":\"1\"}", ERR_ABSENT },
		{ "topic.wages.body+", "{\"number\":\"1\"}", ERR_ABSENT },
		{ "+", "", ERR_ABSENT }, { "", "", ERR_ABSENT },
		{ "topic.wages.body", "{\"number\":\"1\",\"script\":\"runes\"}", ERR_DATA },
		{ "topic.wages.body", "{\"number\":\"1\",\"script\":3}", ERR_DATA },
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(texts_render(t, bad[i].key, LANGUAGE_RU, span_of(bad[i].args), &said).code,
		                 bad[i].code);
		assert_int_equal(said.n, 0);
	}
	texts_free(t);
	buf_free(&said);
}

/* ---- the property: whatever is asked, wherever, it is at most two parts */
static void then_fits(const struct texts *t, const char *key, const char *number)
{
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		for (enum script s = SCRIPT_NATIVE; s < SCRIPT_COUNT; s++) {
			struct parts parts;
			char said[1024];
			say(t, key, l, number, s, said);
			assert_null(strpbrk(said, "{}"));
			assert_int_equal(parts_split(span_of(said), &parts), TEXT_OK);
			if (parts.count > 2)
				fail_msg("%s in %s, %s: %u parts", key, language_tag(l), script_word(s),
				         parts.count);
		}
}

static void then_topic_fits(const struct content *c, const struct texts *t, const struct topic *topic)
{
	static const char *const places[] = { NULL, "almaty", "shymkent", "turkistan",
		"west-kazakhstan" };
	for (unsigned lines = 0; lines < 4; lines++)
		for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
			struct service s;
			char key[ANSWER_KEY_LIMIT];
			content_service(c, topic->service, places[p], places[p], NULL, NOW, &s);
			topic_answer_key(topic, lines, key);
			then_fits(t, key, s.number);
		}
	for (size_t i = 0; i < topic->children; i++)
		then_topic_fits(c, t, topic->child[i]);
}

static void no_answer_is_over_two_parts_in_any_language_with_any_service(void **state)
{
	struct world *w = *state;
	for (enum kind k = 0; k < KIND_POLICE; k++) { /* somewhere, one whose number is the longest */
		char id[32];
		(void)snprintf(id, sizeof id, "far-%s", kind_word(k));
		given_entry(w, id, kind_word(k), "[]", "[\"west-kazakhstan\"]", "+700000000000001", "[]", "");
	}
	given_loaded(w);
	struct texts *t = texts_of(w->c);
	then_topic_fits(w->c, t, content_root(w->c));
	for (size_t i = 0; content_dialog_key(i) != NULL; i++)
		if (strcmp(content_dialog_key(i), "line.service") != 0 &&
		    strncmp(content_dialog_key(i), "material.", 9) != 0) /* are on paper */
			then_fits(t, content_dialog_key(i), "+700000000000001");
	texts_free(t);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_topic_is_found_by_id_by_wish_and_by_digit),
		STORY(the_nearest_service_is_of_the_town_then_the_region_then_the_country),
		STORY(an_expired_service_gives_way_to_the_next_nearest),
		STORY(the_hotline_and_the_emergency_line_never_fall_silent),
		STORY(from_another_country_only_what_can_be_dialled_there_is_given),
		STORY(a_placeholder_is_never_given),
		STORY(the_town_is_worth_asking_for_where_a_local_service_is_usable),
		STORY(an_answer_is_its_body_its_lines_and_its_menu),
		STORY(what_was_decided_under_an_old_revision_is_said_as_it_was),
		STORY(a_revision_of_the_time_before_topics_is_still_said),
		STORY(an_answer_that_cannot_be_put_together_is_an_error_and_no_half_of_it),
		STORY(no_answer_is_over_two_parts_in_any_language_with_any_service),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
