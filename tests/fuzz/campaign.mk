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
fuzz_targets += tests/fuzz/fuzz_contacts
tests_fuzz_fuzz_contacts_SOURCES = tests/fuzz/fuzz_contacts.c
nodist_EXTRA_tests_fuzz_fuzz_contacts_SOURCES = dummy.cxx
tests_fuzz_fuzz_contacts_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_SOURCE='"$(abs_top_srcdir)"'
tests_fuzz_fuzz_contacts_LDADD = libsafar-campaign.a libsafar-content.a libsafar-text.a \
	libsafar-base.a $(SODIUM_LIBS) $(CJSON_LIBS) $(ICU_LIBS) $(PHONENUMBER_LIBS) -lm
tests_fuzz_fuzz_contacts_LDFLAGS = -fsanitize=fuzzer
fuzz_targets += tests/fuzz/fuzz_spec
tests_fuzz_fuzz_spec_SOURCES = tests/fuzz/fuzz_spec.c
nodist_EXTRA_tests_fuzz_fuzz_spec_SOURCES = dummy.cxx
tests_fuzz_fuzz_spec_LDADD = libsafar-campaign.a libsafar-content.a libsafar-store.a libsafar-vault.a \
	libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) $(ICU_LIBS) \
	$(PHONENUMBER_LIBS) -lpthread -lm
tests_fuzz_fuzz_spec_LDFLAGS = -fsanitize=fuzzer
