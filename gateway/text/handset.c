/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/handset.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct err handset_new(enum handset_asks asks, struct handset **ret)
{
	struct handset *h = calloc(1, sizeof *h);
	if (h == NULL)
		return err_make(ERR_MEMORY, "use a virtual phone", NULL, NULL);
	h->asks = asks;
	buf_init(&h->text, TEXT_OCTETS_MAX);
	*ret = h;
	return ERR_NONE_VALUE;
}

void handset_free(void *handset)
{
	struct handset *h = handset;
	if (h == NULL)
		return;
	buf_wipe(&h->text);
	explicit_bzero(h, sizeof *h);
	free(h);
}
