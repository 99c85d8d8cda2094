# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_modem
tests_unit_test_modem_SOURCES = tests/unit/test_modem.c
tests_unit_test_modem_LDADD = $(MODEM_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_words
tests_unit_test_words_SOURCES = tests/unit/test_words.c
tests_unit_test_words_LDADD = $(MODEM_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_confine
tests_unit_test_confine_SOURCES = tests/unit/test_confine.c
tests_unit_test_confine_LDADD = $(MODEM_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_record
tests_unit_test_record_SOURCES = tests/unit/test_record.c
tests_unit_test_record_LDADD = $(MODEM_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_helper
tests_unit_test_helper_SOURCES = tests/unit/test_helper.c
tests_unit_test_helper_LDADD = libsafar-link.a libsafar-base.a $(CMOCKA_LIBS)
