/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions on the real store: who is where, what comes twice, what comes late, what broke. */
#include "dialog_world.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "dialog/ussd.h"
#include "dialog/ussd_inside.h"
#include "store/delivery.h"
#include "store/txn.h"
#include "store/ussd.h"
#include "base/banned.h"

#define ANNA "+77010000001"
#define BOLOT "+996700123456"

struct line { /* an operator's */
	struct world *w;
	struct ussd *u;
	struct ussd_step step;
	bool was_lost;
	struct ussd_page page;
	struct err err;
};

static struct err take(struct txn *tx, void *arg)
{
	struct line *l = arg;
	return ussd_take(tx, l->u, &l->step, l->was_lost, l->w->now_ms, &l->page);
}

static struct line open_line(struct world *w)
{
	const struct ussd_rules rules = { .link = "u", .gsm7 = 182, .ucs2 = 80, .may_send = true,
		.code = "*123#" };
	struct line l = { .w = w };
	must(ussd_new(w->d, &rules, &l.u));
	return l;
}

static const char *answer(struct line *l)
{
	l->err = store_write(l->w->st, take, l);
	l->page.text[err_is(l->err) ? 0 : l->page.n] = '\0';
	return l->page.text;
}

/* Infobip's way: an id of the session, none of the step. */
static const char *says(struct line *l, enum ussd_event event, const char *session,
                        const char *caller, const char *input)
{
	l->step = (struct ussd_step){ .event = event };
	(void)text_copy(l->step.session, sizeof l->step.session, session);
	(void)text_copy(l->step.caller, sizeof l->step.caller, caller);
	(void)text_copy(l->step.input, sizeof l->step.input, input);
	return answer(l);
}

/* Junebug's way: each message has an id. */
static const char *writes(struct line *l, enum ussd_event event, const char *id, const char *input)
{
	l->step = (struct ussd_step){ .event = event, .mark_kind = USSD_MARK_ID,
		.session = ANNA " *123#", .caller = ANNA };
	(void)text_copy(l->step.mark, sizeof l->step.mark, id);
	(void)text_copy(l->step.input, sizeof l->step.input, input);
	return answer(l);
}

/* RestComm's way: two transaction ids, an invoke id, perhaps a cookie. */
static const char *invokes(struct line *l, enum ussd_event event, const char *dialog, int invoke,
                           const char *caller, const char *cookie, const char *input)
{
	l->step = (struct ussd_step){ .event = event, .mark_kind = USSD_MARK_NUMBER,
		.mark_number = invoke, .has_dialog = true };
	(void)text_copy(l->step.session, sizeof l->step.session, dialog);
	(void)text_copy(l->step.caller, sizeof l->step.caller, caller);
	(void)text_copy(l->step.cookie, sizeof l->step.cookie, cookie);
	(void)text_copy(l->step.input, sizeof l->step.input, input);
	return answer(l);
}

static void then_page_has(const struct line *l, const char *text)
{
	if (err_is(l->err) || strstr(l->page.text, text) == NULL)
		fail_msg("not on the page: %s\n%s", text, l->page.text);
}

static void then_languages(const struct line *l) { then_page_has(l, "2 русский"); }
static void then_menu(const struct line *l) { then_page_has(l, "1 Срочно"); }

struct counting {
	int64_t n;
	int64_t now_ms;
};

