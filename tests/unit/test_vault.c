/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sealed opens where it belongs and nowhere else; what is destroyed is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "vault/vault.h"
#include "base/banned.h"

#define TODAY (INT64_C(20781) * DAY_MS + 12345) /* 24 November 2026 */
#define PASSPHRASE "qyzyl alma 7"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const struct seal_place number_of_7 = { "delivery", "number", 7 };
static const struct seal_place number_of_8 = { "delivery", "number", 8 };
static const struct seal_place text_of_7 = { "delivery", "text", 7 };
static const struct seal_place contact_7 = { "contact", "number", 7 };

struct world {
	char folder[64];
	struct vault *v;
};

/* ---- given, when, then */

static void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

static int given_folder(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	if (w == NULL || !text_copy(w->folder, sizeof w->folder, "/tmp/safar-vault-XXXXXX") ||
	    mkdtemp(w->folder) == NULL)
		return 1;
	*state = w;
	return 0;
}

static const char *path_in(const struct world *w, const char *name)
{
	static char path[4][128];
	static unsigned turn;
	char *p = path[turn++ % 4];
	(void)snprintf(p, sizeof path[0], "%s/%s", w->folder, name);
	return p;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "live.ring", "live.ring.new", "people.ring", "people.key",
		"old", "pipe" };
	struct world *w = *state;
	vault_close(w->v);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		(void)unlink(path_in(w, names[i]));
	(void)rmdir(path_in(w, "live.ring.new"));
	int rc = rmdir(w->folder); /* nothing else was left there */
	free(w);
	return rc;
}

static int given_vault(void **state)
{
	if (given_folder(state) != 0)
		return 1;
	struct world *w = *state;
	return err_is(vault_open(w->folder, &w->v)) ? 1 : 0;
}

static void when_started_again(struct world *w)
{
	vault_close(w->v);
	w->v = NULL;
	must(vault_open(w->folder, &w->v));
}

static int64_t version_at(struct world *w, enum ring ring, int64_t now_ms)
{
	int64_t version = -1;
	must(vault_version(w->v, ring, now_ms, &version));
	return version;
}

static struct buf sealed(struct world *w, enum ring ring, int64_t version, struct seal_place place,
                         const char *plain)
{
	struct buf b;
	buf_init(&b, 1000);
	must(vault_seal(w->v, ring, version, place, span_of(plain), &b));
	assert_int_equal(b.n, strlen(plain) + SEAL_OVERHEAD);
	assert_true(plain[0] == '\0' || memmem(b.p, b.n, plain, strlen(plain)) == NULL);
	return b;
}

static enum err_code opened(struct world *w, enum ring ring, int64_t version,
                            struct seal_place place, struct span octets, const char *plain)
{
	struct buf b;
	buf_init(&b, 1000);
	struct err e = vault_unseal(w->v, ring, version, place, octets, &b);
	if (!err_is(e))
		assert_true(span_is(buf_span(&b), plain));
	else
		assert_int_equal(b.n, 0);
	buf_wipe(&b);
	return e.code;
}

static struct buf content_of(const char *path)
{
	struct buf b;
	uint8_t octets[4096];
	buf_init(&b, 100000);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	ssize_t n = 0;
	while ((n = read(fd, octets, sizeof octets)) > 0)
		buf_add(&b, span_make(octets, (size_t)n));
	(void)close(fd);
	return b;
}

static void write_file(const char *path, struct span octets, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets.p, octets.n), octets.n);
	assert_int_equal(fchmod(fd, mode), 0);
	(void)close(fd);
}

/* ---- sealing */

static void a_seal_opens_only_in_its_own_row_field_table_version_and_ring(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	const int64_t tomorrow = version_at(w, RING_LIVE, TODAY + DAY_MS);
	const int64_t node = version_at(w, RING_NODE, TODAY);
	struct buf b = sealed(w, RING_LIVE, today, number_of_7, "77010000045");
	struct span s = buf_span(&b);
	assert_int_equal(opened(w, RING_LIVE, today, number_of_7, s, "77010000045"), ERR_OK);
	assert_int_equal(opened(w, RING_LIVE, today, number_of_8, s, ""), ERR_DATA);
	assert_int_equal(opened(w, RING_LIVE, today, text_of_7, s, ""), ERR_DATA);
	assert_int_equal(opened(w, RING_LIVE, today, contact_7, s, ""), ERR_DATA);
	assert_int_equal(opened(w, RING_LIVE, tomorrow, number_of_7, s, ""), ERR_DATA);
	assert_int_equal(opened(w, RING_NODE, node, number_of_7, s, ""), ERR_DATA);
	buf_free(&b);
}

