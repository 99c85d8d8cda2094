# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-content.a
libsafar_content_a_SOURCES = \
	%D%/content.c %D%/content.h %D%/directory.c %D%/format.cc %D%/format.h %D%/inside.h \
	%D%/json.c %D%/keywords.c %D%/lexicon.c %D%/lexicon.h %D%/lexicon_find.c \
	%D%/lexicon_inside.h %D%/locale.c %D%/places.c %D%/texts.c %D%/wish.c
EXTRA_DIST += messages/README.md
