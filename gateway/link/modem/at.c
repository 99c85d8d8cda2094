/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/at.h"

#include <string.h>

#include "base/clock.h"
#include "link/modem/words.h"

#include "base/banned.h"

struct command {
	const char *text;
	bool wants_prompt, wants_cmgs;
	bool is_echoed, is_done;
	struct span typed; /* what went behind the prompt */
	at_line *line;
	void *arg;
	struct at_reply reply;
};

const char *at_command_text(const struct command *c)
{
	return c == NULL ? NULL : c->text;
}

bool at_waits_for_cmgs(const struct command *c)
{
	return c != NULL && c->wants_cmgs;
}

static void done(struct command *c, enum at_result result, struct span line)
{
	int64_t code = -1;
	if ((result == AT_CME || result == AT_CMS) && !line_number(line, 0, 0, 65535, &code)) {
		const uint8_t *colon = memchr(line.p, ':', line.n);
		const size_t at = colon != NULL ? (size_t)(colon - line.p) + 1 : line.n;
		code = words_code(span_make(line.p + at, line.n - at), result == AT_CMS);
	}
	c->reply.result = result;
	c->reply.code = (int32_t)code;
	c->is_done = true;
}

struct span at_without_typed(const struct command *c, struct span line)
{
	const size_t n = c != NULL ? c->typed.n : 0;
	return n > 0 && line_starts(line, c->typed) ? span_make(line.p + n, line.n - n) : line;
}

void at_take_line(struct modem *m, struct command *c, enum line_kind kind, struct span line)
{
	if (c->is_done)
		return;
	struct span prefix = line_reply_prefix(c->text);
	if ((!c->is_echoed || m->is_echoless) && span_is(span_trim(line), c->text)) {
		c->is_echoed = true;
		m->is_echoless = false;
		return;
	}
	/* some line noise may have spoilt the echo; a reply of our command's name says the same */
	if (!c->is_echoed && prefix.n > 0 && line_starts(line, prefix) && kind != LINE_CME &&
	    kind != LINE_CMS)
		c->is_echoed = true;
	if (!c->is_echoed) {
		c->reply.was_bare = c->reply.was_bare || kind == LINE_OK || kind == LINE_ERROR;
		return;
	}
	int64_t tp_mr = 0;
	switch (kind) {
	case LINE_OK:
		done(c, AT_OK, line);
		return;
	case LINE_ERROR: case LINE_ERROR_HUAWEI:
		done(c, AT_ERROR, line);
		return;
	case LINE_CME:
		done(c, AT_CME, line);
		return;
	case LINE_CMS:
		done(c, AT_CMS, line);
		return;
	case LINE_CMGS:
		if (c->wants_cmgs) { /* it was taken, even where the reference is odd */
			(void)line_number(line, 0, 0, 65535, &tp_mr);
			c->reply.was_cmgs = true;
			c->reply.tp_mr = (uint8_t)(tp_mr & 0xff);
		}
		return;
	case LINE_NO_CARRIER: case LINE_RING: case LINE_CRING: case LINE_CLIP: case LINE_CMTI:
	case LINE_CDSI: case LINE_CDS: case LINE_CMT: case LINE_CBM: case LINE_CREG: case LINE_CUSD:
	case LINE_CHATTER: case LINE_PLAIN:
		break;
	}
	if (c->wants_prompt && span_is(span_trim(line), ">")) {
		done(c, AT_PROMPT, line);
		return;
	}
	if (c->reply.line[0] == '\0') {
		size_t n = line.n < sizeof c->reply.line ? line.n : sizeof c->reply.line - 1;
		memcpy(c->reply.line, line.p, n);
		c->reply.line[n] = '\0';
	}
	if (c->line != NULL)
		c->line(c->arg, line);
}

bool at_take_partial(struct command *c, struct span partial)
{
	if (!c->wants_prompt || c->is_done || !c->is_echoed || partial.n == 0 || partial.p[0] != '>')
		return false;
	done(c, AT_PROMPT, partial);
	return true;
}

static enum at_result wait_for(struct modem *m, struct command *c, int64_t within_ms,
                               struct at_reply *ret)
{
	int64_t until = clock_monotonic_ms() + within_ms, left;
	while (!c->is_done && (left = until - clock_monotonic_ms()) > 0)
		modem_turn(m, left);
	m->command = NULL;
	if (!c->is_done)
		c->reply.result = AT_TIMEOUT;
	if (ret != NULL)
		*ret = c->reply;
	explicit_bzero(c->reply.line, sizeof c->reply.line);
	return c->reply.result;
}

static enum at_result run(struct modem *m, struct command *c, int64_t within_ms,
                          struct at_reply *ret)
{
	struct buf octets;
	buf_init(&octets, LINE_OCTETS_MAX);
	buf_add_text(&octets, c->text);
	buf_add_octet(&octets, '\r');
	if (octets.failed)
		modem_fail(m, "there is no memory left for a command");
	c->is_echoed = m->is_echoless;
	m->command = c; /* before the first octet goes out: its answer may come between */
	modem_write(m, buf_span(&octets));
	buf_wipe(&octets);
	return wait_for(m, c, within_ms, ret);
}

enum at_result at_try(struct modem *m, const char *command, int64_t within_ms, struct at_reply *ret)
{
	struct command c = { .text = command };
	return run(m, &c, within_ms, ret);
}

enum at_result at_try_prompt(struct modem *m, const char *command, int64_t within_ms,
                             struct at_reply *ret)
{
	struct command c = { .text = command, .wants_prompt = true };
	return run(m, &c, within_ms, ret);
}

enum at_result at_try_message(struct modem *m, struct span octets, int64_t within_ms,
                              struct at_reply *ret)
{
	/* the prompt stood behind our command's echo: whatever ends comes now ends this message */
	struct command c = { .text = "", .wants_cmgs = true, .is_echoed = true,
		.typed = span_make(octets.p, octets.n > 0 ? octets.n - 1 : 0) /* without Ctrl-Z */ };
	m->command = &c;
	modem_write(m, octets);
	return wait_for(m, &c, within_ms, ret);
}

enum at_result at_run_lines(struct modem *m, const char *command, int64_t within_ms,
                            at_line *line, void *arg, struct at_reply *ret)
{
	struct command c = { .text = command, .line = line, .arg = arg };
	enum at_result result = run(m, &c, within_ms, ret);
	if (result == AT_TIMEOUT) {
		start_recover(m, 10000);
		(void)reset_check(m);
	}
	return result;
}

enum at_result at_run(struct modem *m, const char *command, int64_t within_ms, struct at_reply *ret)
{
	return at_run_lines(m, command, within_ms, NULL, NULL, ret);
}
