/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/settings_rows.h"

#include "base/banned.h"

#define FILE_LIMIT (256u * 1024)
#define LINE_LIMIT 190 /* inih's own is 200, and it cuts without a word */
#define FAULTS_MAX 50
#define BOM "\xEF\xBB\xBF"
#define TAG_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_, "

struct reader {
	const char *path;
	char *folder;            /* of the file, with '/': relative paths begin there */
	struct span rest;
	int line;                /* of what inih was given last */
	enum section section;
	bool in_section;
	struct link_settings *link; /* of the section */
	struct settings *s;
	int seen[SETTING_ROWS_MAX]; /* line of the key in this section, or 0 */
	int section_line[SECTION_COUNT];
	void (*report)(const struct err *, void *);
	void *arg;
	struct err first;
	int faults;
};

/* ---- faults */

static void fault(struct reader *r, int line, const char *doing, const char *next, const char *fmt,
                  ...) __attribute__((format(printf, 5, 6)));

static void fault(struct reader *r, int line, const char *doing, const char *next, const char *fmt,
                  ...)
{
	char what[100];
	va_list ap;
	va_start(ap, fmt);
	if (vsnprintf(what, sizeof what, fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	const size_t n = strlen(r->path);
	const char *path = n > 50 ? r->path + n - 50 : r->path; /* its end tells more */
	struct err e = err_make(ERR_CONFIG, doing, next, "%s:%d: %s", path, line, what);
	if (r->faults == 0)
		r->first = e;
	if (r->faults++ < FAULTS_MAX && r->report != NULL)
		r->report(&e, r->arg);
}

static const char *nearest_key(enum section section, const char *key)
{
	const char *best = "";
	unsigned least = 1000;
	for (size_t i = 0; i < setting_row_count; i++)
		if (setting_rows[i].section == section && text_distance(key, setting_rows[i].key) < least) {
			least = text_distance(key, setting_rows[i].key);
			best = setting_rows[i].key;
		}
	return best;
}

/* ---- values */

static bool is_one_of(const char *value, const char *choices)
{
	size_t n = strlen(value);
	for (const char *p = choices; *p != '\0';) {
		size_t length = strcspn(p, " ");
		if (n == length && strncmp(p, value, n) == 0)
			return true;
		p += length;
		p += strspn(p, " ");
	}
	return false;
}

static char *in_folder(const struct reader *r, const char *path)
{
	char *text = NULL;
	if (path[0] == '/' || path[0] == '\0')
		return strdup(path);
	return asprintf(&text, "%s%s", r->folder, path) < 0 ? NULL : text;
}

static bool set_text(char **at, char *value)
{
	if (value == NULL)
		return false;
	free(*at);
	*at = value;
	return true;
}

/* "15", "15.5" or "15.50", in hundredths. */
static bool money_parse(const char *value, int64_t max, int64_t *ret)
{
	const size_t size = strlen(value), whole_size = strcspn(value, ".");
	const size_t part_size = size > whole_size ? size - whole_size - 1 : 0;
	int64_t whole = 0, part = 0;
	if (!int_parse(span_make(value, whole_size), 0, max, &whole) || part_size > 2 ||
	    (size > whole_size &&
	     !int_parse(span_make(value + whole_size + 1, part_size), 0, 99, &part)) ||
	    (whole == max && part > 0) || strchr(value, '-') != NULL)
		return false;
	*ret = whole * 100 + (part_size == 1 ? part * 10 : part);
	return true;
}

static bool fits(const struct setting *row, const char *value)
{
	int64_t number = 0;
	size_t n = strlen(value);
	switch (row->type) {
	case TYPE_NUMBER:
		return int_parse(span_of(value), row->min, row->max, &number);
	case TYPE_MONEY:
		return money_parse(value, row->max, &number);
	case TYPE_CHOICE:
	case TYPE_FLAG:
		return is_one_of(value, row->choices);
	case TYPE_PIN:
		return n >= 4 && n <= 8 && strspn(value, "0123456789") == n;
	case TYPE_IMEI:
		return n == 15 && strspn(value, "0123456789") == n;
	case TYPE_STORE:
		return strncmp(value, "sqlite:", 7) == 0 && n > 7;
	case TYPE_WORDS:
		return n <= (size_t)row->max && strspn(value, TAG_LETTERS) == n;
	case TYPE_CODE:
		return ussd_code_is_good(value);
	case TYPE_NAME:
	case TYPE_TEXT:
	case TYPE_PATH:
	case TYPE_LINE:
		return n >= (size_t)row->min && n <= (size_t)row->max;
	}
	return false;
}

/* What would have fitted; the value itself is never shown, for it may be a PIN. */
static void tell_range(struct reader *r, const struct setting *row, int line)
{
	static const char doing[] = "use the value at";
	switch (row->type) {
	case TYPE_NUMBER:
		fault(r, line, doing, NULL, "%s is a number from %" PRIi64 " to %" PRIi64, row->key,
		      row->min, row->max);
		break;
	case TYPE_MONEY:
		fault(r, line, doing, NULL, "%s is an amount from 0 to %" PRIi64, row->key, row->max);
		break;
	case TYPE_CHOICE:
	case TYPE_FLAG:
		fault(r, line, doing, NULL, "%s is one of: %s", row->key, row->choices);
		break;
	case TYPE_PIN:
		fault(r, line, doing, NULL, "%s has four to eight digits", row->key);
		break;
	case TYPE_IMEI:
		fault(r, line, doing, NULL, "%s has 15 digits", row->key);
		break;
	case TYPE_STORE:
		fault(r, line, doing, NULL, "%s is sqlite:PATH", row->key);
		break;
	case TYPE_WORDS:
		fault(r, line, doing, NULL, "%s is a list of languages such as ky,tg", row->key);
		break;
	case TYPE_CODE:
		fault(r, line, doing, NULL, "%s is of digits, * and #, such as *100#", row->key);
		break;
	case TYPE_NAME: case TYPE_TEXT: case TYPE_PATH: case TYPE_LINE:
		fault(r, line, doing, NULL, "%s has %" PRIi64 " to %" PRIi64 " characters", row->key,
		      row->min, row->max);
		break;
	}
}

static bool store_value(struct reader *r, const struct setting *row, void *base, const char *value)
{
	void *at = (char *)base + row->at;
	char *text = NULL;
	switch (row->type) {
	case TYPE_NUMBER:
		return int_parse(span_of(value), row->min, row->max, at);
	case TYPE_MONEY:
		return money_parse(value, row->max, at);
	case TYPE_FLAG:
		*(bool *)at = strncmp(value, row->choices, strlen(value)) == 0 &&
		              row->choices[strlen(value)] == ' ';
		return true;
	case TYPE_CHOICE:
		if (strcmp(row->key, "type") == 0) {
			*(enum link_type *)at = strcmp(value, "modem") == 0 ? LINK_MODEM
			                      : strcmp(value, "ussd") == 0 ? LINK_USSD : LINK_LOOPBACK;
			return true;
		}
		return set_text(at, strdup(value));
	case TYPE_PATH:
		return set_text(at, in_folder(r, value));
	case TYPE_STORE:
		if (value[0] == '\0')
			return set_text(at, asprintf(&text, "sqlite:%s/safar.db", r->s->node_data != NULL
			                             ? r->s->node_data : "") < 0 ? NULL : text);
		text = in_folder(r, value + 7);
		if (text == NULL)
			return false;
		else {
			char *url = NULL;
			int n = asprintf(&url, "sqlite:%s", text);
			free(text);
			return set_text(at, n < 0 ? NULL : url);
		}
	case TYPE_CODE:
	case TYPE_LINE:
		return text_copy(at, (size_t)row->max + 1, value);
	case TYPE_PIN:
		return value[0] == '\0' || set_text(at, strdup(value));
	case TYPE_NAME:
	case TYPE_TEXT:
	case TYPE_WORDS:
	case TYPE_IMEI:
		return set_text(at, strdup(value));
	}
	return false;
}

/* ---- sections */

static void *base_of(struct reader *r, enum section section)
{
	return section == SECTION_LINK ? (void *)r->link : (void *)r->s;
}

static const char *type_word(enum link_type type)
{
	return type == LINK_LOOPBACK ? "loopback" : type == LINK_USSD ? "ussd" : "modem";
}

static void end_section(struct reader *r)
{
	if (!r->in_section)
		return;
	const bool is_link = r->section == SECTION_LINK;
	for (size_t i = 0; i < setting_row_count; i++) {
		const struct setting *row = &setting_rows[i];
		if (row->section == r->section && is_link && !setting_is_for(row, r->link->type)) {
			if (r->seen[i] != 0)
				fault(r, r->seen[i], "use the key at", NULL, "a %s link has no %s",
				      type_word(r->link->type), row->key);
			continue;
		}
		if (row->section != r->section || r->seen[i] != 0)
			continue;
		if (row->fallback == NULL)
			fault(r, r->section_line[r->section], "use the section at", NULL,
			      "[%s] needs %s", section_words[r->section], row->key);
		else if (r->section == SECTION_LINK &&
		         !store_value(r, row, r->link, row->fallback))
			fault(r, r->line, "keep the settings of", "free some memory", "%s", row->key);
	}
	r->in_section = false;
}

static bool is_link_name(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && n < LINK_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void begin_link(struct reader *r, const char *name)
{
	if (!is_link_name(name)) {
		fault(r, r->line, "use the name at", NULL, "a link's name is of a-z 0-9 - (at most %d)",
		      LINK_NAME_MAX - 1);
		return;
	}
	for (size_t i = 0; i < r->s->link_count; i++)
		if (strcmp(r->s->links[i].name, name) == 0) {
			fault(r, r->line, "use the section at", NULL, "[link %s] is in line %d already", name,
			      r->s->links[i].line);
			return;
		}
	if (r->s->link_count == LINKS_MAX) {
		fault(r, r->line, "use the section at", NULL, "at most %d links", LINKS_MAX);
		return;
	}
	r->link = &r->s->links[r->s->link_count++];
	r->link->line = r->line;
	(void)text_copy(r->link->name, sizeof r->link->name, name);
	r->section = SECTION_LINK;
	r->in_section = true;
}

static void begin_section(struct reader *r, char *name)
{
	end_section(r);
	memset(r->seen, 0, sizeof r->seen);
	size_t word = strcspn(name, " \t");
	bool is_named = name[word] != '\0';
	name[word] = '\0';
	const char *best = "";
	unsigned least = 1000;
	for (int i = 0; i < SECTION_COUNT; i++) {
		if (strcmp(name, section_words[i]) == 0) {
			if (i == SECTION_LINK) {
				r->section_line[i] = r->line;
				begin_link(r, is_named ? name + word + 1 + strspn(name + word + 1, " \t") : "");
				return;
			}
			if (is_named)
				fault(r, r->line, "use the section at", NULL, "[%s] has no name behind it", name);
			if (r->section_line[i] != 0)
				fault(r, r->line, "use the section at", NULL, "[%s] is in line %d already", name,
				      r->section_line[i]);
			r->section_line[i] = r->line;
			r->section = (enum section)i;
			r->in_section = true;
			return;
		}
		if (text_distance(name, section_words[i]) < least) {
			least = text_distance(name, section_words[i]);
			best = section_words[i];
		}
	}
	fault(r, r->line, "understand the section at", NULL, "[%.30s]: did you mean [%s]?", name, best);
}

static void take_key(struct reader *r, const char *key, const char *value)
{
	if (!r->in_section)
		return; /* of a section that is faulty itself, and told already */
	for (size_t i = 0; i < setting_row_count; i++) {
		if (setting_rows[i].section != r->section || strcmp(setting_rows[i].key, key) != 0)
			continue;
		if (r->seen[i] != 0) {
			fault(r, r->line, "use the key at", NULL, "%s is in line %d already", key, r->seen[i]);
			return;
		}
		r->seen[i] = r->line;
		if (!fits(&setting_rows[i], value))
			tell_range(r, &setting_rows[i], r->line);
		else if (!store_value(r, &setting_rows[i], base_of(r, r->section), value))
			fault(r, r->line, "keep the settings of", "free some memory", "%s", key);
		return;
	}
	/* no key has a digit: what has may be a PIN in the wrong place */
	fault(r, r->line, "understand the key at", NULL, "%.30s: did you mean %s?",
	      strpbrk(key, "0123456789") == NULL ? key : "it has digits",
	      nearest_key(r->section, key));
}

/* ---- inih: it is given a line at a time, so that we know which one it speaks of */

static char *give_line(char *text, int size, void *stream)
{
	struct reader *r = stream;
	struct span line;
	if (!span_line(&r->rest, &line))
		return NULL;
	r->line++;
	line = span_trim(line); /* inih adds an indented line to the value of the one before */
	if (line.n > LINE_LIMIT || line.n + 2 > (size_t)size ||
	    (line.n > 0 && memchr(line.p, '\0', line.n) != NULL)) {
		fault(r, r->line, "read", NULL, "longer than %d characters, or not a text", LINE_LIMIT);
		line.n = 0;
	}
	if (line.n > 2 && line.p[0] == '[' && memchr(line.p, ']', line.n) != NULL) {
		char name[LINE_LIMIT + 1];
		size_t n = (size_t)((const uint8_t *)memchr(line.p, ']', line.n) - line.p) - 1;
		memcpy(name, line.p + 1, n);
		name[n] = '\0';
		begin_section(r, name); /* inih doesn't tell of a section without keys */
	}
	if (line.n > 0)
		memcpy(text, line.p, line.n);
	text[line.n] = '\n';
	text[line.n + 1] = '\0';
	return text;
}

static int on_key(void *user, const char *section, const char *name, const char *value)
{
	struct reader *r = user;
	if (section[0] == '\0')
		fault(r, r->line, "use the key at", NULL, "it stands before the first [section]");
	else
		take_key(r, name, value);
	return 1;
}

static struct err read_file(const char *path, struct buf *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_os(errno, "read the configuration", "name it with -c FILE", "%.120s", path);
	uint8_t octets[4096];
	ssize_t n = 0;
	while ((n = read(fd, octets, sizeof octets)) > 0)
		buf_add(ret, span_make(octets, (size_t)n));
	struct err e = n < 0 ? err_os(errno, "read the configuration", NULL, "%.120s", path)
	                     : ERR_NONE_VALUE;
	explicit_bzero(octets, sizeof octets);
	(void)close(fd);
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_CONFIG, "read the configuration", "it is larger than 256 KiB", "%.120s",
		             path);
	return e;
}

/* A number that is there is never 0 where its default is another. */
static bool is_set(const struct settings *s, const struct setting *row)
{
	const char *at = (const char *)s + row->at;
	if (row->type == TYPE_NUMBER)
		return *(const int64_t *)(const void *)at != 0;
	return *(char *const *)(const void *)at != NULL;
}

/* What isn't in the file: the sections of the node that were left out, or keys of theirs. */
static void fill_in(struct reader *r)
{
	for (size_t i = 0; i < setting_row_count; i++) {
		const struct setting *row = &setting_rows[i];
		if (row->section == SECTION_LINK || is_set(r->s, row))
			continue;
		if (row->fallback != NULL) {
			if (!store_value(r, row, r->s, row->fallback))
				fault(r, r->line, "keep the settings of", "free some memory", "%s", row->key);
		} else if (r->section_line[row->section] == 0)
			fault(r, r->line, "use the configuration", NULL, "[%s] %s is missing",
			      section_words[row->section], row->key);
	}
}

static bool same(const char *a, const char *b)
{
	return a != NULL && b != NULL && a[0] != '\0' && strcmp(a, b) == 0;
}

/* Two links may look for their modems among the same devices, each by its IMEI. */
static void compare_devices(struct reader *r)
{
	for (size_t i = 0; i < r->s->link_count; i++) {
		const struct link_settings *b = &r->s->links[i];
		const bool has_imei = b->imei != NULL && b->imei[0] != '\0';
		if (b->device != NULL && strpbrk(b->device, "*?[") != NULL && !has_imei)
			fault(r, b->line, "use the section at", NULL,
			      "[link %s] has a pattern as device: it needs imei", b->name);
		for (size_t j = 0; j < i; j++) {
			const struct link_settings *a = &r->s->links[j];
			if (same(a->imei, b->imei))
				fault(r, b->line, "use the section at", NULL,
				      "[link %s] has the imei of [link %s] in line %d", b->name, a->name, a->line);
			else if (same(a->device, b->device) &&
			         !(has_imei && a->imei != NULL && a->imei[0] != '\0'))
				fault(r, b->line, "use the section at", NULL,
				      "[link %s] has the device of [link %s] in line %d", b->name, a->name,
				      a->line);
		}
	}
}

struct err settings_read_text(const char *path, struct span text,
                              void (*report)(const struct err *, void *), void *arg,
                              struct settings **ret)
{
	struct reader r = { .path = path, .rest = text, .report = report, .arg = arg };
	const size_t bom = strlen(BOM);
	if (text.n >= bom && span_is(span_make(text.p, bom), BOM))
		r.rest = span_make(text.p + bom, text.n - bom);
	const char *slash = strrchr(path, '/');
	r.folder = slash == NULL ? strdup("") : strndup(path, (size_t)(slash - path) + 1);
	r.s = calloc(1, sizeof *r.s);
	if (r.s != NULL) {
		r.s->links = calloc(LINKS_MAX, sizeof r.s->links[0]);
		r.s->path = strdup(path);
	}
	if (r.folder == NULL || r.s == NULL || r.s->links == NULL || r.s->path == NULL)
		r.first = err_make(ERR_MEMORY, "read the configuration", NULL, NULL);
	else {
		int wrong = ini_parse_stream(give_line, &r, on_key, &r);
		end_section(&r);
		if (wrong > 0)
			fault(&r, wrong, "understand", NULL, "neither [section] nor key = value");
		else if (wrong < 0)
			r.first = err_make(ERR_MEMORY, "read the configuration", NULL, NULL);
		fill_in(&r);
		compare_devices(&r);
	}
	free(r.folder);
	if (err_is(r.first)) {
		settings_free(r.s);
		return r.first;
	}
	*ret = r.s;
	return ERR_NONE_VALUE;
}

struct err settings_read(const char *path, void (*report)(const struct err *, void *), void *arg,
                         struct settings **ret)
{
	struct buf text;
	buf_init(&text, FILE_LIMIT);
	struct err e = read_file(path, &text);
	if (!err_is(e))
		e = settings_read_text(path, buf_span(&text), report, arg, ret);
	buf_wipe(&text); /* PINs are in it */
	return e;
}

void settings_free(struct settings *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; s->links != NULL && i < s->link_count; i++)
		link_settings_free(&s->links[i]);
	free(s->links);
	free(s->path);
	free(s->node_name);
	free(s->node_data);
	free(s->node_zone);
	free(s->node_staff);
	free(s->store_url);
	free(s->keys_file);
	free(s->content_messages);
	free(s->content_locales);
	free(s->content_allow_draft);
	free(s->http_listen);
	free(s->http_certificate);
	free(s->http_key);
	free(s->http_proxy);
	free(s);
}
