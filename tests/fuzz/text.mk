# SPDX-License-Identifier: GPL-3.0-or-later
fuzz_targets += tests/fuzz/fuzz_text tests/fuzz/fuzz_tpdu
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c
tests_fuzz_fuzz_text_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS)
tests_fuzz_fuzz_text_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_tpdu_SOURCES = tests/fuzz/fuzz_tpdu.c
tests_fuzz_fuzz_tpdu_LDADD = libsafar-text.a libsafar-base.a
tests_fuzz_fuzz_tpdu_LDFLAGS = -fsanitize=fuzzer
