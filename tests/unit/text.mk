# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_script tests/unit/test_text tests/unit/test_tpdu
tests_unit_test_script_SOURCES = tests/unit/test_script.c
tests_unit_test_script_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS) $(CMOCKA_LIBS)
tests_unit_test_text_SOURCES = tests/unit/test_text.c
tests_unit_test_text_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS) $(CMOCKA_LIBS)
tests_unit_test_tpdu_SOURCES = tests/unit/test_tpdu.c
tests_unit_test_tpdu_LDADD = libsafar-text.a libsafar-base.a $(CMOCKA_LIBS)
