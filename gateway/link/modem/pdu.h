/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdu.h - short messages to and from PDUs, by libGammu's codec.
 * Room:      link/modem (the child; includes base/ and text/).
 * Standard:  3GPP TS 23.040 §9.2.2 (layout), §9.2.3.24.1 and .8 (concatenation), TS 23.038 (alphabets).
 * Ownership: a struct pdu is the caller's; pdu_wipe() clears it, for it holds a person's number
 *            and text.
 * Errors:    false; results are then of no use.
 * Threads:   libGammu's codec keeps static buffers: one thread only. */
#ifndef SAFAR_LINK_MODEM_PDU_H
#define SAFAR_LINK_MODEM_PDU_H

#include <stdbool.h>
#include <stdint.h>

#include "text/alphabet.h"

#define PDU_OCTETS_MAX 200u /* an SMSC's address (12) and a TPDU (164), and some air */
#define PDU_HASH_SIZE 32u
#define PDU_ADDRESS_MAX 48u /* libGammu's own limit is 40 */

/* A number, "+" first when it is international, or a name; a struct, so that it can't be printed. */
struct pdu_address {
	char text_[PDU_ADDRESS_MAX];
};

enum pdu_kind { PDU_MO, PDU_REPORT, PDU_UNREADABLE };

struct pdu {
	enum pdu_kind kind;
	uint8_t hash[PDU_HASH_SIZE]; /* BLAKE2b of the PDU: always there */
	struct pdu_address address;  /* sender of an MO, recipient of a report */
	int64_t at_ms;               /* SMSC's time of an MO, discharge time of a report; 0: unknown */
	uint16_t ref;                /* MO: 0, 1, 1 without concatenation */
	uint8_t total, seq;
	char text_[4 * 160 + 1];     /* MO: UTF-8; empty when it is data, not text */
	size_t text_n;
	uint8_t tp_mr, status;       /* report */
};

/* `hex` as +CMGR, +CMGL, +CDS and +CMT give it, `length` what the line before it says. */
void pdu_read(struct span hex, size_t length, struct pdu *ret);
void pdu_wipe(struct pdu *p);

struct pdu_part {
	struct pdu_address number;
	uint8_t seq, total;
	uint16_t ref;       /* 8-bit concatenation up to 255, else 16-bit */
	enum alphabet alphabet;
	uint8_t validity;   /* TP-VP, relative */
	int32_t class_;     /* -1: none */
	struct span text;   /* UTF-8 */
};

/* The SMS-SUBMIT, a status report asked for and the SIM's own SMSC, in hex; *ret_length is the
 * length for AT+CMGS. False: the part doesn't fit, or has a character that the alphabet lacks. */
bool pdu_write(const struct pdu_part *part, char ret_hex[2 * PDU_OCTETS_MAX + 1], size_t *ret_length);

#endif
