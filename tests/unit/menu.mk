# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_menu_dialects
UNIT_LIBS_DIALECT = libsafar-link.a libsafar-text.a libsafar-base.a $(CJSON_LIBS) $(EXPAT_LIBS) \
	$(ICU_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_test_menu_dialects_SOURCES = tests/unit/test_menu_dialects.c
tests_unit_test_menu_dialects_LDADD = $(UNIT_LIBS_DIALECT)
unit_tests += tests/unit/test_menu_pages
tests_unit_test_menu_pages_SOURCES = tests/unit/test_menu_pages.c $(DIALOG_WORLD)
tests_unit_test_menu_pages_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_menu_pages_LDADD = $(UNIT_LIBS_DIALOG)
nodist_EXTRA_tests_unit_test_menu_pages_SOURCES = dummy.cxx
unit_tests += tests/unit/test_menu_sessions
tests_unit_test_menu_sessions_SOURCES = tests/unit/test_menu_sessions.c $(DIALOG_WORLD)
tests_unit_test_menu_sessions_CPPFLAGS = $(UNIT_FLAGS_DIALOG)
tests_unit_test_menu_sessions_LDADD = $(UNIT_LIBS_DIALOG)
nodist_EXTRA_tests_unit_test_menu_sessions_SOURCES = dummy.cxx
unit_tests += tests/unit/test_http
tests_unit_test_http_SOURCES = tests/unit/test_http.c
tests_unit_test_http_LDADD = libsafar-http.a libsafar-base.a $(MICROHTTPD_LIBS) $(CMOCKA_LIBS)
