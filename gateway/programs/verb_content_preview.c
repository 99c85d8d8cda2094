/* SPDX-License-Identifier: GPL-3.0-or-later */
/* content preview: the tree from the root on, each answer rendered from a revision as the daemon
 * would render it, in the frame of an old phone. */
#include <string.h>

#include "base/clock.h"
#include "content/topics.h"
#include "programs/safar.h"
#include "programs/where.h"
#include "base/banned.h"

#define ALL_DRAFTS "kk,ru,uz,uz-Cyrl,ky,tg"
#define SCREEN 20u      /* columns */
#define BODY_OCTETS_MAX (1u << 20)
#define PIECES_MAX 4

struct preview {
	const struct call *call;
	const struct content *content;
	struct texts *texts;
	enum language language;
	enum script script;
	int64_t now_ms, price; /* of a part; -1: not known */
};

struct answer {
	const char *key, *way; /* way: the digits that lead there, or "" */
	const char *service;   /* whose number it names */
	const char *state;
	const struct parts *parts;
	struct span text;
};

/* ---- a phone */
static size_t columns_of(struct span text)
{
	size_t n = 0;
	uint32_t c;
	while (utf8_next(&text, &c))
		n++;
	return n;
}

/* Takes the octets off *rest that fit a row: whole words where they do. */
static struct span take_row(struct span *rest)
{
	struct span at = *rest;
	size_t columns = 0, fits = 0, word_end = 0;
	uint32_t c;
	while (columns < SCREEN && utf8_next(&at, &c) && c != '\n') {
		columns++;
		fits = rest->n - at.n;
		if (c == ' ')
			word_end = fits;
	}
	const bool is_cut = columns == SCREEN && at.n > 0 && at.p[0] != '\n' && at.p[0] != ' ';
	const size_t row = is_cut && word_end > 0 ? word_end : fits;
	const struct span taken = span_make(rest->p, row);
	size_t behind = row;
	if (behind < rest->n && (rest->p[behind] == '\n' || rest->p[behind] == ' '))
		behind++;
	*rest = span_make(rest->p + behind, rest->n - behind);
	return taken;
}

static void put_rule(const char *left, const char *right)
{
	(void)fputs(left, stdout);
	for (unsigned i = 0; i < SCREEN; i++)
		(void)fputs("─", stdout);
	(void)fputs(right, stdout);
}

static void put_row(struct span row)
{
	(void)fputs("│", stdout);
	(void)fwrite(row.p, 1, row.n, stdout);
	for (size_t n = columns_of(row); n < SCREEN; n++)
		(void)putchar(' ');
	(void)fputs("│", stdout);
}

/* What stands beside the first row, and the frame's lower side. */
static void preview_rows(struct span rest, const char *word, const char *beside)
{
	(void)putchar('\n');
	for (bool is_first = true; rest.n > 0; is_first = false) {
		put_row(take_row(&rest));
		if (is_first && beside[0] != '\0')
			(void)printf("  %s%s", word, beside);
		(void)putchar('\n');
	}
	put_rule("└", "┘");
	(void)puts("\n");
}

void preview_screen(struct span text, const char *beside)
{
	put_rule("┌", "┐");
	preview_rows(text, "", beside);
}

static void put_cost(const struct preview *p, const struct parts *parts)
{
	const bool is_gsm7 = parts->alphabet == ALPHABET_GSM7;
	const unsigned room = parts->count == 1 ? (is_gsm7 ? GSM7_SINGLE : UCS2_SINGLE)
	                                        : parts->count * (is_gsm7 ? GSM7_PART : UCS2_PART);
	(void)printf("  %s, %u part%s, %u of %u units", is_gsm7 ? "GSM-7" : "UCS-2", parts->count,
	             parts->count == 1 ? "" : "s", parts->units, room);
	if (p->price >= 0) {
		const int64_t cost = p->price * (int64_t)parts->count;
		(void)printf(", price %lld.%02lld", (long long)(cost / 100), (long long)(cost % 100));
	}
}

