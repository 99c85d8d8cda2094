# SPDX-License-Identifier: GPL-3.0-or-later
# One source, a target for each dialect's body.
fuzz_targets += tests/fuzz/fuzz_ussd_africastalking tests/fuzz/fuzz_ussd_infobip \
	tests/fuzz/fuzz_ussd_junebug tests/fuzz/fuzz_ussd_restcomm
FUZZ_LIBS_USSD = libsafar-link.a libsafar-text.a libsafar-base.a $(CJSON_LIBS) $(EXPAT_LIBS) \
	$(ICU_LIBS) -lm
tests_fuzz_fuzz_ussd_africastalking_SOURCES = tests/fuzz/fuzz_ussd_dialect.c
tests_fuzz_fuzz_ussd_africastalking_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_DIALECT='"africastalking"'
tests_fuzz_fuzz_ussd_africastalking_LDADD = $(FUZZ_LIBS_USSD)
tests_fuzz_fuzz_ussd_africastalking_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_ussd_infobip_SOURCES = tests/fuzz/fuzz_ussd_dialect.c
tests_fuzz_fuzz_ussd_infobip_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_DIALECT='"infobip"'
tests_fuzz_fuzz_ussd_infobip_LDADD = $(FUZZ_LIBS_USSD)
tests_fuzz_fuzz_ussd_infobip_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_ussd_junebug_SOURCES = tests/fuzz/fuzz_ussd_dialect.c
tests_fuzz_fuzz_ussd_junebug_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_DIALECT='"junebug"'
tests_fuzz_fuzz_ussd_junebug_LDADD = $(FUZZ_LIBS_USSD)
tests_fuzz_fuzz_ussd_junebug_LDFLAGS = -fsanitize=fuzzer
tests_fuzz_fuzz_ussd_restcomm_SOURCES = tests/fuzz/fuzz_ussd_dialect.c
tests_fuzz_fuzz_ussd_restcomm_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_DIALECT='"restcomm"'
tests_fuzz_fuzz_ussd_restcomm_LDADD = $(FUZZ_LIBS_USSD)
tests_fuzz_fuzz_ussd_restcomm_LDFLAGS = -fsanitize=fuzzer
