/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Safar counts of a text is what libGammu's encoder, which knows nothing of ours, makes of it:
 * alphabet, parts, units of each. Every text of the catalogue, in every language and script, with the
 * number of every service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "content_world.h"
#include "gammu_count.h"
#include "text/script.h"

#define NUMBERS_MAX 512u

static void then_counts_agree(const char *key, enum language l, const char *text)
{
	struct parts ours;
	assert_int_equal(parts_split(span_of(text), &ours), TEXT_OK);
	struct counted theirs;
	assert_true(count_by_gammu(text, &theirs));
	bool same = (ours.alphabet == ALPHABET_UCS2) == theirs.is_ucs2 && ours.count == theirs.count &&
	            ours.units == theirs.units;
	for (unsigned i = 0; same && i < ours.count; i++)
		same = ours.part_units[i] == theirs.part_units[i];
	if (!same)
		fail_msg("%s in %s: %u units in %u parts (%u, …), libGammu %u in %u (%u, …): %s", key,
		         language_tag(l), ours.units, ours.count, ours.part_units[0], theirs.units,
		         theirs.count, theirs.part_units[0], text);
}

/* ---- the catalogue */
struct catalogue {
	struct content *content;
	struct texts *texts;
	char number[NUMBERS_MAX][32];
	size_t numbers, checked;
};

static void read_numbers(struct world *w, struct catalogue *c)
{
	char *octets = read_file(w, "directory.json");
	const char *at = octets;
	while ((at = strstr(at, "\"number\": \"")) != NULL) {
		at += strlen("\"number\": \"");
		const size_t n = strcspn(at, "\"");
		assert_true(c->numbers < NUMBERS_MAX && n < sizeof c->number[0]);
		if (n > 0)
			(void)snprintf(c->number[c->numbers++], sizeof c->number[0], "%.*s", (int)n, at);
	}
	free(octets);
	assert_true(c->numbers > 0);
}

static void check_key(struct catalogue *c, const char *key)
{
	for (size_t i = 0; i < c->numbers; i++)
		for (enum language l = 0; l < LANGUAGE_PEOPLE; l++)
			for (enum script s = SCRIPT_NATIVE; s < SCRIPT_COUNT; s++) {
				struct buf args, said;
				buf_init(&args, 256);
				buf_init(&said, TEXT_OCTETS_MAX);
				content_arguments(c->number[i], s, &args);
				args.n--; /* its brace */
				buf_add_text(&args, ",\"name\":\"hotline\"}"); /* line.service has one */
				must(texts_render(c->texts, key, l, buf_span(&args), &said));
				then_counts_agree(key, l, buf_text(&said));
				c->checked++;
				buf_free(&args);
				buf_free(&said);
			}
}

static void check_topic(struct catalogue *c, const struct topic *t)
{
	for (unsigned lines = 0; lines < 4; lines++) {
		char key[ANSWER_KEY_LIMIT];
		topic_answer_key(t, lines, key);
		check_key(c, key);
	}
	for (size_t i = 0; i < t->children; i++)
		check_topic(c, t->child[i]);
}

static void every_text_of_the_catalogue_costs_what_libgammu_makes_of_it(void **state)
{
	struct world *w = *state;
	struct catalogue c = { .numbers = 0 };
	struct buf body;
	when_checked(w, day(2026, 11, 25));
	assert_non_null(w->c);
	c.content = w->c;
	buf_init(&body, 1u << 20);
	content_body(c.content, &body);
	must(texts_parse(buf_span(&body), &c.texts));
	read_numbers(w, &c);
	check_topic(&c, content_root(c.content));
	for (size_t i = 0; content_dialog_key(i) != NULL; i++)
		if (strncmp(content_dialog_key(i), "material.", strlen("material.")) != 0) /* on paper */
			check_key(&c, content_dialog_key(i));
	assert_true(c.checked > c.numbers * LANGUAGE_PEOPLE * SCRIPT_COUNT);
	texts_free(c.texts);
	buf_free(&body);
}

/* ---- where parts begin and end */
/* `count` times the unit, then the end. */
static void then_counts_agree_of(const char *unit, unsigned count, const char *end)
{
	char text[TEXT_OCTETS_MAX] = "";
	size_t n = 0;
	for (unsigned i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s", unit);
	(void)snprintf(text + n, sizeof text - n, "%s", end);
	then_counts_agree("a text of one letter", LANGUAGE_RU, text);
}

static void a_text_around_the_limits_costs_what_libgammu_makes_of_it(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 480; n++) {
		then_counts_agree_of("a", n, "");
		then_counts_agree_of("a", n, "€"); /* never cut behind its escape */
		then_counts_agree_of("a", n, "\xC2\xA0"); /* no GSM-7 character */
	}
	for (unsigned n = 1; n <= 210; n++)
		then_counts_agree_of("қ", n, "");
	for (unsigned n = 1; n <= 230; n++)
		then_counts_agree_of("[", n, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_text_of_the_catalogue_costs_what_libgammu_makes_of_it,
		                                open_world, close_world),
		cmocka_unit_test(a_text_around_the_limits_costs_what_libgammu_makes_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
