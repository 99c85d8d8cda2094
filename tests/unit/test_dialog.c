/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person who texts or rings gets back: on the real store and the real vault. */
#include "dialog_world.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "dialog/answer.h"
#include "store/sims.h"
#include "base/banned.h"

/* ---- stories: texts */
static void a_cry_for_help_is_answered_in_its_language_with_the_number_to_call(void **state)
{
	static const struct {
		const char *text;
		enum language language;
	} cries[] = {
		{ "Көмек керек", LANGUAGE_KK }, { "magan komek kerek", LANGUAGE_KK },
		{ "помогите мне", LANGUAGE_RU }, { "pomogite", LANGUAGE_RU },
		{ "Yordam bering", LANGUAGE_UZ }, { "ёрдам керак", LANGUAGE_UZ_CYRL },
		{ "жардам керек", LANGUAGE_KY }, { "maga jardam kerek", LANGUAGE_KY },
		{ "кӯмак лозим аст", LANGUAGE_TG }, { "kumak lozim", LANGUAGE_TG },
	};
	struct world *w = *state;
	for (size_t i = 0; i < sizeof cries / sizeof cries[0]; i++) {
		char phone[32], said[512];
		(void)snprintf(phone, sizeof phone, "+7701000001%zu", i);
		when_text(w, phone, cries[i].text);
		then_said(w, phone, "topic.hotline.body", cries[i].language, said);
		assert_non_null(strstr(said, "11616"));
	}
	then_inbox_has(w, sizeof cries / sizeof cries[0], 0);
}

static void the_same_part_read_twice_is_one_question(void **state)
{
	struct world *w = *state;
	struct text t = new_text(w, KK, "көмек");
	must(store_write(w->st, take_text, &t));
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	must(store_write(w->st, take_text, &t));
	assert_true(w->result.known);
	assert_false(w->result.answered);
	w->now_ms += DAY_MS; /* and after midnight, under another key */
	t.mo.received_ms = w->now_ms;
	must(store_write(w->st, take_text, &t));
	assert_true(w->result.known);
	then_inbox_has(w, 1, 0);
}

static void a_message_in_parts_is_read_whole_whatever_comes_first(void **state)
{
	struct world *w = *state;
	struct text second = new_text(w, KK, "огите мне"), first = new_text(w, KK, "Здесь плохо, пом");
	second.mo.ref = first.mo.ref = 42;
	second.mo.total = first.mo.total = 2;
	second.mo.seq = 2;
	must(store_write(w->st, take_text, &second));
	assert_false(w->result.whole);
	then_silence(w);
	must(store_write(w->st, take_text, &first));
	assert_true(w->result.whole);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
	then_inbox_has(w, 1, 0);
}

static void parts_on_both_sides_of_midnight_are_one_message(void **state)
{
	struct world *w = *state;
	w->now_ms = (w->now_ms / DAY_MS + 1) * DAY_MS - MINUTE_MS; /* the key of the day turns */
	struct text first = new_text(w, KK, "Здесь плохо, пом");
	w->now_ms += 2 * MINUTE_MS;
	struct text second = new_text(w, KK, "огите мне");
	second.mo.ref = first.mo.ref = 42;
	second.mo.total = first.mo.total = 2;
	second.mo.seq = 2;
	must(store_write(w->st, take_text, &first));
	must(store_write(w->st, take_text, &second));
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_RU);
}

static void what_nobody_knows_gets_the_menu_then_its_digits_then_the_number(void **state)
{
	struct world *w = *state;
	const struct dialog_rules patient = { .answers_per_hour = 20, .answers_per_hour_all = 100 };
	dialog_use_rules(w->d, &patient);
	when_text(w, KK, "какая погода завтра");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
	when_text(w, KK, "3");
	then_answer(w, KK, "topic.shelter.body", LANGUAGE_RU);
	assert_int_equal(w->result.intent, INTENT_SHELTER);
	when_text(w, KK, "а погода?");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
	when_text(w, KK, "5");
	then_answer(w, KK, "menu.work", LANGUAGE_RU);
	when_text(w, KK, "2");
	then_answer(w, KK, "topic.contract.body", LANGUAGE_RU);
	when_text(w, KK, "а погода?");
	then_answer(w, KK, "answer.other", LANGUAGE_RU);
	when_text(w, KK, "0");
	then_answer(w, KK, "answer.languages", LANGUAGE_RU);
	when_text(w, KK, "6");
	then_answer(w, KK, "answer.language", LANGUAGE_TG);
	when_text(w, KK, "помогите");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_TG); /* chosen is chosen */
}

