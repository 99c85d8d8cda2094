/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Latin forms follow each language's own: the Kazakh of 2021 (ä ö ü ñ are in GSM-7; what isn't is
 * spelt with two letters), Uzbek's of 1995, and for the others what their passports and readers know. */
#include "text/script.h"

#include "text/alphabet.h"
#include "base/banned.h"

struct letter {
	uint16_t from; /* small */
	const char *to;
};

static const struct letter marks[] = {
	{ 0x60, "'" }, { 0xB4, "'" }, { 0x2BB, "'" }, { 0x2BC, "'" }, { 0x2018, "'" }, { 0x2019, "'" },
	{ 0x201A, "'" }, { 0x2032, "'" }, { 0xAB, "\"" }, { 0xBB, "\"" }, { 0x201C, "\"" },
	{ 0x201D, "\"" }, { 0x201E, "\"" }, { 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" },
	{ 0x2013, "-" }, { 0x2014, "-" }, { 0x2015, "-" }, { 0x2212, "-" }, { 0x2022, "*" },
	{ 0x2026, "..." }, { 0xA0, " " }, { 0x202F, " " }, { 0x2009, " " }, { 0x2116, "No" },
};

static const struct letter plain[] = {
	{ 0x456, "и" }, { 0x45E, "у" }, { 0x493, "г" }, { 0x49B, "к" }, { 0x4A3, "н" }, { 0x4AF, "у" },
	{ 0x4B1, "у" }, { 0x4B3, "х" }, { 0x4B7, "ч" }, { 0x4BB, "х" }, { 0x4D9, "а" }, { 0x4E3, "и" },
	{ 0x4E9, "о" }, { 0x4EF, "у" },
};

/* What all languages have, where their own table says nothing else. */
static const struct letter latin[] = {
	{ 0x430, "a" }, { 0x431, "b" }, { 0x432, "v" }, { 0x433, "g" }, { 0x434, "d" }, { 0x435, "e" },
	{ 0x436, "zh" }, { 0x437, "z" }, { 0x438, "i" }, { 0x439, "y" }, { 0x43A, "k" }, { 0x43B, "l" },
	{ 0x43C, "m" }, { 0x43D, "n" }, { 0x43E, "o" }, { 0x43F, "p" }, { 0x440, "r" }, { 0x441, "s" },
	{ 0x442, "t" }, { 0x443, "u" }, { 0x444, "f" }, { 0x445, "kh" }, { 0x446, "ts" }, { 0x447, "ch" },
	{ 0x448, "sh" }, { 0x449, "shch" }, { 0x44A, "'" }, { 0x44B, "y" }, { 0x44C, "'" }, { 0x44D, "e" },
	{ 0x44E, "yu" }, { 0x44F, "ya" }, { 0x451, "yo" },
	/* of the others' letters, in names of languages: "қазақша", "тоҷикӣ" */
	{ 0x456, "i" }, { 0x45E, "u" }, { 0x493, "g" }, { 0x49B, "q" }, { 0x4A3, "n" }, { 0x4AF, "u" },
	{ 0x4B1, "u" }, { 0x4B3, "h" }, { 0x4B7, "j" }, { 0x4BB, "h" }, { 0x4D9, "a" }, { 0x4E3, "i" },
	{ 0x4E9, "o" }, { 0x4EF, "u" },
};
static const struct letter latin_kk[] = {
	{ 0x436, "j" }, { 0x438, "i" }, { 0x439, "i" }, { 0x443, "u" }, { 0x445, "h" }, { 0x449, "sh" },
	{ 0x44A, "" }, { 0x44C, "" }, { 0x44E, "iu" }, { 0x44F, "ia" }, { 0x456, "i" }, { 0x493, "g'" },
	{ 0x49B, "q" }, { 0x4A3, "ñ" }, { 0x4AF, "ü" }, { 0x4B1, "u'" }, { 0x4BB, "h" }, { 0x4D9, "ä" },
	{ 0x4E9, "ö" },
};
static const struct letter latin_ky[] = {
	{ 0x436, "j" }, { 0x44A, "" }, { 0x44C, "" }, { 0x4A3, "ñ" }, { 0x4AF, "ü" }, { 0x4E9, "ö" },
};
static const struct letter latin_uz[] = {
	{ 0x436, "j" }, { 0x445, "x" }, { 0x449, "sh" }, { 0x44C, "" }, { 0x44B, "i" }, { 0x45E, "o'" },
	{ 0x493, "g'" }, { 0x49B, "q" }, { 0x4B3, "h" },
};
static const struct letter latin_tg[] = {
	{ 0x44C, "" }, { 0x493, "gh" }, { 0x49B, "q" }, { 0x4B3, "h" }, { 0x4B7, "j" }, { 0x4E3, "i'" },
	{ 0x4EF, "u'" },
};

struct table {
	const struct letter *list;
	size_t n;
};
#define TABLE(t) { (t), sizeof (t) / sizeof (t)[0] }
static const struct table own[LANGUAGE_COUNT] = {
	[LANGUAGE_KK] = TABLE(latin_kk), [LANGUAGE_KY] = TABLE(latin_ky), [LANGUAGE_UZ] = TABLE(latin_uz),
	[LANGUAGE_UZ_CYRL] = TABLE(latin_uz), [LANGUAGE_TG] = TABLE(latin_tg),
};
static const struct table common = TABLE(latin), without = TABLE(plain), typographic = TABLE(marks);

const char *script_word(enum script s)
{
	static const char *const words[SCRIPT_COUNT] = {
#define X(id, word) [SCRIPT_##id] = word,
		SCRIPTS(X)
#undef X
	};
	return s < SCRIPT_COUNT ? words[s] : "?";
}

static const char *look_up(const struct table *t, uint32_t c)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->list[i].from == c)
			return t->list[i].to;
	return NULL;
}

