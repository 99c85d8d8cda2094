/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people write, and what it is taken for: the project's own keywords and places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "content/content.h"
#include "base/banned.h"

#ifndef SAFAR_SOURCE
#define SAFAR_SOURCE "."
#endif

static int given_the_projects_content(void **state)
{
	struct content *c = NULL;
	struct err e = content_load(SAFAR_SOURCE "/messages", SAFAR_SOURCE "/locales",
	                            "kk,ru,uz,uz-Cyrl,ky,tg", NULL, NULL, &c);
	if (err_is(e)) {
		char text[512];
		print_error("%s\n", err_text(&e, text, sizeof text));
		return 1;
	}
	*state = c;
	return 0;
}

static int drop(void **state)
{
	content_drop(*state);
	return 0;
}

static struct wish wish_of(struct content *c, const char *text)
{
	struct wish w;
	content_wish(c, span_of(text), NULL, &w);
	return w;
}

struct said {
	const char *text;
	enum intent intent;
};

static void then_intents(struct content *c, const struct said *said, size_t count)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < count; i++) {
		const struct wish w = wish_of(c, said[i].text);
		if (w.intent == said[i].intent && w.probability > 0 && w.probability <= 1)
			continue;
		wrong++;
		print_error("\"%s\": %s, not %s\n", said[i].text, intent_word(w.intent),
		            intent_word(said[i].intent));
	}
	assert_int_equal(wrong, 0);
}

#define STORY(name, ...) \
	static void name(void **state) \
	{ \
		static const struct said said[] = { __VA_ARGS__ }; \
		then_intents(*state, said, sizeof said / sizeof said[0]); \
	}
#define SAYS(text, intent) { text, INTENT_##intent }

STORY(kazakh_is_understood,
	SAYS("Көмек керек", HOTLINE), SAYS("комек керек", HOTLINE), SAYS("magan KOMEK kerek!!",
	HOTLINE),
	SAYS("kömektesiñizşi", HOTLINE), SAYS("сенім телефоны", HOTLINE),
	SAYS("қамап қойды, шығармай жатыр", EMERGENCY), SAYS("kamap koidy", EMERGENCY),
	SAYS("күйеуім ұрады", VIOLENCE), SAYS("kuyeuim urady", VIOLENCE), SAYS("күйеуім урады",
	VIOLENCE),
	SAYS("құжатымды тартып алды", DOCUMENTS), SAYS("паспортымды алып қойды", DOCUMENTS),
	SAYS("паспортымды жоғалттым", DOCUMENTS), SAYS("айлық бермейді", WAGES),
	SAYS("jalaqymdy tolemedi", WAGES), SAYS("түнейтін жер жоқ", SHELTER), SAYS("баспана", SHELTER),
	SAYS("елге қайтқым келеді", RETURN_HOME), SAYS("заңгер керек", LEGAL),
	SAYS("шетелде жұмыс ұсынды", WORK), SAYS("балам жоғалып кетті", CHILDREN),
	SAYS("ауырып тұрмын, дәрігер", HEALTH), SAYS("маған қоңырау шалыңыз", CALL_ME),
	SAYS("тіл", LANGUAGE), SAYS("сәлем", MENU), SAYS("бастау", START), SAYS("bastau", START),
	SAYS("ертең ауа райы қандай болады", UNKNOWN), SAYS("жоқ", UNKNOWN))

