/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gammu_count.h"

#include <gammu.h>
#include <string.h>

#define HEADER_OCTETS 6u /* 23.040 §9.2.3.24.1, with the header's own length */
#define UTF8_MAX 4096u

/* TP-UDL of the frame without the header: septets, or octets of UCS-2. */
static bool count_frame(GSM_SMSMessage *sms, bool is_ucs2, unsigned *ret)
{
	unsigned char frame[512] = { 0 };
	int length = 0;
	sms->PDU = SMS_Submit;
	sms->SMSC.Location = 0;
	if (GSM_EncodeSMSFrame(NULL, sms, frame, PHONE_SMSSubmit, &length, TRUE) != ERR_NONE)
		return false;
	const unsigned udl = frame[PHONE_SMSSubmit.TPUDL];
	const unsigned header = (unsigned)sms->UDH.Length;
	*ret = is_ucs2 ? (udl - header) / 2 : udl - (header * 8 + 6) / 7;
	return header == 0 || header == HEADER_OCTETS;
}

bool count_by_gammu(const char *utf8, struct counted *ret)
{
	static unsigned char unicode[2 * (UTF8_MAX + 1)];
	static GSM_MultiPartSMSInfo info;
	static GSM_MultiSMSMessage sms;
	const size_t n = strlen(utf8);
	if (n > UTF8_MAX)
		return false;
	memset(unicode, 0, sizeof unicode);
	memset(&sms, 0, sizeof sms);
	DecodeUTF8(unicode, utf8, n);
	GSM_ClearMultiPartSMSInfo(&info);
	info.EntriesNum = 1;
	info.Class = -1;
	info.Entries[0].ID = SMS_ConcatenatedAutoTextLong;
	info.Entries[0].Buffer = unicode;
	if (GSM_EncodeMultiPartSMS(NULL, &info, &sms) != ERR_NONE || sms.Number < 1)
		return false;
	*ret = (struct counted){ .count = (unsigned)sms.Number,
		.is_ucs2 = sms.SMS[0].Coding == SMS_Coding_Unicode_No_Compression };
	for (unsigned i = 0; i < ret->count && i < COUNTED_PARTS_MAX; i++) {
		if (sms.SMS[i].Coding != sms.SMS[0].Coding ||
		    !count_frame(&sms.SMS[i], ret->is_ucs2, &ret->part_units[i]))
			return false;
		ret->units += ret->part_units[i];
	}
	return true;
}
