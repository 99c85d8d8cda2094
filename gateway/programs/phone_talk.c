/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/phone_talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "api/control.h"
#include "base/clock.h"
#include "text/alphabet.h"
#include "base/banned.h"

#define ID_OCTETS 16
#define REQUEST_OCTETS (8u * TEXT_OCTETS_MAX)
#define ANSWER_OCTETS (8u * TEXT_OCTETS_MAX)
#define JOINS 8       /* messages whose parts come between each other's: one a lane, really */
#define KNOWN 64      /* parts that are known when they come again */

struct joining {
	int64_t message; /* 0: the place is free */
	unsigned of, there, units;
	struct buf part[PARTS_MAX];
	bool is_there[PARTS_MAX];
};

struct known {
	int64_t message;
	unsigned seq;
};

struct talk {
	const struct call *c;
	const char *link;
	char id[2 * ID_OCTETS + 1];
	int fd;                  /* of the question that waits, or -1 */
	bool was_there;          /* safard has answered once: it is worth waiting for */
	int64_t again_ms, away_since_ms;
	struct known got;        /* the part that came last */
	struct known known[KNOWN];
	size_t known_count;
	struct joining joins[JOINS];
	char session[2 * ID_OCTETS + 1]; /* of USSD, that was dialled last */
};

/* ---- questions */

static struct err random_id(char ret[2 * ID_OCTETS + 1])
{
	uint8_t octets[ID_OCTETS];
	if (getrandom(octets, sizeof octets, 0) != (ssize_t)sizeof octets)
		return err_os(errno, "make a random number", NULL, NULL);
	hex_write(span_make(octets, sizeof octets), ret);
	return ERR_NONE_VALUE;
}

static const char *loopback_of(const struct settings *s)
{
	for (size_t i = 0; i < s->link_count; i++)
		if (s->links[i].type == LINK_LOOPBACK)
			return s->links[i].name;
	return NULL;
}

int talk_start(const struct call *c, struct talk **ret)
{
	struct talk *t = calloc(1, sizeof *t);
	struct err e = t == NULL ? err_make(ERR_MEMORY, "switch on a phone", NULL, NULL)
	                         : random_id(t->id);
	if (!err_is(e)) {
		t->c = c;
		t->fd = -1;
		t->link = has(c, OPTION_LINK) ? c->option[OPTION_LINK] : loopback_of(c->settings);
		if (t->link == NULL)
			e = err_make(ERR_CONFIG, "use a virtual phone",
			             "there is no loopback link: add [link test] with type = loopback, and "
			             "restart or reload safard", "%.120s", c->settings->path);
	}
	if (err_is(e)) {
		free(t);
		return fail(c, &e);
	}
	*ret = t;
	return 0;
}

static void start_request(const struct talk *t, struct buf *b, const char *verb)
{
	request_start(b, REQUEST_OCTETS, verb);
	json_text(b, "link", t->link);
	json_text(b, "number", t->c->option[OPTION_NUMBER]);
	json_text(b, "phone", t->id);
}

static void put_got(const struct talk *t, struct buf *b)
{
	char id[24];
	(void)snprintf(id, sizeof id, "%lld", (long long)t->got.message);
	json_text(b, "got", id);
	json_int(b, "got_part", t->got.seq);
}

/* ---- listening */

/* Nobody is there, or the answer broke off: the daemon may be restarting. */
static int is_away(struct talk *t, const struct err *e)
{
	const int64_t now = clock_monotonic_ms();
	if (!t->was_there || (e->code != ERR_ABSENT && e->code != ERR_IO))
		return fail(t->c, e);
	if (t->away_since_ms == 0)
		t->away_since_ms = now;
	if (now - t->away_since_ms > RESTART_MS)
		return fail(t->c, e);
	t->again_ms = now + ASK_EACH_MS;
	return 0;
}

int talk_listen(struct talk *t, int *ret_fd, int *ret_wait_ms)
{
	const int64_t now = clock_monotonic_ms();
	int code = 0;
	if (t->fd < 0 && now >= t->again_ms) {
		struct buf b;
		start_request(t, &b, "phone-wait");
		put_got(t, &b);
		json_close(&b, '}');
		struct err e = b.failed ? err_make(ERR_MEMORY, "ask safard", NULL, NULL)
		               : control_open(t->c->settings->node_data, buf_span(&b), &t->fd);
		buf_wipe(&b);
		if (err_is(e))
			code = is_away(t, &e);
	}
	*ret_fd = t->fd;
	*ret_wait_ms = t->fd >= 0 ? -1 : t->again_ms > now ? (int)(t->again_ms - now) : 0;
	return code;
}

