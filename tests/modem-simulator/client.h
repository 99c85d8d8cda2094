/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.h - the other end of control.h: `modem-simulator --dir DIR --tell COMMAND ARGS…`.
 *
 * Errors:  the answer goes to stdout and 0 comes back; an error's text goes to stderr, and 1.
 * Threads: none.
 */
#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

int client_tell(const char *dir, int words_n, char *const *words);

#endif
