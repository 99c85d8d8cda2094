/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/modem/modem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "link/modem/at.h"

#include "base/banned.h"

#define OUT_LIMIT (1u << 20) /* a parent that reads nothing for so long is no parent */
#define ALIVE_MS 1000
#define WRITE_MS 10000
#define FEED_LINE_MAX 200 /* libGammu keeps a model in 50 octets, a version in 200, unchecked */

void modem_start(struct modem *m, int parent)
{
	memset(m, 0, sizeof *m);
	m->parent = parent;
	m->device = -1;
	m->registration = -1;
	record_open(&m->record, -1);
	m->state = MODEM_OPENING;
	m->pdu_follows = LINE_PLAIN;
	m->storages.now = STORAGE_COUNT;
	buf_init(&m->in, 16u * FRAME_MAX);
	buf_init(&m->out, OUT_LIMIT);
	sigset_t set;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		modem_fail(m, "the system refused to set up signals");
	m->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (m->signals < 0)
		modem_fail(m, "the system refused to set up signals");
}

/* ---- the parent */

static void parent_write(struct modem *m)
{
	while (m->out.n > 0) {
		ssize_t n = write(m->parent, m->out.p, m->out.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return;
		if (n < 0)
			_exit(1); /* nobody is left to tell */
		buf_consume(&m->out, (size_t)n);
	}
}

static void parent_read(struct modem *m)
{
	uint8_t octets[FRAME_MAX];
	ssize_t n = read(m->parent, octets, sizeof octets);
	if (n == 0)
		_exit(0); /* the daemon is gone: its successor needs the device at once */
	if (n < 0) {
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
			return;
		_exit(1);
	}
	buf_add(&m->in, span_make(octets, (size_t)n));
	explicit_bzero(octets, (size_t)n);
	if (m->in.failed)
		modem_fail(m, "the daemon sent more than was asked for");
	heed_frames(m);
}

_Noreturn void modem_fail(struct modem *m, const char *reason)
{
	if (!m->is_failing) {
		m->is_failing = true;
		if (m->submission.waiting && !m->submission.may_be_out && !m->submission.is_told) /* else it would be in doubt */
			tell_refused(m, m->submission.delivery, m->submission.part.seq, 'X', -1);
		tell_state(m, MODEM_FAILED, reason);
		struct pollfd p = { .fd = m->parent, .events = POLLOUT };
		int64_t until = clock_monotonic_ms() + 1000;
		parent_write(m);
		while (m->out.n > 0 && clock_monotonic_ms() < until && poll(&p, 1, 100) >= 0)
			parent_write(m);
	}
	_exit(1);
}

_Noreturn void modem_fail_mute(struct modem *m, const char *reason)
{
	if (!m->is_failing)
		tell_bare(m, FRAME_MUTE);
	modem_fail(m, reason);
}

_Noreturn void modem_end(struct modem *m)
{
	struct pollfd p = { .fd = m->parent, .events = POLLOUT };
	int64_t until = clock_monotonic_ms() + 5000;
	parent_write(m);
	while (m->out.n > 0 && clock_monotonic_ms() < until && poll(&p, 1, 100) >= 0)
		parent_write(m);
	_exit(0);
}

/* ---- the device */

/* The line that follows +CDS: or +CMT: is a PDU that the modem doesn't keep. */
static bool take_direct_pdu(struct modem *m, struct span line)
{
	enum line_kind follows = m->pdu_follows;
	m->pdu_follows = LINE_PLAIN;
	if (follows == LINE_PLAIN || line_kind(line) != LINE_PLAIN)
		return false; /* another line came in its place: that one counts */
	struct pdu p;
	pdu_read(line, m->pdu_length, &p);
	if (follows != LINE_CBM) /* what cells broadcast is for nobody here */
		tell_pdu(m, -1, &p);
	pdu_wipe(&p);
	return true;
}

static void expect_pdu(struct modem *m, enum line_kind kind, struct span line)
{
	/* "+CDS: 25", "+CMT: ,25" or "+CMT: "name",25" */
	int64_t length = 0;
	for (unsigned i = 0; i < 2; i++)
		(void)line_number(line, i, 0, 255, &length);
	m->pdu_follows = kind;
	m->pdu_length = (size_t)length;
}

/* Does the line begin as replies to the command in hand do? */
static bool is_reply_to(const struct modem *m, struct span line)
{
	const char *command = m->feed != NULL ? m->feed_command : at_command_text(m->command);
	struct span prefix = command == NULL ? span_of("") : line_reply_prefix(command);
	return prefix.n > 0 && line_starts(line, prefix);
}

/* What a modem says unasked must not be read as an answer: as its model, its signal, its storages. */
static bool came_by_itself(const struct modem *m, struct span line)
{
	const char *command = m->feed != NULL ? m->feed_command : at_command_text(m->command);
	return command != NULL && line_is_foreign(line, command);
}

/* Events first: true when nobody else is to see the line. */
static bool take_event(struct modem *m, enum line_kind kind, struct span line)
{
	bool is_reply = is_reply_to(m, line);
	switch (kind) {
	case LINE_CMTI: case LINE_CDSI:
		storage_hint(m, line);
		return true;
	case LINE_CDS: case LINE_CMT: case LINE_CBM:
		expect_pdu(m, kind, line);
		return true;
	case LINE_RING: case LINE_CRING:
		call_ring(m);
		return true;
	case LINE_CLIP:
		call_clip(m, line);
		return true;
	case LINE_NO_CARRIER:
		call_over(m);
		return true;
	case LINE_CMGS: {
		int64_t tp_mr = 0;
		if (at_waits_for_cmgs(m->command))
			return false;
		if (line_number(line, 0, 0, 255, &tp_mr)) {
			tell_octet(m, FRAME_LATE, (uint8_t)tp_mr);
			m->has_told = true;
		}
		return true;
	}
	case LINE_CREG: {
		int64_t stat = 0;
		if (is_reply)
			return false;
		if (line_number(line, 0, 0, 10, &stat)) {
			m->registration_changed = m->registration != (int)stat;
			m->registration = (int)stat;
		}
		return true;
	}
	case LINE_CUSD: /* AT+CUSD's own reply is OK alone */
		ussd_line(m, line);
		return true;
	case LINE_CHATTER:
		return !is_reply;
	case LINE_OK: case LINE_ERROR: case LINE_ERROR_HUAWEI: case LINE_CME: case LINE_CMS:
	case LINE_PLAIN:
		return false;
	}
	return false;
}

static void take_line(struct modem *m, struct span line)
{
	line = at_without_typed(m->command, line);
	if (line.n == 0 || take_direct_pdu(m, line))
		return;
	reset_heard(m, line);
	enum line_kind kind = line_kind(line);
	if (!is_reply_to(m, line) && ussd_goes_on(m, kind, line))
		return;
	if (take_event(m, kind, line) || came_by_itself(m, line))
		return;
	if (m->feed != NULL) {
		if (line.n > FEED_LINE_MAX)
			return;
		buf_add(m->feed, line);
		buf_add_text(m->feed, "\r\n");
	} else if (m->command != NULL)
		at_take_line(m, m->command, kind, line);
}

static void device_read(struct modem *m)
{
	uint8_t octets[4096];
	ssize_t n = read(m->device, octets, sizeof octets);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (n <= 0)
		modem_fail(m, "the device is gone");
	m->heard_ms = clock_monotonic_ms();
	m->heard_since_alive = true;
	for (ssize_t i = 0; i < n; i++) {
		struct span line;
		if (line_put(&m->reader, octets[i], &line)) {
			record_heard(&m->record, line);
			take_line(m, line);
		}
	}
	explicit_bzero(octets, (size_t)n);
	if (m->command != NULL && at_take_partial(m->command, line_partial(&m->reader)))
		line_drop(&m->reader); /* the answer may follow in the same line */
}

void modem_turn(struct modem *m, int64_t wait_ms)
{
	struct pollfd p[3] = {
		{ .fd = m->parent, .events = (short)(m->out.n > 0 ? POLLIN | POLLOUT : POLLIN) },
		{ .fd = m->signals, .events = POLLIN },
		{ .fd = m->device, .events = POLLIN } };
	if (m->out.n > 0) {
		parent_write(m);
		p[0].events = (short)(m->out.n > 0 ? POLLIN | POLLOUT : POLLIN);
	}
	if (m->heard_since_alive) { /* told in time, for silence is counted from there */
		const int64_t due = m->alive_ms + ALIVE_MS - clock_monotonic_ms();
		wait_ms = due < wait_ms ? due : wait_ms;
	}
	int wait = wait_ms < 0 ? 0 : wait_ms > 60000 ? 60000 : (int)wait_ms;
	int ready = poll(p, m->device < 0 ? 2 : 3, wait);
	if (ready < 0 && errno != EINTR)
		modem_fail(m, "the system refused to wait for the modem");
	if (ready > 0) {
		if (p[0].revents != 0)
			parent_read(m);
		if (p[1].revents != 0)
			m->finish = true;
		if (m->device >= 0 && p[2].revents != 0)
			device_read(m);
		tell_reading(m);
	}
	int64_t now = clock_monotonic_ms();
	if (m->heard_since_alive && now - m->alive_ms >= ALIVE_MS) {
		tell_alive(m);
		m->alive_ms = now;
		m->heard_since_alive = false;
	}
	parent_write(m);
}

void modem_pause(struct modem *m, int64_t for_ms)
{
	int64_t until = clock_monotonic_ms() + for_ms, left;
	while ((left = until - clock_monotonic_ms()) > 0)
		modem_turn(m, left);
}

void modem_write(struct modem *m, struct span octets)
{
	int64_t until = clock_monotonic_ms() + WRITE_MS;
	record_sent(&m->record, octets);
	while (octets.n > 0) {
		ssize_t n = write(m->device, octets.p, octets.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
			modem_fail(m, "the device is gone");
		if (n > 0) {
			octets = span_make(octets.p + n, octets.n - (size_t)n);
			continue;
		}
		if (clock_monotonic_ms() >= until)
			modem_fail_mute(m, "the modem takes no more commands; unplug it and plug it in again");
		modem_turn(m, 5);
	}
}
