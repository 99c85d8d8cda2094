/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ussd LINK CODE: what the operator of a SIM answers. It isn't asked for again by itself: some codes
 * cost money. */
#include <string.h>

#include "programs/safar.h"
#include "base/banned.h"

#define REQUEST_OCTETS 4096
#define ANSWER_OCTETS 16384

/* Line by line: each may hold what a terminal should not see. */
static void put_lines(const char *text)
{
	while (*text != '\0') {
		char line[1024];
		size_t n = strcspn(text, "\n");
		const size_t shown = n < sizeof line ? n : sizeof line - 1;
		memcpy(line, text, shown);
		line[shown] = '\0';
		put_cell(stdout, 0, line);
		(void)putchar('\n');
		text += n;
		text += *text == '\n';
	}
}

int verb_ussd(const struct call *c)
{
	struct buf request, last;
	request_start(&request, REQUEST_OCTETS, "ussd");
	json_text(&request, "link", c->argument[0]);
	json_text(&request, "code", c->argument[1]);
	buf_init(&last, ANSWER_OCTETS);
	const int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0 && has(c, OPTION_JSON)) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	} else if (code == 0) {
		cJSON *answer = parse(buf_span(&last));
		put_lines(text_of(answer, "answer"));
		if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "more")))
			(void)fputs("safar: the operator waits for a choice; the menu is left\n", stderr);
		cJSON_Delete(answer);
	}
	buf_wipe(&request);
	buf_wipe(&last);
	return code;
}
