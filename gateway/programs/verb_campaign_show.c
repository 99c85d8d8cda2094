/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a campaign looks on a terminal. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "programs/safar.h"
#include "base/banned.h"

static double outcome(const cJSON *campaign, const char *word)
{
	return number_of(cJSON_GetObjectItemCaseSensitive(campaign, "outcomes"), word);
}

static void put_line(const char *left, const char *value)
{
	if (value[0] == '\0')
		return;
	(void)printf("%-13s ", left);
	put_cell(stdout, 0, value);
	(void)putchar('\n');
}

static void put_progress(FILE *f, const cJSON *c)
{
	(void)fprintf(f, "%.0f sent, %.0f delivered, %.0f failed, %.0f said STOP, %.0f waiting",
	              outcome(c, "sent"), outcome(c, "delivered"),
	              outcome(c, "failed") + outcome(c, "undelivered") + outcome(c, "expired"),
	              outcome(c, "opted_out"), number_of(c, "waiting"));
	if (outcome(c, "in_doubt") > 0)
		(void)fprintf(f, ", %.0f in doubt", outcome(c, "in_doubt"));
}

void show_campaign(const struct buf *last)
{
	cJSON *c = parse(buf_span(last));
	char *spec = cJSON_Print(cJSON_GetObjectItemCaseSensitive(c, "spec"));
	put_line("campaign", text_of(c, "name"));
	put_line("state", text_of(c, "state"));
	put_line("reason", text_of(c, "reason"));
	put_line("starts", text_of(c, "start"));
	put_line("ends", text_of(c, "ends"));
	(void)printf("%-13s ", "so far");
	put_progress(stdout, c);
	(void)printf("\n%-13s %.2f for %.0f parts to %.0f people\n", "cost", number_of(c, "cost"),
	             number_of(c, "parts"), number_of(c, "people"));
	put_line("settings", spec != NULL ? spec : "");
	cJSON_free(spec);
	cJSON_Delete(c);
}

void show_campaign_row(struct span json)
{
	cJSON *c = parse(json);
	put_cell(stdout, 30, text_of(c, "name"));
	(void)printf(" %-10s ", text_of(c, "state"));
	put_progress(stdout, c);
	(void)putchar('\n');
	cJSON_Delete(c);
}

/* ---- what it would be */

static void put_language(const cJSON *l)
{
	(void)printf("\n%s: %.0f people, %.0f part%s each in %s, %.0f parts, %.2f, %s\n", l->string,
	             number_of(l, "people"), number_of(l, "parts_each"),
	             number_of(l, "parts_each") == 1 ? "" : "s", text_of(l, "alphabet"),
	             number_of(l, "parts"), number_of(l, "price"),
	             cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(l, "reviewed")) ? "reviewed"
	                                                                            : "read by nobody");
	if (text_of(l, "ucs2_letter")[0] != '\0') {
		(void)fputs("GSM-7 has no ", stdout);
		put_cell(stdout, 0, text_of(l, "ucs2_letter"));
		(void)fputs(": with it a part holds 67 letters instead of 153\n", stdout);
	}
	preview_screen(span_of(text_of(l, "text")), "");
}

void show_preview(const struct buf *last)
{
	cJSON *p = parse(buf_span(last));
	const cJSON *languages = cJSON_GetObjectItemCaseSensitive(p, "languages"), *b = NULL;
	for (const cJSON *l = languages != NULL ? languages->child : NULL; l != NULL; l = l->next)
		put_language(l);
	(void)printf("\n%.0f people, %.0f parts, %.2f; about %.1f hours", number_of(p, "people"),
	             number_of(p, "parts"), number_of(p, "price"), number_of(p, "minutes") / 60);
	if (text_of(p, "first")[0] != '\0')
		(void)printf(", from %s", text_of(p, "first"));
	if (text_of(p, "last")[0] != '\0')
		(void)printf(" to %s", text_of(p, "last"));
	(void)putchar('\n');
	if (number_of(p, "without_text") > 0)
		(void)printf("%.0f people have no text in a language that they read\n",
		             number_of(p, "without_text"));
	cJSON_ArrayForEach(b, cJSON_GetObjectItemCaseSensitive(p, "blockers"))
		(void)printf("in the way: %s: %s\n", text_of(b, "what"), text_of(b, "next"));
	cJSON_Delete(p);
}

/* ---- until it is sent */

int wait_campaign(const struct call *c, const char *name)
{
	const bool is_terminal = isatty(STDERR_FILENO) != 0;
	struct buf request, last;
	int code = 0;
	double shown = -1;
	request_start(&request, 4096, "campaign");
	json_text(&request, "action", "show");
	json_text(&request, "name", name);
	buf_init(&last, 1u << 20);
	for (bool on = true; on && code == 0;) {
		struct err e = ask_patiently(c, &request, RESTART_MS, NULL, NULL, NULL, &last);
		code = err_is(e) ? fail(c, &e) : judge(c, &last);
		if (code != 0)
			break;
		cJSON *now = parse(buf_span(&last));
		const char *state = text_of(now, "state");
		on = strcmp(state, "running") == 0 || strcmp(state, "scheduled") == 0;
		const double moved = outcome(now, "sent") + outcome(now, "delivered");
		if (is_terminal || (!has(c, OPTION_JSON) && (moved > shown || !on))) {
			(void)fprintf(stderr, "%s%s: ", is_terminal ? "\r" : "", state);
			put_progress(stderr, now);
			(void)fputs(is_terminal && on ? "\033[K" : "\n", stderr);
			shown = moved;
		}
		if (!on && (outcome(now, "failed") + outcome(now, "in_doubt") > 0 ||
		            strcmp(state, "finished") != 0))
			code = EXIT_NOT_ALL;
		cJSON_Delete(now);
		if (on)
			pause_ms(ASK_EACH_MS);
	}
	if (last.n > 0 && has(c, OPTION_JSON) && (code == 0 || code == EXIT_NOT_ALL)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	}
	buf_free(&last);
	buf_free(&request);
	return code;
}