static void put_phone(const struct preview *p, const struct answer *a)
{
	(void)printf("%s%s%s  (%s)\n", a->way, a->way[0] != '\0' ? "  " : "", a->key, a->state);
	put_rule("┌", "┐");
	put_cost(p, a->parts);
	preview_rows(a->text, a->service[0] != '\0' ? "number of: " : "", a->service);
}

static void put_json(const struct preview *p, const struct answer *a)
{
	struct buf b;
	buf_init(&b, 8 * TEXT_OCTETS_MAX);
	json_open(&b, NULL, '{');
	json_text(&b, "key", a->key);
	json_text(&b, "digits", a->way);
	json_text(&b, "language", language_tag(p->language));
	json_span(&b, "text", a->text);
	json_text(&b, "service", a->service);
	json_text(&b, "state", a->state);
	json_text(&b, "alphabet", a->parts->alphabet == ALPHABET_GSM7 ? "GSM-7" : "UCS-2");
	json_int(&b, "parts", a->parts->count);
	json_int(&b, "units", a->parts->units);
	if (p->price >= 0)
		json_money(&b, "price", p->price * (int64_t)a->parts->count);
	json_close(&b, '}');
	if (buf_text(&b) != NULL)
		(void)puts(buf_text(&b));
	buf_free(&b);
}

/* ---- an answer */
/* Menus are made of titles: each of them is asked for. */
static bool is_menu_reviewed(const struct preview *p, const char *id)
{
	const struct topic *t = content_topic(p->content, id);
	bool is_reviewed = t != NULL;
	for (size_t i = 0; t != NULL && i < t->children; i++) {
		char key[ANSWER_KEY_LIMIT];
		(void)snprintf(key, sizeof key, "topic.%s.title", t->child[i]->id);
		is_reviewed = is_reviewed && content_is_reviewed(p->content, p->language, key);
	}
	return is_reviewed;
}

static const char *state_of(const struct preview *p, const char *key)
{
	char copy[ANSWER_KEY_LIMIT], *piece = copy;
	(void)snprintf(copy, sizeof copy, "%s", key);
	for (int i = 0; i < PIECES_MAX && piece != NULL; i++) {
		char *plus = strchr(piece, '+');
		if (plus != NULL)
			*plus = '\0';
		const bool is_menu = strncmp(piece, "menu.", 5) == 0;
		if (is_menu ? !is_menu_reviewed(p, piece + 5)
		            : !content_is_reviewed(p->content, p->language, piece))
			return "draft";
		piece = plus != NULL ? plus + 1 : NULL;
	}
	return "reviewed";
}

static struct err show(const struct preview *p, const char *key, const char *way, enum kind kind)
{
	struct parts parts;
	struct service s;
	struct buf args, text;
	buf_init(&args, 256);
	buf_init(&text, TEXT_OCTETS_MAX);
	content_service(p->content, kind == KIND_NONE ? KIND_HOTLINE : kind, NULL, NULL, NULL, p->now_ms,
	                &s);
	buf_addf(&args, "{\"name\":\"...\",\"number\":\"%s\",\"" SCRIPT_ARGUMENT "\":\"%s\"}", s.number,
	         script_word(p->script));
	struct err e = texts_render(p->texts, key, p->language, buf_span(&args), &text);
	const enum text_err fault = err_is(e) ? TEXT_OK : parts_split(buf_span(&text), &parts);
	if (fault != TEXT_OK)
		e = err_make(ERR_DATA, "show", text_err_text(fault), "%s", key);
	if (!err_is(e)) {
		const struct answer a = { .key = key, .way = way, .parts = &parts, .text = buf_span(&text),
			.service = kind == KIND_NONE ? "" : s.id, .state = state_of(p, key) };
		(has(p->call, OPTION_JSON) ? put_json : put_phone)(p, &a);
	}
	buf_free(&args);
	buf_free(&text);
	return e;
}

