/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree as pages of a phone: whatever the language, the country and the operator's letters, a page
 * fits, nothing of a text is lost between two, and every topic is near. */
#include "dialog_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dialog/ussd_pages.h"
#include "text/alphabet.h"
#include "text/fold.h"
#include "base/banned.h"

static const char *const callers[] = { "+77010000001", "+996700123456", "+998901234567",
	"+992900123456", "+79160000001", "+905301234567" };
#define CALLERS (sizeof callers / sizeof callers[0])

static const struct ussd_rules plain_rules = { .link = "u", .gsm7 = 182, .ucs2 = 80,
	.may_send = true };

static struct content *the_content;

static int load(void **state)
{
	(void)state;
	must(fold_start());
	must(content_load(MESSAGES, LOCALES, ALL_DRAFTS, NULL, NULL, &the_content));
	return 0;
}

static int unload(void **state)
{
	(void)state;
	content_drop(the_content);
	return 0;
}

static struct ussd_book *open_book(const struct ussd_rules *r)
{
	struct ussd_book *b = NULL;
	must(book_new(the_content, r, clock_now_ms(), &b));
	return b;
}

static unsigned units(const struct ussd_page *p)
{
	struct span s = span_make(p->text, p->n);
	uint32_t c = 0;
	unsigned n = 0;
	while (utf8_next(&s, &c)) {
		if (p->alphabet == ALPHABET_GSM7)
			if (gsm7_septets(c) == 0)
				fail_msg("U+%04X in GSM-7: %.*s", (unsigned)c, (int)p->n, p->text);
		n += p->alphabet == ALPHABET_GSM7 ? gsm7_septets(c) : c > 0xFFFF ? 2 : 1;
	}
	assert_int_equal(s.n, 0); /* well-formed to its end: no letter was cut */
	return n;
}

static void then_fits(const struct ussd_page *p, const struct ussd_rules *r)
{
	assert_true(p->n > 0);
	if (units(p) > (p->alphabet == ALPHABET_GSM7 ? r->gsm7 : r->ucs2))
		fail_msg("too long: %.*s", (int)p->n, p->text);
}

/* The words of a page that are of its text, without the ways that only help. */
static void add_words(struct buf *b, const struct ussd_page *p)
{
	struct span rest = span_make(p->text, p->n), line;
	while (span_line(&rest, &line)) {
		const bool is_way = line.n > 1 && (memcmp(line.p, "99", 2) == 0 || line.p[0] == '0');
		for (size_t i = 0; i < line.n && !is_way; i++)
			if (line.p[i] != ' ')
				buf_add_octet(b, line.p[i]);
	}
}

/* Walks the pages of one place; all of its words without blanks into *ret. */
static unsigned walk(struct ussd_book *b, const struct ussd_rules *r, struct ussd_state s,
                     const char *country, struct buf *ret)
{
	struct ussd_page p;
	unsigned next = 1, pages = 0;
	for (; next != 0 && pages < 20; pages++) {
		must(book_page(b, &s.now, country, &p, &next));
		then_fits(&p, r);
		assert_true(p.goes_on);
		add_words(ret, &p);
		if (next != 0) {
			assert_true(next > s.now.offset); /* it goes on */
			must(ussd_move(b, country, &s, span_of(USSD_NEXT)));
			assert_int_equal(s.now.offset, next);
		}
	}
	assert_true(pages < 20);
	return pages;
}

/* The digits that lead to a topic from the root. */
static struct ussd_state at(struct ussd_book *b, enum language l, const struct topic *t,
                            const char *country)
{
	struct ussd_state s = { .now = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN } };
	const struct topic *way[TOPIC_DEPTH_MAX + 1];
	char digit[2] = "0";
	size_t n = 0;
	for (const struct topic *up = t; up->parent != NULL; up = up->parent)
		way[n++] = up;
	assert_true(n <= TOPIC_DEPTH_MAX);
	digit[0] = (char)('1' + (int)l);
	must(ussd_move(b, country, &s, span_of(digit)));
	while (n-- > 0) {
		const struct topic *parent = way[n]->parent;
		size_t i = 0;
		while (parent->child[i] != way[n])
			i++;
		digit[0] = (char)('1' + (char)i);
		must(ussd_move(b, country, &s, span_of(digit)));
	}
	assert_ptr_equal(s.now.topic, t);
	assert_int_equal(s.now.language, l);
	return s;
}

