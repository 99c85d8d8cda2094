/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at_general.c - identity, settings, the network, calls and USSD. TS 27.007. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at.h"
#include "text.h"
#include "transcript.h"

#define OPERATOR "Simulated KZ"
#define OPERATOR_CODE "40101"
#define USSD_MS 200

/* --- identity: one line, and OK --- */

static struct at_result identity(struct modem *m, enum at_op op, const char *text)
{
	if (op == AT_RUN || op == AT_READ)
		modem_say(m, "%s", text);
	else if (op != AT_TEST)
		return at_cme(CME_NOT_SUPPORTED);
	return at_ok();
}

static struct at_result cgmi(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, m->w->opt.huawei ? "huawei" : "Simulated");
}

static struct at_result cgmm(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, m->w->opt.huawei ? "E173" : "Plain");
}

static struct at_result cgmr(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, m->w->opt.huawei ? "11.126.85.00.209" : "1.0");
}

static struct at_result cgsn(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, m->imei);
}

static struct at_result cimi(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, m->imsi);
}

static struct at_result ccid(struct modem *m, enum at_op op, const struct at_args *args)
{
	char text[40];

	(void)args;
	snprintf(text, sizeof text, "+CCID: \"%s\"", m->iccid);
	return identity(m, op, text);
}

static struct at_result huawei_iccid(struct modem *m, enum at_op op, const struct at_args *args)
{
	char text[40];

	(void)args;
	snprintf(text, sizeof text, "^ICCID: %s", m->iccid);
	return identity(m, op, text);
}

static struct at_result cnum(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	if (op == AT_RUN)
		modem_say(m, "+CNUM: \"\",\"%s\",145", m->number);
	return at_ok();
}

static struct at_result gcap(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	return identity(m, op, "+GCAP: +CGSM,+DS,+ES");
}

/* --- settings --- */

static struct at_result number_setting(struct modem *m, enum at_op op, const struct at_args *args,
	const char *name, int max, int *value)
{
	if (op == AT_TEST)
		modem_say(m, "%s: (0-%d)", name, max);
	else if (op == AT_READ)
		modem_say(m, "%s: %d", name, *value);
	else if (op == AT_RUN || !at_int(args, 0, 0, max, value))
		return at_cme(CME_PARAMETERS);
	return at_ok();
}

static struct at_result cmee(struct modem *m, enum at_op op, const struct at_args *args)
{
	return number_setting(m, op, args, "+CMEE", 2, &m->set.cmee);
}

static struct at_result flag_setting(struct modem *m, enum at_op op, const struct at_args *args,
	const char *name, bool *value)
{
	int v = *value;
	struct at_result r = number_setting(m, op, args, name, 1, &v);

	*value = v != 0;
	return r;
}

static struct at_result clip(struct modem *m, enum at_op op, const struct at_args *args)
{
	if (op != AT_READ)
		return flag_setting(m, op, args, "+CLIP", &m->set.clip);
	modem_say(m, "+CLIP: %d,1", m->set.clip);
	return at_ok();
}

static struct at_result crc(struct modem *m, enum at_op op, const struct at_args *args)
{
	return flag_setting(m, op, args, "+CRC", &m->set.long_cring);
}

static struct at_result curc(struct modem *m, enum at_op op, const struct at_args *args)
{
	return flag_setting(m, op, args, "^CURC", &m->set.curc);
}

static struct at_result cscs(struct modem *m, enum at_op op, const struct at_args *args)
{
	static const char *const word[CHARSETS] = { "IRA", "UCS2", "GSM" };

	if (op == AT_TEST) {
		modem_say(m, "+CSCS: (\"IRA\",\"UCS2\",\"GSM\")");
		return at_ok();
	}
	if (op == AT_READ) {
		modem_say(m, "+CSCS: \"%s\"", word[m->set.charset]);
		return at_ok();
	}
	for (int i = 0; i < CHARSETS; i++) {
		if (strcmp(word[i], at_str(args, 0)) == 0) {
			m->set.charset = (enum charset)i;
			return at_ok();
		}
	}
	return at_cme(CME_PARAMETERS);
}

/* --- the network --- */

static struct at_result registration(struct modem *m, enum at_op op, const struct at_args *args,
	const char *name, int *urc)
{
	if (op != AT_READ)
		return number_setting(m, op, args, name, 2, urc);
	int r = modem_registered(m);
	if (*urc == 2 && modem_has_service(m))
		modem_say(m, "%s: 2,%d,\"00A1\",\"0000B2C%u\"", name, r, m->index % 10);
	else
		modem_say(m, "%s: %d,%d", name, *urc, r);
	return at_ok();
}

static struct at_result creg(struct modem *m, enum at_op op, const struct at_args *args)
{
	return registration(m, op, args, "+CREG", &m->set.creg);
}

