/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_inside.h - what the verbs about contacts and segments share.  Room: api, private to them. */
#ifndef SAFAR_API_CONTACT_INSIDE_H
#define SAFAR_API_CONTACT_INSIDE_H

#include "api/verbs.h"
#include "campaign/segment.h"

/* The filter of a request: "segment" names a saved one, "filter" is one, without both everybody. */
struct err contact_filter_of(const struct control_context *ctx, const struct request *r,
                             struct segment *ret);
/* "people":N, and "willing":M, those who agreed and aren't quiet; what may point at somebody is null,
 * with "fewer_than". */
struct err contact_put_counts(const struct control_context *ctx, const struct segment *s,
                              struct buf *out);
void contact_put_people(struct buf *b, const char *name, int64_t n);

#endif
