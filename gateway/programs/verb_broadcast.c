/* SPDX-License-Identifier: GPL-3.0-or-later */
/* broadcast: what would be sent, a question, then for real.
 * The request that sends carries a random id of its own, which the daemon writes down with the
 * campaign: when its answer is lost it is asked again under the same id, and sends nothing twice. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "api/control.h"
#include "campaign/broadcast.h"
#include "programs/safar.h"
#include "base/banned.h"

#define REQUEST_ID 16
#define LOST_MS 10000 /* how long to ask again for an answer that was lost, without --wait */

struct run {
	const struct call *call;
	struct buf csv, message, skipped; /* skipped: JSON objects, commas between */
	char id[2 * REQUEST_ID + 1];
	bool is_told; /* the rows that are left out were shown */
};

/* ---- the files */

static struct err bad_file(const char *path, const char *next)
{
	return err_make(ERR_INPUT, "read", next, "%.120s", path);
}

static struct err read_all(int fd, const char *path, size_t limit, struct buf *ret)
{
	for (;;) {
		uint8_t piece[65536];
		const ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_os(errno, "read", NULL, "%.120s", path);
		if (n > 0)
			buf_add(ret, span_make(piece, (size_t)n));
		explicit_bzero(piece, sizeof piece);
		if (n == 0 || ret->failed)
			break;
	}
	if (ret->failed)
		return bad_file(path, limit == BROADCAST_OCTETS ? "split the list: 64 MiB at most"
		                                                : "1 MiB at most");
	const uint8_t *nul = ret->n > 0 ? memchr(ret->p, '\0', ret->n) : NULL;
	if (nul == NULL)
		return ERR_NONE_VALUE;
	unsigned line = 1;
	for (const uint8_t *p = ret->p; p < nul; p++)
		line += *p == '\n';
	return err_make(ERR_INPUT, "read", "save it as UTF-8: it has a NUL octet", "%.120s:%u", path,
	                line);
}

struct err read_file(const char *path, size_t limit, struct buf *ret)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_make(errno == ENOENT ? ERR_INPUT : ERR_IO, "read",
		                errno == ENOENT ? "there is no such file" : "see who may read it",
		                "%.120s", path);
	struct err e = read_all(fd, path, limit, ret);
	(void)close(fd);
	return e;
}

static struct err make_id(char ret[2 * REQUEST_ID + 1])
{
	uint8_t octets[REQUEST_ID];
	if (getrandom(octets, sizeof octets, 0) != (ssize_t)sizeof octets)
		return err_os(errno, "make a random number", NULL, NULL);
	hex_write(span_make(octets, sizeof octets), ret);
	return ERR_NONE_VALUE;
}

static struct err prepare(struct run *r)
{
	const struct call *c = r->call;
	struct err e = read_file(c->option[OPTION_CSV], BROADCAST_OCTETS, &r->csv);
	if (!err_is(e))
		e = read_file(c->option[OPTION_MESSAGE], MESSAGE_OCTETS, &r->message);
	return err_is(e) ? e : make_id(r->id);
}

/* ---- what is shown */

static void take_bad_row(struct span json, void *arg)
{
	struct run *r = arg;
	if (r->is_told)
		return;
	json_raw(&r->skipped, NULL, json);
	if (has(r->call, OPTION_JSON))
		return;
	cJSON *row = parse(json);
	(void)printf("line %.0f is left out: ", number_of(row, "line"));
	put_cell(stdout, 0, text_of(row, "reason"));
	(void)putchar('\n');
	cJSON_Delete(row);
}

static void show_plan(FILE *f, const struct buf *last)
{
	cJSON *plan = parse(buf_span(last));
	const cJSON *languages = cJSON_GetObjectItemCaseSensitive(plan, "languages");
	(void)fprintf(f, "%-9s %8s  %-8s %10s %8s %12s\n", "LANGUAGE", "PEOPLE", "ALPHABET",
	              "PARTS EACH", "PARTS", "PRICE");
	for (const cJSON *l = languages != NULL ? languages->child : NULL; l != NULL; l = l->next)
		(void)fprintf(f, "%-9s %8.0f  %-8s %10.0f %8.0f %12.2f\n", l->string,
		              number_of(l, "people"), text_of(l, "alphabet"), number_of(l, "parts_each"),
		              number_of(l, "parts"), number_of(l, "price"));
	(void)fprintf(f, "%-9s %8.0f  %-8s %10s %8.0f %12.2f\n", "all", number_of(plan, "people"), "",
	              "", number_of(plan, "parts"), number_of(plan, "price"));
	(void)fprintf(f, "of %.0f rows left out: %.0f bad, %.0f doubles, %.0f who said STOP\n",
	              number_of(plan, "rows"), number_of(plan, "bad"), number_of(plan, "doubles"),
	              number_of(plan, "stopped"));
	(void)fflush(f);
	cJSON_Delete(plan);
}

