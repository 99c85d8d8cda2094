/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text or a missed call comes in: it is written down, judged and answered, in one transaction.
 * What to say is decided in answer.c; this is the writing. */
#include "dialog/dialog.h"

#include <stdlib.h>
#include <string.h>

#include "dialog/inside.h"
#include "base/banned.h"

struct err dialog_new(struct store *st, struct vault *v, struct content *c, struct dialog **ret)
{
	struct dialog *d = calloc(1, sizeof *d);
	if (d == NULL || pthread_mutex_init(&d->lock, NULL) != 0) {
		free(d);
		return err_make(ERR_MEMORY, "start the dialog", NULL, NULL);
	}
	d->store = st;
	d->vault = v;
	d->content = content_hold(c);
	d->rules = DIALOG_RULES;
	*ret = d;
	return ERR_NONE_VALUE;
}

void dialog_free(struct dialog *d)
{
	if (d == NULL)
		return;
	reply_forget(d);
	content_drop(d->content);
	(void)pthread_mutex_destroy(&d->lock);
	free(d);
}

void dialog_use_content(struct dialog *d, struct content *c)
{
	(void)content_hold(c);
	(void)pthread_mutex_lock(&d->lock);
	struct content *old = d->content;
	d->content = c;
	(void)pthread_mutex_unlock(&d->lock);
	content_drop(old);
}

void dialog_use_rules(struct dialog *d, const struct dialog_rules *r)
{
	(void)pthread_mutex_lock(&d->lock);
	d->rules = *r;
	(void)pthread_mutex_unlock(&d->lock);
}

struct content *dialog_content(struct dialog *d)
{
	(void)pthread_mutex_lock(&d->lock);
	struct content *c = content_hold(d->content);
	(void)pthread_mutex_unlock(&d->lock);
	return c;
}

/* ---- answering */
struct incoming {
	const struct who *who;
	struct question *question; /* all but what is remembered, and whether they said STOP */
	const char *link;
	struct span text;          /* all of it; empty of a call */
	int64_t id, sim, received_ms, scts_ms;
};

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static struct err obey(struct txn *tx, struct dialog *d, const struct incoming *in,
                       const struct answer *a)
{
	struct err e = ERR_NONE_VALUE;
	if (a->stop || a->start)
		e = optout_set(tx, d, in->who,
		               a->erase ? OPTOUT_DELETE : a->stop ? OPTOUT_STOP : OPTOUT_START,
		               in->received_ms);
	if (!err_is(e) && a->erase)
		e = erase_person(tx, d, in->who, in->received_ms);
	return e;
}

/* The message is a row of its own, answered or not; of it stay time, wish and language. */
static struct err write_down(struct txn *tx, const struct incoming *in, enum intent intent,
                             enum language language, bool is_answered)
{
	const struct inbox_new row = { .id = in->id, .sim = in->sim, .link = in->link,
		.intent = intent_word(intent), .language = language,
		.state = is_answered ? INBOX_ANSWERED : INBOX_SILENT, .received_ms = in->received_ms,
		.scts_ms = in->scts_ms };
	return inbox_add(tx, &row);
}

static struct err reply(struct txn *tx, struct dialog *d, struct content *c,
                        const struct incoming *in, struct answer *a, struct dialog_result *ret)
{
	struct reply r = { .who = in->who, .key = a->key, .topic = a->topic, .lines = a->lines,
		.town = or_null(a->town), .region = or_null(a->region), .country = or_null(a->country),
		.language = a->language, .script = a->script, .sim = in->sim, .inbox = in->id,
		.now_ms = in->received_ms };
	enum language l = LANGUAGE_UNKNOWN;
	struct err e = reply_add(tx, d, c, &r, &ret->delivery, &a->language);
	if (!err_is(e) && a->in_russian_too && a->language != LANGUAGE_RU) {
		r.language = LANGUAGE_RU;
		r.script = SCRIPT_NATIVE;
		e = reply_add(tx, d, c, &r, &ret->second, &l);
	} else if (!err_is(e) && a->abroad_too) {
		r.key = "answer.abroad";
		e = reply_add(tx, d, c, &r, &ret->second, &l);
	}
	return e;
}

