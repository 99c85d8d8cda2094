/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/encoding.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/ucnv.h>

#include "base/banned.h"

#define START_OCTETS 4096u /* of which the NULs are counted */
#define CHUNK_UNITS 4096

static const char *const names[ENCODING_COUNT] = {
#define X(id, name) [ENCODING_##id] = name,
	ENCODINGS(X)
#undef X
};

const char *encoding_name(enum encoding e)
{
	return names[e];
}

/* ---- which one */
/* RFC 3629: what may follow the first octet of a sequence. */
static bool begin_sequence(struct encoding_trial *t, uint8_t c)
{
	t->low = 0x80;
	t->high = 0xbf;
	if (c >= 0xc2 && c <= 0xdf)
		t->to_come = 1;
	else if (c >= 0xe0 && c <= 0xef)
		t->to_come = 2;
	else if (c >= 0xf0 && c <= 0xf4)
		t->to_come = 3;
	else
		return false;
	if (c == 0xe0)
		t->low = 0xa0;
	else if (c == 0xed)
		t->high = 0x9f;
	else if (c == 0xf0)
		t->low = 0x90;
	else if (c == 0xf4)
		t->high = 0x8f;
	return true;
}

static void try_octet(struct encoding_trial *t, uint8_t c)
{
	if (t->to_come > 0) {
		if (c >= t->low && c <= t->high) {
			t->low = 0x80;
			t->high = 0xbf;
			if (--t->to_come == 0)
				t->letters++;
			return;
		}
		t->broken++;
		t->to_come = 0;
	}
	if (c >= 0x80 && !begin_sequence(t, c))
		t->broken++;
}

void encoding_try(struct encoding_trial *t, struct span piece)
{
	for (size_t i = 0; i < piece.n; i++, t->octets++) {
		if (t->octets < sizeof t->start)
			t->start[t->octets] = piece.p[i];
		if (t->octets < START_OCTETS && piece.p[i] == '\0') {
			t->even_nuls += t->octets % 2 == 0;
			t->odd_nuls += t->octets % 2 == 1;
		}
		if (piece.p[i] >= 0x80 || t->to_come > 0)
			try_octet(t, piece.p[i]);
	}
}

enum encoding encoding_judge(struct encoding_trial *t, size_t *ret_mark)
{
	const size_t looked_at = t->octets < START_OCTETS ? t->octets : START_OCTETS;
	if (t->to_come > 0) {
		t->broken++;
		t->to_come = 0;
	}
	*ret_mark = 0;
	if (t->octets >= 3 && memcmp(t->start, "\xef\xbb\xbf", 3) == 0) {
		*ret_mark = 3;
		return ENCODING_UTF8;
	}
	if (t->octets >= 2 && (memcmp(t->start, "\xff\xfe", 2) == 0 ||
	                       memcmp(t->start, "\xfe\xff", 2) == 0)) {
		*ret_mark = 2;
		return t->start[0] == 0xff ? ENCODING_UTF16LE : ENCODING_UTF16BE;
	}
	/* digits and separators have a NUL beside them in UTF-16 */
	if (t->odd_nuls > looked_at / 8 && t->even_nuls == 0)
		return ENCODING_UTF16LE;
	if (t->even_nuls > looked_at / 8 && t->odd_nuls == 0)
		return ENCODING_UTF16BE;
	return t->broken > t->letters / 8 ? ENCODING_CP1251 : ENCODING_UTF8;
}

/* ---- reading */
struct decoding {
	UConverter *from, *to;
	UChar units[CHUNK_UNITS];
	char octets[CHUNK_UNITS * 3];
};

struct err decoding_start(enum encoding e, struct decoding **ret)
{
	UErrorCode status = U_ZERO_ERROR;
	struct decoding *d = calloc(1, sizeof *d);
	if (d == NULL)
		return err_make(ERR_MEMORY, "read a list", NULL, NULL);
	d->from = ucnv_open(names[e], &status);
	d->to = ucnv_open("UTF-8", &status);
	if (U_FAILURE(status)) {
		decoding_free(d);
		return err_make(ERR_IO, "read a list in", "install ICU's data", "%s", names[e]);
	}
	*ret = d;
	return ERR_NONE_VALUE;
}

static void add_units(struct decoding *d, const UChar *from, const UChar *end, bool last,
                      struct buf *ret)
{
	for (;;) {
		UErrorCode status = U_ZERO_ERROR;
		char *to = d->octets;
		ucnv_fromUnicode(d->to, &to, d->octets + sizeof d->octets, &from, end, NULL, last, &status);
		buf_add(ret, span_make(d->octets, (size_t)(to - d->octets)));
		if (status != U_BUFFER_OVERFLOW_ERROR)
			return;
	}
}

void decoding_add(struct decoding *d, struct span piece, bool last, struct buf *ret)
{
	const char *from = (const char *)piece.p, *end = from + piece.n;
	for (;;) {
		UErrorCode status = U_ZERO_ERROR;
		UChar *to = d->units;
		ucnv_toUnicode(d->from, &to, d->units + CHUNK_UNITS, &from, end, NULL, last, &status);
		const bool more = status == U_BUFFER_OVERFLOW_ERROR;
		add_units(d, d->units, to, last && !more, ret);
		if (!more)
			return;
	}
}

void decoding_free(struct decoding *d)
{
	if (d == NULL)
		return;
	ucnv_close(d->from);
	ucnv_close(d->to);
	explicit_bzero(d, sizeof *d);
	free(d);
}
