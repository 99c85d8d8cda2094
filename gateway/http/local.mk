# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-http.a
libsafar_http_a_SOURCES = %D%/net.c %D%/net.h %D%/server.c %D%/server.h
libsafar_http_a_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