/* The guard's last word instead of the answer: of what wasn't said nothing is remembered. */
static void say_last(const struct memory *before_it, struct answer *a)
{
	const struct answer before = *a;
	*a = (struct answer){ .key = "answer.last", .intent = before.intent,
		.language = before.language, .script = before.script, .ring_back = before.ring_back,
		.memory = *before_it };
}

static struct err guard(struct txn *tx, struct dialog *d, const struct incoming *in,
                        struct answer *a)
{
	enum guard_says says = GUARD_ANSWER;
	if (answer_is_silence(a))
		return ERR_NONE_VALUE;
	struct err e = guard_may(tx, d, in->who, a->intent == INTENT_EMERGENCY, in->received_ms, &says);
	if (says == GUARD_LAST)
		say_last(&in->question->memory, a);
	if (says == GUARD_SILENCE) {
		a->key = NULL;
		a->topic = NULL;
	}
	return e;
}

/* What is to be remembered, and what is to be forgotten, beside what is said. */
static struct err keep(struct txn *tx, struct dialog *d, const struct incoming *in,
                       const struct answer *a, bool is_answered)
{
	struct err e = ERR_NONE_VALUE;
	if (a->ring_back)
		e = rung_add(tx, d, in->who, a->language, in->received_ms);
	if (!err_is(e) && a->is_gap && is_answered)
		e = gaps_count(tx, in->text, a->language, in->received_ms);
	if (!err_is(e) && (is_answered || in->question->is_call) && !a->erase)
		e = memory_put(tx, d->vault, in->who, in->received_ms, &a->memory);
	if (!err_is(e))
		e = heard_note(tx, d, in->who, INTENT_BIT(a->intent) | in->question->wish.also,
		               in->received_ms);
	return e;
}

static struct err answer(struct txn *tx, struct dialog *d, struct content *c,
                         const struct incoming *in, struct dialog_result *ret)
{
	struct answer a;
	struct dialog_result result = { .whole = true };
	struct question *q = in->question;
	q->by_country = who_by_country(in->who);
	struct err e = who_country(tx, in->who, in->sim, &q->country);
	if (!err_is(e))
		e = memory_get(tx, d->vault, in->who, in->received_ms, &q->memory);
	if (!err_is(e) && (q->is_call || q->wish.intent == INTENT_STOP))
		e = optout_has(tx, d, in->who, &q->is_stopped);
	if (err_is(e))
		return e;
	q->content = c;
	answer_decide(q, &a);
	e = obey(tx, d, in, &a);
	if (!err_is(e))
		e = guard(tx, d, in, &a);
	const bool is_answered = !answer_is_silence(&a);
	result.answered = is_answered;
	result.intent = a.intent;
	if (!err_is(e) && is_answered)
		e = reply(tx, d, c, in, &a, &result);
	if (!err_is(e))
		e = keep(tx, d, in, &a, is_answered);
	if (!err_is(e))
		e = write_down(tx, in, a.intent, a.language, is_answered);
	if (!err_is(e))
		*ret = result;
	return e;
}

/* A short code, a name, a withheld number: written down, and nobody is there to answer. */
static struct err pass_over(struct txn *tx, const struct incoming *in, enum intent intent,
                            struct dialog_result *ret)
{
	struct err e = write_down(tx, in, intent, LANGUAGE_UNKNOWN, false);
	if (!err_is(e))
		*ret = (struct dialog_result){ .whole = true, .intent = intent };
	return e;
}

