# SPDX-License-Identifier: GPL-3.0-or-later
# Plays GSM modems on ptys for tests. Shares no code with the daemon: it is the check on it.
noinst_PROGRAMS += modem-simulator
modem_simulator_SOURCES = \
	%D%/main.c \
	%D%/at.c %D%/at.h %D%/at_general.c %D%/at_sim.c %D%/at_sms.c \
	%D%/client.c %D%/client.h \
	%D%/commands.c %D%/commands.h \
	%D%/control.c %D%/control.h \
	%D%/dialogue.c %D%/dialogue.h \
	%D%/modem.c %D%/modem.h \
	%D%/network.c %D%/network.h \
	%D%/out.c %D%/out.h \
	%D%/pdu.c %D%/pdu.h \
	%D%/phone.c %D%/phone.h \
	%D%/playback.c %D%/playback.h \
	%D%/storage.c \
	%D%/text.c %D%/text.h \
	%D%/transcript.c %D%/transcript.h \
	%D%/tty.c %D%/tty.h \
	%D%/world.h
modem_simulator_CPPFLAGS = -D_GNU_SOURCE
modem_simulator_LDADD =
EXTRA_DIST += %D%/README.md
