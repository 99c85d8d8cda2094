# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_content tests/unit/test_content_check tests/unit/test_content_say \
	tests/unit/test_content_edit tests/unit/test_content_wish tests/unit/test_parts_gammu \
	tests/unit/test_plain_forms
CONTENT_WORLD = tests/unit/content_world.c tests/unit/content_world.h
UNIT_FLAGS_CONTENT = $(AM_CPPFLAGS) -DSAFAR_SOURCE='"$(abs_top_srcdir)"'
UNIT_LIBS_CONTENT = libsafar-content.a libsafar-text.a libsafar-base.a $(CJSON_LIBS) $(ICU_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_content_SOURCES = tests/unit/test_content.c
tests_unit_test_content_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_content_LDADD = $(UNIT_LIBS_CONTENT)
tests_unit_test_content_wish_SOURCES = tests/unit/test_content_wish.c
tests_unit_test_content_wish_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_content_wish_LDADD = $(UNIT_LIBS_CONTENT)
tests_unit_test_content_check_SOURCES = tests/unit/test_content_check.c $(CONTENT_WORLD)
tests_unit_test_content_check_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_content_check_LDADD = $(UNIT_LIBS_CONTENT)
tests_unit_test_content_say_SOURCES = tests/unit/test_content_say.c $(CONTENT_WORLD)
tests_unit_test_content_say_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_content_say_LDADD = $(UNIT_LIBS_CONTENT)
tests_unit_test_content_edit_SOURCES = tests/unit/test_content_edit.c $(CONTENT_WORLD)
tests_unit_test_content_edit_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_content_edit_LDADD = $(UNIT_LIBS_CONTENT)
tests_unit_test_parts_gammu_SOURCES = tests/unit/test_parts_gammu.c tests/unit/gammu_count.c \
	tests/unit/gammu_count.h $(CONTENT_WORLD)
tests_unit_test_parts_gammu_CPPFLAGS = $(UNIT_FLAGS_CONTENT) $(GAMMU_CFLAGS)
tests_unit_test_parts_gammu_LDADD = $(UNIT_LIBS_CONTENT) $(GAMMU_LIBS)
tests_unit_test_plain_forms_SOURCES = tests/unit/test_plain_forms.c $(CONTENT_WORLD)
tests_unit_test_plain_forms_CPPFLAGS = $(UNIT_FLAGS_CONTENT)
tests_unit_test_plain_forms_LDADD = $(UNIT_LIBS_CONTENT)
# format.cc is C++
nodist_EXTRA_tests_unit_test_content_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_content_wish_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_content_check_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_content_say_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_content_edit_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_parts_gammu_SOURCES = dummy.cxx
nodist_EXTRA_tests_unit_test_plain_forms_SOURCES = dummy.cxx
