# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-store.a
libsafar_store_a_SOURCES = \
	%D%/campaigns.c %D%/campaigns.h %D%/claim.c %D%/contacts.c %D%/contacts.h \
	%D%/delivery.c %D%/delivery.h %D%/doubt.c %D%/gate.h %D%/inbox.c \
	%D%/inbox.h %D%/migrations.c %D%/people.c %D%/people.h %D%/plans.c %D%/plans.h %D%/queries.c %D%/queries.h \
	%D%/report.c %D%/sims.c %D%/sims.h %D%/store.c %D%/store.h %D%/sweep.c %D%/txn.c %D%/txn.h %D%/ussd.c %D%/ussd.h %D%/sources.c %D%/sources.h \
	%D%/wishes.c %D%/wishes.h
