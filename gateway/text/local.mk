# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-text.a
libsafar_text_a_SOURCES = \
	%D%/alphabet.c %D%/alphabet.h %D%/fold.c %D%/fold.h %D%/language.c %D%/language.h \
	%D%/guess.c %D%/guess.h %D%/letters.c %D%/letters.h \
	%D%/msisdn.c %D%/msisdn.h %D%/tpdu.c %D%/tpdu.h

# The rules of the skeleton are data, turned into tables here.
BUILT_SOURCES += gateway/text/fold_tables.h
CLEANFILES += gateway/text/fold_tables.h
EXTRA_DIST += %D%/fold.rules %D%/fold_tables.py
gateway/text/fold_tables.h: %D%/fold.rules %D%/fold_tables.py
	$(AM_V_GEN)$(MKDIR_P) gateway/text && python3 $(srcdir)/%D%/fold_tables.py \
		$(srcdir)/%D%/fold.rules >$@.new && mv $@.new $@
gateway/text/fold.$(OBJEXT): gateway/text/fold_tables.h
