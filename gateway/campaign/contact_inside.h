/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_inside.h - a list that is being read: contact_list.c reads records, contact_cells.c what
 * stands in them.  Room: campaign, private to the two. */
#ifndef SAFAR_CAMPAIGN_CONTACT_INSIDE_H
#define SAFAR_CAMPAIGN_CONTACT_INSIDE_H

#include <sodium.h>
#include <sys/stat.h>

#include "campaign/contact_list.h"
#include "campaign/contact_words.h"
#include "campaign/csv.h"

#define PIECE_OCTETS 65536u
#define COUNTRIES_MAX 255u
#define CELL_OCTETS 1100u /* of the longest cell that is read */

/* Numbers that were there before, as keyed fingerprints: open addressing, half empty. Among 10^7
 * numbers the chance that any two share one is below 10^-5. */
struct seen {
	uint64_t *print; /* 0: empty */
	uint32_t *line;  /* of this reading; 0: only of the one before */
	uint8_t *country; /* an index into countries, + 1: a second reading needn't ask libphonenumber */
	size_t size, count; /* size: a power of two */
	uint8_t key[crypto_shorthash_KEYBYTES];
};

struct contact_list {
	const struct contact_list_options *options;
	char *path;
	int fd;
	struct stat stat;
	enum encoding encoding;
	size_t mark;                 /* octets of the byte order mark */
	bool is_cr_only, is_at_end;
	struct decoding *decoding;   /* NULL: it is UTF-8 */
	struct buf window;
	struct csv csv;
	char separator;
	size_t column[COLUMN_COUNT]; /* CSV_FIELDS: there is none */
	size_t header_fields;
	bool is_ours[CSV_FIELDS];
	struct contact_words *words;
	struct seen seen;
	char countries[COUNTRIES_MAX][COUNTRY_LIMIT];
	unsigned country_count;
	uint32_t rows;
	char reason[128];
	uint8_t piece[PIECE_OCTETS];
};

/* The text of a cell; false: it is too long. Empty where the record has no such column. */
bool contact_cell(const struct contact_list *l, size_t column, uint8_t room[CELL_OCTETS],
                  struct span *ret);
/* What is wrong with the record, or NULL and *ret. */
const char *contact_cells_read(struct contact_list *l, struct contact_row *ret);
/* The country of a number that a reading before found good; NULL: none did. */
const char *contact_seen_country(const struct contact_list *l, const struct msisdn *m);

#endif