static struct at_result cgreg(struct modem *m, enum at_op op, const struct at_args *args)
{
	return registration(m, op, args, "+CGREG", &m->set.cgreg);
}

/* A string in the character set that +CSCS chose. */
static void in_charset(const struct modem *m, const char *s, struct out *o)
{
	for (; *s; s++) {
		if (m->set.charset == CHARSET_UCS2)
			out_f(o, "%04X", (unsigned char)*s);
		else
			out_add(o, s, 1);
	}
	out_add(o, "", 1);
}

static struct at_result cops(struct modem *m, enum at_op op, const struct at_args *args)
{
	int mode = 0;
	struct out name = { 0 };

	if (op == AT_TEST) {
		modem_say(m, "+COPS: (2,\"%s\",\"SIM\",\"%s\",2),,(0,1,2,3,4),(0,1,2)", OPERATOR,
			OPERATOR_CODE);
	} else if (op == AT_SET) {
		if (!at_int(args, 0, 0, 4, &mode) || !at_int(args, 1, 0, 2, &m->set.cops_format))
			return at_cme(CME_PARAMETERS);
	} else if (!modem_has_service(m)) {
		modem_say(m, "+COPS: 0");
	} else if (m->set.cops_format == 2) {
		modem_say(m, "+COPS: 0,2,\"%s\",2", OPERATOR_CODE);
	} else {
		in_charset(m, m->set.cops_format ? "SIM" : OPERATOR, &name);
		modem_say(m, "+COPS: 0,%d,\"%s\",2", m->set.cops_format, name.p);
		out_free(&name);
	}
	return at_ok();
}

static struct at_result csq(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	if (op == AT_TEST)
		modem_say(m, "+CSQ: (0-31,99),(0-7,99)");
	else
		modem_say(m, "+CSQ: %d,99", m->cfun == 1 ? m->signal : 99);
	return at_ok();
}

static struct at_result cfun(struct modem *m, enum at_op op, const struct at_args *args)
{
	int fun = m->cfun, reset = 0;

	if (op == AT_TEST) {
		modem_say(m, "+CFUN: (0,1,4),(0,1)");
		return at_ok();
	}
	if (op == AT_READ) {
		modem_say(m, "+CFUN: %d", m->cfun);
		return at_ok();
	}
	if (op != AT_SET || !at_int(args, 0, 0, 4, &fun) || (fun != 0 && fun != 1 && fun != 4)
	    || !at_int(args, 1, 0, 1, &reset))
		return at_cme(CME_PARAMETERS);
	if (reset) {
		if (*m->caller)
			modem_hangup(m, "modem");
		modem_reset(m);
		transcript_begin(m->w, (int)m->index, "reset");
		transcript_end(m->w);
	} else if (fun == 1 && m->cfun != 1) {
		m->registers_ms = m->w->now_ms + m->w->opt.register_ms;
	}
	m->cfun = fun;
	return at_ok();
}

static struct at_result cbc(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	modem_say(m, op == AT_TEST ? "+CBC: (0-3),(1-100)" : "+CBC: 0,100");
	return at_ok();
}

static struct at_result cgatt(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	if (op == AT_READ)
		modem_say(m, "+CGATT: %d", modem_has_service(m));
	return at_ok();
}

static struct at_result accepted(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)m;
	(void)op;
	(void)args;
	return at_ok();
}

/* --- calls --- */

static struct at_result chup(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	if (op == AT_RUN)
		at_hang_up(m);
	return at_ok();
}

static struct at_result clcc(struct modem *m, enum at_op op, const struct at_args *args)
{
	(void)args;
	if (op == AT_RUN && *m->caller)
		modem_say(m, "+CLCC: 1,1,%d,0,0,\"%s\",%d", m->answered ? 0 : 4, m->caller,
			*m->caller == '+' ? 145 : 129);
	return at_ok();
}

/* --- USSD --- */

/* Huawei takes and gives packed septets in hex; others write the text. */
static void ussd_text(const char *said, char *ret, size_t size)
{
	uint8_t octets[80], septets[90];
	size_t n;

	snprintf(ret, size, "%s", said);
	if (strchr(said, '*') || strchr(said, '#'))
		return;
	if (!hex_read(said, strlen(said), octets, sizeof octets, &n) || n == 0)
		return;
	size_t units = n * 8 / 7;
	gsm7_unpack(octets, n, 0, septets, units);
	size_t k = 0;
	for (; k < units && k + 1 < size; k++)
		ret[k] = (char)septets[k];
	while (k && (ret[k - 1] == '\r' || ret[k - 1] == 0 || ret[k - 1] == '@'))
		k--; /* padding */
	ret[k] = 0;
}

