/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts: import, list, find, tag, show, forget. A person is named by the ID that a list shows, by the
 * number, or by a number on standard input, which leaves it out of the shell's memory. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/contacts.h"
#include "base/banned.h"

#define LINE_LIMIT 64

static int usage(const struct call *c, const char *next)
{
	const struct err e = err_make(ERR_INPUT, "do that with contacts", next, NULL);
	return fail(c, &e);
}

/* ---- whom a filter means */
struct member {
	struct span name;
	struct span values; /* commas between */
};

static bool is_day(struct span name)
{
	static const char *const names[] = { "reached_before", "reached_since", "engaged_before",
		"engaged_since" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_is(name, names[i]))
			return true;
	return false;
}

static void put_member(struct buf *b, const struct member *m)
{
	char name[32];
	struct span rest = m->values, one;
	if (m->name.n >= sizeof name) {
		b->failed = true;
		return;
	}
	memcpy(name, m->name.p, m->name.n);
	name[m->name.n] = '\0';
	if (is_day(m->name)) {
		json_span(b, name, m->values);
		return;
	}
	json_open(b, name, '[');
	while (span_take(&rest, ',', &one))
		json_span(b, NULL, span_trim(one));
	json_close(b, ']');
}

struct err contacts_filter(const struct call *c, size_t from, struct buf *request)
{
	struct buf filter;
	if (c->arguments == from + 1 && strchr(c->argument[from], '=') == NULL) {
		json_text(request, "segment", c->argument[from]);
		return ERR_NONE_VALUE;
	}
	buf_init(&filter, 8192);
	json_open(&filter, NULL, '{');
	for (size_t i = from; i < c->arguments; i++) {
		struct span rest = span_of(c->argument[i]);
		struct member m;
		if (strchr(c->argument[i], '=') == NULL || !span_take(&rest, '=', &m.name) || m.name.n == 0 ||
		    rest.n == 0) {
			buf_free(&filter);
			return err_make(ERR_INPUT, "read the filter",
			                "one segment's name, or words like language=ky,kk region=almaty", NULL);
		}
		m.values = rest;
		put_member(&filter, &m);
	}
	json_close(&filter, '}');
	const bool failed = filter.failed;
	json_span(request, "filter", buf_span(&filter));
	buf_free(&filter);
	return failed ? err_make(ERR_INPUT, "read the filter", "make it shorter", NULL) : ERR_NONE_VALUE;
}

/* ---- whom one argument means */
static struct err put_whom(const struct call *c, struct buf *request)
{
	char line[LINE_LIMIT] = "";
	const char *who = c->arguments > 1 ? c->argument[1] : "-";
	if (strcmp(who, "-") == 0) {
		if (isatty(STDIN_FILENO))
			(void)fputs("Number: ", stderr);
		if (fgets(line, sizeof line, stdin) == NULL)
			return err_make(ERR_INPUT, "find the contact", "give its number on standard input", NULL);
		who = line;
	}
	const struct span text = span_trim(span_of(who));
	int64_t id = 0;
	/* IDs have more digits than any number */
	const bool is_id = text.n > 15 && int_parse(text, 1, INT64_MAX, &id);
	json_span(request, is_id ? "id" : "number", text);
	explicit_bzero(line, sizeof line);
	return ERR_NONE_VALUE;
}

/* ---- list */
static void put_row(struct span json, void *arg)
{
	const struct call *c = arg;
	if (has(c, OPTION_JSON)) {
		(void)fwrite(json.p, 1, json.n, stdout);
		(void)putchar('\n');
		return;
	}
	cJSON *row = parse(json);
	const struct span id = json_member(json, "id"); /* stays exact */
	(void)printf("%-19.*s ", (int)id.n, (const char *)id.p);
	put_cell(stdout, 18, text_of(row, "to"));
	(void)putchar(' ');
	put_cell(stdout, 7, text_of(row, "country"));
	(void)putchar(' ');
	put_cell(stdout, 9, text_of(row, "operator"));
	(void)putchar(' ');
	put_cell(stdout, 8, text_of(row, "language"));
	(void)putchar(' ');
	put_cell(stdout, 16, text_of(row, "region"));
	(void)putchar(' ');
	put_cell(stdout, 0, text_of(row, "consent"));
	(void)putchar('\n');
	cJSON_Delete(row);
}

static int list(const struct call *c)
{
	struct buf request, last;
	int64_t limit = 0;
	if (has(c, OPTION_LIMIT) &&
	    !int_parse(span_of(c->option[OPTION_LIMIT]), 1, INT64_C(1000000000), &limit))
		return usage(c, "--limit is a number from 1");
	request_start(&request, 16384, "contacts-list");
	if (limit > 0)
		json_int(&request, "limit", limit);
	if (has(c, OPTION_SHOW_NUMBERS))
		json_bool(&request, "show_numbers", true);
	struct err e = contacts_filter(c, 1, &request);
	buf_init(&last, 4096);
	if (!err_is(e) && !has(c, OPTION_JSON))
		(void)printf("%-19s %-18s %-7s %-9s %-8s %-16s %s\n", "ID", "TO", "COUNTRY", "OPERATOR",
		             "LANGUAGE", "REGION", "CONSENT");
	const int code = err_is(e) ? fail(c, &e) : ask(c, &request, put_row, (void *)(uintptr_t)c, &last);
	buf_free(&request);
	buf_free(&last);
	return code;
}

