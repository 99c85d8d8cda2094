/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `safar inspect` on texts of strangers, with the tree's own keywords, examples and places: one line
 * of well-formed JSON comes of any octets, the same twice, and its figures hang together. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "programs/inspect.h"
#include "text/alphabet.h"

#define JSON_LIMIT (1u << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct content *given_content(void)
{
	static struct content *content;
	if (content == NULL &&
	    err_is(content_load(SAFAR_SOURCE "/messages", SAFAR_SOURCE "/locales",
	                        "kk,ru,uz,uz-Cyrl,ky,tg", NULL, NULL, &content)))
		abort();
	return content;
}

static double number(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsNumber(item))
		abort();
	return item->valuedouble;
}

static void then_it_hangs_together(struct span json)
{
	const char *end = NULL;
	if (json.n == 0 || memchr(json.p, '\n', json.n) != NULL || !utf8_valid(json))
		abort();
	cJSON *object = cJSON_ParseWithLengthOpts((const char *)json.p, json.n, &end, false);
	if (object == NULL || end != (const char *)json.p + json.n)
		abort();
	const double probability = number(object, "probability");
	const double sure = number(object, "intent_probability");
	if (!(probability >= 0 && probability <= 1 && sure >= 0 && sure <= 1))
		abort();
	double units = 0, parts = 0;
	const cJSON *part;
	cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(object, "per_part"))
	{
		units += part->valuedouble;
		parts++;
	}
	if (fabs(parts - number(object, "parts")) > 0.5 || fabs(units - number(object, "units")) > 0.5)
		abort();
	cJSON_Delete(object);
}

/* The first octet chooses what is known beside the text. */
static struct guess_prior prior_of(uint8_t choice)
{
	static const char *const numbers[] = { "77001234567", "998901234567", "996700123456",
		"992900123456" };
	struct guess_prior p = guess_prior_of(span_of(numbers[choice & 3]));
	for (unsigned l = 0; (choice & 4) != 0 && l < LANGUAGE_COUNT; l++)
		if ((choice >> 3) % LANGUAGE_COUNT == l)
			p.weight[l] = 0;
	return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once, twice;
	const struct content *content = given_content();
	const struct guess_prior prior = prior_of(size > 0 ? data[0] : 0);
	const struct span text = size > 0 ? span_make(data + 1, size - 1) : span_make(data, 0);
	buf_init(&once, JSON_LIMIT);
	buf_init(&twice, JSON_LIMIT);
	inspect_text(content, &prior, text, &once);
	inspect_text(content, &prior, text, &twice);
	if (once.failed || once.n != twice.n || memcmp(once.p, twice.p, once.n) != 0)
		abort();
	then_it_hangs_together(buf_span(&once));
	buf_free(&once);
	buf_free(&twice);
	return 0;
}
