/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render.h - from a claim to what goes on the air: number, alphabet and one part of the text.
 * Room: link.  A delivery stores no text: it names a content revision, a key and arguments, and is
 * rendered here, when it is claimed; so a reload in the midst of a campaign changes nothing.
 * Threads: the loop's.  Ownership: the caller wipes what it is given (rendered_wipe()). */
#ifndef SAFAR_LINK_RENDER_H
#define SAFAR_LINK_RENDER_H

#include "content/content.h"
#include "store/delivery.h"
#include "text/msisdn.h"

struct renderer;

struct rendered {
	struct msisdn number;
	struct buf part;        /* UTF-8 of this part */
	enum alphabet alphabet;
};

struct err renderer_new(struct store *st, struct vault *v, struct renderer **ret);
void renderer_free(struct renderer *r);
/* ERR_ABSENT and ERR_DATA are final for the delivery (key or text gone); ERR_LOCKED and others
 * may pass. */
struct err render_claim(struct renderer *r, const struct claim *c, struct rendered *ret);
void rendered_wipe(struct rendered *r);

#endif
