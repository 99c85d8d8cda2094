# SPDX-License-Identifier: GPL-3.0-or-later
# The process that drives one modem. It is linked with base and text only: no store, no keys.
noinst_LIBRARIES += libsafar-modem.a
libsafar_modem_a_SOURCES = \
	%D%/at.c %D%/at.h %D%/call.c %D%/child.c %D%/child.h %D%/confine.c \
	%D%/confine.h %D%/cusd.c %D%/cusd.h %D%/device.c %D%/device.h \
	%D%/gammu.c %D%/gammu.h %D%/heed.c %D%/line.c %D%/line.h %D%/modem.c %D%/modem.h \
	%D%/pdu.c %D%/pdu.h %D%/record.c %D%/record.h %D%/reset.c %D%/start.c %D%/storage.c %D%/submit.c \
	%D%/tell.c %D%/ussd.c %D%/words.c %D%/words.h
libsafar_modem_a_CPPFLAGS = $(AM_CPPFLAGS) $(GAMMU_CFLAGS) $(SECCOMP_CFLAGS)

MODEM_LIBS = libsafar-modem.a libsafar-text.a libsafar-base.a $(GAMMU_LIBS) $(SODIUM_LIBS) \
	$(SECCOMP_LIBS) $(ICU_LIBS) -ldl

pkglibexec_PROGRAMS += safar-modem
safar_modem_SOURCES = gateway/programs/safar_modem.c
safar_modem_LDADD = $(MODEM_LIBS)
