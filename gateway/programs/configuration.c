/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/configuration.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/settings.h"
#include "campaign/hours.h"
#include "content/topics.h"
#include "programs/callbacks.h"
#include "base/banned.h"

static void print_fault(const struct err *e, void *arg)
{
	unsigned *faults = arg;
	char text[512];
	(*faults)++;
	(void)fprintf(stderr, "%s\n", err_text(e, text, sizeof text));
}

static void print_finding(const struct finding *one, void *arg)
{
	unsigned *faults = arg;
	(*faults) += one->is_error ? 1 : 0;
	(void)fprintf(stderr, "%s%s%s%s: %s\n", one->is_error ? "" : "warning: ", one->file,
	              one->key[0] != '\0' ? ": " : "", one->key, one->text);
}

int configuration_check(const char *path)
{
	unsigned faults = 0;
	struct settings *s = NULL;
	struct content *c = NULL;
	struct hours *h = NULL;
	struct err e = settings_read(path, print_fault, &faults, &s);
	if (!err_is(e))
		e = content_check(s->content_messages, s->content_locales, s->content_allow_draft,
		                  clock_now_ms(), print_finding, &faults, &c);
	if (err_is(e) && faults == 0)
		print_fault(&e, &faults);
	if (!err_is(e)) {
		e = clock_use_zone(s->node_zone);
		if (err_is(e))
			print_fault(&e, &faults);
		e = hours_load(s->content_messages, s->node_zone, &h);
		if (err_is(e))
			print_fault(&e, &faults);
		e = callbacks_check(s);
		if (err_is(e))
			print_fault(&e, &faults);
	}
	if (faults == 0)
		(void)printf("%s: good, %zu link%s\n", path, s->link_count, s->link_count == 1 ? "" : "s");
	hours_drop(h);
	content_drop(c);
	settings_free(s);
	return faults == 0 ? EXIT_SUCCESS : err_exit_code(ERR_CONFIG);
}