static void a_digit_without_a_menu_gets_the_menu_in_the_countrys_language(void **state)
{
	struct world *w = *state;
	when_text(w, UZ, "3");
	then_answer(w, UZ, "menu.menu", LANGUAGE_UZ);
	when_text(w, "+996700000005", "STOP");
	then_answer(w, "+996700000005", "answer.stop", LANGUAGE_KY);
	when_text(w, "+992900000006", "7");
	then_answer(w, "+992900000006", "menu.menu", LANGUAGE_TG);
}

static void what_was_remembered_is_forgotten_after_half_an_hour(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "қазақша");
	then_answer(w, KK, "answer.language", LANGUAGE_KK);
	when_text(w, KK, "?");
	then_answer(w, KK, "menu.menu", LANGUAGE_KK);
	w->now_ms += 29 * MINUTE_MS;
	when_restarted(w);
	when_text(w, KK, "2");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	w->now_ms += 31 * MINUTE_MS;
	when_text(w, KK, "1");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
}

static void an_old_question_is_answered_by_its_age(void **state)
{
	struct world *w = *state;
	when_old_text(w, KK, "көмек", 29 * MINUTE_MS);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	when_old_text(w, KK, "көмек", 31 * MINUTE_MS);
	then_answer(w, KK, "answer.late", LANGUAGE_KK);
	when_old_text(w, KK, "көмек", 25 * 60 * MINUTE_MS);
	then_silence(w);
	when_old_text(w, KK, "көмек", -60 * MINUTE_MS); /* an SMSC whose clock is ahead */
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	then_inbox_has(w, 4, 1);
}

static void short_codes_and_names_are_written_down_and_not_answered(void **state)
{
	struct world *w = *state;
	when_text(w, "1414", "помогите");
	then_silence(w);
	when_text(w, "Beeline", "стоп");
	then_silence(w);
	when_call(w, "");
	then_silence(w);
	then_inbox_has(w, 3, 3);
}

/* ---- stories: calls */
static void a_missed_call_gets_the_number_first_and_a_digit_for_each_language(void **state)
{
	static const char *const names[] = { "қазақша", "русский", "o'zbekcha", "ўзбекча", "кыргызча",
		"тоҷикӣ" };
	struct world *w = *state;
	for (int digit = 1; digit <= 6; digit++) {
		char phone[32], text[2] = { (char)('0' + digit), '\0' }, said[512];
		(void)snprintf(phone, sizeof phone, "+7701000002%d", digit);
		when_call(w, phone);
		then_said(w, phone, "answer.call", LANGUAGE_RU, said);
		assert_memory_equal(said, "11616", 5);
		when_text(w, phone, text);
		then_said(w, phone, "answer.language", (enum language)(digit - 1), said);
		assert_non_null(strstr(said, names[digit - 1]));
		when_text(w, phone, "?");
		then_answer(w, phone, "menu.menu", (enum language)(digit - 1));
		when_text(w, phone, "2");
		then_answer(w, phone, "topic.hotline.body", (enum language)(digit - 1));
	}
}

static void a_caller_gets_one_answer_in_ten_minutes_over_restarts_too(void **state)
{
	struct world *w = *state;
	when_call(w, KK);
	then_answer(w, KK, "answer.call", LANGUAGE_RU);
	when_call(w, KK);
	then_silence(w);
	when_restarted(w);
	w->now_ms += 9 * MINUTE_MS;
	when_call(w, KK);
	then_silence(w);
	w->now_ms += MINUTE_MS;
	when_call(w, KK);
	then_answer(w, KK, "answer.call", LANGUAGE_RU);
}

static void a_caller_whose_language_is_known_is_answered_in_it(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "жардам");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KY);
	when_call(w, KK);
	then_answer(w, KK, "answer.call.known", LANGUAGE_KY);
}

