/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content preview --phone ussd: every place of the tree as the pages that a caller in Kazakhstan sees,
 * with what is dialled to get there. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "dialog/ussd_pages.h"
#include "programs/safar.h"
#include "base/banned.h"

#define COUNTRY "KZ"
#define PAGES_MAX 20

struct walk {
	const struct call *call;
	struct ussd_book *book;
	const struct ussd_rules *rules;
	enum language language;
};

static unsigned units_of(const struct ussd_page *p)
{
	struct span rest = span_make(p->text, p->n);
	uint32_t c = 0;
	unsigned n = 0;
	while (utf8_next(&rest, &c))
		n += p->alphabet == ALPHABET_GSM7 ? gsm7_septets(c) : c > 0xFFFF ? 2 : 1;
	return n;
}

static void put_page(const struct walk *w, const struct ussd_page *p, const char *id,
                     const char *way, unsigned number)
{
	const bool is_gsm7 = p->alphabet == ALPHABET_GSM7;
	const unsigned room = is_gsm7 ? w->rules->gsm7 : w->rules->ucs2;
	if (has(w->call, OPTION_JSON)) {
		struct buf b;
		buf_init(&b, 8192);
		json_open(&b, NULL, '{');
		json_text(&b, "topic", id);
		json_text(&b, "digits", way);
		json_int(&b, "page", number);
		json_text(&b, "language", language_tag(w->language));
		json_span(&b, "text", span_make(p->text, p->n));
		json_text(&b, "alphabet", is_gsm7 ? "GSM-7" : "UCS-2");
		json_int(&b, "units", units_of(p));
		json_close(&b, '}');
		if (buf_text(&b) != NULL)
			(void)puts(buf_text(&b));
		buf_free(&b);
		return;
	}
	char beside[64];
	(void)snprintf(beside, sizeof beside, "%s, %u of %u characters", is_gsm7 ? "GSM-7" : "UCS-2",
	               units_of(p), room);
	(void)printf("%s  %s, page %u\n", way, id, number);
	preview_screen(span_make(p->text, p->n), beside);
}

static struct err put_place(const struct walk *w, struct ussd_state s, const char *id,
                            const char *way)
{
	struct ussd_page page;
	unsigned next = 1;
	struct err e = ERR_NONE_VALUE;
	for (unsigned number = 1; number <= PAGES_MAX && next != 0 && !err_is(e); number++) {
		e = book_page(w->book, &s.now, COUNTRY, &page, &next);
		if (err_is(e))
			return e;
		put_page(w, &page, id, way, number);
		if (next != 0)
			e = ussd_move(w->book, COUNTRY, &s, span_of(USSD_NEXT));
	}
	return e;
}

/* The tree is at most TOPIC_DEPTH_MAX deep, and so is this. */
static struct err put_topic(const struct walk *w, struct ussd_state s, const char *way)
{
	const struct topic *t = s.now.topic;
	char further[16], digit[2] = "";
	struct err e = put_place(w, s, t->id, way);
	for (size_t i = 0; i < t->children && i < 9 && !err_is(e); i++) {
		struct ussd_state below = s;
		digit[0] = (char)('1' + (int)i);
		(void)snprintf(further, sizeof further, "%.10s*%s", way, digit);
		e = ussd_move(w->book, COUNTRY, &below, span_of(digit));
		if (!err_is(e))
			e = put_topic(w, below, further);
	}
	return e;
}

struct err content_preview_pages(const struct call *c, struct content *content, enum language l,
                                 bool latin)
{
	const struct ussd_rules rules = { .link = "preview", .gsm7 = USSD_GSM7_MAX,
		.ucs2 = USSD_UCS2_MAX, .gsm7_only = latin, .may_send = true };
	struct walk w = { .call = c, .rules = &rules, .language = l };
	struct ussd_state s = { .now = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN } };
	char digit[2] = { (char)('1' + (int)l), '\0' };
	struct err e = book_new(content, &rules, clock_now_ms(), &w.book);
	if (!err_is(e))
		e = put_place(&w, s, "languages", "");
	if (!err_is(e))
		e = ussd_move(w.book, COUNTRY, &s, span_of(digit));
	if (!err_is(e))
		e = put_topic(&w, s, digit);
	book_drop(w.book);
	return e;
}
