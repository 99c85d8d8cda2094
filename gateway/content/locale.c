/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locales/TAG.json: the texts of one language, each with its state. */
#include <stdio.h>
#include <string.h>

#include "content/format.h"
#include "content/inside.h"
#include "base/banned.h"

static const struct {
	const char *key;
	size_t characters;
} answers[ANSWER_COUNT] = {
#define X(id, key, limit) [ANSWER_##id] = { key, limit },
	ANSWERS(X)
#undef X
};

/* Apostrophes of every shape become the one that GSM-7 has: ʻ or ’ would cost an Uzbek text its
 * 160 characters. */
static void take_text(const char *from, struct buf *ret)
{
	struct span rest = span_of(from);
	uint32_t c;
	while (utf8_next(&rest, &c)) {
		const bool is_apostrophe = c == 0x2BB || c == 0x2BC || c == 0x2018 || c == 0x2019;
		utf8_add(ret, is_apostrophe ? '\'' : c);
	}
}

static size_t characters(struct span text)
{
	size_t n = 0;
	uint32_t c;
	while (utf8_next(&text, &c))
		n++;
	return n;
}

/* It is rendered once as it will be sent: what doesn't work then is a fault now. */
static void check_text(const char *file, const char *tag, enum answer_key k, struct span text,
                       const struct directory *d, struct faults *f)
{
	const struct format_argument arguments[] = {
		{ .name = "hotline", .text = buf_span(&d->hotline) },
		{ .name = "emergency", .text = buf_span(&d->emergency) },
	};
	struct parts parts;
	struct buf said;
	buf_init(&said, TEXT_OCTETS_MAX);
	enum format_err e = format_render(tag, text, arguments, 2, &said);
	if (e != FORMAT_OK)
		fault_add(f, file, answers[k].key, format_err_text(e));
	else if (characters(buf_span(&said)) > answers[k].characters)
		fault_add(f, file, answers[k].key, answers[k].characters == TEXT_CHARACTERS_MAX
		          ? "it has more than 100 characters" : "it has more than 134 characters");
	else if (parts_split(buf_span(&said), &parts) != TEXT_OK)
		fault_add(f, file, answers[k].key, "it can't be sent as a text message");
	buf_free(&said);
}

/* Returns whether a named person has reviewed it. */
static bool is_reviewed(const cJSON *text, const char *file, const char *key, struct faults *f)
{
	static const char *const fields[] = { "text", "state", "by", "when", NULL };
	json_members(text, fields, file, key, f);
	const char *state = json_string(text, "state", true, file, key, f);
	const char *by = json_string(text, "by", false, file, key, f);
	const char *when = json_string(text, "when", false, file, key, f);
	if (strcmp(state, "reviewed") != 0) {
		if (strcmp(state, "draft") != 0)
			fault_add(f, file, key, "state is draft or reviewed");
		return false;
	}
	if (by[0] == '\0' || when[0] == '\0')
		fault_add(f, file, key, "a reviewed text says by whom and when");
	return true;
}

static void check_keys(const cJSON *texts, const char *file, struct faults *f)
{
	const char *keys[ANSWER_COUNT + 1] = { NULL };
	for (size_t k = 0; k < ANSWER_COUNT; k++)
		keys[k] = answers[k].key;
	json_members(texts, keys, file, NULL, f);
}

void locale_read(const char *folder, enum language l, const struct directory *d,
                 struct locale *ret, struct faults *f)
{
	static const char *const outer[] = { "language", "texts", NULL };
	char file[32];
	for (size_t k = 0; k < ANSWER_COUNT; k++)
		buf_init(&ret->text[k], TEXT_OCTETS_MAX);
	(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
	cJSON *root = json_read(folder, file, f);
	if (root == NULL)
		return;
	json_members(root, outer, file, NULL, f);
	if (strcmp(json_string(root, "language", true, file, NULL, f), language_tag(l)) != 0)
		fault_add(f, file, "language", "it is the file's name");
	const cJSON *texts = cJSON_GetObjectItemCaseSensitive(root, "texts");
	check_keys(texts, file, f);
	ret->is_reviewed = true;
	for (enum answer_key k = 0; k < ANSWER_COUNT; k++) {
		const cJSON *text = cJSON_GetObjectItemCaseSensitive(texts, answers[k].key);
		if (text == NULL && l >= LANGUAGE_PEOPLE)
			continue;
		take_text(json_string(text, "text", true, file, answers[k].key, f), &ret->text[k]);
		if (!is_reviewed(text, file, answers[k].key, f))
			ret->is_reviewed = false;
		if (ret->text[k].n > 0)
			check_text(file, language_tag(l), k, buf_span(&ret->text[k]), d, f);
	}
	cJSON_Delete(root);
}

void locale_free(struct locale *l)
{
	for (size_t k = 0; k < ANSWER_COUNT; k++)
		buf_free(&l->text[k]);
}
