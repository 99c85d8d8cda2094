/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog_world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/delivery.h"
#include "store/people.h"
#include "store/wishes.h"
#include "base/banned.h"

void must(struct err e)
{
	char text[512];
	if (err_is(e))
		fail_msg("%s", err_text(&e, text, sizeof text));
}

int open_world(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	char url[128];
	if (w == NULL)
		return -1;
	(void)snprintf(w->folder, sizeof w->folder, "/tmp/safar-dialog-XXXXXX");
	if (mkdtemp(w->folder) == NULL)
		return -1;
	(void)snprintf(url, sizeof url, "sqlite:%s/safar.db", w->folder);
	must(store_open(url, 1, &w->st));
	must(vault_open(w->folder, &w->v));
	must(content_load(MESSAGES, LOCALES, ALL_DRAFTS, NULL, NULL, &w->c));
	must(dialog_new(w->st, w->v, w->c, &w->d));
	w->now_ms = clock_now_ms() + MINUTE_MS;
	*state = w;
	return 0;
}

int close_world(void **state)
{
	struct world *w = *state;
	dialog_free(w->d);
	content_drop(w->c);
	store_close(w->st);
	vault_close(w->v);
	DIR *dir = opendir(w->folder);
	struct dirent *one;
	while (dir != NULL && (one = readdir(dir)) != NULL) {
		char path[512];
		(void)snprintf(path, sizeof path, "%s/%s", w->folder, one->d_name);
		if (one->d_name[0] != '.')
			(void)unlink(path);
	}
	if (dir != NULL)
		(void)closedir(dir);
	int rc = rmdir(w->folder);
	free(w);
	return rc;
}

/* ---- people keys */
static struct err keep_public(struct txn *tx, void *arg) { return people_public_set(tx, arg); }

static struct err opened(struct txn *tx, void *arg)
{
	struct world *w = arg;
	return dialog_people_opened(tx, w->d, w->now_ms);
}

void given_people_keys(struct world *w)
{
	must(vault_people_new(w->folder, "", span_of("a passphrase of staff")));
}

void when_unlocked(struct world *w)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	must(vault_people_unlock(w->v, w->folder, span_of("a passphrase of staff")));
	must(vault_people_public(w->v, key));
	must(store_write(w->st, keep_public, key));
	must(store_write(w->st, opened, w));
	vault_people_admit(w->v, true);
}

void when_restarted(struct world *w)
{
	char url[128];
	dialog_free(w->d);
	store_close(w->st);
	vault_close(w->v);
	(void)snprintf(url, sizeof url, "sqlite:%s/safar.db", w->folder);
	must(store_open(url, 1, &w->st));
	must(vault_open(w->folder, &w->v));
	must(dialog_new(w->st, w->v, w->c, &w->d));
}

/* ---- what comes in */
struct err take_text(struct txn *tx, void *arg)
{
	struct text *t = arg;
	return dialog_take_mo(tx, t->w->d, &t->mo, &t->w->result);
}

struct text new_text(struct world *w, const char *sender, const char *text)
{
	struct text t = { .w = w, .mo = { .link = "beeline-1", .sim = SIM, .sim_index = ++w->pdu,
		.sender = span_of(sender), .text = span_of(text), .scts_ms = w->now_ms,
		.received_ms = w->now_ms, .total = 1, .seq = 1, .pdu_hash = { w->pdu } } };
	return t;
}

void when_text(struct world *w, const char *sender, const char *text)
{
	struct text t = new_text(w, sender, text);
	w->now_ms += 1000;
	must(store_write(w->st, take_text, &t));
}

void when_old_text(struct world *w, const char *sender, const char *text, int64_t age_ms)
{
	struct text t = new_text(w, sender, text);
	t.mo.scts_ms -= age_ms;
	must(store_write(w->st, take_text, &t));
}

struct call {
	struct world *w;
	const char *caller;
};

static struct err take_call(struct txn *tx, void *arg)
{
	struct call *c = arg;
	return dialog_take_call(tx, c->w->d, "beeline-1", SIM, span_of(c->caller), c->w->now_ms,
	                        &c->w->result);
}

void when_call(struct world *w, const char *caller)
{
	struct call c = { w, caller };
	w->now_ms += 1000;
	must(store_write(w->st, take_call, &c));
}

static struct err count_wishes(struct txn *tx, void *arg) { return call_wish_count(tx, arg); }

unsigned wishes_to_be_rung(struct world *w)
{
	int64_t n = 0;
	must(store_read(w->st, count_wishes, &n));
	return (unsigned)n;
}

/* ---- what goes out */
struct look {
	struct world *w;
	struct claim claim;
	bool found;
	int64_t revision_version;
	enum ring revision_ring;
	struct buf body;
	unsigned messages, silent;
};

