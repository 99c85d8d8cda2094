/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a broadcast has come: a bar on a terminal, else a line whenever it has moved. The campaign
 * is found by its request's id, so that it doesn't matter which daemon answers: after a restart the
 * new one knows it too. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "programs/safar.h"
#include "base/banned.h"

#define REPORTS_MS 30000   /* for the reports of what is accepted */
#define LINE_EACH_MS 2000
#define BAR_WIDTH 30

struct progress {
	double total, open, sent, accepted, delivered, not_sent, in_doubt;
	struct buf counts; /* as the daemon wrote them */
	bool is_bar, is_silent;
	int64_t shown_ms;
	double shown_moved;
};

static void read_counts(struct progress *p, const struct buf *last)
{
	cJSON *answer = parse(buf_span(last));
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(answer, "deliveries");
	p->total = 0;
	for (const cJSON *one = n != NULL ? n->child : NULL; one != NULL; one = one->next)
		p->total += one->valuedouble;
	p->open = number_of(n, "queued") + number_of(n, "claimed") + number_of(n, "submitting");
	p->accepted = number_of(n, "accepted");
	p->delivered = number_of(n, "delivered");
	p->sent = p->accepted + p->delivered + number_of(n, "undelivered");
	p->in_doubt = number_of(n, "in_doubt");
	p->not_sent = number_of(n, "failed") + number_of(n, "expired") + number_of(n, "cancelled");
	buf_consume(&p->counts, p->counts.n);
	buf_add(&p->counts, json_member(buf_span(last), "deliveries"));
	cJSON_Delete(answer);
}

static void show(struct progress *p, bool is_last)
{
	const int64_t now_ms = clock_monotonic_ms();
	const double moved = p->sent + p->delivered + p->not_sent + p->in_doubt;
	if (p->is_silent || (!p->is_bar && !is_last &&
	                     (moved <= p->shown_moved || now_ms < p->shown_ms + LINE_EACH_MS)))
		return;
	p->shown_ms = now_ms;
	p->shown_moved = moved;
	if (p->is_bar) {
		const double done = p->total > 0 ? (p->total - p->open) / p->total : 1;
		(void)fputs("\r[", stderr);
		for (int i = 0; i < BAR_WIDTH; i++)
			(void)fputc(i < (int)(done * BAR_WIDTH) ? '#' : '.', stderr);
		(void)fputs("] ", stderr);
	}
	(void)fprintf(stderr, "%.0f of %.0f sent, %.0f delivered, %.0f not sent, %.0f in doubt%s",
	              p->sent, p->total, p->delivered, p->not_sent, p->in_doubt,
	              !p->is_bar || is_last ? "\n" : "\033[K");
}

/* Asks until somebody answers, up to RESTART_MS. */
static int count(const struct call *c, const char *request_id, struct buf *ret_last)
{
	struct buf request;
	request_start(&request, 4096, "campaign-count");
	json_text(&request, "request", request_id);
	const struct err e = ask_patiently(c, &request, RESTART_MS, NULL, NULL, NULL, ret_last);
	buf_free(&request);
	return err_is(e) ? fail(c, &e) : judge(c, ret_last);
}

/* Ends `last`, which is an object, with the counts. */
static void add_counts(struct buf *last, const struct buf *counts)
{
	if (last->n == 0 || last->p[last->n - 1] != '}')
		return;
	last->n--;
	json_raw(last, "deliveries", buf_span(counts));
	json_close(last, '}');
}

int campaign_wait(const struct call *c, const char *request_id, struct buf *last)
{
	struct progress p = { .is_bar = isatty(STDERR_FILENO) != 0, .shown_moved = -1 };
	p.is_silent = has(c, OPTION_JSON) && !p.is_bar;
	buf_init(&p.counts, 4096);
	struct buf answer;
	buf_init(&answer, 4096);
	int64_t sent_ms = 0; /* when nothing was open any more */
	int code = 0;
	for (;;) {
		code = count(c, request_id, &answer);
		if (code != 0)
			break;
		read_counts(&p, &answer);
		if (p.open > 0)
			sent_ms = 0;
		else if (sent_ms == 0)
			sent_ms = clock_monotonic_ms();
		const bool is_done = p.open <= 0 && (p.accepted <= 0 ||
		                     clock_monotonic_ms() >= sent_ms + REPORTS_MS);
		show(&p, is_done);
		if (is_done)
			break;
		pause_ms(ASK_EACH_MS);
	}
	if (code == 0) {
		add_counts(last, &p.counts);
		if (p.sent < p.total)
			code = EXIT_NOT_ALL;
	}
	buf_free(&answer);
	buf_free(&p.counts);
	return code;
}
