/* SPDX-License-Identifier: GPL-3.0-or-later */
/* status: the daemon's own words with --json, else what a person wants to see first. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/safar.h"
#include "base/banned.h"

/* Colour only says again what the word says. */
static const char *colour(const char *word)
{
	static const struct {
		const char *word, *sequence;
	} colours[] = { { "ready", "\033[32m" }, { "open", "\033[32m" }, { "slow", "\033[33m" },
		{ "starting", "\033[33m" }, { "locked", "\033[33m" }, { "down", "\033[31m" } };
	if (!isatty(STDOUT_FILENO) || getenv("NO_COLOR") != NULL)
		return NULL;
	for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
		if (strcmp(word, colours[i].word) == 0)
			return colours[i].sequence;
	return NULL;
}

static void put_state(int width, const char *word)
{
	const char *sequence = colour(word);
	if (sequence != NULL)
		(void)fputs(sequence, stdout);
	put_cell(stdout, width, word);
	if (sequence != NULL)
		(void)fputs("\033[0m", stdout);
}

static void put_links(const cJSON *links)
{
	if (cJSON_GetArraySize(links) == 0) {
		(void)puts("no links: add a [link NAME] section to the configuration");
		return;
	}
	(void)printf("%-16s %-8s %-16s %6s %-6s %8s %8s %10s  %-16s  %s\n", "LINK", "STATE",
	             "OPERATOR", "SIGNAL", "ON AIR", "SENT", "FAILED", "BALANCE", "SANDBOX", "REASON");
	for (const cJSON *l = links != NULL ? links->child : NULL; l != NULL; l = l->next) {
		char signal[16] = "-", balance[32] = "-";
		const cJSON *left = cJSON_GetObjectItemCaseSensitive(l, "balance");
		if (cJSON_IsObject(left))
			(void)snprintf(balance, sizeof balance, "%.2f", number_of(left, "amount"));
		if (number_of(l, "signal") >= 0)
			(void)snprintf(signal, sizeof signal, "%.0f%%", number_of(l, "signal"));
		put_cell(stdout, 17, text_of(l, "name"));
		put_state(9, text_of(l, "state"));
		put_cell(stdout, 17, text_of(l, "operator"));
		(void)printf("%6s %-6s %8.0f %8.0f %10s  ", signal,
		             cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(l, "on_air")) ? "yes" : "no",
		             number_of(l, "sent"), number_of(l, "failed"), balance);
		put_cell(stdout, 18, text_of(l, "sandbox"));
		put_cell(stdout, 0, text_of(l, "reason"));
		(void)putchar('\n');
	}
}

/* "deliveries: 3 queued, 12 delivered": those that there are, or all. */
static void put_counts(const char *title, const cJSON *counts, bool all)
{
	const char *between = " ";
	(void)printf("%s:", title);
	for (const cJSON *n = counts != NULL ? counts->child : NULL; n != NULL; n = n->next) {
		if (!all && n->valuedouble <= 0)
			continue;
		(void)printf("%s%.0f %s", between, n->valuedouble, n->string);
		between = ", ";
	}
	(void)puts(between[0] == ' ' ? " none" : "");
}

/* What staff should do about the texts and the numbers in them. */
static void put_reminders(const cJSON *reminders)
{
	for (const cJSON *r = reminders != NULL ? reminders->child : NULL; r != NULL; r = r->next) {
		const char *key = text_of(r, "key");
		(void)fputs(r == reminders->child ? "\nreminder: " : "reminder: ", stdout);
		put_cell(stdout, 0, text_of(r, "file"));
		(void)fputs(key[0] != '\0' ? ": " : "", stdout);
		put_cell(stdout, 0, key);
		(void)fputs(": ", stdout);
		put_cell(stdout, 0, text_of(r, "text"));
		(void)putchar('\n');
	}
}

static void put_campaigns(const cJSON *c)
{
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(c, "halted")))
		(void)puts("\neverything but answers is stopped: safar go-on");
	if (number_of(c, "running") + number_of(c, "paused") > 0)
		(void)printf("\ncampaigns: %.0f running, %.0f paused: safar campaign list\n",
		             number_of(c, "running"), number_of(c, "paused"));
}

static void put_status(const cJSON *s)
{
	(void)fputs("node ", stdout);
	put_cell(stdout, 0, text_of(s, "node"));
	(void)fputs(", people keys ", stdout);
	put_state(0, text_of(s, "people"));
	(void)puts("\n");
	put_links(cJSON_GetObjectItemCaseSensitive(s, "links"));
	(void)putchar('\n');
	put_counts("deliveries", cJSON_GetObjectItemCaseSensitive(s, "deliveries"), false);
	put_counts("parts", cJSON_GetObjectItemCaseSensitive(s, "parts"), true);
	put_counts("inbox", cJSON_GetObjectItemCaseSensitive(s, "inbox"), true);
	if (number_of(s, "calls") > 0)
		(void)printf("\n%.0f want to be rung: safar calls\n", number_of(s, "calls"));
	put_campaigns(cJSON_GetObjectItemCaseSensitive(s, "campaigns"));
	put_reminders(cJSON_GetObjectItemCaseSensitive(s, "reminders"));
}

int verb_status(const struct call *c)
{
	struct buf request, last;
	request_start(&request, 4096, "status");
	buf_init(&last, 1u << 20);
	int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0 && has(c, OPTION_JSON)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	} else if (code == 0) {
		cJSON *status = parse(buf_span(&last));
		put_status(status);
		cJSON_Delete(status);
	}
	buf_free(&request);
	buf_free(&last);
	return code;
}
