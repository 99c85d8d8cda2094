/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the files that an NGO edits: every fault is told, with its file and key. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

static void tell(struct faults *f, bool is_error, const char *file, const char *key,
                 const char *text)
{
	const struct finding one = { .is_error = is_error, .file = file, .key = key != NULL ? key : "",
		.text = text };
	if (f->tell != NULL)
		f->tell(&one, f->tell_arg);
}

static void take(struct faults *f, const struct err *e)
{
	if (!err_is(f->first))
		f->first = *e;
	if (f->report != NULL)
		f->report(e, f->arg);
}

void fault_take(struct faults *f, const struct err *e)
{
	char text[512];
	take(f, e);
	if (e->code == ERR_CONFIG && e->next != NULL)
		tell(f, true, e->whom, NULL, e->next);
	else
		tell(f, true, e->whom, NULL, err_text(e, text, sizeof text));
}

void fault_add(struct faults *f, const char *file, const char *key, const char *next)
{
	const bool has_key = key != NULL && key[0] != '\0';
	struct err e = err_make(ERR_CONFIG, "read", next, "%s%s%s", file, has_key ? ": " : "",
	                        has_key ? key : "");
	take(f, &e);
	tell(f, true, file, key, next);
}

#define WORDS_LIMIT 240

void fault_addf(struct faults *f, const char *file, const char *key, const char *fmt, ...)
{
	char words[WORDS_LIMIT];
	va_list ap;
	va_start(ap, fmt);
	if (vsnprintf(words, sizeof words, fmt, ap) < 0)
		words[0] = '\0';
	va_end(ap);
	const struct err e = err_make(ERR_CONFIG, "use", NULL, "%s: %s: %s", file, key, words);
	take(f, &e);
	tell(f, true, file, key, words);
}

void warn_addf(struct faults *f, const char *file, const char *key, const char *fmt, ...)
{
	char words[WORDS_LIMIT];
	va_list ap;
	va_start(ap, fmt);
	if (vsnprintf(words, sizeof words, fmt, ap) < 0)
		words[0] = '\0';
	va_end(ap);
	tell(f, false, file, key, words);
}

struct err json_read_text(const char *folder, const char *name, struct buf *ret)
{
	struct err e = ERR_NONE_VALUE;
	struct buf path;
	FILE *file = NULL;
	buf_init(&path, 4096);
	buf_addf(&path, "%s/%s", folder, name);
	const char *p = buf_text(&path);
	if (p == NULL) {
		e = err_make(ERR_CONFIG, "read", "the folder's name is too long", "%s", name);
		goto out;
	}
	file = fopen(p, "re");
	if (file == NULL) {
		e = err_os(errno, "read", "see [content] in the configuration", "%s", name);
		goto out;
	}
	uint8_t chunk[4096];
	size_t n;
	while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(ret, span_make(chunk, n));
	if (ferror(file) != 0)
		e = err_os(EIO, "read", NULL, "%s", name);
	else if (ret->failed || !utf8_valid(buf_span(ret)))
		e = err_make(ERR_CONFIG, "read", "it is UTF-8, and at most 1 MiB long", "%s", name);
out:
	if (file != NULL)
		(void)fclose(file);
	buf_free(&path);
	return e;
}

static unsigned line_of(const char *start, const char *at)
{
	unsigned line = 1;
	for (; start < at; start++)
		if (*start == '\n')
			line++;
	return line;
}

cJSON *json_read(const char *folder, const char *name, struct faults *f)
{
	cJSON *root = NULL;
	struct buf whole;
	buf_init(&whole, FILE_OCTETS_MAX);
	struct err e = json_read_text(folder, name, &whole);
	const char *text = err_is(e) ? NULL : buf_text(&whole), *end = NULL;
	if (text != NULL) {
		root = cJSON_ParseWithOpts(text, &end, true);
		if (root == NULL)
			e = err_make(ERR_CONFIG, "read", "it is not well-formed JSON", "%s:%u", name,
			             line_of(text, end != NULL ? end : text));
		else if (!cJSON_IsObject(root))
			e = err_make(ERR_CONFIG, "read", "it begins with {", "%s", name);
	}
	buf_free(&whole);
	if (err_is(e)) {
		fault_take(f, &e);
		cJSON_Delete(root);
		return NULL;
	}
	return root;
}

void json_members(const cJSON *object, const char *const *names, const char *file, const char *key,
                  struct faults *f)
{
	const cJSON *member;
	if (object != NULL && !cJSON_IsObject(object)) {
		fault_add(f, file, key, "{ \"name\": value } stands here");
		return;
	}
	cJSON_ArrayForEach(member, object) {
		size_t i = 0;
		while (names[i] != NULL && strcmp(names[i], member->string) != 0)
			i++;
		char where[ERR_WHOM_LIMIT];
		(void)snprintf(where, sizeof where, "%s%s%.48s", key != NULL ? key : "",
		               key != NULL ? "." : "", member->string);
		if (names[i] == NULL)
			fault_add(f, file, where, "no such key is known; see messages/README.md");
		else if (cJSON_GetObjectItemCaseSensitive(object, member->string) != member)
			fault_add(f, file, where, "it stands there twice");
	}
}

const char *json_string(const cJSON *object, const char *name, bool required, const char *file,
                        const char *key, struct faults *f)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	const bool there = cJSON_IsString(member) && member->valuestring != NULL;
	const bool full = there && (!required || member->valuestring[0] != '\0');
	if (!full && (required || (member != NULL && !there))) {
		char where[ERR_WHOM_LIMIT];
		(void)snprintf(where, sizeof where, "%s%s%s", key != NULL ? key : "",
		               key != NULL ? "." : "", name);
		fault_add(f, file, where, required ? "a text in quotes stands here, and not an empty one"
		                                   : "a text in quotes stands here");
	}
	return there ? member->valuestring : "";
}

void json_list(const char *folder, const char *name, const char *list,
               void (*one)(const cJSON *, void *arg, struct faults *), void *arg, struct faults *f)
{
	const char *const names[] = { list, NULL };
	const cJSON *element;
	cJSON *root = json_read(folder, name, f);
	if (root == NULL)
		return;
	json_members(root, names, name, NULL, f);
	const cJSON *elements = cJSON_GetObjectItemCaseSensitive(root, list);
	if (!cJSON_IsArray(elements))
		fault_add(f, name, list, "it is a list");
	cJSON_ArrayForEach(element, elements)
		one(element, arg, f);
	cJSON_Delete(root);
}
