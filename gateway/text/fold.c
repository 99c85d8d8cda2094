/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two steps. First each letter goes to plain Latin ones by `letters`; then what people write in
 * more than one way in Latin goes to one (`reduce`), again and again until nothing changes, which
 * makes the skeleton of a skeleton the same. It is coarse on purpose: it is compared, never shown.
 *
 * Two choices. ё is io at the start of a word (ёрдам, yordam) and e within one, where Russians
 * leave its dots out (ещё, еще). And jo at the start of a word is io, so that yordam, jordam and
 * ёрдам are one word, as are жоқ, жок, йўқ and yoʻq: Turkic languages differ in that letter alone.
 * Before other vowels j stays: жардам is not ярдам, and нужна keeps its ж. */
#include "text/fold.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "text/alphabet.h"
#include "text/letters.h"
#include "base/banned.h"

#define YO 0x451
#define WORD_MAX 96 /* letters, before and after; the rest of a longer one is dropped */

static const struct {
	UChar32 from;
	const char *to;
} letters[] = {
	/* Cyrillic, Russian */
	{ 0x430, "a" }, { 0x431, "b" }, { 0x432, "v" }, { 0x433, "g" }, { 0x434, "d" }, { 0x435, "e" },
	{ 0x436, "j" }, { 0x437, "z" }, { 0x438, "i" }, { 0x439, "i" }, { 0x43A, "k" }, { 0x43B, "l" },
	{ 0x43C, "m" }, { 0x43D, "n" }, { 0x43E, "o" }, { 0x43F, "p" }, { 0x440, "r" }, { 0x441, "s" },
	{ 0x442, "t" }, { 0x443, "u" }, { 0x444, "f" }, { 0x445, "h" }, { 0x446, "ts" },
	{ 0x447, "ch" }, { 0x448, "sh" }, { 0x449, "sh" }, { 0x44A, "" }, { 0x44B, "i" }, { 0x44C, "" }, { 0x44D, "e" },
	{ 0x44E, "iu" }, { 0x44F, "ia" }, { 0x451, "e" },
	/* Kazakh, Kyrgyz, Uzbek, Tajik */
	{ 0x456, "i" }, { 0x457, "i" }, { 0x45E, "o" } /* ў is oʻ */, { 0x493, "g" }, { 0x497, "j" },
	{ 0x49B, "k" }, { 0x49D, "k" }, { 0x4A3, "n" }, { 0x4AF, "u" }, { 0x4B1, "u" }, { 0x4B3, "h" },
	{ 0x4B7, "j" }, { 0x4BB, "h" }, { 0x4D9, "a" }, { 0x4E3, "i" }, { 0x4E9, "o" }, { 0x4EF, "u" },
	/* Latin letters that are more than a letter with a mark */
	{ 0x131, "i" }, { 0x14B, "n" }, { 0x15F, "sh" }, { 0x219, "sh" }, { 0x161, "sh" },
	{ 0xE7, "ch" }, { 0x10D, "ch" }, { 0x17E, "j" }, { 0x259, "a" }, { 0xDF, "s" }, { 0xE6, "ae" },
};

/* One way of writing in Latin. Order matters: the longer first. */
static const struct {
	const char *from, *to;
} reduce[] = {
	{ "shch", "sh" }, { "sch", "sh" }, { "zh", "j" }, { "kh", "h" }, { "gh", "g" }, { "y", "i" },
	{ "x", "h" }, { "q", "k" }, { "w", "v" },
};

/* Letters that look alike in both alphabets: who mixes them in a word meant one alphabet. */
static const struct {
	UChar32 latin, cyrillic;
} alike[] = {
	{ 'a', 0x430 }, { 'b', 0x432 }, { 'c', 0x441 }, { 'e', 0x435 }, { 'h', 0x4BB }, { 'i', 0x456 },
	{ 'k', 0x43A }, { 'm', 0x43C }, { 'o', 0x43E }, { 'p', 0x440 }, { 't', 0x442 }, { 'x', 0x445 },
	{ 'y', 0x443 },
};

static const UNormalizer2 *nfd; /* set once by fold_start() */

