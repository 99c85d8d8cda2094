# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-text.a
libsafar_text_a_SOURCES = \
	%D%/alphabet.c %D%/alphabet.h %D%/fold.c %D%/fold.h %D%/language.c %D%/language.h \
	%D%/letters.c %D%/letters.h \
	%D%/msisdn.c %D%/msisdn.h %D%/tpdu.c %D%/tpdu.h
