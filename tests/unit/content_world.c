/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content_world.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define NOW day(2026, 11, 24)

void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

static char *read_path(const char *path)
{
	struct stat st;
	FILE *in = fopen(path, "r");
	if (in == NULL)
		fail_msg("%s can't be read", path);
	assert_int_equal(fstat(fileno(in), &st), 0);
	char *whole = calloc(1, (size_t)st.st_size + 1);
	assert_non_null(whole);
	assert_int_equal(fread(whole, 1, (size_t)st.st_size, in), (size_t)st.st_size);
	assert_int_equal(fclose(in), 0);
	return whole;
}

char *read_file(struct world *w, const char *file)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s/%s", w->folder, file);
	return read_path(path);
}

void write_file(struct world *w, const char *file, const char *octets)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s/%s", w->folder, file);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	assert_true(fputs(octets, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void copy_folder(struct world *w, const char *from)
{
	DIR *dir = opendir(from);
	assert_non_null(dir);
	for (struct dirent *one; (one = readdir(dir)) != NULL;) {
		const size_t n = strlen(one->d_name);
		if (n < 6 || strcmp(one->d_name + n - 5, ".json") != 0)
			continue;
		char path[512];
		(void)snprintf(path, sizeof path, "%s/%s", from, one->d_name);
		char *whole = read_path(path);
		write_file(w, one->d_name, whole);
		free(whole);
	}
	assert_int_equal(closedir(dir), 0);
}

int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-content-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	copy_folder(w, SAFAR_SOURCE "/messages");
	copy_folder(w, SAFAR_SOURCE "/locales");
	*state = w;
	return 0;
}

int close_world(void **state)
{
	struct world *w = *state;
	content_drop(w->c);
	DIR *dir = opendir(w->folder);
	for (struct dirent *one; dir != NULL && (one = readdir(dir)) != NULL;) {
		char path[512];
		(void)snprintf(path, sizeof path, "%s/%s", w->folder, one->d_name);
		if (one->d_name[0] != '.')
			(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	const int rc = rmdir(w->folder);
	free(w);
	return rc;
}

/* ---- changing a place */
static cJSON *step(cJSON *from, const char *name)
{
	if (name[0] != '#')
		return cJSON_GetObjectItemCaseSensitive(from, name);
	cJSON *one;
	cJSON_ArrayForEach(one, from) {
		const cJSON *id = cJSON_GetObjectItemCaseSensitive(one, "id");
		if (cJSON_IsString(id) && strcmp(id->valuestring, name + 1) == 0)
			return one;
	}
	return NULL;
}

static void put(cJSON *at, const char *name, const char *json)
{
	const bool is_more = json != NULL && json[0] == '+';
	cJSON *value = json != NULL ? cJSON_Parse(json + (is_more ? 1 : 0)) : NULL;
	assert_true(json == NULL || value != NULL);
	if (is_more)
		assert_true(cJSON_AddItemToArray(step(at, name), value));
	else if (json == NULL)
		cJSON_Delete(cJSON_DetachItemViaPointer(at, step(at, name)));
	else if (name[0] == '#')
		assert_true(cJSON_ReplaceItemViaPointer(at, step(at, name), value));
	else if (step(at, name) != NULL)
		assert_true(cJSON_ReplaceItemInObjectCaseSensitive(at, name, value));
	else
		assert_true(cJSON_AddItemToObject(at, name, value));
}

void given(struct world *w, const char *file, const char *path, const char *json)
{
	char *whole = read_file(w, file), name[64];
	cJSON *root = cJSON_Parse(whole), *at = root;
	free(whole);
	assert_non_null(root);
	for (;;) {
		const size_t n = strcspn(path, "/");
		(void)snprintf(name, sizeof name, "%.*s", (int)n, path);
		if (path[n] == '\0')
			break;
		at = step(at, name);
		if (at == NULL)
			fail_msg("%s has no %s", file, path);
		path += n + 1;
	}
	put(at, name, json);
	char *printed = cJSON_Print(root);
	assert_non_null(printed);
	write_file(w, file, printed);
	cJSON_free(printed);
	cJSON_Delete(root);
}

void given_text(struct world *w, const char *tag, const char *key, const char *text)
{
	char file[32], path[96];
	cJSON *value = cJSON_CreateString(text);
	char *json = cJSON_PrintUnformatted(value);
	assert_non_null(json);
	(void)snprintf(file, sizeof file, "%s.json", tag);
	(void)snprintf(path, sizeof path, "texts/%s/text", key);
	given(w, file, path, json);
	cJSON_free(json);
	cJSON_Delete(value);
}

void given_entry(struct world *w, const char *id, const char *kind, const char *towns,
                 const char *regions, const char *number, const char *dial_from,
                 const char *expires)
{
	char json[1024];
	(void)snprintf(json, sizeof json, "+{\"id\":\"%s\",\"organisation\":\"of a test\",\"kind\":\"%s\","
	               "\"towns\":%s,\"regions\":%s,\"number\":\"%s\",\"dial_from\":%s,\"languages\":[],"
	               "\"hours\":\"\",\"free\":null,\"for_whom\":\"\",\"source\":\"a test\","
	               "\"verified_on\":\"\",\"verified_by\":\"\",\"expires\":\"%s\"}", id, kind, towns,
	               regions, number, dial_from, expires);
	given(w, "directory.json", "entries", json);
}

/* ---- what is told */
static void collect(const struct finding *one, void *arg)
{
	struct world *w = arg;
	const size_t n = strlen(w->told);
	(void)snprintf(w->told + n, sizeof w->told - n, "%s %s%s%s: %s\n",
	               one->is_error ? "error" : "warning", one->file,
	               one->key[0] != '\0' ? ": " : "", one->key, one->text);
}

void when_checked(struct world *w, int64_t now_ms)
{
	content_drop(w->c);
	w->c = NULL;
	w->told[0] = '\0';
	const struct err e = content_check(w->folder, w->folder, ALL_DRAFTS, now_ms, collect, w, &w->c);
	assert_true(err_is(e) == (strstr(w->told, "error ") != NULL));
	assert_true(err_is(e) == (w->c == NULL));
}

void then_told(struct world *w, const char *what)
{
	if (strstr(w->told, what) == NULL)
		fail_msg("not told: %s\nbut: %s", what, w->told);
}

void then_not_told(struct world *w, const char *what)
{
	if (strstr(w->told, what) != NULL)
		fail_msg("told: %s\nin: %s", what, w->told);
}

void then_error(struct world *w, const char *what)
{
	char line[256];
	when_checked(w, NOW);
	(void)snprintf(line, sizeof line, "error %s", what);
	then_told(w, line);
}

int64_t day(int year, int month, int day_of_month)
{
	/* days since 1970: years begin in March, so that the odd day stands last */
	const int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
	const int days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day_of_month - 719469;
	return (int64_t)days * INT64_C(86400000) + INT64_C(43200000);
}
