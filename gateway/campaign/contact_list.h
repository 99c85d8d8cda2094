/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_list.h - a list of people as a file, read row by row.
 * Room:      campaign (libsodium for a keyed hash; libphonenumber, so linked into `safar` only).
 * Format:    CSV (campaign/csv.h) in an encoding of text/encoding.h; comma, semicolon, tab or bar
 *            between, found by itself; a header line names the columns in English, Russian or Kazakh
 *            (contact_words.c has the names), in any order; what isn't named there is passed over.
 *            A first line "sep=;" is passed over, lines may end with \r alone.
 * Memory:    a window of the file and twelve octets a number, for doubles: nothing else is kept.
 * Ownership: contact_list_close(); a row is the caller's, contact_row_wipe() clears its number.
 * Errors:    a bad row is told with its line and why, and the next one follows; ERR_INPUT for a file
 *            that can't be read as a whole. No error holds anything out of the file.
 * Threads:   one.  Units: ms since 1970 UTC. */
#ifndef SAFAR_CAMPAIGN_CONTACT_LIST_H
#define SAFAR_CAMPAIGN_CONTACT_LIST_H

#include "content/content.h"
#include "store/contacts.h"
#include "text/encoding.h"
#include "text/msisdn.h"

#define CONTACT_ROWS_MAX 20000000u
#define TAGS_LIMIT 256u

struct contact_row {
	unsigned line;
	struct msisdn number;
	struct contact_facts facts;
	char tags[TAGS_LIMIT];   /* parted by one blank */
	bool has_consent;        /* a row without stands for somebody that no campaign may write to */
	struct consent consent;
	bool is_place_unknown;   /* a place was named that we don't know */
};

struct contact_list_options {
	const char *country;     /* whose a number without a country code is: "KZ" */
	const char *language;    /* of rows that name none: a tag, or "" */
	const char *tags;        /* for every row, parted by blanks or commas; or "" */
	struct consent consent;  /* what the file doesn't say itself; at_ms 0 and "" : nothing */
	const struct content *content; /* for places and operators */
	int64_t now_ms;          /* no consent is later */
};

struct contact_list;
struct err contact_list_open(const char *path, const struct contact_list_options *o,
                             struct contact_list **ret);
enum encoding contact_list_encoding(const struct contact_list *l);
/* Columns with a name that is passed over, as "2, 5": what they are called may be a person. */
void contact_list_passed_over(const struct contact_list *l, struct buf *ret);
char contact_list_separator(const struct contact_list *l);
/* ROW: *ret; REJECTED: *ret_reason, which lives until the next call, and ret->line. */
enum contact_list_step { CONTACT_LIST_ROW, CONTACT_LIST_REJECTED, CONTACT_LIST_END };
struct err contact_list_next(struct contact_list *l, struct contact_row *ret,
                             enum contact_list_step *ret_step, const char **ret_reason);
/* From the first row again; ERR_BUSY where the file was changed meanwhile. */
struct err contact_list_rewind(struct contact_list *l);
void contact_list_close(struct contact_list *l);
void contact_row_wipe(struct contact_row *r);

/* ---- between `safar` and the daemon: a line a row, fields parted by tabs */
#define CONTACT_BATCH_ROWS 4000u
#define CONTACT_BATCH_OCTETS (8u << 20)
void contact_row_write(const struct contact_row *r, struct buf *ret);
/* Takes the first row off *rest; false at the end, or, with *ret_bad set, where this is none. */
bool contact_row_take(struct span *rest, struct contact_row *ret, bool *ret_bad);

/* "2026-05-12", "12.05.2026", with a time behind or without. */
enum contact_date { CONTACT_DATE_OK, CONTACT_DATE_BAD, CONTACT_DATE_NUMBER, CONTACT_DATE_UNCLEAR };
enum contact_date contact_date_parse(struct span text, int64_t *ret_ms);
/* Letters, digits, '-' and '_' of any script, 32 octets at most; A-Z become small. */
bool contact_tag_clean(struct span text, char ret[TAG_LIMIT]);

#endif
