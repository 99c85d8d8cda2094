/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialogue.h - a written-down AT dialogue: what was said to a modem, and what it answered when.
 *
 * Standard:  tests/dialogues/README.md has the format.
 * Ownership: dialogue_open() makes all of it, dialogue_close() frees it; `next` and `told` are the
 *            player's, the rest stays as it was read.
 * Errors:    NULL; the file, the line and what is wrong with it go to stderr.
 * Threads:   none.   Units: ms as the file has them; text in octets.
 */
#ifndef SIM_DIALOGUE_H
#define SIM_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct step {
	int64_t ms;     /* since the command; since the start, in the opening */
	bool built_in;  /* the built-in modem answers here, to `text` if there is any */
	char *text;     /* ended by a NUL, which isn't counted */
	size_t n;
};

struct answer {
	int line; /* of the command in the file */
	int64_t ms;
	struct step *steps;
	size_t n;
	size_t end; /* steps before it are the answer, later ones came by themselves; 0: no answer */
	bool is_echoed, is_good, is_prompt; /* how it ends */
	bool told;  /* what came by itself was said already */
};

struct saying {
	char *text; /* without what ends it; a pattern */
	bool is_message; /* stands behind the prompt, ended by Ctrl-Z */
	struct answer *answers;
	size_t n, next;
};

struct dialogue {
	struct saying *sayings;
	size_t n;
	struct answer opening; /* all of it comes by itself */
	char built_in[8];      /* "huawei", "plain", or "" when the file doesn't say */
};

struct dialogue *dialogue_open(const char *path);
void dialogue_close(struct dialogue *d);

/* Whether `said` is what the pattern stands for. */
bool dialogue_matches(const char *pattern, const char *said);

/* The entry for it: one that is the same, else the first that matches; NULL: none. */
struct saying *dialogue_find(struct dialogue *d, const char *said, bool is_message);

#endif
