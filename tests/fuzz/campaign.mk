# SPDX-License-Identifier: GPL-3.0-or-later
fuzz_targets += tests/fuzz/fuzz_csv tests/fuzz/fuzz_message
FUZZ_LIBS_CAMPAIGN = libsafar-campaign.a libsafar-text.a libsafar-base.a $(SODIUM_LIBS) \
	$(CJSON_LIBS) $(ICU_LIBS)
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c
tests_fuzz_fuzz_csv_LDADD = $(FUZZ_LIBS_CAMPAIGN)
tests_fuzz_fuzz_csv_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c
tests_fuzz_fuzz_message_LDADD = $(FUZZ_LIBS_CAMPAIGN)
tests_fuzz_fuzz_message_LDFLAGS = -fsanitize=fuzzer
