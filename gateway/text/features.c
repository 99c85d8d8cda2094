/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/features.h"

#include <string.h>

#include "base/banned.h"

#define WORD_LETTERS 40u /* of a longer word the rest isn't looked at */
#define EDGE 1u          /* stands before and behind a word */
#define SALT_LATIN UINT64_C(0x9E3779B97F4A7C15)
#define SALT_MARKED UINT64_C(0xC2B2AE3D27D4EB4F)
#define SALT_WORD UINT64_C(0x165667B19E3779F9)

struct symbol {
	uint16_t plain;  /* 0: only `own` has it (an apostrophe) */
	uint16_t own;
	bool is_marked;
};

struct word {
	size_t n;
	size_t cyrillic, latin, digits;
	uint32_t c[WORD_LETTERS];
};

/* Letters that Russian keyboards lack, and what people type for them. */
static const struct {
	uint16_t letter, plain;
} cyrillic_plain[] = {
	{ 0x451, 0x435 } /* ё */, { 0x456, 0x438 }, { 0x457, 0x438 }, { 0x45E, 0x443 }, { 0x491, 0x433 },
	{ 0x493, 0x433 }, { 0x497, 0x436 }, { 0x49B, 0x43A }, { 0x49D, 0x43A }, { 0x4A3, 0x43D },
	{ 0x4AF, 0x443 }, { 0x4B1, 0x443 }, { 0x4B3, 0x445 }, { 0x4B7, 0x447 }, { 0x4BB, 0x445 },
	{ 0x4D9, 0x430 }, { 0x4E3, 0x438 }, { 0x4E9, 0x43E }, { 0x4EF, 0x443 },
};

/* The Latin letter under its marks, 0xC0 to 0x17F and a few beyond; '\0': none of ours. */
static const char latin_plain[] =
	"aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty"  /* C0-FF */
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln" /* 100- */
	"nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static uint16_t plain_cyrillic(uint32_t c)
{
	if (c >= 0x430 && c <= 0x44F)
		return (uint16_t)c;
	for (size_t i = 0; i < sizeof cyrillic_plain / sizeof cyrillic_plain[0]; i++)
		if (cyrillic_plain[i].letter == c)
			return cyrillic_plain[i].plain;
	return (uint16_t)c;
}

static uint16_t plain_latin(uint32_t c)
{
	if (c < 0x80)
		return (uint16_t)c;
	if (c >= 0xC0 && c < 0xC0 + sizeof latin_plain - 1 && latin_plain[c - 0xC0] != '\0')
		return (uint16_t)latin_plain[c - 0xC0];
	static const struct {
		uint16_t letter;
		char plain;
	} more[] = { { 0x259, 'a' }, { 0x1E7, 'g' }, { 0x1F5, 'g' }, { 0x1E21, 'g' }, { 0x219, 's' } };
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		if (more[i].letter == c)
			return (uint16_t)more[i].plain;
	return (uint16_t)c;
}

static uint32_t as_cyrillic(uint32_t c)
{
	static const char latin[] = "abcehikmnoptuxy";
	static const uint16_t cyrillic[] = { 0x430, 0x432, 0x441, 0x435, 0x4BB, 0x456, 0x43A, 0x43C,
		0x43F, 0x43E, 0x440, 0x442, 0x438, 0x445, 0x443 };
	const char *at = c > 0 && c < 0x80 ? strchr(latin, (int)c) : NULL;
	return at != NULL ? cyrillic[at - latin] : c;
}

static uint32_t as_latin(uint32_t c)
{
	static const char latin[] = "abcehikmopxy";
	static const uint16_t cyrillic[] = { 0x430, 0x432, 0x441, 0x435, 0x4BB, 0x456, 0x43A, 0x43C,
		0x43E, 0x440, 0x445, 0x443 };
	for (size_t i = 0; i < sizeof cyrillic / sizeof cyrillic[0]; i++)
		if (cyrillic[i] == c)
			return (uint32_t)latin[i];
	return c;
}

static struct symbol symbol_of(uint32_t c, bool is_latin)
{
	struct symbol s = { .own = (uint16_t)c };
	if (c == LETTER_APOSTROPHE) {
		s.is_marked = true;
		return s;
	}
	s.plain = is_latin ? plain_latin(as_latin(c)) : plain_cyrillic(as_cyrillic(c));
	s.own = (uint16_t)(is_latin ? as_latin(c) : as_cyrillic(c));
	s.is_marked = s.plain != s.own && c != 0x451;
	return s;
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
}

