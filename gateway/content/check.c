/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Can what the files say be said? Each text by itself, and each answer whole, as it will be sent:
 * in every language, with the longest number that any service of its kind has. */
#include <stdio.h>
#include <string.h>

#include "content/format.h"
#include "content/inside.h"
#include "base/banned.h"

#define NAME_EXAMPLE "-" /* of a service; what it takes is measured where one is sent */
#define WORD_EXAMPLE "BADAGO" /* of a drive */

/* ---- whom an entry of the directory serves */
static void check_list(const struct content *c, const struct entry *e, const cJSON *list,
                       enum place_kind kind, struct faults *f)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, list) {
		size_t i = 0;
		while (i < c->places.n && !(cJSON_IsString(one) && c->places.list[i].kind == kind &&
		                            strcmp(c->places.list[i].id, one->valuestring) == 0))
			i++;
		if (i == c->places.n && cJSON_IsString(one))
			fault_addf(f, "directory.json", e->id, "places.json has no %s \"%.40s\"",
			           kind == PLACE_TOWN ? "town" : "region", one->valuestring);
	}
}

void check_places(const struct content *c, struct faults *f)
{
	for (size_t i = 0; i < c->directory.n; i++) {
		check_list(c, &c->directory.list[i], c->directory.list[i].towns, PLACE_TOWN, f);
		check_list(c, &c->directory.list[i], c->directory.list[i].regions, PLACE_REGION, f);
	}
}

/* ---- letters that a phone of these countries shows */
/* Beyond а-я and ё, the small ones; the capitals stand beside them in Unicode. */
static const char *const letters[LANGUAGE_COUNT] = {
	[LANGUAGE_KK] = "әғқңөұүһі", [LANGUAGE_RU] = "", [LANGUAGE_UZ_CYRL] = "ўқғҳ",
	[LANGUAGE_KY] = "ңөү", [LANGUAGE_TG] = "ғӣқӯҳҷ",
}; /* NULL: Latin, as far as GSM-7 has it, so that a part has 160 characters */

static bool is_among(const char *list, uint32_t c)
{
	struct span rest = span_of(list);
	uint32_t small;
	while (utf8_next(&rest, &small)) {
		/* ў and і have their capitals 80 below; the others are even and odd neighbours */
		const uint32_t capital = small < 0x460 ? small - 80 : small == 0x4CF ? 0x4C0 : small - 1;
		if (c == small || c == capital)
			return true;
	}
	return false;
}

static bool is_mark(uint32_t c)
{
	return c == 0xAB || c == 0xBB || c == 0x2013 || c == 0x2014 || c == 0x2116; /* « » – — № */
}

static bool has_letter(enum language l, uint32_t c)
{
	if (gsm7_septets(c) > 0)
		return true;
	if (letters[l] == NULL)
		return false;
	return (c >= 0x410 && c <= 0x44F) || c == 0x401 || c == 0x451 || is_mark(c) ||
	       is_among(letters[l], c);
}

static bool has_letter_somewhere(uint32_t c)
{
	for (enum language l = 0; l < LANGUAGE_COUNT; l++)
		if (has_letter(l, c))
			return true;
	return false;
}

/* ---- one text */
struct spot {
	const char *file;
	enum language language;
	const struct text_rule *rule;
	struct faults *faults;
	unsigned named; /* PLACEHOLDER_BIT()s */
	bool has_unknown;
};

static void take_name(const char *name, void *arg)
{
	struct spot *at = arg;
	for (enum placeholder p = 0; p < PLACEHOLDER_COUNT; p++) {
		if (strcmp(placeholder_words[p], name) != 0)
			continue;
		at->named |= PLACEHOLDER_BIT(p);
		if (((at->rule->may | at->rule->must) & PLACEHOLDER_BIT(p)) != 0)
			return;
	}
	at->has_unknown = true;
	fault_addf(at->faults, at->file, at->rule->key, "{%.24s} is no placeholder of this text", name);
}