/* ---- joining, as a phone does it */

static bool is_known(struct talk *t, int64_t message, unsigned seq)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (t->known[i].message == message && t->known[i].seq == seq)
			return true;
	t->known[t->known_count++ % KNOWN] = (struct known){ .message = message, .seq = seq };
	return false;
}

static void forget(struct joining *j)
{
	for (size_t i = 0; i < PARTS_MAX; i++)
		buf_wipe(&j->part[i]);
	*j = (struct joining){ .message = 0 };
}

static struct joining *join_of(struct talk *t, int64_t message, unsigned of)
{
	struct joining *place = NULL;
	for (size_t i = 0; i < JOINS; i++) {
		if (t->joins[i].message == message)
			return t->joins[i].of == of ? &t->joins[i] : NULL;
		if (place == NULL && t->joins[i].message == 0)
			place = &t->joins[i];
	}
	if (place == NULL) {
		place = &t->joins[0]; /* what lacks a part for so long lacks it for good */
		forget(place);
	}
	place->message = message;
	place->of = of;
	for (size_t i = 0; i < PARTS_MAX; i++)
		buf_init(&place->part[i], TEXT_OCTETS_MAX);
	return place;
}

static void give(const struct joining *j, const cJSON *last,
                 void (*message)(const struct phone_message *, void *), void *arg)
{
	struct buf text;
	buf_init(&text, PARTS_MAX * TEXT_OCTETS_MAX);
	for (unsigned i = 0; i < j->of; i++)
		buf_add(&text, buf_span(&j->part[i]));
	const struct phone_message m = { .text = buf_span(&text), .parts = j->of, .units = j->units,
		.alphabet = text_of(last, "alphabet"), .delivery = j->message,
		.flash = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(last, "flash")) };
	if (!text.failed)
		message(&m, arg);
	buf_wipe(&text);
}

static void take_part(struct talk *t, const cJSON *part,
                      void (*message)(const struct phone_message *, void *), void *arg)
{
	const unsigned seq = t->got.seq;
	const double total = number_of(part, "of");
	const unsigned of = total >= 1 && total <= PARTS_MAX ? (unsigned)total : 0;
	if (seq < 1 || seq > of || is_known(t, t->got.message, seq))
		return;
	struct joining *j = join_of(t, t->got.message, of);
	if (j == NULL || j->is_there[seq - 1])
		return;
	j->is_there[seq - 1] = true;
	j->there++;
	j->units += (unsigned)number_of(part, "units");
	buf_add_text(&j->part[seq - 1], text_of(part, "text"));
	if (j->there < of)
		return;
	give(j, part, message, arg);
	forget(j);
}

static void keep_line(struct span json, void *arg)
{
	struct buf *last = arg;
	buf_consume(last, last->n);
	buf_add(last, json);
}

int talk_hear(struct talk *t, void (*message)(const struct phone_message *, void *), void *arg)
{
	struct buf last;
	int64_t id = 0, seq = 0;
	buf_init(&last, ANSWER_OCTETS);
	struct err e = control_read(t->fd, keep_line, &last);
	(void)close(t->fd);
	t->fd = -1;
	int code = 0;
	if (err_is(e))
		code = is_away(t, &e);
	else
		code = judge(t->c, &last);
	if (code == 0 && !err_is(e)) {
		t->was_there = true;
		t->away_since_ms = 0;
		(void)json_member_int(buf_span(&last), "message", &id);
		(void)json_member_int(buf_span(&last), "part", &seq);
	}
	if (id > 0 && seq > 0 && seq <= PARTS_MAX) {
		cJSON *part = parse(buf_span(&last));
		t->got = (struct known){ .message = id, .seq = (unsigned)seq };
		if (part != NULL)
			take_part(t, part, message, arg);
		cJSON_Delete(part);
	}
	buf_wipe(&last);
	return code;
}

/* ---- saying */

