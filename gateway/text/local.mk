# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-text.a
libsafar_text_a_SOURCES = \
	%D%/advice.c %D%/advice.h %D%/alphabet.c %D%/alphabet.h %D%/features.c %D%/features.h \
	%D%/fold.c %D%/fold.h %D%/guess.c %D%/guess.h %D%/language.c %D%/language.h \
	%D%/letters.c %D%/letters.h %D%/model.h %D%/msisdn.c %D%/msisdn.h %D%/script.c %D%/script.h \
	%D%/tpdu.c %D%/tpdu.h
AM_CPPFLAGS += -DSAFAR_LANGUAGE_MODEL='"$(srcdir)/gateway/text/language.model"'
gateway/text/guess.$(OBJEXT): $(srcdir)/gateway/text/language.model
EXTRA_DIST += gateway/text/language.model

# How the model is made: docs/languages.md. Not built by `make all`.
EXTRA_PROGRAMS += %D%/training/train
gateway_text_training_train_SOURCES = %D%/training/train.c %D%/training/corpus.c \
	%D%/training/corpus.h %D%/training/spell.c %D%/training/spell.h
gateway_text_training_train_LDADD = libsafar-text.a libsafar-base.a $(ICU_LIBS) -lm

# The rules of the skeleton are data, turned into tables here.
BUILT_SOURCES += gateway/text/fold_tables.h
CLEANFILES += gateway/text/fold_tables.h
EXTRA_DIST += %D%/fold.rules %D%/fold_tables.py
gateway/text/fold_tables.h: %D%/fold.rules %D%/fold_tables.py
	$(AM_V_GEN)$(MKDIR_P) gateway/text && python3 $(srcdir)/%D%/fold_tables.py \
		$(srcdir)/%D%/fold.rules >$@.new && mv $@.new $@
gateway/text/fold.$(OBJEXT): gateway/text/fold_tables.h
# Of lists of people
libsafar_text_a_SOURCES += %D%/encoding.c %D%/encoding.h %D%/phone.cc %D%/phone.h
# Of virtual phones
libsafar_text_a_SOURCES += %D%/handset.c %D%/handset.h %D%/screen.c %D%/screen.h
