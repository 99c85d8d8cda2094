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

/* ---- what is understood */
static const struct {
	const char *text;
	enum intent intent;
	enum language language; /* LANGUAGE_UNKNOWN: the text leaves it open, or isn't sure */
	bool also_stop;
} golden[] = {
	/* Kazakh */
	{ "Көмек керек", INTENT_HELP, LANGUAGE_KK, false },
	{ "комек керек", INTENT_HELP, LANGUAGE_KK, false },
	{ "magan KOMEK kerek!!", INTENT_HELP, LANGUAGE_KK, false },
	{ "kömektesiñizşi", INTENT_HELP, LANGUAGE_KK, false },
	{ "көмектесіңіз, құжатымды тартып алды", INTENT_HELP, LANGUAGE_KK, false },
	{ "сенім телефоны", INTENT_HOTLINE, LANGUAGE_KK, false },
	{ "баспана керек", INTENT_SHELTER, LANGUAGE_KK, false },
	{ "baspana kerek", INTENT_SHELTER, LANGUAGE_KK, false },
	{ "шұғыл көмек керек", INTENT_EMERGENCY, LANGUAGE_KK, false },
	{ "Тоқтату", INTENT_STOP, LANGUAGE_KK, false },
	{ "toqtatu", INTENT_STOP, LANGUAGE_KK, false },
	{ "бас тарту", INTENT_STOP, LANGUAGE_KK, false },
	{ "бастау", INTENT_START, LANGUAGE_KK, false },
	{ "bastau", INTENT_START, LANGUAGE_KK, false },
	{ "тіл", INTENT_LANGUAGE, LANGUAGE_KK, false },
	{ "ертең ауа райы қандай болады, білесіз бе", INTENT_MENU, LANGUAGE_KK, false },
	/* Russian */
	{ "помогите мне", INTENT_HELP, LANGUAGE_RU, false },
	{ "ПОМОГИТЕ!!! хозяин забрал документы", INTENT_HELP, LANGUAGE_RU, false },
	{ "pomogite pozhaluysta", INTENT_HELP, LANGUAGE_RU, false },
	{ "нужна помощь", INTENT_HELP, LANGUAGE_RU, false },
	{ "телефон доверия какой?", INTENT_HOTLINE, LANGUAGE_RU, false },
	{ "мне негде ночевать", INTENT_SHELTER, LANGUAGE_RU, false },
	{ "срочно! меня избивают", INTENT_EMERGENCY, LANGUAGE_RU, false },
	{ "отписаться", INTENT_STOP, LANGUAGE_RU, false },
	{ "отписаться пожалуйста", INTENT_STOP, LANGUAGE_RU, false },
	{ "начать", INTENT_START, LANGUAGE_RU, false },
	{ "язык", INTENT_LANGUAGE, LANGUAGE_RU, false },
	{ "здравствуйте", INTENT_MENU, LANGUAGE_RU, false },
	/* Uzbek, Latin */
	{ "Yordam bering", INTENT_HELP, LANGUAGE_UZ, false },
	{ "menga yordamingiz kerak", INTENT_HELP, LANGUAGE_UZ, false },
	{ "pasportimni olib qo'ydi, yordam", INTENT_HELP, LANGUAGE_UZ, false },
	{ "ishonch telefoni", INTENT_HOTLINE, LANGUAGE_UZ, false },
	{ "boshpana kerak", INTENT_SHELTER, LANGUAGE_UZ, false },
	{ "shoshilinch", INTENT_EMERGENCY, LANGUAGE_UZ, false },
	{ "to'xtatish", INTENT_STOP, LANGUAGE_UZ, false },
	{ "toʻxtatish", INTENT_STOP, LANGUAGE_UZ, false },
	{ "toxtatish", INTENT_STOP, LANGUAGE_UZ, false },
	{ "bekor qilish", INTENT_STOP, LANGUAGE_UZ, false },
	{ "boshlash", INTENT_START, LANGUAGE_UZ, false },
	{ "assalomu alaykum, salom", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	/* Uzbek, Cyrillic */
	{ "ёрдам керак", INTENT_HELP, LANGUAGE_UZ_CYRL, false },
	{ "Ишонч телефони", INTENT_HOTLINE, LANGUAGE_UZ_CYRL, false },
	{ "бошпана", INTENT_SHELTER, LANGUAGE_UZ_CYRL, false },
	{ "шошилинч ёрдам", INTENT_EMERGENCY, LANGUAGE_UZ_CYRL, false },
	{ "тўхтатиш", INTENT_STOP, LANGUAGE_UZ_CYRL, false },
	{ "бошлаш", INTENT_START, LANGUAGE_UZ_CYRL, false },
	/* Kyrgyz */
	{ "жардам керек", INTENT_HELP, LANGUAGE_KY, false },
	{ "maga jardam kerek", INTENT_HELP, LANGUAGE_KY, false },
	{ "жардам бергилечи, паспортумду тартып алды", INTENT_HELP, LANGUAGE_KY, false },
	{ "ишеним телефону", INTENT_HOTLINE, LANGUAGE_KY, false },
	{ "кризистик борбор", INTENT_SHELTER, LANGUAGE_KY, false },
	{ "шашылыш!", INTENT_EMERGENCY, LANGUAGE_KY, false },
	{ "токтотуу", INTENT_STOP, LANGUAGE_KY, false },
	{ "toktotuu", INTENT_STOP, LANGUAGE_KY, false },
	{ "баштоо", INTENT_START, LANGUAGE_KY, false },
	{ "эртең жаан жаайбы, билбейм го өзүң айтчы", INTENT_MENU, LANGUAGE_KY, false },
	/* Tajik */
	{ "кӯмак лозим аст", INTENT_HELP, LANGUAGE_TG, false },
	{ "кумак кунед", INTENT_HELP, LANGUAGE_TG, false },
	{ "ёрӣ лозим", INTENT_HELP, LANGUAGE_TG, false },
	{ "kumak kuned", INTENT_HELP, LANGUAGE_TG, false },
	{ "телефони бовари", INTENT_HOTLINE, LANGUAGE_TG, false },
	{ "паноҳгоҳ", INTENT_SHELTER, LANGUAGE_TG, false },
	{ "фаврӣ", INTENT_EMERGENCY, LANGUAGE_TG, false },
	{ "бас кунед", INTENT_STOP, LANGUAGE_TG, false },
	{ "bas kuned", INTENT_STOP, LANGUAGE_TG, false },
	{ "оғоз", INTENT_START, LANGUAGE_TG, false },
	{ "забон", INTENT_LANGUAGE, LANGUAGE_TG, false },
	{ "ҳаво чӣ хел мешавад, намедонам", INTENT_MENU, LANGUAGE_TG, false },
	/* words that work everywhere leave the language open */
	{ "STOP", INTENT_STOP, LANGUAGE_UNKNOWN, false },
	{ "Стоп!", INTENT_STOP, LANGUAGE_UNKNOWN, false },
	{ "stop stop", INTENT_STOP, LANGUAGE_UNKNOWN, false },
	{ "start", INTENT_START, LANGUAGE_UNKNOWN, false },
	{ "help", INTENT_HELP, LANGUAGE_UNKNOWN, false },
	{ "112", INTENT_EMERGENCY, LANGUAGE_UNKNOWN, false },
	{ "116 16", INTENT_HOTLINE, LANGUAGE_UNKNOWN, false },
	{ "til", INTENT_LANGUAGE, LANGUAGE_UNKNOWN, false },
	/* STOP and a cry for help in one message */
	{ "стоп, меня бьют", INTENT_EMERGENCY, LANGUAGE_RU, true },
	{ "stop, menga yordam bering", INTENT_HELP, LANGUAGE_UZ, true },
	{ "тоқтату. көмек керек", INTENT_HELP, LANGUAGE_KK, true },
	{ "стоп не пишите мне больше", INTENT_STOP, LANGUAGE_UNKNOWN, false },
	/* what looks like STOP and isn't */
	{ "остановили на границе", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "остановите автобус, помогите", INTENT_HELP, LANGUAGE_RU, false },
	{ "non-stop работаем", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "жоқ", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "жок", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "бас", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "бас ауырады", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "отмена рейса, мы на вокзале", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "бекор кетдик", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "начать работу нам не дают", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "не останавливайся", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "stopka", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "", INTENT_MENU, LANGUAGE_UNKNOWN, false },
	{ "???", INTENT_MENU, LANGUAGE_UNKNOWN, false },
};

static void a_message_is_understood_in_every_language_and_script(void **state)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
		struct wish w;
		content_wish(*state, span_of(golden[i].text), &w);
		/* letters alone are a guess in short messages, and that is all that is asked there */
		const bool is_sure = w.language_sure || w.intent == INTENT_MENU;
		enum language sure = is_sure ? w.language : LANGUAGE_UNKNOWN;
		if (w.intent == golden[i].intent && w.also_stop == golden[i].also_stop &&
		    (sure == golden[i].language || (golden[i].language == LANGUAGE_UNKNOWN &&
		                                    golden[i].intent == INTENT_MENU)))
			continue;
		wrong++;
		print_error("\"%s\": %s in %s%s, not %s in %s\n", golden[i].text, intent_word(w.intent),
		            language_tag(sure), w.also_stop ? " and stop" : "",
		            intent_word(golden[i].intent), language_tag(golden[i].language));
	}
	assert_int_equal(wrong, 0);
}

