/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone.h - a phone number out of a list that people keep: what they and spreadsheets make of it.
 * Room:      text (libphonenumber by phone.cc; linked into `safar` and tests, not into the daemon).
 * Standard:  E.164, and each country's numbering plan as libphonenumber has it.
 * Ownership: a value; nothing is kept of what was read.
 * Errors:    enum phone_err; *ret and *ret_country are untouched then.
 * Threads:   one: libphonenumber is loaded at the first call. */
#ifndef SAFAR_TEXT_PHONE_H
#define SAFAR_TEXT_PHONE_H

#ifdef __cplusplus
extern "C" {
#endif

#include "base/buf.h"
#include "text/msisdn.h"

/* what is wrong, for who keeps the list */
#define PHONE_ERRS(X) \
	X(OK, "") \
	X(EMPTY, "no phone number") \
	X(EXPONENT, "a spreadsheet cut the number (7.7E+10): make the column text, type it again") \
	X(TWO, "two numbers in one cell: give each a row") \
	X(BAD_CHARACTER, "the phone number has a character that numbers don't have") \
	X(SHORT, "the phone number is too short") \
	X(LONG, "the phone number is too long") \
	X(NO_COUNTRY, "the phone number has no country code") \
	X(UNKNOWN, "no country has such a number") \
	X(LANDLINE, "a number that can't get texts: a landline or a service")
#define X(id, text) PHONE_##id,
enum phone_err { PHONE_ERRS(X) PHONE_ERR_COUNT };
#undef X
const char *phone_err_text(enum phone_err e);

/* +7 701 …, 8 701 …, 8 (701) …, 00998 …, 998901…, ="87010000000", '8701…, 87010000000.0, with spaces
 * and dashes of any kind. `country` ("KZ") is whose a number without a country code is; Kazakhstan and
 * Russia share +7 and are told apart by what follows. *ret_country: "KZ". */
enum phone_err phone_parse(struct span utf8, const char *country, struct msisdn *ret,
                           char ret_country[3]);
/* Its two halves: what is written there, which is cheap, and whether there is such a number. */
enum phone_err phone_read(struct span utf8, const char *country, struct msisdn *ret);
enum phone_err phone_verify(const struct msisdn *m, char ret_country[3]);
bool phone_is_country(const char *country); /* "KZ": one that has numbers */

#ifdef __cplusplus
}
#endif

#endif
