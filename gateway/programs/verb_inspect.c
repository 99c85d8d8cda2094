/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inspect: what Safar makes of texts. A line in, a JSON object out; no daemon, no memory of what was
 * read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/content.h"
#include "programs/inspect.h"
#include "programs/safar.h"
#include "programs/where.h"
#include "text/msisdn.h"
#include "base/banned.h"

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
		inspect_text(content, prior, span_make(line, (size_t)n), &json);
		json_line(&json);
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