static struct err take_call(struct txn *tx, struct dialog *d, struct incoming *in,
                            struct dialog_result *ret)
{
	struct question q = { .is_call = true, .now_ms = in->received_ms,
		.wish = { .intent = INTENT_CALL, .digit = -1, .language = LANGUAGE_UNKNOWN,
		          .chosen = LANGUAGE_UNKNOWN } };
	in->question = &q;
	if (!in->who->is_person)
		return pass_over(tx, in, INTENT_CALL, ret);
	struct content *c = dialog_content(d);
	struct err e = answer(tx, d, c, in, ret);
	content_drop(c);
	return e;
}

/* An operator's text in the name of somebody without credit is a missed call of theirs. */
static struct err take_request(struct txn *tx, struct dialog *d, const struct incoming *in,
                               const struct msisdn *number, struct dialog_result *ret)
{
	struct who w;
	struct buf digits;
	buf_init(&digits, MSISDN_DIGITS_MAX + 1);
	buf_add_octet(&digits, '+');
	buf_add(&digits, msisdn_span(number));
	struct err e = who_is(d->vault, buf_span(&digits), in->received_ms, &w);
	buf_wipe(&digits);
	if (err_is(e))
		return e;
	struct incoming call = *in;
	call.who = &w;
	call.text = span_make(NULL, 0);
	e = take_call(tx, d, &call, ret);
	who_wipe(&w);
	return e;
}

/* ---- texts */
static void add_number(struct buf *b, int64_t v)
{
	uint8_t octets[NUMBER_OCTETS];
	number_put(octets, v);
	buf_add(b, span_make(octets, sizeof octets));
}

/* What inbox.h says that a part is known by; numbers have one size, the sender's is told. */
static void identify(const struct mo *m, const struct who *w, struct buf *ret)
{
	buf_add_octet(ret, m->total > 1 ? 2 : 1);
	add_number(ret, m->sim);
	add_number(ret, (int64_t)w->octets.n);
	buf_add(ret, buf_span(&w->octets));
	if (m->total > 1) {
		add_number(ret, m->ref);
		add_number(ret, m->total);
		add_number(ret, m->seq);
		buf_add(ret, m->text);
	} else {
		add_number(ret, m->sim_index);
		add_number(ret, m->scts_ms);
		buf_add(ret, span_make(m->pdu_hash, sizeof m->pdu_hash));
	}
}

static struct err hash_identity(struct vault *v, const struct mo *m, const struct who *w,
                                struct mo_part_new *part, struct hash older[VERSIONS_MAX])
{
	struct buf octets;
	buf_init(&octets, 1024 + m->text.n);
	identify(m, w, &octets);
	struct err e = octets.failed
	               ? err_make(ERR_MEMORY, "know an incoming part again", NULL, NULL)
	               : vault_hash(v, RING_LIVE, w->version, "mo", buf_span(&octets), &part->key);
	for (size_t i = 0; i < w->older_count && !err_is(e); i++)
		e = vault_hash(v, RING_LIVE, w->older[i], "mo", buf_span(&octets), &older[i]);
	buf_wipe(&octets);
	return e;
}

static struct err seal_part(struct vault *v, int64_t version, int64_t id, const char *field,
                            struct span plain, struct buf *ret)
{
	return vault_seal(v, RING_LIVE, version,
	                  (struct seal_place){ .table = "mo_part", .field = field, .row = id }, plain,
	                  ret);
}

/* Stands where a part is missing, so that the words on both sides don't run together. */
#define GAP " \xE2\x80\xA6 " /* … */

struct joining {
	struct vault *vault;
	struct buf text;
	int64_t now_ms, newest_ms; /* newest_ms: of the SMSC, of all parts */
	unsigned seq;              /* the last that was seen */
};

/* What is beyond the limit isn't read. */
static void join_text(struct joining *j, struct span text)
{
	if (text.n <= j->text.limit - j->text.n)
		buf_add(&j->text, text);
}

