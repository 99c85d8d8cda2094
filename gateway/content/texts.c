/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A body that was read back: its texts are rendered as they stood when it was written. A key may
 * name several, joined by '+': each is a line, or a few.
 * {"arguments":{"hotline":"…",…},"texts":{"kk":{"answer.help":"…",…},…}}   answers
 * {"plain":{"kk":{"text":"…"},…}}                                         staff's own words */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/format.h"
#include "content/inside.h"
#include "text/script.h"
#include "base/banned.h"

struct texts {
	cJSON *root;
	const cJSON *languages; /* by tag */
	const cJSON *arguments; /* NULL: plain, nothing is filled in */
};

struct err texts_parse(struct span body, struct texts **ret)
{
	struct texts *t = calloc(1, sizeof *t);
	if (t == NULL)
		return err_make(ERR_MEMORY, "read a revision of the texts", NULL, NULL);
	t->root = cJSON_ParseWithLength((const char *)body.p, body.n);
	t->languages = cJSON_GetObjectItemCaseSensitive(t->root, "plain");
	if (t->languages == NULL) {
		t->languages = cJSON_GetObjectItemCaseSensitive(t->root, "texts");
		t->arguments = cJSON_GetObjectItemCaseSensitive(t->root, "arguments");
	}
	if (!cJSON_IsObject(t->languages) || (t->arguments != NULL && !cJSON_IsObject(t->arguments))) {
		texts_free(t);
		return err_make(ERR_DATA, "read a revision of the texts", NULL, NULL);
	}
	*ret = t;
	return ERR_NONE_VALUE;
}

void texts_free(struct texts *t)
{
	if (t == NULL)
		return;
	cJSON_Delete(t->root);
	free(t);
}

#define WHOLE_MAX 9007199254740992.0 /* 2^53: doubles are exact below it */

/* False for one that is neither a text nor a whole number, or one too many. */
static bool take_argument(const cJSON *from, struct format_argument *list, size_t *count)
{
	if (*count == FORMAT_ARGUMENTS_MAX || from->string == NULL)
		return false;
	struct format_argument a = { .name = from->string };
	if (cJSON_IsString(from)) {
		a.text = span_of(from->valuestring);
	} else if (cJSON_IsNumber(from) && from->valuedouble >= -WHOLE_MAX &&
	           from->valuedouble <= WHOLE_MAX &&
	           (double)(int64_t)from->valuedouble == from->valuedouble) {
		a.is_number = true;
		a.number = (int64_t)from->valuedouble;
	} else {
		return false;
	}
	list[(*count)++] = a;
	return true;
}

static struct err fill_in(const struct texts *t, const char *tag, const char *key,
                          const char *pattern, const cJSON *more, struct buf *ret)
{
	struct format_argument arguments[FORMAT_ARGUMENTS_MAX];
	size_t count = 0;
	bool good = true;
	const cJSON *one;
	cJSON_ArrayForEach(one, t->arguments)
		good = good && take_argument(one, arguments, &count);
	cJSON_ArrayForEach(one, more)
		good = good && take_argument(one, arguments, &count);
	if (!good)
		return err_make(ERR_DATA, "read the arguments of a text", NULL, "%s: %s", tag, key);
	enum format_err e = format_render(tag, span_of(pattern), arguments, count, ret);
	if (e != FORMAT_OK)
		return err_make(ERR_DATA, "fill in a text", format_err_text(e), "%s: %s", tag, key);
	return ERR_NONE_VALUE;
}

static struct err render_piece(const struct texts *t, const char *key, enum language language,
                               const cJSON *more, struct buf *ret)
{
	const char *tag = language_tag(language);
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItemCaseSensitive(t->languages, tag), key);
	if (!cJSON_IsString(text) || text->valuestring == NULL)
		return err_make(ERR_ABSENT, "find a text", NULL, "%s: %s", tag, key);
	if (t->arguments != NULL)
		return fill_in(t, tag, key, text->valuestring, more, ret);
	buf_add_text(ret, text->valuestring);
	if (ret->failed)
		return err_make(ERR_DATA, "render a text", "it is too long", "%s: %s", tag, key);
	return ERR_NONE_VALUE;
}

#define KEY_OCTETS_MAX 256u

static struct err render_pieces(const struct texts *t, const char *key, enum language language,
                                const cJSON *more, struct buf *ret)
{
	char piece[KEY_OCTETS_MAX];
	struct err e = ERR_NONE_VALUE;
	for (const char *at = key; at != NULL && !err_is(e);) {
		const char *end = strchrnul(at, '+');
		if (at != key)
			buf_add_octet(ret, '\n');
		if (snprintf(piece, sizeof piece, "%.*s", (int)(end - at), at) >= (int)sizeof piece)
			e = err_make(ERR_ABSENT, "find a text", NULL, "%s", language_tag(language));
		else
			e = render_piece(t, piece, language, more, ret);
		at = *end == '+' ? end + 1 : NULL;
	}
	return e;
}

/* Takes the script off the arguments, so that what is left fills in placeholders. */
static bool take_script(cJSON *arguments, enum script *ret)
{
	cJSON *word = cJSON_DetachItemFromObjectCaseSensitive(arguments, SCRIPT_ARGUMENT);
	enum script s = SCRIPT_NATIVE;
	while (word != NULL && s < SCRIPT_COUNT &&
	       (!cJSON_IsString(word) || strcmp(word->valuestring, script_word(s)) != 0))
		s++;
	cJSON_Delete(word);
	*ret = s;
	return s < SCRIPT_COUNT;
}

struct err texts_render(const struct texts *t, const char *key, enum language language,
                        struct span args, struct buf *ret)
{
	struct err e = ERR_NONE_VALUE;
	enum script script = SCRIPT_NATIVE;
	cJSON *more = NULL;
	struct buf said;
	buf_init(&said, TEXT_OCTETS_MAX);
	if (args.n > 0 && t->arguments != NULL) {
		more = cJSON_ParseWithLength((const char *)args.p, args.n);
		if (!cJSON_IsObject(more) || !take_script(more, &script))
			e = err_make(ERR_DATA, "read the arguments of a text", NULL, "%s: %s",
			             language_tag(language), key);
	}
	if (!err_is(e))
		e = render_pieces(t, key, language, more, &said);
	if (!err_is(e))
		script_write(buf_span(&said), language, script, ret);
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_DATA, "render a text", "it is too long", "%s: %s",
		             language_tag(language), key);
	buf_wipe(&said);
	cJSON_Delete(more);
	return e;
}
