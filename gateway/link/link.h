/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.h - one way to the phone network, as links.c runs it: a struct of functions a kind.
 * Room:      link.
 * Ownership: `free` only when is_idle(), or after the loop has ended.
 * Threads:   the loop's. */
#ifndef SAFAR_LINK_LINK_H
#define SAFAR_LINK_LINK_H

#include "base/errand.h"
#include "link/links.h"
#include "link/work.h"

struct link_kind {
	const char *word; /* of the setting `type` */
	struct err (*make)(struct hub *hub, const struct link_settings *s, void **ret);
	struct err (*apply)(void *link, const struct link_settings *s); /* they changed */
	void (*wake)(void *link);   /* something is queued */
	void (*tick)(void *link);   /* once a second */
	/* Answers the errand, now or later: a handset where it carries one, else a USSD code. */
	void (*ask)(void *link, struct errand *d);
	void (*finish)(void *link); /* what is on the air, and nothing new */
	bool (*is_idle)(const void *link); /* hub->changed() is called when it becomes so */
	void (*state)(const void *link, struct link_state *ret); /* all but type */
	void (*free)(void *link);
};

extern const struct link_kind modem_kind, loopback_kind, ussd_kind;

#endif
