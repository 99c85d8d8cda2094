/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the language, what the person chose counts most, then what the text says for sure, what was
 * sure before, what the letters suggest, what was suggested before, and last the number's country:
 * most migrants have a SIM of the country that they work in. */
#include "dialog/answer.h"

#include <string.h>

#include "base/banned.h"

static void pick_language(const struct question *q, struct memory *m)
{
	const struct wish *w = &q->wish;
	if (m->certainty == CERTAINTY_CHOSEN)
		return;
	if (!q->is_call && w->language_sure && w->language < LANGUAGE_PEOPLE) {
		m->language = w->language;
		m->certainty = CERTAINTY_SURE;
	} else if (m->certainty == CERTAINTY_SURE) {
		return;
	} else if (!q->is_call && w->language < LANGUAGE_PEOPLE) {
		m->language = w->language;
		m->certainty = CERTAINTY_GUESSED;
	} else if (m->certainty == CERTAINTY_NONE) {
		m->language = q->by_country;
		m->certainty = CERTAINTY_GUESSED;
	}
}

/* ---- what is shown last decides what a digit means */
static void go(struct answer *a, const struct topic *t)
{
	const struct topic *menu = t->children > 0 ? t : t->parent;
	a->topic = t;
	a->memory.context = CONTEXT_MENU;
	(void)text_copy(a->memory.topic, sizeof a->memory.topic, menu->parent != NULL ? menu->id : "");
}

static void choose(struct answer *a, enum language l)
{
	a->intent = INTENT_LANGUAGE;
	a->memory.language = l;
	a->memory.certainty = CERTAINTY_CHOSEN;
	a->memory.context = CONTEXT_NONE;
	a->key = "answer.language";
}

static void ask_language(struct answer *a)
{
	a->intent = INTENT_LANGUAGE;
	a->memory.context = CONTEXT_LANGUAGES;
	a->key = "answer.languages";
}

static void show_menu(const struct question *q, struct answer *a)
{
	a->intent = INTENT_MENU;
	go(a, content_root(q->content));
}

/* What a topic that was chosen by its digit is counted as: what leads to it, or above it. */
static enum intent intent_of(const struct content *c, const struct topic *t)
{
	for (; t != NULL; t = t->parent)
		for (enum intent i = 0; i < INTENT_COUNT; i++)
			if (content_topic_for(c, intent_word(i)) == t)
				return i;
	return INTENT_MENU;
}

static void take_digit(const struct question *q, struct answer *a)
{
	const int digit = q->wish.digit;
	const struct topic *root = content_root(q->content), *menu = NULL;
	if (a->memory.context == CONTEXT_LANGUAGES) {
		if (digit >= 1 && digit <= (int)LANGUAGE_PEOPLE)
			choose(a, (enum language)(digit - 1));
		else
			ask_language(a);
		return;
	}
	if (a->memory.context == CONTEXT_MENU)
		menu = a->memory.topic[0] == '\0' ? root : content_topic(q->content, a->memory.topic);
	const struct topic *chosen = menu != NULL ? topic_child(menu, digit) : NULL;
	if (chosen != NULL) {
		a->intent = intent_of(q->content, chosen);
		go(a, chosen);
	} else if (menu == root && digit == 0) {
		ask_language(a);
	} else {
		show_menu(q, a);
	}
}

static void take_stop(struct answer *a)
{
	a->stop = true;
	a->key = a->memory.stopped ? NULL : "answer.stop";
	a->memory.stopped = true;
}

static void take_start(struct answer *a)
{
	a->start = true;
	a->key = "answer.start";
	a->memory.stopped = false;
}

/* The menu twice helps nobody: the second time, the number to call. */
static void take_unknown(const struct question *q, struct answer *a)
{
	if (a->memory.context != CONTEXT_MENU) {
		show_menu(q, a);
		return;
	}
	a->intent = INTENT_MENU;
	a->key = "answer.other";
}

static void take_wish(const struct question *q, struct answer *a)
{
	const struct wish *w = &q->wish;
	const struct topic *t = content_topic_for(q->content, intent_word(w->intent));
	a->stop = (w->also & INTENT_BIT(INTENT_STOP)) != 0;
	if (w->digit >= 0) {
		take_digit(q, a);
		return;
	}
	switch (w->intent) {
	case INTENT_HOTLINE:
	case INTENT_LEGAL:
	case INTENT_DOCUMENTS:
	case INTENT_WORK:
	case INTENT_WAGES:
	case INTENT_RETURN_HOME:
	case INTENT_VIOLENCE:
	case INTENT_CHILDREN:
	case INTENT_HEALTH:
	case INTENT_CALL_ME:
	case INTENT_SHELTER:
	case INTENT_EMERGENCY:
		go(a, t);
		return;
	case INTENT_STOP:
		take_stop(a);
		return;
	case INTENT_START:
		take_start(a);
		return;
	case INTENT_LANGUAGE:
		if (w->chosen < LANGUAGE_PEOPLE)
			choose(a, w->chosen);
		else
			ask_language(a);
		return;
	case INTENT_MENU:
	case INTENT_UNKNOWN:
	case INTENT_CALL:
	case INTENT_COUNT:
		break;
	}
	take_unknown(q, a);
}

/* STOP is obeyed at any age; a START of yesterday must not take back a STOP of today. */
static void take_old(const struct question *q, struct answer *a)
{
	const bool is_stop = q->wish.intent == INTENT_STOP;
	a->stop = is_stop || (q->wish.also & INTENT_BIT(INTENT_STOP)) != 0;
	if (q->age_ms <= STALE_MS && !is_stop)
		a->key = "answer.late";
}

static void take_call(const struct question *q, struct answer *a)
{
	const int64_t since = q->now_ms - a->memory.last_call_ms;
	const bool is_again = a->memory.last_call_ms != 0 && since < CALL_AGAIN_MS;
	const bool is_known = q->memory.certainty >= CERTAINTY_SURE;
	a->intent = INTENT_CALL;
	if (q->is_stopped || a->memory.stopped || is_again)
		return;
	a->key = is_known ? "answer.call.known" : "answer.call";
	a->memory.context = is_known ? CONTEXT_NONE : CONTEXT_LANGUAGES;
	a->memory.last_call_ms = q->now_ms;
}

void answer_decide(const struct question *q, struct answer *ret)
{
	struct answer a = { .intent = q->wish.intent, .memory = q->memory };
	pick_language(q, &a.memory);
	if (q->is_call)
		take_call(q, &a);
	else if (q->age_ms > LATE_MS)
		take_old(q, &a);
	else
		take_wish(q, &a);
	a.language = a.memory.language;
	*ret = a;
}
