# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_ussd
tests_unit_test_ussd_SOURCES = tests/unit/test_ussd.c
tests_unit_test_ussd_LDADD = libsafar-link.a $(MODEM_LIBS) $(CMOCKA_LIBS) -lpthread
