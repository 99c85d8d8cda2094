# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += safard
safard_SOURCES = %D%/safard.c %D%/callbacks.c %D%/callbacks.h %D%/clerk.c %D%/clerk.h %D%/configuration.c %D%/configuration.h
safard_LDADD = libsafar-api.a libsafar-link.a libsafar-campaign.a libsafar-dialog.a \
	libsafar-content.a libsafar-store.a libsafar-http.a libsafar-vault.a libsafar-text.a libsafar-base.a \
	$(SQLITE_LIBS) $(SODIUM_LIBS) $(CJSON_LIBS) $(INIH_LIBS) $(ICU_LIBS) $(SYSTEMD_LIBS) $(MICROHTTPD_LIBS) $(EXPAT_LIBS) -lpthread -lm
# format.cc is C++
nodist_EXTRA_safard_SOURCES = dummy.cxx
include gateway/programs/safar.mk
