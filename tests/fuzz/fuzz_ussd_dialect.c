/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a body holds: it is read into a step that keeps its limits, or refused; and a page that
 * answers it is written. Built once a dialect. */
#include <stdlib.h>
#include <string.h>

#include "link/ussd/dialect.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
	if (!is_so)
		abort();
}

/* The path stands in the first line where the dialect has one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char page[] = "1 \xD0\xB0 <&\"\\\n2";
	const struct dialect *d = dialect_find(FUZZ_DIALECT);
	struct span rest = span_make(data, size), path = span_of("");
	struct ussd_step s = { .event = USSD_STATUS };
	struct buf out;
	require(d != NULL);
	if (strcmp(FUZZ_DIALECT, "infobip") == 0)
		(void)span_line(&rest, &path);
	const struct dialect_call call = { .method = HTTP_POST, .path = path, .body = rest };
	if (d->read(&call, &s) != DIALECT_OK)
		return 0;
	require(strlen(s.session) <= USSD_SESSION_MAX && strlen(s.caller) <= USSD_CALLER_MAX);
	require(strlen(s.input) <= USSD_HISTORY_MAX && utf8_valid(span_of(s.input)));
	require(s.caller[0] == '\0' || s.caller[0] == '+');
	buf_init(&out, 4096);
	const struct dialect_page p = { .step = &s, .text = span_of(page), .goes_on = true };
	d->write(&p, &out);
	require(!out.failed && out.n > 0);
	buf_free(&out);
	return 0;
}
