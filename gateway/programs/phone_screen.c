/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phone on a terminal: the screen of an old one in a frame at the top, a line to type in below.
 * The frame is drawn with the cursor saved and put back, so that what is being typed stays. The
 * terminal edits the line itself.
 *
 *    +998 90 …              row 1
 *   .------------------.    2
 *   |                  |    3 to 10
 *   '------------------'    11
 *    2 parts, UCS-2, 98     12: the message
 *    Enter: more            13: what can be done
 *   > помоги                14: typed                                                          */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "programs/phone_line.h"
#include "text/screen.h"
#include "base/banned.h"

#define COLUMNS 18u
#define LINES 8u
#define UNREAD_MAX 16u /* then it is off until some are read: the rest waits at the gateway */
#define TYPED_ROW "14"

struct shown {
	struct buf text;
	char about[64];
};

struct screen {
	struct talk *talk;
	struct typed typed;
	const char *number;
	char hint[200];
	bool has_error;                    /* below the line, of the command before */
	struct shown messages[UNREAD_MAX]; /* the first is on the screen, the others are unread */
	size_t count;
	struct shown page;                 /* of USSD, before them while has_page */
	bool has_page, in_session;         /* in_session: what is typed is an answer to it */
	unsigned top;                      /* line of what is shown in the screen's first */
};

/* ---- drawing */

static void put_row(struct span line)
{
	(void)fputs("\033[K  |", stdout);
	(void)fwrite(line.p, 1, line.n, stdout);
	for (unsigned n = screen_columns(line); n < COLUMNS; n++)
		(void)putchar(' ');
	(void)fputs("|\r\n", stdout);
}

static const struct shown *on_screen(const struct screen *s)
{
	return s->has_page ? &s->page : s->count > 0 ? &s->messages[0] : NULL;
}

/* What of it is left behind so many lines. */
static struct span behind(const struct screen *s, unsigned lines)
{
	const struct shown *shown = on_screen(s);
	struct span rest = shown != NULL ? buf_span(&shown->text) : span_of(""), line;
	for (unsigned n = 0; n < lines; n++)
		if (!screen_line(&rest, COLUMNS, &line))
			break;
	return rest;
}

static bool has_more(const struct screen *s)
{
	return behind(s, s->top + LINES).n > 0;
}

static void put_edge(char corner)
{
	(void)printf("\033[K  %c", corner);
	for (unsigned n = 0; n < COLUMNS; n++)
		(void)putchar('-');
	(void)printf("%c\r\n", corner);
}

static void draw(const struct screen *s)
{
	(void)fputs("\0337\033[1;1H\033[K   ", stdout);
	put_cell(stdout, 0, s->number);
	(void)fputs("\r\n", stdout);
	put_edge('.');
	struct span rest = behind(s, s->top), line;
	for (unsigned n = 0; n < LINES; n++)
		put_row(screen_line(&rest, COLUMNS, &line) ? line : span_of(""));
	put_edge('\'');
	(void)printf("\033[K\033[2m   %s\033[0m\r\n\033[K   ", on_screen(s) != NULL ? on_screen(s)->about : "");
	if (rest.n > 0)
		(void)fputs("Enter: more", stdout);
	else if (s->count > 1 && !s->has_page)
		(void)printf("Enter: the next message (%zu)", s->count - 1);
	else if (s->count > 0 && s->has_page && !s->in_session)
		(void)printf("Enter: messages (%zu)", s->count);
	else
		(void)fputs(s->hint, stdout);
	if (s->count == UNREAD_MAX)
		(void)fputs("; the phone is full, read first", stdout);
	(void)fputs("\0338", stdout);
	(void)fflush(stdout);
}

/* What was typed goes, the place for the next line is there. */
static void prompt(struct screen *s)
{
	(void)printf("\033[" TYPED_ROW ";1H\033[%s> ", s->has_error ? "K" : "J");
	s->has_error = false;
	(void)fflush(stdout);
}

static void hint(struct screen *s, const char *what, const char *more)
{
	(void)snprintf(s->hint, sizeof s->hint, "%s%s", what, more);
}

/* ---- messages */

static void on_message(const struct phone_message *m, void *arg)
{
	struct screen *s = arg;
	if (s->count == 1 && !s->has_page && !has_more(s)) { /* the one on the screen has been read */
		buf_wipe(&s->messages[0].text);
		s->count = 0;
		s->top = 0;
	}
	if (s->count == UNREAD_MAX)
		return; /* it was off: nothing comes then */
	struct shown *to = &s->messages[s->count++];
	buf_init(&to->text, 4 * TYPED_MAX);
	screen_clean(m->text, &to->text);
	(void)snprintf(to->about, sizeof to->about, "%u part%s, %s, %u units%s", m->parts,
	               m->parts == 1 ? "" : "s", m->alphabet, m->units, m->flash ? ", flash" : "");
	if (!s->has_page)
		hint(s, "", "");
	(void)fputc('\a', stdout);
}

