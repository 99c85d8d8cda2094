/* SPDX-License-Identifier: GPL-3.0-or-later */
/* campaign: what staff ask for, action by action; stop-all and go-on. */
#include <stdlib.h>
#include <string.h>

#include "campaign/broadcast.h"
#include "programs/safar.h"
#include "base/banned.h"

#define REQUEST_OCTETS (2u << 20)
#define ANSWER_OCTETS (1u << 20)

/* ---- the spec that the options spell */

/* Whole, or with two decimals; whatever else it is, the daemon says what is wrong with it. */
static void put_number(cJSON *to, const char *key, const char *text)
{
	char *end = NULL;
	const double n = strtod(text, &end);
	if (end == text || *end != '\0')
		(void)cJSON_AddStringToObject(to, key, text);
	else if (n == 0 && strcmp(key, "again_after_days") != 0)
		(void)cJSON_AddNullToObject(to, key);
	else
		(void)cJSON_AddNumberToObject(to, key, n);
}

static void put_audience(cJSON *to, const char *text)
{
	cJSON *filter = text[0] == '{' ? cJSON_Parse(text) : NULL;
	if (filter != NULL)
		(void)cJSON_AddItemToObject(to, "audience", filter);
	else
		(void)cJSON_AddStringToObject(to, "audience", text);
}

/* Adds the spec as text to the request; false: the options spell none. */
static bool put_spec(const struct call *c, struct buf *request)
{
	static const struct {
		enum option option;
		const char *key;
	} numbers[] = { { OPTION_RATE, "rate" }, { OPTION_CEILING, "ceiling" }, { OPTION_DAYS, "days" },
		{ OPTION_AGAIN, "again_after_days" } };
	cJSON *spec = cJSON_CreateObject();
	if (has(c, OPTION_ORGANISATION))
		(void)cJSON_AddStringToObject(spec, "organisation", c->option[OPTION_ORGANISATION]);
	if (has(c, OPTION_SEGMENT))
		put_audience(spec, c->option[OPTION_SEGMENT]);
	if (has(c, OPTION_AT) && c->option[OPTION_AT][0] != '\0')
		(void)cJSON_AddStringToObject(spec, "at", c->option[OPTION_AT]);
	else if (has(c, OPTION_AT))
		(void)cJSON_AddNullToObject(spec, "at");
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (has(c, numbers[i].option))
			put_number(spec, numbers[i].key, c->option[numbers[i].option]);
	const bool any = spec != NULL && spec->child != NULL;
	char *text = cJSON_PrintUnformatted(spec);
	json_text(request, "spec", text != NULL ? text : "{}");
	cJSON_free(text);
	cJSON_Delete(spec);
	return any;
}

/* ---- asking */

static int usage(const char *next)
{
	(void)fprintf(stderr, "safar: campaign: %s; see safar campaign --help\n", next);
	return EXIT_USAGE;
}

static void start_request(struct buf *request, const char *action, const char *name)
{
	request_start(request, REQUEST_OCTETS, "campaign");
	json_text(request, "action", action);
	if (name != NULL)
		json_text(request, "name", name);
}

static void put_json(const struct buf *last)
{
	(void)fwrite(last->p, 1, last->n, stdout);
	(void)putchar('\n');
}

/* Asks, and tells in a line what the campaign is now. */
static int tell(const struct call *c, struct buf *request, const char *done)
{
	struct buf last;
	buf_init(&last, ANSWER_OCTETS);
	const int code = ask(c, request, NULL, NULL, &last);
	if (code == 0 && has(c, OPTION_JSON)) {
		put_json(&last);
	} else if (code == 0) {
		cJSON *answer = parse(buf_span(&last));
		const cJSON *changed = cJSON_GetObjectItemCaseSensitive(answer, "changed");
		put_cell(stdout, 0, text_of(answer, "name"));
		(void)printf(": %s\n", done != NULL ? done
		             : cJSON_IsFalse(changed) ? "nothing has changed" : "a draft now");
		cJSON_Delete(answer);
	}
	buf_free(&last);
	buf_wipe(request);
	return code;
}

static int simple(const struct call *c, const char *action, const char *name, const char *done)
{
	struct buf request;
	start_request(&request, action, name);
	if (has(c, OPTION_OVERRIDE) || has(c, OPTION_WHY))
		json_text(&request, "why", c->option[has(c, OPTION_OVERRIDE) ? OPTION_OVERRIDE : OPTION_WHY]);
	if (has(c, OPTION_ANY_HOUR))
		json_bool(&request, "any_hour", true);
	return tell(c, &request, done);
}

/* ---- the actions */

static int do_new(const struct call *c, const char *name)
{
	struct buf request;
	start_request(&request, "new", name);
	(void)put_spec(c, &request);
	return tell(c, &request, NULL);
}

static int do_set(const struct call *c, const char *name)
{
	struct buf request;
	start_request(&request, "edit", name);
	if (put_spec(c, &request))
		return tell(c, &request, NULL);
	buf_free(&request);
	return usage("say what to set");
}

