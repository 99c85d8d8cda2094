/* SPDX-License-Identifier: GPL-3.0-or-later */
/* campaign material: printed sheets for a drive, in each language, with a word of its own by which the
 * questions that they bring are counted. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content/content.h"
#include "programs/safar.h"
#include "programs/sheet.h"
#include "programs/where.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"
#define WORD_LIMIT 16

struct material {
	const struct call *call;
	struct texts *texts;
	const char *drive, *kind, *folder;
	char number[MSISDN_DIGITS_MAX + 2], word[WORD_LIMIT]; /* the word in capitals */
	unsigned files;
};

static struct err render(const struct material *m, const char *key, enum language l,
                         struct buf *ret)
{
	struct buf args;
	buf_init(&args, 64);
	buf_init(ret, 1024);
	buf_addf(&args, "{\"word\":\"%s\"}", m->word);
	struct err e = texts_render(m->texts, key, l, buf_span(&args), ret);
	buf_free(&args);
	return e;
}

static struct err write_file(struct material *m, enum language l, const char *ending,
                             const struct buf *text)
{
	char path[FOLDER_LIMIT + 160];
	const int n = snprintf(path, sizeof path, "%s/%s-%s-%s.%s", m->folder, m->drive, m->kind,
	                       language_tag(l), ending);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_make(ERR_INPUT, "write a sheet", "its path is too long", NULL);
	FILE *out = fopen(path, "we");
	if (out == NULL)
		return err_os(errno, "write a sheet", NULL, "%s", path);
	const bool is_written = fwrite(text->p, 1, text->n, out) == text->n;
	if (fclose(out) != 0 || !is_written)
		return err_os(errno, "write a sheet", NULL, "%s", path);
	m->files++;
	if (!has(m->call, OPTION_JSON))
		(void)puts(path);
	return ERR_NONE_VALUE;
}

static struct err write_sheet(struct material *m, enum language l, const char *ending,
                              struct err (*make)(const struct sheet *, struct buf *))
{
	struct buf title, missed, write, answer, text;
	struct err e = render(m, "material.about", l, &title);
	struct err each[] = { render(m, "material.missed", l, &missed),
		render(m, "material.write", l, &write), render(m, "material.answer", l, &answer) };
	for (size_t i = 0; i < sizeof each / sizeof each[0] && !err_is(e); i++)
		e = each[i];
	const struct sheet s = { .language = language_tag(l), .number = m->number, .word = m->word,
		.title = has(m->call, OPTION_DISCREET) ? span_make(NULL, 0) : buf_span(&title),
		.missed = buf_span(&missed), .write = buf_span(&write), .answer = buf_span(&answer) };
	buf_init(&text, SHEET_OCTETS_MAX);
	if (!err_is(e))
		e = make(&s, &text);
	if (!err_is(e))
		e = write_file(m, l, ending, &text);
	buf_free(&title);
	buf_free(&missed);
	buf_free(&write);
	buf_free(&answer);
	buf_free(&text);
	return e;
}

static struct err write_sheets(struct material *m)
{
	enum language only = LANGUAGE_UNKNOWN;
	struct err e = ERR_NONE_VALUE;
	if (has(m->call, OPTION_LANGUAGE) &&
	    (!language_parse(span_of(m->call->option[OPTION_LANGUAGE]), &only) ||
	     only >= LANGUAGE_PEOPLE))
		return err_make(ERR_INPUT, "make sheets", "--language is kk, ru, uz, uz-Cyrl, ky or tg", NULL);
	if (mkdir(m->folder, 0755) != 0 && errno != EEXIST)
		return err_os(errno, "make the folder", NULL, "%s", m->folder);
	for (enum language l = 0; l < LANGUAGE_PEOPLE && !err_is(e); l++) {
		if (only != LANGUAGE_UNKNOWN && l != only)
			continue;
		e = write_sheet(m, l, "svg", sheet_svg);
		if (!err_is(e))
			e = write_sheet(m, l, "html", sheet_html);
	}
	return e;
}

static struct err load_texts(const struct call *c, struct texts **ret)
{
	struct where w;
	struct content *content = NULL;
	struct buf body;
	buf_init(&body, 1u << 20);
	struct err e = where_content(c->option[OPTION_CONFIG], &w);
	if (err_is(e))
		return e;
	e = content_load(w.messages, w.locales, ALL_DRAFTS, NULL, NULL, &content);
	if (!err_is(e)) {
		content_body(content, &body);
		e = texts_parse(buf_span(&body), ret);
	}
	content_drop(content);
	buf_free(&body);
	where_free(&w);
	return e;
}

static struct err read_number(const char *text, char ret[MSISDN_DIGITS_MAX + 2])
{
	struct msisdn m;
	const enum msisdn_err bad = msisdn_parse(span_of(text), &m);
	if (bad != MSISDN_OK)
		return err_make(ERR_INPUT, "make sheets: the number", NULL, "%s", msisdn_err_text(bad));
	const struct span digits = msisdn_span(&m);
	ret[0] = '+';
	memcpy(ret + 1, digits.p, digits.n);
	ret[1 + digits.n] = '\0';
	return ERR_NONE_VALUE;
}

/* The exit code; the word goes into m->word. */
static int ask_word(const struct call *c, struct material *m)
{
	struct buf request, last;
	request_start(&request, 4096, "source-word");
	json_text(&request, "drive", m->drive);
	json_text(&request, "kind", m->kind);
	buf_init(&last, 4096);
	const int code = ask(c, &request, NULL, NULL, &last);
	cJSON *answer = code == 0 ? parse(buf_span(&last)) : NULL;
	(void)text_copy(m->word, sizeof m->word, text_of(answer, "word"));
	for (char *p = m->word; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	cJSON_Delete(answer);
	buf_free(&request);
	buf_free(&last);
	return code;
}

int campaign_material(const struct call *c)
{
	struct material m = { .call = c, .drive = c->argument[1],
		.kind = has(c, OPTION_KIND) ? c->option[OPTION_KIND] : "poster",
		.folder = has(c, OPTION_OUT) ? c->option[OPTION_OUT] : "." };
	struct err e = ERR_NONE_VALUE;
	if (!has(c, OPTION_NUMBER))
		e = err_make(ERR_INPUT, "make sheets", "say with --number which number people text", NULL);
	if (!err_is(e))
		e = read_number(c->option[OPTION_NUMBER], m.number);
	if (!err_is(e))
		e = load_texts(c, &m.texts);
	if (err_is(e))
		return fail(c, &e);
	int code = ask_word(c, &m);
	e = code == 0 ? write_sheets(&m) : ERR_NONE_VALUE;
	texts_free(m.texts);
	if (err_is(e))
		return fail(c, &e);
	if (code == 0 && has(c, OPTION_JSON))
		(void)printf("{\"ok\":true,\"word\":\"%s\",\"files\":%u}\n", m.word, m.files);
	else if (code == 0)
		(void)printf("The word of %s, %s: %s\n", m.drive, m.kind, m.word);
	return code;
}
