# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-link.a
libsafar_link_a_SOURCES = \
	%D%/balance.c %D%/balance.h %D%/link.h %D%/links.c %D%/links.h %D%/modem/asking.c \
	%D%/loopback/attached.c %D%/loopback/attached.h %D%/loopback/dials.c \
	%D%/loopback/inside.h %D%/loopback/loopback.c %D%/loopback/said.c %D%/modem/kind.c \
	%D%/render.c %D%/render.h %D%/work.c %D%/work.h \
	%D%/modem/cms.c %D%/modem/cms.h %D%/modem/record_file.c %D%/modem/find.c \
	%D%/modem/heard.c %D%/modem/helper.c \
	%D%/modem/helper.h %D%/modem/inside.h %D%/modem/keeper.c \
	%D%/ussd/africastalking.c %D%/ussd/dialect.c %D%/ussd/dialect.h %D%/ussd/flight.c \
	%D%/ussd/flight.h %D%/ussd/gate.c %D%/ussd/gate.h %D%/ussd/infobip.c %D%/ussd/kind.c \
	%D%/ussd/json.c %D%/ussd/json.h %D%/ussd/junebug.c %D%/ussd/restcomm.c \
	%D%/modem/keeper.h %D%/modem/ladder.c %D%/modem/life.c \
	%D%/modem/spawn.c %D%/modem/spawn.h %D%/modem/supervisor.c %D%/modem/supervisor.h
include gateway/link/modem/child.mk
