/* SPDX-License-Identifier: GPL-3.0-or-later */
/* safar - the command line of the gateway. What there is to say stands in two tables: the verbs
 * here, the options in safar.h; --help and the reading of argv both come from them. */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "programs/safar.h"
#include "programs/where.h"
#include "vault/vault.h"
#include "base/banned.h"

#define OPTION_BIT(o) (UINT64_C(1) << (o))
#define ALLOW(o) OPTION_BIT(OPTION_##o)
#define ALWAYS (ALLOW(CONFIG) | ALLOW(JSON) | ALLOW(HELP))

static const struct {
	const char *word, *value, *help;
} options[OPTION_COUNT] = {
#define X(id, word, value, help) [OPTION_##id] = { word, value, help },
	OPTIONS(X)
#undef X
};

static const struct verb {
	const char *name, *arguments;
	size_t argument_count;      /* so many, or with `or_more` at least so many */
	uint64_t allows, needs; /* options */
	bool no_config, or_more;
	verb_fn *run;
	const char *help;
} verbs[] = {
	{ "status", "", 0, ALWAYS, 0, false, false, verb_status,
	  "Links, deliveries, inbox, parts, whether the people keys are open, and what staff should do\n"
	  "about texts and numbers." },
	{ "send", "NUMBER TEXT", 2, ALWAYS | ALLOW(FLASH), 0, false, false, verb_send,
	  "Queues one text for one number and prints the delivery's id. Refused after a STOP." },
	{ "broadcast", "", 0, ALWAYS | ALLOW(CSV) | ALLOW(MESSAGE) | ALLOW(CONSENT) | ALLOW(OVERRIDE) |
	  ALLOW(YES) | ALLOW(WAIT), ALLOW(CSV) | ALLOW(MESSAGE) | ALLOW(CONSENT), false,
	  false, verb_broadcast,
	  "Sends one text in several languages to people who agreed. Shows what it would send and\n"
	  "what it costs, tells each row that it leaves out, and asks before it goes on.\n"
	  "With --wait it ends when nothing of it is queued, claimed or submitting any more, and\n"
	  "then waits up to 30 s for the reports that are missing; stopping it (Ctrl-C) stops\n"
	  "nothing of the broadcast." },
	{ "campaign", "ACTION [NAME | FILE]", 1, ALWAYS | ALLOW(MESSAGE) | ALLOW(LANGUAGE) | ALLOW(BY) |
	  ALLOW(NUMBER) | ALLOW(OVERRIDE) | ALLOW(ANY_HOUR) | ALLOW(WHY) | ALLOW(WAIT) |
	  ALLOW(SEGMENT) | ALLOW(ORGANISATION) | ALLOW(AT) | ALLOW(RATE) | ALLOW(CEILING) |
	  ALLOW(DAYS) | ALLOW(AGAIN) | ALLOW(KIND) | ALLOW(OUT) | ALLOW(DISCREET), 0, false, true,
	  verb_campaign,
	  "One message in several languages to people who agreed, from the draft to the last report:\n"
	  "  new NAME       a draft; --segment, --at, --rate, --ceiling, --days, --again-after and\n"
	  "                 --organisation may be given now or later, by `set NAME`\n"
	  "  texts NAME     --message FILE: what it says; --language TAG --by READER: somebody who\n"
	  "                 speaks it has read that text\n"
	  "  audience NAME  --segment: whom\n"
	  "  preview NAME   texts, parts, price, people, hours, and what stands in its way\n"
	  "  test NAME      --language TAG --number NUMBER: to a phone of staff's\n"
	  "  submit NAME    for review; then somebody else (another user of this computer)\n"
	  "                 approves it, and an edit takes that back\n"
	  "  approve NAME   --override WHY: alone, or with texts that nobody has read\n"
	  "  start NAME     now, or at its time; --override WHY in spite of what preview tells\n"
	  "  pause NAME, resume NAME, stop NAME: at once; a message that is half sent is finished\n"
	  "  show NAME, list; --wait on show or start goes on until all is sent\n"
	  "  apply FILE     a whole campaign as a file; applied again it changes nothing\n"
	  "  material DRIVE --number NUMBER: sheets to print for a drive (\"market-2026-12\"), SVG and\n"
	  "                 HTML, one a language; each kind has a word of its own, in the QR code too\n"
	  "  sources        how many questions carried which word, by day" },
	{ "stop-all", "", 0, ALWAYS | ALLOW(WHY), 0, false, false, verb_stop_all,
	  "Stops everything but answers at once, broadcasts too, until `safar go-on`." },
	{ "go-on", "", 0, ALWAYS | ALLOW(WHY), 0, false, false, verb_go_on,
	  "Takes a stop-all back." },
	{ "outbox", "", 0, ALWAYS | ALLOW(SHOW_NUMBERS) | ALLOW(LIMIT), 0, false, false, verb_outbox,
	  "Deliveries, newest first. A help-seeker's number is never shown, a contact's only as\n"
	  "country and last two digits." },
	{ "inbox", "", 0, ALWAYS | ALLOW(LIMIT), 0, false, false, verb_inbox,
	  "What came in, newest first: never a number, never a text." },
	{ "calls", "[done ID]", 0, ALWAYS | ALLOW(SHOW_NUMBERS), 0, false, true, verb_calls,
	  "Who wants to be rung: they gave two missed calls within five minutes, asked for it in a text,\n"
	  "or their operator did in their name. Oldest first; a number only while the people keys are\n"
	  "open. `calls done ID` when somebody rang them: nothing of it stays. After a week a wish goes\n"
	  "by itself." },
	{ "contacts", "import FILE.csv | list | find | tag | untag | show | forget", 1, ALWAYS | ALLOW(YES) |
	  ALLOW(LANGUAGE) | ALLOW(COUNTRY) | ALLOW(TAG) | ALLOW(CONSENT) | ALLOW(DATE) |
	  ALLOW(CHANNEL) | ALLOW(PROOF) | ALLOW(LIMIT) | ALLOW(SHOW_NUMBERS), 0, false, true,
	  verb_contacts,
	  "People who may be written to, and what they agreed to. Needs open people keys.\n"
	  "  import FILE.csv    what would change, each row that is left out, a question, then for real.\n"
	  "                     Columns by name, in English, Russian or Kazakh: phone, language, script,\n"
	  "                     region, tags, consent date, channel, wording, language, proof. A row\n"
	  "                     without a date of consent is kept, and no campaign may write to it.\n"
	  "  list [WHO]         a line each: a number as country and last two digits\n"
	  "  find [WHO]         how many\n"
	  "  tag TAG WHO        gives them all a tag; untag TAG WHO takes it away\n"
	  "  show [NUMBER|ID]   all that is held on one person; without, the number is asked for\n"
	  "  forget [NUMBER|ID] --yes  erases it and looks again; a STOP stays\n"
	  "WHO is the name of a segment, or KEY=VALUE[,VALUE] words that must all hold: language script\n"
	  "region country operator tag not_tag reached_before reached_since engaged_before\n"
	  "engaged_since; or nothing, which is everybody." },
	{ "segment", "save NAME WHO | list | drop NAME", 1, ALWAYS, 0, false, true, verb_segment,
	  "Filters over contacts with a name; WHO as `safar contacts --help` has it. list tells how many\n"
	  "people each means now; fewer than 11 are told so, since a number might point at somebody." },
	{ "ussd", "LINK CODE", 2, ALWAYS, 0, false, false, verb_ussd,
	  "Asks the operator of a link's SIM, for instance '*100#' (in quotes), and prints the answer,\n"
	  "for which it waits 30 s. A menu is shown and left: nothing is chosen." },
	{ "phone", "", 0, ALWAYS | ALLOW(NUMBER) | ALLOW(LINK), ALLOW(NUMBER), false, false, verb_phone,
	  "A virtual phone on a loopback link, to try dialogs without a modem: type a text and Enter\n"
	  "to send it; /call gives a missed call, /quit ends. /dial *123# dials: pages are shown, what\n"
	  "is typed is an answer, /end hangs up. While it is on, what staff send to its number comes\n"
	  "to it and not to a modem: give it a number that nobody has.\n"
	  "Where standard input is no terminal, each line is a text, a command as above, an answer to\n"
	  "the page, or /wait [SECONDS] for what comes by itself. What comes is printed, and a line\n"
	  "waits up to 10 s for its own; it\n"
	  "ends with 1 when one was missing. A text that begins with / is written with two." },
	{ "keys", "new", 1, ALWAYS, 0, false, false, verb_keys,
	  "Makes the keys of contacts, consent and STOP: in [keys] file, or under a passphrase that\n"
	  "is asked for. Needs no daemon; never overwrites." },
	{ "unlock", "", 0, ALWAYS, 0, false, false, verb_unlock,
	  "Opens the people keys in the daemon: asks for the passphrase, or takes the first line of\n"
	  "standard input where that is no terminal." },
	{ "content", "check | preview | review KEY… | verify ID | gaps", 1, ALWAYS | ALLOW(LANGUAGE) |
	  ALLOW(PHONE) | ALLOW(SCRIPT) | ALLOW(BY), 0, true, true, verb_content,
	  "What is said to people, as the files of messages/ and locales/ have it; needs no daemon.\n"
	  "  check    every fault with its file and key; exit code 1 where there are errors\n"
	  "  preview  --language TAG: every answer as a phone shows it, its parts and its price\n"
	  "  review   KEY… --language TAG --by NAME: a native speaker has read these texts\n"
	  "  verify   ID --by NAME: somebody called the number of this entry today\n"
	  "  gaps     words of questions that nothing is known for, most first (asks the daemon)" },
	{ "inspect", "", 0, ALLOW(CONFIG) | ALLOW(JSON) | ALLOW(HELP) | ALLOW(FROM) | ALLOW(NO_PRIOR) |
	  ALLOW(AMONG), 0, true, false, verb_inspect,
	  "Reads texts, a line each, on standard input and writes what is understood of each as a line\n"
	  "of JSON: language, wish, place, skeleton, alphabet, parts, what would cost less. Needs no\n"
	  "daemon, keeps nothing." },
	{ "settings", "", 0, ALWAYS, 0, true, false, verb_settings,
	  "What a configuration may say: section, key, type, range, default." },
};

