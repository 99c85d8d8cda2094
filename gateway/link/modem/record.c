/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/record.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#include "base/banned.h"

#define CTRL_Z 0x1a
#define ESC 0x1b
#define SMALL_DIGITS 3   /* lengths, places, codes; a telephone number or an id is longer */
#define VERSION_DIGITS 5 /* in a word with letters: "E3372" */
#define WHO_MAX 64       /* a line of maker, model or firmware */

/* Commands and answers whose small numbers are no secret. */
static const char *const counted[] = { "+CSQ", "+CMGS", "+CMGR", "+CMGL", "+CMGD", "+CMGF",
	"+CNMI", "+CPMS", "+CSMS", "+CMEE", "+CFUN", "+CMMS", "+CMTI", "+CDSI", "+CDS", "+CMT",
	"+CREG", "+CGREG", "+COPS", "+CSCS", "+CMS ERROR", "+CME ERROR", "^RSSI", "^BOOT", "^MODE",
	"^SRVST", "^SIMST", "^HCSQ", "^CURC", "+CNMA", "+CGATT", "+CBC", "+CPAS" };
/* Those of which only the name is kept. */
static const char *const named[] = { "+CPIN", "+CPINR", "^CPIN", "+QPINC", "+SPIC", "+CGSN",
	"+GSN", "+CIMI", "+CCID", "+ICCID", "^ICCID", "+QCCID", "+CUSD", "+CSCA", "+CNUM", "+CLIP",
	"+CRING", "+CHUP", "+CLCC", "+CGMI", "+CGMM", "+CGMR", "+GMI", "+GMM", "+GMR", "+CBM",
	"^CARDLOCK", "^CREG", "+CPBR", "+CPBS" };
static const char *const who[] = { "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+GMI", "AT+GMM", "AT+GMR",
	"ATI" };
static const char *const whole[] = { "OK", "ERROR", "RING", "NO CARRIER", "AT", "ATE0", "ATE1",
	"ATZ", "ATH", "ATI", "COMMAND NOT SUPPORT", ">" };
static const char *const words[] = { "READY", "SIM", "PIN", "PUK", "SM", "ME", "MT", "SR", "BM",
	"GSM", "IRA", "UCS2" };
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static bool is_in(const char *const *list, size_t count, const char *p, size_t n)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == n && memcmp(list[i], p, n) == 0)
			return true;
	return false;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How much of the line is a known name, with its AT. */
static size_t name_of(const char *p, size_t n, bool *ret_counted)
{
	size_t at = n >= 2 && p[0] == 'A' && p[1] == 'T' ? 2 : 0;
	size_t end = at;
	if (end < n && (p[end] == '+' || p[end] == '^'))
		end++;
	while (end < n && (is_upper(p[end]) || (p[end] == ' ' && end + 1 < n && p[end + 1] == 'E')))
		end++;
	if (end < n && p[end] != ':' && p[end] != '=' && p[end] != '?')
		return 0;
	*ret_counted = is_in(counted, COUNT(counted), p + at, end - at);
	return *ret_counted || is_in(named, COUNT(named), p + at, end - at) ? end : 0;
}

/* A run of letters and digits, outside quotes. */
static void hide_run(char *p, size_t n, unsigned digits_kept, bool words_kept)
{
	size_t digits = 0, hex = 0;
	bool is_ascii = true;
	for (size_t i = 0; i < n; i++) {
		digits += is_digit(p[i]) ? 1 : 0;
		hex += isxdigit((unsigned char)p[i]) ? 1 : 0;
		is_ascii = is_ascii && (unsigned char)p[i] < 0x7f;
	}
	if (digits == n && n <= digits_kept && n <= SMALL_DIGITS)
		return;
	const bool may_be_a_model = is_ascii && digits < n && digits <= digits_kept && hex < 8;
	if (digits_kept > SMALL_DIGITS ? may_be_a_model : words_kept && is_in(words, COUNT(words), p, n))
		return;
	for (size_t i = 0; i < n; i++)
		p[i] = digits == n ? '0' : hex == n ? 'F' : is_digit(p[i]) ? '0' : 'x';
}

