/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the daemon, and telling what it said. */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "api/control.h"
#include "base/clock.h"
#include "programs/safar.h"
#include "base/banned.h"

int fail(const struct call *c, const struct err *e)
{
	char text[512];
	(void)err_text(e, text, sizeof text);
	if (has(c, OPTION_JSON)) {
		struct buf b;
		buf_init(&b, 4096);
		json_open(&b, NULL, '{');
		json_bool(&b, "ok", false);
		json_text(&b, "error", err_word(e->code));
		json_text(&b, "text", text);
		json_close(&b, '}');
		if (buf_text(&b) != NULL)
			(void)puts(buf_text(&b));
		buf_free(&b);
	} else {
		(void)fprintf(stderr, "safar: %s\n", text);
	}
	return err_exit_code(e->code);
}

void request_start(struct buf *request, size_t limit, const char *verb)
{
	buf_init(request, limit);
	json_open(request, NULL, '{');
	json_text(request, "verb", verb);
}

struct lines {
	row_fn *row;
	void *arg;
	struct buf *last;
};

static void take_line(struct span json, void *arg)
{
	struct lines *l = arg;
	if (json_member(json, "ok").n > 0) {
		buf_consume(l->last, l->last->n);
		buf_add(l->last, json);
	} else if (l->row != NULL) {
		l->row(json, l->arg);
	}
}

struct err ask_once(const struct call *c, struct buf *request, row_fn *row, void *arg,
                    struct buf *ret_last)
{
	struct lines l = { .row = row, .arg = arg, .last = ret_last };
	json_close(request, '}');
	if (request->failed)
		return err_make(ERR_INPUT, "ask safard", "make it shorter", NULL);
	struct err e = control_ask(c->settings->node_data, buf_span(request), take_line, &l);
	request->n--; /* open again, for asking once more */
	if (!err_is(e) && ret_last->failed)
		e = err_make(ERR_MEMORY, "read safard's answer", NULL, NULL);
	return e;
}

struct err ask_patiently(const struct call *c, struct buf *request, int64_t patience_ms,
                         row_fn *row, void (*again)(void *arg), void *arg, struct buf *ret_last)
{
	const int64_t until_ms = clock_monotonic_ms() + patience_ms;
	struct err lost = ERR_NONE_VALUE;
	for (;;) {
		struct err e = ask_once(c, request, row, arg, ret_last);
		if (e.code == ERR_IO)
			lost = e; /* more than "nobody is there": it may have been done */
		else if (e.code != ERR_ABSENT)
			return e;
		if (clock_monotonic_ms() >= until_ms)
			return err_is(lost) ? lost : e;
		pause_ms(ASK_EACH_MS);
		if (again != NULL)
			again(arg);
	}
}

int judge(const struct call *c, const struct buf *last)
{
	if (span_is(json_member(buf_span(last), "ok"), "true"))
		return 0;
	cJSON *answer = parse(buf_span(last));
	const char *word = text_of(answer, "error");
	int code = err_exit_code(ERR_DATA);
	for (int i = 1; i < ERR_CODE_COUNT; i++)
		if (strcmp(word, err_word((enum err_code)i)) == 0)
			code = err_exit_code((enum err_code)i);
	if (has(c, OPTION_JSON)) {
		(void)fwrite(last->p, 1, last->n, stdout);
		(void)putchar('\n');
	} else {
		(void)fputs("safar: ", stderr);
		put_cell(stderr, 0, text_of(answer, "text"));
		(void)fputc('\n', stderr);
	}
	cJSON_Delete(answer);
	return code;
}

int ask(const struct call *c, struct buf *request, row_fn *row, void *arg, struct buf *ret_last)
{
	struct err e = ask_once(c, request, row, arg, ret_last);
	return err_is(e) ? fail(c, &e) : judge(c, ret_last);
}

cJSON *parse(struct span json)
{
	return json.n > 0 ? cJSON_ParseWithLength((const char *)json.p, json.n) : NULL;
}

const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsString(item) ? item->valuestring : "";
}

double number_of(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

void put_cell(FILE *f, int width, const char *text)
{
	int shown = 0;
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
		(void)fputc(*p < 0x20 || *p == 0x7f ? '?' : *p, f);
		shown += (*p & 0xc0) != 0x80; /* an octet that continues a character shows nothing */
	}
	for (; shown < width; shown++)
		(void)fputc(' ', f);
}

void pause_ms(int ms)
{
	(void)poll(NULL, 0, ms); /* a signal may end it early: whoever waits looks again */
}

int ask_yes(const struct call *c, const char *doing, const char *next)
{
	if (has(c, OPTION_YES))
		return 0;
	const struct err e = err_make(ERR_REFUSED, doing, next, NULL);
	if (!isatty(STDIN_FILENO))
		return fail(c, &e);
	(void)fputs("Go on? [y/N] ", stderr);
	char line[16] = "";
	if (fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y'))
		return 0;
	return fail(c, &e);
}
