/* SPDX-License-Identifier: GPL-3.0-or-later */
/* err.h - an error is a value: its class, doing what, to whom, what to do next.  Room: base.
 * Ownership: a struct err is copied freely; `doing` and `next` are literals.
 * Errors:    never names a person: `whom` is a modem, a file and line, a setting.
 * Threads:   no state. */
#ifndef SAFAR_BASE_ERR_H
#define SAFAR_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* class, word for programs, exit code of the command line */
#define ERR_CODES(X) \
	X(OK, "ok", 0) \
	X(INPUT, "bad_input", 2)          /* what was given is wrong: nothing changed */ \
	X(CONFIG, "bad_configuration", 2) /* file:line is in whom */ \
	X(REFUSED, "refused", 3)          /* a rule forbids it (hours, STOP, consent) */ \
	X(LOCKED, "locked", 4)            /* the people keys are not open */ \
	X(ABSENT, "not_found", 5)         /* no such row, file, link */ \
	X(BUSY, "busy", 6)                /* a limit is reached, or a lock is held */ \
	X(TIMEOUT, "timeout", 7)          /* a deadline passed */ \
	X(FULL, "disk_full", 8)           /* no room to write */ \
	X(IO, "io", 9)                    /* the system or a device refused */ \
	X(DATA, "corrupt", 10)            /* what was read back is not what was written */ \
	X(MEMORY, "no_memory", 11)

#define X(id, word, exit_code) ERR_##id,
enum err_code { ERR_CODES(X) ERR_CODE_COUNT };
#undef X

#define ERR_WHOM_LIMIT 160

struct err {
	enum err_code code; /* ERR_OK is 0 */
	int os;             /* errno, or 0 */
	const char *doing;  /* literal: "register on the network" */
	const char *next;   /* literal: "check the SIM"; may be NULL */
	char whom[ERR_WHOM_LIMIT]; /* "modem beeline-2", "kk.json:41"; cut, never over-run */
};

#define ERR_NONE_VALUE ((struct err){ .code = ERR_OK })

/* Makes an error; `whom` is a printf format and may be NULL. */
struct err err_make(enum err_code code, const char *doing, const char *next, const char *whom, ...)
	__attribute__((format(printf, 4, 5)));
/* The same with errno's value; ENOSPC and EDQUOT become ERR_FULL. */
struct err err_os(int os, const char *doing, const char *next, const char *whom, ...)
	__attribute__((format(printf, 4, 5)));

static inline bool err_is(struct err e) { return e.code != ERR_OK; }

const char *err_word(enum err_code code);
int err_exit_code(enum err_code code);
/* One line: "cannot DOING WHOM: OS; NEXT". Written into buf, cut to size; returns buf. */
const char *err_text(const struct err *e, char *buf, size_t size);

#endif