static void each_topic(const struct topic *t, void (*each)(const struct topic *, void *), void *arg)
{
	each(t, arg);
	for (size_t i = 0; i < t->children; i++)
		each_topic(t->child[i], each, arg);
}

struct visit {
	struct ussd_book *book, *wide;
	const struct ussd_rules *rules;
	enum language language;
	const char *country;
	unsigned topics, most_pages;
};

static void visit_topic(const struct topic *t, void *arg)
{
	struct visit *v = arg;
	struct buf words, all;
	buf_init(&words, 4096);
	buf_init(&all, 4096);
	const struct ussd_state s = at(v->book, v->language, t, v->country);
	const unsigned pages = walk(v->book, v->rules, s, v->country, &words);
	struct ussd_page whole; /* the same on a page that has room for all of it */
	unsigned next = 0;
	must(book_page(v->wide, &s.now, v->country, &whole, &next));
	assert_int_equal(next, 0);
	add_words(&all, &whole);
	assert_string_equal(buf_text(&words), buf_text(&all));
	if (pages > v->most_pages)
		v->most_pages = pages;
	v->topics++;
	buf_free(&words);
	buf_free(&all);
}

/* ---- stories */
static void every_page_of_every_language_fits_for_callers_of_every_country(void **state)
{
	(void)state;
	static const struct ussd_rules rules[] = {
		{ .link = "u", .gsm7 = 182, .ucs2 = 80, .may_send = true },
		{ .link = "u", .gsm7 = 182, .ucs2 = 80, .gsm7_only = true, .may_send = true },
		{ .link = "u", .gsm7 = 100, .ucs2 = 60 },
	};
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		struct ussd_rules wide = rules[i];
		wide.gsm7 = wide.ucs2 = 600;
		struct visit v = { .rules = &rules[i], .book = open_book(&rules[i]),
			.wide = open_book(&wide) };
		for (v.language = 0; v.language < LANGUAGE_PEOPLE; v.language++)
			for (size_t c = 0; c < CALLERS; c++) {
				v.topics = 0;
				v.country = ussd_country(&rules[i], callers[c]);
				each_topic(content_root(the_content), visit_topic, &v);
				assert_true(v.topics > 20);
			}
		assert_true(v.most_pages <= 5);
		book_drop(v.book);
		book_drop(v.wide);
	}
}

static void who_is_abroad_reads_first_what_can_be_dialled_there(void **state)
{
	(void)state;
	struct ussd_book *b = open_book(&plain_rules);
	struct ussd_page p;
	unsigned next = 0;
	struct ussd_state s = at(b, LANGUAGE_RU, content_topic(the_content, "hotline"), "UZ");
	must(book_page(b, &s.now, "UZ", &p, &next));
	assert_non_null(strstr(p.text, "112"));
	must(book_page(b, &s.now, "KZ", &p, &next));
	assert_non_null(strstr(p.text, "11616"));
	assert_null(strstr(p.text, "112"));
	book_drop(b);
}

static void the_first_page_has_all_languages_and_the_number_where_it_can_be_dialled(void **state)
{
	(void)state;
	struct ussd_book *b = open_book(&plain_rules);
	struct ussd_state s = { .now = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN } };
	struct ussd_page p;
	unsigned next = 0;
	must(book_page(b, &s.now, "KZ", &p, &next));
	then_fits(&p, &plain_rules);
	assert_int_equal(next, 0);
	assert_non_null(strstr(p.text, "11616\n1 "));
	assert_non_null(strstr(p.text, "\n6 "));
	must(book_page(b, &s.now, "UZ", &p, &next));
	assert_null(strstr(p.text, "11616"));
	assert_int_equal(p.text[0], '1');
	book_drop(b);
}

