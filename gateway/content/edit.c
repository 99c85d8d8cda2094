/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content/inside.h"
#include "base/banned.h"

#define NAME_CHARACTERS_MAX 60u
#define DIRECTORY "directory.json"

/* ---- where a value stands in a well-formed text; cJSON has read it before */
struct spot {
	size_t from, to; /* octets; from == to: not there */
};

/* As cJSON does: whatever isn't printed. */
static bool is_space(char c) { return c != '\0' && (unsigned char)c <= 0x20; }

static size_t skip_space(const char *s, size_t at)
{
	while (is_space(s[at]))
		at++;
	return at;
}

/* Where the outermost value begins: behind the mark that some editors put before UTF-8. */
static size_t start_of(const char *s)
{
	return skip_space(s, strncmp(s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
}

static size_t skip_string(const char *s, size_t at)
{
	for (at++; s[at] != '"' && s[at] != '\0'; at++)
		if (s[at] == '\\' && s[at + 1] != '\0')
			at++;
	return s[at] == '"' ? at + 1 : at;
}

/* Behind the value that begins at `at`; brackets are counted, for they are known to match. */
static size_t skip_value(const char *s, size_t at)
{
	size_t depth = 0;
	while (s[at] != '\0') {
		if (s[at] == '"') {
			at = skip_string(s, at);
		} else if (s[at] == '{' || s[at] == '[') {
			depth++;
			at++;
		} else if (s[at] == '}' || s[at] == ']') {
			depth--;
			at++;
		} else {
			at++;
		}
		if (depth == 0 && (s[at] == '\0' || strchr(",}]", s[at]) != NULL || is_space(s[at])))
			return at;
	}
	return at;
}

/* The value of member `name` of the object that begins at `at`. */
static struct spot find_member(const char *s, size_t at, const char *name)
{
	const size_t n = strlen(name);
	if (s[at] != '{')
		return (struct spot){ 0, 0 };
	at = skip_space(s, at + 1);
	while (s[at] == '"') {
		const size_t end = skip_string(s, at);
		const bool is_it = end - at == n + 2 && memcmp(s + at + 1, name, n) == 0;
		const size_t colon = skip_space(s, end);
		if (s[colon] != ':')
			break;
		const size_t value = skip_space(s, colon + 1);
		const size_t behind = skip_value(s, value);
		if (is_it)
			return (struct spot){ value, behind };
		at = skip_space(s, behind);
		if (s[at] == ',')
			at = skip_space(s, at + 1);
	}
	return (struct spot){ 0, 0 };
}

/* ---- changing one member */
static void replace(struct buf *b, struct spot where, const char *with)
{
	struct buf rest;
	buf_init(&rest, FILE_OCTETS_MAX);
	buf_add(&rest, span_make(b->p + where.to, b->n - where.to));
	b->n = where.from;
	buf_add_text(b, with);
	buf_add(b, buf_span(&rest));
	b->failed = b->failed || rest.failed;
	buf_free(&rest);
}

/* Behind the last member of the object that begins at `at`. */
static struct spot end_of_members(const char *s, size_t at)
{
	size_t end = skip_value(s, at) - 1; /* its '}' */
	while (end > at && is_space(s[end - 1]))
		end--;
	return (struct spot){ end, end };
}

/* `at` is where the object begins; it does not move, for its members stand behind it. */
static void set_member(struct buf *b, size_t at, const char *name, const char *value)
{
	struct buf with;
	cJSON *json = cJSON_CreateString(value);
	char *quoted = cJSON_PrintUnformatted(json);
	const char *s = buf_text(b);
	buf_init(&with, 1024);
	if (s == NULL || quoted == NULL) {
		b->failed = true;
	} else {
		struct spot where = find_member(s, at, name);
		if (where.to == 0) {
			where = end_of_members(s, at);
			buf_addf(&with, ", \"%s\": ", name);
		}
		buf_add_text(&with, quoted);
		const char *text = buf_text(&with);
		if (text != NULL)
			replace(b, where, text);
		b->failed = b->failed || text == NULL;
	}
	cJSON_free(quoted);
	cJSON_Delete(json);
	buf_free(&with);
}

/* ---- the file */
static struct err write_beside(const char *path, const struct stat *was, struct buf *text,
                               char temporary[static PATH_LIMIT])
{
	if (snprintf(temporary, PATH_LIMIT, "%s.XXXXXX", path) >= PATH_LIMIT)
		return err_make(ERR_CONFIG, "write", "choose a shorter path", NULL);
	const int fd = mkstemp(temporary);
	if (fd < 0)
		return err_os(errno, "write beside", "run this as somebody who may write to that folder",
		              "%.120s", path);
	size_t done = 0;
	int failed = 0;
	while (done < text->n && failed == 0) {
		const ssize_t n = write(fd, text->p + done, text->n - done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			failed = errno;
	}
	/* it stays whose it was, as far as whoever edits may give it away */
	if (failed == 0 && (fchmod(fd, was->st_mode & 07777) != 0 || fsync(fd) != 0))
		failed = errno;
	if (failed == 0 && (was->st_uid != geteuid() || was->st_gid != getegid()) &&
	    fchown(fd, was->st_uid, was->st_gid) != 0 && errno != EPERM)
		failed = errno;
	if (close(fd) != 0 && failed == 0)
		failed = errno;
	if (failed == 0)
		return ERR_NONE_VALUE;
	(void)unlink(temporary);
	return err_os(failed, "write", NULL, "%.120s", path);
}

static struct err put_in_place(const char *folder, const char *name, struct buf *text)
{
	char path[PATH_LIMIT], temporary[PATH_LIMIT];
	struct stat was;
	cJSON *again = text->failed ? NULL : cJSON_ParseWithLength((const char *)text->p, text->n);
	cJSON_Delete(again);
	if (again == NULL) /* it must not happen, and must not reach the file if it does */
		return err_make(ERR_DATA, "edit", NULL, "%s", name);
	if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
		return err_make(ERR_CONFIG, "write", "choose a shorter path", "%s", name);
	char *real = realpath(path, NULL); /* behind a link lies the file */
	struct err e = real == NULL || stat(real, &was) != 0
	               ? err_os(errno, "read", NULL, "%s", name) : ERR_NONE_VALUE;
	if (!err_is(e))
		e = write_beside(real, &was, text, temporary);
	if (!err_is(e) && rename(temporary, real) != 0) {
		e = err_os(errno, "put in its place", NULL, "%s", name);
		(void)unlink(temporary);
	}
	free(real);
	return e;
}

/* ---- what is told by whom */
static struct err check_name(const char *by)
{
	struct span rest = span_of(by);
	uint32_t c;
	size_t n = 0;
	bool good = span_trim(rest).n > 0;
	while (good && utf8_next(&rest, &c)) {
		good = c >= 0x20 && c != 0x7F;
		n++;
	}
	if (good && rest.n == 0 && n <= NAME_CHARACTERS_MAX)
		return ERR_NONE_VALUE;
	return err_make(ERR_INPUT, "write down the name", "it has 1 to 60 characters", NULL);
}

static struct err read_file(const char *folder, const char *name, struct buf *text, cJSON **ret)
{
	struct faults f = { .first = ERR_NONE_VALUE };
	*ret = json_read(folder, name, &f);
	if (*ret == NULL)
		return f.first;
	struct err e = json_read_text(folder, name, text);
	if (err_is(e)) {
		cJSON_Delete(*ret);
		*ret = NULL;
	}
	return e;
}

static struct err review_one(struct buf *b, const char *file, const cJSON *texts, const char *key,
                             const char *by, const char *today)
{
	const cJSON *one = cJSON_GetObjectItemCaseSensitive(texts, key);
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(one, "text");
	char of[FINGERPRINT_LIMIT];
	const char *s = buf_text(b);
	if (s == NULL)
		return err_make(ERR_MEMORY, "edit", NULL, "%s", file);
	const struct spot all = find_member(s, start_of(s), "texts");
	const struct spot where = all.to > 0 ? find_member(s, all.from, key) : all;
	if (!cJSON_IsString(text) || where.to == 0)
		return err_make(ERR_ABSENT, "find the text", "see its keys: safar content preview",
		                "%s: %.60s", file, key);
	text_fingerprint(text->valuestring, of);
	set_member(b, where.from, "state", "reviewed");
	set_member(b, where.from, "by", by);
	set_member(b, where.from, "when", today);
	set_member(b, where.from, "of", of);
	return ERR_NONE_VALUE;
}

struct err edit_review(const char *locales_folder, enum language l, const char *const *keys,
                       size_t count, const char *by, const char *today)
{
	char file[32];
	struct buf text;
	cJSON *root = NULL;
	buf_init(&text, FILE_OCTETS_MAX);
	(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
	struct err e = check_name(by);
	if (!err_is(e))
		e = read_file(locales_folder, file, &text, &root);
	const cJSON *texts = cJSON_GetObjectItemCaseSensitive(root, "texts");
	for (size_t i = 0; i < count && !err_is(e); i++)
		e = review_one(&text, file, texts, keys[i], by, today);
	if (!err_is(e))
		e = put_in_place(locales_folder, file, &text);
	cJSON_Delete(root);
	buf_free(&text);
	return e;
}

/* The entry of this id, as a place in the text: the n-th of the list. */
static struct spot find_entry(const char *s, const cJSON *entries, const char *id)
{
	const struct spot list = find_member(s, start_of(s), "entries");
	if (list.to == 0)
		return list;
	if (s[list.from] != '[')
		return (struct spot){ 0, 0 };
	size_t at = skip_space(s, list.from + 1);
	const cJSON *one;
	cJSON_ArrayForEach(one, entries) {
		const cJSON *its = cJSON_GetObjectItemCaseSensitive(one, "id");
		const size_t behind = skip_value(s, at);
		if (cJSON_IsString(its) && strcmp(its->valuestring, id) == 0 && s[at] == '{')
			return (struct spot){ at, behind };
		at = skip_space(s, behind);
		if (s[at] == ',')
			at = skip_space(s, at + 1);
	}
	return (struct spot){ 0, 0 };
}

static struct err verify_one(struct buf *b, const cJSON *entries, const char *id, const char *by,
                             const char *today)
{
	const char *s = buf_text(b);
	const struct spot where = s != NULL ? find_entry(s, entries, id) : (struct spot){ 0, 0 };
	if (where.to == 0)
		return err_make(ERR_ABSENT, "find the entry", "its id stands in the file",
		                DIRECTORY ": %.60s", id);
	cJSON *entry = cJSON_ParseWithLength(s + where.from, where.to - where.from);
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(entry, "number");
	const bool has_number = cJSON_IsString(number) && number->valuestring[0] != '\0';
	cJSON_Delete(entry);
	if (!has_number)
		return err_make(ERR_INPUT, "verify the entry", "it has no number that could be called",
		                DIRECTORY ": %.60s", id);
	set_member(b, where.from, "verified_on", today);
	set_member(b, where.from, "verified_by", by);
	return ERR_NONE_VALUE;
}

struct err edit_verify(const char *messages_folder, const char *id, const char *by,
                       const char *today)
{
	struct buf text;
	cJSON *root = NULL;
	buf_init(&text, FILE_OCTETS_MAX);
	struct err e = check_name(by);
	if (!err_is(e))
		e = read_file(messages_folder, DIRECTORY, &text, &root);
	if (!err_is(e))
		e = verify_one(&text, cJSON_GetObjectItemCaseSensitive(root, "entries"), id, by, today);
	if (!err_is(e))
		e = put_in_place(messages_folder, DIRECTORY, &text);
	cJSON_Delete(root);
	buf_free(&text);
	return e;
}
