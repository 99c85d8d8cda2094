/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content: what is said, for whoever edits it: check, preview, review, verify. */
#include <string.h>

#include "base/clock.h"
#include "content/edit.h"
#include "content/topics.h"
#include "programs/safar.h"
#include "programs/where.h"
#include "base/banned.h"

/* ---- check */
struct counts {
	bool is_json;
	unsigned errors, warnings;
};

static void put_line(struct buf *b)
{
	const char *text = buf_text(b);
	if (text != NULL)
		(void)puts(text);
	buf_free(b);
}

static void put_finding(const struct finding *one, void *arg)
{
	struct counts *n = arg;
	const char *level = one->is_error ? "error" : "warning";
	n->errors += one->is_error ? 1 : 0;
	n->warnings += one->is_error ? 0 : 1;
	if (n->is_json) {
		struct buf b;
		buf_init(&b, 8192);
		json_open(&b, NULL, '{');
		json_text(&b, "level", level);
		json_text(&b, "file", one->file);
		json_text(&b, "key", one->key);
		json_text(&b, "text", one->text);
		json_close(&b, '}');
		put_line(&b);
		return;
	}
	(void)printf("%s: ", level);
	put_cell(stdout, 0, one->file);
	(void)fputs(": ", stdout);
	if (one->key[0] != '\0') {
		put_cell(stdout, 0, one->key);
		(void)fputs(": ", stdout);
	}
	put_cell(stdout, 0, one->text);
	(void)putchar('\n');
}

static int check(const struct call *c, const struct where *w)
{
	struct counts n = { .is_json = has(c, OPTION_JSON) };
	struct content *content = NULL;
	if (!n.is_json)
		(void)printf("%s\n%s\n", w->messages, w->locales);
	struct err e = content_check(w->messages, w->locales, w->allow_draft, clock_now_ms(),
	                             put_finding, &n, &content);
	content_drop(content);
	if (err_is(e) && n.errors == 0)
		return fail(c, &e);
	if (n.is_json) {
		struct buf b;
		buf_init(&b, 4 * FOLDER_LIMIT);
		json_open(&b, NULL, '{');
		json_bool(&b, "ok", n.errors == 0);
		json_int(&b, "errors", n.errors);
		json_int(&b, "warnings", n.warnings);
		json_text(&b, "messages", w->messages);
		json_text(&b, "locales", w->locales);
		json_close(&b, '}');
		put_line(&b);
	} else {
		(void)printf("%u error%s, %u warning%s\n", n.errors, n.errors == 1 ? "" : "s", n.warnings,
		             n.warnings == 1 ? "" : "s");
	}
	return n.errors == 0 ? 0 : EXIT_NOT_ALL;
}

/* ---- review and verify */
static int bad(const struct call *c, const char *doing, const char *next)
{
	const struct err e = err_make(ERR_INPUT, doing, next, NULL);
	return fail(c, &e);
}

static void today(char ret[11])
{
	const struct local_time t = clock_local(clock_now_ms());
	(void)snprintf(ret, 11, "%04u-%02u-%02u", (unsigned)t.year % 10000, (unsigned)t.month % 100,
	               (unsigned)t.day % 100);
}

static void put_done(const struct call *c, const char *sentence)
{
	(void)puts(has(c, OPTION_JSON) ? "{\"ok\":true}" : sentence);
}

static int review(const struct call *c, const struct where *w)
{
	char day[11];
	enum language l = LANGUAGE_UNKNOWN;
	if (c->arguments < 2)
		return bad(c, "review no text", "name the keys: safar content review KEY…");
	if (!has(c, OPTION_LANGUAGE) || !language_parse(span_of(c->option[OPTION_LANGUAGE]), &l))
		return bad(c, "review texts of no language", "add --language TAG, such as ky");
	if (!has(c, OPTION_BY))
		return bad(c, "review texts by nobody", "add --by NAME: who has read them");
	today(day);
	const struct err e = edit_review(w->locales, l, c->argument + 1, c->arguments - 1,
	                                 c->option[OPTION_BY], day);
	if (err_is(e))
		return fail(c, &e);
	put_done(c, "Reviewed. The daemon takes it at its next reload (SIGHUP).");
	return 0;
}

static int verify(const struct call *c, const struct where *w)
{
	char day[11];
	if (c->arguments != 2)
		return bad(c, "verify that", "name one entry: safar content verify ID --by NAME");
	if (!has(c, OPTION_BY))
		return bad(c, "verify a number by nobody", "add --by NAME: who has called it");
	today(day);
	const struct err e = edit_verify(w->messages, c->argument[1], c->option[OPTION_BY], day);
	if (err_is(e))
		return fail(c, &e);
	put_done(c, "Verified. The daemon takes it at its next reload (SIGHUP).");
	return 0;
}

static int gaps(const struct call *c, const struct where *w)
{
	struct call with = *c;
	with.settings = w->settings;
	if (w->settings == NULL)
		return bad(c, "ask the daemon", "say with -c FILE which configuration it runs with");
	return list_gaps(&with);
}

/* ---- which */
#define TAKES(o) (1u << OPTION_##o)
static const struct {
	const char *word;
	int (*run)(const struct call *, const struct where *);
	uint32_t options;
} actions[] = {
	{ "check", check, 0 },
	{ "preview", content_preview, TAKES(LANGUAGE) | TAKES(PHONE) | TAKES(SCRIPT) },
	{ "review", review, TAKES(LANGUAGE) | TAKES(BY) },
	{ "verify", verify, TAKES(BY) },
	{ "gaps", gaps, 0 },
};

int verb_content(const struct call *c)
{
	static const enum option own[] = { OPTION_LANGUAGE, OPTION_PHONE, OPTION_SCRIPT, OPTION_BY };
	struct where w;
	size_t i = 0;
	while (i < sizeof actions / sizeof actions[0] && strcmp(actions[i].word, c->argument[0]) != 0)
		i++;
	if (i == sizeof actions / sizeof actions[0])
		return bad(c, "do that with the texts", "say check, preview, review, verify or gaps");
	for (size_t o = 0; o < sizeof own / sizeof own[0]; o++)
		if (has(c, own[o]) && (actions[i].options & (1u << own[o])) == 0)
			return bad(c, "take that option here", "see safar content --help");
	if (c->arguments > 1 && (actions[i].run == check || actions[i].run == content_preview ||
	                         actions[i].run == gaps))
		return bad(c, "take more arguments", "see safar content --help");
	struct err e = where_content(c->option[OPTION_CONFIG], &w);
	if (err_is(e))
		return fail(c, &e);
	const int code = actions[i].run(c, &w);
	where_free(&w);
	return code;
}
