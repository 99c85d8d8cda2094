/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/training/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define FEW_LINES 8000u /* of a kind: of so many half as much is drawn as of any number */

enum kind { KIND_PROSE, KIND_INTERFACE, KIND_WORDS, KINDS };

/* Files: both scripts of Uzbek are one class, and share what it has; all that is in the Latin one is
 * Latin, of the others a third. */
static const struct {
	const char *name;
	unsigned class, share;
} files[] = {
	{ "kk", 0, 20 }, { "ru", 1, 20 }, { "uz", 2, 11 }, { "uz-Cyrl", 2, 14 }, { "ky", 3, 20 },
	{ "tg", 4, 20 }, { "en", 5, 8 },
};
#define FILES (sizeof files / sizeof files[0])
#define UZ_CYRL 3u

struct list {
	struct span *line;
	size_t count, room;
};

struct corpus {
	struct list learn[FILES][KINDS];
	struct list test[FILES];
	size_t test_count;
};

static bool list_add(struct list *l, struct span line)
{
	if (l->count == l->room) {
		const size_t room = l->room == 0 ? 1024 : 2 * l->room;
		struct span *more = reallocarray(l->line, room, sizeof *more);
		if (more == NULL)
			return false;
		l->line = more;
		l->room = room;
	}
	l->line[l->count++] = line;
	return true;
}

/* The file whole; it is never freed: the trainer ends with it. */
static struct span slurp(const char *folder, const char *name, const char *end)
{
	char path[1024];
	(void)snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
	FILE *in = fopen(path, "rb");
	struct buf b;
	buf_init(&b, SIZE_MAX / 2);
	char octets[65536];
	size_t n;
	while (in != NULL && (n = fread(octets, 1, sizeof octets, in)) > 0)
		buf_add(&b, span_make(octets, n));
	if (in != NULL)
		(void)fclose(in);
	return buf_span(&b);
}

static struct span take_field(struct span *line)
{
	struct span field = span_make(NULL, 0);
	(void)span_take(line, '\t', &field); /* at the end: an empty one */
	return field;
}

static enum kind kind_of(struct span kind)
{
	return span_is(kind, "interface") ? KIND_INTERFACE
	       : span_is(kind, "dictionary") || span_is(kind, "names") ? KIND_WORDS : KIND_PROSE;
}

static void read_texts(const char *folder, size_t file, struct list learn[KINDS], struct list *test)
{
	struct span rest = slurp(folder, files[file].name, ".tsv"), line;
	while (span_line(&rest, &line)) {
		(void)take_field(&line);
		const enum kind kind = kind_of(take_field(&line));
		struct list *l = test != NULL ? test : &learn[kind];
		if (line.n > 0 && !list_add(l, line))
			exit(1);
	}
}

static void read_words(const char *folder, size_t file, struct list *words)
{
	struct span rest = slurp(folder, files[file].name, ".txt"), line;
	while (span_line(&rest, &line)) {
		const struct span word = take_field(&line);
		if (word.n > 0 && !list_add(words, word))
			exit(1);
	}
}

struct corpus *corpus_read(const char *folder)
{
	char test[1024], words[1024];
	struct corpus *c = calloc(1, sizeof *c);
	if (c == NULL)
		return NULL;
	(void)snprintf(test, sizeof test, "%s/test", folder);
	(void)snprintf(words, sizeof words, "%s/words", folder);
	for (size_t f = 0; f < FILES; f++) {
		read_texts(folder, f, c->learn[f], NULL);
		read_words(words, f, &c->learn[f][KIND_WORDS]);
		if (files[f].class < 5)
			read_texts(test, f, NULL, &c->test[f]);
		c->test_count += c->test[f].count;
		fprintf(stderr, "%-8s prose %zu, interface %zu, words %zu, test %zu\n", files[f].name,
		        c->learn[f][KIND_PROSE].count, c->learn[f][KIND_INTERFACE].count,
		        c->learn[f][KIND_WORDS].count, c->test[f].count);
		if (c->learn[f][KIND_PROSE].count + c->learn[f][KIND_INTERFACE].count == 0) {
			fprintf(stderr, "%s: no texts in %s\n", files[f].name, folder);
			return NULL;
		}
	}
	return c;
}