static void check_placeholders(struct spot *at)
{
	for (enum placeholder p = 0; p < PLACEHOLDER_COUNT; p++)
		if ((at->rule->must & ~at->named & PLACEHOLDER_BIT(p)) != 0)
			fault_addf(at->faults, at->file, at->rule->key, "it lacks {%s}",
			           placeholder_words[p]);
}

static void check_letters(const struct spot *at, struct span text)
{
	uint32_t c;
	while (utf8_next(&text, &c)) {
		if (at->rule->all_letters ? has_letter_somewhere(c) : has_letter(at->language, c))
			continue;
		fault_addf(at->faults, at->file, at->rule->key, "an old phone doesn't show the character "
		           "U+%04X, or it makes the message twice as dear", (unsigned)c);
		return;
	}
}

/* Does the number stand there, and not as a piece of a longer one? */
static bool names_number(const char *text, const char *number)
{
	static const char digits[] = "0123456789";
	const size_t n = strlen(number);
	for (const char *at = strstr(text, number); at != NULL; at = strstr(at + 1, number))
		if ((at == text || strchr(digits, at[-1]) == NULL) &&
		    (at[n] == '\0' || strchr(digits, at[n]) == NULL))
			return true;
	return false;
}

/* A number that stands in a text goes on being sent when the directory has another. */
static void check_numbers(const struct content *c, const struct spot *at, const char *text)
{
	for (size_t i = 0; i < c->directory.n; i++) {
		const struct entry *e = &c->directory.list[i];
		if (e->number[0] != '\0' && e != c->directory.emergency && names_number(text, e->number))
			warn_addf(at->faults, at->file, at->rule->key,
			          "the number of %s stands in the text: name it in braces", e->id);
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

/* Filled in with the longest number, as a person may get it. */
static void check_length(const struct content *c, const struct spot *at, struct span text)
{
	const struct topic *topic = at->rule->topic;
	const enum kind kind = topic != NULL ? topic->service : KIND_HOTLINE;
	const struct format_argument arguments[PLACEHOLDER_COUNT] = {
		{ .name = "hotline", .text = span_of(c->directory.hotline->number) },
		{ .name = "emergency", .text = span_of(c->directory.emergency->number) },
		{ .name = "number", .text = span_of(directory_longest(&c->directory, kind)) },
		{ .name = "name", .text = span_of(NAME_EXAMPLE) },
		{ .name = "word", .text = span_of(WORD_EXAMPLE) },
	};
	struct parts parts;
	struct buf said;
	buf_init(&said, TEXT_OCTETS_MAX);
	const enum format_err e = format_render(language_tag(at->language), text, arguments,
	                                        PLACEHOLDER_COUNT, &said);
	const size_t n = characters(buf_span(&said));
	if (e != FORMAT_OK)
		fault_add(at->faults, at->file, at->rule->key, format_err_text(e));
	else if (n > at->rule->characters)
		fault_addf(at->faults, at->file, at->rule->key, "it has %zu characters, more than %zu%s",
		           n, at->rule->characters, (at->named &
		           PLACEHOLDER_BIT(PLACEHOLDER_NUMBER)) != 0 ? " with its longest number" : "");
	else if (parts_split(buf_span(&said), &parts) != TEXT_OK)
		fault_add(at->faults, at->file, at->rule->key, "it can't be sent as a text message");
	buf_free(&said);
}

static void check_text(const struct content *c, struct spot *at, struct text *text)
{
	const struct span said = buf_span(&text->said);
	const char *s = buf_text(&text->said);
	if (s == NULL) {
		fault_add(at->faults, at->file, at->rule->key, "it is too long");
		return;
	}
	enum format_err e = format_names(said, take_name, at);
	if (e == FORMAT_OK)
		e = format_plurals(language_tag(at->language), said);
	if (e != FORMAT_OK)
		fault_add(at->faults, at->file, at->rule->key, format_err_text(e));
	else
		check_placeholders(at);
	check_letters(at, said);
	check_numbers(c, at, s);
	if (e == FORMAT_OK && !at->has_unknown)
		check_length(c, at, said);
}

/* ---- the texts of all languages */
static bool is_body_somewhere(const struct content *c, const char *key)
{
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
		if (locale_text(&c->locale[l], key) != NULL)
			return true;
	return false;
}

/* A menu may do without a body, but not in one language alone. English is for staff: it may lack
 * what it wants. */
static void check_missing(const struct spot *at, bool is_wanted)
{
	if (is_wanted && at->language < LANGUAGE_PEOPLE)
		fault_add(at->faults, at->file, at->rule->key, at->rule->optional
		          ? "it is missing here, and stands in another language" : "it is missing");
}

void check_texts(struct content *c, const struct text_rules *rules, struct faults *f)
{
	for (size_t r = 0; r < rules->n; r++) {
		const struct text_rule *rule = &rules->list[r];
		const bool is_wanted = !rule->optional || is_body_somewhere(c, rule->key);
		if (rule->optional && is_wanted)
			topics_note_body(&c->topics, rule->topic);
		for (enum language l = 0; l < LANGUAGE_COUNT; l++) {
			char file[32];
			(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
			struct spot at = { .file = file, .language = l, .rule = rule, .faults = f };
			struct text *text = locale_find(&c->locale[l], rule->key);
			if (c->locale[l].n == 0)
				continue; /* the file is missing or broken: that is told already */
			if (text == NULL)
				check_missing(&at, is_wanted);
			else
				check_text(c, &at, text);
		}
	}
}

/* ---- whole answers */
static bool check_answer(const char *key, enum language l, enum script s, const struct texts *texts,
                         const char *number, struct faults *f)
{
	char file[32];
	bool good = false;
	struct parts parts;
	struct buf args, said;
	buf_init(&args, 128);
	buf_init(&said, TEXT_OCTETS_MAX);
	(void)snprintf(file, sizeof file, "%s.json", language_tag(l));
	content_arguments(number, s, &args);
	const struct err e = texts_render(texts, key, l, buf_span(&args), &said);
	if (err_is(e))
		fault_add(f, file, key, "it can't be put together");
	else if (parts_split(buf_span(&said), &parts) != TEXT_OK)
		fault_add(f, file, key, "it can't be sent as a text message");
	else if (parts.count > ANSWER_PARTS_MAX)
		fault_addf(f, file, key, "this answer takes %u parts, more than 2: %u units with the number "
		           "%s in %s letters", parts.count, parts.units, number, script_word(s));
	else
		good = true;
	buf_free(&args);
	buf_free(&said);
	return good;
}

/* In each language, and in each of its scripts until one is at fault. */
static void check_everywhere(const char *key, const struct texts *texts, const char *number,
                             struct faults *f)
{
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		enum script s = SCRIPT_NATIVE;
		while (s < SCRIPT_COUNT && check_answer(key, l, s, texts, number, f))
			s++;
	}
}

void check_answers(const struct content *c, struct faults *f)
{
	struct buf body;
	struct texts *texts = NULL;
	buf_init(&body, FILE_OCTETS_MAX);
	body_of_all(c, &body);
	struct err e = body.failed ? err_make(ERR_MEMORY, "put the texts together", NULL, NULL)
	                           : texts_parse(buf_span(&body), &texts);
	if (err_is(e))
		fault_take(f, &e);
	for (size_t i = 0; i < c->topics.n && texts != NULL; i++) {
		const struct topic *t = &c->topics.list[i];
		char key[ANSWER_KEY_LIMIT];
		topic_answer_key(t, LINE_FORGET | LINE_LANGUAGE, key);
		check_everywhere(key, texts, directory_longest(&c->directory, t->service), f);
	}
	for (size_t i = 0; content_dialog_key(i) != NULL && texts != NULL; i++)
		if (strncmp(content_dialog_key(i), "answer.", strlen("answer.")) == 0)
			check_everywhere(content_dialog_key(i), texts, c->directory.hotline->number, f);
	texts_free(texts);
	buf_free(&body);
}
