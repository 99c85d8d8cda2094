/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/contact_words.h"

#include <stdlib.h>
#include <string.h>

#include "text/fold.h"
#include "base/banned.h"

#define WORD_LIMIT 64u
#define MEMO_SLOTS 512u

struct word {
	int value;
	const char *text;
};

static const struct word column_names[] = {
	{ COLUMN_PHONE, "phone" }, { COLUMN_PHONE, "phone number" }, { COLUMN_PHONE, "mobile" },
	{ COLUMN_PHONE, "mobile phone" }, { COLUMN_PHONE, "mobile number" },
	{ COLUMN_PHONE, "telephone" }, { COLUMN_PHONE, "cell phone" }, { COLUMN_PHONE, "msisdn" },
	{ COLUMN_PHONE, "number" }, { COLUMN_PHONE, "tel" },
	{ COLUMN_PHONE, "телефон" }, { COLUMN_PHONE, "номер телефона" }, { COLUMN_PHONE, "номер" },
	{ COLUMN_PHONE, "мобильный" }, { COLUMN_PHONE, "мобильный телефон" },
	{ COLUMN_PHONE, "моб телефон" }, { COLUMN_PHONE, "моб тел" }, { COLUMN_PHONE, "сотовый" },
	{ COLUMN_PHONE, "сотовый телефон" }, { COLUMN_PHONE, "сот тел" },
	{ COLUMN_PHONE, "контактный телефон" }, { COLUMN_PHONE, "контактный номер" },
	{ COLUMN_PHONE, "тел" }, { COLUMN_PHONE, "телефон нөмірі" }, { COLUMN_PHONE, "нөмір" },
	{ COLUMN_PHONE, "нөмірі" }, { COLUMN_PHONE, "ұялы телефон" },
	{ COLUMN_PHONE, "ұялы телефон нөмірі" }, { COLUMN_PHONE, "байланыс телефоны" },

	{ COLUMN_LANGUAGE, "language" }, { COLUMN_LANGUAGE, "lang" }, { COLUMN_LANGUAGE, "язык" },
	{ COLUMN_LANGUAGE, "язык общения" }, { COLUMN_LANGUAGE, "язык сообщений" },
	{ COLUMN_LANGUAGE, "родной язык" }, { COLUMN_LANGUAGE, "тіл" }, { COLUMN_LANGUAGE, "тілі" },
	{ COLUMN_LANGUAGE, "хабарлама тілі" },

	{ COLUMN_SCRIPT, "script" }, { COLUMN_SCRIPT, "alphabet" }, { COLUMN_SCRIPT, "алфавит" },
	{ COLUMN_SCRIPT, "письмо" }, { COLUMN_SCRIPT, "письменность" }, { COLUMN_SCRIPT, "шрифт" },
	{ COLUMN_SCRIPT, "әліпби" }, { COLUMN_SCRIPT, "жазу" }, { COLUMN_SCRIPT, "жазуы" },

	{ COLUMN_REGION, "region" }, { COLUMN_REGION, "place" }, { COLUMN_REGION, "town" },
	{ COLUMN_REGION, "city" }, { COLUMN_REGION, "oblast" }, { COLUMN_REGION, "регион" },
	{ COLUMN_REGION, "область" }, { COLUMN_REGION, "город" }, { COLUMN_REGION, "место" },
	{ COLUMN_REGION, "населённый пункт" }, { COLUMN_REGION, "облыс" },
	{ COLUMN_REGION, "облысы" }, { COLUMN_REGION, "қала" }, { COLUMN_REGION, "қаласы" },
	{ COLUMN_REGION, "өңір" }, { COLUMN_REGION, "аймақ" },

	{ COLUMN_TAGS, "tags" }, { COLUMN_TAGS, "tag" }, { COLUMN_TAGS, "label" },
	{ COLUMN_TAGS, "labels" }, { COLUMN_TAGS, "метка" }, { COLUMN_TAGS, "метки" },
	{ COLUMN_TAGS, "тег" }, { COLUMN_TAGS, "теги" }, { COLUMN_TAGS, "группа" },
	{ COLUMN_TAGS, "белгі" }, { COLUMN_TAGS, "белгілер" }, { COLUMN_TAGS, "топ" },

	{ COLUMN_DATE, "consent" }, { COLUMN_DATE, "consent date" }, { COLUMN_DATE, "agreed" },
	{ COLUMN_DATE, "agreed on" }, { COLUMN_DATE, "consent at" }, { COLUMN_DATE, "согласие" },
	{ COLUMN_DATE, "дата согласия" }, { COLUMN_DATE, "согласие дата" },
	{ COLUMN_DATE, "келісім" }, { COLUMN_DATE, "келісім күні" },

	{ COLUMN_CHANNEL, "consent channel" }, { COLUMN_CHANNEL, "channel" },
	{ COLUMN_CHANNEL, "канал" }, { COLUMN_CHANNEL, "канал согласия" },
	{ COLUMN_CHANNEL, "способ согласия" }, { COLUMN_CHANNEL, "келісім арнасы" },
	{ COLUMN_CHANNEL, "арна" }, { COLUMN_CHANNEL, "келісім жолы" },

	{ COLUMN_WORDING, "consent wording" }, { COLUMN_WORDING, "wording" },
	{ COLUMN_WORDING, "consent text" }, { COLUMN_WORDING, "текст согласия" },
	{ COLUMN_WORDING, "формулировка" }, { COLUMN_WORDING, "формулировка согласия" },
	{ COLUMN_WORDING, "келісім мәтіні" },

	{ COLUMN_CONSENT_LANGUAGE, "consent language" },
	{ COLUMN_CONSENT_LANGUAGE, "язык согласия" }, { COLUMN_CONSENT_LANGUAGE, "келісім тілі" },

	{ COLUMN_PROOF, "proof" }, { COLUMN_PROOF, "consent proof" },
	{ COLUMN_PROOF, "подтверждение" }, { COLUMN_PROOF, "подтверждение согласия" },
	{ COLUMN_PROOF, "доказательство" }, { COLUMN_PROOF, "дәлел" },
	{ COLUMN_PROOF, "келісім дәлелі" },
};

