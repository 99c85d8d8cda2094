/* SPDX-License-Identifier: GPL-3.0-or-later */
/* banned.h - functions that have a safe sister here don't compile.  Room: base.
 * Include it last: system headers must be read before the names are poisoned. */
#ifndef SAFAR_BASE_BANNED_H
#define SAFAR_BASE_BANNED_H

#pragma GCC poison sprintf vsprintf strcpy strncpy strcat strncat strtok gets
#pragma GCC poison atoi atol atoll strtol strtoul strtoll strtoull localtime gmtime ctime asctime

#endif
