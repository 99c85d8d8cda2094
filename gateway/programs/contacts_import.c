/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts import: the list is read twice, row by row. First everything is judged and counted, with
 * nothing written; then, after a yes, it goes to the daemon batch by batch. */
#include <string.h>
#include <unistd.h>

#include "api/control.h"
#include "base/clock.h"
#include "campaign/contact_list.h"
#include "programs/contacts.h"
#include "programs/where.h"
#include "text/phone.h"
#include "base/banned.h"

#define LOST_MS 10000 /* how long to ask again for an answer that was lost: a batch may be told twice */

struct totals {
	double added, updated, rejected, without_consent, stopped, places_unknown, rows;
};

struct import {
	const struct call *call;
	struct contact_list_options options;
	struct contact_list *list;
	struct buf batch;
	size_t batched;
	bool is_dry;
	struct totals totals;
};

/* ---- the options */
static struct err read_consent(const struct call *c, int64_t now_ms, struct consent *ret)
{
	static const char doing[] = "read the consent:";
	const char *date = has(c, OPTION_DATE) ? c->option[OPTION_DATE] : "";
	if (date[0] != '\0' && contact_date_parse(span_of(date), &ret->at_ms) != CONTACT_DATE_OK)
		return err_make(ERR_INPUT, doing, "write the date as 2026-05-12", "--date");
	if (ret->at_ms > now_ms)
		return err_make(ERR_INPUT, doing, "it is to come", "--date");
	if (has(c, OPTION_CONSENT) && !text_copy(ret->wording, sizeof ret->wording,
	                                         c->option[OPTION_CONSENT]))
		return err_make(ERR_INPUT, doing, "1000 octets at most", "--consent");
	if (has(c, OPTION_CHANNEL) && !text_copy(ret->channel, sizeof ret->channel,
	                                         c->option[OPTION_CHANNEL]))
		return err_make(ERR_INPUT, doing, "48 octets at most", "--channel");
	if (has(c, OPTION_PROOF) && !text_copy(ret->proof, sizeof ret->proof, c->option[OPTION_PROOF]))
		return err_make(ERR_INPUT, doing, "256 octets at most", "--proof");
	if (date[0] != '\0' && (ret->wording[0] == '\0' || ret->channel[0] == '\0'))
		return err_make(ERR_INPUT, doing, "--date needs --consent and --channel beside it", NULL);
	return ERR_NONE_VALUE;
}

static struct err read_options(struct import *i)
{
	const struct call *c = i->call;
	struct contact_list_options *o = &i->options;
	enum language l = LANGUAGE_UNKNOWN;
	o->now_ms = clock_now_ms();
	o->country = has(c, OPTION_COUNTRY) ? c->option[OPTION_COUNTRY] : "KZ";
	o->tags = has(c, OPTION_TAG) ? c->option[OPTION_TAG] : "";
	o->language = "";
	if (!phone_is_country(o->country))
		return err_make(ERR_INPUT, "read the list", "--country is two capital letters: KZ, RU, UZ", NULL);
	if (has(c, OPTION_LANGUAGE)) {
		if (!language_parse(span_of(c->option[OPTION_LANGUAGE]), &l) || l >= LANGUAGE_PEOPLE)
			return err_make(ERR_INPUT, "read the list",
			                "--language is kk, ru, uz, uz-Cyrl, ky or tg", NULL);
		o->language = language_tag(l);
	}
	return read_consent(c, o->now_ms, &o->consent);
}

/* ---- rows */
static void tell_rejected(const struct import *i, unsigned line, const char *reason)
{
	struct buf b;
	if (!i->is_dry) /* the first reading told it */
		return;
	if (!has(i->call, OPTION_JSON)) {
		(void)printf("line %u is left out: %s\n", line, reason);
		return;
	}
	buf_init(&b, 1024);
	json_open(&b, NULL, '{');
	json_int(&b, "line", line);
	json_text(&b, "reason", reason);
	json_close(&b, '}');
	if (buf_text(&b) != NULL)
		(void)puts(buf_text(&b));
	buf_free(&b);
}

/* A batch is asked again when its answer is lost: it would only update what it has added. */
static int send_batch(struct import *i)
{
	struct buf request, last;
	if (i->batched == 0)
		return 0;
	request_start(&request, CONTROL_OCTETS, "contacts-import");
	if (i->is_dry)
		json_bool(&request, "dry", true);
	json_span(&request, "rows", buf_span(&i->batch));
	buf_init(&last, 4096);
	/* before anything was said, a daemon that isn't there is told at once */
	const bool has_begun = !i->is_dry || i->totals.added + i->totals.updated > 0;
	const struct err e = i->batch.failed ? err_make(ERR_MEMORY, "send rows", NULL, NULL)
	                     : ask_patiently(i->call, &request, has_begun ? LOST_MS : 0, NULL, NULL, NULL,
	                                     &last);
	const int code = err_is(e) ? fail(i->call, &e) : judge(i->call, &last);
	cJSON *answer = code == 0 ? parse(buf_span(&last)) : NULL;
	i->totals.added += number_of(answer, "added");
	i->totals.updated += number_of(answer, "updated");
	i->totals.without_consent += number_of(answer, "without_consent");
	i->totals.stopped += number_of(answer, "stopped");
	cJSON_Delete(answer);
	buf_wipe(&request);
	buf_free(&last);
	explicit_bzero(i->batch.p, i->batch.n);
	buf_consume(&i->batch, i->batch.n);
	i->batched = 0;
	return code;
}