struct err fold_start(void)
{
	UErrorCode status = U_ZERO_ERROR;
	nfd = unorm2_getNFDInstance(&status);
	if (U_FAILURE(status))
		return err_make(ERR_IO, "load ICU's tables", "install libicu72", NULL);
	return letters_start();
}

static UChar32 next_code_point(const UChar *text, int32_t n, int32_t *i)
{
	uint32_t c = text[(*i)++];
	if (U16_IS_LEAD(c) && *i < n && U16_IS_TRAIL(text[*i]))
		c = 0x10000 + ((c - 0xD800) << 10) + (text[(*i)++] - 0xDC00u);
	return (UChar32)c;
}

/* ---- one word */

struct word {
	UChar32 c[WORD_MAX];
	size_t n;
};

static void unmix(struct word *w)
{
	size_t latin = 0, cyrillic = 0;
	for (size_t i = 0; i < w->n; i++) {
		latin += letter_is_latin((uint32_t)w->c[i]) ? 1 : 0;
		cyrillic += letter_is_cyrillic((uint32_t)w->c[i]) ? 1 : 0;
	}
	if (latin == 0 || cyrillic == 0)
		return;
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < sizeof alike / sizeof alike[0]; j++) {
			UChar32 from = cyrillic >= latin ? alike[j].latin : alike[j].cyrillic;
			if (w->c[i] == from) {
				w->c[i] = cyrillic >= latin ? alike[j].cyrillic : alike[j].latin;
				break;
			}
		}
}

/* The letter without its marks: ӧ is о, é is e. */
static UChar32 base_of(UChar32 c)
{
	for (int depth = 0; depth < 4; depth++) {
		UChar apart[8];
		UErrorCode status = U_ZERO_ERROR;
		int32_t n = unorm2_getRawDecomposition(nfd, c, apart, 8, &status), i = 0;
		if (n <= 0 || U_FAILURE(status))
			break;
		c = next_code_point(apart, n, &i);
	}
	return c;
}

static const char *plain_of(UChar32 c)
{
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].from == c)
			return letters[i].to;
	return NULL;
}

/* What is neither in the table nor plain Latin, with or without its marks, is left out. */
static void add_letter(char *text, size_t room, size_t *n, UChar32 c, bool is_first)
{
	const char *plain = is_first && c == YO ? "io" : plain_of(c);
	const UChar32 base = plain == NULL ? base_of(c) : c;
	const char letter[2] = { base < 0x80 && u_isalnum(base) ? (char)base : '\0', '\0' };
	if (plain == NULL && base != c)
		plain = plain_of(base);
	for (const char *p = plain != NULL ? plain : letter; *p != '\0' && *n + 1 < room; p++)
		text[(*n)++] = *p;
}

static bool replace_first(char *text, const char *from, const char *to)
{
	char *at = strstr(text, from);
	if (at == NULL)
		return false;
	size_t nf = strlen(from), nt = strlen(to);
	memmove(at + nt, at + nf, strlen(at + nf) + 1);
	memcpy(at, to, nt);
	return true;
}

/* A lone c is k or s, who knows; ch is a letter. */
static bool reduce_c(char *text)
{
	for (char *p = text; *p != '\0'; p++)
		if (p[0] == 'c' && p[1] != 'h') {
			*p = 'k';
			return true;
		}
	return false;
}

static bool reduce_jo(char *text)
{
	if (text[0] != 'j' || text[1] != 'o')
		return false;
	text[0] = 'i';
	return true;
}

static bool collapse(char *text)
{
	size_t n = 0;
	bool changed = false;
	for (const char *p = text; *p != '\0'; p++)
		if (n == 0 || text[n - 1] != *p || (*p >= '0' && *p <= '9'))
			text[n++] = *p;
		else
			changed = true;
	text[n] = '\0';
	return changed;
}

static void reduce_word(char *text)
{
	bool changed = true;
	/* each change makes the word shorter, or takes away a letter that never comes back */
	while (changed) {
		changed = collapse(text) || reduce_c(text) || reduce_jo(text);
		for (size_t i = 0; i < sizeof reduce / sizeof reduce[0]; i++)
			changed = replace_first(text, reduce[i].from, reduce[i].to) || changed;
	}
}

