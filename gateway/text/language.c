/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/language.h"

#include <string.h>

#include "base/banned.h"

static const char *const tags[LANGUAGE_COUNT] = {
#define X(id, tag) [LANGUAGE_##id] = tag,
	LANGUAGES(X)
#undef X
};

const char *language_tag(enum language l)
{
	return l < LANGUAGE_COUNT ? tags[l] : "und";
}

static char plain(char c)
{
	if (c == '_')
		return '-';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool language_parse(struct span tag, enum language *ret)
{
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		size_t i = 0;
		while (i < tag.n && tags[l][i] != '\0' && plain((char)tag.p[i]) == plain(tags[l][i]))
			i++;
		if (i == tag.n && tags[l][i] == '\0') {
			*ret = (enum language)l;
			return true;
		}
	}
	return false;
}
