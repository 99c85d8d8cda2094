/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settings: what a configuration may say. */
#include "programs/safar.h"
#include "base/banned.h"

static void put_line(const char *line, void *arg)
{
	struct buf *list = arg;
	if (list == NULL)
		(void)puts(line);
	else
		json_text(list, NULL, line);
}

int verb_settings(const struct call *c)
{
	if (!has(c, OPTION_JSON)) {
		settings_help(put_line, NULL);
		return 0;
	}
	struct buf list;
	buf_init(&list, 1u << 20);
	json_open(&list, NULL, '{');
	json_bool(&list, "ok", true);
	json_open(&list, "settings", '[');
	settings_help(put_line, &list);
	json_close(&list, ']');
	json_close(&list, '}');
	const char *text = buf_text(&list);
	struct err e = err_make(ERR_MEMORY, "list the settings", NULL, NULL);
	const int code = text != NULL ? 0 : fail(c, &e);
	if (text != NULL)
		(void)puts(text);
	buf_free(&list);
	return code;
}
