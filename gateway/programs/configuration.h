/* SPDX-License-Identifier: GPL-3.0-or-later */
/* configuration.h - `safard --check`.  Room: programs.  Threads: no state. */
#ifndef SAFAR_PROGRAMS_CONFIGURATION_H
#define SAFAR_PROGRAMS_CONFIGURATION_H

/* Tells every fault of the configuration and of what it names, each on a line of its own on standard
 * error. The exit code. */
int configuration_check(const char *path);

#endif
