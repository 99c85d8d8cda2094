/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/inspect.h"

#include "api/json.h"
#include "text/advice.h"
#include "text/fold.h"
#include "base/banned.h"

#define SKELETON_OCTETS (8u * TEXT_OCTETS_MAX)

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

void inspect_text(const struct content *content, const struct guess_prior *prior, struct span text,
                  struct buf *ret)
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
}
