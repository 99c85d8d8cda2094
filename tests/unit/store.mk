# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_store tests/unit/test_store_delivery tests/unit/test_store_doubt \
	tests/unit/test_store_inbox tests/unit/test_store_campaigns tests/unit/test_store_sims
UNIT_LIBS_STORE = libsafar-store.a libsafar-text.a libsafar-base.a $(ICU_LIBS) $(SQLITE_LIBS) \
	$(SODIUM_LIBS) $(CMOCKA_LIBS) -lpthread
tests_unit_test_store_SOURCES = tests/unit/test_store.c tests/unit/store_world.c \
	tests/unit/store_world.h
tests_unit_test_store_LDADD = $(UNIT_LIBS_STORE)
tests_unit_test_store_delivery_SOURCES = tests/unit/test_store_delivery.c \
	tests/unit/store_world.c tests/unit/store_world.h
tests_unit_test_store_delivery_LDADD = $(UNIT_LIBS_STORE)
tests_unit_test_store_inbox_SOURCES = tests/unit/test_store_inbox.c tests/unit/store_world.c \
	tests/unit/store_world.h
tests_unit_test_store_inbox_LDADD = $(UNIT_LIBS_STORE)
tests_unit_test_store_doubt_SOURCES = tests/unit/test_store_doubt.c tests/unit/store_world.c \
	tests/unit/store_world.h
tests_unit_test_store_doubt_LDADD = $(UNIT_LIBS_STORE)
tests_unit_test_store_campaigns_SOURCES = tests/unit/test_store_campaigns.c \
	tests/unit/store_world.c tests/unit/store_world.h
tests_unit_test_store_campaigns_LDADD = $(UNIT_LIBS_STORE)
tests_unit_test_store_sims_SOURCES = tests/unit/test_store_sims.c tests/unit/store_world.c \
	tests/unit/store_world.h
tests_unit_test_store_sims_LDADD = $(UNIT_LIBS_STORE)
