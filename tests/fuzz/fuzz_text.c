/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of strangers: parts are the whole text, the skeleton of a skeleton is itself, and no line is
 * wider than the screen. */
#include <stdlib.h>
#include <string.h>

#include "text/alphabet.h"
#include "text/fold.h"
#include "text/guess.h"
#include "text/screen.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void cut(struct span text)
{
	struct parts p;
	if (parts_split(text, &p) != TEXT_OK)
		return;
	const bool gsm7 = p.alphabet == ALPHABET_GSM7;
	const unsigned limit = p.count == 1 ? (gsm7 ? GSM7_SINGLE : UCS2_SINGLE)
	                                    : (gsm7 ? GSM7_PART : UCS2_PART);
	size_t octets = 0;
	unsigned units = 0;
	for (unsigned i = 0; i < p.count; i++) {
		if (p.part[i].p != text.p + octets || p.part[i].n == 0 || p.part_units[i] > limit ||
		    !utf8_valid(p.part[i]))
			abort();
		octets += p.part[i].n;
		units += p.part_units[i];
	}
	if (octets != text.n || units != p.units)
		abort();
}

static void fold(struct span text)
{
	struct buf once, twice;
	struct guess guess;
	buf_init(&once, 1u << 18);
	buf_init(&twice, 1u << 18);
	fold_skeleton(text, &once);
	fold_skeleton(buf_span(&once), &twice);
	/* a text of more than a text's octets is folded up to there */
	if (once.failed || twice.failed || (once.n <= TEXT_OCTETS_MAX &&
	    (once.n != twice.n || (once.n > 0 && memcmp(once.p, twice.p, once.n) != 0))))
		abort();
	guess_language(text, &GUESS_NO_PRIOR, &guess);
	buf_wipe(&once);
	buf_wipe(&twice);
}

static void show(struct span text)
{
	struct span rest = text, line;
	struct buf clean;
	buf_init(&clean, 1u << 18);
	while (screen_line(&rest, 18, &line))
		if (screen_columns(line) > 18 || line.p < text.p || line.p + line.n > rest.p)
			abort();
	screen_clean(text, &clean);
	if (clean.failed || rest.n > 0 || !utf8_valid(buf_span(&clean)))
		abort();
	for (size_t i = 0; i < clean.n; i++)
		if ((clean.p[i] < 0x20 && clean.p[i] != '\n') || clean.p[i] == 0x7F)
			abort();
	buf_wipe(&clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	if (!started && err_is(fold_start()))
		abort();
	started = true;
	struct buf utf8;
	buf_init(&utf8, 1u << 18);
	cut(span_make(data, size));
	fold(span_make(data, size));
	show(span_make(data, size));
	utf16be_to_utf8(span_make(data, size), &utf8);
	if (!utf8_valid(buf_span(&utf8)))
		abort();
	cut(buf_span(&utf8));
	fold(buf_span(&utf8));
	buf_wipe(&utf8);
	return 0;
}
