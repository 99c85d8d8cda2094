/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of contacts, streamed: whatever the file is, two readings agree, nobody is in it twice, and
 * what is sent to the daemon is read back as it was. And what the daemon and filters read. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "campaign/contact_list.h"
#include "campaign/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 100

struct reading {
	size_t rows, rejected;
	struct msisdn number[ROWS];
};

static bool read_all(struct contact_list *l, struct reading *ret)
{
	*ret = (struct reading){ .rows = 0 };
	for (;;) {
		struct contact_row r, back;
		enum contact_list_step step;
		const char *reason = NULL;
		if (err_is(contact_list_next(l, &r, &step, &reason)))
			return false;
		if (step == CONTACT_LIST_END)
			return true;
		if (r.line == 0)
			abort();
		if (step == CONTACT_LIST_REJECTED) {
			if (reason == NULL || reason[0] == '\0')
				abort();
			ret->rejected++;
			continue;
		}
		struct buf line;
		bool bad = false;
		buf_init(&line, 8192);
		contact_row_write(&r, &line);
		struct span rest = buf_span(&line);
		if (line.failed || !contact_row_take(&rest, &back, &bad) || rest.n != 0 ||
		    !msisdn_equal(&r.number, &back.number) || r.has_consent != back.has_consent ||
		    strcmp(r.facts.language, back.facts.language) != 0 || strcmp(r.tags, back.tags) != 0)
			abort();
		buf_free(&line);
		if (ret->rows < ROWS)
			ret->number[ret->rows] = r.number;
		ret->rows++;
	}
}

static void try_list(int fd, const struct contact_list_options *o)
{
	struct reading one, two;
	struct contact_list *l = NULL;
	char path[64] = "/proc/self/fd/";
	path[strlen(path)] = (char)('0' + fd % 10); /* the first few of a process */
	if (fd > 9 || err_is(contact_list_open(path, o, &l)))
		return;
	if (read_all(l, &one) && !err_is(contact_list_rewind(l))) {
		if (!read_all(l, &two) || one.rows != two.rows || one.rejected != two.rejected)
			abort();
		for (size_t i = 0; i < one.rows && i < ROWS; i++)
			for (size_t j = i + 1; j < one.rows && j < ROWS; j++)
				if (msisdn_equal(&one.number[i], &one.number[j]))
					abort();
	}
	contact_list_close(l);
}

static void try_rows(struct span s)
{
	struct contact_row r;
	struct segment segment;
	bool bad = false;
	struct span rest = s;
	while (contact_row_take(&rest, &r, &bad))
		contact_row_wipe(&r);
	if (!err_is(segment_read(s, &segment))) {
		struct segment again;
		if (err_is(segment_read(span_of(segment.json), &again)) ||
		    strcmp(segment.json, again.json) != 0)
			abort();
		segment_free(&again);
		segment_free(&segment);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct content *content;
	static int fd = -1;
	if (content == NULL && err_is(content_load(FUZZ_SOURCE "/messages", FUZZ_SOURCE "/locales",
	                                           "ru", NULL, NULL, &content)))
		abort();
	if (fd < 0)
		fd = memfd_create("list", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	struct contact_list_options o = { .country = size % 2 == 0 ? "KZ" : "UZ",
		.language = size % 3 == 0 ? "ky" : "", .tags = "fuzz", .content = content,
		.now_ms = INT64_C(1790000000000),
		.consent = { .at_ms = 1, .channel = "paper", .wording = "all" } };
	if (size % 5 == 0)
		o.consent.channel[0] = '\0';
	try_list(fd, &o);
	try_rows(span_make(data, size));
	return 0;
}
