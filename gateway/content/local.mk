# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-content.a
libsafar_content_a_SOURCES = \
	%D%/body.c %D%/check.c %D%/content.c %D%/content.h %D%/directory.c %D%/edit.c \
	%D%/edit.h %D%/examples.c %D%/examples.h %D%/format.cc %D%/format.h %D%/inside.h %D%/intent.c \
	%D%/json.c %D%/keywords.c %D%/lexicon.c %D%/lexicon.h %D%/lexicon_find.c \
	%D%/learning.c %D%/learning.h %D%/lexicon_inside.h %D%/locale.c %D%/operators.c %D%/places.c %D%/prefixes.c %D%/rules.c %D%/texts.c %D%/topics.c \
	%D%/topics.h %D%/wish.c
EXTRA_DIST += messages/README.md

# What is learnt from the examples lies in the programs.
noinst_PROGRAMS += %D%/learn
gateway_content_learn_SOURCES = %D%/learn.c %D%/learning.c %D%/json.c %D%/intent.c
gateway_content_learn_LDADD = libsafar-text.a libsafar-base.a $(CJSON_LIBS) $(ICU_LIBS) -lm
CLEANFILES += gateway/content/examples.learnt
gateway/content/examples.learnt: $(srcdir)/messages/examples.tsv gateway/content/learn$(EXEEXT)
	$(AM_V_GEN)gateway/content/learn$(EXEEXT) $(srcdir)/messages/examples.tsv $@
gateway/content/examples.$(OBJEXT): gateway/content/examples.learnt
EXTRA_DIST += tests/language/check.py tests/language/README.md
