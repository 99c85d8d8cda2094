# SPDX-License-Identifier: GPL-3.0-or-later
unit_tests += tests/unit/test_campaign
tests_unit_test_campaign_SOURCES = tests/unit/test_campaign.c
# format.cc is C++
nodist_EXTRA_tests_unit_test_campaign_SOURCES = dummy.cxx
tests_unit_test_campaign_LDADD = libsafar-campaign.a libsafar-content.a libsafar-store.a \
	libsafar-vault.a libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) \
	$(ICU_LIBS) $(CMOCKA_LIBS) -lpthread
UNIT_LIBS_CAMPAIGN = libsafar-campaign.a libsafar-content.a libsafar-store.a libsafar-vault.a \
	libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) $(ICU_LIBS) \
	$(PHONENUMBER_LIBS) $(CMOCKA_LIBS) -lpthread
unit_tests += tests/unit/test_plans tests/unit/test_plans_run
tests_unit_test_plans_SOURCES = tests/unit/test_plans.c
nodist_EXTRA_tests_unit_test_plans_SOURCES = dummy.cxx
tests_unit_test_plans_LDADD = $(UNIT_LIBS_CAMPAIGN)
tests_unit_test_plans_run_SOURCES = tests/unit/test_plans_run.c tests/unit/store_world.c \
	tests/unit/store_world.h
nodist_EXTRA_tests_unit_test_plans_run_SOURCES = dummy.cxx
tests_unit_test_plans_run_LDADD = $(UNIT_LIBS_CAMPAIGN)
