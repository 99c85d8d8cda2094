# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-content.a
libsafar_content_a_SOURCES = \
	%D%/catalogue.c %D%/catalogue.h %D%/content.h %D%/format.cc %D%/format.h %D%/texts.c %D%/wish.c