/* ---- stories: content */
static void without_reviewed_texts_the_two_numbers_are_sent(void **state)
{
	struct world *w = *state;
	struct content *bare = NULL;
	char said[512];
	must(content_load(MESSAGES, LOCALES, "", NULL, NULL, &bare));
	when_text(w, KK, "көмек");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	dialog_use_content(w->d, bare);
	content_drop(bare);
	when_text(w, KK, "көмек");
	then_said(w, KK, "answer.bare", LANGUAGE_RU, said);
	assert_string_equal(said, "11616, 112");
	dialog_use_content(w->d, w->c);
	when_text(w, KK, "көмек");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
}

static struct err take_and_fail(struct txn *tx, void *arg)
{
	struct err e = take_text(tx, arg);
	return err_is(e) ? e : err_make(ERR_FULL, "write", NULL, NULL);
}

static void an_answer_whose_transaction_failed_is_given_whole_the_next_time(void **state)
{
	struct world *w = *state;
	struct text t = new_text(w, KK, "көмек");
	assert_int_equal(store_write(w->st, take_and_fail, &t).code, ERR_FULL);
	then_inbox_has(w, 0, 0);
	must(store_write(w->st, take_text, &t));
	assert_false(w->result.known);
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
}

/* ---- the table of decisions */
static void the_language_is_the_chosen_then_the_sure_then_the_remembered_one(void **state)
{
	struct world *w = *state;
	static const struct {
		enum certainty remembered; /* Kazakh */
		bool has_text, is_sure;    /* Kyrgyz */
		enum language then;
	} rows[] = {
		{ CERTAINTY_CHOSEN, true, true, LANGUAGE_KK }, { CERTAINTY_SURE, true, true, LANGUAGE_KY },
		{ CERTAINTY_SURE, true, false, LANGUAGE_KK },
		{ CERTAINTY_GUESSED, true, false, LANGUAGE_KY },
		{ CERTAINTY_GUESSED, false, false, LANGUAGE_KK },
		{ CERTAINTY_NONE, true, false, LANGUAGE_KY },
		{ CERTAINTY_NONE, false, false, LANGUAGE_TG },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct question q = { .by_country = LANGUAGE_TG, .memory = MEMORY_NONE, .content = w->c,
			.wish = { .intent = INTENT_HOTLINE, .digit = -1, .language_sure = rows[i].is_sure,
			          .language = rows[i].has_text ? LANGUAGE_KY : LANGUAGE_UNKNOWN } };
		struct answer a;
		q.memory.certainty = rows[i].remembered;
		if (rows[i].remembered != CERTAINTY_NONE)
			q.memory.language = LANGUAGE_KK;
		answer_decide(&q, &a);
		assert_int_equal(a.language, rows[i].then);
	}
}

static void every_digit_in_every_context_has_its_answer(void **state)
{
	struct world *w = *state;
	static const struct {
		enum context context;
		const char *topic;
		const char *then[10]; /* a topic's id, or the key of an answer */
	} rows[] = {
		{ CONTEXT_NONE, "", { "answer.languages", "menu", "menu", "menu", "menu", "menu", "menu", "menu", "menu",
		                      "menu" } },
		{ CONTEXT_MENU, "", { "answer.languages", "emergency", "hotline", "shelter", "documents",
		                      "work", "family", "health", "home", "rights" } },
		{ CONTEXT_MENU, "home", { "menu", "return_home", "border", "menu", "menu", "menu", "menu",
		                          "menu", "menu", "menu" } },
		{ CONTEXT_BELOW, "home", { "answer.languages", "return_home", "border", "menu", "menu",
		                           "menu", "menu", "menu", "menu", "menu" } },
		{ CONTEXT_MENU, "a topic of before", { "menu", "menu", "menu", "menu", "menu", "menu",
		                                       "menu", "menu", "menu", "menu" } },
		{ CONTEXT_LANGUAGES, "", { "answer.languages", "answer.language", "answer.language",
			"answer.language", "answer.language", "answer.language", "answer.language",
			"answer.languages", "answer.languages", "answer.languages" } },
	};
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
		for (int digit = 0; digit <= 9; digit++) {
			struct question q = { .memory = MEMORY_NONE, .by_country = LANGUAGE_RU,
				.content = w->c, .wish = { .intent = INTENT_MENU, .digit = digit,
				                           .language = LANGUAGE_UNKNOWN } };
			struct answer a;
			q.memory.context = rows[r].context;
			(void)snprintf(q.memory.topic, sizeof q.memory.topic, "%s", rows[r].topic);
			answer_decide(&q, &a);
			assert_string_equal(a.topic != NULL ? a.topic->id : a.key, rows[r].then[digit]);
		}
}