static void a_digit_alone_is_a_digit_and_amid_words_it_is_not(void **state)
{
	struct wish w;
	content_wish(*state, span_of(" 5.\n"), &w);
	assert_int_equal(w.intent, INTENT_DIGIT);
	assert_int_equal(w.digit, 5);
	content_wish(*state, span_of("0"), &w);
	assert_int_equal(w.digit, 0);
	content_wish(*state, span_of("нас 5"), &w);
	assert_int_equal(w.intent, INTENT_MENU);
	content_wish(*state, span_of("12"), &w);
	assert_int_equal(w.intent, INTENT_MENU);
}

static void a_language_is_chosen_by_its_name(void **state)
{
	static const struct {
		const char *text;
		enum language chosen;
	} names[] = {
		{ "қазақша", LANGUAGE_KK }, { "kazaksha", LANGUAGE_KK },
		{ "по-русски, пожалуйста", LANGUAGE_RU },
		{ "o'zbekcha", LANGUAGE_UZ }, { "ўзбекча", LANGUAGE_UZ_CYRL }, { "кыргызча", LANGUAGE_KY },
		{ "тоҷикӣ", LANGUAGE_TG }, { "язык кыргызча", LANGUAGE_KY }, { "язык", LANGUAGE_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct wish w;
		content_wish(*state, span_of(names[i].text), &w);
		if (w.intent != INTENT_LANGUAGE || w.chosen != names[i].chosen)
			fail_msg("\"%s\": %s, %s", names[i].text, intent_word(w.intent),
			         language_tag(w.chosen));
	}
	struct wish w;
	content_wish(*state, span_of("меня держит один русский хозяин"), &w);
	assert_int_equal(w.intent, INTENT_MENU);
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
	char path[256], whole[65536] = "";
	(void)snprintf(path, sizeof path, "%s/%s/%s", SAFAR_SOURCE, from, name);
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	whole[fread(whole, 1, sizeof whole - 1, in)] = '\0';
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
}

static const char *const names[] = { "keywords.json", "directory.json", "topics.json", "kk.json", "ru.json",
	"uz.json", "uz-Cyrl.json", "ky.json", "tg.json", "en.json" };

/* The project's files with one place changed; the loading must fail and tell `fault`. */
static void then_fault(const char *name, const char *find, const char *put, const char *fault)
{
	struct files f = { .folder = "/tmp/safar-content-XXXXXX" };
	assert_non_null(mkdtemp(f.folder));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		copy(&f, i < 3 ? "messages" : "locales", names[i],
		     strcmp(names[i], name) == 0 ? find : NULL, put);
	struct content *c = NULL;
	struct err e = content_load(f.folder, f.folder, ALL_DRAFTS, collect, &f, &c);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char path[128];
		(void)snprintf(path, sizeof path, "%s/%s", f.folder, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(f.folder), 0);
	assert_int_equal(e.code, ERR_CONFIG);
	assert_null(c);
	if (strstr(f.faults, fault) == NULL)
		fail_msg("told: %s", f.faults);
}

static void a_fault_of_the_keywords_is_told_with_file_and_key(void **state)
{
	(void)state;
	then_fault("keywords.json", "\"help\": {", "\"hlep\": {", "keywords.json: hlep");
	then_fault("keywords.json", "\"старт\"", "\"стоп\"", "under another wish");
	then_fault("keywords.json", "\"отмена\"", "\"отмена*\"", "take no ending");
	then_fault("keywords.json", "\"zabon\"", "5", "language.tg");
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
		cmocka_unit_test(a_message_is_understood_in_every_language_and_script),
		cmocka_unit_test(a_digit_alone_is_a_digit_and_amid_words_it_is_not),
		cmocka_unit_test(a_language_is_chosen_by_its_name),
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