/* The whole list, to be judged or to be kept. */
static int read_list(struct import *i)
{
	i->totals = (struct totals){ .rows = 0 };
	for (;;) {
		struct contact_row row;
		enum contact_list_step step = CONTACT_LIST_END;
		const char *reason = NULL;
		const struct err e = contact_list_next(i->list, &row, &step, &reason);
		if (err_is(e))
			return fail(i->call, &e);
		if (step == CONTACT_LIST_END)
			return send_batch(i);
		i->totals.rows++;
		if (step == CONTACT_LIST_REJECTED) {
			i->totals.rejected++;
			tell_rejected(i, row.line, reason);
			continue;
		}
		i->totals.places_unknown += row.is_place_unknown ? 1 : 0;
		contact_row_write(&row, &i->batch);
		contact_row_wipe(&row);
		if (++i->batched < CONTACT_BATCH_ROWS)
			continue;
		const int code = send_batch(i);
		if (code != 0)
			return code;
	}
}

/* ---- what is shown */
static void put_plan(FILE *f, const struct import *i, const char *which)
{
	const struct totals *t = &i->totals;
	struct buf over;
	const char separator[2] = { contact_list_separator(i->list), '\0' };
	buf_init(&over, 1024);
	contact_list_passed_over(i->list, &over);
	(void)fprintf(f, "%s, \"%s\" between columns\n", encoding_name(contact_list_encoding(i->list)),
	              separator[0] == '\t' ? "tab" : separator);
	if (over.n > 0 && buf_text(&over) != NULL)
		(void)fprintf(f, "columns that are not kept: %s\n", buf_text(&over));
	(void)fprintf(f, "%s: %.0f added, %.0f updated, %.0f rejected, of %.0f rows\n", which, t->added,
	              t->updated, t->rejected, t->rows);
	if (t->without_consent > 0)
		(void)fprintf(f, "%.0f of them have agreed to nothing: no campaign may write to them\n",
		              t->without_consent);
	if (t->stopped > 0)
		(void)fprintf(f, "%.0f of them said STOP: that stays\n", t->stopped);
	if (t->places_unknown > 0)
		(void)fprintf(f, "%.0f rows name a place that isn't known: they are kept without one\n",
		              t->places_unknown);
	(void)fflush(f);
	buf_free(&over);
}

static void put_json(const struct import *i)
{
	const struct totals *t = &i->totals;
	struct buf b;
	buf_init(&b, 1024);
	json_open(&b, NULL, '{');
	json_bool(&b, "ok", true);
	json_int(&b, "added", (int64_t)t->added);
	json_int(&b, "updated", (int64_t)t->updated);
	json_int(&b, "rejected", (int64_t)t->rejected);
	json_int(&b, "without_consent", (int64_t)t->without_consent);
	json_int(&b, "stopped", (int64_t)t->stopped);
	json_int(&b, "places_unknown", (int64_t)t->places_unknown);
	json_close(&b, '}');
	if (buf_text(&b) != NULL)
		(void)puts(buf_text(&b));
	buf_free(&b);
}

static int run(struct import *i)
{
	const bool is_json = has(i->call, OPTION_JSON);
	i->is_dry = true;
	int code = read_list(i);
	if (code != 0)
		return code;
	if (!is_json || (!has(i->call, OPTION_YES) && isatty(STDIN_FILENO)))
		put_plan(is_json ? stderr : stdout, i, "would be");
	code = ask_yes(i->call, "import without a yes",
	               "look at the counts and say --yes: nothing was written");
	if (code != 0)
		return code;
	const struct err e = contact_list_rewind(i->list);
	if (err_is(e))
		return fail(i->call, &e);
	i->is_dry = false;
	code = read_list(i);
	if (code != 0 && !is_json)
		(void)fprintf(stderr, "safar: %.0f rows are in; the same command goes on with the rest\n",
		              i->totals.added + i->totals.updated);
	if (code != 0)
		return code;
	if (is_json)
		put_json(i);
	else
		(void)printf("done: %.0f added, %.0f updated, %.0f rejected\n", i->totals.added,
		             i->totals.updated, i->totals.rejected);
	return 0;
}

int contacts_import(const struct call *c, const char *path)
{
	struct import i = { .call = c };
	struct where where = { .settings = NULL };
	struct content *content = NULL;
	buf_init(&i.batch, CONTACT_BATCH_OCTETS);
	struct err e = read_options(&i);
	if (!err_is(e))
		e = where_content(has(c, OPTION_CONFIG) ? c->option[OPTION_CONFIG] : NULL, &where);
	if (!err_is(e))
		e = content_load(where.messages, where.locales, where.allow_draft, NULL, NULL, &content);
	i.options.content = content;
	if (!err_is(e))
		e = contact_list_open(path, &i.options, &i.list);
	const int code = err_is(e) ? fail(c, &e) : run(&i);
	contact_list_close(i.list);
	if (content != NULL)
		content_drop(content);
	where_free(&where);
	buf_wipe(&i.batch);
	return code;
}
