/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.h - the socket that tests talk to: a line in, a JSON object on a line out.
 *
 * Ownership: a struct control owns its descriptors and the socket's name.
 * Errors:    control_open() returns NULL with errno set. A client that sends a line over
 *            COMMAND_MAX octets is told so and closed; the client beyond CONTROL_CLIENTS, too.
 * Threads:   none.
 */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include <poll.h>

#include "world.h"

#define CONTROL_CLIENTS 64

struct control *control_open(const char *path);
void control_close(struct control *c);

/* Fills 1 + CONTROL_CLIENTS entries; control_serve() gets the same ones back after poll(). */
size_t control_fds(struct control *c, struct pollfd *fds);
void control_serve(struct world *w, const struct pollfd *fds);

/* A message arrived at a phone: somebody may wait for it. */
void control_arrived(struct world *w);

/* Ends waits; returns when the next one's time is up, or NEVER. */
int64_t control_tick(struct world *w);

#endif
