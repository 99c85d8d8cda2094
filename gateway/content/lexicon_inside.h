/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lexicon_inside.h - how a lexicon is kept.  Room: content, private to lexicon*.c.
 * Each word of a pattern is a class: the set of forms that may stand there. The forms of all
 * classes are one trie over sounds; a pattern is found by that of its classes which is rarest. */
#ifndef SAFAR_CONTENT_LEXICON_INSIDE_H
#define SAFAR_CONTENT_LEXICON_INSIDE_H

#include "content/lexicon.h"

#define NO_CLASS 0xFFFFu

enum ending { ENDING_NONE, ENDING_ANY, ENDING_CASE };

struct trie_node {
	uint64_t children;    /* a bit a sound; they stand together, in the order of the bits */
	uint32_t first;       /* child */
	uint32_t end;         /* 1 + number of the first end here; 0: none */
};
struct trie_end {
	uint16_t class;
	uint8_t ending;       /* enum ending */
	bool is_last;         /* of this node */
};
struct trie {
	struct trie_node *node;
	struct trie_end *end;
	size_t nodes, ends;
};

/* A form while the trie isn't made yet. */
struct form {
	uint32_t at;          /* in `sounds` */
	uint16_t class;
	uint8_t n, ending;
};
struct forms {
	struct form *list;
	size_t n, room;
	uint8_t *sounds;
	size_t sounds_n, sounds_room;
};

struct pattern {
	struct meaning meaning;
	uint16_t class[PATTERN_WORDS_MAX];
	uint8_t n;
	bool is_any_order;
	uint32_t next;        /* 1 + the next one of the same first class, while it is filled */
};
struct anchor {
	uint16_t pattern;
	uint8_t word;
};

struct class_name;
struct lexicon {
	struct trie words, endings;
	struct pattern *pattern;
	size_t patterns, pattern_room;
	struct anchor *anchor;   /* of all classes, one class after the other */
	uint32_t *anchors_of;    /* classes + 1 */
	size_t classes;
	uint16_t *forms_of;      /* a class: how many it has */
	uint8_t *languages_of;   /* a class: of the patterns that it is in; 0: any */
	/* until it is finished */
	struct forms word_forms, ending_forms;
	struct class_name *names; /* a hash table of what a class was written as */
	size_t names_room;
	uint32_t *first_of;       /* a class: 1 + its first pattern */
	bool failed;
};

/* The end where a whole word stands, or NULL. */
bool trie_has(const struct trie *t, const uint64_t *reads, size_t n);

static inline uint32_t trie_child(const struct trie *t, const struct trie_node *node, unsigned bit)
{
	(void)t;
	const uint64_t below = node->children & ((UINT64_C(1) << bit) - 1);
	return node->first + (uint32_t)__builtin_popcountll(below);
}

#endif