/* ---- find, tag, segment: how many */
void contacts_put_count(const cJSON *answer, const char *name)
{
	if (cJSON_GetObjectItemCaseSensitive(answer, "fewer_than") != NULL)
		(void)printf("fewer than %.0f people", number_of(answer, "fewer_than"));
	else
		(void)printf("%.0f people", number_of(answer, name));
	if (cJSON_GetObjectItemCaseSensitive(answer, "willing") != NULL)
		(void)printf(", of whom %.0f agreed", number_of(answer, "willing"));
	(void)putchar('\n');
}

static int how_many(const struct call *c, struct buf *request, struct err e, const char *name)
{
	struct buf last;
	buf_init(&last, 16384);
	const int code = err_is(e) ? fail(c, &e) : ask(c, request, NULL, NULL, &last);
	cJSON *answer = code == 0 ? parse(buf_span(&last)) : NULL;
	if (code == 0 && has(c, OPTION_JSON)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	} else if (code == 0) {
		contacts_put_count(answer, name);
	}
	cJSON_Delete(answer);
	buf_free(request);
	buf_free(&last);
	return code;
}

static int find(const struct call *c)
{
	struct buf request;
	request_start(&request, 16384, "contacts-count");
	const struct err e = contacts_filter(c, 1, &request);
	return how_many(c, &request, e, "people");
}

static int tag(const struct call *c, bool remove)
{
	struct buf request;
	request_start(&request, 16384, "contacts-tag");
	json_text(&request, "tag", c->argument[1]);
	json_bool(&request, "remove", remove);
	const struct err e = contacts_filter(c, 2, &request);
	return how_many(c, &request, e, "changed");
}

/* ---- one person */
static void put_value(const cJSON *value, int depth)
{
	for (const cJSON *v = value->child; v != NULL; v = v->next) {
		if (v->string != NULL && strcmp(v->string, "ok") == 0)
			continue;
		(void)printf("%*s", depth, "");
		if (v->string != NULL)
			(void)printf("%s: ", v->string);
		if (cJSON_IsString(v))
			put_cell(stdout, 0, v->valuestring);
		else if (cJSON_IsBool(v))
			(void)fputs(cJSON_IsTrue(v) ? "yes" : "no", stdout);
		else if (cJSON_IsNumber(v))
			(void)printf("%.0f", v->valuedouble);
		(void)putchar('\n');
		if (cJSON_IsObject(v) || cJSON_IsArray(v))
			put_value(v, depth + 2);
	}
}

static int ask_person(const struct call *c, const char *verb, struct buf *ret_last)
{
	struct buf request;
	request_start(&request, 4096, verb);
	const struct err e = put_whom(c, &request);
	buf_init(ret_last, 1u << 20);
	const int code = err_is(e) ? fail(c, &e) : ask(c, &request, NULL, NULL, ret_last);
	buf_wipe(&request);
	return code;
}

static int show(const struct call *c)
{
	struct buf last;
	const int code = ask_person(c, "contacts-show", &last);
	if (code == 0 && has(c, OPTION_JSON)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	} else if (code == 0) {
		cJSON *answer = parse(buf_span(&last));
		const struct span id = json_member(buf_span(&last), "id");
		(void)printf("id: %.*s\n", (int)id.n, (const char *)id.p);
		cJSON_DeleteItemFromObjectCaseSensitive(answer, "id");
		if (answer != NULL)
			put_value(answer, 0);
		cJSON_Delete(answer);
	}
	buf_wipe(&last);
	return code;
}

static double sum(const cJSON *traces)
{
	return number_of(traces, "contacts") + number_of(traces, "tags") +
	       number_of(traces, "consents") + number_of(traces, "deliveries");
}

static int forget(const struct call *c)
{
	struct buf last;
	if (!has(c, OPTION_YES)) {
		const struct err e = err_make(ERR_REFUSED, "forget somebody without a yes",
		                              "nothing brings it back: say --yes", NULL);
		return fail(c, &e);
	}
	int code = ask_person(c, "contacts-forget", &last);
	cJSON *answer = code == 0 ? parse(buf_span(&last)) : NULL;
	const cJSON *erased = cJSON_GetObjectItemCaseSensitive(answer, "erased");
	const cJSON *left = cJSON_GetObjectItemCaseSensitive(answer, "left");
	if (code == 0 && has(c, OPTION_JSON)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	} else if (code == 0) {
		(void)printf("erased: the contact, %.0f tags, %.0f consents, the number of %.0f deliveries\n",
		             number_of(erased, "tags"), number_of(erased, "consents"),
		             number_of(erased, "deliveries"));
		(void)printf("looked again: %.0f rows are left\n", sum(left));
		if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "settled")))
			(void)puts("its octets stay in the store's file of changes until the next ones: it was being "
			           "read");
		if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "stop")))
			(void)puts("their STOP stays, as a keyed hash, so that no list can bring them back");
	}
	if (code == 0 && (left == NULL || sum(left) > 0))
		code = EXIT_NOT_ALL;
	cJSON_Delete(answer);
	buf_wipe(&last);
	return code;
}

int verb_contacts(const struct call *c)
{
	const char *what = c->argument[0];
	if (strcmp(what, "import") == 0 && c->arguments == 2)
		return contacts_import(c, c->argument[1]);
	if (strcmp(what, "list") == 0)
		return list(c);
	if (strcmp(what, "find") == 0)
		return find(c);
	if ((strcmp(what, "tag") == 0 || strcmp(what, "untag") == 0) && c->arguments > 2)
		return tag(c, what[0] == 'u');
	if (strcmp(what, "show") == 0 && c->arguments <= 2)
		return show(c);
	if (strcmp(what, "forget") == 0 && c->arguments <= 2)
		return forget(c);
	return usage(c, "say import FILE, list, find, tag, untag, show or forget: see safar contacts --help");
}
