/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "content/content.h"
#include "base/banned.h"

static const char *const intents[INTENT_COUNT] = {
#define X(id, word) [INTENT_##id] = word,
	INTENTS(X)
#undef X
};

const char *intent_word(enum intent i) { return i < INTENT_COUNT ? intents[i] : "?"; }
