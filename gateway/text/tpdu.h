/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tpdu.h - is this PDU, read from a modem, well-formed?  Room: text (includes base/ only).
 * Standard:  3GPP TS 23.040 §9.2.2.1 (SMS-DELIVER), §9.2.2.3 (SMS-STATUS-REPORT), §9.2.3.24 (UDH).
 * libGammu decodes PDUs, but 1.42 lacks later bounds checks: every length in a PDU is judged here
 * first, and what libGammu would not hold is refused.
 * Ownership: results borrow the caller's octets.  Errors: enum tpdu_err; *ret untouched.
 * Threads:   no state.   Units: octets, unless the name ends in _septets. */
#ifndef SAFAR_TEXT_TPDU_H
#define SAFAR_TEXT_TPDU_H

#include "base/buf.h"

enum tpdu_err { TPDU_OK, TPDU_SHORT, TPDU_LONG, TPDU_BAD_TYPE, TPDU_BAD_ADDRESS, TPDU_BAD_LENGTH,
	TPDU_BAD_UDH };
enum tpdu_kind { TPDU_DELIVER, TPDU_STATUS_REPORT };

struct tpdu {
	enum tpdu_kind kind;
	uint16_t concat_ref;         /* 0, 1, 1 without concatenation */
	uint8_t concat_total, concat_seq;
	uint8_t dcs;
	struct span user_data;       /* without the UDH */
	struct span whole;           /* from the SMSC's length octet on, without what pads it */
};

/* `octets` begin with the length of the SMSC's address, as +CMGR, +CMGL and +CDS give them; of
 * what follows, at least `length` octets are there (the <length> of the +CMGR line). What stands
 * behind the end of the TPDU is padding, and ignored. */
enum tpdu_err tpdu_check(struct span octets, size_t length, struct tpdu *ret);
const char *tpdu_err_text(enum tpdu_err e);

#endif
