/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of people as offices keep them, and what becomes of their rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/contact_import.h"
#include "campaign/contact_list.h"
#include "campaign/segment.h"
#include "store/people.h"
#include "base/banned.h"

#define NOW INT64_C(1790000000000) /* September 2026 */
#define AGREED "2026-05-12"
#define AGREED_MS INT64_C(1778544000000)

struct world {
	char folder[64], url[96], file[96];
	struct store *store;
	struct vault *vault;
	struct content *content;
	struct contact_list_options options;
	/* of the last reading */
	struct contact_row row[64];
	size_t rows, rejected;
	unsigned bad_line[64];
	char reason[64][128];
	struct contact_import im;
	struct buf batch;
};

static void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return (void)st, (void)flag, (void)ftw, remove(path);
}

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char key[96];
	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-contacts-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(w->url, sizeof w->url, "sqlite:%s/store.db", w->folder);
	(void)snprintf(w->file, sizeof w->file, "%s/list.csv", w->folder);
	(void)snprintf(key, sizeof key, "%s/people.key", w->folder);
	must(vault_people_new(w->folder, key, span_of("")));
	must(vault_open(w->folder, &w->vault));
	must(vault_people_open_file(w->vault, key));
	vault_people_admit(w->vault, true);
	must(store_open(w->url, 1, &w->store));
	must(content_load("messages", "locales", "kk,ru,uz,uz-Cyrl,ky,tg", NULL, NULL, &w->content));
	w->options = (struct contact_list_options){ .country = "KZ", .language = "", .tags = "",
		.content = w->content, .now_ms = NOW };
	buf_init(&w->batch, 1u << 20);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	store_close(w->store);
	vault_close(w->vault);
	content_drop(w->content);
	buf_free(&w->batch);
	(void)nftw(w->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w);
	return 0;
}

