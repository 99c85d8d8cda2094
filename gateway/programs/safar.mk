# SPDX-License-Identifier: GPL-3.0-or-later
# The command line: no store; of the rooms above base it has the vault, the texts, lists of people
# and the client.
bin_PROGRAMS += safar
safar_SOURCES = \
	%D%/ask.c %D%/campaign_wait.c %D%/contacts.h %D%/contacts_import.c %D%/inspect.c %D%/inspect.h %D%/passphrase.c \
	%D%/passphrase.h %D%/sheet.c %D%/sheet.h %D%/phone_line.c \
	%D%/phone_line.h %D%/phone_screen.c %D%/phone_script.c %D%/phone_talk.c %D%/phone_talk.h \
	%D%/safar.c %D%/safar.h %D%/verb_broadcast.c %D%/verb_campaign.c %D%/verb_campaign_show.c %D%/verb_contacts.c %D%/verb_content.c %D%/verb_content_pages.c \
	%D%/verb_content_preview.c \
	%D%/verb_inspect.c %D%/verb_keys.c %D%/verb_list.c %D%/verb_material.c %D%/verb_phone.c %D%/verb_segment.c %D%/verb_send.c \
	%D%/verb_settings.c %D%/verb_status.c %D%/verb_ussd.c %D%/where.c %D%/where.h
safar_LDADD = libsafar-api.a libsafar-campaign.a libsafar-dialog.a libsafar-content.a libsafar-vault.a libsafar-text.a libsafar-base.a \
	$(SODIUM_LIBS) $(CJSON_LIBS) $(INIH_LIBS) $(ICU_LIBS) $(QRENCODE_LIBS) $(PHONENUMBER_LIBS) -lpthread -lm
# format.cc is C++
nodist_EXTRA_safar_SOURCES = dummy.cxx
