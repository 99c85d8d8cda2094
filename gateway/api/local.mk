# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-api.a
libsafar_api_a_SOURCES = %D%/client.c %D%/control.c %D%/control.h %D%/verbs.c %D%/verbs.h
