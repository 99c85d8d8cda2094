/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/err.h is not included here or in gammu.c: libGammu has an ERR_TIMEOUT of its own. */
#include "link/modem/pdu.h"

#include <gammu.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "text/tpdu.h"

#include "base/banned.h"

/* libGammu's units: two octets each, big-endian, ended by two zeros. */
static size_t units_of(const unsigned char *text, size_t room)
{
	size_t n = 0;
	while (2 * n + 1 < room && (text[2 * n] != 0 || text[2 * n + 1] != 0))
		n++;
	return n;
}

static bool put_utf8(struct span utf16, char *ret, size_t room, size_t *ret_n)
{
	struct buf b;
	buf_init(&b, room - 1);
	utf16be_to_utf8(utf16, &b);
	bool fits = !b.failed;
	if (fits && b.n > 0)
		memcpy(ret, b.p, b.n);
	*ret_n = fits ? b.n : 0;
	for (size_t i = 0; i < *ret_n; i++)
		if ((uint8_t)ret[i] < 0x20 && ret[i] != '\n' && ret[i] != '\r')
			ret[i] = ' '; /* people don't type these; NUL would end a text early */
	ret[*ret_n] = '\0';
	buf_wipe(&b);
	return fits;
}

/* 0 where the PDU gave no time that exists (libGammu says year 0). */
static int64_t time_of(const GSM_DateTime *t)
{
	if (t->Year == 0)
		return 0;
	struct tm tm = { .tm_year = t->Year - 1900, .tm_mon = t->Month - 1, .tm_mday = t->Day,
		.tm_hour = t->Hour, .tm_min = t->Minute, .tm_sec = t->Second };
	return ((int64_t)timegm(&tm) - t->Timezone) * 1000;
}

static bool read_text(const struct tpdu *t, GSM_SMSMessage *sms, struct pdu *ret)
{
	struct span utf16 = { .n = 0 };
	switch (sms->Coding) {
	case SMS_Coding_Default_No_Compression: {
		size_t n = units_of(sms->Text, sizeof sms->Text);
		for (size_t i = 0; i < n; i++) {
			unsigned char *unit = sms->Text + 2 * i;
			if (unit[0] == 0 && unit[1] == 0xb9)
				unit[1] = ' '; /* libGammu's sign for an escape of no known table */
			else if (unit[0] == 0 && unit[1] == 0x0c)
				unit[1] = '\n'; /* the extension table's page break */
		}
		utf16 = span_make(sms->Text, 2 * n);
		break;
	}
	case SMS_Coding_Unicode_No_Compression:
		/* from the PDU itself: libGammu reads old Nokia phones' "blink" out of U+0001 and ~ */
		utf16 = span_make(t->user_data.p, t->user_data.n & ~(size_t)1);
		break;
	case SMS_Coding_8bit:
		break; /* data for a program; it is no text */
	case SMS_Coding_Unicode_Compression:
	case SMS_Coding_Default_Compression:
		return false;
	}
	return put_utf8(utf16, ret->text_, sizeof ret->text_, &ret->text_n);
}

/* How much of a status report libGammu is shown: up to TP-ST. What may follow it (TS 23.040
 * §9.2.2.3) is of no use here, and libGammu's reading of it trusts its lengths. */
static size_t report_length(struct span pdu)
{
	size_t smsc = (size_t)pdu.p[0] + 1;
	size_t digits = pdu.p[smsc + 2];
	return smsc + 2 + 2 + (digits + 1) / 2 + 7 + 7 + 1;
}

