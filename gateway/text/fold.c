/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letter by letter, a word is read into sounds; where two that meet have a rule, they are put
 * together at once, so that what was read so far is always in its last form. Rules and letters are
 * in fold.rules.
 *
 * A word has two forms. For matching, its sounds: ҷ is ж or ч, Latin c is k or s, each a set. For
 * whoever asks whether two words are one, the printed skeleton, where what a missing mark alone
 * makes different is the same: u is o there, and ч is j. Printed letters have sounds too: they are
 * read and printed until nothing changes, which makes the skeleton of a skeleton itself. */
#include "text/fold.h"

#include <string.h>

#include "text/letters.h"
#include "base/banned.h"

#define NO_SOUND 0xFFu
#define SPELLED_MIN 4u /* "с т о п" is a word; "я и ты" are three */

enum kind { KIND_BETWEEN, KIND_CLAUSE_END, KIND_MARK, KIND_APOSTROPHE, KIND_DIGIT, KIND_OTHER,
	KIND_LATIN, KIND_CYRILLIC };
struct letter {
	uint8_t kind, n, sound[2];
};
enum { PAIR_NONE, PAIR_ANYWHERE, PAIR_FIRST, PAIR_INSIDE };

#include "text/fold_tables.h"

_Static_assert(SOUND_DIGIT + 10 <= FOLD_SOUNDS_MAX, "sounds and digits have numbers");
_Static_assert(PLAIN_SOUNDS + 10 <= 64, "a set of plain sounds is 64 bits");

struct err fold_start(void)
{
	return letters_start();
}

uint64_t fold_reads(uint8_t sound)
{
	return sound < SOUNDS ? reads[sound]
	                      : UINT64_C(1) << (PLAIN_SOUNDS + (unsigned)sound - SOUND_DIGIT);
}

uint64_t fold_typed(uint8_t sound)
{
	return sound < SOUNDS ? typed[sound] : fold_reads(sound);
}

uint8_t fold_likeliest(uint8_t sound)
{
	return sound < SOUNDS ? likeliest[sound] : (uint8_t)(PLAIN_SOUNDS + sound - SOUND_DIGIT);
}

bool fold_is_digit(uint8_t sound) { return sound >= SOUND_DIGIT; }

/* What is in neither table sounds like nothing, but a letter of it belongs to its word. */
static struct letter letter_of(uint32_t c)
{
	if (c < LOW_END)
		return low[c];
	if (c >= MORE && c < MORE_END)
		return more[c - MORE];
	const bool is_of_word = letter_is_alnum(c);
	return (struct letter){ .kind = is_of_word          ? KIND_OTHER
	                                : letter_is_mark(c) ? KIND_MARK
	                                                    : KIND_BETWEEN };
}

/* ---- sounds of a word */
/* Beyond the word's room sounds are dropped. A rule's outcome may meet the sound before it. */
static void add_sound(struct fold_word *w, uint8_t sound)
{
	while (w->n > 0 && !fold_is_digit(sound)) {
		const uint8_t last = w->sound[w->n - 1];
		if (fold_is_digit(last))
			break;
		if (last == sound)
			return;
		const struct pair *p = &pairs[pair_a[last][sound]];
		if (p->where == (w->n == 1 ? PAIR_INSIDE : PAIR_FIRST))
			p = &pairs[pair_b[last][sound]];
		if (p->where == PAIR_NONE || p->where == (w->n == 1 ? PAIR_INSIDE : PAIR_FIRST))
			break;
		w->n--;
		if (p->n == 2)
			add_sound(w, p->sound[0]); /* no rule makes two of what a rule made */
		sound = p->sound[p->n - 1];
	}
	if (w->n < FOLD_WORD_MAX)
		w->sound[w->n++] = sound;
}

static void add_coarse(struct fold_word *w, uint8_t sound)
{
	if (fold_is_digit(sound))
		add_sound(w, sound);
	else if (sound == SOUND_u && w->n >= 2 && w->sound[w->n - 1] == SOUND_i)
		add_sound(w, sound); /* ю is not ё */
	else
		add_sound(w, coarse[sound]);
}

/* Each turn makes it shorter, or takes away sounds that never come back. */
static void coarsen(struct fold_word *w)
{
	struct fold_word before;
	do {
		before = *w;
		w->n = 0;
		for (size_t i = 0; i < before.n; i++)
			add_coarse(w, before.sound[i]);
	} while (w->n != before.n || memcmp(w->sound, before.sound, w->n) != 0);
}

/* ---- words of a text */
struct reader {
	struct letters text;
	size_t at;
	size_t token_end;        /* of what stands between blanks; digits part it further */
	bool digits_are_letters; /* in it */
	bool is_cyrillic;        /* the text */
	bool is_new_clause;
};

