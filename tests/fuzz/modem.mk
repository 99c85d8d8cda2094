# SPDX-License-Identifier: GPL-3.0-or-later
fuzz_targets += tests/fuzz/fuzz_modem
tests_fuzz_fuzz_modem_SOURCES = tests/fuzz/fuzz_modem.c
tests_fuzz_fuzz_modem_LDADD = $(MODEM_LIBS)
tests_fuzz_fuzz_modem_LDFLAGS = -fsanitize=fuzzer
