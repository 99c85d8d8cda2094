/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content_world.h - a copy of the tree's own messages and locales in a folder of its own, of which
 * tests change a place. A place is a path of names; "#id" is the element of a list with that id:
 * "texts/answer.town/text", "entries/#hotline/source". */
#ifndef SAFAR_TESTS_CONTENT_WORLD_H
#define SAFAR_TESTS_CONTENT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "content/topics.h"

#ifndef SAFAR_SOURCE
#define SAFAR_SOURCE "."
#endif
#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"

struct world {
	char folder[64];
	char told[1u << 17]; /* "error ky.json: KEY: TEXT", a line each */
	struct content *c;   /* of the last check; NULL: it had errors */
};

int open_world(void **state);
int close_world(void **state);
void must(struct err e);

/* `json` NULL: the member is taken away; "+X" is added to a list. Afterwards the file is printed
 * anew. */
void given(struct world *w, const char *file, const char *path, const char *json);
void given_text(struct world *w, const char *tag, const char *key, const char *text);
/* An entry of the directory that helps; `towns` and `regions` are JSON lists. */
void given_entry(struct world *w, const char *id, const char *kind, const char *towns,
                 const char *regions, const char *number, const char *dial_from,
                 const char *expires);

void when_checked(struct world *w, int64_t now_ms);
void then_told(struct world *w, const char *what);
void then_not_told(struct world *w, const char *what);
/* Checked, and there is an error that says so. */
void then_error(struct world *w, const char *what);

char *read_file(struct world *w, const char *file); /* the caller's, free() */
void write_file(struct world *w, const char *file, const char *octets);

/* Milliseconds of a day's noon, UTC. */
int64_t day(int year, int month, int day_of_month);

#endif
