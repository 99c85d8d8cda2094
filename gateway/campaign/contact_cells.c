/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign/contact_inside.h"

#include <string.h>

#include "text/phone.h"
#include "base/banned.h"

bool contact_cell(const struct contact_list *l, size_t column, uint8_t room[CELL_OCTETS],
                  struct span *ret)
{
	*ret = (struct span){ .n = 0 };
	return column >= l->csv.fields ||
	       csv_text(&l->csv.field[column], room, CELL_OCTETS, ret);
}

/* A cell into a fixed array; "" where there is none. */
static bool text_cell(const struct contact_list *l, enum contact_column c, char *ret, size_t room)
{
	uint8_t octets[CELL_OCTETS];
	struct span s;
	if (!contact_cell(l, l->column[c], octets, &s) || s.n >= room)
		return false;
	if (s.n > 0)
		memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
	return true;
}

static const char *read_language(const struct contact_list *l, struct contact_row *r)
{
	char text[CELL_OCTETS], script[CELL_OCTETS];
	if (!text_cell(l, COLUMN_LANGUAGE, text, sizeof text) ||
	    !text_cell(l, COLUMN_SCRIPT, script, sizeof script))
		return "unknown language";
	const char *tag = text[0] == '\0' ? l->options->language
	                  : contact_words_language(l->words, span_of(text));
	if (tag == NULL)
		return "unknown language";
	if (tag[0] == '\0')
		return "no language";
	const char *writes = script[0] == '\0' ? "" : contact_words_script(l->words, span_of(script));
	if (writes == NULL)
		return "unknown script";
	const bool is_uzbek = strncmp(tag, "uz", 2) == 0;
	if (strcmp(writes, "cyrillic") == 0) {
		if (is_uzbek)
			tag = "uz-Cyrl";
		writes = is_uzbek ? "" : "native";
	} else if (strcmp(writes, "latin") == 0 && is_uzbek) {
		tag = "uz"; /* its own letters are Latin ones */
		writes = "native";
	}
	(void)text_copy(r->facts.language, sizeof r->facts.language, tag);
	(void)text_copy(r->facts.script, sizeof r->facts.script, writes);
	return NULL;
}

/* Tags of a cell or an option, parted by blanks, commas, semicolons or bars, behind what is there. */
static const char *add_tags(const char *text, struct contact_row *r)
{
	struct span rest = span_of(text);
	while (rest.n > 0) {
		size_t n = 0;
		char tag[TAG_LIMIT];
		while (n < rest.n && strchr(" ,;|\t\n\r", rest.p[n]) == NULL)
			n++;
		const size_t used = strlen(r->tags);
		if (n > 0 && !contact_tag_clean(span_make(rest.p, n), tag))
			return "a tag is of letters, digits, - and _, 32 octets at most";
		if (n > 0 && used + strlen(tag) + 2 > sizeof r->tags)
			return "too many tags";
		if (n > 0 && used > 0)
			r->tags[used] = ' ';
		if (n > 0)
			(void)text_copy(r->tags + used + (used > 0), sizeof r->tags - used - 1, tag);
		n += n < rest.n ? 1 : 0;
		rest = span_make(rest.p + n, rest.n - n);
	}
	return NULL;
}

static const char *date_reason(enum contact_date d)
{
	switch (d) {
	case CONTACT_DATE_OK:
		return NULL;
	case CONTACT_DATE_BAD:
		return "the date of the consent is none: write 2026-05-12 or 12.05.2026";
	case CONTACT_DATE_NUMBER:
		return "a spreadsheet wrote the date as a number: make the column a date, or text";
	case CONTACT_DATE_UNCLEAR:
		return "day and month of the consent can be mixed up: write 2026-05-12";
	}
	return "the date of the consent is none";
}

