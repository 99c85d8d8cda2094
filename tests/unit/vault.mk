# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_vault
tests_unit_test_vault_SOURCES = tests/unit/test_vault.c
tests_unit_test_vault_LDADD = libsafar-vault.a libsafar-base.a $(SODIUM_LIBS) $(CMOCKA_LIBS) \
	-lpthread
