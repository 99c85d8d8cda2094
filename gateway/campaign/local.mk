# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-campaign.a
libsafar_campaign_a_SOURCES = \
	%D%/audience.c %D%/audience.h %D%/broadcast.c %D%/broadcast.h %D%/csv.c %D%/csv.h \
	%D%/hours.c %D%/message.c %D%/message.h %D%/outgoing.c %D%/outgoing.h %D%/staff.c