/* ---- help */

static void put_exit_codes(void)
{
	(void)printf("Exit codes: 0 ok, %d not every message was sent, or a check found errors", EXIT_NOT_ALL);
	int before = 0;
	for (int i = 1; i < ERR_CODE_COUNT; i++) {
		const int code = err_exit_code((enum err_code)i);
		if (code == before)
			(void)printf(" or %s", err_word((enum err_code)i));
		else
			(void)printf(", %d %s", code, err_word((enum err_code)i));
		before = code;
	}
	(void)puts(".");
}

static void put_options(uint64_t allowed)
{
	for (int o = 0; o < OPTION_COUNT; o++) {
		if ((allowed & OPTION_BIT(o)) == 0)
			continue;
		char left[32];
		(void)snprintf(left, sizeof left, "--%s%s%s", options[o].word,
		               options[o].value[0] != '\0' ? " " : "", options[o].value);
		(void)printf("  %-20s %s\n", left, options[o].help);
	}
}

static void put_usage(const struct verb *v)
{
	(void)printf("safar [-c FILE] %s", v->name);
	if (v->arguments[0] != '\0')
		(void)printf(" %s", v->arguments);
	for (int o = 0; o < OPTION_COUNT; o++) {
		if ((v->allows & ~ALWAYS & OPTION_BIT(o)) == 0)
			continue;
		const bool is_needed = (v->needs & OPTION_BIT(o)) != 0;
		(void)printf(" %s--%s%s%s%s", is_needed ? "" : "[", options[o].word,
		             options[o].value[0] != '\0' ? " " : "", options[o].value,
		             is_needed ? "" : "]");
	}
	(void)puts(" [--json]");
}