static void close_page(struct screen *s)
{
	buf_wipe(&s->page.text);
	s->has_page = s->in_session = false;
	s->top = 0;
	hint(s, "", "");
}

static void show_page(struct screen *s, const struct phone_page *p)
{
	close_page(s);
	s->has_page = true;
	s->in_session = p->is_open;
	buf_init(&s->page.text, 4 * TYPED_MAX);
	screen_clean(buf_span(&p->text), &s->page.text);
	(void)snprintf(s->page.about, sizeof s->page.about, "USSD, %s, %u of %u", p->alphabet, p->units,
	               p->room);
	hint(s, p->is_open ? "Type an answer and Enter; /end" : "The session is over. Enter", "");
}

/* Enter on an empty line: a page on, or the next message. */
static void go_on(struct screen *s)
{
	if (has_more(s)) {
		s->top += LINES;
	} else if (s->has_page && !s->in_session) {
		close_page(s);
	} else if (s->has_page) {
		s->top = 0;
	} else if (s->count > 1) {
		buf_wipe(&s->messages[0].text);
		memmove(&s->messages[0], &s->messages[1], --s->count * sizeof s->messages[0]);
		s->top = 0;
	} else {
		s->top = 0; /* from the beginning again */
	}
}

/* ---- typing */

static void say(struct screen *s, const struct phone_line *line)
{
	struct phone_said said = { .delivery = 0 };
	const bool is_call = line->kind == LINE_CALL;
	const int code = talk_say(s->talk, is_call ? NULL : &line->text, &said);
	const bool is_silent = code == 0 && !said.is_answered && !said.is_known;
	hint(s, code != 0 ? "" : is_call ? "It rang once." : "Message sent.",
	     is_silent ? " No answer comes." : "");
	s->has_error = code != 0; /* it stands below the line; the phone stays on */
}

static void step(struct screen *s, const struct phone_line *line)
{
	struct phone_page page;
	const int code = line->kind == LINE_DIAL ? talk_dial(s->talk, line->text, &page)
	                                         : talk_type(s->talk, line->text, &page);
	s->has_error = code != 0;
	if (code != 0)
		return;
	show_page(s, &page);
	page_free(&page);
}

/* Nobody tells the gateway, as when a phone loses the network. */
static void hang_up(struct screen *s)
{
	const bool was_open = s->in_session;
	if (s->has_page)
		close_page(s);
	hint(s, was_open ? "The session is over." : "No session is open.", "");
}

/* False: it is switched off. */
static bool take(struct screen *s, const struct phone_line *line)
{
	switch (line->kind) {
	case LINE_TEXT:
		if (line->text.n == 0)
			go_on(s);
		else if (s->in_session)
			step(s, line);
		else
			say(s, line);
		break;
	case LINE_DIAL:
		step(s, line);
		break;
	case LINE_HANG_UP:
		hang_up(s);
		break;
	case LINE_CALL:
		say(s, line);
		break;
	case LINE_WAIT:
		hint(s, "It waits all the time.", "");
		break;
	case LINE_QUIT:
		return false;
	case LINE_BAD:
		hint(s, "This line ", line->bad);
		break;
	}
	return true;
}

static int turn(struct screen *s)
{
	int fd = -1, wait_ms = -1, code = 0;
	if (s->count < UNREAD_MAX)
		code = talk_listen(s->talk, &fd, &wait_ms);
	else
		talk_rest(s->talk);
	if (code != 0)
		return code;
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN } };
	if (poll(fds, 2, wait_ms) < 0)
		return 0; /* a signal: it is looked at again */
	if (fds[0].revents != 0) {
		code = talk_hear(s->talk, on_message, s);
		draw(s);
	}
	if (code == 0 && fds[1].revents != 0)
		typed_read(&s->typed, STDIN_FILENO);
	return code;
}

int phone_screen(const struct call *c, struct talk *t)
{
	struct screen s = { .talk = t, .number = c->option[OPTION_NUMBER] };
	int code = 0;
	bool is_on = true;
	typed_init(&s.typed);
	hint(&s, "Type a text and Enter; /call; /dial *123#; /quit", "");
	(void)fputs("\033[2J", stdout);
	prompt(&s);
	draw(&s);
	while (is_on && code == 0) {
		struct phone_line line;
		code = turn(&s);
		while (code == 0 && is_on && typed_line(&s.typed, &line)) {
			is_on = take(&s, &line);
			prompt(&s);
			draw(&s);
		}
		is_on = is_on && !s.typed.is_at_end;
	}
	(void)fputs("\033[" TYPED_ROW ";1H\033[J", stdout);
	for (size_t i = 0; i < s.count; i++)
		buf_wipe(&s.messages[i].text);
	close_page(&s);
	typed_free(&s.typed);
	return code;
}
