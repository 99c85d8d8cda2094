# SPDX-License-Identifier: GPL-3.0-or-later
fuzz_targets += tests/fuzz/fuzz_text tests/fuzz/fuzz_tpdu tests/fuzz/fuzz_inspect
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c
tests_fuzz_fuzz_text_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS)
tests_fuzz_fuzz_text_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_tpdu_SOURCES = tests/fuzz/fuzz_tpdu.c
tests_fuzz_fuzz_tpdu_LDADD = libsafar-text.a libsafar-base.a
tests_fuzz_fuzz_tpdu_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_inspect_SOURCES = tests/fuzz/fuzz_inspect.c gateway/programs/inspect.c
tests_fuzz_fuzz_inspect_CPPFLAGS = $(AM_CPPFLAGS) -DSAFAR_SOURCE='"$(abs_top_srcdir)"'
tests_fuzz_fuzz_inspect_LDADD = libsafar-api.a libsafar-content.a libsafar-text.a libsafar-base.a \
	$(CJSON_LIBS) $(ICU_LIBS) -lm
tests_fuzz_fuzz_inspect_LDFLAGS = -fsanitize=fuzzer
# format.cc is C++
nodist_EXTRA_tests_fuzz_fuzz_inspect_SOURCES = dummy.cxx
