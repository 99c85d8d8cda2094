/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of each place, rendered once an hour and kept; and the page that begins at an offset of
 * it, cut between words. What only helps (0, 00) stands where there is room, and takes none. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "dialog/ussd_pages.h"
#include "text/msisdn.h"
#include "base/banned.h"

#define HOUR_MS INT64_C(3600000)
#define BODY_OCTETS_MAX (1u << 20)
#define SAID_OCTETS_MAX 2048
#define TOPICS_ROOM 128

/* Numbers depend on the country; those that we know, and any other. */
static const char *const countries[] = { "KZ", "KG", "UZ", "TJ", "RU", "XX" };
#define COUNTRIES (sizeof countries / sizeof countries[0])

/* A text in all, and whether GSM-7 has each of its letters. */
struct said {
	bool is_gsm7;
	size_t n;
	char text[];
};

/* The short words of one language. */
struct words {
	struct buf next, back, home, wrong, go_on, again, sms, sent;
	bool is_gsm7, is_there;
};

struct ussd_book {
	unsigned held; /* atomic */
	struct content *content;
	struct ussd_rules rules;
	int64_t slot, now_ms;
	struct texts *texts;
	const struct topic *topics[TOPICS_ROOM];
	size_t topic_count;
	struct words words[LANGUAGE_PEOPLE];
	pthread_mutex_t lock; /* while something is rendered */
	_Atomic(struct said *) topic[LANGUAGE_PEOPLE][COUNTRIES][TOPICS_ROOM];
	_Atomic(struct said *) languages[COUNTRIES];
	_Atomic(struct said *) bare;
};

/* ---- letters */
static unsigned units_of(uint32_t c, bool is_gsm7)
{
	if (is_gsm7)
		return gsm7_septets(c);
	return c > 0xFFFF ? 2 : 1;
}

static unsigned units(struct span s, bool is_gsm7)
{
	uint32_t c = 0;
	unsigned n = 0;
	while (utf8_next(&s, &c))
		n += units_of(c, is_gsm7);
	return n;
}

static bool has_gsm7(struct span s)
{
	uint32_t c = 0;
	while (utf8_next(&s, &c))
		if (gsm7_septets(c) == 0)
			return false;
	return s.n == 0;
}

/* What the operator can't take is a question mark: nothing of ours, once it is in Latin letters. */
static void keep_gsm7(struct span s, struct buf *ret)
{
	uint32_t c = 0;
	while (utf8_next(&s, &c))
		utf8_add(ret, gsm7_septets(c) > 0 ? c : '?');
}

/* ---- rendering */
static struct err render(const struct ussd_book *b, const char *key, enum language l,
                         const char *number, struct buf *ret)
{
	struct buf arguments, text;
	buf_init(&arguments, 256);
	buf_init(&text, SAID_OCTETS_MAX);
	content_arguments(number, b->rules.gsm7_only ? SCRIPT_LATIN : SCRIPT_NATIVE, &arguments);
	struct err e = texts_render(b->texts, key, l, buf_span(&arguments), &text);
	if (!err_is(e) && b->rules.gsm7_only)
		keep_gsm7(buf_span(&text), ret);
	else if (!err_is(e))
		buf_add(ret, buf_span(&text));
	buf_free(&arguments);
	buf_free(&text);
	return err_is(e) || !ret->failed ? e : err_make(ERR_MEMORY, "render a page", NULL, NULL);
}

static struct said *said_new(const struct buf *text, bool words_are_gsm7)
{
	struct said *s = text->failed ? NULL : malloc(sizeof *s + text->n);
	if (s == NULL)
		return NULL;
	s->n = text->n;
	if (text->n > 0)
		memcpy(s->text, text->p, text->n);
	s->is_gsm7 = words_are_gsm7 && has_gsm7(buf_span(text));
	return s;
}

/* The nearest to the place that was told (NULL: none). */
static bool is_dialable(const struct ussd_book *b, enum kind kind, size_t country,
                        const struct ussd_place *told, struct service *ret)
{
	content_service(b->content, kind, told != NULL ? told->town : NULL,
	                told != NULL ? told->region : NULL, countries[country], b->now_ms, ret);
	return ret->is_dialable;
}

/* A menu's last line is that of its 0: of the root it is needed, below it stands where there is
 * room. */
