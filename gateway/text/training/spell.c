/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/training/spell.h"

#include <string.h>

#include "text/alphabet.h"
#include "base/banned.h"

uint32_t dice_below(struct dice *d, uint32_t n)
{
	/* splitmix64 */
	uint64_t z = d->s += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)(((z ^ z >> 31) >> 32) * n >> 32);
}

/* What people type for a letter: alternatives parted by '|', the first twice as likely. */
struct habit {
	uint16_t letter;
	const char *as;
};

static const struct habit folded[] = {
	{ 0x451, "е|ё" }, { 0x456, "и|i|ы" }, { 0x45E, "у|о" }, { 0x493, "г" }, { 0x49B, "к" },
	{ 0x4A3, "н|нг" }, { 0x4AF, "у" }, { 0x4B1, "у" }, { 0x4B3, "х" }, { 0x4B7, "ч|ж|дж" },
	{ 0x4BB, "х" }, { 0x4D9, "а|э" }, { 0x4E3, "и|й" }, { 0x4E9, "о" }, { 0x4EF, "у" },
	{ 0x27, "" }, { 0x60, "" }, { 0x2BB, "" }, { 0x2BC, "" }, { 0x2018, "" }, { 0x2019, "" },
};

static const struct habit latin[] = {
	{ 0x430, "a" }, { 0x431, "b" }, { 0x432, "v|w" }, { 0x433, "g" }, { 0x434, "d" },
	{ 0x435, "e|ye" }, { 0x436, "zh|j|g" }, { 0x437, "z" }, { 0x438, "i" }, { 0x439, "y|i|j" },
	{ 0x43A, "k" }, { 0x43B, "l" }, { 0x43C, "m" }, { 0x43D, "n" }, { 0x43E, "o" }, { 0x43F, "p" },
	{ 0x440, "r" }, { 0x441, "s" }, { 0x442, "t" }, { 0x443, "u" }, { 0x444, "f" },
	{ 0x445, "h|kh|x" }, { 0x446, "ts|c" }, { 0x447, "ch|4|c" }, { 0x448, "sh|w|6" },
	{ 0x449, "sh|sch|shch|w" }, { 0x44A, "|'" }, { 0x44B, "y|i" }, { 0x44C, "|'" }, { 0x44D, "e" },
	{ 0x44E, "yu|iu|u" }, { 0x44F, "ya|ia|ja|a" }, { 0x451, "yo|e|jo|io" }, { 0x456, "i|y" },
	{ 0x45E, "o|u|o'|w" }, { 0x493, "g|gh|g'" }, { 0x49B, "k|q" }, { 0x4A3, "n|ng|n'" },
	{ 0x4AF, "u|y" }, { 0x4B1, "u" }, { 0x4B3, "h|kh" }, { 0x4B7, "j|ch" }, { 0x4BB, "h" },
	{ 0x4D9, "a|e" }, { 0x4E3, "i|y" }, { 0x4E9, "o" }, { 0x4EF, "u|o" },
	{ 0x27, "|'|`" }, { 0x60, "|'" }, { 0x2BB, "|'" }, { 0x2BC, "|'" }, { 0x2018, "|'" },
	{ 0x2019, "|'" },
};

/* Uzbeks who type their own Latin in a hurry. */
static const struct habit latin_loose[] = {
	{ 'x', "x|h" }, { 'h', "h|x" }, { 'q', "q|k" },
};

#define HABITS_MAX 64

static struct span choose(const char *as, struct dice *d)
{
	uint32_t count = 1;
	for (const char *p = as; *p != '\0'; p++)
		count += *p == '|' ? 1 : 0;
	uint32_t which = count == 1 ? 0 : dice_below(d, count + 1);
	which = which > 0 ? which - 1 : 0;
	for (; which > 0; which--)
		as = strchr(as, '|') + 1;
	return span_make(as, strcspn(as, "|"));
}

static void respell(struct span utf8, const struct habit *table, size_t n, struct dice *d,
                    struct buf *ret)
{
	struct span mine[HABITS_MAX];
	uint32_t c;
	for (size_t i = 0; i < n; i++)
		mine[i] = choose(table[i].as, d);
	while (utf8_next(&utf8, &c)) {
		const bool is_upper = (c >= 0x410 && c <= 0x42F) || (c >= 0x400 && c <= 0x40F);
		uint32_t lower = c;
		if (is_upper)
			lower = c >= 0x410 ? c + 0x20 : c + 0x50;
		else if (c >= 0x48A && c <= 0x52F && c % 2 == 0 && (c < 0x4C0 || c > 0x4CF))
			lower = c + 1;
		size_t i = 0;
		while (i < n && table[i].letter != lower)
			i++;
		if (i < n)
			buf_add(ret, mine[i]);
		else
			utf8_add(ret, c);
	}
}

void spell_folded(struct span utf8, struct dice *d, struct buf *ret)
{
	respell(utf8, folded, sizeof folded / sizeof folded[0], d, ret);
}

void spell_latin(struct span utf8, struct dice *d, struct buf *ret)
{
	struct buf first;
	buf_init(&first, ret->limit);
	respell(utf8, latin, sizeof latin / sizeof latin[0], d, &first);
	if (dice_below(d, 4) == 0)
		respell(buf_span(&first), latin_loose, sizeof latin_loose / sizeof latin_loose[0], d, ret);
	else
		buf_add(ret, buf_span(&first));
	buf_free(&first);
}

void spell_typo(struct span utf8, struct dice *d, struct buf *ret)
{
	uint32_t c[512], other;
	size_t n = 0;
	while (n < 512 && utf8_next(&utf8, &c[n]))
		n++;
	if (n < 4) {
		for (size_t i = 0; i < n; i++)
			utf8_add(ret, c[i]);
		return;
	}
	const size_t at = 1 + dice_below(d, (uint32_t)n - 2);
	const uint32_t how = dice_below(d, 4);
	for (size_t i = 0; i < n; i++) {
		if (i == at && how == 0)
			continue; /* left out */
		if (i == at && how == 1) { /* with the one behind it */
			utf8_add(ret, c[i + 1]);
			utf8_add(ret, c[i]);
			i++;
			continue;
		}
		if (i == at && how == 2)
			utf8_add(ret, c[i]); /* twice */
		other = i == at && how == 3 ? c[dice_below(d, (uint32_t)n)] : c[i];
		utf8_add(ret, other);
	}
}
