# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += libsafar-vault.a
libsafar_vault_a_SOURCES = %D%/vault.c %D%/vault.h %D%/ring.c %D%/ring.h %D%/people.c
