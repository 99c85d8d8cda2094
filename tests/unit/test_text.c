/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type: parts, skeletons, numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "text/alphabet.h"
#include "text/fold.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- parts */

static struct buf repeated(const char *piece, unsigned times)
{
	struct buf b;
	buf_init(&b, 65536);
	for (unsigned i = 0; i < times; i++)
		buf_add_text(&b, piece);
	assert_false(b.failed);
	return b;
}

/* For what is counted only: the spans of *ret end with this call. */
static enum text_err split(const char *piece, unsigned times, struct parts *ret)
{
	struct buf b = repeated(piece, times);
	enum text_err e = parts_split(buf_span(&b), ret);
	buf_free(&b);
	return e;
}

/* The parts, one after the other, are the text: nothing lost, nothing twice, none too large. */
static void then_parts_are_whole(const struct parts *p, struct span text)
{
	const unsigned single = p->alphabet == ALPHABET_GSM7 ? GSM7_SINGLE : UCS2_SINGLE;
	const unsigned each = p->alphabet == ALPHABET_GSM7 ? GSM7_PART : UCS2_PART;
	const uint8_t *at = text.p;
	unsigned units = 0;
	for (unsigned i = 0; i < p->count; i++) {
		assert_ptr_equal(p->part[i].p, at);
		assert_true(utf8_valid(p->part[i]));
		assert_true(p->part_units[i] <= (p->count == 1 ? single : each));
		at += p->part[i].n;
		units += p->part_units[i];
	}
	assert_ptr_equal(at, text.p + text.n);
	assert_int_equal(units, p->units);
}

static void latin_letters_cost_one_part_up_to_160(void **state)
{
	(void)state;
	struct parts p;
	assert_int_equal(split("a", 160, &p), TEXT_OK);
	assert_int_equal(p.alphabet, ALPHABET_GSM7);
	assert_int_equal(p.count, 1);
	assert_int_equal(split("a", 161, &p), TEXT_OK);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.part_units[0], 153);
	assert_int_equal(p.part_units[1], 8);
}

static void cyrillic_letters_cost_one_part_up_to_70(void **state)
{
	(void)state;
	struct parts p;
	assert_int_equal(split("ж", 70, &p), TEXT_OK);
	assert_int_equal(p.alphabet, ALPHABET_UCS2);
	assert_int_equal(p.count, 1);
	assert_int_equal(split("ж", 71, &p), TEXT_OK);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.part_units[0], 67);
}

static void ten_parts_are_the_limit(void **state)
{
	(void)state;
	struct parts p = { .count = 77 };
	assert_int_equal(split("a", 1530, &p), TEXT_OK);
	assert_int_equal(p.count, 10);
	assert_int_equal(split("ж", 670, &p), TEXT_OK);
	assert_int_equal(p.count, 10);
	p.count = 77;
	assert_int_equal(split("a", 1531, &p), TEXT_TOO_MANY_PARTS);
	assert_int_equal(split("ж", 671, &p), TEXT_TOO_MANY_PARTS);
	assert_int_equal(split("a", TEXT_OCTETS_MAX + 1, &p), TEXT_TOO_MANY_PARTS);
	assert_int_equal(p.count, 77); /* untouched */
}

static void an_extension_character_is_never_cut_from_its_escape(void **state)
{
	(void)state;
	struct parts p;
	struct buf b = repeated("{", 81); /* 162 septets; 153 is odd */
	assert_int_equal(parts_split(buf_span(&b), &p), TEXT_OK);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.part_units[0], 152);
	then_parts_are_whole(&p, buf_span(&b));
	buf_free(&b);
}