static struct err count_rows(struct txn *tx, void *arg)
{
	struct counting *c = arg;
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(tx->conn->db, "SELECT count(*) FROM ussd WHERE expires>?1",
	                                    -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_int64(stmt, 1, c->now_ms), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	c->n = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return ERR_NONE_VALUE;
}

static int64_t sessions(struct world *w)
{
	struct counting c = { .now_ms = w->now_ms };
	must(store_read(w->st, count_rows, &c));
	return c.n;
}

struct waiting {
	unsigned n;
	char language[12];
};

static struct err count_one(const struct outbox_row *row, void *arg)
{
	struct waiting *a = arg;
	assert_int_equal(row->lane, LANE_ANSWER);
	a->n++;
	return ERR_NONE_VALUE;
}

static struct err list_outbox(struct txn *tx, void *arg)
{
	return delivery_list(tx, 0, 100, count_one, arg);
}

static unsigned answers_waiting(struct world *w)
{
	struct waiting a = { .n = 0 };
	must(store_read(w->st, list_outbox, &a));
	return a.n;
}

/* ---- stories */
static void a_session_goes_from_the_languages_to_a_topic_and_back(void **state)
{
	struct line l = open_line(*state);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	then_languages(&l);
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	then_menu(&l);
	(void)says(&l, USSD_STEP, "s1", "", "99"); /* an operator that tells the caller once */
	then_page_has(&l, "9 Мои права");
	(void)says(&l, USSD_STEP, "s1", ANNA, "5");
	then_page_has(&l, "3 Зарплата");
	(void)says(&l, USSD_STEP, "s1", ANNA, "0");
	then_menu(&l);
	ussd_free(l.u);
}

static void what_is_dialled_behind_the_code_is_typed_already(void **state)
{
	struct line l = open_line(*state);
	(void)says(&l, USSD_START, "s1", ANNA, "*123*2*5#");
	then_page_has(&l, "3 Зарплата");
	(void)says(&l, USSD_START, "s2", BOLOT, "*123#");
	then_languages(&l);
	(void)says(&l, USSD_START, "s3", "+77010000003", "*1234*2#"); /* another code */
	then_languages(&l);
	ussd_free(l.u);
}

static void a_message_that_comes_twice_gets_the_same_page_and_moves_nothing(void **state)
{
	struct line l = open_line(*state);
	char first[USSD_PAGE_OCTETS];
	(void)writes(&l, USSD_START, "m1", "");
	(void)writes(&l, USSD_START, "m1", "");
	then_languages(&l);
	(void)writes(&l, USSD_STEP, "m2", "2");
	(void)text_copy(first, sizeof first, writes(&l, USSD_STEP, "m3", "5"));
	assert_string_equal(writes(&l, USSD_STEP, "m3", "5"), first);
	assert_string_equal(writes(&l, USSD_STEP, "m2", "2"), first); /* late: it was answered before */
	assert_string_equal(writes(&l, USSD_START, "m1", ""), first);
	(void)writes(&l, USSD_STEP, "m4", "3");
	then_page_has(&l, "Запишите дни");
	assert_int_equal(sessions(l.w), 1);
	ussd_free(l.u);
}

static void the_same_digit_twice_is_two_steps_where_the_messages_differ(void **state)
{
	struct line l = open_line(*state);
	(void)writes(&l, USSD_START, "m1", "");
	(void)writes(&l, USSD_STEP, "m2", "5"); /* Kyrgyz */
	(void)writes(&l, USSD_STEP, "m3", "5"); /* work */
	(void)writes(&l, USSD_STEP, "m4", "1");
	(void)writes(&l, USSD_STEP, "m5", "1");
	assert_false(err_is(l.err));
	assert_int_equal(answers_waiting(l.w), 0);
	(void)says(&l, USSD_START, "s", "+77010000002", "");
	(void)says(&l, USSD_STEP, "s", "+77010000002", "2");
	(void)says(&l, USSD_STEP, "s", "+77010000002", "2");
	then_page_has(&l, "Позвоните");
	ussd_free(l.u);
}

static void an_answer_that_was_lost_is_given_again(void **state)
{
	struct line l = open_line(*state);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	l.was_lost = true;
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	then_menu(&l);
	ussd_free(l.u);
}

static void invoke_ids_that_are_given_back_tell_repeats(void **state)
{
	struct line l = open_line(*state);
	(void)invokes(&l, USSD_START, "12/13", 0, ANNA, "", "*123#");
	then_languages(&l);
	assert_int_equal(l.page.mark, 1);
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "2");
	then_menu(&l);
	assert_int_equal(l.page.mark, 2);
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "2"); /* again */
	then_menu(&l);
	assert_int_equal(l.page.mark, 2);
	(void)invokes(&l, USSD_STEP, "12/13", 2, "", "", "2");
	then_page_has(&l, "Позвоните");
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "2"); /* very late */
	then_page_has(&l, "Позвоните");
	ussd_free(l.u);
}

static void a_gateway_that_always_sends_the_same_invoke_id_is_served(void **state)
{
	struct line l = open_line(*state);
	(void)invokes(&l, USSD_START, "12/13", 1, ANNA, "", "*123#");
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "2");
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "2");
	then_page_has(&l, "Позвоните");
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "0");
	(void)invokes(&l, USSD_STEP, "12/13", 1, "", "", "0");
	then_languages(&l);
	ussd_free(l.u);
}

