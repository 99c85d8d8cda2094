/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verbs.h - what the command line can ask for, a row a verb.  Room: api, private to it.
 * An answer may be long: a verb writes its first piece and, where there is more, says who goes on;
 * the next piece is asked for when the last one has left, so that memory holds one.
 * Ownership: an answer owns its octets and its state; answer_free().
 * Errors:    become the answer's last line, {"ok":false,…}.  Threads: the control's own. */
#ifndef SAFAR_API_VERBS_H
#define SAFAR_API_VERBS_H

#include <cjson/cJSON.h>

#include "api/control.h"
#include "api/json.h"

#define PAGE_ROWS 500
#define ANSWER_OCTETS (8u << 20) /* of one piece */

struct request {
	cJSON *json;
	int64_t uid; /* of the peer */
};
struct answer {
	struct buf out;
	/* Writes the next piece; ends by setting itself to NULL. */
	struct err (*more)(const struct control_context *ctx, struct answer *a);
	void *state;
	void (*free_state)(void *state);
	/* Not NULL: `more` is asked for once this says so; whoever makes it so calls ctx->nudge. */
	bool (*is_ready)(void *state);
};

/* Reads the request (and wipes `in`), runs its verb, writes the first piece. */
void verbs_answer(const struct control_context *ctx, struct buf *in, int64_t uid,
                  struct answer *ret);
/* The next piece; false when all has been said. */
bool verbs_more(const struct control_context *ctx, struct answer *a);
void answer_error(struct answer *a, const struct err *e);
void answer_free(struct answer *a);

/* ---- arguments */
/* A text; ERR_INPUT when it isn't there. */
struct err request_text(const struct request *r, const char *name, const char **ret);
/* Optional ones. */
const char *request_text_or(const struct request *r, const char *name, const char *otherwise);
bool request_is(const struct request *r, const char *name);
int64_t request_int_or(const struct request *r, const char *name, int64_t otherwise);

/* ---- the verbs */
typedef struct err verb_fn(const struct control_context *, const struct request *,
                           struct answer *);
verb_fn verb_broadcast, verb_campaign_count; /* broadcast_verbs.c */
verb_fn verb_campaign, verb_halt;            /* campaign_verbs.c */
verb_fn verb_outbox, verb_inbox;             /* list_verbs.c */
verb_fn verb_ussd;                           /* ussd_verb.c */
verb_fn verb_source_word, verb_sources;      /* drive_verbs.c */
verb_fn verb_calls, verb_calls_done, verb_gaps; /* wish_verbs.c */
verb_fn verb_contacts_import, verb_contacts_list, verb_contacts_count, verb_contacts_show,
	verb_contacts_forget; /* contact_verbs.c */
verb_fn verb_contacts_tag, verb_segment_save, verb_segment_drop, verb_segment_list; /* segment_verbs.c */
verb_fn verb_phone_text, verb_phone_call, verb_phone_wait, verb_phone_leave, verb_phone_dial,
	verb_phone_type; /* phone_verbs.c */

/* ---- campaign_show.c: actions of verb_campaign() */
struct preview_of;
struct err campaign_show(const struct control_context *ctx, const struct request *r,
                         struct answer *a);
struct err campaign_list(const struct control_context *ctx, struct answer *a);
struct err campaign_preview(const struct control_context *ctx, const struct request *r,
                            const struct preview_of *of, struct answer *a);

#endif
