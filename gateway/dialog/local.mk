# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-dialog.a
libsafar_dialog_a_SOURCES = \
	%D%/answer.c %D%/answer.h %D%/dialog.c %D%/dialog.h %D%/guard.c %D%/inside.h %D%/memory.c \
	%D%/optout.c %D%/reply.c %D%/who.c
