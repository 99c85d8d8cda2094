# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_screen tests/unit/test_store_phones
tests_unit_test_screen_SOURCES = tests/unit/test_screen.c
tests_unit_test_screen_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS) $(CMOCKA_LIBS)
tests_unit_test_store_phones_SOURCES = tests/unit/test_store_phones.c tests/unit/store_world.c \
	tests/unit/store_world.h
tests_unit_test_store_phones_LDADD = $(UNIT_LIBS_STORE)