static void a_seal_that_was_changed_anywhere_or_cut_does_not_open(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	struct buf b = sealed(w, RING_LIVE, today, number_of_7, "komek");
	for (size_t i = 0; i < b.n; i++) {
		b.p[i] ^= 0x10;
		assert_int_equal(opened(w, RING_LIVE, today, number_of_7, buf_span(&b), ""), ERR_DATA);
		b.p[i] ^= 0x10;
		assert_int_equal(opened(w, RING_LIVE, today, number_of_7, span_make(b.p, i), ""), ERR_DATA);
	}
	buf_free(&b);
}

static void equal_texts_have_different_seals(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	struct buf a = sealed(w, RING_LIVE, today, number_of_7, "komek");
	struct buf b = sealed(w, RING_LIVE, today, number_of_7, "komek");
	assert_memory_not_equal(a.p + 24, b.p + 24, a.n - 24);
	buf_free(&a);
	buf_free(&b);
	a = sealed(w, RING_LIVE, today, number_of_7, ""); /* an empty one too */
	assert_int_equal(opened(w, RING_LIVE, today, number_of_7, buf_span(&a), ""), ERR_OK);
	buf_free(&a);
}

static void what_has_no_room_is_neither_sealed_nor_opened_by_half(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	for (size_t room = 3; room < 3 + 5 + SEAL_OVERHEAD; room++) {
		struct buf b;
		buf_init(&b, room);
		buf_add_text(&b, "abc");
		struct err e = vault_seal(w->v, RING_LIVE, today, number_of_7, span_of("komek"), &b);
		assert_int_equal(e.code, ERR_BUSY);
		assert_int_equal(b.n, 3);
		buf_free(&b);
	}
	struct buf whole = sealed(w, RING_LIVE, today, number_of_7, "komek"), b;
	buf_init(&b, 4);
	struct err e = vault_unseal(w->v, RING_LIVE, today, number_of_7, buf_span(&whole), &b);
	assert_int_equal(e.code, ERR_BUSY);
	assert_int_equal(b.n, 0);
	buf_free(&b);
	buf_free(&whole);
}

static void a_hash_is_the_same_only_for_its_purpose_and_version(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	const int64_t tomorrow = version_at(w, RING_LIVE, TODAY + DAY_MS);
	struct hash a, b;
	must(vault_hash(w->v, RING_LIVE, today, "number", span_of("77010000045"), &a));
	must(vault_hash(w->v, RING_LIVE, today, "number", span_of("77010000045"), &b));
	assert_memory_equal(a.octets, b.octets, HASH_SIZE);
	must(vault_hash(w->v, RING_LIVE, today, "tail", span_of("77010000045"), &b));
	assert_memory_not_equal(a.octets, b.octets, HASH_SIZE);
	must(vault_hash(w->v, RING_LIVE, tomorrow, "number", span_of("77010000045"), &b));
	assert_memory_not_equal(a.octets, b.octets, HASH_SIZE);
	must(vault_hash(w->v, RING_LIVE, today, "number", span_of("77010000046"), &b));
	assert_memory_not_equal(a.octets, b.octets, HASH_SIZE);
	when_started_again(w);
	must(vault_hash(w->v, RING_LIVE, today, "number", span_of("77010000045"), &b));
	assert_memory_equal(a.octets, b.octets, HASH_SIZE);
}

/* ---- versions */

static void a_live_key_turns_with_the_day_and_a_session_key_with_the_hour(void **state)
{
	struct world *w = *state;
	assert_int_equal(version_at(w, RING_LIVE, TODAY), TODAY / DAY_MS);
	assert_int_equal(version_at(w, RING_LIVE, TODAY + 1), TODAY / DAY_MS);
	assert_int_equal(version_at(w, RING_LIVE, TODAY + DAY_MS), TODAY / DAY_MS + 1);
	assert_int_equal(version_at(w, RING_SESSION, TODAY), TODAY / 3600000);
	assert_int_equal(version_at(w, RING_NODE, TODAY), 1);
	assert_int_equal(version_at(w, RING_NODE, TODAY + 99 * DAY_MS), 1);
	/* newest first, also when the clock went back in between */
	(void)version_at(w, RING_LIVE, TODAY - DAY_MS);
	int64_t versions[8];
	size_t n = 0;
	vault_versions(w->v, RING_LIVE, versions, 8, &n);
	assert_int_equal(n, 3);
	assert_true(versions[0] > versions[1] && versions[1] > versions[2]);
	vault_versions(w->v, RING_LIVE, versions, 2, &n);
	assert_int_equal(n, 2);
	vault_versions(w->v, RING_PEOPLE, versions, 8, &n);
	assert_int_equal(n, 0);
}

