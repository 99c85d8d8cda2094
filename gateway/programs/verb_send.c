/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send NUMBER TEXT: one text to one number. It isn't asked for again by itself: a second request
 * would be a second message. */
#include "programs/safar.h"
#include "base/banned.h"

#define REQUEST_OCTETS 65536

int verb_send(const struct call *c)
{
	struct buf request, last;
	request_start(&request, REQUEST_OCTETS, "send");
	json_text(&request, "number", c->argument[0]);
	json_text(&request, "text", c->argument[1]);
	if (has(c, OPTION_FLASH))
		json_bool(&request, "flash", true);
	buf_init(&last, 4096);
	const int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0) {
		const struct span shown = has(c, OPTION_JSON) ? buf_span(&last)
		                                              : json_member(buf_span(&last), "id");
		(void)fwrite(shown.p, 1, shown.n, stdout);
		(void)putchar('\n');
	}
	buf_wipe(&request);
	buf_free(&last);
	return code;
}
