/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which device a link's modem is at. With an `imei`, `device` may be a pattern: the candidates are
 * tried one after the other, the last right one first, until the modem at one has that IMEI. Two links
 * that try the same one are kept apart by its lock: who comes second goes on to the next. */
#include "link/modem/inside.h"

#include <glob.h>
#include <string.h>

#include "base/log.h"
#include "base/banned.h"

bool keeper_searches(const struct keeper *k)
{
	return k->set.imei != NULL && k->set.imei[0] != '\0';
}

/* The nth path of the pattern, the one that was right before left out. */
static bool nth_match(const struct keeper *k, unsigned nth, char *ret, size_t room)
{
	glob_t g;
	bool found = false;
	if (glob(k->set.device, 0, NULL, &g) != 0)
		return false;
	for (size_t i = 0; i < g.gl_pathc && !found; i++) {
		if (strcmp(g.gl_pathv[i], k->found) == 0)
			continue;
		if (nth-- == 0) {
			found = text_copy(ret, room, g.gl_pathv[i]);
			break;
		}
	}
	globfree(&g);
	return found;
}

bool keeper_find_device(struct keeper *k)
{
	k->is_ours = false;
	if (!keeper_searches(k))
		return text_copy(k->device, sizeof k->device, k->set.device);
	const unsigned first = k->found[0] != '\0' ? 1 : 0;
	if (k->candidate < first)
		return text_copy(k->device, sizeof k->device, k->found);
	if (nth_match(k, k->candidate - first, k->device, sizeof k->device))
		return true;
	k->candidate = 0; /* from the first one again, after a pause */
	return false;
}

/* The process at this device ended before it had shown our modem: true, and the next is tried. A modem
 * that is mute at its known place isn't looked for elsewhere before the ladder has been tried. */
bool keeper_next_device(struct keeper *k)
{
	if (!keeper_searches(k) || k->is_ours || k->restart_asked)
		return false;
	if (k->mute && strcmp(k->device, k->found) == 0)
		return false;
	k->candidate++;
	k->mute = false;
	return true;
}

void keeper_found_device(struct keeper *k)
{
	k->is_ours = true;
	k->candidate = 0;
	if (strcmp(k->found, k->device) == 0)
		return;
	(void)text_copy(k->found, sizeof k->found, k->device);
	struct work *w = keeper_work(k, WORK_DEVICE);
	if (w == NULL)
		return;
	(void)text_copy(w->device, sizeof w->device, k->device);
	keeper_submit(k, w);
}

struct recalled {
	const char *link;
	char *device;
	size_t room;
};

static struct err recall(struct txn *tx, void *arg)
{
	struct recalled *r = arg;
	return found_device_get(tx, r->link, r->device, r->room);
}

void keeper_recall_device(struct keeper *k)
{
	struct recalled r = { k->set.name, k->found, sizeof k->found };
	if (!keeper_searches(k))
		return;
	struct err e = store_read(k->hub->store, recall, &r);
	if (err_is(e)) {
		log_err(&e); /* then it is looked for */
		k->found[0] = '\0';
	}
}

bool keeper_is_ours(const struct keeper *k)
{
	return k->is_ours || !keeper_searches(k);
}

/* FNV-1a: what changes is seen; nothing hangs on it being missed but a wait. */
uint64_t keeper_devices(const struct keeper *k)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	glob_t g;
	if (glob(k->set.device, 0, NULL, &g) != 0)
		return 0;
	for (size_t i = 0; i < g.gl_pathc; i++)
		for (const char *at = g.gl_pathv[i]; *at != '\0'; at++)
			hash = (hash ^ (uint8_t)*at) * UINT64_C(1099511628211);
	globfree(&g);
	return hash;
}
