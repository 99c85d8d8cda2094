/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/directory.json: who can help, and under which number. An entry without a source or
 * without a number is a placeholder, and is never sent. */
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

#define FILE_NAME "directory.json"

static const char *const fields[] = {
	"id", "organisation", "kind", "towns", "regions", "number", "dial_from", "languages", "hours",
	"free", "for_whom", "source", "verified_on", "verified_by", "expires", NULL,
};
static const char *const string_fields[] = {
	"organisation", "kind", "number", "hours", "for_whom", "source", "verified_on", "verified_by",
	"expires", NULL,
};
static const char *const list_fields[] = { "towns", "regions", "dial_from", "languages", NULL };

/* As it is dialled: digits, '+' before those of an international number. */
static bool is_number(const char *s)
{
	size_t digits = strspn(s + (s[0] == '+' ? 1 : 0), "0123456789");
	return digits >= 2 && digits <= 15 && s[(s[0] == '+' ? 1 : 0) + digits] == '\0';
}

/* "2026-11-24", or nothing. */
static bool is_date(const char *s)
{
	static const char form[] = "dddd-dd-dd";
	if (s[0] == '\0')
		return true;
	size_t i = 0;
	while (form[i] != '\0' && (form[i] == 'd' ? s[i] >= '0' && s[i] <= '9' : s[i] == form[i]))
		i++;
	return form[i] == '\0' && s[i] == '\0';
}

static void check_lists(const cJSON *entry, const char *id, struct faults *f)
{
	for (size_t i = 0; list_fields[i] != NULL; i++) {
		const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, list_fields[i]), *one;
		bool good = cJSON_IsArray(list);
		cJSON_ArrayForEach(one, list)
			good = good && cJSON_IsString(one);
		if (!good)
			fault_add(f, FILE_NAME, id, "towns, regions, dial_from, languages are lists of texts");
	}
}

static void check_entry(const cJSON *entry, const char *id, struct faults *f)
{
	json_members(entry, fields, FILE_NAME, id, f);
	for (size_t i = 0; string_fields[i] != NULL; i++)
		(void)json_string(entry, string_fields[i], false, FILE_NAME, id, f);
	check_lists(entry, id, f);
	if (!cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(entry, "free")) &&
	    !cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(entry, "free")))
		fault_add(f, FILE_NAME, id, "free is true, false, or null where nobody knows");
	const char *number = json_string(entry, "number", false, FILE_NAME, id, f);
	if (number[0] != '\0' && !is_number(number))
		fault_add(f, FILE_NAME, id, "number is digits as they are dialled");
	if (!is_date(json_string(entry, "verified_on", false, FILE_NAME, id, f)) ||
	    !is_date(json_string(entry, "expires", false, FILE_NAME, id, f)))
		fault_add(f, FILE_NAME, id, "verified_on and expires are dates like 2026-11-24");
}

/* The number of a national line. It never falls silent by expiry. */
static void take_line(const cJSON *entries, const char *id, struct buf *ret, struct faults *f)
{
	const cJSON *entry;
	cJSON_ArrayForEach(entry, entries) {
		if (strcmp(json_string(entry, "id", false, FILE_NAME, "", f), id) != 0)
			continue;
		const char *source = json_string(entry, "source", true, FILE_NAME, id, f);
		const char *number = json_string(entry, "number", true, FILE_NAME, id, f);
		if (source[0] != '\0' && ret->n == 0)
			buf_add_text(ret, number);
		return;
	}
	fault_add(f, FILE_NAME, id, "answers name this entry: it must be there");
}

void directory_read(const char *folder, struct directory *ret, struct faults *f)
{
	static const char *const outer[] = { "entries", NULL };
	buf_init(&ret->hotline, 32);
	buf_init(&ret->emergency, 32);
	cJSON *root = json_read(folder, FILE_NAME, f);
	if (root == NULL)
		return;
	json_members(root, outer, FILE_NAME, NULL, f);
	const cJSON *entries = cJSON_GetObjectItemCaseSensitive(root, "entries"), *entry, *other;
	cJSON_ArrayForEach(entry, entries) {
		const char *id = json_string(entry, "id", true, FILE_NAME, "entries", f);
		check_entry(entry, id, f);
		for (other = entry->next; other != NULL; other = other->next)
			if (strcmp(json_string(other, "id", false, FILE_NAME, "", f), id) == 0)
				fault_add(f, FILE_NAME, id, "two entries have this id");
	}
	take_line(entries, "hotline", &ret->hotline, f);
	take_line(entries, "emergency", &ret->emergency, f);
	cJSON_Delete(root);
}

void directory_free(struct directory *d)
{
	buf_free(&d->hotline);
	buf_free(&d->emergency);
}