static void an_emoji_or_a_flag_is_never_cut(void **state)
{
	(void)state;
	struct parts p;
	struct buf b;
	buf_init(&b, 4096);
	for (unsigned i = 0; i < 65; i++)
		buf_add_text(&b, "ж");
	buf_add_text(&b, "🇰🇿 сапар"); /* a flag: two code points, four units */
	assert_int_equal(parts_split(buf_span(&b), &p), TEXT_OK);
	assert_int_equal(p.count, 2);
	assert_int_equal(p.part_units[0], 65);
	then_parts_are_whole(&p, buf_span(&b));
	buf_free(&b);
	b = repeated("😀", 36);
	assert_int_equal(parts_split(buf_span(&b), &p), TEXT_OK);
	assert_int_equal(p.part_units[0], 66); /* not 67: half of one would be in each part */
	then_parts_are_whole(&p, buf_span(&b));
	buf_free(&b);
}

static void a_grapheme_larger_than_a_part_is_still_sent(void **state)
{
	(void)state;
	struct parts p;
	struct buf b;
	buf_init(&b, 4096);
	buf_add_text(&b, "ж");
	for (unsigned i = 0; i < 100; i++)
		buf_add_text(&b, "\xCC\x81"); /* acute, on and on */
	assert_int_equal(parts_split(buf_span(&b), &p), TEXT_OK);
	assert_int_equal(p.count, 2);
	then_parts_are_whole(&p, buf_span(&b));
	buf_free(&b);
}

static void what_no_phone_shows_is_refused(void **state)
{
	(void)state;
	struct parts p;
	static const char *const bad[] = { "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
		"ok \xD0", "a\tb", "\x01", "\x7F", "\xC2\x85" };
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(parts_split(span_of(bad[i]), &p), TEXT_BAD_UTF8);
	assert_int_equal(parts_split(span_make("a\0b", 3), &p), TEXT_BAD_UTF8);
	assert_int_equal(split("", 0, &p), TEXT_EMPTY);
	assert_int_equal(split("один\r\nдва\n", 1, &p), TEXT_OK);
}

static void the_default_alphabet_is_that_of_the_standard(void **state)
{
	(void)state;
	unsigned one = 0, two = 0;
	for (uint32_t c = 0; c < 0x3000; c++) {
		one += gsm7_septets(c) == 1 ? 1 : 0;
		two += gsm7_septets(c) == 2 ? 1 : 0;
	}
	assert_int_equal(one, 127); /* 128, and one of them is the escape */
	assert_int_equal(two, 10);
	static const char all[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
	struct parts p;
	assert_int_equal(parts_split(span_of(all), &p), TEXT_OK);
	assert_int_equal(p.alphabet, ALPHABET_GSM7);
	assert_int_equal(p.units, 127);
	assert_int_equal(gsm7_septets(0x20AC), 2);
	assert_int_equal(gsm7_septets('`'), 0);
	assert_int_equal(gsm7_septets(0xE7), 0); /* only the large Ç is there */
}

static void utf16_with_half_a_pair_is_still_text(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 64);
	static const uint8_t pair[] = { 0xD8, 0x3D, 0xDE, 0x00, 0x04, 0x36 };
	utf16be_to_utf8(span_make(pair, sizeof pair), &b);
	assert_true(span_is(buf_span(&b), "😀ж"));
	b.n = 0;
	static const uint8_t halves[] = { 0xDE, 0x00, 0x00, 'a', 0xD8, 0x3D, 0x00 };
	utf16be_to_utf8(span_make(halves, sizeof halves), &b);
	assert_true(span_is(buf_span(&b), "\xEF\xBF\xBD" "a" "\xEF\xBF\xBD"));
	buf_free(&b);
}

/* ---- skeletons */

static const char *skeleton(const char *text)
{
	static char kept[4][256];
	static unsigned turn;
	struct buf b, again;
	buf_init(&b, 200);
	fold_skeleton(span_of(text), &b);
	assert_false(b.failed);
	buf_init(&again, 200);
	fold_skeleton(buf_span(&b), &again);
	assert_string_equal(buf_text(&again), buf_text(&b)); /* the skeleton of a skeleton is itself */
	char *ret = kept[turn++ % 4];
	assert_true(text_copy(ret, sizeof kept[0], buf_text(&b)));
	buf_free(&b);
	buf_free(&again);
	return ret;
}

