# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_base tests/unit/test_settings
tests_unit_test_base_SOURCES = tests/unit/test_base.c
tests_unit_test_base_LDADD = $(UNIT_LIBS_BASE) -lpthread
tests_unit_test_settings_SOURCES = tests/unit/test_settings.c
tests_unit_test_settings_LDADD = $(UNIT_LIBS_BASE)
