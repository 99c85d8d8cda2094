/* SPDX-License-Identifier: GPL-3.0-or-later */
/* where.h - where what is said lies, for verbs that read it themselves and need no daemon.
 * Room:      programs, private to safar.
 * Order:     the configuration that was given with -c; else the default one, where it exists; else
 *            the installed data folder; else a clone's own messages/ and locales/, beside or above
 *            the folder that the program was built in.
 * Ownership: where_free() ends what where_content() gave.
 * Errors:    a configuration that is there and can't be used is an error and never passed over:
 *            another folder than the daemon's would be checked, or written to, unnoticed.
 * Threads:   one. */
#ifndef SAFAR_PROGRAMS_WHERE_H
#define SAFAR_PROGRAMS_WHERE_H

#include "base/err.h"
#include "base/settings.h"

#define DEFAULT_CONFIG "/etc/safar/safar.conf"
#define FOLDER_LIMIT 4096

struct where {
	struct settings *settings; /* NULL: there is no configuration */
	const char *allow_draft;   /* of it; "" without one */
	char messages[FOLDER_LIMIT], locales[FOLDER_LIMIT];
};

/* `config` is the value of -c, or NULL. */
struct err where_content(const char *config, struct where *ret);
void where_free(struct where *w);

#endif