static void one_word_in_all_scripts_is_one_skeleton(void **state)
{
	(void)state;
	static const char *const same[][8] = {
		{ "көмек", "комек", "komek", "kömek", "KÖMEK", "кӧмек", "kómek", "комееек" },
		{ "помощь", "помощ", "pomosh", "pomoshch", "pomosch", "pomoshh", "пoмoщь", "ПОМОЩЬ" },
		{ "жардам", "jardam", "zhardam", "ЖАРДАМ", "жардаам", "ja'rdam", "žardam", "жaрдaм" },
		{ "ёрдам", "yordam", "jordam", "йордам", "Yordam", "ЁРДАМ", "yоrdam", "ёёрдам" },
		{ "қорқынышты", "қоркынышты", "корқынышты", "qorqynyshty", "qorqınıştı", "коркынышты",
		  "qorqynyşty", "корқынышты́" },
		{ "ғылым", "гылым", "gylym", "ğılım", "ғЫлыМ", "ghylym", "ǵylym", "ḡylym" },
		{ "oʻzbek", "o'zbek", "o’zbek", "o`zbek", "ўзбек", "o´zbek", "õzbek", "узбек" },
		{ "toʻxtatish", "to'xtatish", "toxtatish", "тўхтатиш", "тухтатиш", "tõxtatiş", "tōxtatish",
		  "tukhtatish" },
		{ "ҳужжат", "hujjat", "хужжат", "xujjat", "hujat", "khuzhzhat", "ҳyжжат", "hujjaat" },
		{ "шыққан", "shyqqan", "шыккан", "şıqqan", "shyqan", "шықққан", "wyqqan", "6yqqan" },
		{ "чек", "chek", "çek", "ček", "ЧЕК", "chekk", "4ek", "4ек" },
		{ "помогите", "помогииите", "pomogite", "ПОМОГИТЕ", "пoмoгите", "помо\xC2\xADгите",
		  "п0могите", "ппомогитеее" },
		{ "ещё", "еще", "ешё", "eshe", "eshche", "еще́", "eshyo", "ЕЩЁ" },
		{ "объявление", "обявление", "obiavlenie", "obyavlenie", "ОБЪЯВЛЕНИЕ", "об'явление",
		  "obyavleniye", "объявленье" },
		{ "ҷой", "ҷои", "joi", "joy", "жой", "жои", "чой", "choy" },
		{ "маҷбурӣ", "мачбури", "majburi", "majburī", "маҷбури", "мажбури", "maçburi", "ma4buri" },
		{ "бӯ", "бу", "bu", "bū", "бӮ", "бӱ", "bo", "bo'" },
		{ "әке", "аке", "ake", "əke", "äke", "әkе", "áke", "Aке" },
		{ "тіл", "тил", "til", "тiл", "tıl", "тїл", "tyl", "тыл" },
		{ "көмегіңіз", "комегиниз", "komeginiz", "kömegiñiz", "komegingiz", "kómegińiz",
		  "көмегіңізз", "кöмегiңiз" },
		{ "полиция", "policiya", "policia", "politsiya", "политсия", "politsiia", "politsya",
		  "ПОЛИЦИЯ" },
		{ "час", "4as", "chas", "4ас", "ча́с", "ЧАС", "чaс", "ças" },
		{ "бала", "6ала", "bala", "БАЛА", "баала", "balá", "бaлa", "6aлa" },
		{ "стоп", "stop", "СТОП", "cтоп", "CTOП", "сtoп", "стооооп", "с т о п" },
	};
	for (size_t i = 0; i < COUNT(same); i++)
		for (size_t j = 1; j < COUNT(same[i]); j++)
			assert_string_equal(skeleton(same[i][j]), skeleton(same[i][0]));
}

static void different_words_stay_different(void **state)
{
	(void)state;
	static const char *const apart[][2] = { { "жардам", "ярдам" }, { "көмек", "кәмек" },
		{ "нужна", "нуина" }, { "ана", "она" }, { "люди", "леди" },
		{ "112", "12" }, { "стоп", "стол" }, { "жол", "жал" }, { "дом", "том" }, { "я и ты",
		  "яиты" },
		{ "шаг", "саг" }, { "қызым", "қазым" } };
	for (size_t i = 0; i < COUNT(apart); i++)
		assert_string_not_equal(skeleton(apart[i][0]), skeleton(apart[i][1]));
}