static struct err add_menu(const struct ussd_book *b, const struct topic *t, enum language l,
                           struct buf *ret)
{
	char key[ANSWER_KEY_LIMIT];
	struct buf menu;
	buf_init(&menu, SAID_OCTETS_MAX);
	buf_add_text(&menu, ret->n > 0 ? "\n" : "");
	struct err e = ERR_NONE_VALUE;
	if (!text_copy(key, sizeof key, "menu.") || strlen(key) + strlen(t->id) >= sizeof key)
		return err_make(ERR_DATA, "render a page", NULL, NULL);
	memcpy(key + strlen("menu."), t->id, strlen(t->id) + 1);
	e = render(b, key, l, "", &menu);
	while (t->parent != NULL && menu.n > 0 && menu.p[menu.n - 1] != '\n')
		menu.n--;
	if (t->parent != NULL && menu.n > 0)
		menu.n--;
	buf_add(ret, buf_span(&menu));
	buf_free(&menu);
	return e;
}

static struct err add_body(const struct ussd_book *b, const struct topic *t, enum language l,
                           size_t country, const struct ussd_place *told, struct buf *ret)
{
	char key[ANSWER_KEY_LIMIT] = "topic.";
	struct service service = { .number = "" };
	struct err e = ERR_NONE_VALUE;
	if (strlen(t->id) + strlen("topic..body") >= sizeof key)
		return err_make(ERR_DATA, "render a page", NULL, NULL);
	memcpy(key + strlen("topic."), t->id, strlen(t->id));
	memcpy(key + strlen("topic.") + strlen(t->id), ".body", sizeof ".body");
	if (t->service != KIND_NONE && !is_dialable(b, t->service, country, told, &service)) {
		e = render(b, "answer.abroad", l, service.number, ret);
		buf_add_octet(ret, '\n');
	}
	return err_is(e) ? e : render(b, key, l, service.number, ret);
}

static struct err say_topic(const struct ussd_book *b, const struct topic *t, enum language l,
                            size_t country, const struct ussd_place *told, struct said **ret)
{
	struct buf text;
	buf_init(&text, SAID_OCTETS_MAX);
	struct err e = ERR_NONE_VALUE;
	if (t->has_body)
		e = add_body(b, t, l, country, told, &text);
	if (!err_is(e) && told == NULL && book_asks_town(b, t, countries[country])) {
		buf_add_octet(&text, '\n');
		e = render(b, "answer.town", l, "", &text);
	}
	if (!err_is(e) && t->children > 0)
		e = add_menu(b, t, l, &text);
	if (!err_is(e) && book_may_send(b, t)) {
		buf_addf(&text, "\n%d ", USSD_SMS);
		buf_add(&text, buf_span(&b->words[l].sms));
	}
	if (!err_is(e)) {
		*ret = said_new(&text, b->words[l].is_gsm7);
		if (*ret == NULL)
			e = err_make(ERR_MEMORY, "render a page", NULL, NULL);
	}
	buf_free(&text);
	return e;
}

/* Its lines are the languages' names in the order of the digits, each in its own letters; in Latin
 * ones they are written by each language's own rules. */
static struct err say_languages(const struct ussd_book *b, size_t country, struct said **ret)
{
	struct buf text, native;
	struct span rest, line;
	struct service hotline;
	enum language l = content_usable(b->content, LANGUAGE_RU);
	buf_init(&text, SAID_OCTETS_MAX);
	buf_init(&native, SAID_OCTETS_MAX);
	struct err e = texts_render(b->texts, is_dialable(b, KIND_HOTLINE, country, NULL, &hotline)
	                            ? "answer.call" : "answer.languages", l, span_of(""), &native);
	rest = buf_span(&native);
	while (!err_is(e) && span_line(&rest, &line)) {
		const bool is_named = line.n > 2 && line.p[0] >= '1' && line.p[1] == ' ' &&
		                      line.p[0] < '1' + (int)LANGUAGE_PEOPLE;
		struct buf written;
		buf_init(&written, SAID_OCTETS_MAX);
		if (b->rules.gsm7_only && is_named)
			script_write(line, (enum language)(line.p[0] - '1'), SCRIPT_LATIN, &written);
		else
			buf_add(&written, line);
		if (text.n > 0)
			buf_add_octet(&text, '\n');
		if (b->rules.gsm7_only)
			keep_gsm7(buf_span(&written), &text);
		else
			buf_add(&text, buf_span(&written));
		buf_free(&written);
	}
	if (!err_is(e)) {
		*ret = said_new(&text, true);
		if (*ret == NULL)
			e = err_make(ERR_MEMORY, "render a page", NULL, NULL);
	}
	buf_free(&text);
	buf_free(&native);
	return e;
}