STORY(russian_is_understood,
	SAYS("помогите мне", HOTLINE), SAYS("pomogite pozhaluysta", HOTLINE), SAYS("памагите", HOTLINE),
	SAYS("нужна помощь", HOTLINE), SAYS("телефон доверия какой?", HOTLINE),
	SAYS("нас заперли и не выпускают", EMERGENCY), SAYS("zaperli v podvale", EMERGENCY),
	SAYS("муж бьёт", VIOLENCE), SAYS("муж бьет каждый день", VIOLENCE), SAYS("muj bet", VIOLENCE),
	SAYS("хозяин забрал паспорт", DOCUMENTS), SAYS("забрали пасспорт", DOCUMENTS),
	SAYS("потеряла документы", DOCUMENTS), SAYS("не платят зарплату", WAGES),
	SAYS("кинули с зарплатой", WAGES), SAYS("ne platyat", WAGES), SAYS("негде ночевать", SHELTER),
	SAYS("хочу домой, нет денег", RETURN_HOME), SAYS("нужен адвокат", LEGAL),
	SAYS("предлагают работу за границей, не обман?", WORK), SAYS("ребенок пропал", CHILDREN),
	SAYS("болит живот", HEALTH), SAYS("не хочу жить", HEALTH), SAYS("перезвоните", CALL_ME),
	SAYS("язык", LANGUAGE), SAYS("здравствуйте", MENU), SAYS("начать", START),
	SAYS("иду домой уже", UNKNOWN), SAYS("на работе поговорим", UNKNOWN))

STORY(uzbek_is_understood_in_both_scripts,
	SAYS("Yordam bering", HOTLINE), SAYS("ёрдам керак", HOTLINE), SAYS("ердам беринг", HOTLINE),
	SAYS("ishonch telefoni", HOTLINE), SAYS("qamab qo'ydi, chiqarmaydi", EMERGENCY),
	SAYS("қамаб қўйди", EMERGENCY), SAYS("камаб куйди чикармаяпти", EMERGENCY),
	SAYS("erim uradi", VIOLENCE), SAYS("эрим уради", VIOLENCE),
	SAYS("pasportimni olib qo'ydi", DOCUMENTS), SAYS("пасспортимни йўқотдим", DOCUMENTS),
	SAYS("oylik bermayapti", WAGES), SAYS("ойлик бермади", WAGES), SAYS("ойлигимни бермаяпти",
	WAGES),
	SAYS("boshpana kerak", SHELTER), SAYS("ётадиган жой йўқ", SHELTER),
	SAYS("uyga qaytmoqchiman pul yo'q", RETURN_HOME), SAYS("advokat kerak", LEGAL),
	SAYS("chet elda ish taklif qilishdi", WORK), SAYS("bolam yo'qoldi", CHILDREN),
	SAYS("kasalman, doktor kerak", HEALTH), SAYS("menga qo'ng'iroq qiling", CALL_ME),
	SAYS("til", LANGUAGE), SAYS("assalomu alaykum", MENU), SAYS("boshlash", START),
	SAYS("бошлаш", START), SAYS("xo'p bo'ladi", UNKNOWN), SAYS("нон олиб кел", UNKNOWN))

STORY(kyrgyz_is_understood,
	SAYS("жардам керек", HOTLINE), SAYS("maga jardam kerek", HOTLINE), SAYS("ишеним телефону",
	HOTLINE),
	SAYS("камап коюшту", EMERGENCY), SAYS("күйөөм урат", VIOLENCE), SAYS("kuyoom urat", VIOLENCE),
	SAYS("паспортумду тартып алды", DOCUMENTS), SAYS("паспортумду жоготтум", DOCUMENTS),
	SAYS("акча бербей жатат", WAGES), SAYS("айлыгымды берген жок", WAGES),
	SAYS("жатканга жай жок", SHELTER), SAYS("үйгө кайткым келет", RETURN_HOME),
	SAYS("адвокат керек", LEGAL), SAYS("чет өлкөдө жумуш сунуштады", WORK),
	SAYS("балам жоголду", CHILDREN), SAYS("ооруп калдым", HEALTH), SAYS("кайра чалыңыз", CALL_ME),
	SAYS("тил", LANGUAGE), SAYS("саламатсызбы", MENU), SAYS("баштоо", START),
	SAYS("эртең жаан жаайбы, өзүң айтчы", UNKNOWN))

