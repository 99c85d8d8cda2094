/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What libmicrohttpd alone does: a constant page for every request, with as many threads as asked for.
 *
 *   bare-http PORT THREADS */
#include <microhttpd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char page[] = "CON 1 Short\n2 Telephone\n3 Night\n4 Documents\n5 Work\n6 Family\n99 Next";

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *octets,
                                  size_t *count, void **context)
{
	static int seen;
	(void)arg;
	(void)url;
	(void)method;
	(void)version;
	(void)octets;
	if (*context == NULL) {
		*context = &seen;
		return MHD_YES;
	}
	if (*count > 0) {
		*count = 0;
		return MHD_YES;
	}
	struct MHD_Response *r =
		MHD_create_response_from_buffer(sizeof page - 1, page, MHD_RESPMEM_PERSISTENT);
	if (r == NULL)
		return MHD_NO;
	const enum MHD_Result result = MHD_queue_response(c, MHD_HTTP_OK, r);
	MHD_destroy_response(r);
	return result;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	const unsigned threads = (unsigned)strtoul(argv[2], NULL, 10);
	struct MHD_Daemon *d = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, (uint16_t)strtoul(argv[1], NULL, 10), NULL,
		NULL, on_request, NULL, MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
		MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);
	if (d == NULL)
		return 1;
	(void)puts("ready");
	(void)fflush(stdout);
	(void)pause();
	MHD_stop_daemon(d);
	return 0;
}
