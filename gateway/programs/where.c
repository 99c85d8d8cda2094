/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/where.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#ifndef SAFAR_DATADIR
#define SAFAR_DATADIR "/usr/local/share/safar"
#endif

/* Both folders lie in `parent`. */
static bool take_beside(const char *parent, const char *between, struct where *ret)
{
	char file[FOLDER_LIMIT + 32];
	const int m = snprintf(ret->messages, sizeof ret->messages, "%s%s/messages", parent, between);
	const int l = snprintf(ret->locales, sizeof ret->locales, "%s%s/locales", parent, between);
	if (m >= (int)sizeof ret->messages || l >= (int)sizeof ret->locales)
		return false;
	(void)snprintf(file, sizeof file, "%s/directory.json", ret->messages);
	return access(file, F_OK) == 0 && access(ret->locales, F_OK) == 0;
}

static struct err take_configured(const char *path, struct where *ret)
{
	struct settings *s = NULL;
	struct err e = settings_read(path, NULL, NULL, &s);
	if (err_is(e))
		return e;
	if (!text_copy(ret->messages, sizeof ret->messages, s->content_messages) ||
	    !text_copy(ret->locales, sizeof ret->locales, s->content_locales)) {
		settings_free(s);
		return err_make(ERR_CONFIG, "find the texts", "choose a shorter path", NULL);
	}
	ret->settings = s;
	ret->allow_draft = s->content_allow_draft;
	return ERR_NONE_VALUE;
}

static bool take_clone(struct where *ret)
{
	char self[PATH_MAX];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n <= 0)
		return false;
	self[n] = '\0';
	char *slash = strrchr(self, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return take_beside(self, "", ret) || take_beside(self, "/..", ret);
}

struct err where_content(const char *config, struct where *ret)
{
	struct where w = { .settings = NULL, .allow_draft = "" };
	struct err e = ERR_NONE_VALUE;
	if (config != NULL || access(DEFAULT_CONFIG, F_OK) == 0 || errno != ENOENT)
		e = take_configured(config != NULL ? config : DEFAULT_CONFIG, &w);
	else if (!take_beside(SAFAR_DATADIR, "", &w) && !take_clone(&w))
		e = err_make(ERR_ABSENT, "find the folders messages and locales",
		             "name a configuration that names them: -c FILE", NULL);
	if (!err_is(e))
		*ret = w;
	return e;
}

void where_free(struct where *w)
{
	settings_free(w->settings);
	w->settings = NULL;
}
