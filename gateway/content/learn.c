/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs at `make` time: learn EXAMPLES.TSV OUT. What it writes is built into the programs. */
#include <stdio.h>
#include <stdlib.h>

#include "content/learning.h"
#include "text/fold.h"
#include "base/banned.h"

static void report(const struct err *e, void *arg)
{
	char text[512];
	(void)arg;
	(void)fprintf(stderr, "%s\n", err_text(e, text, sizeof text));
}

int main(int argc, char **argv)
{
	struct faults f = { .report = report, .first = ERR_NONE_VALUE };
	struct buf file;
	char octets[16384];
	size_t n;
	buf_init(&file, 8u << 20);
	FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL;
	while (in != NULL && (n = fread(octets, 1, sizeof octets, in)) > 0)
		buf_add(&file, span_make(octets, n));
	if (in == NULL || file.failed || err_is(fold_start())) {
		(void)fprintf(stderr, "usage: learn EXAMPLES.TSV OUT (8 MiB at most)\n");
		return 2;
	}
	(void)fclose(in);
	struct learnt *l = learning_learn(buf_span(&file), &f);
	FILE *out = l != NULL && !err_is(f.first) ? fopen(argv[2], "wb") : NULL;
	bool good = out != NULL && fwrite(l, sizeof *l, 1, out) == 1;
	good = out != NULL && fclose(out) == 0 && good;
	free(l);
	buf_free(&file);
	return good ? 0 : 1;
}