static void a_menu_below_the_root_is_walked_by_digits_and_0_leads_back(void **state)
{
	struct world *w = *state;
	const struct dialog_rules patient = { .answers_per_hour = 20, .answers_per_hour_all = 100 };
	dialog_use_rules(w->d, &patient);
	when_text(w, KK, "какая погода завтра");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
	when_text(w, KK, "5");
	then_answer(w, KK, "menu.work", LANGUAGE_RU);
	when_text(w, KK, "0");
	then_answer(w, KK, "menu.menu", LANGUAGE_RU);
	when_text(w, KK, "5");
	then_answer(w, KK, "menu.work", LANGUAGE_RU);
	when_restarted(w);
	when_text(w, KK, "1");
	then_answer(w, KK, "topic.offer.body+menu.offer", LANGUAGE_RU);
	when_restarted(w);
	dialog_use_rules(w->d, &patient);
	when_text(w, KK, "4");
	then_answer(w, KK, "topic.construction.body+line.language", LANGUAGE_RU); /* "Язык: 0" */
	when_text(w, KK, "0");
	then_answer(w, KK, "answer.languages", LANGUAGE_RU);
}

struct card {
	const char *imsi;
	int64_t sim, now_ms;
};

static struct err put_card(struct txn *tx, void *arg)
{
	struct card *c = arg;
	return sim_find(tx, "", c->imsi, "", c->now_ms, &c->sim);
}

static void who_writes_to_a_sim_of_another_country_is_told_what_can_be_dialled_there(void **state)
{
	struct world *w = *state;
	struct card home = { .imsi = "401010000000001", .now_ms = w->now_ms };
	struct card abroad = { .imsi = "434050000000001", .now_ms = w->now_ms };
	must(store_write(w->st, put_card, &home));
	must(store_write(w->st, put_card, &abroad));
	struct text here = new_text(w, KK, "помогите"), there = new_text(w, "+77010000002", "помогите");
	here.mo.sim = home.sim;
	there.mo.sim = abroad.sim;
	must(store_write(w->st, take_text, &here));
	assert_true(w->result.delivery != 0 && w->result.second == 0);
	must(store_write(w->st, take_text, &there));
	assert_true(w->result.delivery != 0 && w->result.second != 0);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_cry_for_help_is_answered_in_its_language_with_the_number_to_call),
		STORY(the_same_part_read_twice_is_one_question),
		STORY(a_message_in_parts_is_read_whole_whatever_comes_first),
		STORY(parts_on_both_sides_of_midnight_are_one_message),
		STORY(what_nobody_knows_gets_the_menu_then_its_digits_then_the_number),
		STORY(a_digit_without_a_menu_gets_the_menu_in_the_countrys_language),
		STORY(what_was_remembered_is_forgotten_after_half_an_hour),
		STORY(an_old_question_is_answered_by_its_age),
		STORY(short_codes_and_names_are_written_down_and_not_answered),
		STORY(a_missed_call_gets_the_number_first_and_a_digit_for_each_language),
		STORY(a_caller_gets_one_answer_in_ten_minutes_over_restarts_too),
		STORY(a_caller_whose_language_is_known_is_answered_in_it),
		STORY(without_reviewed_texts_the_two_numbers_are_sent),
		STORY(an_answer_whose_transaction_failed_is_given_whole_the_next_time),
		STORY(the_language_is_the_chosen_then_the_sure_then_the_remembered_one),
		STORY(a_menu_below_the_root_is_walked_by_digits_and_0_leads_back),
		STORY(who_writes_to_a_sim_of_another_country_is_told_what_can_be_dialled_there),
		STORY(every_digit_in_every_context_has_its_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
