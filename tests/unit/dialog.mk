# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_dialog
tests_unit_test_dialog_SOURCES = tests/unit/test_dialog.c
tests_unit_test_dialog_CPPFLAGS = $(AM_CPPFLAGS) -DSAFAR_SOURCE='"$(abs_top_srcdir)"'
tests_unit_test_dialog_LDADD = libsafar-dialog.a libsafar-content.a libsafar-store.a \
	libsafar-vault.a libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) \
	$(CJSON_LIBS) $(ICU_LIBS) $(CMOCKA_LIBS) -lpthread
# format.cc is C++
nodist_EXTRA_tests_unit_test_dialog_SOURCES = dummy.cxx
