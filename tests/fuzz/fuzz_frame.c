/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a child that went mad may write: the first octet is how many fields to get, each of the
 * following ones which; the rest is the stream. */
#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void get(struct frame_in *f, uint8_t what)
{
	uint8_t octets[32], whole[FRAME_MAX];
	char text[24];
	struct span s;
	switch (what % 8) {
	case 0:
		(void)frame_get_u8(f);
		break;
	case 1:
		(void)frame_get_u16(f);
		break;
	case 2:
		(void)frame_get_u32(f);
		break;
	case 3:
		(void)frame_get_i32(f);
		break;
	case 4:
		(void)frame_get_i64(f);
		break;
	case 5:
		s = frame_get_text(f);
		if (s.n > 0) /* all of it can be read, says the sanitizer */
			(void)memcpy(whole, s.p, s.n);
		break;
	case 6:
		frame_get_string(f, text, sizeof text);
		if (strnlen(text, sizeof text) == sizeof text)
			abort();
		break;
	case 7:
		frame_get_octets(f, octets, sizeof octets);
		break;
	}
}

static void read_stream(struct span stream, char side, struct span fields)
{
	struct frame_in f;
	size_t size = 0;
	while (frame_take(stream, side, &f, &size) == FRAME_TAKEN) {
		if (size < FRAME_HEAD_SIZE || size > FRAME_MAX || size > stream.n ||
		    f.body.n != size - FRAME_HEAD_SIZE)
			abort();
		for (size_t i = 0; i < fields.n; i++)
			get(&f, fields.p[i]);
		if (frame_end(&f) && (f.bad || f.body.n > 0))
			abort();
		stream = span_make(stream.p + size, stream.n - size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t fields = size > 0 ? data[0] % 16u : 0;
	if (size < 1 + fields)
		return 0;
	const struct span stream = span_make(data + 1 + fields, size - 1 - fields);
	read_stream(stream, 'c', span_make(data + 1, fields));
	read_stream(stream, 'p', span_make(data + 1, fields));
	return 0;
}
