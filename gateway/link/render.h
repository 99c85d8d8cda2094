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
	unsigned units;         /* of this part */
};

struct err renderer_new(struct store *st, struct vault *v, struct renderer **ret);
void renderer_free(struct renderer *r);
/* An error may pass, or be final for the delivery (key or text gone): see render_gives_up(). */
struct err render_claim(struct renderer *r, const struct claim *c, struct rendered *ret);
/* True for a final one, with the reason that staff see. */
bool render_gives_up(struct err e, enum reason *ret);
void rendered_wipe(struct rendered *r);

#endif
