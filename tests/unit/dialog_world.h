/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dialog_world.h - a store, a vault and a dialog in a folder of their own, and a SIM that people
 * write to. */
#ifndef SAFAR_TESTS_DIALOG_WORLD_H
#define SAFAR_TESTS_DIALOG_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialog/dialog.h"

#ifndef SAFAR_SOURCE
#define SAFAR_SOURCE "."
#endif
#define MESSAGES SAFAR_SOURCE "/messages"
#define LOCALES SAFAR_SOURCE "/locales"
#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"
#define MINUTE_MS INT64_C(60000)
#define SIM 7
#define KK "+77010000001"
#define UZ "+998901234567"

struct world {
	char folder[64];
	struct store *st;
	struct vault *v;
	struct content *c;
	struct dialog *d;
	int64_t now_ms;
	uint8_t pdu; /* of the newest text */
	struct dialog_result result;
};

int open_world(void **state);
int close_world(void **state);
void must(struct err e); /* fails the test with the error's text */

void given_people_keys(struct world *w);
void when_unlocked(struct world *w);
/* A power cut: the same folder, all else anew. The people ring is closed then. */
void when_restarted(struct world *w);

struct text {
	struct world *w;
	struct mo mo;
};
struct text new_text(struct world *w, const char *sender, const char *text);
struct err take_text(struct txn *tx, void *arg); /* a struct text */
void when_text(struct world *w, const char *sender, const char *text);
void when_old_text(struct world *w, const char *sender, const char *text, int64_t age_ms);
void when_call(struct world *w, const char *caller);
unsigned wishes_to_be_rung(struct world *w);

/* What waits next, as the phone will show it; false: nothing does. */
struct saying {
	int64_t id;
	char key[64], phone[32], text[1024];
	enum language language;
};
bool look_said(struct world *w, struct saying *ret);
/* The one answer that waits; its text, as the phone will show it, into said[512]. `key` NULL: any. */
void then_said(struct world *w, const char *phone, const char *key, enum language language,
               char said[512]);
void then_answer(struct world *w, const char *phone, const char *key, enum language language);
void then_silence(struct world *w);
void then_inbox_has(struct world *w, unsigned messages, unsigned silent);
bool is_stopped(struct world *w, const char *number);

#endif