static void an_operator_of_latin_letters_gets_no_other(void **state)
{
	(void)state;
	const struct ussd_rules rules = { .link = "u", .gsm7 = 182, .ucs2 = 80, .gsm7_only = true };
	struct ussd_book *b = open_book(&rules);
	struct ussd_state s = { .now = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN } };
	struct ussd_page p;
	unsigned next = 0;
	must(book_page(b, &s.now, "KZ", &p, &next));
	assert_int_equal(p.alphabet, ALPHABET_GSM7);
	assert_null(strchr(p.text, '?')); /* each letter had a Latin one */
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		s = at(b, l, content_root(the_content), "KZ");
		must(book_page(b, &s.now, "KZ", &p, &next));
		assert_int_equal(p.alphabet, ALPHABET_GSM7);
		assert_null(strchr(p.text, '?'));
	}
	book_drop(b);
}

static void a_wrong_digit_repeats_the_page_with_a_line_of_help(void **state)
{
	(void)state;
	static const char *const wrong[] = { "7", "42", "abc", "*", "#", "-1", "1 1" };
	struct ussd_book *b = open_book(&plain_rules);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct ussd_state s = at(b, LANGUAGE_RU, content_topic(the_content, "work"), "KZ");
		struct ussd_page p;
		unsigned next = 0;
		must(ussd_move(b, "KZ", &s, span_of(wrong[i])));
		assert_string_equal(s.now.topic->id, "work");
		must(book_page(b, &s.now, "KZ", &p, &next));
		then_fits(&p, &plain_rules);
		assert_memory_equal(p.text, "Выберите", strlen("Выберите"));
		must(ussd_move(b, "KZ", &s, span_of("1"))); /* and a right one goes on as ever */
		assert_string_equal(s.now.topic->id, "offer");
		assert_false(s.now.is_wrong);
	}
	book_drop(b);
}

static void back_goes_a_page_then_a_topic_and_home_to_the_start(void **state)
{
	(void)state;
	struct ussd_book *b = open_book(&plain_rules);
	struct ussd_state s = at(b, LANGUAGE_RU, content_topic(the_content, "waitress"), "KZ");
	must(ussd_moves(b, "KZ", &s, span_of("99")));
	assert_true(s.now.offset > 0);
	must(ussd_moves(b, "KZ", &s, span_of("00")));
	assert_int_equal(s.now.offset, 0);
	assert_string_equal(s.now.topic->id, "waitress");
	must(ussd_moves(b, "KZ", &s, span_of("00*00")));
	assert_string_equal(s.now.topic->id, "work");
	must(ussd_moves(b, "KZ", &s, span_of("1*1*0")));
	assert_ptr_equal(s.now.topic, content_root(the_content));
	must(ussd_moves(b, "KZ", &s, span_of("0")));
	assert_int_equal(s.now.where, WHERE_LANGUAGES);
	book_drop(b);
}

static void the_way_on_takes_no_room_of_a_page_that_needs_none(void **state)
{
	(void)state;
	struct ussd_book *b = open_book(&plain_rules);
	struct ussd_page p;
	unsigned next = 0;
	const struct ussd_state s = at(b, LANGUAGE_RU, content_topic(the_content, "home"), "KZ");
	must(book_page(b, &s.now, "KZ", &p, &next));
	assert_int_equal(next, 0);
	assert_null(strstr(p.text, USSD_NEXT));
	assert_non_null(strstr(p.text, "\n0 ")); /* there is room for the way home */
	book_drop(b);
}