static void a_restart_loses_no_key(void **state)
{
	struct world *w = *state;
	const int64_t day = version_at(w, RING_LIVE, TODAY), hour = version_at(w, RING_SESSION, TODAY);
	const int64_t node = version_at(w, RING_NODE, TODAY);
	struct buf a = sealed(w, RING_LIVE, day, number_of_7, "live");
	struct buf b = sealed(w, RING_SESSION, hour, number_of_7, "session");
	struct buf c = sealed(w, RING_NODE, node, number_of_7, "node");
	when_started_again(w);
	assert_int_equal(opened(w, RING_LIVE, day, number_of_7, buf_span(&a), "live"), ERR_OK);
	assert_int_equal(opened(w, RING_SESSION, hour, number_of_7, buf_span(&b), "session"), ERR_OK);
	assert_int_equal(opened(w, RING_NODE, node, number_of_7, buf_span(&c), "node"), ERR_OK);
	buf_free(&a);
	buf_free(&b);
	buf_free(&c);
}

static void a_retired_key_opens_nothing_and_is_in_no_file(void **state)
{
	struct world *w = *state;
	const int64_t old = version_at(w, RING_LIVE, TODAY - 2 * DAY_MS);
	struct buf b = sealed(w, RING_LIVE, old, number_of_7, "77010000045");
	struct buf before = content_of(path_in(w, "live.ring"));
	assert_int_equal(link(path_in(w, "live.ring"), path_in(w, "old")), 0);
	(void)version_at(w, RING_LIVE, TODAY);
	must(vault_retire(w->v, RING_LIVE, old + 1, TODAY));
	assert_int_equal(opened(w, RING_LIVE, old, number_of_7, buf_span(&b), ""), ERR_ABSENT);
	when_started_again(w);
	assert_int_equal(opened(w, RING_LIVE, old, number_of_7, buf_span(&b), ""), ERR_ABSENT);
	/* the blocks of the file before were overwritten */
	struct buf after = content_of(path_in(w, "old"));
	assert_int_equal(after.n, before.n);
	for (size_t i = 0; i < after.n; i++)
		assert_int_equal(after.p[i], 0);
	buf_free(&before);
	buf_free(&after);
	buf_free(&b);
}

static void the_key_of_today_is_never_retired(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	must(vault_retire(w->v, RING_LIVE, today + 100, TODAY));
	struct buf b = sealed(w, RING_LIVE, today, number_of_7, "komek");
	buf_free(&b);
	assert_int_equal(vault_retire(w->v, RING_NODE, 100, TODAY).code, ERR_INPUT);
	assert_int_equal(vault_retire(w->v, RING_PEOPLE, 100, TODAY).code, ERR_INPUT);
}

static void a_key_that_cannot_be_written_seals_nothing(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	int64_t version = -1;
	assert_int_equal(mkdir(path_in(w, "live.ring.new"), 0700), 0); /* in the way of every write */
	assert_true(err_is(vault_version(w->v, RING_LIVE, TODAY + DAY_MS, &version)));
	assert_int_equal(version, -1);
	/* nor is one destroyed in memory forgotten on the disk */
	assert_int_equal(rmdir(path_in(w, "live.ring.new")), 0);
	(void)version_at(w, RING_LIVE, TODAY + DAY_MS);
	assert_int_equal(mkdir(path_in(w, "live.ring.new"), 0700), 0);
	assert_true(err_is(vault_retire(w->v, RING_LIVE, today + 1, TODAY + DAY_MS)));
	assert_int_equal(rmdir(path_in(w, "live.ring.new")), 0);
	must(vault_retire(w->v, RING_LIVE, today + 1, TODAY + DAY_MS));
	when_started_again(w);
	int64_t versions[4];
	size_t n = 0;
	vault_versions(w->v, RING_LIVE, versions, 4, &n);
	assert_int_equal(n, 1);
}

