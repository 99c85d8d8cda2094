/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define FILE_LIMIT 65536
#define PATH_LIMIT 4096
#define HEAD "safar-live-1"

static const char *const ring_words[RING_COUNT] = { [RING_LIVE] = "live",
	[RING_SESSION] = "session", [RING_NODE] = "node", [RING_PEOPLE] = "people" };

const struct ring_key *ring_find(const struct ring_keys *k, int64_t version)
{
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i].version == version)
			return &k->keys[i];
	return NULL;
}

static struct err ring_add(struct ring_keys *k, int64_t version, const uint8_t key[KEY_SIZE])
{
	if (k->count == RING_VERSIONS_MAX)
		return err_make(ERR_BUSY, "keep one more key", "is the clock right?", NULL);
	k->keys[k->count].version = version;
	memcpy(k->keys[k->count].key, key, KEY_SIZE);
	k->count++;
	return ERR_NONE_VALUE;
}

struct err ring_make(struct ring_keys *k, int64_t version)
{
	uint8_t key[KEY_SIZE];
	randombytes_buf(key, sizeof key);
	struct err e = ring_add(k, version, key);
	sodium_memzero(key, sizeof key);
	return e;
}

bool ring_drop_older(struct ring_keys *k, int64_t oldest, int64_t keep)
{
	size_t left = 0;
	for (size_t i = 0; i < k->count; i++)
		if (k->keys[i].version >= oldest || k->keys[i].version == keep)
			k->keys[left++] = k->keys[i];
	bool dropped = left < k->count;
	sodium_memzero(&k->keys[left], (k->count - left) * sizeof k->keys[0]);
	k->count = left;
	return dropped;
}

/* ---- files of secrets */

struct err secret_file_read(const char *path, struct buf *ret)
{
	/* not blocking: somebody may have put a pipe there */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_make(ERR_ABSENT, "read the keys", "make them with `safar keys new`", "%.120s",
		                path);
	if (fd < 0)
		return err_os(errno, "read the keys", NULL, "%.120s", path);
	struct err e = ERR_NONE_VALUE;
	struct stat st;
	uint8_t octets[4096];
	ssize_t n = 0;
	if (fstat(fd, &st) != 0)
		e = err_os(errno, "read the keys", NULL, "%.120s", path);
	else if (!S_ISREG(st.st_mode))
		e = err_make(ERR_REFUSED, "trust the keys", "they are kept in a plain file", "%.120s",
		             path);
	else if ((st.st_mode & 077) != 0)
		e = err_make(ERR_REFUSED, "trust the keys", "others may read that file: chmod 600",
		             "%.120s", path);
	while (!err_is(e) && (n = read(fd, octets, sizeof octets)) > 0)
		buf_add(ret, span_make(octets, (size_t)n));
	if (!err_is(e) && n < 0)
		e = err_os(errno, "read the keys", NULL, "%.120s", path);
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_DATA, "read the keys", "that file is too large to be ours", "%.120s",
		             path);
	sodium_memzero(octets, sizeof octets);
	(void)close(fd);
	return e;
}

static struct err write_all(int fd, struct span octets, const char *path)
{
	while (octets.n > 0) {
		ssize_t n = write(fd, octets.p, octets.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_os(errno, "write the keys", NULL, "%.120s", path);
		octets = span_make(octets.p + n, octets.n - (size_t)n);
	}
	if (fsync(fd) != 0)
		return err_os(errno, "write the keys", NULL, "%.120s", path);
	return ERR_NONE_VALUE;
}

static struct err sync_folder_of(const char *path)
{
	char folder[PATH_LIMIT];
	if (!text_copy(folder, sizeof folder, path))
		return err_make(ERR_INPUT, "write the keys", "choose a shorter path", NULL);
	char *slash = strrchr(folder, '/');
	if (slash == NULL)
		(void)text_copy(folder, sizeof folder, ".");
	else
		slash[slash == folder ? 1 : 0] = '\0';
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0) {
		struct err e = err_os(errno, "write the keys", NULL, "%.120s", folder);
		if (fd >= 0)
			(void)close(fd);
		return e;
	}
	(void)close(fd);
	return ERR_NONE_VALUE;
}

/* So that a destroyed key isn't simply read from the blocks of the file before. On flash memory
 * that is a hope; docs/privacy.md says so. `old` is open since before the rename. */
static void overwrite(int old)
{
	struct stat st;
	uint8_t zeros[4096] = { 0 };
	if (old < 0 || fstat(old, &st) != 0)
		return;
	for (off_t at = 0; at < st.st_size; at += (off_t)sizeof zeros) {
		size_t n = st.st_size - at < (off_t)sizeof zeros ? (size_t)(st.st_size - at) : sizeof zeros;
		if (pwrite(old, zeros, n, at) < 0)
			return;
	}
	(void)fdatasync(old);
}

