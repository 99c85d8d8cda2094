/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link's settings, kept beyond the file that they came from. */
#include "base/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

void link_settings_free(struct link_settings *s)
{
	if (s->pin != NULL)
		explicit_bzero(s->pin, strlen(s->pin));
	free(s->pin);
	free(s->device);
	free(s->connection);
	free(s->operator_);
	free(s->reset_hook);
	free(s->imei);
	free(s->record);
	free(s->dialect);
	explicit_bzero(s->secret, sizeof s->secret);
	*s = (struct link_settings){ .line = 0 };
}

static bool copy_text(const char *from, char **ret)
{
	*ret = from != NULL ? strdup(from) : NULL;
	return from == NULL || *ret != NULL;
}

bool link_settings_copy(const struct link_settings *from, struct link_settings *ret)
{
	struct link_settings s = *from;
	bool good = copy_text(from->device, &s.device);
	good = copy_text(from->connection, &s.connection) && good;
	good = copy_text(from->operator_, &s.operator_) && good;
	good = copy_text(from->pin, &s.pin) && good;
	good = copy_text(from->imei, &s.imei) && good;
	good = copy_text(from->record, &s.record) && good;
	good = copy_text(from->dialect, &s.dialect) && good;
	good = copy_text(from->reset_hook, &s.reset_hook) && good;
	if (!good) {
		link_settings_free(&s);
		return false;
	}
	*ret = s;
	return true;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool link_settings_same_modem(const struct link_settings *a, const struct link_settings *b)
{
	return same(a->imei, b->imei) && same(a->record, b->record) && same(a->device, b->device) &&
	       same(a->pin, b->pin) && same(a->connection, b->connection) && a->fast == b->fast &&
	       a->poll_s == b->poll_s;
}
