/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Africa's Talking: a form; `text` is all that was typed so far, parted by '*', so that nothing needs
 * to be remembered. The page begins with CON (goes on) or END. */
#include "link/ussd/dialect.h"

#include <string.h>

#include "base/banned.h"

enum field { FIELD_SESSION, FIELD_PHONE, FIELD_TEXT, FIELD_CODE, FIELD_NETWORK, FIELD_COUNT };

static const char *const names[FIELD_COUNT] = {
	[FIELD_SESSION] = "sessionId", [FIELD_PHONE] = "phoneNumber", [FIELD_TEXT] = "text",
	[FIELD_CODE] = "serviceCode", [FIELD_NETWORK] = "networkCode",
};

struct form {
	struct span value[FIELD_COUNT];
	bool has[FIELD_COUNT];
	uint8_t octets[DIALECT_BODY_MAX]; /* decoded; the values lie here */
	size_t n;
};

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* application/x-www-form-urlencoded: '+' is a blank, %XX an octet. Never longer than it was. */
static bool decode(struct span s, struct form *f, struct span *ret)
{
	uint8_t *to = f->octets + f->n;
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		int octet = s.p[i] == '+' ? ' ' : s.p[i];
		if (octet == '%') {
			if (s.n - i < 3 || hex_digit(s.p[i + 1]) < 0 || hex_digit(s.p[i + 2]) < 0)
				return false;
			octet = hex_digit(s.p[i + 1]) * 16 + hex_digit(s.p[i + 2]);
			i += 2;
		}
		to[n++] = (uint8_t)octet;
	}
	f->n += n;
	*ret = span_make(to, n);
	return true;
}

static enum dialect_err take_field(struct span pair, bool any_field, struct form *f)
{
	const uint8_t *sign = memchr(pair.p, '=', pair.n);
	struct span name, value;
	const size_t n = sign != NULL ? (size_t)(sign - pair.p) : pair.n;
	if (!decode(span_make(pair.p, n), f, &name) ||
	    !decode(sign != NULL ? span_make(sign + 1, pair.n - n - 1) : span_of(""), f, &value))
		return DIALECT_FORM;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (span_is(name, names[i])) {
			if (f->has[i])
				return DIALECT_TWICE;
			f->has[i] = true;
			f->value[i] = value;
			return DIALECT_OK;
		}
	return any_field ? DIALECT_OK : DIALECT_FOREIGN;
}

static enum dialect_err read_form(struct span body, bool any_field, struct form *f)
{
	enum dialect_err e = DIALECT_OK;
	if (body.n > sizeof f->octets)
		return DIALECT_LENGTH;
	body = span_trim(body);
	while (body.n > 0 && e == DIALECT_OK) {
		const uint8_t *sign = memchr(body.p, '&', body.n);
		const size_t n = sign != NULL ? (size_t)(sign - body.p) : body.n;
		if (n > 0)
			e = take_field(span_make(body.p, n), any_field, f);
		body = sign != NULL ? span_make(sign + 1, body.n - n - 1) : span_of("");
	}
	return e;
}

enum dialect_err africastalking_read(const struct dialect_call *c, struct ussd_step *ret)
{
	struct form f;
	f.n = 0;
	memset(f.has, 0, sizeof f.has);
	struct ussd_step s = { .event = USSD_STEP, .has_history = true };
	if (c->method != HTTP_POST)
		return DIALECT_METHOD;
	if (c->path.n > 0)
		return DIALECT_PATH;
	enum dialect_err e = read_form(c->body, c->any_field, &f);
	/* serviceCode and networkCode tell nothing that we need */
	for (size_t i = FIELD_SESSION; i <= FIELD_TEXT && e == DIALECT_OK; i++)
		if (!f.has[i])
			e = DIALECT_MISSING;
	if (e == DIALECT_OK)
		e = take_session(f.value[FIELD_SESSION], s.session);
	if (e == DIALECT_OK)
		e = take_caller(f.value[FIELD_PHONE], s.caller);
	if (e == DIALECT_OK)
		e = take_input(f.value[FIELD_TEXT], USSD_HISTORY_MAX, s.input);
	if (e == DIALECT_OK)
		*ret = s;
	explicit_bzero(f.octets, f.n <= sizeof f.octets ? f.n : sizeof f.octets);
	ussd_step_wipe(&s);
	return e;
}

void africastalking_write(const struct dialect_page *p, struct buf *ret)
{
	buf_add_text(ret, p->goes_on ? "CON " : "END ");
	buf_add(ret, p->text);
}
