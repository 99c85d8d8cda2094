/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone: a virtual phone, with a screen on a terminal, else as a script. */
#include <unistd.h>

#include "programs/phone_line.h"
#include "base/banned.h"

int verb_phone(const struct call *c)
{
	struct talk *t = NULL;
	int code = talk_start(c, &t);
	if (code != 0)
		return code;
	const bool has_screen = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 &&
	                        !has(c, OPTION_JSON);
	code = has_screen ? phone_screen(c, t) : phone_script(c, t);
	talk_end(t);
	return code;
}