static bool decode(const struct tpdu *t, struct pdu *ret)
{
	GSM_SMSMessage sms;
	memset(&sms, 0, sizeof sms);
	unsigned char copy[512] = { 0 }; /* a look behind the end finds zeros */
	size_t n = t->whole.n;
	if (n >= sizeof copy / 2)
		return false;
	memcpy(copy, t->whole.p, n);
	if (t->kind == TPDU_STATUS_REPORT && report_length(t->whole) < n)
		n = report_length(t->whole);
	GSM_Error e = GSM_DecodePDUFrame(GSM_GetGlobalDebug(), &sms, copy, n, NULL, TRUE);
	explicit_bzero(copy, sizeof copy);
	size_t address_n = 0;
	bool good = e == ERR_NONE &&
	            sms.PDU == (t->kind == TPDU_DELIVER ? SMS_Deliver : SMS_Status_Report) &&
	            put_utf8(span_make(sms.Number, 2 * units_of(sms.Number, sizeof sms.Number)),
	                     ret->address.text_, sizeof ret->address.text_, &address_n);
	if (good && t->kind == TPDU_DELIVER) {
		ret->at_ms = time_of(&sms.DateTime);
		ret->ref = t->concat_ref;
		ret->total = t->concat_total;
		ret->seq = t->concat_seq;
		good = read_text(t, &sms, ret);
	} else if (good) {
		ret->at_ms = time_of(&sms.SMSCTime);
		ret->tp_mr = sms.MessageReference;
		ret->status = sms.DeliveryStatus;
	}
	explicit_bzero(&sms, sizeof sms);
	return good;
}

void pdu_read(struct span hex, size_t length, struct pdu *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->kind = PDU_UNREADABLE;
	uint8_t octets[PDU_OCTETS_MAX];
	size_t n = 0;
	if (!hex_parse(hex, octets, sizeof octets, &n)) {
		(void)crypto_generichash(ret->hash, sizeof ret->hash, hex.p, hex.n, NULL, 0);
		return;
	}
	(void)crypto_generichash(ret->hash, sizeof ret->hash, octets, n, NULL, 0);
	struct tpdu t;
	if (tpdu_check(span_make(octets, n), length, &t) == TPDU_OK && decode(&t, ret))
		ret->kind = t.kind == TPDU_DELIVER ? PDU_MO : PDU_REPORT;
	explicit_bzero(octets, sizeof octets);
}

void pdu_wipe(struct pdu *p)
{
	explicit_bzero(p, sizeof *p);
}

