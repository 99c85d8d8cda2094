/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crash.h"

#ifdef SAFAR_CRASH_POINTS
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"
#include "base/buf.h"

void crash_point(const char *name)
{
	static _Atomic int64_t seen;
	const char *at = getenv("SAFAR_CRASH_AT");
	if (at == NULL)
		return;
	size_t n = strcspn(at, ":");
	if (strlen(name) != n || strncmp(at, name, n) != 0)
		return;
	int64_t nth = 1;
	if (at[n] == ':' && !int_parse(span_of(at + n + 1), 1, 1000000, &nth))
		return;
	if (atomic_fetch_add(&seen, 1) + 1 == nth)
		(void)raise(SIGKILL);
}
#else
typedef int crash_points_are_off; /* an empty file is not ISO C */
#endif