static bool is_of_token(uint8_t kind) { return kind >= KIND_MARK; }

static void read_text(struct span utf8, struct reader *r)
{
	size_t latin = 0, cyrillic = 0;
	letters_read(utf8, &r->text);
	r->at = r->token_end = 0;
	r->is_new_clause = true;
	for (size_t i = 0; i < r->text.n; i++) {
		const uint8_t kind = letter_of(r->text.c[i]).kind;
		latin += kind == KIND_LATIN ? 1 : 0;
		cyrillic += kind == KIND_CYRILLIC ? 1 : 0;
	}
	r->is_cyrillic = cyrillic > 2 * latin;
}

/* Goes to the next token; false at the end. */
static bool find_token(struct reader *r)
{
	size_t letters = 0;
	while (r->at < r->text.n) {
		const uint8_t kind = letter_of(r->text.c[r->at]).kind;
		if (is_of_token(kind))
			break;
		r->is_new_clause = r->is_new_clause || kind == KIND_CLAUSE_END;
		r->at++;
	}
	r->token_end = r->at;
	while (r->token_end < r->text.n) {
		const uint8_t kind = letter_of(r->text.c[r->token_end]).kind;
		if (!is_of_token(kind))
			break;
		letters += kind >= KIND_OTHER ? 1 : 0;
		r->token_end++;
	}
	r->digits_are_letters = letters >= 2;
	return r->at < r->token_end;
}

static bool is_digit_at(const struct reader *r, size_t i)
{
	return i < r->token_end && r->text.c[i] >= '0' && r->text.c[i] <= '9';
}

/* "4ас", "по6или": one digit amid letters that looks or sounds like one. */
static bool is_letter_digit(const struct reader *r, size_t i)
{
	return r->digits_are_letters && is_digit_at(r, i) && !is_digit_at(r, i + 1) &&
	       (i == 0 || !is_digit_at(r, i - 1)) && digit_sounds[r->text.c[i] - '0'][0] != NO_SOUND;
}

/* How letters that look alike are meant. */
struct script {
	bool to_cyrillic, to_latin;
	bool has_cyrillic;
};

static uint8_t look_alike(uint32_t c, bool to_cyrillic, bool *ret_there)
{
	for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
		if (c == (to_cyrillic ? alike[i].latin : alike[i].cyrillic)) {
			*ret_there = true;
			return to_cyrillic ? alike[i].sound : low[alike[i].latin].sound[0];
		}
	*ret_there = false;
	return NO_SOUND;
}

/* Who mixes both in a word meant one alphabet: the one that all letters of the other have a double
 * in, else that of more letters. */
static struct script script_of(const struct reader *r, size_t start, size_t end)
{
	size_t latin = 0, cyrillic = 0, latin_odd = 0, cyrillic_odd = 0;
	for (size_t i = start; i < end; i++) {
		const uint8_t kind = letter_of(r->text.c[i]).kind;
		bool has_double = true;
		if (kind == KIND_LATIN) {
			latin++;
			(void)look_alike(r->text.c[i], true, &has_double);
			latin_odd += has_double ? 0 : 1;
		} else if (kind == KIND_CYRILLIC) {
			cyrillic++;
			(void)look_alike(r->text.c[i], false, &has_double);
			cyrillic_odd += has_double ? 0 : 1;
		}
	}
	if (cyrillic == 0)
		return (struct script){ .to_cyrillic = r->is_cyrillic && latin_odd == 0 };
	if (latin == 0)
		return (struct script){ .has_cyrillic = true };
	const bool is_cyrillic = latin_odd == 0 && (cyrillic_odd > 0 || cyrillic >= latin);
	const bool is_latin = cyrillic_odd == 0 && !is_cyrillic;
	return (struct script){ .to_cyrillic = is_cyrillic || (!is_latin && cyrillic >= latin),
		.to_latin = is_latin, .has_cyrillic = true };
}

static void add_letter(struct fold_word *w, uint32_t c, struct letter l)
{
	for (size_t i = 0; w->n == 0 && i < sizeof firsts / sizeof firsts[0]; i++)
		if (firsts[i].letter == c)
			l = (struct letter){ l.kind, firsts[i].n, { firsts[i].sound[0], firsts[i].sound[1] } };
	for (size_t i = 0; i < l.n; i++)
		add_sound(w, l.sound[i]);
}

static void mark_last(struct fold_word *w, uint32_t letter)
{
	for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++)
		if (marked[i].letter == letter)
			add_sound(w, marked[i].sound);
}

