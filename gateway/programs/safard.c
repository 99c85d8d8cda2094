/* SPDX-License-Identifier: GPL-3.0-or-later */
/* safard - the gateway's daemon. It reads its configuration, its keys and what is to be said, opens
 * the store, and runs one event loop for the links; beside it run the store's writer, the clerk and
 * the thread that answers the command line. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "api/control.h"
#include "base/clock.h"
#include "base/log.h"
#include "campaign/broadcast.h"
#include "content/topics.h"
#include "link/links.h"
#include "programs/callbacks.h"
#include "programs/configuration.h"
#include "programs/clerk.h"
#include "store/campaigns.h"
#include "store/delivery.h"
#include "store/people.h"
#include "text/fold.h"
#include "base/banned.h"

#ifndef SAFAR_VERSION
#define SAFAR_VERSION "0.1.0"
#endif
#define DEFAULT_CONFIG "/etc/safar/safar.conf"
#define EXIT_CONFIG 2

struct daemon {
	const char *config_path;
	struct settings *settings;
	struct content *content;
	struct vault *vault;
	struct store *store;
	struct dialog *dialog;
	struct loop *loop;
	struct callbacks *callbacks;
	struct links *links;
	struct clerk *clerk;
	struct control *control;
	struct watch signals;
	struct timer watchdog;
	int64_t watchdog_ms;
	int lock;
	gid_t staff; /* or NO_STAFF */
	bool in_doubt; /* parts were on the air when the last safard ended */
	char modem_program[4096];
};

/* ---- configuration */

static struct err read_content(const struct settings *s, struct content **ret)
{
	return content_load(s->content_messages, s->content_locales, s->content_allow_draft, NULL, NULL,
	                    ret);
}


static void use_rules(struct daemon *d)
{
	const struct dialog_rules rules = {
		.answers_per_hour = d->settings->answers_per_hour,
		.answers_per_hour_all = d->settings->answers_per_hour_all,
		.partial_after_ms = d->settings->partial_after_min * 60000,
	};
	dialog_use_rules(d->dialog, &rules);
}

/* ---- start */

/* Staff may pass through the folder to the socket, and read nothing in it. */
static struct err open_to_staff(struct daemon *d)
{
	const char *folder = d->settings->node_data;
	d->staff = NO_STAFF;
	if (d->settings->node_staff[0] == '\0')
		return chmod(folder, 0700) == 0 ? ERR_NONE_VALUE
		       : err_os(errno, "close the data folder to others", NULL, "%.120s", folder);
	const struct group *g = getgrnam(d->settings->node_staff); /* no thread is there yet */
	if (g == NULL)
		return err_make(ERR_CONFIG, "let staff in", "make the group: addgroup NAME", "%.32s",
		                d->settings->node_staff);
	d->staff = g->gr_gid;
	if (chown(folder, (uid_t)-1, d->staff) != 0 || chmod(folder, 0710) != 0)
		return err_os(errno, "open the data folder to the group of staff",
		              "add safard's own user to it", "%.32s", d->settings->node_staff);
	return ERR_NONE_VALUE;
}

static struct err open_folder(struct daemon *d)
{
	const char *folder = d->settings->node_data;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return err_os(errno, "make the data folder", "make its parent folder first", "%.120s",
		              folder);
	struct stat st;
	if (stat(folder, &st) != 0)
		return err_os(errno, "read the data folder", NULL, "%.120s", folder);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return err_make(ERR_CONFIG, "use the data folder",
		                "give it to the user that runs safard", "%.120s", folder);
	struct err e = open_to_staff(d);
	if (err_is(e))
		return e;
	char path[4096];
	if (snprintf(path, sizeof path, "%s/safard.lock", folder) >= (int)sizeof path)
		return err_make(ERR_CONFIG, "use the data folder", "choose a shorter path", NULL);
	d->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (d->lock < 0)
		return err_os(errno, "open the lock of the data folder", NULL, "%.120s", folder);
	if (flock(d->lock, LOCK_EX | LOCK_NB) != 0)
		return err_make(ERR_BUSY, "use the data folder",
		                "another safard runs on it: stop that one first", "%.120s", folder);
	return ERR_NONE_VALUE;
}

