/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person who texts or rings gets back: on the real store and the real vault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "dialog/answer.h"
#include "dialog/dialog.h"
#include "store/delivery.h"
#include "store/people.h"
#include "base/banned.h"

#ifndef SAFAR_SOURCE
#define SAFAR_SOURCE "."
#endif
#define MESSAGES SAFAR_SOURCE "/messages"
#define LOCALES SAFAR_SOURCE "/locales"
#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"
#define MINUTE_MS INT64_C(60000)
#define SIM 7
#define KK "+77010000001"
#define UZ "+998901234567"

struct world {
	char folder[64];
	struct store *st;
	struct vault *v;
	struct content *c;
	struct dialog *d;
	int64_t now_ms;
	uint8_t pdu; /* of the next text */
	struct dialog_result result;
};

static void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char url[128];
	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-dialog-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(url, sizeof url, "sqlite:%s/safar.db", w->folder);
	must(store_open(url, 1, &w->st));
	must(vault_open(w->folder, &w->v));
	must(content_load(MESSAGES, LOCALES, ALL_DRAFTS, NULL, NULL, &w->c));
	must(dialog_new(w->st, w->v, w->c, &w->d));
	w->now_ms = clock_now_ms() + MINUTE_MS;
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	dialog_free(w->d);
	content_drop(w->c);
	store_close(w->st);
	vault_close(w->v);
	DIR *dir = opendir(w->folder);
	struct dirent *one;
	while (dir != NULL && (one = readdir(dir)) != NULL) {
		char path[512];
		(void)snprintf(path, sizeof path, "%s/%s", w->folder, one->d_name);
		if (one->d_name[0] != '.')
			(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	int rc = rmdir(w->folder);
	free(w);
	return rc;
}

/* ---- people keys */
static struct err keep_public(struct txn *tx, void *arg) { return people_public_set(tx, arg); }

static struct err opened(struct txn *tx, void *arg)
{
	struct world *w = arg;
	return dialog_people_opened(tx, w->d, w->now_ms);
}

static void given_people_keys(struct world *w)
{
	must(vault_people_new(w->folder, "", span_of("a passphrase of staff")));
}

static void when_unlocked(struct world *w)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	must(vault_people_unlock(w->v, w->folder, span_of("a passphrase of staff")));
	must(vault_people_public(w->v, key));
	must(store_write(w->st, keep_public, key));
	must(store_write(w->st, opened, w));
}

/* A power cut: the same folder, everything else anew. The people ring is closed then. */
static void when_restarted(struct world *w)
{
	char url[128];
	dialog_free(w->d);
	store_close(w->st);
	vault_close(w->v);
	(void)snprintf(url, sizeof url, "sqlite:%s/safar.db", w->folder);
	must(store_open(url, 1, &w->st));
	must(vault_open(w->folder, &w->v));
	must(dialog_new(w->st, w->v, w->c, &w->d));
}

/* ---- what comes in */
struct text {
	struct world *w;
	struct mo mo;
};

static struct err take_text(struct txn *tx, void *arg)
{
	struct text *t = arg;
	return dialog_take_mo(tx, t->w->d, &t->mo, &t->w->result);
}

static struct text new_text(struct world *w, const char *sender, const char *text)
{
	struct text t = { .w = w, .mo = { .link = "beeline-1", .sim = SIM, .sim_index = ++w->pdu,
		.sender = span_of(sender), .text = span_of(text), .scts_ms = w->now_ms,
		.received_ms = w->now_ms, .total = 1, .seq = 1, .pdu_hash = { w->pdu } } };
	return t;
}

static void when_text(struct world *w, const char *sender, const char *text)
{
	struct text t = new_text(w, sender, text);
	w->now_ms += 1000;
	must(store_write(w->st, take_text, &t));
}

static void when_old_text(struct world *w, const char *sender, const char *text, int64_t age_ms)
{
	struct text t = new_text(w, sender, text);
	t.mo.scts_ms -= age_ms;
	must(store_write(w->st, take_text, &t));
}

struct call {
	struct world *w;
	const char *caller;
};

static struct err take_call(struct txn *tx, void *arg)
{
	struct call *c = arg;
	return dialog_take_call(tx, c->w->d, "beeline-1", SIM, span_of(c->caller), c->w->now_ms,
	                        &c->w->result);
}

static void when_call(struct world *w, const char *caller)
{
	struct call c = { w, caller };
	w->now_ms += 1000;
	must(store_write(w->st, take_call, &c));
}

/* ---- what goes out */
struct look {
	struct world *w;
	struct claim claim;
	bool found;
	int64_t revision_version;
	enum ring revision_ring;
	struct buf body;
	unsigned messages, silent;
};