static void a_write_that_was_cut_short_does_no_harm(void **state)
{
	struct world *w = *state;
	const int64_t today = version_at(w, RING_LIVE, TODAY);
	struct buf b = sealed(w, RING_LIVE, today, number_of_7, "komek");
	write_file(path_in(w, "live.ring.new"), span_of("safar-live-1\nlive 207"), 0600);
	when_started_again(w);
	assert_int_equal(opened(w, RING_LIVE, today, number_of_7, buf_span(&b), "komek"), ERR_OK);
	(void)version_at(w, RING_LIVE, TODAY + DAY_MS);
	assert_int_not_equal(access(path_in(w, "live.ring.new"), F_OK), 0);
	buf_free(&b);
}

/* ---- files */

static void a_ring_that_others_may_read_is_refused(void **state)
{
	struct world *w = *state;
	struct vault *v = NULL;
	struct stat st;
	assert_int_equal(stat(path_in(w, "live.ring"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	static const mode_t modes[] = { 0640, 0604, 0660 };
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(chmod(path_in(w, "live.ring"), modes[i]), 0);
		assert_int_equal(vault_open(w->folder, &v).code, ERR_REFUSED);
		assert_null(v);
	}
}

static void a_ring_that_is_not_whole_is_refused_and_left_as_it_is(void **state)
{
	struct world *w = *state;
	struct vault *v = NULL;
	(void)version_at(w, RING_LIVE, TODAY);
	struct buf whole = content_of(path_in(w, "live.ring"));
	for (size_t n = 0; n < whole.n; n++) {
		/* cut behind a whole line it can't be told; the rename sees to that */
		if (whole.p[n] == '\n' || (n > 0 && whole.p[n - 1] == '\n'))
			continue;
		write_file(path_in(w, "live.ring"), span_make(whole.p, n), 0600);
		assert_int_equal(vault_open(w->folder, &v).code, ERR_DATA);
		struct stat st;
		assert_int_equal(stat(path_in(w, "live.ring"), &st), 0);
		assert_int_equal(st.st_size, n);
	}
	static const char *const bad[] = { "safar-live-2\n", "safar-live-1\nlive -1 " ZEROS "\n",
		"safar-live-1\npeople 1 " ZEROS "\n", "safar-live-1\nlive 1 " ZEROS "00\n",
		"safar-live-1\nlive 1 zz\n", "safar-live-1\nnode 1 " ZEROS "\nnode 1 " ZEROS "\n",
		"safar-live-1\n\n", "safar-live-1\nlive", "safar-live-1\nlive \n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		write_file(path_in(w, "live.ring"), span_of(bad[i]), 0600);
		assert_int_equal(vault_open(w->folder, &v).code, ERR_DATA);
	}
	buf_free(&whole);
}

static void a_pipe_in_place_of_keys_does_not_hang_the_daemon(void **state)
{
	struct world *w = *state;
	assert_int_equal(mkfifo(path_in(w, "pipe"), 0600), 0);
	assert_int_equal(vault_people_open_file(w->v, path_in(w, "pipe")).code, ERR_REFUSED);
}

/* ---- people */

static void the_people_ring_is_closed_until_someone_opens_it(void **state)
{
	struct world *w = *state;
	uint8_t public_key[PUBLIC_KEY_SIZE];
	int64_t version = -1;
	struct hash h;
	struct buf b;
	buf_init(&b, 1000);
	assert_false(vault_people_is_open(w->v));
	assert_int_equal(vault_version(w->v, RING_PEOPLE, TODAY, &version).code, ERR_LOCKED);
	assert_int_equal(vault_hash(w->v, RING_PEOPLE, 1, "number", span_of("7"), &h).code, ERR_LOCKED);
	assert_int_equal(vault_people_public(w->v, public_key).code, ERR_LOCKED);
	assert_int_equal(vault_unbox(w->v, span_of("box"), &b).code, ERR_LOCKED);
	assert_int_equal(vault_people_unlock(w->v, w->folder, span_of(PASSPHRASE)).code, ERR_ABSENT);
	buf_free(&b);
}

static void a_key_file_opens_the_people_ring_on_every_start(void **state)
{
	struct world *w = *state;
	const char *key = path_in(w, "people.key");
	assert_false(vault_people_exists(w->folder, key));
	must(vault_people_new(w->folder, key, span_of("")));
	assert_true(vault_people_exists(w->folder, key));
	assert_int_equal(vault_people_new(w->folder, key, span_of("")).code, ERR_REFUSED);
	struct stat st;
	assert_int_equal(stat(key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	must(vault_people_open_file(w->v, key));
	const int64_t version = version_at(w, RING_PEOPLE, TODAY);
	struct buf b = sealed(w, RING_PEOPLE, version, contact_7, "77010000045");
	when_started_again(w);
	assert_int_equal(opened(w, RING_PEOPLE, version, contact_7, buf_span(&b), ""), ERR_LOCKED);
	must(vault_people_open_file(w->v, key));
	assert_int_equal(opened(w, RING_PEOPLE, version, contact_7, buf_span(&b), "77010000045"),
	                 ERR_OK);
	buf_free(&b);
}

static void a_key_file_that_is_not_ours_is_refused(void **state)
{
	struct world *w = *state;
	const char *key = path_in(w, "people.key");
	static const char *const bad[] = { "", "\n", "safar-people-1:", "safar-people-1:00",
		"safar-people-2:" ZEROS "\n",
		"safar-people-1:" ZEROS " 00\n" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		write_file(key, span_of(bad[i]), 0600);
		assert_int_equal(vault_people_open_file(w->v, key).code, ERR_DATA);
	}
	struct buf large;
	buf_init(&large, 10000);
	for (int i = 0; i < 10000; i++)
		buf_add_octet(&large, '0');
	write_file(key, buf_span(&large), 0600);
	assert_int_equal(vault_people_open_file(w->v, key).code, ERR_DATA);
	buf_free(&large);
	write_file(key, span_of("safar-people-1:00"), 0644);
	assert_int_equal(vault_people_open_file(w->v, key).code, ERR_REFUSED);
	assert_int_equal(vault_people_open_file(w->v, path_in(w, "none")).code, ERR_ABSENT);
	assert_false(vault_people_is_open(w->v));
}

static void a_wrong_passphrase_opens_nothing_and_the_right_one_all(void **state)
{
	struct world *w = *state;
	assert_int_equal(vault_people_new(w->folder, "", span_of("short")).code, ERR_INPUT);
	assert_false(vault_people_exists(w->folder, ""));
	must(vault_people_new(w->folder, "", span_of(PASSPHRASE)));
	struct buf file = content_of(path_in(w, "people.ring"));
	assert_null(memmem(file.p, file.n, PASSPHRASE, strlen(PASSPHRASE)));
	assert_int_equal(vault_people_unlock(w->v, w->folder, span_of("qyzyl alma 8")).code,
	                 ERR_REFUSED);
	assert_false(vault_people_is_open(w->v));
	must(vault_people_unlock(w->v, w->folder, span_of(PASSPHRASE)));
	assert_false(vault_people_is_open(w->v)); /* until the store has seen that it is its own */
	vault_people_admit(w->v, true);
	assert_true(vault_people_is_open(w->v));
	uint8_t told[PUBLIC_KEY_SIZE], own[PUBLIC_KEY_SIZE];
	must(vault_people_ring_public(w->folder, told));
	must(vault_people_public(w->v, own));
	assert_memory_equal(told, own, sizeof own);
	/* changed by somebody, cut, or with limits that would stop the machine */
	uint8_t *sealed_end = memrchr(file.p, '\n', file.n - 1); /* the line before the last */
	sealed_end[-1] = sealed_end[-1] == '0' ? '1' : '0';
	write_file(path_in(w, "people.ring"), buf_span(&file), 0600);
	assert_int_equal(vault_people_unlock(w->v, w->folder, span_of(PASSPHRASE)).code, ERR_REFUSED);
	write_file(path_in(w, "people.ring"), span_make(file.p, file.n - 9), 0600);
	assert_int_equal(vault_people_unlock(w->v, w->folder, span_of(PASSPHRASE)).code, ERR_DATA);
	write_file(path_in(w, "people.ring"),
	           span_of("safar-people-passphrase-1\n4\n9999999999999\n00\n00\n00\n"), 0600);
	assert_int_equal(vault_people_unlock(w->v, w->folder, span_of(PASSPHRASE)).code, ERR_DATA);
	buf_free(&file);
}

static void keys_that_the_store_does_not_know_are_cleared(void **state)
{
	struct world *w = *state;
	int64_t version = -1;
	const char *key = path_in(w, "people.key");
	vault_people_admit(w->v, true); /* nothing is there to be admitted */
	assert_false(vault_people_is_open(w->v));
	must(vault_people_new(w->folder, key, span_of("")));
	must(vault_people_open_file(w->v, key));
	vault_people_admit(w->v, false);
	assert_false(vault_people_is_open(w->v));
	assert_int_equal(vault_version(w->v, RING_PEOPLE, TODAY, &version).code, ERR_LOCKED);
}

static void a_stop_sealed_while_locked_is_read_when_the_ring_is_opened(void **state)
{
	struct world *w = *state;
	uint8_t public_key[PUBLIC_KEY_SIZE];
	struct buf box, plain;
	buf_init(&box, 1000);
	buf_init(&plain, 1000);
	must(vault_people_new(w->folder, path_in(w, "people.key"), span_of("")));
	must(vault_people_open_file(w->v, path_in(w, "people.key")));
	must(vault_people_public(w->v, public_key));
	when_started_again(w); /* locked */
	must(vault_box(public_key, span_of("77010000045"), &box));
	assert_int_equal(box.n, 11 + BOX_OVERHEAD);
	assert_int_equal(vault_unbox(w->v, buf_span(&box), &plain).code, ERR_LOCKED);
	must(vault_people_open_file(w->v, path_in(w, "people.key")));
	must(vault_unbox(w->v, buf_span(&box), &plain));
	assert_true(span_is(buf_span(&plain), "77010000045"));
	box.p[box.n - 1] ^= 1;
	assert_int_equal(vault_unbox(w->v, buf_span(&box), &plain).code, ERR_DATA);
	assert_int_equal(vault_unbox(w->v, span_make(box.p, BOX_OVERHEAD - 1), &plain).code, ERR_DATA);
	uint8_t large[600] = { 0 };
	assert_int_equal(vault_box(public_key, span_make(large, sizeof large), &box).code, ERR_INPUT);
	buf_wipe(&box);
	buf_wipe(&plain);
}

/* ---- the process */

static void a_hardened_process_leaves_no_core(void **state)
{
	(void)state;
	const pid_t child = fork(); /* it can't be undone, and other stories need their debugger */
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = { 1, 1 };
		const bool hard = !err_is(vault_harden_process()) && getrlimit(RLIMIT_CORE, &limit) == 0 &&
		                  limit.rlim_cur == 0 && limit.rlim_max == 0 &&
		                  prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
		_exit(hard ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void keys_that_cannot_be_locked_are_still_keys(void **state)
{
	struct world *w = *state;
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit none = { 0, 0 };
		struct vault *v = NULL;
		const bool good = setrlimit(RLIMIT_MEMLOCK, &none) == 0 &&
		                  !err_is(vault_open(w->folder, &v));
		vault_close(v);
		_exit(good ? 0 : 1);
	}
	int status = 1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, given_vault, remove_folder)
	const struct CMUnitTest stories[] = {
		STORY(a_seal_opens_only_in_its_own_row_field_table_version_and_ring),
		STORY(a_seal_that_was_changed_anywhere_or_cut_does_not_open),
		STORY(equal_texts_have_different_seals),
		STORY(what_has_no_room_is_neither_sealed_nor_opened_by_half),
		STORY(a_hash_is_the_same_only_for_its_purpose_and_version),
		STORY(a_live_key_turns_with_the_day_and_a_session_key_with_the_hour),
		STORY(a_restart_loses_no_key),
		STORY(a_retired_key_opens_nothing_and_is_in_no_file),
		STORY(the_key_of_today_is_never_retired),
		STORY(a_key_that_cannot_be_written_seals_nothing),
		STORY(a_write_that_was_cut_short_does_no_harm),
		STORY(a_ring_that_others_may_read_is_refused),
		STORY(a_ring_that_is_not_whole_is_refused_and_left_as_it_is),
		STORY(a_pipe_in_place_of_keys_does_not_hang_the_daemon),
		STORY(the_people_ring_is_closed_until_someone_opens_it),
		STORY(a_key_file_opens_the_people_ring_on_every_start),
		STORY(a_key_file_that_is_not_ours_is_refused),
		STORY(a_wrong_passphrase_opens_nothing_and_the_right_one_all),
		STORY(keys_that_the_store_does_not_know_are_cleared),
		STORY(a_stop_sealed_while_locked_is_read_when_the_ring_is_opened),
		STORY(a_hardened_process_leaves_no_core),
		STORY(keys_that_cannot_be_locked_are_still_keys),
	};
	return cmocka_run_group_tests_name("vault", stories, NULL, NULL);
}
