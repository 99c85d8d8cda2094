/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pdu.h - SMS PDUs as the network side sees them: reads SUBMIT, writes DELIVER and STATUS-REPORT.
 *
 * Standard:  3GPP TS 23.040 §9.2.2 (layouts), §9.2.3.24 (user data header), TS 23.038 §4 (TP-DCS),
 *            TS 27.005 §3.1 (the SMSC's address comes first, and the length leaves it out).
 * Ownership: callers own all memory; nothing is allocated.
 * Errors:    false, and *ret is untouched.
 * Threads:   no state.   Units: octets; text in UTF-16 units.
 */
#ifndef SIM_PDU_H
#define SIM_PDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define ADDRESS_MAX 24 /* 20 digits (an address has 10 octets at most), a plus, the end */
#define PDU_MAX 176    /* SMSC 12, the longest DELIVER 164 */
#define PART_UNITS 160
#define UD_OCTETS 140

enum alphabet { ALPHABET_GSM7, ALPHABET_8BIT, ALPHABET_UCS2 };

struct part { /* TS 23.040 §9.2.3.24.1 and .8; total 1 when there is no such element */
	unsigned ref, ref_bits, seq, total;
};

struct submit {
	char to[ADDRESS_MAX];
	uint8_t mr, pid, dcs;
	bool wants_report;      /* TP-SRR */
	bool rejects_doubles;   /* TP-RD */
	enum alphabet alphabet;
	int msg_class;          /* -1: none */
	int64_t validity_s;     /* -1: none told */
	struct part part;
	uint16_t units[PART_UNITS]; /* 8-bit data: one octet a unit */
	size_t units_n;
};

struct deliver {
	char from[ADDRESS_MAX];
	time_t sent;
	enum alphabet alphabet;     /* GSM7 or UCS2 */
	struct part part;
	uint8_t septets[PART_UNITS]; /* GSM7 */
	uint16_t units[70];          /* UCS2 */
	size_t n;                    /* of whichever */
};

struct report {
	uint8_t mr, status; /* TP-ST */
	char to[ADDRESS_MAX];
	time_t sent, done;
};

const char *alphabet_name(enum alphabet a);

/* A number as one writes it: digits get a plus from 7 digits on (shorter ones are short codes);
 * spaces and dashes go. False when it is no number. */
bool address_normal(const char *s, char ret[static ADDRESS_MAX]);

/* `tpdu` starts after the SMSC's address. */
bool submit_read(const uint8_t *tpdu, size_t n, struct submit *ret);

/* With the SMSC's address before it; returns the whole length. */
size_t deliver_write(const struct deliver *d, const char *smsc, uint8_t out[static PDU_MAX]);
size_t report_write(const struct report *r, const char *smsc, uint8_t out[static PDU_MAX]);

#endif