static void end_word(struct word *w, struct buf *ret)
{
	char text[WORD_MAX + 1]; /* a longer one's skeleton would be cut when it is folded again */
	size_t n = 0;
	unmix(w);
	for (size_t i = 0; i < w->n; i++)
		add_letter(text, sizeof text, &n, w->c[i], i == 0);
	text[n] = '\0';
	reduce_word(text);
	if (text[0] != '\0') {
		if (ret->n > 0)
			buf_add_octet(ret, ' ');
		buf_add_text(ret, text);
	}
	explicit_bzero(text, sizeof text);
	w->n = 0;
}

/* ---- a text */

void fold_skeleton(struct span utf8, struct buf *ret)
{
	struct letters text;
	struct word w = { .n = 0 };
	struct buf words;
	letters_read(utf8, &text);
	buf_init(&words, ret->limit);
	for (size_t i = 0; i < text.n; i++) {
		const uint32_t c = text.c[i];
		if (letter_is_alnum(c)) {
			if (w.n < WORD_MAX)
				w.c[w.n++] = (UChar32)c;
		} else if (c != LETTER_APOSTROPHE && !letter_is_mark(c))
			end_word(&w, &words);
	}
	end_word(&w, &words);
	buf_add(ret, buf_span(&words));
	if (words.failed)
		ret->failed = true;
	buf_wipe(&words);
	letters_wipe(&text);
}

/* ---- which language, by letters */

#define MARK(l) (1u << LANGUAGE_##l)

static const struct {
	uint32_t letter;
	unsigned languages; /* those that have it */
} marks[] = {
	{ 0x4D9, MARK(KK) }, { 0x456, MARK(KK) }, { 0x4B1, MARK(KK) }, { 0x4BB, MARK(KK) },
	{ 0x49B, MARK(KK) | MARK(UZ_CYRL) | MARK(TG) }, { 0x493, MARK(KK) | MARK(UZ_CYRL) | MARK(TG) },
	{ 0x4A3, MARK(KK) | MARK(KY) }, { 0x4E9, MARK(KK) | MARK(KY) }, { 0x4AF, MARK(KK) | MARK(KY) },
	{ 0x45E, MARK(UZ_CYRL) }, { 0x4B3, MARK(UZ_CYRL) | MARK(TG) }, { 0x4E3, MARK(TG) },
	{ 0x4EF, MARK(TG) }, { 0x4B7, MARK(TG) }, { 0x449, MARK(RU) },
};

static enum language lowest(unsigned set)
{
	/* ө ү ң without a Kazakh letter are Kyrgyz; ҳ without a Tajik one Uzbek; қ ғ alone Kazakh */
	static const enum language order[] = { LANGUAGE_RU, LANGUAGE_KY, LANGUAGE_UZ_CYRL, LANGUAGE_TG,
		LANGUAGE_KK };
	if ((set & MARK(KK)) != 0 && (set & MARK(KY)) == 0)
		return LANGUAGE_KK;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if ((set & (1u << order[i])) != 0)
			return order[i];
	return LANGUAGE_UNKNOWN;
}

enum language fold_guess(struct span utf8, bool *ret_sure)
{
	struct letters text;
	unsigned possible = MARK(KK) | MARK(UZ_CYRL) | MARK(KY) | MARK(TG) | MARK(RU), seen = 0;
	size_t latin = 0, cyrillic = 0;
	letters_read(utf8, &text);
	for (size_t i = 0; i < text.n; i++) {
		const uint32_t c = text.c[i];
		latin += letter_is_latin(c) ? 1 : 0;
		cyrillic += letter_is_cyrillic(c) ? 1 : 0;
		for (size_t j = 0; j < sizeof marks / sizeof marks[0]; j++)
			if (marks[j].letter == c) {
				seen |= marks[j].languages;
				if ((possible & marks[j].languages) != 0)
					possible &= marks[j].languages;
			}
	}
	letters_wipe(&text);
	*ret_sure = false;
	if (latin + cyrillic == 0)
		return LANGUAGE_UNKNOWN;
	if (latin > cyrillic)
		return LANGUAGE_UZ;
	if (seen == 0)
		return LANGUAGE_RU;
	*ret_sure = (possible & (possible - 1)) == 0; /* one is left */
	return lowest(possible);
}
