/* SPDX-License-Identifier: GPL-3.0-or-later */
/* balance.h - the figure in an operator's answer.  Room: link.
 * Operators word their answers as they like, so the rule is of figures alone: the first number counts.
 * One or two digits behind a '.' or ',' are decimals; three are thousands, and so are three behind a
 * blank ("1 234,56", "1.234,56" and "1,234.56" are the same). A '-' right before makes it less than
 * nothing.
 * Threads:   no state.  Units: hundredths. */
#ifndef SAFAR_LINK_BALANCE_H
#define SAFAR_LINK_BALANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define BALANCE_DIGITS_MAX 12u /* more is no money */

/* False, and *ret untouched: there is no number, or it is too long. */
bool balance_find(struct span text, int64_t *ret);

#endif
