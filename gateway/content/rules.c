/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which texts a language has: those of the dialog, which the code names, and those of each topic. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

#define BODY_CHARACTERS 100u /* so that the lines below it fit: design, "Languages" */
#define TITLE_CHARACTERS 14u
#define LINE_CHARACTERS 40u  /* the answers that they end are measured whole besides */
#define WAY_CHARACTERS 10u   /* of a page: each takes them from the text that goes on */
#define PAGE_CHARACTERS 80u  /* all of a page of UCS-2 */
#define SHEET_CHARACTERS 48u /* a line on paper */
#define LIST_CHARACTERS 134u /* two parts of UCS-2 */

const char *const placeholder_words[PLACEHOLDER_COUNT] = { [PLACEHOLDER_HOTLINE] = "hotline",
	[PLACEHOLDER_EMERGENCY] = "emergency", [PLACEHOLDER_NUMBER] = "number",
	[PLACEHOLDER_NAME] = "name", [PLACEHOLDER_WORD] = "word" };

#define HOTLINE PLACEHOLDER_BIT(PLACEHOLDER_HOTLINE)
#define EMERGENCY PLACEHOLDER_BIT(PLACEHOLDER_EMERGENCY)
#define NUMBER PLACEHOLDER_BIT(PLACEHOLDER_NUMBER)
#define NAME PLACEHOLDER_BIT(PLACEHOLDER_NAME)
#define WORD PLACEHOLDER_BIT(PLACEHOLDER_WORD)

static const struct text_rule dialog[] = {
	{ .key = "answer.abroad", .characters = BODY_CHARACTERS, .may = EMERGENCY, .must = NUMBER },
	{ .key = "answer.call", .characters = LIST_CHARACTERS, .may = EMERGENCY, .must = HOTLINE,
	  .all_letters = true },
	{ .key = "answer.call.known", .characters = BODY_CHARACTERS, .may = EMERGENCY,
	  .must = HOTLINE },
	{ .key = "answer.deleted", .characters = BODY_CHARACTERS },
	{ .key = "answer.language", .characters = BODY_CHARACTERS },
	{ .key = "answer.languages", .characters = LIST_CHARACTERS, .all_letters = true },
	{ .key = "answer.last", .characters = BODY_CHARACTERS, .may = HOTLINE | EMERGENCY },
	{ .key = "answer.late", .characters = BODY_CHARACTERS, .may = HOTLINE | EMERGENCY },
	{ .key = "answer.other", .characters = BODY_CHARACTERS, .may = EMERGENCY, .must = HOTLINE },
	{ .key = "answer.start", .characters = BODY_CHARACTERS },
	{ .key = "answer.stop", .characters = BODY_CHARACTERS },
	{ .key = "answer.town", .characters = BODY_CHARACTERS },
	{ .key = "line.forget", .characters = LINE_CHARACTERS },
	{ .key = "line.language", .characters = LINE_CHARACTERS },
	{ .key = "line.menu", .characters = LINE_CHARACTERS },
	{ .key = "line.service", .characters = BODY_CHARACTERS, .must = NAME | NUMBER },
	{ .key = "line.start", .characters = TITLE_CHARACTERS },
	{ .key = "material.about", .characters = SHEET_CHARACTERS },
	{ .key = "material.answer", .characters = SHEET_CHARACTERS },
	{ .key = "material.missed", .characters = SHEET_CHARACTERS },
	{ .key = "material.write", .characters = SHEET_CHARACTERS, .must = WORD },
	{ .key = "ussd.again", .characters = TITLE_CHARACTERS },
	{ .key = "ussd.back", .characters = WAY_CHARACTERS },
	{ .key = "ussd.continue", .characters = TITLE_CHARACTERS },
	{ .key = "ussd.next", .characters = WAY_CHARACTERS },
	{ .key = "ussd.sent", .characters = PAGE_CHARACTERS },
	{ .key = "ussd.sms", .characters = LINE_CHARACTERS },
	{ .key = "ussd.wrong", .characters = LINE_CHARACTERS },
};

const char *content_dialog_key(size_t n)
{
	return n < sizeof dialog / sizeof dialog[0] ? dialog[n].key : NULL;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct text_rule *)a)->key, ((const struct text_rule *)b)->key);
}

static void add(struct text_rules *r, struct text_rule new, const char *id, const char *what)
{
	(void)snprintf(new.key, sizeof new.key, "topic.%s.%s", id, what);
	r->list[r->n++] = new;
}

void rules_make(const struct topics *t, struct text_rules *ret)
{
	ret->n = sizeof dialog / sizeof dialog[0];
	memcpy(ret->list, dialog, sizeof dialog);
	for (size_t i = 0; i < t->n; i++) { /* TEXTS_MAX has room for two texts a topic */
		const struct topic *topic = &t->list[i];
		add(ret, (struct text_rule){ .characters = TITLE_CHARACTERS, .topic = topic }, topic->id,
		    "title");
		add(ret, (struct text_rule){ .characters = BODY_CHARACTERS, .topic = topic,
			.may = HOTLINE | EMERGENCY, .must = topic->service == KIND_NONE ? 0 : NUMBER,
			.optional = topic->children > 0 }, topic->id, "body");
	}
	qsort(ret->list, ret->n, sizeof ret->list[0], by_key);
}

const struct text_rule *rules_find(const struct text_rules *r, const char *key)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->list[i].key, key) == 0)
			return &r->list[i];
	return NULL;
}