static int help(const struct verb *v)
{
	if (v != NULL) {
		(void)fputs("Usage: ", stdout);
		put_usage(v);
		(void)printf("\n%s\n\n", v->help);
		put_options(v->allows);
	} else {
		(void)puts("Usage: safar [-c FILE] VERB …\nThe command line of the Safar gateway.\n");
		for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
			(void)fputs("  ", stdout);
			put_usage(&verbs[i]);
		}
		(void)putchar('\n');
		put_options(ALWAYS);
		(void)puts("\nOf one verb: safar VERB --help. Behind -- all is an argument.");
	}
	(void)putchar('\n');
	put_exit_codes();
	return 0;
}

/* ---- reading argv */

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	return NULL;
}

static int usage_error(const char *what, const char *which)
{
	(void)fprintf(stderr, "safar: %s %s; see safar --help\n", what, which);
	return EXIT_USAGE;
}

/* The option of this word ("csv", "csv=FILE"), or OPTION_COUNT. */
static int find_option(const char *word, const char **ret_value)
{
	for (int o = 0; o < OPTION_COUNT; o++) {
		const size_t n = strlen(options[o].word);
		if (strncmp(word, options[o].word, n) != 0 || (word[n] != '\0' && word[n] != '='))
			continue;
		*ret_value = word[n] == '=' ? word + n + 1 : NULL;
		return o;
	}
	return OPTION_COUNT;
}