/* `count` words of the line, from a random one on. */
static struct span window(struct span line, uint32_t count, struct dice *d)
{
	uint32_t words = 1;
	for (size_t i = 0; i < line.n; i++)
		words += line.p[i] == ' ' ? 1 : 0;
	if (words <= count)
		return line;
	uint32_t skip = dice_below(d, words - count + 1), seen = 0;
	size_t from = 0, to = line.n;
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == ' ') {
			seen++;
			if (seen == skip)
				from = i + 1;
			if (seen == skip + count) {
				to = i;
				break;
			}
		}
	return span_make(line.p + from, to - from);
}

static struct span any(const struct list *l, struct dice *d)
{
	return l->line[dice_below(d, (uint32_t)l->count)];
}

#define COMMON 20000u /* words.txt has the likelier words first */

/* Three of four are common words: those are what short texts are made of. */
static struct span any_word(const struct list *words, struct dice *d)
{
	struct list some = *words;
	if (dice_below(d, 4) > 0 && some.count > COMMON)
		some.count = COMMON;
	return any(&some, d);
}

static void draw_words(const struct list *words, struct dice *d, struct buf *ret)
{
	const uint32_t count = 1 + dice_below(d, 3);
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_octet(ret, ' ');
		buf_add(ret, any_word(words, d));
	}
}

static uint32_t draw_length(struct dice *d)
{
	const uint32_t which = dice_below(d, 10);
	return which < 5 ? 1 + dice_below(d, 3) : which < 8 ? 4 + dice_below(d, 5)
	       : 9 + dice_below(d, 12);
}

/* Of what there is plenty of: two fifths each prose and words, a fifth interface. Of little text less
 * is drawn, lest its few lines be learnt by heart; words are many everywhere. */
static enum kind draw_kind(const struct list learn[KINDS], struct dice *d)
{
	static const uint32_t share[KINDS] = { [KIND_PROSE] = 2000, [KIND_INTERFACE] = 1000,
		[KIND_WORDS] = 2000 };
	uint32_t part[KINDS], all = 0;
	for (size_t k = 0; k < KINDS; k++)
		all += part[k] = (uint32_t)(share[k] * learn[k].count / (learn[k].count + FEW_LINES));
	uint32_t at = dice_below(d, all);
	size_t kind = 0;
	while (at >= part[kind])
		at -= part[kind++];
	return (enum kind)kind;
}

void corpus_spell(struct span text, unsigned form, struct dice *d, struct buf *ret)
{
	if (form == CORPUS_FOLDED)
		spell_folded(text, d, ret);
	else if (form == CORPUS_LATIN)
		spell_latin(text, d, ret);
	else
		buf_add(ret, text);
}

static size_t draw_file(struct dice *d)
{
	uint32_t all = 0;
	for (size_t f = 0; f < FILES; f++)
		all += files[f].share;
	uint32_t at = dice_below(d, all);
	size_t file = 0;
	while (at >= files[file].share)
		at -= files[file++].share;
	return file;
}

unsigned corpus_draw(struct corpus *c, struct dice *d, struct buf *ret)
{
	struct buf text, spelt;
	const size_t file = draw_file(d);
	const unsigned class = files[file].class;
	const struct list *learn = c->learn[file];
	const enum kind kind = draw_kind(learn, d);
	buf_init(&text, ret->limit);
	buf_init(&spelt, ret->limit);
	if (kind == KIND_WORDS)
		draw_words(&learn[KIND_WORDS], d, &text);
	else
		buf_add(&text, window(any(&learn[kind], d), draw_length(d), d));
	const uint32_t f = dice_below(d, 20);
	/* Cyrillic Uzbek in Latin letters is Uzbek's other file */
	const uint32_t latin_from = file == UZ_CYRL ? 19 : 13;
	const unsigned form = class == 5 || f < 8 ? CORPUS_ORIGINAL : f < latin_from ? CORPUS_FOLDED
	                                                                            : CORPUS_LATIN;
	corpus_spell(buf_span(&text), form, d, &spelt);
	if (dice_below(d, 10) == 0)
		spell_typo(buf_span(&spelt), d, ret);
	else
		buf_add(ret, buf_span(&spelt));
	buf_free(&text);
	buf_free(&spelt);
	return class;
}

size_t corpus_test_count(const struct corpus *c)
{
	return c->test_count;
}

struct span corpus_test(const struct corpus *c, size_t i, unsigned *ret_class)
{
	for (size_t f = 0; f < FILES; f++) {
		if (i < c->test[f].count) {
			*ret_class = files[f].class;
			return c->test[f].line[i];
		}
		i -= c->test[f].count;
	}
	return span_make(NULL, 0);
}