/* Beside the tags themselves. Codes of countries stand where people write them for languages. */
static const struct word languages[] = {
	{ LANGUAGE_KK, "kz" }, { LANGUAGE_KK, "kaz" }, { LANGUAGE_KK, "kazakh" },
	{ LANGUAGE_KK, "қаз" }, { LANGUAGE_KK, "каз" }, { LANGUAGE_KK, "казахский" },
	{ LANGUAGE_KK, "қазақ" }, { LANGUAGE_KK, "қазақша" }, { LANGUAGE_KK, "қазақ тілі" },
	{ LANGUAGE_KK, "кк" }, { LANGUAGE_KK, "кз" },
	{ LANGUAGE_RU, "rus" }, { LANGUAGE_RU, "russian" }, { LANGUAGE_RU, "рус" },
	{ LANGUAGE_RU, "русский" }, { LANGUAGE_RU, "орыс" }, { LANGUAGE_RU, "орысша" },
	{ LANGUAGE_RU, "орыс тілі" }, { LANGUAGE_RU, "ру" },
	{ LANGUAGE_UZ, "uzb" }, { LANGUAGE_UZ, "uzbek" }, { LANGUAGE_UZ, "узб" },
	{ LANGUAGE_UZ, "узбекский" }, { LANGUAGE_UZ, "өзбек" }, { LANGUAGE_UZ, "өзбекше" },
	{ LANGUAGE_UZ, "o'zbek" }, { LANGUAGE_UZ, "o'zbekcha" }, { LANGUAGE_UZ, "узбекский латиница" },
	{ LANGUAGE_UZ, "uz latn" }, { LANGUAGE_UZ, "уз" },
	{ LANGUAGE_UZ_CYRL, "uz cyrl" }, { LANGUAGE_UZ_CYRL, "uzbek cyrillic" },
	{ LANGUAGE_UZ_CYRL, "узбекский кириллица" }, { LANGUAGE_UZ_CYRL, "узбекский кирил" },
	{ LANGUAGE_UZ_CYRL, "өзбекше кирилл" }, { LANGUAGE_UZ_CYRL, "ўзбекча кирилл" },
	{ LANGUAGE_KY, "kg" }, { LANGUAGE_KY, "kgz" }, { LANGUAGE_KY, "kir" },
	{ LANGUAGE_KY, "kyrgyz" }, { LANGUAGE_KY, "киргизский" }, { LANGUAGE_KY, "кыргызский" },
	{ LANGUAGE_KY, "кирг" }, { LANGUAGE_KY, "кыргызча" }, { LANGUAGE_KY, "кыргыз" },
	{ LANGUAGE_KY, "қырғыз" }, { LANGUAGE_KY, "қырғызша" },
	{ LANGUAGE_TG, "tj" }, { LANGUAGE_TG, "tjk" }, { LANGUAGE_TG, "tgk" },
	{ LANGUAGE_TG, "tajik" }, { LANGUAGE_TG, "тадж" }, { LANGUAGE_TG, "таджикский" },
	{ LANGUAGE_TG, "тоҷикӣ" }, { LANGUAGE_TG, "тоҷик" }, { LANGUAGE_TG, "тәжік" },
	{ LANGUAGE_TG, "тәжікше" },
};

enum { WRITES_NATIVE, WRITES_PLAIN, WRITES_LATIN, WRITES_CYRILLIC };
static const char *const script_words[] = { "native", "plain", "latin", "cyrillic" };
static const struct word scripts[] = {
	{ WRITES_NATIVE, "native" }, { WRITES_NATIVE, "own" }, { WRITES_NATIVE, "родной" },
	{ WRITES_PLAIN, "plain" }, { WRITES_PLAIN, "русские буквы" }, { WRITES_PLAIN, "орыс әріптері" },
	{ WRITES_LATIN, "latin" }, { WRITES_LATIN, "latn" }, { WRITES_LATIN, "латиница" },
	{ WRITES_LATIN, "лат" }, { WRITES_LATIN, "латын" }, { WRITES_LATIN, "lotin" },
	{ WRITES_CYRILLIC, "cyrillic" }, { WRITES_CYRILLIC, "cyrl" }, { WRITES_CYRILLIC, "кириллица" },
	{ WRITES_CYRILLIC, "кирилл" }, { WRITES_CYRILLIC, "кир" }, { WRITES_CYRILLIC, "kirill" },
};