static int do_texts(const struct call *c, const char *name)
{
	struct buf request, text;
	if (has(c, OPTION_MESSAGE) == (has(c, OPTION_LANGUAGE) && has(c, OPTION_BY)))
		return usage("texts needs --message, or --language and --by");
	if (!has(c, OPTION_MESSAGE)) {
		start_request(&request, "review", name);
		json_text(&request, "language", c->option[OPTION_LANGUAGE]);
		json_text(&request, "by", c->option[OPTION_BY]);
		return tell(c, &request, "written down");
	}
	buf_init(&text, MESSAGE_OCTETS);
	struct err e = read_file(c->option[OPTION_MESSAGE], MESSAGE_OCTETS, &text);
	if (err_is(e)) {
		buf_free(&text);
		return fail(c, &e);
	}
	start_request(&request, "texts", name);
	json_span(&request, "message", buf_span(&text));
	buf_free(&text);
	return tell(c, &request, NULL);
}

static int do_apply(const struct call *c, const char *path)
{
	struct buf request, text;
	buf_init(&text, MESSAGE_OCTETS);
	struct err e = read_file(path, MESSAGE_OCTETS, &text);
	if (err_is(e)) {
		buf_free(&text);
		return fail(c, &e);
	}
	start_request(&request, "apply", NULL);
	json_span(&request, "file", buf_span(&text));
	buf_free(&text);
	return tell(c, &request, NULL);
}

static int do_test(const struct call *c, const char *name)
{
	struct buf request;
	if (!has(c, OPTION_NUMBER) || !has(c, OPTION_LANGUAGE))
		return usage("test needs --language and --number");
	start_request(&request, "test", name);
	json_text(&request, "language", c->option[OPTION_LANGUAGE]);
	json_text(&request, "number", c->option[OPTION_NUMBER]);
	return tell(c, &request, "the test is queued");
}

static int do_start(const struct call *c, const char *name)
{
	const int code = simple(c, "start", name, "it goes");
	return code != 0 || !has(c, OPTION_WAIT) ? code : wait_campaign(c, name);
}

static int look(const struct call *c, const char *action, const char *name,
                void (*show)(const struct buf *))
{
	struct buf request, last;
	start_request(&request, action, name);
	buf_init(&last, ANSWER_OCTETS);
	const int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0 && has(c, OPTION_JSON))
		put_json(&last);
	else if (code == 0)
		show(&last);
	buf_free(&last);
	buf_free(&request);
	return code;
}

static int do_show(const struct call *c, const char *name)
{
	return has(c, OPTION_WAIT) ? wait_campaign(c, name) : look(c, "show", name, show_campaign);
}

static int do_preview(const struct call *c, const char *name)
{
	return look(c, "preview", name, show_preview);
}

static void put_row(struct span json, void *arg)
{
	const struct call *c = arg == NULL ? NULL : *(const struct call *const *)arg;
	if (c != NULL && has(c, OPTION_JSON)) {
		(void)fwrite(json.p, 1, json.n, stdout);
		(void)putchar('\n');
	} else {
		show_campaign_row(json);
	}
}

static int do_list(const struct call *c, const char *name)
{
	struct buf request, last;
	(void)name;
	start_request(&request, "list", NULL);
	buf_init(&last, ANSWER_OCTETS);
	const int code = ask(c, &request, put_row, &c, &last);
	buf_free(&last);
	buf_free(&request);
	return code;
}

static int do_material(const struct call *c, const char *name)
{
	(void)name; /* it is an argument of the call */
	return campaign_material(c);
}

static int do_sources(const struct call *c, const char *name)
{
	(void)name;
	return list_sources(c);
}

static const struct {
	const char *word;
	int (*run)(const struct call *c, const char *name); /* NULL: as it stands */
	const char *done;
} actions[] = {
	{ "new", do_new, NULL }, { "set", do_set, NULL }, { "audience", do_set, NULL },
	{ "texts", do_texts, NULL }, { "apply", do_apply, NULL }, { "preview", do_preview, NULL },
	{ "test", do_test, NULL }, { "start", do_start, NULL }, { "show", do_show, NULL },
	{ "list", do_list, NULL }, { "material", do_material, NULL }, { "sources", do_sources, NULL },
	 { "submit", NULL, "waits for somebody else's approval" },
	{ "approve", NULL, "approved" }, { "pause", NULL, "paused" }, { "resume", NULL, "it goes on" },
	{ "stop", NULL, "stopped" },
};

int verb_campaign(const struct call *c)
{
	const char *name = c->arguments > 1 ? c->argument[1] : NULL;
	if (c->arguments > 2)
		return usage("put a name with blanks in quotes");
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(c->argument[0], actions[i].word) != 0)
			continue;
		const bool is_of_all = actions[i].run == do_list || actions[i].run == do_sources;
		if ((name == NULL) != is_of_all)
			return usage(name == NULL ? "name the campaign" : "list and sources take no name");
		return actions[i].run != NULL ? actions[i].run(c, name)
		                              : simple(c, actions[i].word, name, actions[i].done);
	}
	return usage("there is no such action");
}

/* ---- all at once */

static int halt(const struct call *c, bool go_on)
{
	struct buf request, last;
	request_start(&request, REQUEST_OCTETS, "halt");
	json_bool(&request, "go_on", go_on);
	json_text(&request, "why", has(c, OPTION_WHY) ? c->option[OPTION_WHY] : "");
	buf_init(&last, ANSWER_OCTETS);
	const int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0 && has(c, OPTION_JSON))
		put_json(&last);
	else if (code == 0)
		(void)puts(go_on ? "campaigns and broadcasts go on" : "everything but answers is stopped");
	buf_free(&last);
	buf_free(&request);
	return code;
}

int verb_stop_all(const struct call *c) { return halt(c, false); }
int verb_go_on(const struct call *c) { return halt(c, true); }
