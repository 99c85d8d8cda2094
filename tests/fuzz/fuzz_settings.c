/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configurations: right ones keep their ranges, wrong ones are told with file and line. */
#include <stdlib.h>
#include <string.h>

#include "base/settings.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fault(const struct err *e, void *arg)
{
	unsigned *faults = arg;
	if (e->code != ERR_CONFIG || strncmp(e->whom, "f.conf:", 7) != 0)
		abort();
	(*faults)++;
}

static void look_at_link(const struct settings *s, size_t i)
{
	const struct link_settings *l = &s->links[i];
	if (l->name[0] == '\0' || l->device == NULL || l->connection == NULL || l->operator_ == NULL ||
	    l->price < 0 || l->price > 1000000 || l->daily_cap < 0 || l->daily_cap > 1000000 ||
	    l->poll_s < 2 || l->poll_s > 3600 || l->line <= 0)
		abort();
	if (l->pin != NULL && (strlen(l->pin) < 4 || strlen(l->pin) > 8 ||
	                       strspn(l->pin, "0123456789") != strlen(l->pin)))
		abort();
	for (size_t j = 0; j < i; j++)
		if (strcmp(s->links[j].name, l->name) == 0 || strcmp(s->links[j].device, l->device) == 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings *s = NULL;
	unsigned faults = 0;
	struct err e = settings_read_text("f.conf", span_make(data, size), fault, &faults, &s);
	if (err_is(e) != (faults > 0) || err_is(e) != (s == NULL))
		abort();
	if (s == NULL)
		return 0;
	if (s->node_name == NULL || s->node_data == NULL || s->node_zone == NULL ||
	    s->keys_file == NULL || s->content_messages == NULL || s->content_locales == NULL ||
	    s->content_allow_draft == NULL || s->node_number < 0 || s->node_number > 255 ||
	    s->link_count > LINKS_MAX || strncmp(s->store_url, "sqlite:", 7) != 0)
		abort();
	for (size_t i = 0; i < s->link_count; i++)
		look_at_link(s, i);
	settings_free(s);
	return 0;
}
