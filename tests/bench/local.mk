# SPDX-License-Identifier: GPL-3.0-or-later
# For `make bench`: a load generator, and what libmicrohttpd does alone.
EXTRA_PROGRAMS += tests/bench/ussd-load tests/bench/bare-http
tests_bench_ussd_load_SOURCES = tests/bench/ussd_load.c
tests_bench_bare_http_SOURCES = tests/bench/bare_http.c
tests_bench_bare_http_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
tests_bench_bare_http_LDADD = $(MICROHTTPD_LIBS)
