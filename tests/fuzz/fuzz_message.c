/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message files: what is taken has a text that can be sent for whomever it names. */
#include <stdlib.h>

#include "campaign/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message m;
	if (err_is(message_read(span_make(data, size), &m)))
		return 0;
	unsigned texts = 0;
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		const enum language to = message_language(&m, (enum language)l);
		if (to != LANGUAGE_UNKNOWN && (m.text[to].n == 0 || m.parts[to].count < 1 ||
		                               m.parts[to].count > PARTS_MAX))
			abort();
		texts += m.text[l].n > 0;
	}
	if (texts == 0)
		abort();
	message_free(&m);
	return 0;
}
