/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phone without a screen: a line is sent, its answer printed, then comes the next line. What comes
 * by itself meanwhile is printed when it comes. */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "programs/phone_line.h"
#include "text/screen.h"
#include "base/banned.h"

struct script {
	const struct call *c;
	struct talk *talk;
	struct typed typed;
	int64_t line;
	bool is_waiting, in_session; /* session: what is typed is an answer of it */
	int64_t wait_for, until_ms; /* wait_for: a delivery, 0: whatever comes */
	unsigned sent, came, unasked; /* unasked: came, and no line had waited for it */
	int code;                   /* of the first fault */
};

static void fault(struct script *s, int code)
{
	if (s->code == 0)
		s->code = code;
}

static void put_json(struct buf *b)
{
	json_close(b, '}');
	const char *text = buf_text(b);
	if (text != NULL)
		(void)puts(text);
	(void)fflush(stdout); /* whoever feeds the script may wait for it */
	buf_wipe(b);
}

static void start_json(struct buf *b)
{
	buf_init(b, 16 * TYPED_MAX);
	json_open(b, NULL, '{');
}

/* ---- what comes */

static void on_message(const struct phone_message *m, void *arg)
{
	struct script *s = arg;
	struct buf b;
	if (has(s->c, OPTION_JSON)) {
		start_json(&b);
		json_span(&b, "to_phone", m->text);
		json_int(&b, "parts", m->parts);
		json_text(&b, "alphabet", m->alphabet);
		json_int(&b, "units", m->units);
		if (m->flash)
			json_bool(&b, "flash", true);
		put_json(&b);
	} else {
		buf_init(&b, 16 * TYPED_MAX);
		screen_clean(m->text, &b);
		(void)fwrite(b.p, 1, b.n, stdout);
		(void)putchar('\n');
		(void)fflush(stdout);
		buf_wipe(&b);
	}
	s->came++;
	if (s->is_waiting && (s->wait_for == 0 || s->wait_for == m->delivery))
		s->is_waiting = false;
	else
		s->unasked++;
}

static void nothing_came(struct script *s)
{
	s->is_waiting = false;
	fault(s, EXIT_NOT_ALL);
	if (has(s->c, OPTION_JSON)) {
		struct buf b;
		start_json(&b);
		json_int(&b, "missing", s->line);
		put_json(&b);
	} else {
		(void)fprintf(stderr, "safar: line %lld: nothing came in time\n", (long long)s->line);
	}
}

/* ---- what is sent */

static void refuse(struct script *s, const char *why)
{
	fault(s, err_exit_code(ERR_INPUT));
	if (has(s->c, OPTION_JSON)) {
		struct buf b;
		start_json(&b);
		json_int(&b, "refused", s->line);
		json_text(&b, "text", why);
		put_json(&b);
	} else {
		(void)fprintf(stderr, "safar: line %lld %s\n", (long long)s->line, why);
	}
}

static void wait_for(struct script *s, int64_t delivery, int64_t limit_s)
{
	s->is_waiting = true;
	s->wait_for = delivery;
	s->until_ms = clock_monotonic_ms() + limit_s * 1000;
}

static void say(struct script *s, const struct phone_line *line)
{
	struct phone_said said = { .delivery = 0 };
	const bool is_call = line->kind == LINE_CALL;
	const int code = talk_say(s->talk, is_call ? NULL : &line->text, &said);
	if (code != 0) {
		fault(s, code);
		return;
	}
	s->sent++;
	if (has(s->c, OPTION_JSON)) {
		struct buf b;
		start_json(&b);
		json_span(&b, "from_phone", is_call ? span_of("") : line->text);
		if (is_call)
			json_bool(&b, "call", true);
		if (!said.is_known)
			json_bool(&b, "answered", said.is_answered);
		put_json(&b);
	}
	if (said.is_answered || said.is_known)
		wait_for(s, said.delivery, ANSWER_LIMIT_S);
	else if (!has(s->c, OPTION_JSON))
		(void)fprintf(stderr, "safar: line %lld is not answered\n", (long long)s->line);
}

/* ---- USSD */