static struct err next(struct txn *tx, void *arg)
{
	struct look *l = arg;
	const struct claimant by = { .link = "beeline-1", .sim = SIM,
		.people_open = vault_people_is_open(l->w->v) };
	struct err e = delivery_next(tx, &by, l->w->now_ms, &l->claim, &l->found);
	bool is_all = !l->found;
	for (unsigned seq = 1; !err_is(e) && !is_all; seq++) { /* each part, so that nothing is left */
		struct claim part;
		bool found = false;
		is_all = seq >= l->claim.parts;
		e = delivery_part_accepted(tx, l->claim.id, seq, (uint8_t)seq, l->w->now_ms);
		if (!err_is(e) && !is_all)
			e = delivery_next(tx, &by, l->w->now_ms, &part, &found);
		if (found)
			claim_wipe(&part);
	}
	if (!err_is(e) && l->found)
		e = revision_get(tx, l->claim.revision, &l->revision_ring, &l->revision_version, &l->body);
	return e;
}

bool look_said(struct world *w, struct saying *ret)
{
	struct look l = { .w = w };
	struct buf number, args, body, text;
	struct texts *t = NULL;
	must(store_write(w->st, next, &l));
	if (!l.found)
		return false;
	buf_init(&number, 64);
	buf_init(&args, 1024);
	buf_init(&body, 1u << 20);
	buf_init(&text, TEXT_OCTETS_MAX);
	must(vault_unseal(w->v, l.claim.ring, l.claim.key_version,
	                  (struct seal_place){ "delivery", "number", l.claim.id },
	                  buf_span(&l.claim.number_sealed), &number));
	if (l.claim.args_sealed.n > 0) /* a text of staff has none */
		must(vault_unseal(w->v, l.claim.ring, l.claim.key_version,
		                  (struct seal_place){ "delivery", "args", l.claim.id },
		                  buf_span(&l.claim.args_sealed), &args));
	must(vault_unseal(w->v, l.revision_ring, l.revision_version,
	                  (struct seal_place){ "revision", "body", l.claim.revision },
	                  buf_span(&l.body), &body));
	must(texts_parse(buf_span(&body), &t));
	must(texts_render(t, l.claim.content_key, l.claim.language, buf_span(&args), &text));
	*ret = (struct saying){ .id = l.claim.id, .language = l.claim.language };
	(void)snprintf(ret->key, sizeof ret->key, "%s", l.claim.content_key);
	(void)snprintf(ret->phone, sizeof ret->phone, "%s", buf_text(&number));
	(void)snprintf(ret->text, sizeof ret->text, "%s", buf_text(&text));
	texts_free(t);
	claim_wipe(&l.claim);
	buf_free(&l.body);
	buf_free(&number);
	buf_free(&args);
	buf_free(&body);
	buf_free(&text);
	return true;
}

void then_said(struct world *w, const char *phone, const char *key, enum language language,
               char said[512])
{
	struct saying s;
	assert_true(w->result.answered);
	assert_true(look_said(w, &s));
	assert_int_equal(s.id, w->result.delivery);
	(void)snprintf(said, 512, "%.511s", s.text);
	if (key != NULL) {
		if (strchr(key, '+') == NULL)
			s.key[strcspn(s.key, "+")] = '\0'; /* whatever lines stand below it */
		assert_string_equal(s.key, key);
		assert_string_equal(language_tag(s.language), language_tag(language));
	}
	assert_string_equal(s.phone, phone);
}

void then_answer(struct world *w, const char *phone, const char *key, enum language language)
{
	char said[512];
	then_said(w, phone, key, language, said);
}

void then_silence(struct world *w)
{
	struct look l = { .w = w };
	assert_false(w->result.answered);
	must(store_write(w->st, next, &l));
	assert_false(l.found);
}

static struct err count_row(const struct inbox_row *row, void *arg)
{
	struct look *l = arg;
	l->messages++;
	l->silent += row->state == INBOX_SILENT ? 1 : 0;
	return ERR_NONE_VALUE;
}

static struct err list(struct txn *tx, void *arg)
{
	return inbox_list(tx, 0, 1000, count_row, arg);
}

void then_inbox_has(struct world *w, unsigned messages, unsigned silent)
{
	struct look l = { .w = w };
	must(store_read(w->st, list, &l));
	assert_int_equal(l.messages, messages);
	assert_int_equal(l.silent, silent);
}

struct asking {
	struct world *w;
	const char *digits;
	bool stopped;
};

static struct err ask_stopped(struct txn *tx, void *arg)
{
	struct asking *a = arg;
	int64_t version = 0;
	struct hash number;
	struct err e = vault_version(a->w->v, RING_PEOPLE, a->w->now_ms, &version);
	if (!err_is(e))
		e = vault_hash(a->w->v, RING_PEOPLE, version, "number", span_of(a->digits), &number);
	return err_is(e) ? e : stop_has(tx, version, &number, &a->stopped);
}

bool is_stopped(struct world *w, const char *number)
{
	struct asking a = { .w = w, .digits = number + 1 };
	must(store_read(w->st, ask_stopped, &a));
	return a.stopped;
}