#define COUNT(list) (sizeof list / sizeof list[0])

struct memo { /* what a cell said last time: most say what the one above did */
	struct slot {
		bool is_used;
		uint8_t n, key[WORD_LIMIT];
		const char *value;
	} slot[MEMO_SLOTS];
};

struct contact_words {
	const struct content *content;
	char columns[COUNT(column_names)][WORD_LIMIT], languages[COUNT(languages)][WORD_LIMIT],
		scripts[COUNT(scripts)][WORD_LIMIT];
	struct memo language, script, region;
};

/* "" where there is nothing to compare, or too much. */
static void skeleton(struct span text, char ret[WORD_LIMIT])
{
	struct buf b;
	buf_init(&b, WORD_LIMIT - 1);
	fold_skeleton(text, &b);
	const char *folded = b.failed ? NULL : buf_text(&b);
	if (folded == NULL || !text_copy(ret, WORD_LIMIT, folded))
		ret[0] = '\0';
	buf_wipe(&b);
}

static int find(const struct word *words, char (*folded)[WORD_LIMIT], size_t count,
                struct span text)
{
	char wanted[WORD_LIMIT];
	skeleton(text, wanted);
	for (size_t i = 0; i < count && wanted[0] != '\0'; i++)
		if (strcmp(folded[i], wanted) == 0)
			return words[i].value;
	return -1;
}

/* The slot of this text; NULL where it is too long to be remembered. */
static struct slot *slot_of(struct memo *m, struct span text, bool *ret_known)
{
	uint32_t h = 2166136261u; /* FNV-1a: a collision costs one look-up */
	if (text.n > WORD_LIMIT)
		return NULL;
	for (size_t i = 0; i < text.n; i++)
		h = (h ^ text.p[i]) * 16777619u;
	struct slot *s = &m->slot[h % MEMO_SLOTS];
	*ret_known = s->is_used && s->n == text.n && (text.n == 0 || memcmp(s->key, text.p, text.n) == 0);
	if (!*ret_known) {
		s->is_used = true;
		s->n = (uint8_t)text.n;
		if (text.n > 0)
			memcpy(s->key, text.p, text.n);
	}
	return s;
}

struct err contact_words_new(const struct content *content, struct contact_words **ret)
{
	struct err e = fold_start();
	struct contact_words *w = err_is(e) ? NULL : calloc(1, sizeof *w);
	if (w == NULL)
		return err_is(e) ? e : err_make(ERR_MEMORY, "read a list of people", NULL, NULL);
	w->content = content;
	for (size_t i = 0; i < COUNT(column_names); i++)
		skeleton(span_of(column_names[i].text), w->columns[i]);
	for (size_t i = 0; i < COUNT(languages); i++)
		skeleton(span_of(languages[i].text), w->languages[i]);
	for (size_t i = 0; i < COUNT(scripts); i++)
		skeleton(span_of(scripts[i].text), w->scripts[i]);
	*ret = w;
	return e;
}

void contact_words_free(struct contact_words *w)
{
	if (w != NULL)
		explicit_bzero(w, sizeof *w);
	free(w);
}

enum contact_column contact_words_column(struct contact_words *w, struct span text)
{
	const int value = find(column_names, w->columns, COUNT(column_names), text);
	return value < 0 ? COLUMN_COUNT : (enum contact_column)value;
}

static const char *look_up_language(struct contact_words *w, struct span text)
{
	enum language l = LANGUAGE_UNKNOWN;
	if (!language_parse(text, &l)) {
		const int value = find(languages, w->languages, COUNT(languages), text);
		l = value < 0 ? LANGUAGE_UNKNOWN : (enum language)value;
	}
	return l < LANGUAGE_PEOPLE ? language_tag(l) : NULL;
}

const char *contact_words_language(struct contact_words *w, struct span text)
{
	bool known = false;
	struct slot *s = slot_of(&w->language, text, &known);
	if (s == NULL)
		return NULL;
	if (!known)
		s->value = look_up_language(w, text);
	return s->value;
}

const char *contact_words_script(struct contact_words *w, struct span text)
{
	bool known = false;
	struct slot *s = slot_of(&w->script, text, &known);
	if (s == NULL)
		return NULL;
	if (!known) {
		const int value = find(scripts, w->scripts, COUNT(scripts), text);
		s->value = value < 0 ? NULL : script_words[value];
	}
	return s->value;
}

const char *contact_words_region(struct contact_words *w, struct span text)
{
	bool known = false;
	struct slot *s = slot_of(&w->region, text, &known);
	if (s == NULL)
		return content_region(w->content, text);
	if (!known)
		s->value = content_region(w->content, text);
	return s->value;
}
