/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - see text.h. */
#include "text.h"

#include <string.h>

#define ESCAPE 0x1b
#define REPLACEMENT 0xfffd

/* TS 23.038 §6.2.1, by code. 0x1b is the escape to the extension table. */
static const uint16_t default_alphabet[128] = {
	'@', 0xa3, '$', 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7,
	'\n', 0xd8, 0xf8, '\r', 0xc5, 0xe5,
	0x394, '_', 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8,
	0x3a3, 0x398, 0x39e, 0, 0xc6, 0xe6, 0xdf, 0xc9,
	' ', '!', '"', '#', 0xa4, '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
	'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
	0xa1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
	'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xc4, 0xd6, 0xd1, 0xdc, 0xa7,
	0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o',
	'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,
};

static const struct { uint8_t code; uint16_t unit; } extension[] = {
	{ 0x0a, 0x0c }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
	{ 0x3c, '[' }, { 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, 0x20ac },
};
#define EXTENSIONS (sizeof extension / sizeof *extension)

/* One code point; returns the octets it took, 0 when malformed (also overlong and surrogates). */
static size_t utf8_one(const unsigned char *s, uint32_t *ret)
{
	size_t more = 9;
	if (s[0] < 0x80)
		more = 0;
	else if (s[0] >= 0xc2 && s[0] < 0xf5)
		more = s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	if (more == 9)
		return 0;
	static const uint8_t mask[] = { 0x7f, 0x1f, 0x0f, 0x07 };
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = s[0] & mask[more];
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return more + 1;
}

bool text_units(const char *utf8, uint16_t *units, size_t cap, size_t *ret_n)
{
	const unsigned char *s = (const unsigned char *)utf8;
	size_t n = 0;

	while (*s) {
		uint32_t c = 0;
		size_t took = utf8_one(s, &c);
		size_t need = c >= 0x10000 ? 2 : 1;
		if (took == 0 || n + need > cap)
			return false;
		s += took;
		if (need == 1) {
			units[n++] = (uint16_t)c;
		} else {
			units[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
			units[n++] = (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff));
		}
	}
	*ret_n = n;
	return true;
}

void text_utf8(struct out *o, const uint16_t *units, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t c = units[i];
		bool high = c >= 0xd800 && c < 0xdc00;
		if (high && i + 1 < n && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000)
			c = 0x10000 + ((c & 0x3ff) << 10) + (units[++i] & 0x3ffu);
		else if (c >= 0xd800 && c < 0xe000)
			c = REPLACEMENT;
		char b[4];
		size_t k = 0;
		if (c == 0) {
			c = REPLACEMENT; /* what we write becomes a C string */
		}
		if (c < 0x80) {
			b[k++] = (char)c;
		} else if (c < 0x800) {
			b[k++] = (char)(0xc0 | c >> 6);
		} else if (c < 0x10000) {
			b[k++] = (char)(0xe0 | c >> 12);
			b[k++] = (char)(0x80 | (c >> 6 & 0x3f));
		} else {
			b[k++] = (char)(0xf0 | c >> 18);
			b[k++] = (char)(0x80 | (c >> 12 & 0x3f));
			b[k++] = (char)(0x80 | (c >> 6 & 0x3f));
		}
		if (c >= 0x80)
			b[k++] = (char)(0x80 | (c & 0x3f));
		out_add(o, b, k);
	}
}

unsigned gsm7_encode(uint16_t unit, uint8_t septets[2])
{
	for (unsigned i = 0; i < 128; i++) {
		if (default_alphabet[i] == unit && i != ESCAPE) {
			septets[0] = (uint8_t)i;
			return 1;
		}
	}
	for (size_t i = 0; i < EXTENSIONS; i++) {
		if (extension[i].unit == unit) {
			septets[0] = ESCAPE;
			septets[1] = extension[i].code;
			return 2;
		}
	}
	return 0;
}

size_t gsm7_decode(const uint8_t *septets, size_t n, uint16_t *units)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t s = septets[i] & 0x7f;
		if (s != ESCAPE) {
			units[k++] = default_alphabet[s];
			continue;
		}
		if (i + 1 == n) {
			units[k++] = ' '; /* an escape without its second half shows as a space */
			break;
		}
		s = septets[++i] & 0x7f;
		uint16_t u = default_alphabet[s]; /* what an unknown one falls back to, §6.2.1.1 */
		for (size_t e = 0; e < EXTENSIONS; e++)
			if (extension[e].code == s)
				u = extension[e].unit;
		units[k++] = s == ESCAPE ? ' ' : u;
	}
	return k;
}

size_t gsm7_pack(const uint8_t *septets, size_t n, unsigned skip, uint8_t *octets)
{
	size_t total = (skip + n * 7 + 7) / 8;

	memset(octets, 0, total);
	for (size_t i = 0; i < n; i++) {
		size_t bit = skip + i * 7;
		unsigned v = (unsigned)(septets[i] & 0x7f) << (bit % 8);
		octets[bit / 8] = (uint8_t)(octets[bit / 8] | (v & 0xff));
		if (v > 0xff)
			octets[bit / 8 + 1] = (uint8_t)(v >> 8);
	}
	return total;
}

void gsm7_unpack(const uint8_t *octets, size_t octets_n, unsigned skip, uint8_t *septets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t bit = skip + i * 7, at = bit / 8;
		unsigned v = at < octets_n ? octets[at] : 0;
		if (at + 1 < octets_n)
			v |= (unsigned)octets[at + 1] << 8;
		septets[i] = (uint8_t)(v >> (bit % 8) & 0x7f);
	}
}

static int nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10
	     : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(const char *hex, size_t n, uint8_t *octets, size_t cap, size_t *ret_n)
{
	if (n % 2 || n / 2 > cap)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		int hi = nibble(hex[i]), lo = nibble(hex[i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		octets[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	*ret_n = n / 2;
	return true;
}

void hex_write(struct out *o, const uint8_t *octets, size_t n)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n; i++) {
		char b[2] = { digit[octets[i] >> 4], digit[octets[i] & 15] };
		out_add(o, b, 2);
	}
}

bool number_read(const char *s, int64_t min, int64_t max, int64_t *ret)
{
	int64_t v = 0;
	bool minus = *s == '-';

	if (minus)
		s++;
	if (!*s || strlen(s) > 15 || strspn(s, "0123456789") != strlen(s))
		return false;
	for (; *s; s++)
		v = v * 10 + (*s - '0');
	v = minus ? -v : v;
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}