STORY(tajik_is_understood,
	SAYS("кӯмак лозим аст", HOTLINE), SAYS("кумак кунед", HOTLINE), SAYS("ёрӣ лозим", HOTLINE),
	SAYS("kumak kuned", HOTLINE), SAYS("телефони бовари", HOTLINE),
	SAYS("маҳкам карданд, намемонанд барем", EMERGENCY), SAYS("шавҳарам мезанад", VIOLENCE),
	SAYS("шавхарам мезанад", VIOLENCE), SAYS("шиносномаамро гирифтанд", DOCUMENTS),
	SAYS("хуччатамро гум кардам", DOCUMENTS), SAYS("пул намедиҳад, кор кардем", WAGES),
	SAYS("маош надоданд", WAGES), SAYS("ҷои хоб надорам", SHELTER), SAYS("паноҳгоҳ", SHELTER),
	SAYS("ба хона рафтан мехоҳам, пул нест", RETURN_HOME), SAYS("адвокат лозим", LEGAL),
	SAYS("дар хориҷа кор таклиф карданд", WORK), SAYS("писарам гум шуд", CHILDREN),
	SAYS("касалам, духтур лозим", HEALTH), SAYS("ба ман занг занед", CALL_ME),
	SAYS("забон", LANGUAGE), SAYS("салом", MENU), SAYS("оғоз", START),
	SAYS("ҳаво чӣ хел мешавад пагоҳ", UNKNOWN))

STORY(what_is_no_question_gets_the_menu,
	SAYS("", MENU), SAYS("???", MENU), SAYS("😀", MENU), SAYS("menu", MENU), SAYS(" 5.\n", MENU))

STORY(looks_do_not_matter,
	SAYS("ПОМОГИИИТЕ!!!", HOTLINE), SAYS("пoмoгитe", HOTLINE), SAYS("п0м0гите", HOTLINE),
	SAYS("KÓMEK", HOTLINE), SAYS("у меня 6олит живот", HEALTH), SAYS("нет денег на 6илет домой",
	RETURN_HOME),
	SAYS("help", HOTLINE), SAYS("112", EMERGENCY), SAYS("116 16", HOTLINE))

STORY(a_typo_is_forgiven_in_long_words_only,
	SAYS("адвокта нужен", LEGAL), SAYS("зарплтау не платят", WAGES), SAYS("докуметны забрали",
	DOCUMENTS),
	SAYS("тіо", UNKNOWN), SAYS("стол", UNKNOWN), SAYS("стрт", UNKNOWN))

/* ---- STOP */
static bool is_stop(const struct wish *w)
{
	return w->intent == INTENT_STOP || (w->also & INTENT_BIT(INTENT_STOP)) != 0;
}

static void stop_is_obeyed_in_every_form(void **state)
{
	static const char *const forms[] = { "STOP", "Стоп!", "stop stop", "стооооп", "с т о п",
	  "S.T.O.P.",
		"cтoп", "ст0п", "стоп пожалуйста", "пожалуйста, стоп", "stop sms", "Тоқтату", "toqtatu",
		"токтату",
		"тоқтатыңыз", "бас тарту", "маған жазбаңыз", "хабарлама жібермеңіз", "отписаться",
		"отписаться пожалуйста", "отмена", "не пишите мне больше", "больше не пишите",
		"хватит писать",
		"не присылайте смс", "удалите мой номер из рассылки", "to'xtatish", "toʻxtatish",
		"toxtatish",
		"тўхтатинг", "тухтатинг", "bekor qilish", "menga yozmang", "ёзманг", "sms yubormang",
		"токтотуу",
		"toktotuu", "мага жазбаңыз", "билдирүү жибербеңиз", "бас кунед", "bas kuned",
		"ба ман нанависед",
		"смс нафиристед", "unsubscribe", "stop texting me", "remove me from the list" };
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const struct wish w = wish_of(*state, forms[i]);
		if (w.intent != INTENT_STOP)
			fail_msg("\"%s\": %s", forms[i], intent_word(w.intent));
	}
}

