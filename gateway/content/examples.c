/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content/examples.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "content/learning.h"
#include "base/banned.h"

#define FILE_NAME "examples.tsv"
#define FILE_MAX (8u << 20)

/* What was learnt at `make` time lies in the program. */
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        "safar_examples_learnt:\n"
        ".incbin \"gateway/content/examples.learnt\"\n"
        ".popsection\n");
extern const uint8_t safar_examples_learnt[];

struct examples {
	const struct learnt *learnt;
	struct learnt *own; /* NULL: the program's */
};

static bool slurp(const char *folder, struct buf *ret, struct faults *f)
{
	char path[PATH_LIMIT], octets[16384];
	size_t n;
	(void)snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
	FILE *in = fopen(path, "rbe");
	if (in == NULL && errno == ENOENT)
		return false;
	while (in != NULL && (n = fread(octets, 1, sizeof octets, in)) > 0)
		buf_add(ret, span_make(octets, n));
	const bool good = in != NULL && ferror(in) == 0 && !ret->failed;
	if (!good)
		fault_add(f, FILE_NAME, "", "it can't be read, or is larger than 8 MiB");
	if (in != NULL)
		(void)fclose(in);
	return good;
}

void examples_read(const char *folder, struct examples **ret, struct faults *f)
{
	const struct learnt *built = (const struct learnt *)(const void *)safar_examples_learnt;
	struct buf file;
	struct examples *e = calloc(1, sizeof *e);
	buf_init(&file, FILE_MAX);
	if (e != NULL && slurp(folder, &file, f)) {
		if (learning_fingerprint(buf_span(&file)) == built->fingerprint)
			e->learnt = built;
		else
			e->learnt = e->own = learning_learn(buf_span(&file), f);
	}
	if (e == NULL)
		fault_add(f, FILE_NAME, "", "there is no memory for it");
	buf_free(&file);
	*ret = e;
}

void examples_free(struct examples *e)
{
	if (e != NULL)
		free(e->own);
	free(e);
}

bool examples_judge(const struct examples *e, struct span skeleton, float ret[INTENT_COUNT])
{
	for (size_t k = 0; k < INTENT_COUNT; k++)
		ret[k] = 0;
	return e != NULL && e->learnt != NULL && learning_judge(e->learnt, skeleton, ret);
}
