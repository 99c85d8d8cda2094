/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gate.h - operators' call-backs at /ussd/NAME: who may ask, what is asked, and the page that answers.
 * Room:      link/ussd.
 * A link is let in while it is configured; what is under way ends with the link that it began with.
 * Ownership: gate_open() copies the settings. Links are counted; gate_free() after the HTTP server has
 *            stopped and the store's writer has answered all.
 * Errors:    a fault of the caller's is a 4xx with a line of text that holds nothing of the request.
 * Threads:   gate_take() in the HTTP server's; the rest in any. */
#ifndef SAFAR_LINK_USSD_GATE_H
#define SAFAR_LINK_USSD_GATE_H

#include "base/settings.h"
#include "dialog/dialog.h"
#include "http/server.h"
#include "store/store.h"

struct gate;

struct err gate_new(struct store *st, struct dialog *d, struct gate **ret);
void gate_free(struct gate *g);
/* Lets a link in, or in anew with other settings. */
struct err gate_open(struct gate *g, const struct link_settings *s, bool may_send);
void gate_close(struct gate *g, const char *name);
/* For the route "/ussd/". */
void gate_take(struct http_exchange *x, void *gate);

struct gate_counts {
	uint64_t pages, refused, failed; /* since the start */
};
bool gate_counts(struct gate *g, const char *name, struct gate_counts *ret); /* false: no such link */
/* What is wrong with a link's settings beyond what their table says; for --check. */
struct err gate_check(const struct link_settings *s);

#endif
