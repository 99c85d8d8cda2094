/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attached.h - the numbers that virtual phones of this node have right now.
 * Room:      link.
 * What staff start to one of them is its phone's: modems pass over it.
 * Ownership: attached_new() to attached_free(), which wipes them.
 * Threads:   any: the loop adds and removes, the store's writer reads. */
#ifndef SAFAR_LINK_LOOPBACK_ATTACHED_H
#define SAFAR_LINK_LOOPBACK_ATTACHED_H

#include "base/err.h"
#include "text/msisdn.h"

#define PHONES_MAX 8 /* each occupies a place at the control socket, of 16 */

struct attached;

struct err attached_new(struct attached **ret);
void attached_free(struct attached *a); /* NULL is fine */
/* ERR_BUSY: there are PHONES_MAX, or one has this number. */
struct err attached_add(struct attached *a, const struct msisdn *number);
void attached_remove(struct attached *a, const struct msisdn *number);
size_t attached_list(struct attached *a, struct msisdn ret[PHONES_MAX]);

#endif
