/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings.h - the configuration file: INI, one table of settings, errors with file and line.
 * Room:      base.
 * Ownership: settings_read() gives a whole new struct settings; settings_free() ends it. A PIN is
 *            wiped when freed and is never part of an error or a log line.
 * Errors:    every fault of the file is found in one run each with "file:line";
 *            an unknown key names the nearest known one. On error nothing is returned.
 * Threads:   no state.  Units: in the names. */
#ifndef SAFAR_BASE_SETTINGS_H
#define SAFAR_BASE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define LINKS_MAX 64
#define LINK_NAME_MAX 32 /* with its NUL; [a-z0-9-] */

enum link_type { LINK_MODEM, LINK_LOOPBACK, LINK_USSD };

struct link_settings {
	char name[LINK_NAME_MAX];
	enum link_type type;
	char *device;     /* "/dev/serial/by-id/…" */
	char *connection; /* gammu's name: "at", "at115200", … */
	char *pin;        /* NULL: none; digits, 4 to 8 */
	char *operator_;  /* "beeline", or "" */
	int64_t price;    /* of one part, in hundredths of the node's currency */
	int64_t daily_cap; /* parts a day, 0: none */
	int64_t answers_reserve; /* per cent of it that campaigns leave to answers */
	bool fast;        /* pace = fast (default) or safe: libGammu's own pauses stay */
	int64_t poll_s;   /* how often the SIM's storage is read without having been told, 2-3600 */
	char *imei;       /* of the modem to look for: 15 digits, or "" */
	char *record;     /* a file for the AT dialogue, people's part of it blacked out; or "" */
	char *reset_hook; /* a program for a modem that nothing else brings back, or "" */
	char balance[64]; /* the USSD code that asks for the SIM's balance, or "" */
	int64_t balance_every_h; /* how often, 1-168 */
	/* ussd */
	char *dialect;    /* "infobip" */
	char secret[129]; /* or "" */
	char allow[161];  /* addresses and networks, or "" */
	char code[64];    /* "*123#", or "" */
	char country[3];  /* "KZ", or "" */
	bool gsm7_only, any_field;
	int64_t page_gsm7, page_ucs2; /* characters */
	int line;         /* of its section, for later errors */
};

struct settings {
	char *path; /* of the file */
	char *node_name;
	char *node_data;    /* the data folder */
	char *node_zone;    /* "Asia/Almaty" */
	char *node_staff;   /* a group of this computer's users, or "" */
	int64_t node_number;/* 0 to 255: part of every id */
	int64_t partial_after_min; /* a message waits that long for its next part, 1-1440 */
	int64_t month_ceiling;     /* of what campaigns may cost, in hundredths; 0: none */
	int64_t answers_per_hour;  /* to one number, 1-60 */
	int64_t answers_per_hour_all; /* to everybody, 1-100000 */
	char *store_url;    /* "sqlite:PATH" */
	char *keys_file;    /* of the people ring; "" : opened by a passphrase */
	char *content_messages, *content_locales; /* folders */
	char *content_allow_draft; /* "ky,tg": languages whose drafts may be answered with; or "" */
	char *http_listen;  /* "127.0.0.1:8080" */
	char *http_certificate, *http_key; /* PEM files, or "" */
	char *http_proxy;   /* an address, or "" */
	int64_t http_threads, http_connections, http_timeout_s;
	struct link_settings *links;
	size_t link_count;
};

/* Reads and checks. `report` is called for each fault (may be NULL); the first one is returned. */
struct err settings_read(const char *path, void (*report)(const struct err *, void *), void *arg,
                         struct settings **ret);
/* The same from memory; `path` is for errors and relative paths. */
struct err settings_read_text(const char *path, struct span text,
                              void (*report)(const struct err *, void *), void *arg,
                              struct settings **ret);
void settings_free(struct settings *s);
/* A copy whose strings are the caller's own; false: no memory. */
bool link_settings_copy(const struct link_settings *from, struct link_settings *ret);
void link_settings_free(struct link_settings *s); /* what it holds, not itself */
/* True when a modem's process that was started with `a` does for `b` as well. */
bool link_settings_same_modem(const struct link_settings *a, const struct link_settings *b);
/* The table of settings as text for --help: section, key, type, range, default, help. */
void settings_help(void (*line)(const char *, void *), void *arg);

#endif