static void a_dialog_is_known_by_its_cookie_or_by_its_ids(void **state)
{
	struct line l = open_line(*state);
	char anna[USSD_COOKIE_SIZE], bolot[USSD_COOKIE_SIZE];
	/* a gateway that numbers all dialogs alike: the cookie tells them apart */
	(void)invokes(&l, USSD_START, "1/1", 0, ANNA, "", "*123#");
	(void)text_copy(anna, sizeof anna, l.page.cookie);
	(void)invokes(&l, USSD_START, "1/1", 0, BOLOT, "", "*123#");
	(void)text_copy(bolot, sizeof bolot, l.page.cookie);
	assert_string_not_equal(anna, bolot);
	(void)invokes(&l, USSD_STEP, "1/1", 1, "", anna, "2");
	then_menu(&l);
	(void)invokes(&l, USSD_STEP, "1/1", 1, "", bolot, "2");
	(void)invokes(&l, USSD_STEP, "1/1", 2, "", bolot, "5");
	then_page_has(&l, "3 Зарплата");
	(void)invokes(&l, USSD_STEP, "1/1", 2, "", anna, "2");
	then_page_has(&l, "Позвоните");
	/* nothing that tells them apart: nobody sees another's page */
	(void)invokes(&l, USSD_STEP, "1/1", 3, "", "", "0");
	assert_int_equal(l.err.code, ERR_REFUSED);
	/* a box of cookies that all dialogs share: the ids tell them apart */
	(void)invokes(&l, USSD_START, "2/2", 0, "+77010000003", "", "*123#");
	(void)invokes(&l, USSD_STEP, "2/2", 1, "", anna, "2");
	then_menu(&l);
	ussd_free(l.u);
}

static void nobody_goes_on_with_a_session_of_another_caller(void **state)
{
	struct line l = open_line(*state);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	(void)says(&l, USSD_STEP, "s1", BOLOT, "1");
	assert_int_equal(l.err.code, ERR_REFUSED);
	(void)says(&l, USSD_STEP, "s1", ANNA, "5");
	then_page_has(&l, "3 Зарплата");
	ussd_free(l.u);
}

static void a_step_of_no_session_begins_one(void **state)
{
	struct line l = open_line(*state);
	(void)says(&l, USSD_STEP, "s9", ANNA, "3");
	then_languages(&l);
	(void)says(&l, USSD_STEP, "s9", ANNA, "2");
	then_menu(&l);
	(void)says(&l, USSD_STEP, "unknown", "", "3"); /* and nobody knows whose */
	assert_int_equal(l.err.code, ERR_ABSENT);
	ussd_free(l.u);
}

static void a_session_survives_a_restart(void **state)
{
	struct world *w = *state;
	struct line l = open_line(w);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	ussd_free(l.u);
	when_restarted(w);
	l = open_line(w);
	(void)says(&l, USSD_STEP, "s1", ANNA, "5");
	then_page_has(&l, "3 Зарплата");
	ussd_free(l.u);
}

static void a_session_goes_on_over_the_turn_of_the_hour(void **state)
{
	struct world *w = *state;
	w->now_ms = (w->now_ms / 3600000 + 1) * 3600000 - MINUTE_MS;
	struct line l = open_line(w);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	w->now_ms += 2 * MINUTE_MS;
	(void)says(&l, USSD_STEP, "s1", ANNA, "5");
	then_page_has(&l, "3 Зарплата");
	w->now_ms += 2 * MINUTE_MS;
	(void)says(&l, USSD_START, "s2", ANNA, "");
	then_page_has(&l, "1 Продолжить");
	assert_int_equal(sessions(w), 1);
	ussd_free(l.u);
}

static void a_session_that_broke_is_offered_for_five_minutes_without_a_word_of_where_it_was(
	void **state)
{
	struct world *w = *state;
	struct line l = open_line(w);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	(void)says(&l, USSD_STEP, "s1", ANNA, "5");
	(void)says(&l, USSD_END, "s1", "", "");
	w->now_ms += 4 * MINUTE_MS;
	(void)says(&l, USSD_START, "s2", ANNA, "");
	assert_string_equal(l.page.text, "1 Продолжить\n2 Сначала");
	(void)says(&l, USSD_STEP, "s2", ANNA, "1");
	then_page_has(&l, "3 Зарплата");
	w->now_ms += 6 * MINUTE_MS;
	(void)says(&l, USSD_START, "s3", ANNA, ""); /* later only the language is known */
	then_menu(&l);
	ussd_free(l.u);
}

static void after_a_sensitive_topic_nothing_is_offered(void **state)
{
	static const char *const sensitive[] = { "6*1", "5*3", "3", "6*1*0*5*1" };
	struct line l = open_line(*state);
	for (size_t i = 0; i < sizeof sensitive / sizeof sensitive[0]; i++) {
		char caller[32], code[64];
		(void)snprintf(caller, sizeof caller, "+7701000010%zu", i);
		(void)snprintf(code, sizeof code, "*123*2*%s#", sensitive[i]);
		(void)says(&l, USSD_START, "s", caller, code);
		(void)says(&l, USSD_START, "next", caller, "");
		then_menu(&l);
	}
	(void)says(&l, USSD_START, "s", ANNA, "*123*2*5#");
	(void)says(&l, USSD_START, "next", ANNA, "");
	then_page_has(&l, "1 Продолжить");
	ussd_free(l.u);
}

