/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STOP and START: with the people keys open, closed, and not yet made. */
#include "dialog_world.h"

#include <string.h>

#include "base/clock.h"
#include "campaign/broadcast.h"
#include "store/contacts.h"
#include "base/banned.h"

/* ---- stories: STOP */
static void stop_bars_staff_and_is_confirmed_once_and_questions_go_on(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "остановили на границе");
	then_answer(w, KK, "topic.return_home.body", LANGUAGE_RU);
	assert_false(is_stopped(w, KK));
	when_text(w, KK, "СТОП");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
	when_text(w, KK, "stop");
	then_silence(w);
	when_call(w, KK);
	then_silence(w);
	w->now_ms += 31 * MINUTE_MS; /* known from the store, not from memory alone */
	when_call(w, KK);
	then_silence(w);
	when_text(w, KK, "көмек");
	then_answer(w, KK, "topic.hotline.body", LANGUAGE_KK);
	when_text(w, KK, "бастау");
	then_answer(w, KK, "answer.start", LANGUAGE_KK);
	assert_false(is_stopped(w, KK));
	when_call(w, KK);
	then_answer(w, KK, "answer.call.known", LANGUAGE_KK);
}

static void a_stop_with_a_cry_for_help_is_both(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "stop, меня бьют");
	then_answer(w, KK, "topic.emergency.body", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
}

static void an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_old_text(w, KK, "тоқтату", 25 * 60 * MINUTE_MS);
	then_silence(w);
	assert_true(is_stopped(w, KK));
	when_old_text(w, KK, "старт", 40 * MINUTE_MS);
	then_answer(w, KK, "answer.late", LANGUAGE_RU);
	assert_true(is_stopped(w, KK));
}

static void a_stop_while_the_people_keys_are_locked_counts_when_they_open(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_restarted(w);
	when_text(w, KK, "тоқтату");
	then_answer(w, KK, "answer.stop", LANGUAGE_KK);
	w->now_ms += 31 * MINUTE_MS;
	when_call(w, KK);
	then_silence(w);
	when_unlocked(w);
	assert_true(is_stopped(w, KK));
}

static void a_start_of_the_next_day_takes_back_a_stop_that_still_waits(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_restarted(w);
	when_text(w, KK, "тоқтату");
	then_answer(w, KK, "answer.stop", LANGUAGE_KK);
	w->now_ms += DAY_MS;
	when_text(w, KK, "старт");
	then_answer(w, KK, "answer.start", LANGUAGE_RU);
	when_call(w, KK);
	assert_true(w->result.answered);
	when_unlocked(w);
	assert_false(is_stopped(w, KK));
}

static void a_stop_before_there_are_people_keys_is_still_answered(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "стоп");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
}

/* ---- stories: DELETE */
struct known {
	struct world *w;
	int64_t version;
	struct hash number;
	bool is_there;
};

static struct err add_contact(struct txn *tx, void *arg)
{
	struct known *k = arg;
	struct msisdn m;
	struct contact_new c = { .id = store_new_id(k->w->st), .source = "import",
		.now_ms = k->w->now_ms, .sealed = span_of("sealed"),
		.facts = { .country = "KZ", .language = "ru" } };
	assert_int_equal(msisdn_parse(span_of(KK), &m), MSISDN_OK);
	struct err e = vault_version(k->w->v, RING_PEOPLE, k->w->now_ms, &k->version);
	if (!err_is(e))
		e = vault_hash(k->w->v, RING_PEOPLE, k->version, "number", msisdn_span(&m), &k->number);
	c.key_version = k->version;
	c.number = k->number;
	return err_is(e) ? e : contact_add(tx, &c);
}

static struct err look_contact(struct txn *tx, void *arg)
{
	struct known *k = arg;
	int64_t id = 0;
	return contact_find(tx, k->version, &k->number, &id, &k->is_there);
}

