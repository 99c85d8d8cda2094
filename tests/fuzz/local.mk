# SPDX-License-Identifier: GPL-3.0-or-later
# libFuzzer targets: ./configure CC=clang CXX=clang++ --enable-fuzzers --enable-sanitizers=address,undefined
# A target is tests/fuzz/NAME.c; its seeds are in tests/fuzz/corpus/NAME/.
fuzz_targets =
include tests/fuzz/base.mk
include tests/fuzz/text.mk
include tests/fuzz/campaign.mk
include tests/fuzz/modem.mk
include tests/fuzz/ussd.mk
if FUZZERS
noinst_PROGRAMS += $(fuzz_targets)
else
EXTRA_PROGRAMS += $(fuzz_targets)
endif
