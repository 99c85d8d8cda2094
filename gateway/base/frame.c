/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/frame.h"

#include <string.h>

#include "base/banned.h"

static const struct {
	const char *name;
	char from;
} types[FRAME_TYPE_COUNT] = {
#define X(id, from) [FRAME_##id] = { #id, from },
	FRAME_TYPES(X)
#undef X
};

static void put_number(struct frame_out *f, uint64_t v, size_t octets)
{
	uint8_t le[8];
	for (size_t i = 0; i < octets; i++)
		le[i] = (uint8_t)(v >> (8 * i));
	buf_add(f->to, span_make(le, octets));
}

void frame_start(struct frame_out *f, struct buf *to, enum frame_type type, uint64_t delivery)
{
	*f = (struct frame_out){ .to = to, .start = to->n };
	put_number(f, 0, 4);
	put_number(f, FRAME_VERSION, 2);
	put_number(f, (uint64_t)type, 2);
	put_number(f, delivery, 8);
}

void frame_put_u8(struct frame_out *f, uint8_t v)
{
	put_number(f, v, 1);
}

void frame_put_u16(struct frame_out *f, uint16_t v)
{
	put_number(f, v, 2);
}

void frame_put_u32(struct frame_out *f, uint32_t v)
{
	put_number(f, v, 4);
}

void frame_put_i32(struct frame_out *f, int32_t v)
{
	put_number(f, (uint32_t)v, 4);
}

void frame_put_i64(struct frame_out *f, int64_t v)
{
	put_number(f, (uint64_t)v, 8);
}

void frame_put_text(struct frame_out *f, struct span text)
{
	if (text.n > FRAME_MAX) {
		f->to->failed = true;
		return;
	}
	put_number(f, text.n, 2);
	buf_add(f->to, text);
}

void frame_put_octets(struct frame_out *f, const uint8_t *p, size_t n)
{
	buf_add(f->to, span_make(p, n));
}

bool frame_finish(struct frame_out *f)
{
	size_t len = f->to->n - f->start;
	if (f->to->failed || len > FRAME_MAX) {
		f->to->n = f->start; /* half a frame must not reach the other side */
		f->to->failed = false;
		return false;
	}
	for (size_t i = 0; i < 4; i++)
		f->to->p[f->start + i] = (uint8_t)(len >> (8 * i));
	return true;
}

static uint64_t number_at(const uint8_t *p, size_t octets)
{
	uint64_t v = 0;
	for (size_t i = octets; i > 0; i--)
		v = v << 8 | p[i - 1];
	return v;
}

enum frame_take frame_take(struct span from, char side, struct frame_in *ret, size_t *ret_size)
{
	if (from.n < FRAME_HEAD_SIZE)
		return FRAME_SHORT;
	struct frame_head h = { .len = (uint32_t)number_at(from.p, 4),
		.version = (uint16_t)number_at(from.p + 4, 2),
		.type = (uint16_t)number_at(from.p + 6, 2),
		.delivery = number_at(from.p + 8, 8) };
	if (h.len < FRAME_HEAD_SIZE || h.len > FRAME_MAX || h.version != FRAME_VERSION ||
	    h.type >= FRAME_TYPE_COUNT || types[h.type].from != side || h.delivery > INT64_MAX)
		return FRAME_BAD;
	if (from.n < h.len)
		return FRAME_SHORT;
	*ret = (struct frame_in){ .head = h,
		.body = span_make(from.p + FRAME_HEAD_SIZE, h.len - FRAME_HEAD_SIZE) };
	*ret_size = h.len;
	return FRAME_TAKEN;
}

static struct span get(struct frame_in *f, size_t n)
{
	if (f->bad || f->body.n < n) {
		f->bad = true;
		return span_make(NULL, 0);
	}
	struct span s = span_make(f->body.p, n);
	f->body = span_make(f->body.p + n, f->body.n - n);
	return s;
}

static uint64_t get_number(struct frame_in *f, size_t octets)
{
	struct span s = get(f, octets);
	return s.n == octets ? number_at(s.p, octets) : 0;
}

uint8_t frame_get_u8(struct frame_in *f)
{
	return (uint8_t)get_number(f, 1);
}

uint16_t frame_get_u16(struct frame_in *f)
{
	return (uint16_t)get_number(f, 2);
}

uint32_t frame_get_u32(struct frame_in *f)
{
	return (uint32_t)get_number(f, 4);
}

int32_t frame_get_i32(struct frame_in *f)
{
	return (int32_t)frame_get_u32(f);
}

int64_t frame_get_i64(struct frame_in *f)
{
	return (int64_t)get_number(f, 8);
}

struct span frame_get_text(struct frame_in *f)
{
	return get(f, frame_get_u16(f));
}

void frame_get_string(struct frame_in *f, char *ret, size_t room)
{
	struct span s = frame_get_text(f);
	if (s.n >= room || (s.n > 0 && memchr(s.p, '\0', s.n) != NULL)) {
		f->bad = true;
		s.n = 0;
	}
	if (s.n > 0)
		memcpy(ret, s.p, s.n);
	ret[s.n] = '\0';
}

void frame_get_octets(struct frame_in *f, uint8_t *ret, size_t n)
{
	struct span s = get(f, n);
	if (s.n == n && n > 0)
		memcpy(ret, s.p, n);
	else
		memset(ret, 0, n);
}

bool frame_end(const struct frame_in *f)
{
	return !f->bad && f->body.n == 0;
}

bool ussd_code_is_good(const char *code)
{
	const size_t n = strlen(code);
	return n > 0 && n <= USSD_CODE_MAX && strspn(code, "0123456789*#+") == n;
}

const char *frame_name(enum frame_type type)
{
	return type < FRAME_TYPE_COUNT ? types[type].name : "?";
}
