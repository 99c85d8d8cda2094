# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-api.a
libsafar_api_a_SOURCES = \
	%D%/broadcast_verbs.c %D%/campaign_show.c %D%/campaign_verbs.c %D%/client.c %D%/contact_inside.h %D%/contact_verbs.c %D%/control.c %D%/control.h %D%/drive_verbs.c %D%/segment_verbs.c %D%/json.c %D%/json.h \
	%D%/list_verbs.c %D%/phone_verbs.c %D%/place.c %D%/place.h %D%/verbs.c %D%/ussd_verb.c %D%/verbs.h \
	%D%/wish_verbs.c
