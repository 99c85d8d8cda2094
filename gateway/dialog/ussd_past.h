/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd_past.h - what a USSD session has in common with the SMS dialog: the person's language, and the
 * text that is sent.  Room: dialog, private to it.
 * Threads:   the store's writer, inside its transaction.  Units: ms since 1970. */
#ifndef SAFAR_DIALOG_USSD_PAST_H
#define SAFAR_DIALOG_USSD_PAST_H

#include "dialog/dialog.h"
#include "dialog/ussd_pages.h"

/* The language that this caller is known to speak; LANGUAGE_UNKNOWN: none. */
struct err ussd_past_language(struct txn *tx, struct dialog *d, const char *caller, int64_t now_ms,
                              enum language *ret);
/* What there is to say at this place, as an answer by that SIM (0: any); within the limit of answers
 * an hour. */
struct err ussd_past_send(struct txn *tx, struct dialog *d, int64_t sim, const char *caller,
                          const struct ussd_place *p, const char *country, int64_t now_ms);

#endif