static void a_service_offers_its_text_by_sms_and_says_that_it_stays(void **state)
{
	(void)state;
	for (enum language l = 0; l < LANGUAGE_PEOPLE; l++) {
		struct ussd_book *b = open_book(&plain_rules);
		struct ussd_page p;
		struct buf words;
		unsigned next = 0;
		struct ussd_state s = at(b, l, content_topic(the_content, "shelter"), "KZ");
		buf_init(&words, 4096);
		(void)walk(b, &plain_rules, s, "KZ", &words);
		assert_non_null(strstr(buf_text(&words), "9SMS("));
		must(ussd_move(b, "KZ", &s, span_of("9")));
		assert_int_equal(s.now.where, WHERE_SENT);
		must(book_page(b, &s.now, "KZ", &p, &next));
		then_fits(&p, &plain_rules);
		assert_false(p.goes_on);
		buf_free(&words);
		book_drop(b);
	}
}

static void without_a_link_for_sms_none_is_offered(void **state)
{
	(void)state;
	const struct ussd_rules rules = { .link = "u", .gsm7 = 182, .ucs2 = 80 };
	struct ussd_book *b = open_book(&rules);
	struct buf words;
	buf_init(&words, 4096);
	struct ussd_state s = at(b, LANGUAGE_RU, content_topic(the_content, "shelter"), "KZ");
	(void)walk(b, &rules, s, "KZ", &words);
	assert_null(strstr(buf_text(&words), "SMS"));
	must(ussd_move(b, "KZ", &s, span_of("9")));
	assert_int_equal(s.now.where, WHERE_TOPIC);
	assert_true(s.now.is_wrong);
	buf_free(&words);
	book_drop(b);
}

static void without_a_reviewed_text_the_page_is_the_two_numbers(void **state)
{
	(void)state;
	struct content *c = NULL;
	struct ussd_book *b = NULL;
	struct ussd_page p;
	unsigned next = 0;
	must(content_load(MESSAGES, LOCALES, "", NULL, NULL, &c));
	must(book_new(c, &plain_rules, clock_now_ms(), &b));
	const struct ussd_place at_start = { .where = WHERE_LANGUAGES, .language = LANGUAGE_UNKNOWN };
	must(book_page(b, &at_start, "KZ", &p, &next));
	p.text[p.n] = '\0';
	assert_string_equal(p.text, "11616, 112");
	assert_false(p.goes_on);
	book_drop(b);
	content_drop(c);
}

static void any_history_leads_to_a_page(void **state)
{
	(void)state;
	struct ussd_book *b = open_book(&plain_rules);
	static const char letters[] = "0123456789900*****#a\xD0\xB0 ";
	unsigned seed = 20261125;
	for (int i = 0; i < 20000; i++) {
		char history[65] = "";
		struct ussd_state s = { .now = { .where = WHERE_LANGUAGES,
		                                 .language = LANGUAGE_UNKNOWN } };
		struct ussd_page p;
		unsigned next = 0;
		for (size_t k = 0; k + 1 < sizeof history; k++) {
			seed = seed * 1103515245u + 12345u;
			history[k] = letters[(seed >> 16) % (sizeof letters - 1)];
		}
		must(ussd_moves(b, "KZ", &s, span_of(history)));
		must(book_page(b, &s.now, "KZ", &p, &next));
		then_fits(&p, &plain_rules);
	}
	book_drop(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_of_every_language_fits_for_callers_of_every_country),
		cmocka_unit_test(who_is_abroad_reads_first_what_can_be_dialled_there),
		cmocka_unit_test(the_first_page_has_all_languages_and_the_number_where_it_can_be_dialled),
		cmocka_unit_test(an_operator_of_latin_letters_gets_no_other),
		cmocka_unit_test(a_wrong_digit_repeats_the_page_with_a_line_of_help),
		cmocka_unit_test(back_goes_a_page_then_a_topic_and_home_to_the_start),
		cmocka_unit_test(the_way_on_takes_no_room_of_a_page_that_needs_none),
		cmocka_unit_test(a_service_offers_its_text_by_sms_and_says_that_it_stays),
		cmocka_unit_test(without_a_link_for_sms_none_is_offered),
		cmocka_unit_test(without_a_reviewed_text_the_page_is_the_two_numbers),
		cmocka_unit_test(any_history_leads_to_a_page),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