/* With a date somebody agreed; without one nobody did, whatever else stands there. */
static const char *read_consent(const struct contact_list *l, struct contact_row *r)
{
	const struct consent *all = &l->options->consent;
	char date[CELL_OCTETS];
	struct consent c = *all;
	if (!text_cell(l, COLUMN_DATE, date, sizeof date))
		return "the date of the consent is too long";
	if (l->column[COLUMN_DATE] != CSV_FIELDS)
		c.at_ms = 0;
	const char *reason = date[0] == '\0' ? NULL
	                     : date_reason(contact_date_parse(span_of(date), &c.at_ms));
	if (reason != NULL || c.at_ms == 0)
		return reason;
	if (c.at_ms > l->options->now_ms)
		return "the date of the consent is to come";
	char text[CELL_OCTETS];
	const struct {
		enum contact_column column;
		char *ret;
		size_t room;
		const char *reason;
	} cells[] = {
		{ COLUMN_CHANNEL, c.channel, sizeof c.channel, "the channel of the consent is too long" },
		{ COLUMN_WORDING, c.wording, sizeof c.wording, "the wording of the consent is too long" },
		{ COLUMN_PROOF, c.proof, sizeof c.proof, "the proof of the consent is too long" },
	};
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		if (!text_cell(l, cells[i].column, text, sizeof text) ||
		    (text[0] != '\0' && !text_copy(cells[i].ret, cells[i].room, text)))
			return cells[i].reason;
	if (c.channel[0] == '\0')
		return "the consent has no channel: how did they agree?";
	if (c.wording[0] == '\0')
		return "the consent has no wording: to what did they agree?";
	if (!text_cell(l, COLUMN_CONSENT_LANGUAGE, text, sizeof text))
		return "unknown language of the consent";
	const char *tag = text[0] != '\0' ? contact_words_language(l->words, span_of(text))
	                  : c.language[0] != '\0' ? c.language : r->facts.language;
	if (tag == NULL)
		return "unknown language of the consent";
	if (tag != c.language)
		(void)text_copy(c.language, sizeof c.language, tag);
	r->consent = c;
	r->has_consent = true;
	return NULL;
}

static void read_place(const struct contact_list *l, struct contact_row *r)
{
	char text[CELL_OCTETS];
	if (!text_cell(l, COLUMN_REGION, text, sizeof text) || text[0] == '\0')
		return;
	const char *region = contact_words_region(l->words, span_of(text));
	r->is_place_unknown = region[0] == '\0' ||
	                      !text_copy(r->facts.region, sizeof r->facts.region, region);
}

const char *contact_cells_read(struct contact_list *l, struct contact_row *ret)
{
	uint8_t room[CELL_OCTETS];
	struct span text;
	char tags[CELL_OCTETS];
	const char *known = NULL;
	enum phone_err e = PHONE_LONG;
	if (contact_cell(l, l->column[COLUMN_PHONE], room, &text))
		e = phone_read(text, l->options->country, &ret->number);
	if (e == PHONE_OK)
		known = contact_seen_country(l, &ret->number);
	if (known != NULL)
		(void)text_copy(ret->facts.country, sizeof ret->facts.country, known);
	else if (e == PHONE_OK)
		e = phone_verify(&ret->number, ret->facts.country);
	explicit_bzero(room, sizeof room);
	if (e != PHONE_OK)
		return phone_err_text(e);
	(void)text_copy(ret->facts.operator_, sizeof ret->facts.operator_,
	                content_operator(l->options->content, &ret->number));
	const char *reason = read_language(l, ret);
	if (reason == NULL)
		reason = add_tags(l->options->tags, ret);
	if (reason == NULL && !text_cell(l, COLUMN_TAGS, tags, sizeof tags))
		reason = "too many tags";
	if (reason == NULL)
		reason = add_tags(l->column[COLUMN_TAGS] != CSV_FIELDS ? tags : "", ret);
	if (reason == NULL)
		reason = read_consent(l, ret);
	if (reason == NULL)
		read_place(l, ret);
	return reason;
}
