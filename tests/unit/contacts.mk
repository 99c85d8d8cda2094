# SPDX-License-Identifier: GPL-3.0-or-later
# libphonenumber and format.cc are C++
unit_tests += tests/unit/test_phone tests/unit/test_contacts
tests_unit_test_phone_SOURCES = tests/unit/test_phone.c
nodist_EXTRA_tests_unit_test_phone_SOURCES = dummy.cxx
tests_unit_test_phone_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS) $(PHONENUMBER_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_contacts_SOURCES = tests/unit/test_contacts.c
nodist_EXTRA_tests_unit_test_contacts_SOURCES = dummy.cxx
tests_unit_test_contacts_LDADD = libsafar-campaign.a libsafar-content.a libsafar-store.a \
	libsafar-vault.a libsafar-text.a libsafar-base.a $(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) \
	$(ICU_LIBS) $(PHONENUMBER_LIBS) $(CMOCKA_LIBS) -lpthread -lm