/* The answer, a whole object now: with the rows that were left out. */
static void add_skipped(struct run *r, struct buf *last)
{
	if (last->n == 0 || last->p[last->n - 1] != '}')
		return;
	last->n--;
	json_open(last, "skipped", '[');
	buf_add(last, buf_span(&r->skipped));
	json_close(last, ']');
	json_close(last, '}');
}

/* ---- asking */

static void make_request(const struct run *r, bool dry, struct buf *ret)
{
	const struct call *c = r->call;
	request_start(ret, CONTROL_OCTETS, "broadcast");
	json_text(ret, "request", r->id);
	json_text(ret, "consent", c->option[OPTION_CONSENT]);
	if (has(c, OPTION_OVERRIDE))
		json_text(ret, "override", c->option[OPTION_OVERRIDE]);
	if (dry)
		json_bool(ret, "dry", true);
	json_span(ret, "message", buf_span(&r->message));
	json_span(ret, "csv", buf_span(&r->csv));
}

static int dry_run(struct run *r)
{
	struct buf request, last;
	make_request(r, true, &request);
	buf_init(&last, 1u << 20);
	int code = ask(r->call, &request, take_bad_row, r, &last);
	if (code == 0) {
		if (!has(r->call, OPTION_JSON))
			show_plan(stdout, &last);
		else if (!has(r->call, OPTION_YES) && isatty(STDIN_FILENO))
			show_plan(stderr, &last);
		code = ask_yes(r->call, "send without a yes",
	               "look at the plan and say --yes: nothing was sent");
	}
	buf_wipe(&request);
	buf_free(&last);
	r->is_told = !has(r->call, OPTION_JSON);
	buf_consume(&r->skipped, r->skipped.n);
	return code;
}

/* It will be told once more by the next answer. */
static void forget_skipped(void *arg)
{
	struct run *r = arg;
	buf_consume(&r->skipped, r->skipped.n);
}

/* A safard that is just being restarted may have written the campaign down or not. */
static int send_it(struct run *r, struct buf *ret_last)
{
	struct buf request;
	make_request(r, false, &request);
	const struct err e = ask_patiently(r->call, &request,
	                                   has(r->call, OPTION_WAIT) ? RESTART_MS : LOST_MS,
	                                   take_bad_row, forget_skipped, r, ret_last);
	buf_wipe(&request);
	return err_is(e) ? fail(r->call, &e) : judge(r->call, ret_last);
}

static int send_and_tell(struct run *r)
{
	const bool is_json = has(r->call, OPTION_JSON);
	struct buf last;
	buf_init(&last, 128u << 20);
	int code = send_it(r, &last);
	if (code != 0)
		goto out;
	const struct span campaign = json_member(buf_span(&last), "campaign");
	if (!is_json)
		(void)printf("campaign %.*s is queued\n", (int)campaign.n, (const char *)campaign.p);
	(void)fflush(stdout);
	add_skipped(r, &last);
	if (has(r->call, OPTION_WAIT)) {
		code = campaign_wait(r->call, r->id, &last);
		if (code != 0 && code != EXIT_NOT_ALL)
			goto out;
	}
	if (is_json && last.failed) {
		const struct err e = err_make(ERR_MEMORY, "print the answer", NULL, NULL);
		code = fail(r->call, &e);
	} else if (is_json) {
		(void)fwrite(last.p, 1, last.n, stdout);
		(void)putchar('\n');
	}
out:
	buf_free(&last);
	return code;
}

int verb_broadcast(const struct call *c)
{
	struct run r = { .call = c };
	buf_init(&r.csv, BROADCAST_OCTETS);
	buf_init(&r.message, MESSAGE_OCTETS);
	buf_init(&r.skipped, 96u << 20);
	const struct err e = prepare(&r);
	int code = err_is(e) ? fail(c, &e) : dry_run(&r);
	if (code == 0)
		code = send_and_tell(&r);
	buf_wipe(&r.csv);
	buf_free(&r.message);
	buf_free(&r.skipped);
	return code;
}
