# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-base.a
libsafar_base_a_SOURCES = \
	%D%/banned.h %D%/buf.c %D%/buf.h %D%/clock.c %D%/clock.h %D%/crash.c %D%/crash.h \
	%D%/err.c %D%/err.h %D%/errand.c %D%/errand.h \
	%D%/frame.c %D%/frame.h %D%/log.c %D%/log.h %D%/loop.c %D%/loop.h \
	%D%/settings.c %D%/settings.h %D%/settings_link.c %D%/settings_rows.c %D%/settings_rows.h \
	%D%/zone.c %D%/zone.h