static void words_are_parted_by_one_space_and_nothing_else(void **state)
{
	(void)state;
	assert_string_equal(skeleton("  Нужна,  ПОМОЩЬ!!! 😀\n«112» "), "nojna pomosh 112");
	assert_string_equal(skeleton("'ok'"), "ok");
	assert_string_equal(skeleton(""), "");
	assert_string_equal(skeleton("…!? "), "");
	assert_string_equal(skeleton("\xFF\xFE help \xD0"), "help");
	assert_string_equal(skeleton("مرحبا help"), "help");
	assert_string_equal(skeleton("дом 4, кв.12"), "dom 4 kv 12");
	assert_string_equal(skeleton("HE ЗВОНИТЕ"), skeleton("не звоните"));
}

static void a_word_of_a_thousand_letters_has_a_skeleton_too(void **state)
{
	(void)state;
	struct buf b, once, twice;
	buf_init(&b, 8192);
	for (unsigned i = 0; i < 300; i++)
		buf_add_text(&b, i % 2 == 0 ? "щ" : "чю");
	buf_init(&once, 8192);
	buf_init(&twice, 8192);
	fold_skeleton(buf_span(&b), &once);
	fold_skeleton(buf_span(&once), &twice);
	assert_false(once.failed);
	assert_string_equal(buf_text(&twice), buf_text(&once));
	buf_free(&once);
	buf_init(&once, 5); /* no room: it says so */
	fold_skeleton(buf_span(&b), &once);
	assert_true(once.failed);
	buf_free(&b);
	b = repeated("помогите ", 1000); /* longer than any text: its beginning is understood */
	buf_free(&twice);
	fold_skeleton(buf_span(&b), &twice);
	assert_memory_equal(twice.p, "pomogite pomogite ", 18);
	buf_free(&b);
	buf_free(&once);
	buf_free(&twice);
}

static void a_tag_is_read_as_people_write_it(void **state)
{
	(void)state;
	enum language l = LANGUAGE_UNKNOWN;
	assert_true(language_parse(span_of("UZ_cyrl"), &l));
	assert_int_equal(l, LANGUAGE_UZ_CYRL);
	assert_true(language_parse(span_of("uz"), &l));
	assert_int_equal(l, LANGUAGE_UZ);
	assert_false(language_parse(span_of("u"), &l));
	assert_false(language_parse(span_of("uzb"), &l));
	assert_false(language_parse(span_of(""), &l));
	assert_string_equal(language_tag(LANGUAGE_UNKNOWN), "und");
}

/* ---- numbers */

static void a_number_is_read_however_it_is_written(void **state)
{
	(void)state;
	static const char *const kazakh[] = { "+7 701 000-00-45", "8 (701) 000 00 45", "87010000045",
		"77010000045", "7010000045", "007 701 000 00 45", " +7.701.000.00.45 " };
	struct msisdn m, first;
	assert_int_equal(msisdn_parse(span_of("+77010000045"), &first), MSISDN_OK);
	for (size_t i = 0; i < COUNT(kazakh); i++) {
		assert_int_equal(msisdn_parse(span_of(kazakh[i]), &m), MSISDN_OK);
		assert_true(msisdn_equal(&m, &first));
	}
	assert_true(span_is(msisdn_span(&m), "77010000045"));
	assert_true(span_is(msisdn_tail_span(&m), "010000045"));
	assert_int_equal(msisdn_parse(span_of("998 90 123-45-67"), &m), MSISDN_OK);
	assert_true(span_is(msisdn_span(&m), "998901234567"));
	msisdn_wipe(&m);
	assert_int_equal(msisdn_span(&m).n, 0);
}