static struct err next(struct txn *tx, void *arg)
{
	struct look *l = arg;
	const struct claimant by = { .link = "beeline-1", .sim = SIM };
	struct err e = delivery_next(tx, &by, l->w->now_ms, &l->claim, &l->found);
	if (!err_is(e) && l->found)
		e = delivery_part_accepted(tx, l->claim.id, 1, 1, l->w->now_ms);
	if (!err_is(e) && l->found)
		e = revision_get(tx, l->claim.revision, &l->revision_ring, &l->revision_version, &l->body);
	return e;
}

/* The one answer that waits: its text into said[512], as the phone will show it. */
static void then_said(struct world *w, const char *phone, const char *key, enum language language,
                      char said[512])
{
	struct look l = { .w = w };
	struct buf number, body, text;
	struct texts *t = NULL;
	buf_init(&number, 64);
	buf_init(&body, 1u << 20);
	buf_init(&text, TEXT_OCTETS_MAX);
	assert_true(w->result.answered);
	must(store_write(w->st, next, &l));
	assert_true(l.found);
	assert_int_equal(l.claim.id, w->result.delivery);
	assert_string_equal(l.claim.content_key, key);
	assert_string_equal(language_tag(l.claim.language), language_tag(language));
	must(vault_unseal(w->v, RING_LIVE, l.claim.key_version,
	                  (struct seal_place){ "delivery", "number", l.claim.id },
	                  buf_span(&l.claim.number_sealed), &number));
	assert_string_equal(buf_text(&number), phone);
	must(vault_unseal(w->v, l.revision_ring, l.revision_version,
	                  (struct seal_place){ "revision", "body", l.claim.revision },
	                  buf_span(&l.body), &body));
	must(texts_parse(buf_span(&body), &t));
	must(texts_render(t, key, language, span_of(NULL), &text));
	(void)snprintf(said, 512, "%s", buf_text(&text));
	texts_free(t);
	claim_wipe(&l.claim);
	buf_free(&l.body);
	buf_free(&number);
	buf_free(&body);
	buf_free(&text);
}

static void then_answer(struct world *w, const char *phone, const char *key, enum language language)
{
	char said[512];
	then_said(w, phone, key, language, said);
}

static void then_silence(struct world *w)
{
	struct look l = { .w = w };
	assert_false(w->result.answered);
	must(store_write(w->st, next, &l));
	assert_false(l.found);
}

static struct err count_row(const struct inbox_row *row, void *arg)
{
	struct look *l = arg;
	l->messages++;
	l->silent += row->state == INBOX_SILENT ? 1 : 0;
	return ERR_NONE_VALUE;
}

static struct err list(struct txn *tx, void *arg) { return inbox_list(tx, 0, 1000, count_row, arg); }

static void then_inbox_has(struct world *w, unsigned messages, unsigned silent)
{
	struct look l = { .w = w };
	must(store_read(w->st, list, &l));
	assert_int_equal(l.messages, messages);
	assert_int_equal(l.silent, silent);
}

static bool stopped_now;
static struct err ask_stopped(struct txn *tx, void *arg)
{
	struct world *w = arg;
	int64_t version = 0;
	struct hash number;
	struct err e = vault_version(w->v, RING_PEOPLE, w->now_ms, &version);
	if (!err_is(e))
		e = vault_hash(w->v, RING_PEOPLE, version, "number", span_of("77010000001"), &number);
	return err_is(e) ? e : stop_has(tx, version, &number, &stopped_now);
}

static bool kk_is_stopped(struct world *w)
{
	stopped_now = false;
	must(store_read(w->st, ask_stopped, w));
	return stopped_now;
}

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
		then_said(w, phone, "answer.help", cries[i].language, said);
		assert_non_null(strstr(said, "11616"));
	}
	then_inbox_has(w, sizeof cries / sizeof cries[0], 0);
}

static void the_same_part_read_twice_is_one_question(void **state)
{
	struct world *w = *state;
	struct text t = new_text(w, KK, "көмек");
	must(store_write(w->st, take_text, &t));
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
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
	then_answer(w, KK, "answer.help", LANGUAGE_RU);
	then_inbox_has(w, 1, 0);
}

static void what_nobody_knows_gets_the_menu_then_its_digits_then_the_number(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "какая погода завтра");
	then_answer(w, KK, "answer.menu", LANGUAGE_RU);
	when_text(w, KK, "2");
	then_answer(w, KK, "answer.shelter", LANGUAGE_RU);
	assert_int_equal(w->result.intent, INTENT_SHELTER);
	when_text(w, KK, "3");
	then_answer(w, KK, "answer.emergency", LANGUAGE_RU);
	when_text(w, KK, "а погода?");
	then_answer(w, KK, "answer.other", LANGUAGE_RU);
	when_text(w, KK, "0");
	then_answer(w, KK, "answer.languages", LANGUAGE_RU);
	when_text(w, KK, "6");
	then_answer(w, KK, "answer.language", LANGUAGE_TG);
	when_text(w, KK, "помогите");
	then_answer(w, KK, "answer.help", LANGUAGE_TG); /* chosen is chosen */
}