static void given_octets(struct world *w, const void *octets, size_t n)
{
	FILE *f = fopen(w->file, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(octets, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void read_all(struct world *w, struct contact_list *l)
{
	w->rows = w->rejected = 0;
	buf_consume(&w->batch, w->batch.n);
	for (;;) {
		struct contact_row r;
		enum contact_list_step step;
		const char *reason = NULL;
		must(contact_list_next(l, &r, &step, &reason));
		if (step == CONTACT_LIST_END)
			return;
		if (step == CONTACT_LIST_ROW) {
			assert_true(w->rows < 64);
			contact_row_write(&r, &w->batch);
			w->row[w->rows++] = r;
		} else {
			assert_true(w->rejected < 64);
			w->bad_line[w->rejected] = r.line;
			(void)text_copy(w->reason[w->rejected++], sizeof w->reason[0], reason);
		}
	}
}

static void when_read(struct world *w, const char *text)
{
	struct contact_list *l = NULL;
	given_octets(w, text, strlen(text));
	must(contact_list_open(w->file, &w->options, &l));
	read_all(w, l);
	contact_list_close(l);
}

static enum err_code when_refused(struct world *w, const char *text)
{
	struct contact_list *l = NULL;
	given_octets(w, text, strlen(text));
	struct err e = contact_list_open(w->file, &w->options, &l);
	while (!err_is(e)) {
		struct contact_row r;
		enum contact_list_step step;
		const char *reason = NULL;
		e = contact_list_next(l, &r, &step, &reason);
		if (!err_is(e) && step == CONTACT_LIST_END)
			fail_msg("it was read to its end");
	}
	contact_list_close(l);
	return e.code;
}

static void then_row(const struct world *w, size_t i, const char *digits, const char *language,
                     const char *region)
{
	assert_true(i < w->rows);
	assert_true(span_is(msisdn_span(&w->row[i].number), digits));
	assert_string_equal(w->row[i].facts.language, language);
	assert_string_equal(w->row[i].facts.region, region);
}

static void then_reason(const struct world *w, size_t i, unsigned line, const char *part)
{
	assert_true(i < w->rejected);
	assert_int_equal(w->bad_line[i], line);
	if (strstr(w->reason[i], part) == NULL)
		fail_msg("line %u: %s", line, w->reason[i]);
}

/* ---- the file */
static void columns_are_found_by_their_names_in_three_languages(void **state)
{
	struct world *w = *state;
	when_read(w, "phone,language,region\n+77010000001,kk,almaty\n");
	then_row(w, 0, "77010000001", "kk", "almaty");
	when_read(w, "Город;ЯЗЫК;Номер телефона;ФИО\nШымкент;казахский;8 701 000 00 01;Айгуль\n");
	then_row(w, 0, "77010000001", "kk", "turkistan");
	when_read(w, "Облыс\tҰялы телефон\tТілі\nТүркістан облысы\t87010000001\tқазақша\n");
	then_row(w, 0, "77010000001", "kk", "turkistan");
	when_read(w, "sep=|\nТелефон|Язык\n87010000001|рус\n");
	then_row(w, 0, "77010000001", "ru", "");
	assert_string_equal(w->row[0].facts.operator_, "kcell");
	assert_string_equal(w->row[0].facts.country, "KZ");
}

static void line_ends_of_three_systems_are_read(void **state)
{
	struct world *w = *state;
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	for (size_t i = 0; i < 3; i++) {
		char text[256];
		(void)snprintf(text, sizeof text, "phone,language%s+77010000001,kk%s%s+77010000002,ru", ends[i],
		               ends[i], ends[i]);
		when_read(w, text);
		assert_int_equal(w->rows, 2);
		assert_int_equal(w->row[1].line, 4);
	}
}

static void a_list_without_the_columns_it_needs_is_refused(void **state)
{
	struct world *w = *state;
	assert_int_equal(when_refused(w, "+77010000001,kk\n"), ERR_INPUT);
	assert_int_equal(when_refused(w, "phone\n+77010000001\n"), ERR_INPUT);
	assert_int_equal(when_refused(w, "phone,phone number,language\n1,2,kk\n"), ERR_INPUT);
	assert_int_equal(when_refused(w, ""), ERR_INPUT);
	assert_int_equal(when_refused(w, "phone,language\n\"+77010000001,kk\n"), ERR_INPUT);
	w->options.language = "ky";
	when_read(w, "phone\n+77010000001\n");
	then_row(w, 0, "77010000001", "ky", "");
}

static void a_bad_row_is_told_by_line_and_the_next_one_is_read(void **state)
{
	struct world *w = *state;
	when_read(w, "phone;language;tags\n"
	          "7,701E+10;kk;\n"           /* 2 */
	          "\"+77010000001\"x;kk;\n"   /* 3 */
	          ";;\n"                      /* 4: nothing */
	          "+77010000001;немецкий;\n"  /* 5 */
	          "+77010000002;kk;a b\n"     /* 6 */
	          "8 701 000 00 02;ru;\n"     /* 7 */
	          "\"+77010000003\";kk;\"two\nlines\"\n"
	          "+77010000004;;\n"          /* 10 */
	          "+77010000005;kk;<b>\n");   /* 11 */
	assert_int_equal(w->rows, 2);
	assert_string_equal(w->row[0].tags, "a b");
	assert_string_equal(w->row[1].tags, "two lines");
	assert_int_equal(w->rejected, 6);
	then_reason(w, 0, 2, "spreadsheet");
	then_reason(w, 1, 3, "closing quote");
	then_reason(w, 2, 5, "unknown language");
	then_reason(w, 3, 7, "the same number as line 6");
	then_reason(w, 4, 10, "no language");
	then_reason(w, 5, 11, "tag");
}

static void uzbek_has_two_alphabets_and_others_are_transcribed(void **state)
{
	struct world *w = *state;
	when_read(w, "phone,language,script\n+77010000001,uz,кириллица\n+77010000002,uz-Cyrl,latin\n"
	          "+77010000003,ky,латиница\n+77010000004,kk,cyrillic\n+77010000005,kk,руны\n");
	then_row(w, 0, "77010000001", "uz-Cyrl", "");
	then_row(w, 1, "77010000002", "uz", "");
	assert_string_equal(w->row[2].facts.script, "latin");
	assert_string_equal(w->row[3].facts.script, "native");
	then_reason(w, 0, 6, "script");
}

static void a_consent_is_whole_or_told(void **state)
{
	struct world *w = *state;
	static const char text[] = "телефон;язык;дата согласия;канал;текст согласия;подтверждение\n"
		"+77010000001;kk;12.05.2026;бумага;Я согласен;лист 5\n"
		"+77010000002;kk;;;;\n"
		"+77010000003;kk;45789;бумага;Я согласен;\n"
		"+77010000004;kk;05/06/2026;бумага;Я согласен;\n"
		"+77010000005;kk;12.05.2036;бумага;Я согласен;\n"
		"+77010000006;kk;31.02.2026;бумага;Я согласен;\n"
		"+77010000007;kk;2026-05-12;;Я согласен;\n"
		"+77010000008;kk;2026-05-12 10:30;бумага;;\n";
	when_read(w, text);
	assert_int_equal(w->rows, 2);
	assert_true(w->row[0].has_consent);
	assert_int_equal(w->row[0].consent.at_ms, AGREED_MS);
	assert_string_equal(w->row[0].consent.wording, "Я согласен");
	assert_string_equal(w->row[0].consent.language, "kk");
	assert_false(w->row[1].has_consent);
	then_reason(w, 0, 4, "as a number");
	then_reason(w, 1, 5, "mixed up");
	then_reason(w, 2, 6, "to come");
	then_reason(w, 3, 7, "is none");
	then_reason(w, 4, 8, "no channel");
	then_reason(w, 5, 9, "no wording");
	/* what the file leaves open, the office may say for all rows; never the date of who has none */
	w->options.consent = (struct consent){ .at_ms = AGREED_MS, .channel = "paper",
		.wording = "to be written to" };
	when_read(w, text);
	assert_int_equal(w->rows, 4);
	assert_false(w->row[1].has_consent);
	when_read(w, "phone,language\n+77010000001,kk\n");
	assert_true(w->row[0].has_consent);
}

static void a_second_reading_finds_the_same(void **state)
{
	struct world *w = *state;
	struct contact_list *l = NULL;
	struct buf first;
	buf_init(&first, 1u << 20);
	static const char text[] = "phone,language\n+77010000001,kk\n87010000001,ru\n+998901234567,uz\n";
	given_octets(w, text, sizeof text - 1);
	must(contact_list_open(w->file, &w->options, &l));
	read_all(w, l);
	buf_add(&first, buf_span(&w->batch));
	must(contact_list_rewind(l));
	read_all(w, l);
	assert_int_equal(w->rows, 2);
	then_reason(w, 0, 3, "the same number as line 2");
	assert_true(w->batch.n == first.n && memcmp(w->batch.p, first.p, first.n) == 0);
	given_octets(w, "phone,language\n", 15);
	assert_int_equal(contact_list_rewind(l).code, ERR_BUSY);
	contact_list_close(l);
	buf_free(&first);
}

static void a_list_longer_than_the_window_is_read_row_by_row(void **state)
{
	struct world *w = *state;
	struct contact_list *l = NULL;
	FILE *f = fopen(w->file, "w");
	unsigned rows = 0;
	assert_non_null(f);
	(void)fputs("phone,language,tags\r\n", f);
	for (unsigned i = 0; i < 30000; i++)
		(void)fprintf(f, "+7701%07u,\"kk\",\"t%u\"\r\n", i, i % 7);
	assert_int_equal(fclose(f), 0);
	must(contact_list_open(w->file, &w->options, &l));
	for (;;) {
		struct contact_row r;
		enum contact_list_step step;
		const char *reason = NULL;
		must(contact_list_next(l, &r, &step, &reason));
		if (step == CONTACT_LIST_END)
			break;
		assert_int_equal(step, CONTACT_LIST_ROW);
		assert_int_equal(r.line, rows + 2);
		rows++;
	}
	assert_int_equal(rows, 30000);
	contact_list_close(l);
}

/* ---- the store */
static struct err import_batch(struct txn *tx, void *arg)
{
	struct world *w = arg;
	return contact_import_rows(tx, &w->im, buf_span(&w->batch));
}

static void when_imported(struct world *w, const char *text, bool dry)
{
	when_read(w, text);
	w->im = (struct contact_import){ .store = w->store, .vault = w->vault, .is_dry = dry,
		.now_ms = NOW };
	must(dry ? store_read(w->store, import_batch, w) : store_write(w->store, import_batch, w));
}

struct found {
	const char *filter;
	struct segment segment;
	unsigned limit;
	char numbers[64][20]; /* in the order of the listing */
	size_t n;
	int64_t count;
	struct world *w;
};

static struct err note(const struct contact *c, void *arg)
{
	struct found *f = arg;
	struct buf number;
	buf_init(&number, 32);
	struct err e = contact_number(f->w->vault, c, &number);
	assert_true(f->n < 64);
	if (!err_is(e))
		(void)text_copy(f->numbers[f->n++], sizeof f->numbers[0], buf_text(&number));
	buf_wipe(&number);
	return e;
}

static struct err find_all(struct txn *tx, void *arg)
{
	struct found *f = arg;
	struct contact_after after = { .is_set = false };
	bool more = true;
	struct err e = contacts_count(tx, &f->segment.filter, &f->count);
	while (!err_is(e) && more)
		e = contacts_match(tx, &f->segment.filter, &after, f->limit, note, f, &more);
	return e;
}

static struct found when_found(struct world *w, const char *filter)
{
	struct found f = { .limit = 3, .w = w };
	must(segment_read(span_of(filter), &f.segment));
	must(store_read(w->store, find_all, &f));
	assert_int_equal(f.n, f.count);
	segment_free(&f.segment);
	return f;
}

#define LIST "phone,language,region,tags,consent date,channel,wording,proof\n" \
	"+77010000001,kk,Алматы,market old,2026-05-12,paper,to be written to,list 5\n" \
	"+77050000002,ru,Шымкент,market,2026-05-12,paper,to be written to,list 5\n" \
	"+998901234567,uz,,,,,,\n" \
	"+996555123456,ky,Алматы,,2026-06-12,by phone,to be written to,call 7\n"

static void a_dry_run_counts_and_writes_nothing(void **state)
{
	struct world *w = *state;
	when_imported(w, LIST, true);
	assert_int_equal(w->im.added, 4);
	assert_int_equal(w->im.without_consent, 1);
	assert_int_equal(when_found(w, "{}").n, 0);
}

static struct err count_consents(struct txn *tx, void *arg)
{
	struct world *w = arg;
	struct msisdn m;
	struct hash h;
	int64_t version = 0, id = 0;
	bool found = false;
	struct contact_traces t = { .consents = 0 };
	assert_int_equal(msisdn_parse(span_of("+77010000001"), &m), MSISDN_OK);
	struct err e = contact_hash(w->vault, &m, NOW, &version, &h);
	if (!err_is(e))
		e = contact_find(tx, version, &h, &id, &found);
	if (!err_is(e))
		e = contact_traces(tx, id, version, &h, &t);
	assert_int_equal(t.consents, 1);
	assert_int_equal(t.tags, 2);
	return e;
}

static void a_second_import_updates_and_doubles_nothing(void **state)
{
	struct world *w = *state;
	when_imported(w, LIST, false);
	assert_int_equal(w->im.added, 4);
	when_imported(w, LIST, false);
	assert_int_equal(w->im.added, 0);
	assert_int_equal(w->im.updated, 4);
	must(store_read(w->store, count_consents, w));
	when_imported(w, "phone,language\n8 701 000 00 01,ru\n", false);
	assert_int_equal(w->im.updated, 1);
	assert_int_equal(w->im.without_consent, 0); /* they agreed before */
	assert_int_equal(when_found(w, "{\"language\":[\"ru\"]}").n, 2);
	assert_int_equal(when_found(w, "{\"region\":[\"almaty\"]}").n, 2); /* no region came: it stays */
}

static void a_filter_means_who_fits_all_its_members(void **state)
{
	struct world *w = *state;
	when_imported(w, LIST, false);
	assert_int_equal(when_found(w, "{}").n, 4);
	assert_int_equal(when_found(w, "{\"region\":[\"almaty\"]}").n, 2);
	assert_int_equal(when_found(w, "{\"region\":[\"almaty\"],\"language\":[\"ky\",\"uz\"]}").n, 1);
	assert_int_equal(when_found(w, "{\"country\":[\"UZ\",\"KG\"]}").n, 2);
	assert_int_equal(when_found(w, "{\"operator\":[\"beeline\"]}").n, 1);
	assert_int_equal(when_found(w, "{\"tag\":[\"market\",\"old\"]}").n, 2);
	assert_int_equal(when_found(w, "{\"tag\":[\"market\"],\"not_tag\":[\"old\"]}").n, 1);
	assert_int_equal(when_found(w, "{\"reached_before\":\"2026-01-01\"}").n, 4);
	assert_int_equal(when_found(w, "{\"engaged_since\":\"2026-01-01\"}").n, 0);
}

static struct err number_hash(struct world *w, const char *number, int64_t *ret_version,
                              struct hash *ret)
{
	struct msisdn m;
	assert_int_equal(msisdn_parse(span_of(number), &m), MSISDN_OK);
	return contact_hash(w->vault, &m, NOW, ret_version, ret);
}

static struct err happen(struct txn *tx, void *arg)
{
	struct world *w = arg;
	struct hash h;
	int64_t version = 0;
	struct err e = number_hash(w, "+77010000001", &version, &h);
	if (!err_is(e))
		e = contact_quiet(tx, version, &h, NOW + 1000);
	if (!err_is(e))
		e = number_hash(w, "+77050000002", &version, &h);
	if (!err_is(e))
		e = contact_engaged(tx, version, &h, NOW);
	if (!err_is(e))
		e = stop_add(tx, version, &h, NOW);
	return e;
}

static struct err count_willing(struct txn *tx, void *arg)
{
	struct found *f = arg;
	struct contact_filter willing = { .willing_at_ms = f->limit == 1 ? NOW : NOW + 2000 };
	return contacts_count(tx, &willing, &f->count);
}

static void who_asked_for_help_or_never_agreed_is_not_written_to(void **state)
{
	struct world *w = *state;
	struct found f = { .limit = 1 };
	when_imported(w, LIST, false);
	must(store_write(w->store, happen, w));
	must(store_read(w->store, count_willing, &f));
	assert_int_equal(f.count, 2); /* one never agreed, one is quiet */
	f.limit = 2;
	must(store_read(w->store, count_willing, &f));
	assert_int_equal(f.count, 3); /* that time is over */
	assert_int_equal(when_found(w, "{\"engaged_since\":\"2026-01-01\"}").n, 1);
}

static void stop_is_counted_whatever_is_imported(void **state)
{
	struct world *w = *state;
	when_imported(w, LIST, false);
	must(store_write(w->store, happen, w));
	when_imported(w, LIST, false);
	assert_int_equal(w->im.stopped, 1);
	when_imported(w, LIST, true);
	assert_int_equal(w->im.stopped, 1);
}

static void the_order_of_a_listing_is_not_that_of_the_list_and_stays(void **state)
{
	struct world *w = *state;
	char text[4096] = "phone,language\n";
	for (unsigned i = 0; i < 40; i++) {
		const size_t at = strlen(text);
		(void)snprintf(text + at, sizeof text - at, "+77010000%03u,kk\n", i);
	}
	when_imported(w, text, false);
	const struct found first = when_found(w, "{}"), second = when_found(w, "{}");
	assert_int_equal(first.n, 40);
	assert_memory_equal(first.numbers, second.numbers, sizeof first.numbers);
	unsigned in_order = 0;
	for (size_t i = 1; i < first.n; i++)
		in_order += strcmp(first.numbers[i - 1], first.numbers[i]) < 0;
	assert_true(in_order < 35);
}

static void a_batch_that_is_not_one_changes_nothing(void **state)
{
	struct world *w = *state;
	static const char *const bad[] = { "x\n", "77010000001\tKZ\tkcell\tkk\t\t\t\t\t\t\t\n",
		"77010000001\tKZ\tkcell\tde\t\t\t\t\t\t\t\t\n", "1\tKZ\t\tkk\t\t\t\t\t\t\t\t\n",
		"77010000001\tKZ\t\tkk\t\t\t<b>\t\t\t\t\t\n", "77010000001\tKZ\t\tkk\t\t\t\t5\t\t\t\t\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_consume(&w->batch, w->batch.n);
		buf_add_text(&w->batch, "77010000009\tKZ\tkcell\tkk\t\t\t\t\t\t\t\t\n");
		buf_add_text(&w->batch, bad[i]);
		w->im = (struct contact_import){ .store = w->store, .vault = w->vault, .now_ms = NOW };
		assert_int_equal(store_write(w->store, import_batch, w).code, ERR_INPUT);
	}
	assert_int_equal(when_found(w, "{}").n, 0);
}

/* ---- segments */
static void equal_filters_are_equal_octets(void **state)
{
	(void)state;
	struct segment a, b;
	must(segment_read(span_of("{\"tag\":[\"b\",\"a\",\"b\"],\"language\":[\"uz-Cyrl\"],"
	                          "\"reached_before\":\"2026-01-01\"}"), &a));
	must(segment_read(span_of("{\"reached_before\":\"01.01.2026\", \"language\" : [\"uz-Cyrl\"],"
	                          "\"tag\":[\"a\",\"b\"]}"), &b));
	assert_string_equal(a.json, b.json);
	assert_string_equal(a.json, "{\"language\":[\"uz-Cyrl\"],\"tag\":[\"a\",\"b\"],"
	                            "\"reached_before\":\"2026-01-01\"}");
	segment_free(&a);
	segment_free(&b);
}

static void a_filter_says_nothing_that_is_not_understood(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "[]", "{\"lang\":[\"kk\"]}", "{\"language\":\"kk\"}",
		"{\"language\":[]}", "{\"language\":[\"de\"]}", "{\"language\":[\"en\"]}",
		"{\"country\":[\"kz\"]}", "{\"tag\":[\"A\"]}", "{\"tag\":[\"a b\"]}", "{\"region\":[\"' OR 1\"]}",
		"{\"reached_before\":\"yesterday\"}", "{\"tag\":[\"a\"],\"tag\":[\"b\"]}" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct segment s = { .json = NULL };
		if (segment_read(span_of(bad[i]), &s).code != ERR_INPUT)
			fail_msg("taken: %s", bad[i]);
		assert_null(s.json);
	}
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest stories[] = {
		STORY(columns_are_found_by_their_names_in_three_languages),
		STORY(line_ends_of_three_systems_are_read),
		STORY(a_list_without_the_columns_it_needs_is_refused),
		STORY(a_bad_row_is_told_by_line_and_the_next_one_is_read),
		STORY(uzbek_has_two_alphabets_and_others_are_transcribed),
		STORY(a_consent_is_whole_or_told),
		STORY(a_second_reading_finds_the_same),
		STORY(a_list_longer_than_the_window_is_read_row_by_row),
		STORY(a_dry_run_counts_and_writes_nothing),
		STORY(a_second_import_updates_and_doubles_nothing),
		STORY(a_filter_means_who_fits_all_its_members),
		STORY(who_asked_for_help_or_never_agreed_is_not_written_to),
		STORY(stop_is_counted_whatever_is_imported),
		STORY(the_order_of_a_listing_is_not_that_of_the_list_and_stays),
		STORY(a_batch_that_is_not_one_changes_nothing),
		cmocka_unit_test(equal_filters_are_equal_octets),
		cmocka_unit_test(a_filter_says_nothing_that_is_not_understood),
	};
	return cmocka_run_group_tests(stories, NULL, NULL);
}
