/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/directory.json: who can help, and under which number. An entry without a number is a
 * placeholder and is never given; nor is one that has expired, but for the two national lines. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "content/inside.h"
#include "base/banned.h"

#define FILE_NAME "directory.json"
#define HOME "KZ" /* where the gateway's SIMs are */
#define SOON_MS (30 * DAY_MS)
#define DATE_LIMIT 11 /* "2026-11-24" */

static const char *const fields[] = {
	"id", "organisation", "kind", "towns", "regions", "number", "dial_from", "languages", "hours",
	"free", "for_whom", "source", "verified_on", "verified_by", "expires", NULL,
};
static const char *const string_fields[] = {
	"organisation", "kind", "number", "hours", "for_whom", "source", "verified_on", "verified_by",
	"expires", NULL,
};

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

/* ---- reading */
static bool is_country(const char *s)
{
	return strlen(s) == 2 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2;
}

static bool is_language(const char *s)
{
	enum language l;
	return language_parse(span_of(s), &l);
}

static bool is_place(const char *s)
{
	return s[0] != '\0' && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s);
}

static const struct {
	const char *name;
	bool (*is_good)(const char *);
	const char *fault;
} lists[] = {
	{ "towns", is_place, "towns are a list of ids, as in places.json: \"almaty\"" },
	{ "regions", is_place, "regions are a list of ids, as in places.json: \"turkistan\"" },
	{ "dial_from", is_country, "dial_from is a list of countries: \"KZ\"" },
	{ "languages", is_language, "languages are a list of kk, ru, uz, uz-Cyrl, ky, tg and en" },
};

static void check_lists(const cJSON *entry, const char *id, struct faults *f)
{
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, lists[i].name), *one;
		bool good = cJSON_IsArray(list);
		cJSON_ArrayForEach(one, list)
			good = good && cJSON_IsString(one) && lists[i].is_good(one->valuestring);
		if (!good)
			fault_add(f, FILE_NAME, id, lists[i].fault);
	}
}

static void check_fields(const cJSON *entry, const char *id, struct faults *f)
{
	json_members(entry, fields, FILE_NAME, id, f);
	for (size_t i = 0; string_fields[i] != NULL; i++)
		(void)json_string(entry, string_fields[i], false, FILE_NAME, id, f);
	check_lists(entry, id, f);
	if (!cJSON_IsBool(cJSON_GetObjectItemCaseSensitive(entry, "free")) &&
	    !cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(entry, "free")))
		fault_add(f, FILE_NAME, id, "free is true, false, or null where nobody knows");
	if (!is_date(json_string(entry, "verified_on", false, FILE_NAME, id, f)) ||
	    !is_date(json_string(entry, "expires", false, FILE_NAME, id, f)))
		fault_add(f, FILE_NAME, id, "verified_on and expires are dates like 2026-11-24");
}

static bool is_empty(const cJSON *list) { return cJSON_GetArraySize(list) == 0; }

static void check_entry(const struct entry *e, struct faults *f)
{
	if (e->kind == KIND_NONE)
		fault_add(f, FILE_NAME, e->id, "no service is of this kind; see messages/README.md");
	if (e->number[0] == '\0')
		return;
	if (!is_number(e->number))
		fault_add(f, FILE_NAME, e->id, "number is digits as they are dialled");
	if (e->source[0] == '\0')
		fault_add(f, FILE_NAME, e->id, "a number without a source is never sent: say where it "
		          "stands, or leave it out");
	if (e->kind == KIND_PLACEHOLDER)
		fault_add(f, FILE_NAME, e->id, "it has a number: its kind says what it helps with");
	if (is_empty(e->dial_from) && e->number[0] != '+')
		fault_add(f, FILE_NAME, e->id, "dial_from says from which countries it can be dialled");
}

static void take_entry(const cJSON *from, const char *id, struct entry *ret, struct faults *f)
{
	const char *kind = json_string(from, "kind", true, FILE_NAME, id, f);
	*ret = (struct entry){ .id = id, .kind = 0,
		.number = json_string(from, "number", false, FILE_NAME, id, f),
		.source = json_string(from, "source", false, FILE_NAME, id, f),
		.verified_on = json_string(from, "verified_on", false, FILE_NAME, id, f),
		.expires = json_string(from, "expires", false, FILE_NAME, id, f),
		.towns = cJSON_GetObjectItemCaseSensitive(from, "towns"),
		.regions = cJSON_GetObjectItemCaseSensitive(from, "regions"),
		.dial_from = cJSON_GetObjectItemCaseSensitive(from, "dial_from") };
	while (ret->kind < KIND_COUNT && strcmp(kind_word(ret->kind), kind) != 0)
		ret->kind++;
}

/* A national line that every text may name. */
static const struct entry *take_line(const struct directory *d, const char *id, enum kind kind,
                                     struct faults *f)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->list[i];
		if (strcmp(e->id, id) != 0)
			continue;
		if (e->number[0] == '\0' || e->source[0] == '\0')
			fault_add(f, FILE_NAME, id, "answers name this line: it has a number and a source");
		if (e->kind != kind)
			fault_add(f, FILE_NAME, id, "its kind is the word that is its id");
		return e;
	}
	fault_add(f, FILE_NAME, id, "answers name this entry: it must be there");
	return NULL;
}

