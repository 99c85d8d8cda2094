/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locales/TAG.json: the texts of one language, each with its state. Whether they can be said is
 * judged in check.c, when all languages are there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

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

/* FNV-1a of 64 bits: it tells an edit from none, and protects from nobody. */
void text_fingerprint(const char *text, char ret[FINGERPRINT_LIMIT])
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		h = (h ^ *p) * UINT64_C(0x100000001b3);
	(void)snprintf(ret, FINGERPRINT_LIMIT, "%016" PRIx64, h);
}

/* Whether a named person has reviewed it, as it stands there now. */
static void take_state(const cJSON *from, const char *file, struct text *ret, struct faults *f)
{
	const char *key = ret->key;
	const char *state = json_string(from, "state", true, file, key, f);
	const char *by = json_string(from, "by", false, file, key, f);
	const char *when = json_string(from, "when", false, file, key, f);
	const char *of = json_string(from, "of", false, file, key, f);
	char now[FINGERPRINT_LIMIT];
	if (strcmp(state, "reviewed") != 0) {
		if (strcmp(state, "draft") != 0)
			fault_add(f, file, key, "state is draft or reviewed");
		return;
	}
	if (by[0] == '\0' || when[0] == '\0')
		fault_add(f, file, key, "a reviewed text says by whom and when");
	text_fingerprint(json_string(from, "text", false, file, key, f), now);
	ret->is_reviewed = strcmp(of, now) == 0;
	ret->has_changed = !ret->is_reviewed;
}

static void read_text(const cJSON *from, const char *file, struct text *ret, struct faults *f)
{
	static const char *const fields[] = { "text", "state", "by", "when", "of", NULL };
	json_members(from, fields, file, ret->key, f);
	take_text(json_string(from, "text", true, file, ret->key, f), &ret->said);
	take_state(from, file, ret, f);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct text *)a)->key, ((const struct text *)b)->key);
}

static void read_texts(const cJSON *texts, const char *file, const struct text_rules *rules,
                       struct locale *ret, struct faults *f)
{
	const cJSON *one;
	if (!cJSON_IsObject(texts)) {
		fault_add(f, file, "texts", "the texts stand here, each under its key");
		return;
	}
	cJSON_ArrayForEach(one, texts) {
		if (rules_find(rules, one->string) == NULL) {
			fault_add(f, file, one->string, "no text has this key: is it misspelt, or its topic gone?");
			continue;
		}
		if (cJSON_GetObjectItemCaseSensitive(texts, one->string) != one) {
			fault_add(f, file, one->string, "it stands there twice");
			continue;
		}
		struct text *new = &ret->list[ret->n++]; /* a rule each, and rules have room */
		buf_init(&new->said, TEXT_OCTETS_MAX);
		(void)text_copy(new->key, sizeof new->key, one->string);
		read_text(one, file, new, f);
		ret->drafts += new->is_reviewed ? 0 : 1;
	}
	if (ret->n > 0)
		qsort(ret->list, ret->n, sizeof ret->list[0], by_key);
	ret->is_reviewed = ret->n > 0 && ret->drafts == 0;
}

void locale_read(const char *folder, enum language l, const struct text_rules *rules,
                 struct locale *ret, struct faults *f)
{
	static const char *const outer[] = { "language", "texts", NULL };
	char file[32];
	*ret = (struct locale){ .n = 0 };
	(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
	cJSON *root = json_read(folder, file, f);
	if (root == NULL)
		return;
	json_members(root, outer, file, NULL, f);
	if (strcmp(json_string(root, "language", true, file, NULL, f), language_tag(l)) != 0)
		fault_add(f, file, "language", "it is the file's name");
	ret->list = calloc(TEXTS_MAX, sizeof ret->list[0]);
	if (ret->list == NULL)
		fault_add(f, file, NULL, "there is no memory for it");
	else
		read_texts(cJSON_GetObjectItemCaseSensitive(root, "texts"), file, rules, ret, f);
	cJSON_Delete(root);
}

void locale_free(struct locale *l)
{
	for (size_t i = 0; i < l->n; i++)
		buf_free(&l->list[i].said);
	free(l->list);
	*l = (struct locale){ .n = 0 };
}

struct text *locale_find(struct locale *l, const char *key)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->list[i].key, key) == 0)
			return &l->list[i];
	return NULL;
}

const struct text *locale_text(const struct locale *l, const char *key)
{
	return locale_find((struct locale *)l, key);
}
