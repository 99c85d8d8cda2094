/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what loopback.c (the link, and what goes to a phone), said.c (what a phone says)
 * and dials.c (what it dials) share.  Room: link.  Threads: the loop's. */
#ifndef SAFAR_LINK_LOOPBACK_INSIDE_H
#define SAFAR_LINK_LOOPBACK_INSIDE_H

#include "link/link.h"

struct loopback;

struct phone {
	struct loopback *link;
	bool is_on;
	struct msisdn number;
	uint8_t id[HANDSET_ID_SIZE];
	int64_t heard_ms;
	struct errand *waits;    /* it asks what came */
	int64_t wait_until_ms;
	unsigned works, sends;   /* changes under way, and texts and calls of them */
	bool claiming;           /* one of them may claim */
	int64_t not_before_ms;   /* for the next claim, after one that couldn't be rendered */

	/* the part on the air: `submitting` in the store */
	bool on_air, is_told, is_settling; /* told: it is at the phone; settling: what came of it, too */
	int64_t delivery;
	unsigned seq, of;
	uint16_t ref;
	bool flash;
	struct rendered part;
};

struct loopback {
	struct hub *hub;
	struct link_settings set;
	int64_t sim;             /* 0: not known yet */
	bool sim_asked;
	struct errand *held, **held_end; /* asked before that; held_end NULL: none */
	uint8_t tp_mr;
	struct timer turn;       /* runs while there is a phone, or a change under way */
	unsigned works;
	bool finishing;
	int64_t finish_ms;
	enum err_code complained_of;
	int64_t complain_at_ms;
	struct ussd *menu;       /* what is shown to who dials; NULL: nobody has yet */
	bool menu_is_old;        /* the settings have changed since */
	unsigned dials;          /* steps under way: they are answered by the menu */
	struct phone phones[PHONES_MAX];
};

/* A full disk fails every change, again and again: it is told once in a while. */
void loopback_complain(struct loopback *l, struct err e);
void loopback_wake_phone(struct phone *p);

/* ---- said.c */
/* Takes over the errand: what the phone sends is written down, then judged, then it is answered. */
void phone_says(struct phone *p, struct errand *d);

/* ---- dials.c */
/* Takes over the errand, which is answered by a page. */
void phone_dials(struct phone *p, struct errand *d);

#endif