static void ussd_ucs2(struct modem *m, const char *text)
{
	struct out body = { 0 };
	uint16_t units[184];
	size_t n = 0;

	if (!text_units(text, units, sizeof units / sizeof units[0], &n))
		return;
	for (size_t i = 0; i < n; i++)
		out_f(&body, "%04X", (unsigned)units[i]);
	out_add(&body, "", 1);
	snprintf(m->ussd, sizeof m->ussd, "+CUSD: 0,\"%s\",72", body.p);
	out_free(&body);
}

static void ussd_answer(struct modem *m, const char *text)
{
	struct out body = { 0 };
	uint8_t septets[180], octets[160];
	size_t n = 0;
	bool is_packed = m->ussd_way == USSD_PACKED || m->ussd_way == USSD_CODED
		|| (m->ussd_way == USSD_USUAL && m->w->opt.huawei);

	m->ussd_ms = m->w->now_ms + (m->ussd_way == USSD_USUAL ? USSD_MS : m->ussd_after_ms);
	if (m->ussd_way == USSD_NONE)
		return;
	if (m->ussd_way == USSD_UCS2) {
		ussd_ucs2(m, text);
		return;
	}
	if (is_packed) {
		for (const char *s = text; *s && n + 2 < sizeof septets; s++)
			n += gsm7_encode((unsigned char)*s, septets + n);
		if (n % 8 == 7)
			septets[n++] = '\r'; /* or the spare bits would read as an @ */
		hex_write(&body, octets, gsm7_pack(septets, n, 0, octets));
	} else {
		out_text(&body, text);
	}
	out_add(&body, "", 1);
	snprintf(m->ussd, sizeof m->ussd, "+CUSD: %d,\"%s\",15", m->ussd_way == USSD_MENU, body.p);
	out_free(&body);
}

static struct at_result cusd(struct modem *m, enum at_op op, const struct at_args *args)
{
	char asked[184];
	int n = 0;

	if (op == AT_TEST) {
		modem_say(m, "+CUSD: (0-2)");
		return at_ok();
	}
	if (op == AT_READ) {
		modem_say(m, "+CUSD: 1");
		return at_ok();
	}
	if (op != AT_SET || !at_int(args, 0, 0, 2, &n))
		return at_cme(CME_PARAMETERS);
	if (n == 2)
		m->ussd[0] = 0;
	if (!*at_str(args, 1))
		return at_ok();
	if (!modem_has_service(m))
		return at_cme(CME_NO_NETWORK);
	ussd_text(at_str(args, 1), asked, sizeof asked);
	struct out *o = transcript_begin(m->w, (int)m->index, "ussd");
	json_text(o, "asked", asked);
	transcript_end(m->w);
	if (m->ussd_way == USSD_CODED && strchr(at_str(args, 1), '#'))
		return at_cme(CME_PARAMETERS);
	if (m->ussd_way != USSD_USUAL) {
		ussd_answer(m, m->ussd_said);
	} else if (strcmp(asked, "*100#") == 0) {
		ussd_answer(m, "Balance 150.00 KZT");
	} else {
		snprintf(m->ussd, sizeof m->ussd, "+CUSD: 4"); /* operation not supported */
		m->ussd_ms = m->w->now_ms + USSD_MS;
	}
	return at_ok();
}

const struct at_command at_general[] = {
	{ "+CGMI", 0, cgmi }, { "+GMI", 0, cgmi },
	{ "+CGMM", 0, cgmm }, { "+GMM", 0, cgmm },
	{ "+CGMR", 0, cgmr }, { "+GMR", 0, cgmr },
	{ "+CGSN", 0, cgsn }, { "+GSN", 0, cgsn },
	{ "+CIMI", NEEDS_PIN, cimi },
	{ "+CCID", 0, ccid }, { "^ICCID", HUAWEI, huawei_iccid },
	{ "+CNUM", NEEDS_PIN, cnum },
	{ "+GCAP", 0, gcap },
	{ "+CMEE", 0, cmee },
	{ "+CLIP", 0, clip },
	{ "+CRC", 0, crc },
	{ "^CURC", HUAWEI, curc },
	{ "+CSCS", 0, cscs },
	{ "+CREG", 0, creg }, { "+CGREG", 0, cgreg },
	{ "+COPS", NEEDS_PIN, cops },
	{ "+CSQ", 0, csq },
	{ "+CFUN", 0, cfun },
	{ "+CBC", 0, cbc },
	{ "+CGATT", 0, cgatt },
	{ "+IFC", 0, accepted }, { "+CMMS", 0, accepted },
	{ "+CHUP", 0, chup },
	{ "+CLCC", 0, clcc },
	{ "+CUSD", NEEDS_PIN, cusd },
	{ NULL, 0, NULL },
};
