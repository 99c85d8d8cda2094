# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-content.a
libsafar_content_a_SOURCES = \
	%D%/body.c %D%/check.c %D%/content.c %D%/content.h %D%/directory.c %D%/edit.c \
	%D%/edit.h %D%/examples.c %D%/examples.h %D%/format.cc %D%/format.h %D%/inside.h \
	%D%/json.c %D%/keywords.c %D%/lexicon.c %D%/lexicon.h %D%/lexicon_find.c \
	%D%/lexicon_inside.h %D%/locale.c %D%/places.c %D%/rules.c %D%/texts.c %D%/topics.c \
	%D%/topics.h %D%/wish.c
EXTRA_DIST += messages/README.md
