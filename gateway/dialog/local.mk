# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-dialog.a
libsafar_dialog_a_SOURCES = \
	%D%/answer.c %D%/answer.h %D%/dialog.c %D%/dialog.h %D%/drives.c %D%/erase.c %D%/gaps.c %D%/guard.c %D%/heard.c \
	%D%/inside.h %D%/memory.c %D%/optout.c %D%/reply.c %D%/rung.c %D%/ussd.h %D%/ussd_history.c %D%/ussd_inside.h %D%/ussd_move.c \
	%D%/ussd_pages.c %D%/ussd_pages.h %D%/ussd_past.c %D%/ussd_past.h %D%/ussd_recent.c %D%/ussd_recent.h \
	%D%/ussd_row.c %D%/ussd_row.h \
	%D%/ussd_sequence.c %D%/ussd_session.c %D%/who.c
