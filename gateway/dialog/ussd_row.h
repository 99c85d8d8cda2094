/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd_row.h - what is remembered of an open session.  Room: dialog, private to it.
 * Ownership: plain values; a place's topics are the content's.
 * Errors:    false for octets of another form: the session is forgotten then.  Threads: no state. */
#ifndef SAFAR_DIALOG_USSD_ROW_H
#define SAFAR_DIALOG_USSD_ROW_H

#include "dialog/ussd_inside.h"

struct ussd_session {
	struct ussd_state state;
	struct ussd_sequence sequence;
	bool is_ended;  /* its last page said so: nothing is offered again */
	bool was_sent;  /* one SMS a session */
	int64_t began_ms, at_ms; /* of the first page and of the last */
	char caller[USSD_CALLER_MAX + 1];
};

#define SESSION_OCTETS 169
void session_write(const struct ussd_session *s, uint8_t ret[SESSION_OCTETS]);
bool session_read(struct span octets, const struct content *content, struct ussd_session *ret);

#endif
