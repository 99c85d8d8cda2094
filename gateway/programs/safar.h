/* SPDX-License-Identifier: GPL-3.0-or-later */
/* safar.h - the command line: a row a verb, a row an option, and how a verb asks the daemon.
 * Room:      programs, private to safar.
 * Output:    results on standard output, with --json as JSON lines; an error is one line on
 *            standard error, with --json the object {"ok":false,…} on standard output.
 * Errors:    a verb returns the exit code: that of the error's class, or one of the two here.
 * Threads:   one. */
#ifndef SAFAR_PROGRAMS_SAFAR_H
#define SAFAR_PROGRAMS_SAFAR_H

#include <cjson/cJSON.h>
#include <stdio.h>

#include "api/json.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/settings.h"
#include "text/language.h"

#define EXIT_NOT_ALL 1 /* all was done as asked, but not every message was sent, or a check failed */
#define EXIT_USAGE 2

/* word, name of its value ("": it has none), help */
#define OPTIONS(X) \
	X(CONFIG, "config", "FILE", "safard's configuration, also -c (default /etc/safar/safar.conf)") \
	X(JSON, "json", "", "print JSON") \
	X(HELP, "help", "", "print this, also -h") \
	X(CSV, "csv", "FILE", "who: phone,language[,region] with a header line; , or ; between") \
	X(MESSAGE, "message", "FILE", "what: {\"texts\":{\"kk\":\"…\",\"ru\":\"…\"},\"fallback\":[\"ru\"]}") \
	X(CONSENT, "consent", "TEXT", "what these people agreed to, and where") \
	X(OVERRIDE, "override", "REASON", "send outside weekdays 09:00-21:00, and why") \
	X(YES, "yes", "", "go on without asking") \
	X(WAIT, "wait", "", "wait until it is sent, and show how far it has come") \
	X(SHOW_NUMBERS, "show-numbers", "", "whole numbers; that is written to the audit log") \
	X(FLASH, "flash", "", "show it at once on the phone, which doesn't keep it (class 0)") \
	X(FROM, "from", "NUMBER", "who wrote it: the country says a little of the language") \
	X(NO_PRIOR, "no-prior", "", "judge the text alone") \
	X(AMONG, "among", "LIST", "these languages alone: kk,ru,uz,ky,tg") \
	X(LIMIT, "limit", "N", "the newest N rows (default: all)") \
	X(LANGUAGE, "language", "TAG", "kk, ru, uz, uz-Cyrl, ky or tg") \
	X(PHONE, "phone", "KIND", "what shows it: sms (default) or ussd") \
	X(SCRIPT, "script", "WORD", "native (default), plain (Russian letters only) or latin") \
	X(BY, "by", "NAME", "who it was that read or called; stands in the file") \
	X(NUMBER, "number", "NUMBER", "a phone's number, with its country code: +998…") \
	X(KIND, "kind", "WORD", "of material: poster (default), booklet, mask …") \
	X(OUT, "out", "FOLDER", "where the files go (default: here)") \
	X(DISCREET, "discreet", "", "the sheet doesn't say what the number is for") \
	X(LINK, "link", "NAME", "the loopback link (default: the first of the configuration)") \
	X(COUNTRY, "country", "CC", "whose numbers without a country code are (default KZ)") \
	X(TAG, "tag", "TAG", "tags for every row, commas between") \
	X(DATE, "date", "DATE", "when they agreed: 2026-05-12; for rows that don't say it themselves") \
	X(CHANNEL, "channel", "WORDS", "how they agreed: paper, by phone, text") \
	X(PROOF, "proof", "WORDS", "where that can be looked up: list 5, page 2") \
	X(SEGMENT, "segment", "NAME", "whom: a segment, or a filter as JSON: {\"language\":[\"ky\"]}") \
	X(ORGANISATION, "organisation", "NAME", "in whose name") \
	X(AT, "at", "TIME", "not before: 2026-12-01 09:00, of the node's zone; \"\" for at once") \
	X(RATE, "rate", "N", "people an hour; 0: as fast as the links go") \
	X(CEILING, "ceiling", "MONEY", "the most it may cost; 0: none") \
	X(DAYS, "days", "N", "what has not gone by then is left (default 7)") \
	X(AGAIN, "again-after", "DAYS", "before the same text may go to the same person (default 30)") \
	X(ANY_HOUR, "any-hour", "", "outside sending hours, too: needs --override") \
	X(WHY, "why", "TEXT", "a reason, for the audit log and for who asks later")

