# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_content
tests_unit_test_content_SOURCES = tests/unit/test_content.c
tests_unit_test_content_CPPFLAGS = $(AM_CPPFLAGS) -DSAFAR_SOURCE='"$(abs_top_srcdir)"'
tests_unit_test_content_LDADD = libsafar-content.a libsafar-text.a libsafar-base.a $(CJSON_LIBS) \
	$(ICU_LIBS) $(CMOCKA_LIBS)
# format.cc is C++
nodist_EXTRA_tests_unit_test_content_SOURCES = dummy.cxx
