/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log.h - lines for staff on standard error, with syslog's <N> level prefix under systemd.
 * Room:    base.
 * Threads: any; one write(2) a line.
 * Nothing of a person is ever passed in: numbers and texts are structs, which don't print. */
#ifndef SAFAR_BASE_LOG_H
#define SAFAR_BASE_LOG_H

#include "base/err.h"

void log_start(const char *program); /* literal; decides about the prefix (JOURNAL_STREAM) */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_notice(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* with SAFAR_DEBUG set */
/* The error on one line; who handles an error logs it, once. */
void log_err(const struct err *e);

#endif