static void what_looks_like_stop_is_not(void **state)
{
	static const char *const others[] = { "остановили на границе", "автобус тоқтамады",
	  "бас ауырады",
		"бас", "жоқ", "жок", "non-stop работаем", "отмена рейса, мы на вокзале", "стоп лист",
		"stopka",
		"стопка бумаг", "шаг", "сто", "стол", "топ", "автостоп", "шекарада тоқтатты",
		"бекор кетдик",
		"patentim bekor qilindi", "avtobus to'xtamadi", "автобус токтободу",
		"мезанад бас намекунад",
		"where is the bus stop", "he won't stop beating me", "машина стоп болды",
		"не останавливайся",
		"начать работу нам не дают", "жазба дәптер", "stpo", "сотп", "тоқта деп айтты" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		const struct wish w = wish_of(*state, others[i]);
		if (is_stop(&w))
			fail_msg("\"%s\" is taken for STOP", others[i]);
	}
}

static void stop_and_a_cry_for_help_are_both_heard(void **state)
{
	static const struct said both[] = { SAYS("стоп, меня бьют", EMERGENCY),
		SAYS("stop, they beat me", EMERGENCY), SAYS("stop, menga yordam bering", HOTLINE),
		SAYS("тоқтату. көмек керек", HOTLINE), SAYS("стоп он меня бьет", VIOLENCE),
		SAYS("не пишите мне, муж бьёт", VIOLENCE), SAYS("ёзманг, эрим уради", VIOLENCE),
		SAYS("стоп шавҳарам мезанад", VIOLENCE) };
	for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
		const struct wish w = wish_of(*state, both[i].text);
		if (w.intent != both[i].intent || (w.also & INTENT_BIT(INTENT_STOP)) == 0)
			fail_msg("\"%s\": %s", both[i].text, intent_word(w.intent));
	}
}

/* ---- what else is told */
static void wishes_add_up_and_the_most_urgent_comes_first(void **state)
{
	const struct wish w = wish_of(*state, "хозяин забрал паспорт и не платит зарплату");
	assert_int_equal(w.intent, INTENT_DOCUMENTS);
	assert_true((w.also & INTENT_BIT(INTENT_WAGES)) != 0);
	assert_true((w.also & INTENT_BIT(INTENT_DOCUMENTS)) == 0);
}

static void a_digit_alone_is_a_digit_and_amid_words_it_is_not(void **state)
{
	assert_int_equal(wish_of(*state, " 5.\n").digit, 5);
	assert_int_equal(wish_of(*state, "0").digit, 0);
	assert_int_equal(wish_of(*state, "нас 5").digit, -1);
	assert_int_equal(wish_of(*state, "12").digit, -1);
	assert_int_equal(wish_of(*state, "").digit, -1);
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
		const struct wish w = wish_of(*state, names[i].text);
		if (w.intent != INTENT_LANGUAGE || w.chosen != names[i].chosen)
			fail_msg("\"%s\": %s, %s", names[i].text, intent_word(w.intent),
			         language_tag(w.chosen));
	}
	assert_true(wish_of(*state, "меня держит один русский хозяин").chosen == LANGUAGE_UNKNOWN);
}

static void a_keyword_that_one_language_has_tells_it(void **state)
{
	static const struct {
		const char *text;
		enum language language;
	} words[] = { { "помогите", LANGUAGE_RU }, { "yordam", LANGUAGE_UZ }, { "ёрдам", LANGUAGE_UZ_CYRL },
		{ "көмек керек", LANGUAGE_KK }, { "жардам бергиле", LANGUAGE_KY },
		{ "кумак кунед", LANGUAGE_TG } };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct wish w = wish_of(*state, words[i].text);
		if (w.language != words[i].language || !w.language_sure)
			fail_msg("\"%s\": %s", words[i].text, language_tag(w.language));
	}
	assert_int_equal(wish_of(*state, "stop").language, LANGUAGE_UNKNOWN);
}