/* What a write that was cut short left behind. */
static void discard(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	overwrite(fd);
	if (fd >= 0)
		(void)close(fd);
	(void)unlink(path);
}

struct err secret_file_write(const char *path, struct span octets, bool fresh)
{
	char beside[PATH_LIMIT];
	if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
		return err_make(ERR_INPUT, "write the keys", "choose a shorter path", NULL);
	if (fresh && access(path, F_OK) == 0)
		return err_make(ERR_REFUSED, "overwrite keys", "move that file away first", "%.120s", path);
	int old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	discard(beside);
	int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct err e = ERR_NONE_VALUE;
	if (fd < 0)
		e = err_os(errno, "write the keys", NULL, "%.120s", beside);
	if (!err_is(e))
		e = write_all(fd, octets, beside);
	if (!err_is(e) && rename(beside, path) != 0)
		e = err_os(errno, "write the keys", NULL, "%.120s", path);
	if (err_is(e))
		discard(beside);
	else
		e = sync_folder_of(path);
	if (!err_is(e))
		overwrite(old);
	if (fd >= 0)
		(void)close(fd);
	if (old >= 0)
		(void)close(old);
	return e;
}

/* ---- live.ring */

static struct err live_path(const char *folder, char ret[PATH_LIMIT])
{
	if (snprintf(ret, PATH_LIMIT, "%s/live.ring", folder) >= PATH_LIMIT)
		return err_make(ERR_INPUT, "read the keys", "choose a shorter data folder", NULL);
	return ERR_NONE_VALUE;
}

/* "RING VERSION HEX" */
static bool read_line(struct span line, struct rings *r)
{
	const uint8_t *first = memchr(line.p, ' ', line.n);
	if (first == NULL)
		return false;
	struct span word = span_make(line.p, (size_t)(first - line.p));
	struct span rest = span_make(first + 1, line.n - word.n - 1);
	const uint8_t *second = rest.n > 0 ? memchr(rest.p, ' ', rest.n) : NULL;
	if (second == NULL)
		return false;
	struct span number = span_make(rest.p, (size_t)(second - rest.p));
	struct span hex = span_make(second + 1, rest.n - number.n - 1);
	int64_t version = 0;
	uint8_t key[KEY_SIZE];
	size_t n = 0;
	bool good = false;
	if (!int_parse(number, 0, INT64_MAX, &version) || !hex_parse(hex, key, sizeof key, &n) ||
	    n != sizeof key)
		return false;
	for (int i = 0; i < RING_COUNT; i++)
		if (i != RING_PEOPLE && span_is(word, ring_words[i]) &&
		    ring_find(&r->ring[i], version) == NULL)
			good = !err_is(ring_add(&r->ring[i], version, key));
	sodium_memzero(key, sizeof key);
	return good;
}

struct err ring_file_read(const char *folder, struct rings *r)
{
	char path[PATH_LIMIT];
	struct buf file;
	buf_init(&file, FILE_LIMIT);
	struct err e = live_path(folder, path);
	if (!err_is(e))
		e = secret_file_read(path, &file);
	if (e.code == ERR_ABSENT) {
		buf_wipe(&file);
		return ERR_NONE_VALUE;
	}
	struct span rest = buf_span(&file), line;
	bool good = span_line(&rest, &line) && span_is(line, HEAD);
	while (good && span_line(&rest, &line))
		good = read_line(line, r);
	if (!err_is(e) && !good)
		e = err_make(ERR_DATA, "read the keys", "bring the file back from before, or move it away: "
		             "what waits to be answered is lost with it", "%.120s", path);
	buf_wipe(&file);
	return e;
}

struct err ring_file_write(const char *folder, const struct rings *r)
{
	char path[PATH_LIMIT], hex[2 * KEY_SIZE + 1];
	struct buf file;
	buf_init(&file, FILE_LIMIT);
	buf_add_text(&file, HEAD "\n");
	for (int i = 0; i < RING_COUNT; i++) {
		if (i == RING_PEOPLE)
			continue;
		for (size_t j = 0; j < r->ring[i].count; j++) {
			hex_write(span_make(r->ring[i].keys[j].key, KEY_SIZE), hex);
			buf_addf(&file, "%s %" PRId64 " %s\n", ring_words[i], r->ring[i].keys[j].version, hex);
		}
	}
	sodium_memzero(hex, sizeof hex);
	struct err e = live_path(folder, path);
	if (!err_is(e) && file.failed)
		e = err_make(ERR_MEMORY, "write the keys", NULL, NULL);
	if (!err_is(e))
		e = secret_file_write(path, buf_span(&file), false);
	buf_wipe(&file);
	return e;
}