static void the_language_that_was_chosen_is_spoken_the_next_time(void **state)
{
	struct world *w = *state;
	struct line l = open_line(w);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	(void)says(&l, USSD_STEP, "s1", ANNA, "2");
	w->now_ms += 10 * MINUTE_MS;
	(void)says(&l, USSD_START, "s2", ANNA, "");
	then_menu(&l);
	(void)says(&l, USSD_START, "s3", BOLOT, ""); /* nobody else's */
	then_languages(&l);
	ussd_free(l.u);
}

static void by_sms_is_one_sms_however_often_it_is_asked(void **state)
{
	struct line l = open_line(*state);
	(void)writes(&l, USSD_START, "m1", "");
	(void)writes(&l, USSD_STEP, "m2", "2");
	(void)writes(&l, USSD_STEP, "m3", "3");
	assert_int_equal(answers_waiting(l.w), 0);
	(void)writes(&l, USSD_STEP, "m4", "9");
	then_page_has(&l, "SMS отправлено");
	assert_false(l.page.goes_on);
	(void)writes(&l, USSD_STEP, "m4", "9");
	then_page_has(&l, "SMS отправлено");
	assert_int_equal(answers_waiting(l.w), 1);
	(void)writes(&l, USSD_STEP, "m5", "9"); /* the session is over: a new one begins */
	then_menu(&l);
	assert_int_equal(answers_waiting(l.w), 1);
	ussd_free(l.u);
}

static void who_dials_again_has_one_session(void **state)
{
	struct line l = open_line(*state);
	for (int i = 0; i < 20; i++) {
		char session[16];
		(void)snprintf(session, sizeof session, "s%d", i);
		(void)says(&l, USSD_START, session, ANNA, "");
	}
	assert_int_equal(sessions(l.w), 1);
	ussd_free(l.u);
}

static struct err sweep(struct txn *tx, void *arg)
{
	struct world *w = arg;
	bool more = false;
	return ussd_sweep(tx, w->now_ms, 100, &more);
}

static void of_a_session_that_is_long_over_nothing_stays(void **state)
{
	struct world *w = *state;
	struct line l = open_line(w);
	(void)says(&l, USSD_START, "s1", ANNA, "");
	assert_int_equal(sessions(w), 1);
	w->now_ms += 31 * MINUTE_MS;
	must(store_write(w->st, sweep, w));
	w->now_ms -= 31 * MINUTE_MS;
	assert_int_equal(sessions(w), 0);
	ussd_free(l.u);
}

static void interleaved_callers_each_see_their_own_page(void **state)
{
	struct line l = open_line(*state);
	enum { CALLERS = 60 };
	for (int step = 0; step < 3; step++)
		for (int i = 0; i < CALLERS; i++) {
			char session[16], caller[32], digit[2] = { (char)('1' + i % 6), '\0' };
			(void)snprintf(session, sizeof session, "s%d", i);
			(void)snprintf(caller, sizeof caller, "+770100001%02d", i);
			(void)says(&l, step == 0 ? USSD_START : USSD_STEP, session, caller,
			           step == 0 ? "" : step == 1 ? digit : "5");
			assert_false(err_is(l.err));
			if (step == 2) {
				static const char *const wages[] = { "Жалақы", "Зарплата", "Oylik", "Ойлик",
					"Айлык", "Маош" };
				then_page_has(&l, wages[i % 6]);
			}
		}
	ussd_free(l.u);
}

static void a_history_is_replayed_to_the_page_that_its_session_would_show(void **state)
{
	struct line l = open_line(*state);
	static const char *const steps[] = { "2", "5", "1", "99", "00", "x", "0" };
	char history[64] = "";
	(void)says(&l, USSD_START, "s1", ANNA, "");
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct ussd_page page;
		bool must_store = true;
		(void)says(&l, USSD_STEP, "s1", ANNA, steps[i]);
		const size_t n = strlen(history);
		(void)snprintf(history + n, sizeof history - n, "%s%s", n > 0 ? "*" : "", steps[i]);
		(void)text_copy(l.step.input, sizeof l.step.input, history);
		(void)text_copy(l.step.session, sizeof l.step.session, "h1");
		l.step.has_history = true;
		must(ussd_replay(l.u, &l.step, l.w->now_ms, &page, &must_store));
		page.text[page.n] = '\0';
		assert_false(must_store);
		assert_string_equal(page.text, l.page.text);
	}
	ussd_free(l.u);
}