/* Text as libGammu wants it; *ret_units counts septets for GSM-7. */
static bool take_text(const struct pdu_part *part, GSM_SMSMessage *sms, size_t *ret_utf16,
                      size_t *ret_units)
{
	struct span rest = part->text;
	uint32_t c;
	size_t n = 0, septets = 0;
	size_t room = sizeof sms->Text / 2 - 1;
	while (utf8_next(&rest, &c)) {
		unsigned s = gsm7_septets(c);
		if (c == 0 || (part->alphabet == ALPHABET_GSM7 && s == 0) || n + 2 > room)
			return false;
		septets += s;
		uint32_t unit[2] = { c, 0 };
		size_t count = 1;
		if (c > 0xffff) {
			unit[0] = 0xd800 + ((c - 0x10000) >> 10);
			unit[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
			count = 2;
		}
		for (size_t i = 0; i < count; i++, n++) {
			sms->Text[2 * n] = (unsigned char)(unit[i] >> 8);
			sms->Text[2 * n + 1] = (unsigned char)(unit[i] & 0xff);
		}
	}
	*ret_utf16 = n;
	*ret_units = part->alphabet == ALPHABET_GSM7 ? septets : n;
	return rest.n == 0; /* else it isn't UTF-8 */
}

/* The header of one part of several, in our octets; 0 octets for a single part. */
static size_t take_udh(const struct pdu_part *part, unsigned char *udh)
{
	if (part->total <= 1)
		return 0;
	size_t n = 0;
	bool wide = part->ref > 0xff;
	udh[n++] = wide ? 6 : 5;
	udh[n++] = wide ? 0x08 : 0x00;
	udh[n++] = wide ? 4 : 3;
	if (wide)
		udh[n++] = (unsigned char)(part->ref >> 8);
	udh[n++] = (unsigned char)(part->ref & 0xff);
	udh[n++] = part->total;
	udh[n++] = part->seq;
	return n;
}

/* libGammu lays the fields out with gaps between them; this closes the gaps. */
static void join(const unsigned char *frame, size_t text_n, struct buf *ret)
{
	const GSM_SMSMessageLayout *at = &PHONE_SMSSubmit;
	buf_add_octet(ret, 0); /* no SMSC: the SIM's own */
	buf_add_octet(ret, frame[at->firstbyte]);
	buf_add_octet(ret, frame[at->TPMR]);
	size_t digits = frame[at->Number];
	buf_add(ret, span_make(frame + at->Number, 2 + (digits + 1) / 2));
	buf_add_octet(ret, frame[at->TPPID]);
	buf_add_octet(ret, frame[at->TPDCS]);
	buf_add_octet(ret, frame[at->TPVP]);
	buf_add_octet(ret, frame[at->TPUDL]);
	buf_add(ret, span_make(frame + at->Text, text_n));
}

static bool take_number(const struct pdu_address *number, GSM_SMSMessage *sms)
{
	size_t n = strnlen(number->text_, sizeof number->text_);
	size_t digits = number->text_[0] == '+' ? n - 1 : n;
	if (digits == 0 || digits > 15 ||
	    strspn(number->text_ + (n - digits), "0123456789") != digits)
		return false;
	for (size_t i = 0; i < n; i++)
		sms->Number[2 * i + 1] = (unsigned char)number->text_[i];
	return true;
}

bool pdu_write(const struct pdu_part *part, char ret_hex[2 * PDU_OCTETS_MAX + 1], size_t *ret_length)
{
	bool gsm7 = part->alphabet == ALPHABET_GSM7;
	unsigned char frame[512] = { 0 };
	struct buf pdu;
	GSM_SMSMessage sms;
	memset(&sms, 0, sizeof sms); /* SMSC.Location 0: nothing is asked of the modem */
	buf_init(&pdu, PDU_OCTETS_MAX);
	bool good = false;
	size_t utf16 = 0, units = 0, udh = take_udh(part, sms.UDH.Text);
	if (part->total == 0 || part->seq == 0 || part->seq > part->total || part->class_ > 3 ||
	    !take_number(&part->number, &sms) || !take_text(part, &sms, &utf16, &units))
		goto out;
	size_t limit = gsm7 ? 160 - (udh * 8 + 6) / 7 : (140 - udh) / 2;
	if (units > limit)
		goto out;
	sms.PDU = SMS_Status_Report; /* libGammu's word for "submit, with a report asked for" */
	sms.UDH.Type = udh > 0 ? UDH_UserUDH : UDH_NoUDH;
	sms.UDH.Length = (int)udh;
	sms.Coding = gsm7 ? SMS_Coding_Default_No_Compression : SMS_Coding_Unicode_No_Compression;
	sms.Class = (signed char)(part->class_ < 0 ? -1 : part->class_);
	sms.SMSC.Validity.Format = SMS_Validity_RelativeFormat;
	sms.SMSC.Validity.Relative = (GSM_ValidityPeriod)part->validity;
	int n = 0;
	if (GSM_EncodeSMSFrame(GSM_GetGlobalDebug(), &sms, frame, PHONE_SMSSubmit, &n, TRUE) != ERR_NONE)
		goto out;
	size_t text_n = n > PHONE_SMSSubmit.Text ? (size_t)n - PHONE_SMSSubmit.Text : 0;
	if (!gsm7) {
		/* our own units over libGammu's: it makes a "blink" for old Nokia phones out of ~ */
		text_n = udh + 2 * utf16;
		memcpy(frame + PHONE_SMSSubmit.Text + udh, sms.Text, 2 * utf16);
		frame[PHONE_SMSSubmit.TPUDL] = (unsigned char)text_n;
	}
	join(frame, text_n, &pdu);
	good = !pdu.failed && text_n <= 140;
	if (good) {
		hex_write(buf_span(&pdu), ret_hex);
		for (char *c = ret_hex; *c != '\0'; c++)
			if (*c >= 'a' && *c <= 'f')
				*c = (char)(*c - 'a' + 'A'); /* some modems read capitals only */
		*ret_length = pdu.n - 1;
	}
out:
	explicit_bzero(&sms, sizeof sms);
	explicit_bzero(frame, sizeof frame);
	buf_wipe(&pdu);
	return good;
}
