/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories of a person's script, and of what staff are told about the cost of a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka.h wants those four before it */
#include <cmocka.h>

#include "text/advice.h"
#include "text/fold.h"
#include "text/script.h"
#include "base/banned.h"

/* ---- script */
static void a_text_is_written_in_the_letters_that_the_phone_has(void **state)
{
	static const struct {
		enum language l;
		enum script s;
		const char *text, *written;
	} cases[] = {
		{ LANGUAGE_KK, SCRIPT_NATIVE, "Көмек «қажет» пе?", "Көмек «қажет» пе?" },
		{ LANGUAGE_KK, SCRIPT_PLAIN, "Көмек «қажет» пе?", "Комек \"кажет\" пе?" },
		{ LANGUAGE_KK, SCRIPT_LATIN, "Көмек қажет. ЖҰМЫС, Шымкент",
		  "Kömek qajet. JU'MYS, Shymkent" },
		{ LANGUAGE_RU, SCRIPT_PLAIN, "Ещё – помощь", "Ещё - помощь" },
		{ LANGUAGE_RU, SCRIPT_LATIN, "Щит, Ящик, ЩИТ", "Shchit, Yashchik, SHCHIT" },
		{ LANGUAGE_UZ, SCRIPT_LATIN, "oʻzbekcha – gʻarb", "o'zbekcha - g'arb" },
		{ LANGUAGE_UZ_CYRL, SCRIPT_LATIN, "Ёрдам керак, Ўзбек, ер, поезд, ҳужжат",
		  "Yordam kerak, O'zbek, yer, poyezd, hujjat" },
		{ LANGUAGE_UZ_CYRL, SCRIPT_PLAIN, "қўнғироқ", "кунгирок" },
		{ LANGUAGE_KY, SCRIPT_LATIN, "Чалыңыз, өлкө үчүн", "Chalyñyz, ölkö üchün" },
		{ LANGUAGE_TG, SCRIPT_LATIN, "Занг занед, ҳуҷҷат, кӯмак", "Zang zaned, hujjat, ku'mak" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf b;
		buf_init(&b, 4096);
		script_write(span_of(cases[i].text), cases[i].l, cases[i].s, &b);
		assert_string_equal(buf_text(&b), cases[i].written);
		buf_free(&b);
	}
}

static void latin_letters_fit_gsm7(void **state)
{
	static const char *const alphabet =
		"абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯәіңғүұқөһӘІҢҒҮҰҚӨҺўқғҳЎҚҒҲӣӯҷӢӮҶ«»–—…ʻ’";
	(void)state;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		struct buf b;
		uint32_t c;
		buf_init(&b, 4096);
		struct span own = span_of(alphabet), rest = own;
		while (utf8_next(&rest, &c)) {
			struct buf one, is;
			buf_init(&one, 8);
			buf_init(&is, 64);
			utf8_add(&one, c);
			script_write(buf_span(&one), l, SCRIPT_LATIN, &is);
			struct span left = buf_span(&is);
			uint32_t w;
			while (utf8_next(&left, &w)) /* a letter of another language stays as it is */
				assert_true(gsm7_septets(w) > 0 || w == c);
			buf_free(&one);
			buf_free(&is);
		}
		buf_free(&b);
	}
}

/* ---- advice */
static void remember(const char *sentence, void *arg)
{
	struct buf *all = arg;
	buf_add_text(all, sentence);
	buf_add_octet(all, '\n');
}

static const char *advice_on(const char *text, enum language l, struct buf *all)
{
	struct parts p;
	buf_init(all, 1u << 16);
	assert_int_equal(parts_split(span_of(text), &p), TEXT_OK);
	advice_give(span_of(text), &p, l, remember, all);
	buf_add_text(all, "");
	return buf_text(all);
}

static void what_forces_ucs2_is_named_with_what_its_replacement_saves(void **state)
{
	struct buf all;
	(void)state;
	assert_string_equal(
		advice_on("Yordam kerakmi? «Ishonch telefoni»ga qoʻngʻiroq qiling, kechayu kunduz – bepul. "
		          "Til: 0", LANGUAGE_UZ, &all),
		"UCS-2 because of «, », ʻ (2 times), –\n"
		"replace « by \", » by \", ʻ by ', – by -: GSM-7, 1 part instead of 2, 86 of 160 units\n"
		"16 characters fewer make it 1 part\n");
	buf_free(&all);
}

static void cyrillic_is_named_and_its_latin_form_is_offered_where_it_saves(void **state)
{
	struct buf all;
	(void)state;
	assert_string_equal(
		advice_on("Сначала позвоните на телефон доверия. Бесплатно, круглосуточно, без имени.",
		          LANGUAGE_RU, &all),
		"UCS-2 because of 62 Cyrillic letters\n"
		"in Latin letters: GSM-7, 1 part instead of 2, 77 of 160 units\n"
		"4 characters fewer make it 1 part\n");
	buf_free(&all);
}

static void a_text_that_costs_least_gets_no_advice(void **state)
{
	struct buf all;
	(void)state;
	assert_string_equal(advice_on("Bepul, kechayu kunduz", LANGUAGE_UZ, &all), "");
	buf_free(&all);
}

static void characters_that_count_twice_are_told(void **state)
{
	struct buf all;
	(void)state;
	assert_string_equal(advice_on("10 € [bepul]", LANGUAGE_UZ, &all),
	                    "3 characters of ^ { } \\ [ ~ ] | € count twice in GSM-7\n");
	buf_free(&all);
}

static int start(void **state)
{
	(void)state;
	return err_is(fold_start()) ? 1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_written_in_the_letters_that_the_phone_has),
		cmocka_unit_test(latin_letters_fit_gsm7),
		cmocka_unit_test(what_forces_ucs2_is_named_with_what_its_replacement_saves),
		cmocka_unit_test(cyrillic_is_named_and_its_latin_form_is_offered_where_it_saves),
		cmocka_unit_test(a_text_that_costs_least_gets_no_advice),
		cmocka_unit_test(characters_that_count_twice_are_told),
	};
	return cmocka_run_group_tests_name("script", tests, start, NULL);
}