static size_t hide_quoted(char *p, size_t n)
{
	size_t end = 1;
	while (end < n && p[end] != '"')
		end++;
	if (!is_in(words, COUNT(words), p + 1, end - 1))
		memset(p + 1, '?', end - 1);
	return end < n ? end + 1 : end;
}

static void hide(char *p, size_t n, unsigned digits_kept, bool words_kept)
{
	for (size_t i = 0; i < n;) {
		size_t end = i;
		if (p[i] == '"') {
			i += hide_quoted(p + i, n - i);
			continue;
		}
		while (end < n && (isalnum((unsigned char)p[end]) || (unsigned char)p[end] >= 0x7f))
			end++;
		if (end > i)
			hide_run(p + i, end - i, digits_kept, words_kept);
		else if ((unsigned char)p[i] < 0x20)
			p[i] = '.';
		i = end > i ? end : i + 1;
	}
}

void record_redact(char *line, size_t n, bool asks_who)
{
	bool is_counted = false;
	if (is_in(whole, COUNT(whole), line, n))
		return;
	size_t name = name_of(line, n, &is_counted);
	if (name > 0)
		hide(line + name, n - name, is_counted ? SMALL_DIGITS : 0, true);
	else
		hide(line, n, asks_who && n <= WHO_MAX ? VERSION_DIGITS : 0, false);
}

/* ---- the file */

void record_open(struct record *r, int fd)
{
	struct stat s;
	*r = (struct record){ .fd = fd };
	if (fd >= 0 && (fstat(fd, &s) != 0 || s.st_size < 0))
		r->fd = -1;
	else if (fd >= 0)
		r->size = (uint64_t)s.st_size;
}

/* `line` is redacted by now; `\` is no letter, and is written as it has to be. */
static void put(struct record *r, char way, const char *line, size_t n, const char *end)
{
	char text[32 + 2 * RECORD_LINE_MAX + 8];
	int head = snprintf(text, 32, "%" PRId64 " %c ", clock_monotonic_ms(), way);
	if (head < 0)
		return;
	size_t at = (size_t)head;
	for (size_t i = 0; i < n && i < RECORD_LINE_MAX; i++) {
		if (line[i] == '\\')
			text[at++] = '\\';
		text[at++] = line[i];
	}
	for (; *end != '\0'; end++)
		text[at++] = *end;
	text[at++] = '\n';
	if (r->size + at > RECORD_MAX || write(r->fd, text, at) != (ssize_t)at)
		r->fd = -1; /* full, or the disk is: the dialogue goes on without */
	r->size += at;
	explicit_bzero(text, at);
}

static void end_sent(struct record *r, const char *end)
{
	r->asks_who = is_in(who, COUNT(who), r->sent, r->sent_n);
	if (!r->sent_too_long) {
		record_redact(r->sent, r->sent_n, false);
		put(r, '>', r->sent, r->sent_n, end);
	}
	explicit_bzero(r->sent, sizeof r->sent);
	r->sent_n = 0;
	r->sent_too_long = false;
}

void record_sent(struct record *r, struct span octets)
{
	for (size_t i = 0; i < octets.n && r->fd >= 0; i++) {
		const uint8_t c = octets.p[i];
		if (c == '\r')
			end_sent(r, "\\r");
		else if (c == CTRL_Z)
			end_sent(r, "\\x1a");
		else if (c == ESC)
			end_sent(r, "\\x1b");
		else if (r->sent_n < sizeof r->sent)
			r->sent[r->sent_n++] = (char)c;
		else
			r->sent_too_long = true;
	}
}

void record_heard(struct record *r, struct span line)
{
	char text[RECORD_LINE_MAX];
	if (r->fd < 0 || line.n > sizeof text || line.n == 0)
		return;
	memcpy(text, line.p, line.n);
	record_redact(text, line.n, r->asks_who);
	if (span_is(line, "OK") || span_is(line, "ERROR"))
		r->asks_who = false; /* it is answered: what comes now isn't about the modem */
	put(r, '<', text, line.n, "\\r\\n");
	explicit_bzero(text, line.n);
}

void record_prompt(struct record *r)
{
	if (r->fd >= 0)
		put(r, '<', "> ", 2, "");
}
