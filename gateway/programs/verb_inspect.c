/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect: what Safar makes of texts: language, wish, place, parts. A line in, a JSON object out; no
 * daemon, no memory of what was read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/content.h"
#include "programs/safar.h"
#include "programs/where.h"
#include "text/advice.h"
#include "text/fold.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define SKELETON_OCTETS (8u * TEXT_OCTETS_MAX)
#define JSON_OCTETS (64u * TEXT_OCTETS_MAX)

/* --among "kk,ru,uz": the others get no weight. Uzbek is one of both scripts. */
static bool restrict_to(struct span list, struct guess_prior *ret)
{
	struct guess_prior p = { { 0 } };
	struct span tag;
	while (span_take(&list, ',', &tag)) {
		enum language l;
		if (!language_parse(span_trim(tag), &l))
			return false;
		p.weight[l] = ret->weight[l];
		if (l == LANGUAGE_UZ)
			p.weight[LANGUAGE_UZ_CYRL] = ret->weight[LANGUAGE_UZ_CYRL];
	}
	*ret = p;
	return true;
}

static const char *read_prior(const struct call *c, struct guess_prior *ret)
{
	*ret = GUESS_NO_PRIOR;
	if (has(c, OPTION_FROM) && !has(c, OPTION_NO_PRIOR)) {
		struct msisdn number;
		if (msisdn_parse(span_of(c->option[OPTION_FROM]), &number) != MSISDN_OK)
			return "--from takes a number with its country's code: +998…";
		*ret = guess_prior_of(msisdn_span(&number));
		msisdn_wipe(&number);
	}
	if (has(c, OPTION_AMONG) && !restrict_to(span_of(c->option[OPTION_AMONG]), ret))
		return "--among takes languages: kk,ru,uz,ky,tg";
	return NULL;
}

/* ---- one text */
static void put_language(struct buf *b, struct span text, const struct wish *w)
{
	const enum language l = w->guess.best;
	const bool is_known = l != LANGUAGE_UNKNOWN;
	const bool is_told = is_known && w->guess.p[l] >= GUESS_TOLD;
	json_text(b, "language", language_tag(is_told ? l : LANGUAGE_UNKNOWN));
	if (!is_told && is_known)
		json_text(b, "likeliest", language_tag(l));
	json_text(b, "script", guess_script(text));
	json_fraction(b, "probability", is_known ? (double)w->guess.p[l] : 0);
}

static void put_wish(struct buf *b, const struct wish *w)
{
	json_text(b, "intent", intent_word(w->intent));
	json_fraction(b, "intent_probability", (double)w->probability);
	json_open(b, "also", '[');
	for (enum intent i = 0; i < INTENT_COUNT; i++)
		if ((w->also & INTENT_BIT(i)) != 0)
			json_text(b, NULL, intent_word(i));
	json_close(b, ']');
	json_open(b, "slots", '{');
	if (w->town != NULL)
		json_text(b, "town", w->town);
	if (w->region != NULL)
		json_text(b, "region", w->region);
	if (w->country != NULL)
		json_text(b, "country", w->country);
	json_close(b, '}');
}

static void put_skeleton(struct buf *b, struct span text)
{
	struct buf skeleton;
	buf_init(&skeleton, SKELETON_OCTETS);
	fold_skeleton(text, &skeleton);
	struct span rest = buf_span(&skeleton), word;
	json_open(b, "skeleton", '[');
	while (span_take(&rest, ' ', &word))
		json_span(b, NULL, word);
	json_close(b, ']');
	buf_wipe(&skeleton);
}

static void put_advice(const char *sentence, void *arg)
{
	json_text(arg, NULL, sentence);
}

static void put_parts(struct buf *b, struct span text, enum language l)
{
	struct parts p = { .count = 0 };
	const enum text_err fault = parts_split(text, &p);
	int64_t characters = 0;
	uint32_t c;
	for (struct span rest = text; utf8_next(&rest, &c);)
		characters++;
	json_text(b, "alphabet", p.alphabet == ALPHABET_GSM7 ? "GSM-7" : "UCS-2");
	json_int(b, "characters", characters);
	json_int(b, "units", p.units);
	json_int(b, "parts", p.count);
	json_open(b, "per_part", '[');
	for (unsigned i = 0; i < p.count; i++)
		json_int(b, NULL, p.part_units[i]);
	json_close(b, ']');
	json_open(b, "advice", '[');
	if (fault == TEXT_OK)
		advice_give(text, &p, l, put_advice, b);
	else
		json_text(b, NULL, text_err_text(fault));
	json_close(b, ']');
}

static void inspect(const struct content *content, const struct guess_prior *prior,
                    struct span text, struct buf *ret)
{
	struct wish w;
	content_wish(content, text, prior, &w);
	json_open(ret, NULL, '{');
	json_span(ret, "text", text);
	put_language(ret, text, &w);
	put_wish(ret, &w);
	put_skeleton(ret, text);
	put_parts(ret, text, w.guess.best);
	json_close(ret, '}');
	json_line(ret);
}

static struct err inspect_all(const struct content *content, const struct guess_prior *prior)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	struct err e = ERR_NONE_VALUE;
	while (!err_is(e) && (n = getline(&line, &room, stdin)) >= 0) {
		struct buf json;
		if (n > 0 && line[n - 1] == '\n')
			n--;
		buf_init(&json, JSON_OCTETS + 8 * (size_t)n);
		inspect(content, prior, span_make(line, (size_t)n), &json);
		if (json.failed)
			e = err_make(ERR_MEMORY, "write down what was found", NULL, NULL);
		else if (fwrite(json.p, 1, json.n, stdout) != json.n)
			e = err_make(ERR_IO, "write to standard output", NULL, NULL);
		buf_wipe(&json);
	}
	if (!err_is(e) && ferror(stdin) != 0)
		e = err_make(ERR_IO, "read standard input", NULL, NULL);
	if (line != NULL)
		explicit_bzero(line, room);
	free(line);
	return e;
}

int verb_inspect(const struct call *c)
{
	struct where where;
	struct content *content = NULL;
	struct guess_prior prior;
	const char *wrong = read_prior(c, &prior);
	if (wrong != NULL) {
		(void)fprintf(stderr, "safar: %s\n", wrong);
		return EXIT_USAGE;
	}
	struct err e = where_content(c->option[OPTION_CONFIG], &where);
	if (err_is(e))
		return fail(c, &e);
	e = content_load(where.messages, where.locales, where.allow_draft, NULL, NULL, &content);
	if (!err_is(e))
		e = inspect_all(content, &prior);
	content_drop(content);
	where_free(&where);
	return err_is(e) ? fail(c, &e) : 0;
}