static void what_is_no_number_is_refused_with_a_reason(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum msisdn_err why;
	} bad[] = {
		{ "", MSISDN_EMPTY }, { " + ", MSISDN_EMPTY }, { "7701OOO0045", MSISDN_BAD_CHARACTER },
		{ "+7+7010000045", MSISDN_BAD_CHARACTER }, { "112", MSISDN_SHORT },
		{ "+7701000004", MSISDN_SHORT }, { "+770100000455", MSISDN_LONG },
		{ "+9981234567890123", MSISDN_LONG }, { "111111111111111111111111111", MSISDN_LONG },
		{ "0701000004500", MSISDN_NO_COUNTRY }, { "9161234567", MSISDN_NO_COUNTRY },
		{ "901234567", MSISDN_NO_COUNTRY },
	};
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct msisdn m = { .digits_ = "untouched" };
		assert_int_equal(msisdn_parse(span_of(bad[i].text), &m), bad[i].why);
		assert_string_equal(m.digits_, "untouched");
		assert_true(strlen(msisdn_err_text(bad[i].why)) > 0);
	}
}

static void names_and_service_codes_are_nobody_to_answer(void **state)
{
	(void)state;
	struct msisdn m;
	assert_false(msisdn_from_network(span_of("Beeline"), false, &m));
	assert_false(msisdn_from_network(span_of("1414"), false, &m));
	assert_false(msisdn_from_network(span_of(""), true, &m));
	assert_false(msisdn_from_network(span_of("+1234567890123456"), true, &m));
	assert_true(msisdn_from_network(span_of("+77010000045"), false, &m));
	assert_true(span_is(msisdn_span(&m), "77010000045"));
	assert_true(msisdn_from_network(span_of("998901234567"), true, &m));
	assert_true(msisdn_from_network(span_of("87010000045"), false, &m));
	assert_true(span_is(msisdn_span(&m), "77010000045"));
}

static void of_a_contact_only_country_and_two_digits_are_shown(void **state)
{
	(void)state;
	static const char *const shown[][2] = { { "+77010000045", "+7 … 45" },
		{ "+998901234567", "+998 … 67" }, { "+996555123456", "+996 … 56" },
		{ "+4915112345678", "+49 … 78" }, { "+12125550199", "+1 … 99" } };
	for (size_t i = 0; i < COUNT(shown); i++) {
		struct msisdn m;
		char masked[24];
		assert_int_equal(msisdn_parse(span_of(shown[i][0]), &m), MSISDN_OK);
		msisdn_masked(&m, masked);
		assert_string_equal(masked, shown[i][1]);
	}
}

static int given_tables(void **state)
{
	(void)state;
	return err_is(fold_start()) ? 1 : 0;
}

int main(void)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(latin_letters_cost_one_part_up_to_160),
		cmocka_unit_test(cyrillic_letters_cost_one_part_up_to_70),
		cmocka_unit_test(ten_parts_are_the_limit),
		cmocka_unit_test(an_extension_character_is_never_cut_from_its_escape),
		cmocka_unit_test(an_emoji_or_a_flag_is_never_cut),
		cmocka_unit_test(a_grapheme_larger_than_a_part_is_still_sent),
		cmocka_unit_test(what_no_phone_shows_is_refused),
		cmocka_unit_test(the_default_alphabet_is_that_of_the_standard),
		cmocka_unit_test(utf16_with_half_a_pair_is_still_text),
		cmocka_unit_test(one_word_in_all_scripts_is_one_skeleton),
		cmocka_unit_test(different_words_stay_different),
		cmocka_unit_test(words_are_parted_by_one_space_and_nothing_else),
		cmocka_unit_test(a_word_of_a_thousand_letters_has_a_skeleton_too),
		cmocka_unit_test(a_tag_is_read_as_people_write_it),
		cmocka_unit_test(a_number_is_read_however_it_is_written),
		cmocka_unit_test(what_is_no_number_is_refused_with_a_reason),
		cmocka_unit_test(names_and_service_codes_are_nobody_to_answer),
		cmocka_unit_test(of_a_contact_only_country_and_two_digits_are_shown),
	};
	return cmocka_run_group_tests_name("text", stories, given_tables, NULL);
}
