/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keys new: makes the ring of contacts, consent and STOP. unlock: lets the daemon use it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/passphrase.h"
#include "programs/safar.h"
#include "vault/vault.h"
#include "base/banned.h"

/* The daemon must be able to read what is made here. */
static struct err open_folder(const char *folder)
{
	struct stat st;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return err_os(errno, "make the data folder", "make its parent folder first", "%.120s",
		              folder);
	if (stat(folder, &st) != 0)
		return err_os(errno, "read the data folder", NULL, "%.120s", folder);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return err_make(ERR_REFUSED, "use the data folder",
		                "run this as the user whose folder it is, with sudo -u", "%.120s", folder);
	return ERR_NONE_VALUE;
}

static struct err make_keys(const struct settings *s)
{
	struct passphrase p = { .n = 0 };
	struct err e = open_folder(s->node_data);
	if (!err_is(e) && vault_people_exists(s->node_data, s->keys_file))
		e = err_make(ERR_REFUSED, "make new people keys",
		             "keep those that are there: without them what they seal is lost",
		             NULL);
	if (!err_is(e) && s->keys_file[0] == '\0')
		e = passphrase_read(true, &p);
	if (!err_is(e))
		e = vault_people_new(s->node_data, s->keys_file, passphrase_span(&p));
	passphrase_wipe(&p);
	return e;
}

int verb_keys(const struct call *c)
{
	const struct settings *s = c->settings;
	if (strcmp(c->argument[0], "new") != 0) {
		const struct err e = err_make(ERR_INPUT, "do that with keys", "say: safar keys new", NULL);
		return fail(c, &e);
	}
	const struct err e = make_keys(s);
	if (err_is(e))
		return fail(c, &e);
	if (has(c, OPTION_JSON))
		(void)puts("{\"ok\":true}");
	else if (s->keys_file[0] != '\0')
		(void)printf("The people keys are in %s. Keep a copy in a safe place; whoever has this file "
		             "and the store can list the contacts.\n", s->keys_file);
	else
		(void)printf("The people keys are in %s/people.ring, under the passphrase. Write that down "
		             "in a safe place. With safard running, open them: safar unlock\n",
		             s->node_data);
	return 0;
}

int verb_unlock(const struct call *c)
{
	struct passphrase p = { .n = 0 };
	struct buf request, last;
	request_start(&request, 2 * 6 * PASSPHRASE_MAX, "unlock");
	buf_init(&last, 4096);
	if (c->settings->keys_file[0] == '\0') { /* with a file the daemon reads that */
		const struct err e = passphrase_read(false, &p);
		if (err_is(e)) {
			passphrase_wipe(&p);
			buf_wipe(&request);
			return fail(c, &e);
		}
		json_span(&request, "passphrase", passphrase_span(&p));
	}
	passphrase_wipe(&p);
	const int code = ask(c, &request, NULL, NULL, &last);
	if (code == 0)
		(void)puts(has(c, OPTION_JSON) ? "{\"ok\":true,\"people\":\"open\"}"
		                               : "The people keys are open.");
	buf_wipe(&request);
	buf_free(&last);
	return code;
}
