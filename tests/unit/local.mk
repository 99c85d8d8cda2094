# SPDX-License-Identifier: GPL-3.0-or-later
# One program a room; a room's test includes only what its room may include.
UNIT_LIBS_BASE = libsafar-base.a $(INIH_LIBS) $(CMOCKA_LIBS)
include tests/unit/base.mk
include tests/unit/text.mk
include tests/unit/vault.mk
include tests/unit/store.mk
include tests/unit/content.mk
include tests/unit/dialog.mk
include tests/unit/campaign.mk
include tests/unit/contacts.mk
include tests/unit/modem.mk
include tests/unit/ussd.mk
include tests/unit/phone.mk
include tests/unit/menu.mk
check_PROGRAMS += $(unit_tests)
