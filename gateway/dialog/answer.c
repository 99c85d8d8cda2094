/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the language, what the person chose counts most, then what the text says for sure, what was
 * sure before, what the letters suggest, what was suggested before, and last the number's country:
 * most migrants have a SIM of the country that they work in. */
#include "dialog/answer.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

#define DOUBTFUL 0.6f /* a language so unsure that the menu goes out in Russian too */

static void pick_language(const struct question *q, struct memory *m)
{
	const struct wish *w = &q->wish;
	if (!q->is_call && w->has_script)
		m->script = w->script;
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

static void note_place(const struct wish *w, struct memory *m)
{
	if (w->intent == INTENT_WORK)
		return; /* that is where they are to go */
	if (w->country != NULL && strlen(w->country) < COUNTRY_LIMIT)
		for (size_t i = 0; i < COUNTRY_LIMIT; i++)
			m->country[i] = (char)toupper((unsigned char)w->country[i]);
	if (w->country != NULL || (w->town == NULL && w->region == NULL))
		return;
	m->country[0] = '\0'; /* a town of Kazakhstan: they are there now */
	m->told_abroad = true;
	if (!text_copy(m->town, sizeof m->town, w->town != NULL ? w->town : "") ||
	    !text_copy(m->region, sizeof m->region, w->region != NULL ? w->region : ""))
		m->town[0] = m->region[0] = '\0';
}

/* ---- what is shown last decides what a digit means */
static void remember(struct answer *a, enum context context, const char *topic)
{
	a->memory.context = context;
	(void)text_copy(a->memory.topic, sizeof a->memory.topic, topic);
}

/* Behind a sensitive topic nothing is left that would tell of it to whoever texts next. */
static void forget_topic(struct answer *a)
{
	remember(a, CONTEXT_NONE, "");
	a->memory.town[0] = a->memory.region[0] = '\0';
}

/* What they said, else what the number says; a number from abroad may be roaming here. */
static const char *country_of(const struct question *q, const struct memory *m)
{
	const bool is_here = m->town[0] != '\0' || m->region[0] != '\0';
	return m->country[0] != '\0' ? m->country : is_here ? NULL : q->country;
}

/* Who may be out of reach of the number is told so, once. */
static void tell_abroad(const struct question *q, struct answer *a, const struct topic *t)
{
	struct service s;
	if (t->service == KIND_NONE || !t->has_body || a->memory.told_abroad)
		return;
	content_service(q->content, t->service, NULL, NULL, country_of(q, &a->memory), q->now_ms, &s);
	a->abroad_too = !s.is_dialable;
	a->memory.told_abroad = a->abroad_too;
}

static void tell(const struct question *q, struct answer *a, const struct topic *t)
{
	const struct topic *menu = t->children > 0 ? t : t->parent;
	a->topic = t;
	a->lines = LINE_FORGET;
	tell_abroad(q, a, t);
	(void)text_copy(a->town, sizeof a->town, a->memory.town);
	(void)text_copy(a->region, sizeof a->region, a->memory.region);
	const char *country = country_of(q, &a->memory);
	(void)text_copy(a->country, sizeof a->country, country != NULL ? country : "");
	if (!a->memory.told_language && t->has_body && t->children == 0) {
		a->lines |= LINE_LANGUAGE;
		a->memory.told_language = true;
	}
	remember(a, menu == t ? CONTEXT_MENU : CONTEXT_BELOW, menu->parent != NULL ? menu->id : "");
	if (t->sensitive)
		forget_topic(a);
}

/* One question at most, and only where its answer could bring somebody nearer. */
static bool asks_for_town(const struct question *q, const struct answer *a, const struct topic *t)
{
	return t->nearest && a->memory.town[0] == '\0' && a->memory.region[0] == '\0' &&
	       content_has_local(q->content, t->service, country_of(q, &a->memory), q->now_ms);
}

static void go(const struct question *q, struct answer *a, const struct topic *t)
{
	if (!asks_for_town(q, a, t)) {
		tell(q, a, t);
		return;
	}
	a->key = "answer.town";
	remember(a, CONTEXT_TOWN, t->id);
}

static void choose(struct answer *a, enum language l)
{
	a->intent = INTENT_LANGUAGE;
	a->memory.language = l;
	a->memory.certainty = CERTAINTY_CHOSEN;
	a->memory.script = SCRIPT_NATIVE;
	a->memory.told_language = true;
	remember(a, CONTEXT_NONE, "");
	a->key = "answer.language";
}

static void ask_language(struct answer *a)
{
	a->intent = INTENT_LANGUAGE;
	remember(a, CONTEXT_LANGUAGES, "");
	a->key = "answer.languages";
}

static void show_menu(const struct question *q, struct answer *a)
{
	a->intent = INTENT_MENU;
	tell(q, a, content_root(q->content));
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

static bool shows_digits(const struct memory *m)
{
	return m->context == CONTEXT_MENU || m->context == CONTEXT_BELOW;
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
	if (shows_digits(&a->memory))
		menu = a->memory.topic[0] == '\0' ? root : content_topic(q->content, a->memory.topic);
	const struct topic *chosen = menu != NULL ? topic_child(menu, digit) : NULL;
	if (chosen != NULL) {
		a->intent = intent_of(q->content, chosen);
		go(q, a, chosen);
	} else if (digit == 0 && (a->memory.context != CONTEXT_MENU || menu == root)) {
		ask_language(a);
	} else {
		show_menu(q, a);
	}
}

/* ---- wishes */
static void take_stop(const struct question *q, struct answer *a)
{
	a->stop = true;
	a->key = a->memory.stopped || q->is_stopped ? NULL : "answer.stop";
	a->memory.stopped = true;
}

static void take_start(struct answer *a)
{
	a->start = true;
	a->key = "answer.start";
	a->memory.stopped = false;
}

/* Who wants to be forgotten isn't written to either: that alone is kept, as a keyed hash. */
static void take_delete(struct answer *a)
{
	a->erase = a->stop = true;
	a->key = "answer.deleted";
}

/* The menu twice helps nobody: the second time, the number to call. */
static void take_unknown(const struct question *q, struct answer *a)
{
	const struct wish *w = &q->wish;
	const bool is_again = shows_digits(&a->memory) && w->intent == INTENT_UNKNOWN;
	if (w->is_machine)
		return;
	a->is_gap = w->intent == INTENT_UNKNOWN && !a->memory.counted_gap;
	a->memory.counted_gap = a->memory.counted_gap || a->is_gap;
	if (is_again) {
		a->intent = INTENT_MENU;
		a->key = "answer.other";
		return;
	}
	show_menu(q, a);
	a->in_russian_too = a->memory.certainty == CERTAINTY_GUESSED &&
	                    a->memory.language != LANGUAGE_RU &&
	                    (w->guess.best == LANGUAGE_UNKNOWN || w->guess.p[w->guess.best] < DOUBTFUL);
}

/* The town that was asked for, or one that we don't know: what was asked first is answered either way.
 * A greeting or "?" may be somebody else's, who took the phone: they learn nothing of it. */
static bool take_town(const struct question *q, struct answer *a)
{
	const struct wish *w = &q->wish;
	const bool is_place = w->town != NULL || w->region != NULL || w->country != NULL;
	const struct topic *t = content_topic(q->content, q->memory.topic);
	if (q->memory.context != CONTEXT_TOWN || t == NULL || w->is_machine)
		return false;
	/* "I don't know where I am" may be taken for a cry for help: the number answers both */
	const bool is_vague = w->intent == INTENT_UNKNOWN || w->intent == INTENT_HOTLINE;
	if (!is_vague && !(is_place && (w->intent == INTENT_MENU ||
	                                     content_topic_for(q->content, intent_word(w->intent)) == t)))
		return false;
	a->intent = intent_of(q->content, t);
	tell(q, a, t);
	return true;
}

static void take_wish(const struct question *q, struct answer *a)
{
	const struct wish *w = &q->wish;
	const struct topic *t = content_topic_for(q->content, intent_word(w->intent));
	a->stop = (w->also & INTENT_BIT(INTENT_STOP)) != 0;
	a->ring_back = w->intent == INTENT_CALL_ME || (w->also & INTENT_BIT(INTENT_CALL_ME)) != 0;
	note_place(w, &a->memory);
	if (take_town(q, a))
		return;
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
		go(q, a, t);
		return;
	case INTENT_STOP:
		take_stop(q, a);
		return;
	case INTENT_START:
		take_start(a);
		return;
	case INTENT_DELETE:
		take_delete(a);
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
	a->erase = q->wish.intent == INTENT_DELETE;
	a->stop = is_stop || a->erase || (q->wish.also & INTENT_BIT(INTENT_STOP)) != 0;
	if (q->age_ms <= STALE_MS && !is_stop)
		a->key = a->erase ? "answer.deleted" : "answer.late";
}

/* A second call soon after: who rings again can't read what was sent, or has no credit to write. */
static void take_call(const struct question *q, struct answer *a)
{
	const int64_t since = q->now_ms - a->memory.last_call_ms;
	const bool is_again = a->memory.last_call_ms != 0 && since < CALL_AGAIN_MS;
	const bool is_known = q->memory.certainty >= CERTAINTY_SURE;
	a->intent = INTENT_CALL;
	a->ring_back = a->memory.last_ring_ms != 0 && q->now_ms - a->memory.last_ring_ms < RING_BACK_MS;
	a->memory.last_ring_ms = q->now_ms;
	if (q->is_stopped || a->memory.stopped || is_again)
		return;
	a->key = is_known ? "answer.call.known" : "answer.call";
	remember(a, is_known ? CONTEXT_NONE : CONTEXT_LANGUAGES, "");
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
	a.script = a.memory.script;
	if (a.erase)
		a.memory = MEMORY_NONE;
	*ret = a;
}
