/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crash.h - named points at which a test may kill the process (SAFAR_CRASH_AT=name[:nth]).
 * Room: base.  Nothing is compiled in unless configured with --enable-crash-points. */
#ifndef SAFAR_BASE_CRASH_H
#define SAFAR_BASE_CRASH_H

#ifdef HAVE_CONFIG_H
#include <config.h>
#endif

#ifdef SAFAR_CRASH_POINTS
void crash_point(const char *name); /* SIGKILL to itself when it is the nth time at that name */
#else
static inline void crash_point(const char *name) { (void)name; }
#endif

#endif
