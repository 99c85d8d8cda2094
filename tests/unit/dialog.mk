# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_dialog tests/unit/test_dialog_stop \
	tests/unit/test_dialog_inbox tests/unit/test_dialogs
DIALOG_WORLD = tests/unit/dialog_world.c tests/unit/dialog_world.h
UNIT_FLAGS_DIALOG = $(AM_CPPFLAGS) -DSAFAR_SOURCE='"$(abs_top_srcdir)"'
UNIT_LIBS_DIALOG = libsafar-dialog.a libsafar-campaign.a libsafar-content.a libsafar-store.a libsafar-vault.a \
	libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) $(ICU_LIBS) \
	$(CMOCKA_LIBS) -lpthread
tests_unit_test_dialog_SOURCES = tests/unit/test_dialog.c $(DIALOG_WORLD)
tests_unit_test_dialog_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_dialog_LDADD = $(UNIT_LIBS_DIALOG)
tests_unit_test_dialog_stop_SOURCES = tests/unit/test_dialog_stop.c $(DIALOG_WORLD)
tests_unit_test_dialog_stop_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_dialog_stop_LDADD = $(UNIT_LIBS_DIALOG)
tests_unit_test_dialog_inbox_SOURCES = tests/unit/test_dialog_inbox.c $(DIALOG_WORLD)
tests_unit_test_dialog_inbox_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_dialog_inbox_LDADD = $(UNIT_LIBS_DIALOG)
tests_unit_test_dialogs_SOURCES = tests/unit/test_dialogs.c $(DIALOG_WORLD)
tests_unit_test_dialogs_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_dialogs_LDADD = $(UNIT_LIBS_DIALOG)
# format.cc is C++
nodist_EXTRA_tests_unit_test_dialogs_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_dialog_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_dialog_stop_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_dialog_inbox_SOURCES = dummy.cxx