/* A text has an id of its own and may be asked for again; a second call would be another call. */
int talk_say(struct talk *t, const struct span *text, struct phone_said *ret)
{
	struct buf b, last;
	char request[2 * ID_OCTETS + 1];
	struct err e = random_id(request);
	if (err_is(e))
		return fail(t->c, &e);
	start_request(t, &b, text != NULL ? "phone-text" : "phone-call");
	json_text(&b, "request", request);
	if (text != NULL)
		json_span(&b, "text", *text);
	buf_init(&last, ANSWER_OCTETS);
	e = text != NULL ? ask_patiently(t->c, &b, t->was_there ? RESTART_MS : 0, NULL, NULL, NULL,
	                                 &last)
	                 : ask_once(t->c, &b, NULL, NULL, &last);
	const int code = err_is(e) ? fail(t->c, &e) : judge(t->c, &last);
	t->was_there = t->was_there || !err_is(e);
	if (code == 0) {
		const struct span line = buf_span(&last);
		*ret = (struct phone_said){ .is_answered = span_is(json_member(line, "answered"), "true"),
			.is_known = span_is(json_member(line, "known"), "true") };
		(void)json_member_int(line, "delivery", &ret->delivery);
	}
	buf_wipe(&b);
	buf_wipe(&last);
	return code;
}

void page_free(struct phone_page *p)
{
	buf_wipe(&p->text);
	*p = (struct phone_page){ .units = 0 };
}

static int read_page(const struct talk *t, struct span line, struct phone_page *ret)
{
	cJSON *page = parse(line);
	if (page == NULL) {
		struct err e = err_make(ERR_MEMORY, "show a page", NULL, NULL);
		return fail(t->c, &e);
	}
	struct phone_page p = { .units = (unsigned)number_of(page, "units"),
		.room = (unsigned)number_of(page, "room"),
		.is_open = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(page, "open")) };
	(void)text_copy(p.alphabet, sizeof p.alphabet, text_of(page, "alphabet"));
	buf_init(&p.text, ANSWER_OCTETS);
	buf_add_text(&p.text, text_of(page, "page"));
	cJSON_Delete(page);
	*ret = p;
	return 0;
}

/* A step has an id of its own, so that it may be asked for again. */
static int step(struct talk *t, const char *verb, struct span text, struct phone_page *ret)
{
	struct buf b, last;
	char request[2 * ID_OCTETS + 1];
	struct err e = random_id(request);
	if (err_is(e))
		return fail(t->c, &e);
	start_request(t, &b, verb);
	json_text(&b, "request", request);
	json_text(&b, "session", t->session);
	json_span(&b, "text", text);
	buf_init(&last, ANSWER_OCTETS);
	e = ask_patiently(t->c, &b, t->was_there ? RESTART_MS : 0, NULL, NULL, NULL, &last);
	int code = err_is(e) ? fail(t->c, &e) : judge(t->c, &last);
	t->was_there = t->was_there || !err_is(e);
	if (code == 0)
		code = read_page(t, buf_span(&last), ret);
	buf_wipe(&b);
	buf_wipe(&last);
	return code;
}

int talk_dial(struct talk *t, struct span code, struct phone_page *ret)
{
	struct err e = random_id(t->session);
	return err_is(e) ? fail(t->c, &e) : step(t, "phone-dial", code, ret);
}

int talk_type(struct talk *t, struct span text, struct phone_page *ret)
{
	return step(t, "phone-type", text, ret);
}

void talk_rest(struct talk *t)
{
	struct buf b, last;
	if (t->fd < 0 && t->got.message == 0)
		return; /* it was never on */
	start_request(t, &b, "phone-leave");
	put_got(t, &b);
	buf_init(&last, ANSWER_OCTETS);
	(void)ask_once(t->c, &b, NULL, NULL, &last); /* else it is off in a few seconds by itself */
	buf_wipe(&b);
	buf_wipe(&last);
	if (t->fd >= 0)
		(void)close(t->fd); /* behind the leaving, so that the last part is known to be here */
	t->fd = -1;
}

void talk_end(struct talk *t)
{
	if (t == NULL)
		return;
	talk_rest(t);
	for (size_t i = 0; i < JOINS; i++)
		forget(&t->joins[i]);
	explicit_bzero(t, sizeof *t);
	free(t);
}
