/* SPDX-License-Identifier: GPL-3.0-or-later */
/* segment: filters over contacts with a name, and how many people they mean now. */
#include <string.h>

#include "programs/contacts.h"
#include "base/banned.h"

static int answer_of(const struct call *c, struct buf *request, struct err e, row_fn *row)
{
	struct buf last;
	buf_init(&last, 16384);
	const int code = err_is(e) ? fail(c, &e) : ask(c, request, row, (void *)(uintptr_t)c, &last);
	buf_free(request);
	buf_free(&last);
	return code;
}

static void put_row(struct span json, void *arg)
{
	if (has((const struct call *)arg, OPTION_JSON)) {
		(void)fwrite(json.p, 1, json.n, stdout);
		(void)putchar('\n');
		return;
	}
	cJSON *row = parse(json);
	const struct span filter = json_member(json, "filter");
	put_cell(stdout, 20, text_of(row, "name"));
	(void)printf(" %.*s: ", (int)filter.n, (const char *)filter.p);
	contacts_put_count(row, "people");
	cJSON_Delete(row);
}

int verb_segment(const struct call *c)
{
	const char *what = c->argument[0];
	struct buf request;
	if (strcmp(what, "list") == 0 && c->arguments == 1) {
		request_start(&request, 4096, "segment-list");
		return answer_of(c, &request, ERR_NONE_VALUE, put_row);
	}
	if (strcmp(what, "drop") == 0 && c->arguments == 2) {
		request_start(&request, 4096, "segment-drop");
		json_text(&request, "name", c->argument[1]);
		return answer_of(c, &request, ERR_NONE_VALUE, NULL);
	}
	if (strcmp(what, "save") == 0 && c->arguments > 2) {
		request_start(&request, 16384, "segment-save");
		json_text(&request, "name", c->argument[1]);
		return answer_of(c, &request, contacts_filter(c, 2, &request), NULL);
	}
	const struct err e = err_make(ERR_INPUT, "do that with segments",
	                              "say save NAME KEY=VALUE…, list, or drop NAME", NULL);
	return fail(c, &e);
}