static struct err join_part(const struct mo_part_row *part, void *arg)
{
	struct joining *j = arg;
	struct buf text;
	buf_init(&text, TEXT_OCTETS_MAX);
	struct err e = vault_unseal(j->vault, RING_LIVE, part->key_version,
	                            (struct seal_place){ .table = "mo_part", .field = "text",
	                                                 .row = part->id },
	                            buf_span(&part->text_sealed), &text);
	/* an SMSC that gives no time, or one that is ahead of ours: now */
	const bool is_now = part->scts_ms <= 0 || part->scts_ms > j->now_ms;
	const int64_t at_ms = is_now ? j->now_ms : part->scts_ms;
	if (at_ms > j->newest_ms)
		j->newest_ms = at_ms;
	if (part->seq > j->seq + 1)
		join_text(j, span_of(GAP));
	j->seq = part->seq;
	if (!err_is(e))
		join_text(j, buf_span(&text));
	buf_wipe(&text);
	/* its key is gone, a day has passed: the rest is read */
	return e.code == ERR_ABSENT ? ERR_NONE_VALUE : e;
}

/* What was joined is a question. */
static struct err judge(struct txn *tx, struct dialog *d, struct incoming *in, struct joining *j,
                        struct dialog_result *ret)
{
	struct question q = { .age_ms = in->received_ms - j->newest_ms, .now_ms = in->received_ms };
	in->question = &q;
	in->scts_ms = j->newest_ms;
	in->text = buf_span(&j->text);
	struct err e = ERR_NONE_VALUE;
	struct msisdn number;
	struct content *c = dialog_content(d);
	if (in->who->is_person) {
		const struct guess_prior prior = guess_prior_of(msisdn_span(&in->who->number));
		bool is_of_drive = false;
		content_wish(c, in->text, &prior, &q.wish);
		e = drives_count(tx, in->text, in->received_ms, &is_of_drive);
		if (is_of_drive && q.wish.intent == INTENT_UNKNOWN) {
			/* the word alone is a greeting, and tells nothing of language and letters */
			q.wish = (struct wish){ .intent = INTENT_MENU, .digit = -1,
				.language = LANGUAGE_UNKNOWN, .chosen = LANGUAGE_UNKNOWN };
		}
		if (!err_is(e))
			e = answer(tx, d, c, in, ret);
	} else if (q.age_ms <= LATE_MS && content_call_request(c, in->text, &number)) {
		e = take_request(tx, d, in, &number, ret);
		msisdn_wipe(&number);
	} else {
		e = pass_over(tx, in, INTENT_MENU, ret);
	}
	content_drop(c);
	return e;
}

static struct err take_whole(struct txn *tx, struct dialog *d, const struct mo *m,
                             const struct who *w, const struct mo_part_new *part,
                             struct dialog_result *ret)
{
	struct joining j = { .vault = d->vault, .now_ms = m->received_ms };
	struct incoming in = { .who = w, .link = m->link, .id = store_new_id(d->store),
		.sim = m->sim, .received_ms = m->received_ms };
	buf_init(&j.text, TEXT_OCTETS_MAX);
	struct err e = inbox_part_join(tx, part, in.id, join_part, &j);
	if (!err_is(e))
		e = judge(tx, d, &in, &j, ret);
	buf_wipe(&j.text);
	return e;
}

static struct err take_some(struct txn *tx, struct dialog *d, const struct mo_overdue *m,
                            const struct who *w, int64_t now_ms, struct dialog_result *ret)
{
	struct joining j = { .vault = d->vault, .now_ms = now_ms };
	struct incoming in = { .who = w, .link = m->link, .id = store_new_id(d->store),
		.sim = m->sim, .received_ms = now_ms };
	buf_init(&j.text, TEXT_OCTETS_MAX);
	struct err e = inbox_partial_join(tx, m->message, in.id, join_part, &j);
	if (j.seq < m->total)
		join_text(&j, span_of(GAP));
	if (!err_is(e))
		e = judge(tx, d, &in, &j, ret);
	buf_wipe(&j.text);
	return e;
}