static void a_digit_without_a_menu_gets_the_menu_in_the_countrys_language(void **state)
{
	struct world *w = *state;
	when_text(w, UZ, "3");
	then_answer(w, UZ, "answer.menu", LANGUAGE_UZ);
	when_text(w, "+996700000005", "STOP");
	then_answer(w, "+996700000005", "answer.stop", LANGUAGE_KY);
	when_text(w, "+992900000006", "7");
	then_answer(w, "+992900000006", "answer.menu", LANGUAGE_TG);
}

static void what_was_remembered_is_forgotten_after_half_an_hour(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "қазақша");
	then_answer(w, KK, "answer.language", LANGUAGE_KK);
	w->now_ms += 29 * MINUTE_MS;
	when_restarted(w);
	when_text(w, KK, "1");
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
	w->now_ms += 31 * MINUTE_MS;
	when_text(w, KK, "1");
	then_answer(w, KK, "answer.menu", LANGUAGE_RU);
}

static void an_old_question_is_answered_by_its_age(void **state)
{
	struct world *w = *state;
	when_old_text(w, KK, "көмек", 29 * MINUTE_MS);
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
	when_old_text(w, KK, "көмек", 31 * MINUTE_MS);
	then_answer(w, KK, "answer.late", LANGUAGE_KK);
	when_old_text(w, KK, "көмек", 25 * 60 * MINUTE_MS);
	then_silence(w);
	when_old_text(w, KK, "көмек", -60 * MINUTE_MS); /* an SMSC whose clock is ahead */
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
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
	static const char *const menus[] = { "көмек", "помощь", "yordam", "ёрдам", "жардам", "кӯмак" };
	struct world *w = *state;
	for (int digit = 1; digit <= 6; digit++) {
		char phone[32], text[2] = { (char)('0' + digit), '\0' }, said[512];
		(void)snprintf(phone, sizeof phone, "+7701000002%d", digit);
		when_call(w, phone);
		then_said(w, phone, "answer.call", LANGUAGE_RU, said);
		assert_memory_equal(said, "11616", 5);
		when_text(w, phone, text);
		then_said(w, phone, "answer.language", (enum language)(digit - 1), said);
		assert_non_null(strstr(said, menus[digit - 1]));
		when_text(w, phone, "1");
		then_answer(w, phone, "answer.help", (enum language)(digit - 1));
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
	then_answer(w, KK, "answer.help", LANGUAGE_KY);
	when_call(w, KK);
	then_answer(w, KK, "answer.call.known", LANGUAGE_KY);
}

/* ---- stories: STOP */
static void stop_bars_staff_and_is_confirmed_once_and_questions_go_on(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "остановили на границе");
	then_answer(w, KK, "answer.menu", LANGUAGE_RU);
	assert_false(kk_is_stopped(w));
	when_text(w, KK, "СТОП");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
	assert_true(kk_is_stopped(w));
	when_text(w, KK, "stop");
	then_silence(w);
	when_call(w, KK);
	then_silence(w);
	w->now_ms += 31 * MINUTE_MS; /* known from the store, not from memory alone */
	when_call(w, KK);
	then_silence(w);
	when_text(w, KK, "көмек");
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
	when_text(w, KK, "бастау");
	then_answer(w, KK, "answer.start", LANGUAGE_KK);
	assert_false(kk_is_stopped(w));
	when_call(w, KK);
	then_answer(w, KK, "answer.call.known", LANGUAGE_KK);
}

static void a_stop_with_a_cry_for_help_is_both(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_text(w, KK, "stop, меня бьют");
	then_answer(w, KK, "answer.emergency", LANGUAGE_RU);
	assert_true(kk_is_stopped(w));
}

static void an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not(void **state)
{
	struct world *w = *state;
	given_people_keys(w);
	when_unlocked(w);
	when_old_text(w, KK, "тоқтату", 25 * 60 * MINUTE_MS);
	then_silence(w);
	assert_true(kk_is_stopped(w));
	when_old_text(w, KK, "старт", 40 * MINUTE_MS);
	then_answer(w, KK, "answer.late", LANGUAGE_RU);
	assert_true(kk_is_stopped(w));
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
	assert_true(kk_is_stopped(w));
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
	assert_false(kk_is_stopped(w));
}

