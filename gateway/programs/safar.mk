# SPDX-License-Identifier: GPL-3.0-or-later
# The command line: no store, no content; of the rooms above base it has text, the vault and the
# client.
bin_PROGRAMS += safar
safar_SOURCES = \
	%D%/ask.c %D%/campaign_wait.c %D%/passphrase.c %D%/passphrase.h %D%/safar.c %D%/safar.h \
	%D%/verb_broadcast.c %D%/verb_keys.c %D%/verb_list.c %D%/verb_send.c %D%/verb_settings.c \
	%D%/verb_status.c %D%/verb_ussd.c %D%/where.c %D%/where.h \
	%D%/phone_line.c %D%/phone_line.h %D%/phone_screen.c %D%/phone_script.c %D%/phone_talk.c \
	%D%/phone_talk.h %D%/verb_phone.c
safar_LDADD = libsafar-api.a libsafar-vault.a libsafar-text.a libsafar-base.a \
	$(SODIUM_LIBS) $(ICU_LIBS) $(CJSON_LIBS) $(INIH_LIBS) -lpthread