static void read_word(const struct reader *r, size_t start, size_t end, struct fold_word *ret)
{
	const struct script s = script_of(r, start, end);
	uint32_t last = 0; /* the letter before, to leave out what is stretched */
	for (size_t i = start; i < end; i++) {
		const uint32_t c = r->text.c[i];
		const struct letter l = letter_of(c);
		bool has_double = false;
		uint8_t other = NO_SOUND;
		if (l.kind == KIND_APOSTROPHE)
			mark_last(ret, last);
		if (l.kind < KIND_DIGIT || c == last)
			continue;
		last = c;
		if (l.kind == KIND_DIGIT)
			other = digit_sounds[c - '0'][s.has_cyrillic ? 1 : 0];
		else if (l.kind == KIND_LATIN && s.to_cyrillic)
			other = look_alike(c, true, &has_double);
		else if (l.kind == KIND_CYRILLIC && s.to_latin)
			other = look_alike(c, false, &has_double);
		if (other != NO_SOUND)
			add_sound(ret, other);
		else
			add_letter(ret, c, l);
	}
}

/* The next word that sounds like anything; false at the end. */
static bool next_word(struct reader *r, struct fold_word *ret)
{
	ret->n = 0;
	while (ret->n == 0) {
		if (r->at >= r->token_end && !find_token(r))
			return false;
		size_t end = r->at;
		if (is_digit_at(r, end) && !is_letter_digit(r, end)) {
			while (is_digit_at(r, end)) {
				add_sound(ret, (uint8_t)(SOUND_DIGIT + r->text.c[end] - '0'));
				end++;
			}
		} else {
			while (end < r->token_end && (!is_digit_at(r, end) || is_letter_digit(r, end)))
				end++;
			read_word(r, r->at, end, ret);
		}
		r->at = end;
	}
	ret->begins_clause = r->is_new_clause;
	r->is_new_clause = false;
	return true;
}

/* ---- words that are spelled out, "с т о п" */
struct spelled {
	struct fold_word whole;    /* the letters that stood alone, together */
	struct fold_word alone[SPELLED_MIN - 1];
	size_t count;
};

static void spell_end(struct spelled *s, bool is_coarse,
                      void (*take)(const struct fold_word *, void *), void *arg)
{
	if (is_coarse)
		coarsen(&s->whole);
	for (size_t i = 0; i < s->count && s->count < SPELLED_MIN; i++)
		take(&s->alone[i], arg);
	if (s->count >= SPELLED_MIN)
		take(&s->whole, arg);
	s->count = 0;
}

static void spell_on(struct spelled *s, const struct fold_word *w)
{
	if (s->count == 0)
		s->whole = (struct fold_word){ .begins_clause = w->begins_clause };
	if (s->count < SPELLED_MIN - 1)
		s->alone[s->count] = *w;
	add_sound(&s->whole, w->sound[0]);
	s->count++;
}

static void each_word(struct span utf8, bool is_coarse,
                      void (*take)(const struct fold_word *, void *), void *arg)
{
	struct reader r;
	struct fold_word w;
	struct spelled s = { .count = 0 };
	read_text(utf8, &r);
	while (next_word(&r, &w)) {
		if (is_coarse)
			coarsen(&w);
		if (w.n == 1 && !fold_is_digit(w.sound[0])) {
			spell_on(&s, &w);
			continue;
		}
		spell_end(&s, is_coarse, take, arg);
		take(&w, arg);
	}
	spell_end(&s, is_coarse, take, arg);
	letters_wipe(&r.text);
	explicit_bzero(&w, sizeof w);
	explicit_bzero(&s, sizeof s);
}

/* ---- a text */
static void print_word(const struct fold_word *w, void *arg)
{
	struct buf *ret = arg;
	if (ret->n > 0)
		buf_add_octet(ret, ' ');
	for (size_t i = 0; i < w->n; i++)
		if (fold_is_digit(w->sound[i]))
			buf_add_octet(ret, (uint8_t)('0' + w->sound[i] - SOUND_DIGIT));
		else
			buf_add_text(ret, w->sound[i] == SOUND_u ? "u" : printed[w->sound[i]]);
}

void fold_skeleton(struct span utf8, struct buf *ret)
{
	struct buf words;
	buf_init(&words, ret->limit);
	each_word(utf8, true, print_word, &words);
	buf_add(ret, buf_span(&words));
	if (words.failed)
		ret->failed = true;
	buf_wipe(&words);
}

static void keep_word(const struct fold_word *w, void *arg)
{
	struct fold_words *ret = arg;
	if (ret->n < FOLD_WORDS_MAX)
		ret->word[ret->n++] = *w;
}

void fold_words(struct span utf8, struct fold_words *ret)
{
	ret->n = 0;
	each_word(utf8, false, keep_word, ret);
}

void fold_words_wipe(struct fold_words *w)
{
	explicit_bzero(w->word, w->n * sizeof w->word[0]);
	w->n = 0;
}
