/* SPDX-License-Identifier: GPL-3.0-or-later */
/* at.h - commands: octets of the tty become calls of one row in a table of commands each.
 *
 * Standard:  ITU-T V.250 §5.2 (the line), TS 27.007 §9.2 (+CME ERROR), TS 27.005 §3.2.5 (+CMS).
 * Ownership: an at_args lives as long as the call.
 * Errors:    an at_result: the modem's final result code.
 * Threads:   none.
 */
#ifndef SIM_AT_H
#define SIM_AT_H

#include "modem.h"

#define ARGS_MAX 10

enum at_op { AT_RUN, AT_READ, AT_TEST, AT_SET };
enum at_kind {
	AT_OK, AT_ERROR, AT_CME, AT_CMS, AT_NO_CARRIER,
	AT_LATER, /* whoever is busy says it */
};
struct at_result { enum at_kind kind; int code; };

enum {
	CME_NOT_ALLOWED = 3, CME_NOT_SUPPORTED = 4, CME_PIN_REQUIRED = 11, CME_PUK_REQUIRED = 12,
	CME_SIM_FAILURE = 13, CME_WRONG_PASSWORD = 16, CME_NO_NETWORK = 30, CME_PARAMETERS = 50,
	CMS_NOT_ALLOWED = 302, CMS_NOT_SUPPORTED = 303, CMS_BAD_PDU = 304, CMS_PIN_REQUIRED = 311,
	CMS_SIM_FAILURE = 313, CMS_PUK_REQUIRED = 316, CMS_BAD_INDEX = 321,
	CMS_FULL = 322, CMS_NO_SMSC = 330, CMS_NO_NETWORK = 331, CMS_NO_ACK_EXPECTED = 340,
};

struct at_args {
	int n;
	struct {
		char *s;
		bool quoted;
	} a[ARGS_MAX]; /* s is "" where nothing stands between commas */
};

enum { NEEDS_PIN = 1, HUAWEI = 2, IS_SMS = 4 /* errors are +CMS ERROR */ };

struct at_command {
	const char *name; /* "+CSQ" */
	unsigned flags;
	struct at_result (*run)(struct modem *m, enum at_op op, const struct at_args *args);
};

extern const struct at_command at_general[], at_sim[], at_sms[]; /* ended by a NULL name */

struct at_result at_ok(void), at_error(void), at_later(void), at_no_carrier(void);
struct at_result at_cme(int code), at_cms(int code);

/* Absent: *ret is untouched and it is fine. False: no number, or out of range. */
bool at_int(const struct at_args *args, int i, int min, int max, int *ret);
const char *at_str(const struct at_args *args, int i); /* "" when absent */

void at_octet(struct modem *m, char c);
void at_finish(struct modem *m, struct at_result r);
void at_run_line(struct modem *m);    /* what stands in m->line */
void at_run_message(struct modem *m); /* the same, entered behind the prompt */
void at_hang_up(struct modem *m); /* ATH, +CHUP */

/* The PDU is there (at_sms.c). */
struct at_result at_pdu_entered(struct modem *m);
void at_air_ended(struct modem *m);

#endif