/* Africa's Talking's way: everything that was typed, each time. */
static const char *replays(struct line *l, const char *session, const char *caller,
                           const char *history)
{
	bool must_store = false;
	l->step = (struct ussd_step){ .event = USSD_STEP, .has_history = true };
	(void)text_copy(l->step.session, sizeof l->step.session, session);
	(void)text_copy(l->step.caller, sizeof l->step.caller, caller);
	(void)text_copy(l->step.input, sizeof l->step.input, history);
	l->err = ussd_replay(l->u, &l->step, l->w->now_ms, &l->page, &must_store);
	if (!err_is(l->err) && must_store)
		return answer(l);
	l->page.text[err_is(l->err) ? 0 : l->page.n] = '\0';
	return l->page.text;
}

static void a_history_needs_no_memory_but_of_where_it_began(void **state)
{
	struct world *w = *state;
	struct line l = open_line(w);
	(void)replays(&l, "h1", ANNA, "");
	then_languages(&l);
	(void)replays(&l, "h1", ANNA, "2*5");
	then_page_has(&l, "3 Зарплата");
	assert_int_equal(sessions(w), 0);
	(void)replays(&l, "h2", ANNA, ""); /* it broke */
	then_page_has(&l, "1 Продолжить");
	(void)replays(&l, "h2", ANNA, "1");
	then_page_has(&l, "3 Зарплата");
	ussd_free(l.u);
	when_restarted(w);
	l = open_line(w);
	(void)replays(&l, "h2", ANNA, "1*0*2");
	then_page_has(&l, "Позвоните");
	(void)replays(&l, "h1", ANNA, "2*5*3"); /* the older one goes on as it began */
	then_page_has(&l, "Запишите дни");
	(void)replays(&l, "h2", BOLOT, "1*0*2"); /* nobody else's */
	assert_int_equal(l.err.code, ERR_REFUSED);
	ussd_free(l.u);
}

static void a_history_with_an_sms_in_it_sends_one(void **state)
{
	struct line l = open_line(*state);
	(void)replays(&l, "h1", ANNA, "");
	for (int i = 0; i < 3; i++) {
		(void)replays(&l, "h1", ANNA, "2*3*9");
		then_page_has(&l, "SMS отправлено");
	}
	assert_int_equal(answers_waiting(l.w), 1);
	ussd_free(l.u);
}

static void after_a_sensitive_topic_a_history_offers_nothing(void **state)
{
	struct line l = open_line(*state);
	(void)replays(&l, "h1", ANNA, "");
	(void)replays(&l, "h1", ANNA, "2*6*1");
	(void)replays(&l, "h1", ANNA, "2*6*1*0*5");
	(void)replays(&l, "h2", ANNA, "");
	then_menu(&l);
	ussd_free(l.u);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
	const struct CMUnitTest tests[] = {
		STORY(a_session_goes_from_the_languages_to_a_topic_and_back),
		STORY(what_is_dialled_behind_the_code_is_typed_already),
		STORY(a_message_that_comes_twice_gets_the_same_page_and_moves_nothing),
		STORY(the_same_digit_twice_is_two_steps_where_the_messages_differ),
		STORY(an_answer_that_was_lost_is_given_again),
		STORY(invoke_ids_that_are_given_back_tell_repeats),
		STORY(a_gateway_that_always_sends_the_same_invoke_id_is_served),
		STORY(a_dialog_is_known_by_its_cookie_or_by_its_ids),
		STORY(nobody_goes_on_with_a_session_of_another_caller),
		STORY(a_step_of_no_session_begins_one),
		STORY(a_session_survives_a_restart),
		STORY(a_session_goes_on_over_the_turn_of_the_hour),
		STORY(a_session_that_broke_is_offered_for_five_minutes_without_a_word_of_where_it_was),
		STORY(after_a_sensitive_topic_nothing_is_offered),
		STORY(the_language_that_was_chosen_is_spoken_the_next_time),
		STORY(by_sms_is_one_sms_however_often_it_is_asked),
		STORY(who_dials_again_has_one_session),
		STORY(of_a_session_that_is_long_over_nothing_stays),
		STORY(interleaved_callers_each_see_their_own_page),
		STORY(a_history_needs_no_memory_but_of_where_it_began),
		STORY(a_history_with_an_sms_in_it_sends_one),
		STORY(after_a_sensitive_topic_a_history_offers_nothing),
		STORY(a_history_is_replayed_to_the_page_that_its_session_would_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
