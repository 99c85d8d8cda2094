/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msisdn.h - a person's phone number.  Room: text.  Standard: E.164.
 * Ownership: a value; msisdn_wipe() clears it. It is a struct so that it can't be printed.
 * Threads:   no state. */
#ifndef SAFAR_TEXT_MSISDN_H
#define SAFAR_TEXT_MSISDN_H

#include <stdbool.h>

#include "base/buf.h"

#define MSISDN_DIGITS_MAX 15
#define MSISDN_TAIL 9

struct msisdn {
	char digits_[MSISDN_DIGITS_MAX + 1]; /* country code first, without '+'; "" : none */
};

enum msisdn_err { MSISDN_OK, MSISDN_EMPTY, MSISDN_BAD_CHARACTER, MSISDN_SHORT, MSISDN_LONG,
	MSISDN_NO_COUNTRY };

/* As people write it: +7 701 000-00-00, 8 (701) …, 00998 …, 998901…, 7010000000 (Kazakhstan). A
 * number of fewer than 9 digits is MSISDN_SHORT: a service code is nobody to write to. Other ten
 * digits without '+' are MSISDN_NO_COUNTRY: 916… is a Russian's number, not one of India. */
enum msisdn_err msisdn_parse(struct span text, struct msisdn *ret);
/* As a modem gives it: international or not; short codes and names are no MSISDN (false). */
bool msisdn_from_network(struct span digits, bool international, struct msisdn *ret);
const char *msisdn_err_text(enum msisdn_err e); /* "has a letter in it" */
bool msisdn_equal(const struct msisdn *a, const struct msisdn *b);
struct span msisdn_span(const struct msisdn *m);      /* all digits */
struct span msisdn_tail_span(const struct msisdn *m); /* the last nine */
/* For contacts: "+7 … 45", country and last two digits; help-seekers are never shown. */
void msisdn_masked(const struct msisdn *m, char ret[24]);
/* Of a number with its country code, without '+': "KZ". NULL: none of those that people here have. */
const char *country_of_digits(struct span digits);
void msisdn_wipe(struct msisdn *m);

#endif
