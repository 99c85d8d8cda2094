# SPDX-License-Identifier: GPL-3.0-or-later
# For `make bench`: a load generator, what libmicrohttpd does alone, and what a text's language costs.
EXTRA_PROGRAMS += tests/bench/ussd-load tests/bench/bare-http tests/bench/language-cost
tests_bench_ussd_load_SOURCES = tests/bench/ussd_load.c
tests_bench_bare_http_SOURCES = tests/bench/bare_http.c
tests_bench_bare_http_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
tests_bench_bare_http_LDADD = $(MICROHTTPD_LIBS)
tests_bench_language_cost_SOURCES = tests/bench/language_cost.c
tests_bench_language_cost_LDADD = libsafar-content.a libsafar-text.a libsafar-base.a $(CJSON_LIBS) \
	$(ICU_LIBS) -lm
# format.cc is C++
nodist_EXTRA_tests_bench_language_cost_SOURCES = dummy.cxx
EXTRA_DIST += tests/bench/cld2_guess.cc tests/bench/languages.py