static void a_place_is_known_by_all_its_names(void **state)
{
	static const struct {
		const char *text, *town, *region, *country;
	} places[] = {
		{ "Шымкенттемін", "shymkent", "turkistan", NULL }, { "в Чимкенте", "shymkent", "turkistan",
		  NULL },
		{ "Chimkentda", "shymkent", "turkistan", NULL }, { "Чимкентга", "shymkent", "turkistan",
		  NULL },
		{ "из Алма-Аты", "almaty", "almaty", NULL }, { "Olmaotadaman", "almaty", "almaty", NULL },
		{ "в Нурсултане", "astana", "akmola", NULL }, { "Сарыағашта", "saryagash", "turkistan",
		  NULL },
		{ "дар Сариоғоч", "saryagash", "turkistan", NULL }, { "в Уральске", "oral",
		  "west-kazakhstan", NULL },
		{ "Оралда тұрамын", "oral", "west-kazakhstan", NULL }, { "Семейде", "semey", "abai", NULL },
		{ "Кордойдо", "kordai", "zhambyl", NULL }, { "в Усть-Каменогорске", "oskemen",
		  "east-kazakhstan", NULL },
		{ "Түркістан облысында", NULL, "turkistan", NULL }, { "в ЗКО", NULL, "west-kazakhstan",
		  NULL },
		{ "еду из Ташкента в Алматы", "almaty", "almaty", NULL },
		{ "из Шымкента приехал в Тараз", "taraz", "zhambyl", NULL },
		{ "в Ташкенте", "tashkent", NULL, "uz" }, { "Мәскеуде", "moscow", NULL, "ru" },
		{ "он орал на меня", NULL, NULL, NULL }, { "много семей", NULL, NULL, NULL },
		{ "помогите", NULL, NULL, NULL },
	};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct wish w = wish_of(*state, places[i].text);
		const char *const found[] = { w.town, w.region, w.country };
		const char *const wanted[] = { places[i].town, places[i].region, places[i].country };
		for (size_t j = 0; j < 3; j++)
			if ((found[j] == NULL) != (wanted[j] == NULL) ||
			    (found[j] != NULL && strcmp(found[j], wanted[j]) != 0))
				fail_msg("\"%s\": %s, not %s", places[i].text, found[j] != NULL ? found[j] : "none",
				         wanted[j] != NULL ? wanted[j] : "none");
	}
}

static void a_text_of_any_length_has_a_wish(void **state)
{
	struct buf b;
	buf_init(&b, 1u << 16);
	for (unsigned i = 0; i < 900; i++)
		buf_add_text(&b, i % 3 == 0 ? "паспорт " : i % 3 == 1 ? "забрал " : "аааабббб ");
	const struct wish w = wish_of(*state, buf_text(&b));
	assert_int_equal(w.intent, INTENT_DOCUMENTS);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kazakh_is_understood),
		cmocka_unit_test(russian_is_understood),
		cmocka_unit_test(uzbek_is_understood_in_both_scripts),
		cmocka_unit_test(kyrgyz_is_understood),
		cmocka_unit_test(tajik_is_understood),
		cmocka_unit_test(what_is_no_question_gets_the_menu),
		cmocka_unit_test(looks_do_not_matter),
		cmocka_unit_test(a_typo_is_forgiven_in_long_words_only),
		cmocka_unit_test(stop_is_obeyed_in_every_form),
		cmocka_unit_test(what_looks_like_stop_is_not),
		cmocka_unit_test(stop_and_a_cry_for_help_are_both_heard),
		cmocka_unit_test(wishes_add_up_and_the_most_urgent_comes_first),
		cmocka_unit_test(a_digit_alone_is_a_digit_and_amid_words_it_is_not),
		cmocka_unit_test(a_language_is_chosen_by_its_name),
		cmocka_unit_test(a_keyword_that_one_language_has_tells_it),
		cmocka_unit_test(a_place_is_known_by_all_its_names),
		cmocka_unit_test(a_text_of_any_length_has_a_wish),
	};
	return cmocka_run_group_tests_name("wishes", tests, given_the_projects_content, drop);
}