const char *script_plain_mark(uint32_t c)
{
	return look_up(&typographic, c);
}

static uint32_t small_of(uint32_t c)
{
	if (c >= 0x410 && c <= 0x42F)
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40F)
		return c + 0x50;
	return c >= 0x48A && c <= 0x52F && (c < 0x4C0 || c > 0x4CF) && c % 2 == 0 ? c + 1 : c;
}

static bool is_capital(uint32_t c)
{
	return c < 0x80 ? c >= 'A' && c <= 'Z' : small_of(c) != c;
}

static uint32_t capital_of(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0x430 && c <= 0x44F) || (c >= 0xE0 && c <= 0xFE))
		return c - 0x20;
	return c;
}

static void add_capitals(struct buf *b, const char *text, bool all)
{
	struct span rest = span_of(text);
	uint32_t c;
	for (bool is_first = true; utf8_next(&rest, &c); is_first = false)
		utf8_add(b, is_first || all ? capital_of(c) : c);
}

/* In Uzbek and Tajik е at a word's start or behind a vowel is ye. */
static bool is_ye(enum language l, uint32_t small, uint32_t before)
{
	static const uint16_t vowels[] = { 0x430, 0x435, 0x451, 0x438, 0x43E, 0x443, 0x44D, 0x44E, 0x44F,
		0x45E, 0x4E3, 0x4EF, 0x44A, 0x44C };
	if (small != 0x435 || (l != LANGUAGE_UZ_CYRL && l != LANGUAGE_TG))
		return false;
	for (size_t i = 0; i < sizeof vowels / sizeof vowels[0]; i++)
		if (vowels[i] == before)
			return true;
	return before < 0x400;
}

static const char *written(uint32_t small, uint32_t before, enum language l, enum script s)
{
	const char *to = s == SCRIPT_PLAIN ? look_up(&without, small) : NULL;
	if (s == SCRIPT_LATIN && l < LANGUAGE_COUNT)
		to = look_up(&own[l], small);
	if (s == SCRIPT_LATIN && to == NULL)
		to = look_up(&common, small);
	if (s == SCRIPT_LATIN && is_ye(l, small, before))
		to = "ye";
	return to != NULL ? to : script_plain_mark(small);
}

void script_write(struct span utf8, enum language l, enum script s, struct buf *ret)
{
	uint32_t c, before = 0;
	if (s == SCRIPT_NATIVE) {
		buf_add(ret, utf8);
		return;
	}
	while (utf8_next(&utf8, &c)) {
		struct span rest = utf8;
		uint32_t next = 0;
		const bool has_next = utf8_next(&rest, &next);
		const char *to = written(small_of(c), before, l, s);
		const bool is_loud = is_capital(before) || (has_next && is_capital(next));
		if (to == NULL)
			utf8_add(ret, c);
		else if (is_capital(c))
			add_capitals(ret, to, is_loud);
		else
			buf_add_text(ret, to);
		before = c;
	}
}

/* So many letters of Cyrillic without a special one are hardly chance: by how often each language
 * needs one, in Kazakh one of six letters, in Uzbek one of twenty. */
static const unsigned letters_to_tell[LANGUAGE_COUNT] = { [LANGUAGE_KK] = 18, [LANGUAGE_KY] = 50,
	[LANGUAGE_UZ_CYRL] = 55, [LANGUAGE_TG] = 45 };

bool script_guess(struct span utf8, enum language l, enum script *ret)
{
	size_t cyrillic = 0, plain_latin = 0, special = 0;
	uint32_t c;
	while (utf8_next(&utf8, &c)) {
		const uint32_t small = small_of(c);
		cyrillic += small >= 0x430 && small <= 0x52F ? 1 : 0;
		special += look_up(&without, small) != NULL ? 1 : 0;
		plain_latin += (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? 1 : 0;
	}
	if (cyrillic + plain_latin == 0 || l >= LANGUAGE_PEOPLE)
		return false;
	if (l == LANGUAGE_UZ || l == LANGUAGE_RU || special > 0) {
		*ret = l != LANGUAGE_UZ && plain_latin > cyrillic ? SCRIPT_LATIN : SCRIPT_NATIVE;
		return true;
	}
	if (plain_latin <= cyrillic && cyrillic < letters_to_tell[l])
		return false;
	*ret = plain_latin > cyrillic ? SCRIPT_LATIN : SCRIPT_PLAIN;
	return true;
}