static void print_page(struct script *s, const struct phone_page *p)
{
	struct buf b;
	if (has(s->c, OPTION_JSON)) {
		start_json(&b);
		json_span(&b, "page", buf_span(&p->text));
		json_text(&b, "alphabet", p->alphabet);
		json_int(&b, "units", p->units);
		json_int(&b, "room", p->room);
		json_bool(&b, "open", p->is_open);
		put_json(&b);
		return;
	}
	buf_init(&b, 16 * TYPED_MAX);
	screen_clean(buf_span(&p->text), &b);
	(void)fwrite(b.p, 1, b.n, stdout);
	(void)fputs("\n\n", stdout);
	(void)fflush(stdout);
	buf_wipe(&b);
}

static void step(struct script *s, const struct phone_line *line)
{
	struct phone_page page;
	const bool is_dialled = line->kind == LINE_DIAL;
	if (has(s->c, OPTION_JSON)) {
		struct buf b;
		start_json(&b);
		json_span(&b, is_dialled ? "dialled" : "typed", line->text);
		put_json(&b);
	}
	const int code = is_dialled ? talk_dial(s->talk, line->text, &page)
	                            : talk_type(s->talk, line->text, &page);
	if (code != 0) {
		fault(s, code);
		return;
	}
	s->sent++;
	s->came++;
	s->in_session = page.is_open;
	print_page(s, &page);
	page_free(&page);
}

/* False: it was the last. */
static bool next_line(struct script *s)
{
	struct phone_line line;
	if (!typed_line(&s->typed, &line))
		return !s->typed.is_at_end;
	s->line++;
	switch (line.kind) {
	case LINE_TEXT: case LINE_CALL:
		if (line.kind == LINE_TEXT && s->in_session)
			step(s, &line);
		else
			say(s, &line);
		break;
	case LINE_DIAL:
		step(s, &line);
		break;
	case LINE_HANG_UP:
		if (!s->in_session)
			refuse(s, "ends nothing: no session is open");
		s->in_session = false; /* nobody tells the gateway, as when a phone loses the network */
		break;
	case LINE_WAIT:
		if (s->unasked > 0) /* it was quicker than the line */
			s->unasked--;
		else
			wait_for(s, 0, line.wait_s);
		break;
	case LINE_QUIT:
		return false;
	case LINE_BAD:
		refuse(s, line.bad);
		break;
	}
	return true;
}

/* ---- the loop */

/* Waits for whichever comes first; an exit code ends it. */
static int turn(struct script *s)
{
	int fd = -1, wait_ms = -1;
	int code = talk_listen(s->talk, &fd, &wait_ms);
	if (code != 0)
		return code;
	const int64_t left_ms = s->until_ms - clock_monotonic_ms();
	if (s->is_waiting && (wait_ms < 0 || left_ms < wait_ms))
		wait_ms = left_ms > 0 ? (int)left_ms : 0;
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
		{ .fd = s->is_waiting || s->typed.is_at_end ? -1 : STDIN_FILENO, .events = POLLIN } };
	if (poll(fds, 2, wait_ms) < 0)
		return 0; /* a signal: it is looked at again */
	if (fds[0].revents != 0)
		code = talk_hear(s->talk, on_message, s);
	if (code == 0 && fds[1].revents != 0)
		typed_read(&s->typed, STDIN_FILENO);
	if (code == 0 && s->is_waiting && clock_monotonic_ms() >= s->until_ms)
		nothing_came(s);
	return code;
}

int phone_script(const struct call *c, struct talk *t)
{
	struct script s = { .c = c, .talk = t };
	int code = 0;
	typed_init(&s.typed);
	code = turn(&s); /* it is on, before anything is sent */
	while (code == 0) {
		const int64_t line = s.line;
		if (!s.is_waiting && !next_line(&s))
			break;
		if (s.is_waiting || s.line == line)
			code = turn(&s);
	}
	typed_free(&s.typed);
	if (code == 0)
		code = s.code != 0 ? s.code : s.sent > 0 && s.came == 0 ? EXIT_NOT_ALL : 0;
	return code;
}
