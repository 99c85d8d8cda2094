/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox and inbox: with --json the daemon's lines as they come, else a table. */
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

static int list(const struct call *c, const char *verb, const struct column *columns)
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
	return list(c, "outbox", columns);
}

int verb_inbox(const struct call *c)
{
	static const struct column columns[] = { { "id", "ID", 19 }, { "time", "TIME", 20 },
		{ "link", "LINK", 14 }, { "intent", "INTENT", 10 }, { "state", "STATE", 0 },
		{ NULL, NULL, 0 } };
	return list(c, "inbox", columns);
}
