/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox, inbox, calls, gaps: with --json the daemon's lines as they come, else a table. */
#include <string.h>

#include "programs/safar.h"
#include "base/banned.h"

struct column {
	const char *name, *title;
	int width; /* 0: the last one */
};
struct table {
	const struct column *columns;
	bool is_json;
};

static void put_row(struct span json, void *arg)
{
	const struct table *t = arg;
	if (t->is_json) {
		(void)fwrite(json.p, 1, json.n, stdout);
		(void)putchar('\n');
		return;
	}
	cJSON *row = parse(json);
	for (const struct column *col = t->columns; col->name != NULL; col++) {
		const struct span raw = json_member(json, col->name); /* an id stays exact */
		if (raw.n > 0 && raw.p[0] != '"')
			(void)printf("%-*.*s", col->width, (int)raw.n, (const char *)raw.p);
		else
			put_cell(stdout, col->width, text_of(row, col->name));
		if (col[1].name != NULL)
			(void)putchar(' ');
	}
	(void)putchar('\n');
	cJSON_Delete(row);
}

/* `foot` (may be NULL) tells what the last line says. */
static int list(const struct call *c, const char *verb, const struct column *columns,
                void (*foot)(const cJSON *last))
{
	struct table t = { .columns = columns, .is_json = has(c, OPTION_JSON) };
	struct buf request, last;
	int64_t limit = 0;
	if (has(c, OPTION_LIMIT) &&
	    !int_parse(span_of(c->option[OPTION_LIMIT]), 1, INT64_C(1000000000), &limit)) {
		const struct err e = err_make(ERR_INPUT, "list", "--limit is a number from 1", NULL);
		return fail(c, &e);
	}
	request_start(&request, 4096, verb);
	if (limit > 0)
		json_int(&request, "limit", limit);
	if (has(c, OPTION_SHOW_NUMBERS))
		json_bool(&request, "show_numbers", true);
	buf_init(&last, 4096);
	if (!t.is_json) {
		for (const struct column *col = columns; col->name != NULL; col++)
			(void)printf("%-*s%s", col->width, col->title, col[1].name != NULL ? " " : "\n");
	}
	const int code = ask(c, &request, put_row, &t, &last);
	cJSON *end = code == 0 && !t.is_json && foot != NULL ? parse(buf_span(&last)) : NULL;
	if (end != NULL)
		foot(end);
	cJSON_Delete(end);
	buf_free(&request);
	buf_free(&last);
	return code;
}

int verb_outbox(const struct call *c)
{
	static const struct column columns[] = { { "id", "ID", 19 }, { "created", "CREATED", 20 },
		{ "lane", "LANE", 8 }, { "state", "STATE", 11 }, { "to", "TO", 18 },
		{ "language", "LANGUAGE", 8 }, { "parts", "PARTS", 5 }, { "link", "LINK", 14 },
		{ "reason", "REASON", 0 }, { NULL, NULL, 0 } };
	return list(c, "outbox", columns, NULL);
}

int verb_inbox(const struct call *c)
{
	static const struct column columns[] = { { "id", "ID", 19 }, { "time", "TIME", 20 },
		{ "link", "LINK", 14 }, { "intent", "INTENT", 10 }, { "state", "STATE", 0 },
		{ NULL, NULL, 0 } };
	return list(c, "inbox", columns, NULL);
}

static int done(const struct call *c)
{
	struct buf request, last;
	request_start(&request, 4096, "calls-done");
	json_text(&request, "id", c->argument[1]);
	buf_init(&last, 4096);
	const int code = ask(c, &request, NULL, NULL, &last);
	buf_free(&request);
	buf_free(&last);
	return code;
}

int verb_calls(const struct call *c)
{
	static const struct column columns[] = { { "id", "ID", 19 }, { "since", "SINCE", 20 },
		{ "latest", "LATEST", 20 }, { "times", "TIMES", 5 }, { "language", "LANGUAGE", 8 },
		{ "to", "TO", 0 }, { NULL, NULL, 0 } };
	if (c->arguments == 0)
		return list(c, "calls", columns, NULL);
	if (c->arguments == 2 && strcmp(c->argument[0], "done") == 0)
		return done(c);
	const struct err e = err_make(ERR_INPUT, "list calls", "say `safar calls` or `safar calls done ID`",
	                              NULL);
	return fail(c, &e);
}

static void put_few(const cJSON *last)
{
	if (number_of(last, "few") > 0)
		(void)printf("\nNot shown: %.0f words in fewer than %.0f questions each.\n",
		             number_of(last, "few"), number_of(last, "shown_from"));
}

int list_gaps(const struct call *c)
{
	static const struct column columns[] = { { "questions", "QUESTIONS", 9 },
		{ "language", "LANGUAGE", 8 }, { "word", "WORD", 0 }, { NULL, NULL, 0 } };
	return list(c, "gaps", columns, put_few);
}

int list_sources(const struct call *c)
{
	static const struct column columns[] = { { "drive", "DRIVE", 24 }, { "kind", "KIND", 12 },
		{ "word", "WORD", 10 }, { "day", "DAY", 10 }, { "questions", "QUESTIONS", 0 },
		{ NULL, NULL, 0 } };
	return list(c, "sources", columns, NULL);
}