static struct err read_public(struct txn *tx, void *arg)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	return people_public_get(tx, key, arg);
}

static struct err write_public(struct txn *tx, void *arg)
{
	return people_public_set(tx, arg);
}

/* Closed keys still have a public half: a STOP that comes meanwhile is sealed to it. */
static struct err leave_people_closed(struct daemon *d)
{
	uint8_t key[PUBLIC_KEY_SIZE];
	if (!vault_people_exists(d->settings->node_data, "")) {
		log_warning("there are no people keys yet: make them with `safar keys new`");
		return ERR_NONE_VALUE;
	}
	log_notice("people keys are closed: answers go on, broadcasts wait for `safar unlock`");
	struct err e = vault_people_ring_public(d->settings->node_data, key);
	return err_is(e) ? e : store_write(d->store, write_public, key);
}

/* With a key file the people ring opens by itself; without one `safar unlock` opens it. */
static struct err open_people(struct daemon *d)
{
	const char *file = d->settings->keys_file;
	if (file[0] == '\0')
		return leave_people_closed(d);
	if (!vault_people_exists(d->settings->node_data, file)) {
		bool used = false;
		struct err e = store_read(d->store, read_public, &used);
		if (err_is(e))
			return e;
		if (used)
			return err_make(ERR_ABSENT, "open the people keys",
			                "bring the key file back: the store was written with it", "%.120s",
			                file);
		e = vault_people_new(d->settings->node_data, file, span_of(""));
		if (err_is(e))
			return e;
		log_notice("made new people keys in the key file: keep a copy of it in a safe place");
	}
	struct err e = vault_people_open_file(d->vault, file);
	return err_is(e) ? e : dialog_admit_people(d->dialog, (int64_t)geteuid());
}

static struct err free_all_links(struct txn *tx, void *arg)
{
	struct err e = campaigns_abandon(tx); /* what a crash left half written */
	return err_is(e) ? e : delivery_free_link(tx, NULL, clock_now_ms(), arg);
}

static struct err recover(struct daemon *d)
{
	unsigned doubtful = 0;
	struct err e = store_write(d->store, free_all_links, &doubtful);
	d->in_doubt = doubtful > 0;
	if (!err_is(e) && doubtful > 0)
		log_warning("%u part%s on the air when safard ended: in doubt", doubtful,
		            doubtful == 1 ? " was" : "s were");
	return e;
}

static void log_finding(const struct finding *one, void *arg)
{
	(void)arg;
	log_warning("%s%s%s: %s", one->file, one->key[0] != '\0' ? ": " : "", one->key, one->text);
}

/* At each start and reload: lines that nobody has called, drafts that are sent. */
static void remind(const struct content *c)
{
	content_reminders(c, clock_now_ms(), log_finding, NULL);
}

static struct err find_modem_program(struct daemon *d)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n > 0) {
		self[n] = '\0';
		char *slash = strrchr(self, '/');
		if (slash != NULL)
			*slash = '\0';
		if (snprintf(d->modem_program, sizeof d->modem_program, "%.4000s/safar-modem", self) > 0 &&
		    access(d->modem_program, X_OK) == 0)
			return ERR_NONE_VALUE;
	}
	(void)snprintf(d->modem_program, sizeof d->modem_program, "%s/safar-modem", SAFAR_LIBEXECDIR);
	if (access(d->modem_program, X_OK) != 0)
		return err_os(errno, "find the modem driver", "install it beside safard", "%.120s",
		              d->modem_program);
	return ERR_NONE_VALUE;
}

/* ---- the command line's view of the links */

