# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-vault.a
libsafar_vault_a_SOURCES = \
	%D%/inside.h %D%/people.c %D%/ring.c %D%/ring.h %D%/vault.c %D%/vault.h