static void delete_while_the_keys_are_locked_erases_the_contact_when_they_open(void **state)
{
	struct world *w = *state;
	struct known k = { .w = w };
	given_people_keys(w);
	when_unlocked(w);
	must(store_write(w->st, add_contact, &k));
	when_restarted(w);
	when_text(w, KK, "удалите всё");
	then_answer(w, KK, "answer.deleted", LANGUAGE_RU);
	must(store_read(w->st, look_contact, &k));
	assert_true(k.is_there); /* nobody can tell yet whose it is */
	when_unlocked(w);
	must(store_read(w->st, look_contact, &k));
	assert_false(k.is_there);
	assert_true(is_stopped(w, KK));
}

/* ---- properties */
struct sending {
	struct world *w;
	int64_t delivery;
	bool refused;
};

static struct err send(struct txn *tx, void *arg)
{
	struct sending *s = arg;
	struct err e = staff_send(tx, s->w->st, s->w->v, span_of(KK), span_of("Хабар"), false, 0,
	                          s->w->now_ms, &s->delivery);
	s->refused = e.code == ERR_REFUSED;
	return s->refused ? ERR_NONE_VALUE : e;
}

/* Everything that waits for the modem goes; is something of staff among it? */
static bool staff_reach_them(struct world *w)
{
	struct saying s;
	bool reached = false;
	while (look_said(w, &s))
		reached = reached || strcmp(s.key, "text") == 0;
	return reached;
}

/* Whatever is written and rung, in any order, over crashes and with the keys closed or open: after a
 * STOP and until a START nothing that staff start reaches that number, nor what waited before. */
static void no_sequence_of_messages_sends_to_somebody_who_said_stop(void **state)
{
	static const char *const texts[] = { "СТОП", "старт", "удалите всё", "помогите", "3", "0", "?",
		"тоқтат, мені ұрып жатыр", "перезвоните мне", "какая погода", "қазақша", "stop please" };
	struct world *w = *state;
	uint32_t seed = 12345;
	bool stopped = false;
	unsigned refused = 0, reached = 0;
	dialog_use_rules(w->d, &(struct dialog_rules){ .answers_per_hour = 60,
	                                               .answers_per_hour_all = 10000,
	                                               .partial_after_ms = MINUTE_MS });
	given_people_keys(w);
	when_unlocked(w);
	for (unsigned i = 0; i < 1500; i++) {
		seed = seed * 1664525u + 1013904223u;
		const unsigned what = seed >> 16;
		struct sending s = { .w = w };
		w->now_ms += what % 97 == 0 ? 31 * MINUTE_MS : (int64_t)(what % 5) * MINUTE_MS / 4;
		if (what % 3 == 0)
			must(store_write(w->st, send, &s));
		assert_true(what % 3 != 0 || s.refused == stopped);
		refused += s.refused ? 1 : 0;
		if (what % 11 == 0)
			when_call(w, KK);
		else
			when_text(w, KK, texts[what % 12]);
		if (w->result.intent == INTENT_STOP || w->result.intent == INTENT_DELETE ||
		    what % 12 == 7)
			stopped = stopped || what % 11 != 0;
		else if (w->result.intent == INTENT_START)
			stopped = false;
		assert_int_equal(is_stopped(w, KK), stopped);
		const bool is_reached = staff_reach_them(w);
		assert_false(is_reached && stopped);
		reached += is_reached ? 1 : 0;
	}
	assert_true(refused > 50 && reached > 50); /* both were tried */
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(stop_bars_staff_and_is_confirmed_once_and_questions_go_on),
		STORY(a_stop_with_a_cry_for_help_is_both),
		STORY(an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not),
		STORY(a_stop_while_the_people_keys_are_locked_counts_when_they_open),
		STORY(a_start_of_the_next_day_takes_back_a_stop_that_still_waits),
		STORY(a_stop_before_there_are_people_keys_is_still_answered),
		STORY(delete_while_the_keys_are_locked_erases_the_contact_when_they_open),
		STORY(no_sequence_of_messages_sends_to_somebody_who_said_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
