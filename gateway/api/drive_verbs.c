/* SPDX-License-Identifier: GPL-3.0-or-later */
/* source-word and sources: the words on a drive's material, and the questions that carried them. */
#include <stdio.h>
#include <string.h>

#include "api/verbs.h"
#include "base/clock.h"
#include "store/people.h"
#include "store/sources.h"
#include "base/banned.h"

static struct err check_name(const char *name, const char *what)
{
	const size_t n = strlen(name);
	bool is_plain = n > 0 && n < SOURCE_NAME_LIMIT;
	for (size_t i = 0; i < n; i++)
		is_plain = is_plain && ((name[i] >= 'a' && name[i] <= 'z') ||
		                        (name[i] >= '0' && name[i] <= '9') || name[i] == '-');
	return is_plain ? ERR_NONE_VALUE
	                : err_make(ERR_INPUT, "name material",
	                           "a drive and a kind are named with a-z, 0-9 and -, 47 at most", "%s",
	                           what);
}

struct word {
	const struct control_context *ctx;
	const char *drive, *kind;
	int64_t uid;
	char word[SOURCE_WORD_LIMIT];
};

static struct err write_word(struct txn *tx, void *arg)
{
	struct word *w = arg;
	const int64_t now_ms = clock_now_ms();
	struct err e = dialog_drive_word(tx, w->ctx->dialog, w->drive, w->kind, now_ms, w->word);
	return err_is(e) ? e : audit_add(tx, w->uid, "material", w->drive, now_ms);
}

struct err verb_source_word(const struct control_context *ctx, const struct request *r,
                            struct answer *a)
{
	struct word w = { .ctx = ctx, .uid = r->uid };
	struct err e = request_text(r, "drive", &w.drive);
	if (!err_is(e))
		e = request_text(r, "kind", &w.kind);
	if (!err_is(e))
		e = check_name(w.drive, "the drive");
	if (!err_is(e))
		e = check_name(w.kind, "the kind");
	if (!err_is(e))
		e = store_write(ctx->store, write_word, &w);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_text(&a->out, "word", w.word);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}

static struct err put_source(const struct source *s, void *arg)
{
	struct buf *b = arg;
	json_open(b, NULL, '{');
	json_text(b, "drive", s->drive);
	json_text(b, "kind", s->kind);
	json_text(b, "word", s->word);
	char day[32] = "";
	if (s->day != 0)
		(void)snprintf(day, sizeof day, "%04d-%02d-%02d", (int)(s->day / 10000 % 10000),
		               (int)(s->day / 100 % 100), (int)(s->day % 100));
	json_text(b, "day", day);
	json_int(b, "questions", s->questions);
	json_close(b, '}');
	json_line(b);
	return ERR_NONE_VALUE;
}

static struct err read_sources(struct txn *tx, void *arg)
{
	return source_list(tx, put_source, arg);
}

struct err verb_sources(const struct control_context *ctx, const struct request *r,
                        struct answer *a)
{
	(void)r;
	struct err e = store_read(ctx->store, read_sources, &a->out);
	if (err_is(e))
		return e;
	json_open(&a->out, NULL, '{');
	json_bool(&a->out, "ok", true);
	json_close(&a->out, '}');
	json_line(&a->out);
	return e;
}
