/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h - errors in words, of modems that don't take AT+CMEE=1.  Room: link/modem (the child).
 * Standard: 3GPP TS 27.005 §3.2.5 (with TS 24.011's causes), TS 27.007 §9.2.  Threads: no state. */
#ifndef SAFAR_LINK_MODEM_WORDS_H
#define SAFAR_LINK_MODEM_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* The code of a +CMS ERROR's text (or a +CME ERROR's); -1: it is in no table. */
int32_t words_code(struct span text, bool is_cms);

#endif