static size_t links_for_status(void *arg, struct link_status *ret, size_t room)
{
	struct daemon *d = arg;
	struct link_state states[LINKS_MAX];
	size_t n = links_states(d->links, states, room < LINKS_MAX ? room : LINKS_MAX);
	for (size_t i = 0; i < n; i++) {
		ret[i] = (struct link_status){ .type = states[i].type, .state = states[i].state, .signal = states[i].signal,
			.on_air = states[i].on_air, .pages = states[i].pages, .refused = states[i].refused, .sandbox = states[i].sandbox,
			.balance = states[i].balance, .balance_at_ms = states[i].balance_at_ms };
		(void)text_copy(ret[i].name, sizeof ret[i].name, states[i].name);
		(void)text_copy(ret[i].reason, sizeof ret[i].reason, states[i].reason);
		(void)text_copy(ret[i].operator_, sizeof ret[i].operator_, states[i].operator_);
	}
	return n;
}

static void wake_links(void *arg)
{
	struct daemon *d = arg;
	links_wake(d->links);
	clerk_wake(d->clerk);
}

static struct hours *hold_hours(void *arg)
{
	struct daemon *d = arg;
	return clerk_hours(d->clerk);
}

static struct err ask_link(void *arg, const char *link, const char *code, void (*ready)(void *),
                           void *ready_arg, struct errand **ret)
{
	struct daemon *d = arg;
	return links_ask(d->links, link, code, ready, ready_arg, ret);
}

static struct err ask_phone(void *arg, const char *link, struct handset *h,
                            void (*ready)(void *), void *ready_arg, struct errand **ret)
{
	struct daemon *d = arg;
	return links_phone(d->links, link, h, ready, ready_arg, ret);
}

/* Of those that people are reached by; of loopbacks where there is nothing else. */
static int64_t cheapest_part(const struct settings *s)
{
	const struct link_settings *best = NULL;
	for (size_t i = 0; i < s->link_count; i++) {
		const struct link_settings *l = &s->links[i];
		const bool is_better = best != NULL && (best->type == l->type ? l->price < best->price
		                                        : best->type == LINK_LOOPBACK);
		if (best == NULL || is_better)
			best = l;
	}
	return best != NULL ? best->price : 0;
}

/* What campaigns go by. */
static struct err read_clerk_rules(const struct settings *s, struct clerk_rules *ret)
{
	ret->part_price = cheapest_part(s);
	ret->month_ceiling = s->month_ceiling;
	return hours_load(s->content_messages, s->node_zone, &ret->hours);
}

/* ---- signals and the service manager */

/* One text edited and not reviewed would take the whole language from its readers. */
static struct err refuse_silence(const struct content *before, const struct content *after)
{
	const enum language l = content_falls_silent(before, after);
	return l == LANGUAGE_UNKNOWN ? ERR_NONE_VALUE
	       : err_make(ERR_REFUSED, "take texts that would silence a reviewed language",
	                  "review what was edited (safar content check), or name it in allow-draft",
	                  "%s.json", language_tag(l));
}

static void reload(struct daemon *d)
{
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64, clock_monotonic_us());
	struct settings *s = NULL;
	struct content *c = NULL;
	struct clerk_rules rules = { .hours = NULL };
	struct err e = settings_read(d->config_path, NULL, NULL, &s);
	if (!err_is(e) && (strcmp(s->node_data, d->settings->node_data) != 0 ||
	                   strcmp(s->store_url, d->settings->store_url) != 0 ||
	                   strcmp(s->keys_file, d->settings->keys_file) != 0))
		e = err_make(ERR_CONFIG, "change data, store or keys while running",
		             "restart safard for that", "%.120s", d->config_path);
	if (!err_is(e))
		e = read_content(s, &c);
	if (!err_is(e))
		e = refuse_silence(d->content, c);
	if (!err_is(e))
		e = read_clerk_rules(s, &rules);
	if (!err_is(e))
		e = callbacks_apply(d->callbacks, s);
	if (!err_is(e))
		e = links_apply(d->links, s);
	if (err_is(e)) { /* all or nothing: what ran goes on */
		log_err(&e);
		settings_free(s);
		content_drop(c);
		hours_drop(rules.hours);
	} else {
		clerk_use_rules(d->clerk, &rules);
		dialog_use_content(d->dialog, c);
		content_drop(d->content);
		d->content = c;
		settings_free(d->settings);
		d->settings = s;
		use_rules(d);
		remind(c);
		log_notice("configuration and content are read anew");
	}
	(void)sd_notify(0, "READY=1");
}

