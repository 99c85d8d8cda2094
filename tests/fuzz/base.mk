# SPDX-License-Identifier: GPL-3.0-or-later
fuzz_targets += tests/fuzz/fuzz_frame tests/fuzz/fuzz_settings
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c
tests_fuzz_fuzz_frame_LDADD = libsafar-base.a
tests_fuzz_fuzz_frame_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_settings_SOURCES = tests/fuzz/fuzz_settings.c
tests_fuzz_fuzz_settings_LDADD = libsafar-base.a $(INIH_LIBS)
tests_fuzz_fuzz_settings_LDFLAGS = -fsanitize=fuzzer