/* ---- all of them */
/* The tree is at most TOPIC_DEPTH_MAX deep, and so is this. */
static struct err show_topic(const struct preview *p, const struct topic *t, const char *way)
{
	char key[ANSWER_KEY_LIMIT], further[4 * (TOPIC_DEPTH_MAX + 1)];
	topic_answer_key(t, LINE_FORGET | LINE_LANGUAGE, key);
	struct err e = show(p, key, way, t->has_body ? t->service : KIND_NONE);
	for (size_t i = 0; i < t->children && !err_is(e); i++) {
		(void)snprintf(further, sizeof further, "%.8s%s%zu", way, way[0] != '\0' ? " " : "",
		               (i + 1) % 10);
		e = show_topic(p, t->child[i], further);
	}
	return e;
}

static struct err show_all(const struct preview *p)
{
	struct err e = show_topic(p, content_root(p->content), "");
	for (size_t i = 0; content_dialog_key(i) != NULL && !err_is(e); i++)
		if (strncmp(content_dialog_key(i), "material.", strlen("material.")) != 0) /* on paper */
			e = show(p, content_dialog_key(i), "", KIND_NONE);
	return e;
}

static int64_t cheapest_part(const struct settings *s)
{
	int64_t price = -1;
	for (size_t i = 0; s != NULL && i < s->link_count; i++)
		if (price < 0 || s->links[i].price < price)
			price = s->links[i].price;
	return price;
}

static struct err read_options(const struct call *c, struct preview *ret)
{
	const char *phone = has(c, OPTION_PHONE) ? c->option[OPTION_PHONE] : "sms";
	const char *script = has(c, OPTION_SCRIPT) ? c->option[OPTION_SCRIPT] : "native";
	if (!has(c, OPTION_LANGUAGE) ||
	    !language_parse(span_of(c->option[OPTION_LANGUAGE]), &ret->language) ||
	    ret->language >= LANGUAGE_PEOPLE)
		return err_make(ERR_INPUT, "preview texts of no language that people are answered in",
		                "add --language TAG: kk, ru, uz, uz-Cyrl, ky or tg", NULL);
	if (strcmp(phone, "sms") != 0 && strcmp(phone, "ussd") != 0)
		return err_make(ERR_INPUT, "preview on such a phone", "say --phone sms or ussd", NULL);
	while (ret->script < SCRIPT_COUNT && strcmp(script_word(ret->script), script) != 0)
		ret->script++;
	if (ret->script == SCRIPT_COUNT)
		return err_make(ERR_INPUT, "write in such a script", "say native, plain or latin", NULL);
	if (strcmp(phone, "ussd") == 0 && ret->script == SCRIPT_PLAIN)
		return err_make(ERR_INPUT, "preview USSD pages in such a script", "say native or latin",
		                NULL);
	return ERR_NONE_VALUE;
}

int content_preview(const struct call *c, const struct where *w)
{
	struct preview p = { .call = c, .script = SCRIPT_NATIVE, .now_ms = clock_now_ms(),
		.price = cheapest_part(w->settings) };
	struct content *content = NULL;
	struct buf body;
	buf_init(&body, BODY_OCTETS_MAX);
	struct err e = read_options(c, &p);
	if (!err_is(e))
		e = content_load(w->messages, w->locales, ALL_DRAFTS, NULL, NULL, &content);
	if (!err_is(e)) {
		p.content = content;
		content_body(content, &body);
		e = body.failed ? err_make(ERR_MEMORY, "put the texts together", NULL, NULL)
		                : texts_parse(buf_span(&body), &p.texts);
	}
	if (!err_is(e) && has(c, OPTION_PHONE) && strcmp(c->option[OPTION_PHONE], "ussd") == 0)
		e = content_preview_pages(c, content, p.language, p.script == SCRIPT_LATIN);
	else if (!err_is(e))
		e = show_all(&p);
	texts_free(p.texts);
	buf_free(&body);
	content_drop(content);
	return err_is(e) ? fail(c, &e) : 0;
}