static uint64_t step(uint64_t h, uint16_t letter)
{
	return (h + letter) * UINT64_C(0x9FB21C651E98DF25) ^ h >> 29;
}

static void add(struct features *f, uint64_t hash)
{
	if (f->n < FEATURES_MAX)
		f->hash[f->n++] = mix(hash);
}

static void add_pieces(struct features *f, const uint16_t *letters, size_t n, uint64_t salt)
{
	for (size_t from = 0; from < n; from++) {
		uint64_t h = salt;
		for (size_t size = 1; size <= FEATURE_PIECE && from + size <= n; size++) {
			h = step(h, letters[from + size - 1]);
			if (size > 1 || letters[from] != EDGE)
				add(f, h + size);
		}
	}
	uint64_t whole = salt ^ SALT_WORD;
	for (size_t i = 0; i < n; i++)
		whole = step(whole, letters[i]);
	if (n > FEATURE_PIECE)
		add(f, whole);
}

static void add_marked(struct features *f, const uint16_t *letters, const bool *marked, size_t n,
                       uint64_t salt)
{
	for (size_t from = 0; from < n; from++) {
		uint64_t h = salt ^ SALT_MARKED;
		bool has_mark = false;
		for (size_t size = 1; size <= FEATURE_MARKED && from + size <= n; size++) {
			h = step(h, letters[from + size - 1]);
			has_mark = has_mark || marked[from + size - 1];
			if (has_mark)
				add(f, h + size);
		}
	}
}

static void end_word(struct word *w, struct features *f)
{
	uint16_t plain[WORD_LETTERS + 2] = { EDGE }, own[WORD_LETTERS + 2] = { EDGE };
	bool marked[WORD_LETTERS + 2] = { false }, has_mark = false;
	const bool is_latin = w->latin > w->cyrillic;
	const uint64_t salt = is_latin ? SALT_LATIN : 0;
	size_t np = 1, no = 1;
	if (w->n > 0 && w->c[w->n - 1] == LETTER_APOSTROPHE)
		w->n--; /* a quotation mark; o' at a word's end is rare */
	if (w->latin + w->cyrillic > 0) {
		for (size_t i = 0; i < w->n; i++) {
			const struct symbol s = symbol_of(w->c[i], is_latin);
			if (s.plain != 0)
				plain[np++] = s.plain;
			marked[no] = s.is_marked;
			has_mark = has_mark || s.is_marked;
			own[no++] = s.own;
		}
		plain[np++] = own[no++] = EDGE;
		add_pieces(f, plain, np, salt);
		if (has_mark)
			add_marked(f, own, marked, no, salt);
		f->words++;
		f->latin += w->latin;
		f->cyrillic += w->cyrillic;
	}
	explicit_bzero(w, sizeof *w);
}

/* A letter three times or more is one that is shouted. */
static bool is_stretched(const struct letters *text, size_t i)
{
	const uint32_t c = text->c[i];
	const bool third = i >= 2 && text->c[i - 1] == c && text->c[i - 2] == c;
	const bool second = i >= 1 && i + 1 < text->n && text->c[i - 1] == c && text->c[i + 1] == c;
	return third || second;
}

void features_read(const struct letters *text, struct features *ret)
{
	struct word w = { .n = 0 };
	ret->n = ret->words = ret->cyrillic = ret->latin = 0;
	for (size_t i = 0; i < text->n && ret->n < FEATURES_MAX; i++) {
		const uint32_t c = text->c[i];
		if (letter_is_mark(c) || (letter_is_alnum(c) && is_stretched(text, i)))
			continue;
		if (!letter_is_alnum(c) && !(c == LETTER_APOSTROPHE && w.n > 0)) {
			end_word(&w, ret);
			continue;
		}
		if (w.n == WORD_LETTERS || c > 0xFFFF)
			continue;
		w.cyrillic += letter_is_cyrillic(c) ? 1 : 0;
		w.latin += letter_is_latin(c) ? 1 : 0;
		w.c[w.n++] = c;
	}
	end_word(&w, ret);
}

void features_wipe(struct features *f)
{
	explicit_bzero(f->hash, f->n * sizeof f->hash[0]);
	f->n = 0;
}