struct err dialog_take_mo(struct txn *tx, struct dialog *d, const struct mo *m,
                          struct dialog_result *ret)
{
	struct who w;
	struct hash older[VERSIONS_MAX];
	enum mo_taken taken = MO_KNOWN;
	struct buf sender, text;
	struct err e = who_is(d->vault, m->sender, m->received_ms, &w);
	if (err_is(e))
		return e;
	buf_init(&sender, m->sender.n + SEAL_OVERHEAD);
	buf_init(&text, m->text.n + SEAL_OVERHEAD);
	struct mo_part_new part = { .id = store_new_id(d->store), .sim = m->sim, .link = m->link,
		.sim_index = m->sim_index, .older_keys = older, .older_count = w.older_count,
		.key_version = w.version, .sender = w.live, .older_senders = w.older_live,
		.scts_ms = m->scts_ms, .received_ms = m->received_ms, .ref = m->ref, .total = m->total,
		.seq = m->seq };
	e = hash_identity(d->vault, m, &w, &part, older);
	if (!err_is(e))
		e = seal_part(d->vault, w.version, part.id, "sender", m->sender, &sender);
	if (!err_is(e))
		e = seal_part(d->vault, w.version, part.id, "text", m->text, &text);
	part.sender_sealed = buf_span(&sender);
	part.text_sealed = buf_span(&text);
	if (!err_is(e))
		e = inbox_part_add(tx, &part, &taken);
	if (!err_is(e) && taken == MO_NEW_WHOLE)
		e = take_whole(tx, d, m, &w, &part, ret);
	else if (!err_is(e))
		*ret = (struct dialog_result){ .known = taken == MO_KNOWN, .intent = INTENT_MENU };
	buf_wipe(&sender);
	buf_wipe(&text);
	who_wipe(&w);
	return e;
}

/* ---- missed calls */
struct err dialog_take_partial(struct txn *tx, struct dialog *d, int64_t now_ms,
                               struct dialog_result *ret, bool *ret_found)
{
	struct mo_overdue m;
	struct who w;
	struct buf sender;
	(void)pthread_mutex_lock(&d->lock);
	const int64_t since_ms = now_ms - d->rules.partial_after_ms;
	(void)pthread_mutex_unlock(&d->lock);
	struct err e = inbox_partial_due(tx, since_ms, &m, ret_found);
	if (err_is(e) || !*ret_found)
		return e;
	buf_init(&sender, 512);
	e = vault_unseal(d->vault, RING_LIVE, m.key_version,
	                 (struct seal_place){ .table = "mo_part", .field = "sender", .row = m.part },
	                 buf_span(&m.sender_sealed), &sender);
	if (e.code == ERR_ABSENT || e.code == ERR_DATA) {
		/* nobody can be answered; an error would stop all that wait behind it */
		*ret = (struct dialog_result){ .intent = INTENT_MENU };
		e = inbox_partial_drop(tx, m.message);
	} else if (!err_is(e)) {
		e = who_is(d->vault, buf_span(&sender), now_ms, &w);
		if (!err_is(e)) {
			e = take_some(tx, d, &m, &w, now_ms, ret);
			who_wipe(&w);
		}
	}
	buf_free(&m.sender_sealed);
	buf_wipe(&sender);
	return e;
}

struct err dialog_take_call(struct txn *tx, struct dialog *d, const char *link, int64_t sim,
                            struct span caller, int64_t now_ms, struct dialog_result *ret)
{
	struct who w;
	struct err e = who_is(d->vault, caller, now_ms, &w);
	if (err_is(e))
		return e;
	struct incoming in = { .who = &w, .link = link, .id = store_new_id(d->store), .sim = sim,
		.received_ms = now_ms, .scts_ms = now_ms };
	e = take_call(tx, d, &in, ret);
	who_wipe(&w);
	return e;
}
