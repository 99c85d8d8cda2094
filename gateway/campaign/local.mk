# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-campaign.a
libsafar_campaign_a_SOURCES = \
	%D%/audience.c %D%/audience.h %D%/broadcast.c %D%/broadcast.h %D%/csv.c %D%/csv.h \
	%D%/expand.c %D%/expand.h %D%/hours.c %D%/hours.h %D%/message.c %D%/message.h %D%/outgoing.c %D%/outgoing.h %D%/inside.h %D%/plan_go.c %D%/plan_moves.c %D%/plan_moves.h \
	%D%/plan_turn.c %D%/plan_turn.h %D%/preview.c %D%/preview.h %D%/spec.c %D%/spec.h %D%/staff.c
# Contacts: the list is read by `safar`, written down by the daemon
libsafar_campaign_a_SOURCES += \
	%D%/contact_cells.c %D%/contact_inside.h %D%/contact_list.c %D%/contact_list.h %D%/contact_row.c %D%/contact_words.c %D%/contact_words.h \
	%D%/contact_import.c %D%/contact_import.h %D%/segment.c %D%/segment.h