static void a_stop_before_there_are_people_keys_is_still_answered(void **state)
{
	struct world *w = *state;
	when_text(w, KK, "стоп");
	then_answer(w, KK, "answer.stop", LANGUAGE_RU);
}

/* ---- stories: content */
static void without_reviewed_texts_the_two_numbers_are_sent(void **state)
{
	struct world *w = *state;
	struct content *bare = NULL;
	char said[512];
	must(content_load(MESSAGES, LOCALES, "", NULL, NULL, &bare));
	when_text(w, KK, "көмек");
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
	dialog_use_content(w->d, bare);
	content_drop(bare);
	when_text(w, KK, "көмек");
	then_said(w, KK, "answer.bare", LANGUAGE_RU, said);
	assert_string_equal(said, "11616, 112");
	dialog_use_content(w->d, w->c);
	when_text(w, KK, "көмек");
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
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
	then_answer(w, KK, "answer.help", LANGUAGE_KK);
}

/* ---- the table of decisions */
static void the_language_is_the_chosen_then_the_sure_then_the_remembered_one(void **state)
{
	(void)state;
	static const struct {
		enum certainty remembered; /* Kazakh */
		bool has_text, is_sure;    /* Kyrgyz */
		enum language then;
	} rows[] = {
		{ CERTAINTY_CHOSEN, true, true, LANGUAGE_KK }, { CERTAINTY_SURE, true, true, LANGUAGE_KY },
		{ CERTAINTY_SURE, true, false, LANGUAGE_KK }, { CERTAINTY_GUESSED, true, false, LANGUAGE_KY },
		{ CERTAINTY_GUESSED, false, false, LANGUAGE_KK }, { CERTAINTY_NONE, true, false, LANGUAGE_KY },
		{ CERTAINTY_NONE, false, false, LANGUAGE_TG },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct question q = { .by_country = LANGUAGE_TG, .memory = MEMORY_NONE,
			.wish = { .intent = INTENT_HELP, .language_sure = rows[i].is_sure,
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
	(void)state;
	static const char *const keys[CONTEXT_COUNT][10] = {
		[CONTEXT_NONE] = { "menu", "menu", "menu", "menu", "menu", "menu", "menu", "menu", "menu",
			"menu" },
		[CONTEXT_MENU] = { "languages", "help", "shelter", "emergency", "menu", "menu", "menu", "menu",
			"menu", "menu" },
		[CONTEXT_LANGUAGES] = { "languages", "language", "language", "language", "language", "language",
			"language", "languages", "languages", "languages" },
	};
	for (enum context c = 0; c < CONTEXT_COUNT; c++)
		for (int digit = 0; digit <= 9; digit++) {
			struct question q = { .memory = MEMORY_NONE, .by_country = LANGUAGE_RU,
				.wish = { .intent = INTENT_DIGIT, .digit = digit, .language = LANGUAGE_UNKNOWN } };
			struct answer a;
			q.memory.context = c;
			answer_decide(&q, &a);
			assert_string_equal(a.key + strlen("answer."), keys[c][digit]);
		}
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_cry_for_help_is_answered_in_its_language_with_the_number_to_call),
		STORY(the_same_part_read_twice_is_one_question),
		STORY(a_message_in_parts_is_read_whole_whatever_comes_first),
		STORY(what_nobody_knows_gets_the_menu_then_its_digits_then_the_number),
		STORY(a_digit_without_a_menu_gets_the_menu_in_the_countrys_language),
		STORY(what_was_remembered_is_forgotten_after_half_an_hour),
		STORY(an_old_question_is_answered_by_its_age),
		STORY(short_codes_and_names_are_written_down_and_not_answered),
		STORY(a_missed_call_gets_the_number_first_and_a_digit_for_each_language),
		STORY(a_caller_gets_one_answer_in_ten_minutes_over_restarts_too),
		STORY(a_caller_whose_language_is_known_is_answered_in_it),
		STORY(stop_bars_staff_and_is_confirmed_once_and_questions_go_on),
		STORY(a_stop_with_a_cry_for_help_is_both),
		STORY(an_old_stop_is_obeyed_in_silence_and_an_old_start_is_not),
		STORY(a_stop_while_the_people_keys_are_locked_counts_when_they_open),
		STORY(a_start_of_the_next_day_takes_back_a_stop_that_still_waits),
		STORY(a_stop_before_there_are_people_keys_is_still_answered),
		STORY(without_reviewed_texts_the_two_numbers_are_sent),
		STORY(an_answer_whose_transaction_failed_is_given_whole_the_next_time),
		cmocka_unit_test(the_language_is_the_chosen_then_the_sure_then_the_remembered_one),
		cmocka_unit_test(every_digit_in_every_context_has_its_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