/* Takes argv[*at], an option, and its value. */
static int read_option(int argc, char **argv, int *at, struct call *c)
{
	const char *word = argv[*at], *value = NULL;
	int o = OPTION_COUNT;
	if (strcmp(word, "-c") == 0)
		o = OPTION_CONFIG;
	else if (strcmp(word, "-h") == 0)
		o = OPTION_HELP;
	else if (strncmp(word, "--", 2) == 0)
		o = find_option(word + 2, &value);
	if (o == OPTION_COUNT)
		return usage_error("there is no option", word);
	if (options[o].value[0] == '\0' && value != NULL)
		return usage_error("this option takes no value:", word);
	if (options[o].value[0] != '\0' && value == NULL) {
		if (*at + 1 >= argc)
			return usage_error("give a value to", word);
		value = argv[++*at];
	}
	if (c->option[o] != NULL && options[o].value[0] != '\0')
		return usage_error("given twice:", word);
	c->option[o] = value != NULL ? value : "";
	return 0;
}

static int read_argv(int argc, char **argv, struct call *c, const struct verb **ret)
{
	bool only_arguments = false;
	*ret = NULL;
	for (int i = 1; i < argc; i++) {
		if (!only_arguments && strcmp(argv[i], "--") == 0) {
			only_arguments = true;
		} else if (!only_arguments && argv[i][0] == '-' && argv[i][1] != '\0') {
			const int code = read_option(argc, argv, &i, c);
			if (code != 0)
				return code;
		} else if (*ret == NULL) {
			*ret = find_verb(argv[i]);
			if (*ret == NULL)
				return usage_error("there is no verb", argv[i]);
		} else if (c->arguments < sizeof c->argument / sizeof c->argument[0]) {
			c->argument[c->arguments++] = argv[i];
		} else {
			return usage_error("too many arguments for", (*ret)->name);
		}
	}
	return 0;
}

static int check(const struct call *c, const struct verb *v)
{
	for (int o = 0; o < OPTION_COUNT; o++) {
		if (c->option[o] != NULL && (v->allows & OPTION_BIT(o)) == 0)
			return usage_error("this verb takes no option", options[o].word);
		if (c->option[o] == NULL && (v->needs & OPTION_BIT(o)) != 0)
			return usage_error("this verb needs the option", options[o].word);
	}
	if (c->arguments < v->argument_count || (c->arguments > v->argument_count && !v->or_more))
		return usage_error(v->argument_count == 0 ? "this verb takes no arguments:"
		                   : "this verb needs other arguments (in quotes, where one has spaces):",
		                   v->argument_count == 0 ? v->name : v->arguments);
	return 0;
}

static int run(struct call *c, const struct verb *v)
{
	if (v->no_config)
		return v->run(c);
	struct settings *s = NULL;
	const char *path = has(c, OPTION_CONFIG) ? c->option[OPTION_CONFIG] : DEFAULT_CONFIG;
	struct err e = settings_read(path, NULL, NULL, &s);
	if (err_is(e))
		return fail(c, &e);
	c->settings = s;
	const int code = v->run(c);
	c->settings = NULL;
	settings_free(s);
	return code;
}

int main(int argc, char **argv)
{
	struct call c = { .settings = NULL };
	const struct verb *v = NULL;
	log_start("safar");
	struct err e = vault_harden_process(); /* numbers and a passphrase pass through */
	int code = err_is(e) ? fail(&c, &e) : read_argv(argc, argv, &c, &v);
	if (code != 0)
		return code;
	if (has(&c, OPTION_HELP) || v == NULL) {
		(void)help(v);
		return has(&c, OPTION_HELP) ? 0 : EXIT_USAGE;
	}
	code = check(&c, v);
	if (code == 0)
		code = run(&c, v);
	if (fflush(stdout) != 0 && code == 0)
		code = err_exit_code(ERR_IO); /* a full disk behind > must not look like success */
	return code;
}