#define X(id, word, value, help) OPTION_##id,
enum option { OPTIONS(X) OPTION_COUNT };
#undef X

#define ARGUMENTS_MAX 512 /* keys of texts: more than a language has */

struct call {
	const struct settings *settings; /* NULL where the verb needs none */
	const char *option[OPTION_COUNT]; /* its value, "" for one without; NULL: not given */
	const char *argument[ARGUMENTS_MAX];
	size_t arguments;
};
static inline bool has(const struct call *c, enum option o) { return c->option[o] != NULL; }

typedef int verb_fn(const struct call *c);
verb_fn verb_status, verb_send, verb_broadcast, verb_outbox, verb_inbox, verb_keys, verb_unlock,
	verb_settings, verb_ussd, verb_content, verb_inspect, verb_phone, verb_calls, verb_campaign,
	verb_contacts, verb_segment, verb_stop_all, verb_go_on;

/* ---- ask.c */
/* 0: --yes was given, or staff say so; else the refusal is told: its exit code. `doing` and `next` are
 * the refusal's words. */
int ask_yes(const struct call *c, const char *doing, const char *next);
/* ---- verb_list.c */
int list_gaps(const struct call *c);
int list_sources(const struct call *c);
/* ---- verb_material.c */
int campaign_material(const struct call *c);
/* ---- verb_content_preview.c */
struct where;
int content_preview(const struct call *c, const struct where *w);
/* An old phone's screen with that text, and a line beside it. */
void preview_screen(struct span text, const char *beside);
/* ---- verb_content_pages.c */
struct content;
struct err content_preview_pages(const struct call *c, struct content *content, enum language l,
                                 bool latin);

/* ---- ask.c */
/* Tells the error; its exit code. */
int fail(const struct call *c, const struct err *e);
/* A request begins with its verb; more members are added with json_*(), ask() closes it. */
void request_start(struct buf *request, size_t limit, const char *verb);

typedef void row_fn(struct span json, void *arg);
/* Asks once. `row` (may be NULL) gets each line but the last, which goes to *ret_last whether it
 * says ok or not. Errors are those of control_ask(). */
struct err ask_once(const struct call *c, struct buf *request, row_fn *row, void *arg,
                    struct buf *ret_last);
/* While safard is being restarted: how often to ask again. */
#define ASK_EACH_MS 200
/* Asks again for up to `patience_ms` while nobody is there or an answer breaks off: only for what may
 * be asked twice. `again` (may be NULL) is called before each further time. */
struct err ask_patiently(const struct call *c, struct buf *request, int64_t patience_ms,
                         row_fn *row, void (*again)(void *arg), void *arg, struct buf *ret_last);
/* Asks once, and tells what went wrong: 0, or the exit code of the error. */
int ask(const struct call *c, struct buf *request, row_fn *row, void *arg, struct buf *ret_last);
/* 0 when the last line says ok; else tells the daemon's error: its exit code. */
int judge(const struct call *c, const struct buf *last);

/* Parses a line of the daemon's; NULL when it is none (or memory is short). */
cJSON *parse(struct span json);
const char *text_of(const cJSON *object, const char *name); /* "" : none */
double number_of(const cJSON *object, const char *name);    /* 0: none; below 2^53 */
/* For a terminal: what came from a modem may hold control characters. `width` pads, as in printf. */
void put_cell(FILE *f, int width, const char *text);

/* ---- verb_broadcast.c: a file as it is, without NULs */
struct err read_file(const char *path, size_t limit, struct buf *ret);
/* ---- verb_campaign_show.c */
void show_campaign(const struct buf *last);
void show_campaign_row(struct span json);
void show_preview(const struct buf *last);
/* Until it runs no more; the exit code. */
int wait_campaign(const struct call *c, const char *name);
/* ---- campaign_wait.c */
/* Waits until the campaign of this request is sent. The exit code; the last counts are added to
 * `last` (the answer of the broadcast) as "deliveries". */
int campaign_wait(const struct call *c, const char *request_id, struct buf *last);
#define RESTART_MS 60000 /* how long a restart of safard may take meanwhile */
void pause_ms(int ms);

#endif