void directory_read(const char *folder, struct directory *ret, struct faults *f)
{
	static const char *const outer[] = { "entries", NULL };
	ret->n = 0;
	ret->root = json_read(folder, FILE_NAME, f);
	if (ret->root == NULL)
		return;
	json_members(ret->root, outer, FILE_NAME, NULL, f);
	const cJSON *one;
	cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(ret->root, "entries")) {
		const char *id = json_string(one, "id", true, FILE_NAME, "entries", f);
		for (size_t i = 0; i < ret->n; i++)
			if (strcmp(ret->list[i].id, id) == 0)
				fault_add(f, FILE_NAME, id, "two entries have this id");
		if (ret->n == ENTRIES_MAX) {
			fault_add(f, FILE_NAME, id, "there are too many entries: at most 512");
			break;
		}
		check_fields(one, id, f);
		take_entry(one, id, &ret->list[ret->n], f);
		check_entry(&ret->list[ret->n], f);
		ret->n++;
	}
	ret->hotline = take_line(ret, "hotline", KIND_HOTLINE, f);
	ret->emergency = take_line(ret, "emergency", KIND_EMERGENCY, f);
}

void directory_free(struct directory *d)
{
	cJSON_Delete(d->root);
	d->root = NULL;
	d->n = 0;
}

/* ---- who can be called */
static void date_of(int64_t at_ms, char ret[DATE_LIMIT])
{
	char iso[21];
	clock_iso(at_ms, iso);
	(void)snprintf(ret, DATE_LIMIT, "%.10s", iso);
}

/* It is good to the end of the day that it names. */
static bool is_past(const char *expires, int64_t now_ms)
{
	char today[DATE_LIMIT];
	date_of(now_ms, today);
	return expires[0] != '\0' && strcmp(expires, today) < 0;
}

static bool has(const cJSON *list, const char *word)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, list)
		if (cJSON_IsString(one) && strcmp(one->valuestring, word) == 0)
			return true;
	return false;
}

/* Without a list an international number is dialled from everywhere. */
static bool is_dialable(const struct entry *e, const char *country)
{
	if (is_empty(e->dial_from))
		return e->number[0] == '+';
	return has(e->dial_from, country != NULL ? country : HOME);
}

static bool has_number(const struct entry *e)
{
	return e->number[0] != '\0' && e->source[0] != '\0';
}

static bool is_usable(const struct directory *d, const struct entry *e, const char *country,
                      int64_t now_ms)
{
	const bool is_line = e == d->hotline || e == d->emergency;
	return has_number(e) && is_dialable(e, country) && (is_line || !is_past(e->expires, now_ms));
}

static bool is_national(const struct entry *e)
{
	return is_empty(e->towns) && is_empty(e->regions);
}

/* How near: 0 doesn't serve them, 1 the whole country, 2 their region, 3 their town. */
static int nearness(const struct entry *e, const char *town, const char *region)
{
	if (town != NULL && has(e->towns, town))
		return 3;
	if (region != NULL && has(e->regions, region))
		return 2;
	return is_national(e) ? 1 : 0;
}

void content_service(const struct content *c, enum kind kind, const char *town, const char *region,
                     const char *country, int64_t now_ms, struct service *ret)
{
	const struct directory *d = &c->directory;
	const struct entry *best = NULL;
	int best_nearness = 0;
	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->list[i];
		const int near = nearness(e, town, region);
		if (e->kind == kind && near > best_nearness && is_usable(d, e, country, now_ms)) {
			best = e;
			best_nearness = near;
		}
	}
	if (best == NULL)
		best = d->hotline;
	*ret = (struct service){ .id = best->id, .number = best->number, .kind = best->kind,
		.is_local = best_nearness > 1, .is_dialable = is_dialable(best, country) };
}

bool content_has_local(const struct content *c, enum kind kind, const char *country, int64_t now_ms)
{
	const struct directory *d = &c->directory;
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == kind && !is_national(&d->list[i]) &&
		    is_usable(d, &d->list[i], country, now_ms))
			return true;
	return false;
}

const char *directory_longest(const struct directory *d, enum kind kind)
{
	const char *longest = d->hotline->number;
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].kind == kind && has_number(&d->list[i]) &&
		    strlen(d->list[i].number) > strlen(longest))
			longest = d->list[i].number;
	return longest;
}

/* ---- what a clock says */
static void review_entry(const struct entry *e, bool is_line, int64_t now_ms, struct faults *f)
{
	if (!has_number(e)) {
		warn_addf(f, FILE_NAME, e->id, "a placeholder: without a number it is never sent");
		return;
	}
	if (is_past(e->expires, now_ms))
		warn_addf(f, FILE_NAME, e->id, is_line ? "it expired on %s, and is still sent: call it, "
		          "and verify it" : "it expired on %s: it is not sent any more", e->expires);
	else if (is_past(e->expires, now_ms + SOON_MS))
		warn_addf(f, FILE_NAME, e->id, "it expires on %s", e->expires);
	if (e->verified_on[0] == '\0')
		warn_addf(f, FILE_NAME, e->id, "nobody has verified it by calling; then: safar content "
		          "verify %s --by NAME", e->id);
}

void directory_review(const struct directory *d, int64_t now_ms, struct faults *f)
{
	for (size_t i = 0; i < d->n; i++)
		review_entry(&d->list[i], &d->list[i] == d->hotline || &d->list[i] == d->emergency,
		             now_ms, f);
}

/* For the log and for status: the two lines, and what expires. Placeholders wait for no one. */
void directory_remind(const struct directory *d, int64_t now_ms, struct faults *f)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = &d->list[i];
		const bool is_line = e == d->hotline || e == d->emergency;
		if (is_line || (has_number(e) && is_past(e->expires, now_ms + SOON_MS)))
			review_entry(e, is_line, now_ms, f);
	}
}