static struct err say_bare(const struct ussd_book *b, struct said **ret)
{
	struct buf text;
	buf_init(&text, SAID_OCTETS_MAX);
	content_bare(b->content, &text);
	*ret = said_new(&text, true);
	buf_free(&text);
	return *ret != NULL ? ERR_NONE_VALUE : err_make(ERR_MEMORY, "render a page", NULL, NULL);
}

/* ---- the book */
static void collect(struct ussd_book *b, const struct topic *t)
{
	if (b->topic_count == TOPICS_ROOM)
		return;
	b->topics[b->topic_count++] = t;
	for (size_t i = 0; i < t->children; i++)
		collect(b, t->child[i]);
}

static struct err read_words(struct ussd_book *b, enum language l)
{
	struct words *w = &b->words[l];
	struct {
		const char *key;
		struct buf *word;
	} all[] = { { "ussd.next", &w->next }, { "ussd.back", &w->back }, { "line.start", &w->home },
		{ "ussd.wrong", &w->wrong }, { "ussd.continue", &w->go_on }, { "ussd.again", &w->again },
		{ "ussd.sms", &w->sms }, { "ussd.sent", &w->sent } };
	struct err e = ERR_NONE_VALUE;
	w->is_gsm7 = true;
	for (size_t i = 0; i < sizeof all / sizeof all[0] && !err_is(e); i++) {
		buf_init(all[i].word, SAID_OCTETS_MAX);
		e = render(b, all[i].key, l, "", all[i].word);
		w->is_gsm7 = w->is_gsm7 && has_gsm7(buf_span(all[i].word));
	}
	w->is_there = !err_is(e);
	return e;
}

static void free_words(struct words *w)
{
	struct buf *all[] = { &w->next, &w->back, &w->home, &w->wrong, &w->go_on, &w->again, &w->sms,
		&w->sent };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		buf_free(all[i]);
}

struct err book_new(struct content *c, const struct ussd_rules *r, int64_t now_ms,
                    struct ussd_book **ret)
{
	struct buf body;
	struct ussd_book *b = calloc(1, sizeof *b);
	if (b == NULL)
		return err_make(ERR_MEMORY, "render pages", NULL, NULL);
	*b = (struct ussd_book){ .held = 1, .content = content_hold(c), .rules = *r,
		.slot = now_ms / HOUR_MS, .now_ms = now_ms };
	(void)pthread_mutex_init(&b->lock, NULL); /* glibc's never fails with default attributes */
	buf_init(&body, BODY_OCTETS_MAX);
	content_body(c, &body);
	struct err e = body.failed ? err_make(ERR_MEMORY, "render pages", NULL, NULL)
	                           : texts_parse(buf_span(&body), &b->texts);
	buf_free(&body);
	collect(b, content_root(c));
	for (enum language l = 0; l < LANGUAGE_PEOPLE && !err_is(e); l++)
		if (content_usable(c, l) == l)
			e = read_words(b, l);
	if (err_is(e)) {
		book_drop(b);
		return e;
	}
	*ret = b;
	return e;
}

struct ussd_book *book_hold(struct ussd_book *b)
{
	(void)__atomic_add_fetch(&b->held, 1, __ATOMIC_RELAXED);
	return b;
}