static void on_signal_ready(struct watch *w, uint32_t epoll_events)
{
	(void)epoll_events;
	struct daemon *d = w->arg;
	struct signalfd_siginfo info;
	if (read(w->fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGHUP) {
		reload(d);
		return;
	}
	log_notice("stopping: what is on the air is finished first");
	(void)sd_notify(0, "STOPPING=1");
	links_finish(d->links);
}

static void on_watchdog(struct timer *t)
{
	struct daemon *d = t->arg;
	(void)sd_notify(0, "WATCHDOG=1");
	loop_timer_in(d->loop, t, d->watchdog_ms);
}

static void on_finished(void *arg)
{
	struct daemon *d = arg;
	loop_stop(d->loop);
}

/* Before any thread starts, so that all of them leave signals to the loop. */
static struct err block_signals(struct daemon *d)
{
	sigset_t set;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return err_os(errno, "take signals", NULL, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return err_os(errno, "take signals", NULL, NULL);
	d->signals = (struct watch){ .fd = fd, .ready = on_signal_ready, .arg = d };
	return ERR_NONE_VALUE;
}

static struct err start_watchdog(struct daemon *d)
{
	uint64_t usec = 0;
	if (sd_watchdog_enabled(0, &usec) <= 0 || usec == 0)
		return ERR_NONE_VALUE;
	d->watchdog_ms = (int64_t)(usec / 2000);
	d->watchdog = (struct timer){ .fire = on_watchdog, .arg = d };
	loop_timer_in(d->loop, &d->watchdog, 0);
	return ERR_NONE_VALUE;
}

/* ---- one after the other; the first that fails ends the start */

static struct err open_files(struct daemon *d)
{
	return settings_read(d->config_path, NULL, NULL, &d->settings);
}

static struct err open_zone(struct daemon *d)
{
	return clock_use_zone(d->settings->node_zone);
}

static struct err open_text(struct daemon *d)
{
	(void)d;
	return fold_start();
}

static struct err open_content(struct daemon *d)
{
	return read_content(d->settings, &d->content);
}

static struct err open_vault(struct daemon *d)
{
	return vault_open(d->settings->node_data, &d->vault);
}

static struct err open_store(struct daemon *d)
{
	return store_open(d->settings->store_url, d->settings->node_number, &d->store);
}

static struct err open_dialog(struct daemon *d)
{
	struct err e = dialog_new(d->store, d->vault, d->content, &d->dialog);
	if (!err_is(e))
		use_rules(d);
	return e;
}

static struct err open_loop(struct daemon *d)
{
	struct err e = loop_new(&d->loop);
	return err_is(e) ? e : loop_watch(d->loop, &d->signals, EPOLLIN);
}

static struct err open_links(struct daemon *d)
{
	const struct links_context ctx = { .loop = d->loop, .store = d->store, .vault = d->vault,
		.dialog = d->dialog, .gate = callbacks_gate(d->callbacks), .modem_program = d->modem_program, .in_doubt = d->in_doubt,
		.finished = on_finished, .arg = d };
	struct err e = links_new(&ctx, &d->links);
	return err_is(e) ? e : links_apply(d->links, d->settings);
}

static struct err open_callbacks(struct daemon *d)
{
	return callbacks_new(d->loop, d->store, d->dialog, &d->callbacks);
}

/* Last, when all that can answer is there. */
static struct err open_http(struct daemon *d)
{
	return callbacks_apply(d->callbacks, d->settings);
}

static struct err open_clerk(struct daemon *d)
{
	struct clerk_rules rules = { .hours = NULL };
	struct err e = read_clerk_rules(d->settings, &rules);
	return err_is(e) ? e : clerk_start(d->store, d->vault, d->dialog, d->links, &rules, &d->clerk);
}

static struct err open_control(struct daemon *d)
{
	const struct control_context ctx = { .store = d->store, .vault = d->vault,
		.dialog = d->dialog, .data_folder = d->settings->node_data,
		.node_name = d->settings->node_name, .keys_file = d->settings->keys_file,
		.part_price = cheapest_part(d->settings), .hours = hold_hours, .staff = d->staff, .links = links_for_status,
		.wake = wake_links, .ussd = ask_link, .phone = ask_phone, .arg = d };
	return control_start(&ctx, &d->control);
}

static struct err (*const steps[])(struct daemon *) = {
	open_files, open_zone, open_text, open_content, open_folder, find_modem_program,
	block_signals, open_vault, open_store, open_dialog, recover, open_people, open_loop,
	open_callbacks, open_links, open_clerk, open_control, open_http, start_watchdog,
};

static void end(struct daemon *d)
{
	callbacks_stop(d->callbacks);
	control_stop(d->control);
	clerk_stop(d->clerk);
	links_free(d->links);
	store_close(d->store);
	callbacks_free(d->callbacks);
	dialog_free(d->dialog);
	vault_close(d->vault);
	content_drop(d->content);
	loop_free(d->loop);
	settings_free(d->settings);
	if (d->signals.fd >= 0)
		(void)close(d->signals.fd);
	if (d->lock >= 0)
		(void)close(d->lock);
}

static int run(const char *path)
{
	struct daemon d = { .config_path = path, .signals = { .fd = -1 }, .lock = -1 };
	struct err e = ERR_NONE_VALUE;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !err_is(e); i++)
		e = steps[i](&d);
	if (!err_is(e)) {
		remind(d.content);
		log_notice("ready: %zu link%s", d.settings->link_count,
		           d.settings->link_count == 1 ? "" : "s");
		(void)sd_notify(0, "READY=1");
		e = loop_run(d.loop);
	}
	if (err_is(e))
		log_err(&e);
	else
		log_notice("stopped");
	end(&d);
	return err_is(e) ? err_exit_code(e.code) : EXIT_SUCCESS;
}

static void print_line(const char *line, void *arg)
{
	(void)arg;
	(void)printf("%s\n", line);
}

static void usage(void)
{
	(void)printf("Usage: safard [-c FILE] [--check]\n"
	             "The Safar gateway's daemon; it stays in the foreground.\n\n"
	             "  -c, --config FILE  the configuration (default " DEFAULT_CONFIG ")\n"
	             "      --check        say what is wrong in it, with file:line, and exit with 2\n"
	             "      --help, --version\n\n"
	             "SIGHUP reads configuration and content anew; SIGTERM finishes what is on the air\n"
	             "and stops.\n\nSettings:\n");
	settings_help(print_line, NULL);
}

int main(int argc, char **argv)
{
	enum { OPT_CHECK = 256, OPT_HELP, OPT_VERSION };
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, OPT_CHECK }, { "help", no_argument, NULL, OPT_HELP },
		{ "version", no_argument, NULL, OPT_VERSION }, { NULL, 0, NULL, 0 } };
	const char *path = DEFAULT_CONFIG;
	bool only_check = false;
	log_start("safard");
	struct err e = vault_harden_process();
	if (err_is(e)) {
		log_err(&e);
		return err_exit_code(e.code);
	}
	for (int o = 0; (o = getopt_long(argc, argv, "c:h", options, NULL)) != -1;) {
		switch (o) {
		case 'c':
			path = optarg;
			break;
		case OPT_CHECK:
			only_check = true;
			break;
		case 'h':
		case OPT_HELP:
			usage();
			return EXIT_SUCCESS;
		case OPT_VERSION:
			(void)printf("safard %s\n", SAFAR_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_CONFIG;
		}
	}
	if (optind < argc) {
		(void)fprintf(stderr, "safard: takes no argument \"%s\"; see --help\n", argv[optind]);
		return EXIT_CONFIG;
	}
	return only_check ? configuration_check(path) : run(path);
}
