/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone.h - the simulated phones: what arrived at each, whole again.
 *
 * Standard:  3GPP TS 23.040 §9.2.3.24.1 (parts belong together by sender, reference and total).
 *            A part that came already, with the same text, is a copy: it is counted and shown to
 *            nobody. That holds for a message that is complete, too, as long as it is one of the
 *            last RECENT in parts on that phone and younger than COPY_WINDOW_MS: references wrap.
 *            A whole message without parts has no reference, so sending it twice shows it twice.
 * Ownership: `struct phones` owns all; pointers into it live until phones_close().
 * Errors:    phones_get() returns NULL when PHONES_MAX phones exist.
 * Threads:   none.   Units: text in UTF-16 units, UTF-8 when it is whole.
 */
#ifndef SIM_PHONE_H
#define SIM_PHONE_H

#include "pdu.h"
#include "world.h"

#define PHONES_MAX 100000
#define RECENT 8
#define COPY_WINDOW_MS 600000

enum phone_state { PHONE_ON, PHONE_OFF, PHONE_GONE };

struct message {
	struct message *next;
	unsigned modem;
	char from[ADDRESS_MAX];
	int msg_class;
	enum alphabet alphabet;
	int64_t ms;
	unsigned copies;
	struct part part; /* of the part that came first; seq is of no use */
	unsigned got;
	struct piece { uint16_t *units; size_t n; } *pieces; /* part.total of them */
	char *text;       /* UTF-8, when complete */
};

struct held { /* waits for a phone that is off */
	struct held *next;
	struct submit submit;
	unsigned modem;
	uint8_t mr;
	int64_t since_ms;
	time_t sent;
};

struct phone {
	char number[ADDRESS_MAX];
	enum phone_state state;
	int barred; /* +CMS ERROR code, or 0 */
	struct message *first, *last; /* complete ones, in the order of completion */
	struct message *open;         /* incomplete ones, newest first */
	struct message *recent[RECENT];
	unsigned recent_at;
	size_t complete, parts;
	struct held *held_first, *held_last;
	size_t held;
};

struct phones *phones_open(void);
void phones_close(struct phones *p);

struct phone *phones_find(struct phones *p, const char *number); /* NULL: never heard of */
struct phone *phones_get(struct phones *p, const char *number);  /* made if new */
struct phone *phones_at(struct phones *p, size_t i); /* in order of making; NULL at the end */

/* A part arrives. Returns the message that it completed, or NULL; *ret_copy is whether it came
 * before. */
struct message *phone_take(struct phone *ph, const struct submit *s, unsigned modem,
	const char *from, int64_t now_ms, bool *ret_copy);

/* The text as far as it came; a gap is written as U+2026. */
void message_text(const struct message *m, struct out *o);

#endif