void book_drop(struct ussd_book *b)
{
	if (b == NULL || __atomic_sub_fetch(&b->held, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t l = 0; l < LANGUAGE_PEOPLE; l++) {
		free_words(&b->words[l]);
		for (size_t c = 0; c < COUNTRIES; c++)
			for (size_t t = 0; t < TOPICS_ROOM; t++)
				free(atomic_load(&b->topic[l][c][t]));
	}
	for (size_t c = 0; c < COUNTRIES; c++)
		free(atomic_load(&b->languages[c]));
	free(atomic_load(&b->bare));
	texts_free(b->texts);
	content_drop(b->content);
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

bool book_is_of(const struct ussd_book *b, const struct content *c, int64_t now_ms)
{
	return b->content == c && b->slot == now_ms / HOUR_MS;
}

const struct content *book_content(const struct ussd_book *b) { return b->content; }

bool book_may_send(const struct ussd_book *b, const struct topic *t)
{
	return b->rules.may_send && t->has_body && t->service != KIND_NONE &&
	       t->children < USSD_SMS;
}

bool book_asks_town(const struct ussd_book *b, const struct topic *t, const char *country)
{
	return t->nearest && t->has_body && content_has_local(b->content, t->service, country, b->now_ms);
}

static size_t country_index(const char *country)
{
	for (size_t i = 0; i < COUNTRIES && country != NULL; i++)
		if (strcmp(countries[i], country) == 0)
			return i;
	return COUNTRIES - 1;
}

const char *ussd_country(const struct ussd_rules *r, const char *caller)
{
	const char *country = country_of_digits(span_of(caller[0] == '+' ? caller + 1 : caller));
	return r->country[0] != '\0' ? r->country : countries[country_index(country)];
}

static size_t topic_index(const struct ussd_book *b, const struct topic *t)
{
	size_t i = 0;
	while (i < b->topic_count && b->topics[i] != t)
		i++;
	return i;
}

/* Rendered by the first who asks, kept for all who come later. */
static struct err find_said(struct ussd_book *b, const struct ussd_place *p, size_t country,
                            enum language l, const struct said **ret)
{
	const bool is_bare = l == LANGUAGE_UNKNOWN;
	const bool is_topic = !is_bare && p->where == WHERE_TOPIC;
	const size_t topic = is_topic ? topic_index(b, p->topic) : 0;
	if (is_topic && topic == b->topic_count)
		return err_make(ERR_DATA, "find a page", NULL, NULL);
	_Atomic(struct said *) *cell = is_bare ? &b->bare
	                               : is_topic ? &b->topic[l][country][topic]
	                               : &b->languages[country];
	struct said *s = atomic_load_explicit(cell, memory_order_acquire);
	struct err e = ERR_NONE_VALUE;
	if (s == NULL) {
		(void)pthread_mutex_lock(&b->lock);
		s = atomic_load(cell);
		if (s == NULL) {
			e = is_bare ? say_bare(b, &s)
			  : is_topic ? say_topic(b, p->topic, l, country, NULL, &s)
			  : say_languages(b, country, &s);
			if (!err_is(e))
				atomic_store_explicit(cell, s, memory_order_release);
		}
		(void)pthread_mutex_unlock(&b->lock);
	}
	*ret = s;
	return e;
}

/* ---- cutting */
struct cut {
	bool is_gsm7;
	unsigned room;
};

static bool ends_sentence(uint32_t code) { return code == '.' || code == '!' || code == '?'; }

/* Half a page is enough for a sentence where the rest then fits a page, else three quarters. */
static bool is_good_sentence(const struct cut *c, struct span s, size_t at, unsigned units_before,
                             unsigned room)
{
	return at > 0 && (units_before * 4 >= room * 3 ||
	                  (units_before * 2 >= room &&
	                   units(span_make(s.p + at, s.n - at), c->is_gsm7) <= c->room + 1));
}

/* Octets of the page that begins `s`: up to a line's or a sentence's end where that leaves it at
 * least half full, else up to a word's, else between letters. */
static size_t cut_at(const struct cut *c, struct span s, unsigned room)
{
	struct span rest = s;
	uint32_t code = 0, before = 0;
	unsigned used = 0;
	size_t word = 0, line = 0, letter = 0, sentence = 0;
	unsigned line_units = 0, sentence_units = 0;
	while (rest.n > 0) {
		const size_t at = s.n - rest.n;
		if (!utf8_next(&rest, &code))
			break;
		if (code == '\n') {
			line = at;
			line_units = used;
		}
		if (code == ' ' && at > 0)
			word = at;
		if (code == ' ' && ends_sentence(before)) {
			sentence = at;
			sentence_units = used;
		}
		before = code;
		if (!(code >= 0x300 && code <= 0x36F)) /* a mark belongs to the letter before it */
			letter = at;
		used += units_of(code, c->is_gsm7);
		if (used > room)
			break;
	}
	if (sentence > line && is_good_sentence(c, s, sentence, sentence_units, room))
		return sentence;
	if (line > 0 && (line_units * 2 >= room || line > word))
		return line;
	if (word > 0)
		return word > line ? word : line;
	return letter > 0 ? letter : s.n - rest.n;
}

static size_t skip_blanks(struct span s, size_t at)
{
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\n'))
		at++;
	return at;
}

static void put(struct ussd_page *page, struct span s)
{
	if (s.n <= sizeof page->text - page->n) {
		memcpy(page->text + page->n, s.p, s.n);
		page->n += s.n;
	}
}

static void put_line(struct ussd_page *page, const char *code, struct span word)
{
	put(page, span_of(page->n > 0 ? "\n" : ""));
	put(page, span_of(code));
	put(page, span_of(" "));
	put(page, word);
}

/* Only where it fits. */
static void put_if(const struct cut *c, struct ussd_page *page, const char *code, struct span word)
{
	const size_t n = page->n;
	put_line(page, code, word);
	if (units(span_make(page->text, page->n), c->is_gsm7) > c->room)
		page->n = n;
}

/* A place's text is all on the page, or its begin with the way to the rest. */
static unsigned fill(const struct cut *c, struct span text, unsigned offset, struct span next_word,
                     struct ussd_page *page)
{
	struct span rest = span_make(text.p + offset, text.n - offset);
	const unsigned used = units(span_make(page->text, page->n), c->is_gsm7) + (page->n > 0 ? 1 : 0);
	if (page->n > 0)
		put(page, span_of("\n"));
	if (used + units(rest, c->is_gsm7) <= c->room) {
		put(page, rest);
		return 0;
	}
	const unsigned way = 2 + (unsigned)strlen(USSD_NEXT) + units(next_word, c->is_gsm7);
	const size_t n = cut_at(c, rest, c->room > used + way + 8 ? c->room - used - way : 8);
	put(page, span_make(rest.p, n));
	put_line(page, USSD_NEXT, next_word);
	const size_t next = offset + skip_blanks(rest, n);
	return next < text.n ? (unsigned)next : 0;
}

static void page_continue(const struct words *w, struct ussd_page *page)
{
	put_line(page, "1", buf_span(&w->go_on));
	put_line(page, "2", buf_span(&w->again));
}

/* The page is another one where a place was told that says which service is near. */
static bool is_told(const struct ussd_book *b, const struct ussd_place *p, enum language l,
                    const char *country)
{
	return p->where == WHERE_TOPIC && l != LANGUAGE_UNKNOWN &&
	       (p->town != NULL || p->region != NULL) && book_asks_town(b, p->topic, country);
}

struct err book_page(struct ussd_book *b, const struct ussd_place *p, const char *country,
                     struct ussd_page *ret, unsigned *ret_next)
{
	static const struct words none = { .is_gsm7 = true };
	const bool is_known = p->language < LANGUAGE_PEOPLE;
	const enum language l = content_usable(b->content, is_known ? p->language : LANGUAGE_RU);
	const struct words *w = l < LANGUAGE_PEOPLE ? &b->words[l] : &none;
	const bool is_list = p->where == WHERE_TOPIC || p->where == WHERE_LANGUAGES ||
	                     l == LANGUAGE_UNKNOWN;
	const struct said *said = NULL;
	struct said *own = NULL; /* of a place that was told: for this page alone */
	struct cut c = { .is_gsm7 = w->is_gsm7 };
	struct ussd_page page = { .goes_on = p->where != WHERE_SENT && l != LANGUAGE_UNKNOWN,
		.chosen = LANGUAGE_UNKNOWN };
	*ret_next = 0;
	if (is_list) {
		struct err e = is_told(b, p, l, country)
		               ? say_topic(b, p->topic, l, country_index(country), p, &own)
		               : find_said(b, p, country_index(country), l, &said);
		if (err_is(e))
			return e;
		said = own != NULL ? own : said;
		c.is_gsm7 = said->is_gsm7;
	}
	/* a list of languages is for somebody whose words we don't know yet */
	const struct span next_word = p->where == WHERE_LANGUAGES ? span_of(">") : buf_span(&w->next);
	if (p->is_wrong && is_known)
		c.is_gsm7 = c.is_gsm7 && w->is_gsm7;
	c.room = c.is_gsm7 ? b->rules.gsm7 : b->rules.ucs2;
	page.alphabet = c.is_gsm7 ? ALPHABET_GSM7 : ALPHABET_UCS2;
	if (p->is_wrong && is_known)
		put(&page, buf_span(&w->wrong));
	if (p->where == WHERE_CONTINUE && said == NULL) {
		page_continue(w, &page);
	} else if (p->where == WHERE_SENT && said == NULL) {
		put(&page, buf_span(&w->sent));
	} else if (said != NULL) {
		const unsigned offset = p->offset < said->n ? p->offset : 0;
		*ret_next = fill(&c, span_make(said->text, said->n), offset, next_word, &page);
		if (*ret_next == 0 && p->where == WHERE_TOPIC && p->topic->parent != NULL && w->is_there)
			put_if(&c, &page, USSD_HOME, buf_span(&w->home));
		if (p->where == WHERE_TOPIC && w->is_there &&
		    (offset > 0 || (*ret_next == 0 && p->topic->depth > 1)))
			put_if(&c, &page, USSD_BACK, buf_span(&w->back));
	}
	free(own);
	*ret = page;
	return ERR_NONE_VALUE;
}
