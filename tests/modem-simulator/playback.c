/* SPDX-License-Identifier: GPL-3.0-or-later */
/* playback.c - see playback.h. */
#include "playback.h"

#include <stdlib.h>
#include <string.h>

#include "at.h"
#include "transcript.h"

#define TAILS_MAX 16 /* what comes by itself after so many answers; more is not said */

struct run { /* through the steps of an answer */
	struct answer *answer; /* NULL: none */
	size_t next;
	int64_t since_ms;
};

struct playback {
	struct dialogue *d;
	int speed;
	struct run now;
	bool is_message; /* what `now` answers */
	struct run tails[TAILS_MAX];
};

struct playback *playback_open(struct dialogue *d, int speed)
{
	struct playback *p = sim_alloc(sizeof *p);

	p->d = d;
	p->speed = speed;
	return p;
}

void playback_close(struct playback *p)
{
	if (!p)
		return;
	dialogue_close(p->d);
	free(p);
}

bool playback_busy(const struct modem *m)
{
	return m->play && m->play->now.answer;
}

/* What follows the answer is said once: a modem that tells of a text each time it is asked how it
 * is would tell of many. */
static void begin_tail(struct playback *p, struct answer *a, size_t from, int64_t since_ms)
{
	if (a->told || from == a->n)
		return;
	a->told = true;
	for (size_t i = 0; i < TAILS_MAX; i++) {
		if (p->tails[i].answer)
			continue;
		p->tails[i] = (struct run){ .answer = a, .next = from, .since_ms = since_ms };
		return;
	}
}

void playback_power(struct modem *m)
{
	struct playback *p = m->play;

	if (!p)
		return;
	p->now = (struct run){ 0 };
	memset(p->tails, 0, sizeof p->tails);
	p->d->opening.told = false;
	if (m->plugged)
		begin_tail(p, &p->d->opening, 0, m->w->now_ms);
}

/* The words are the dialogue's; what the command does, the built-in modem does without a word. */
static void do_silently(struct modem *m)
{
	struct out kept = m->tx;
	char line[LINE_MAX_OCTETS + 1];
	bool ussd_waits = *m->ussd != 0;

	memcpy(line, m->line, sizeof line);
	m->tx = (struct out){ .limit = kept.limit };
	at_run_line(m);
	out_free(&m->tx);
	m->tx = kept;
	memcpy(m->line, line, sizeof line);
	if (!ussd_waits)
		m->ussd[0] = 0; /* the dialogue has that, too */
}

static void tell(struct modem *m, bool is_message, const struct answer *a)
{
	struct out *o = transcript_begin(m->w, (int)m->index, "command");

	json_text(o, "text", is_message ? "(message)" : m->line);
	if (a)
		json_int(o, "line", a->line);
	transcript_end(m->w);
}

bool playback_takes(struct modem *m, bool is_message)
{
	struct playback *p = m->play;
	const char *said = m->line;

	if (!p)
		return false;
	while (!is_message && *said && strncasecmp(said, "AT", 2) != 0)
		said++;
	if (!*said)
		return false;
	struct saying *s = dialogue_find(p->d, said, is_message);
	struct answer *a = s ? s->answers + (s->next < s->n ? s->next++ : s->n - 1) : NULL;
	tell(m, is_message, a);
	if (!a)
		return false;
	if (!a->end) { /* it says nothing to that */
		m->entry = ENTRY_NONE;
		begin_tail(p, a, 0, m->w->now_ms);
		return true;
	}
	if (!is_message && a->is_good && said[strlen(said) - 1] != '?')
		do_silently(m);
	p->is_message = is_message;
	p->now = (struct run){ .answer = a, .since_ms = m->w->now_ms };
	playback_tick(m);
	return true;
}

/* "AT+CMGS=23": the message that follows may be one that the dialogue doesn't know. */
static void prompt(struct modem *m)
{
	const char *length = strchr(m->line, '=');

	m->entry = ENTRY_SEND;
	m->entry_length = length ? atoi(length + 1) : 0;
}

static void end_answer(struct modem *m, const struct answer *a)
{
	if (a->steps[a->end - 1].built_in)
		return;
	if (a->is_prompt)
		prompt(m);
	else
		m->entry = ENTRY_NONE;
}

static void built_in(struct modem *m, const struct step *s)
{
	if (m->play->is_message) {
		at_run_message(m);
		return;
	}
	if (s->n && s->n < sizeof m->line)
		memcpy(m->line, s->text, s->n + 1);
	at_run_line(m);
}

static int64_t due(const struct playback *p, const struct run *r)
{
	return r->since_ms + r->answer->steps[r->next].ms / p->speed;
}

static int64_t answer_tick(struct modem *m)
{
	struct run *r = &m->play->now;

	while (r->answer) {
		struct answer *a = r->answer;
		if (due(m->play, r) > m->w->now_ms)
			return due(m->play, r);
		const struct step *s = a->steps + r->next++;
		bool ends = r->next == a->end;
		if (ends) {
			begin_tail(m->play, a, a->end, r->since_ms);
			r->answer = NULL;
		}
		if (s->built_in)
			built_in(m, s);
		else
			out_add(&m->tx, s->text, s->n);
		if (ends)
			end_answer(m, a);
	}
	return NEVER;
}

static int64_t tail_tick(struct modem *m, struct run *r)
{
	while (r->answer) {
		if (due(m->play, r) > m->w->now_ms)
			return due(m->play, r);
		const struct step *s = r->answer->steps + r->next++;
		if (r->next == r->answer->n)
			r->answer = NULL;
		modem_indicate_octets(m, s->text, s->n);
	}
	return NEVER;
}

int64_t playback_tick(struct modem *m)
{
	if (!m->play)
		return NEVER;
	int64_t next = answer_tick(m);
	for (size_t i = 0; i < TAILS_MAX && !m->play->now.answer; i++) {
		int64_t t = tail_tick(m, m->play->tails + i);
		next = t < next ? t : next;
	}
	return next;
}
