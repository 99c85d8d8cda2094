/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libGammu's ERR_TIMEOUT is not base/err.h's: this file and pdu.c must not meet that header. */
#include "link/modem/gammu.h"

#include <dlfcn.h>
#include <gammu.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

#define INIT_MS 30000
#define INIT_SAFE_MS 60000
#define CALL_MS 15000
#define READ_MS 10      /* how long a read may wait: libGammu asks again */

/* The shape of libGammu's table: seven functions, the same from 1.33 to 1.44. */
struct serial_functions {
	GSM_Error (*open)(GSM_StateMachine *);
	GSM_Error (*close)(GSM_StateMachine *);
	GSM_Error (*parity)(GSM_StateMachine *, gboolean);
	GSM_Error (*dtr_rts)(GSM_StateMachine *, gboolean, gboolean);
	GSM_Error (*speed)(GSM_StateMachine *, int);
	ssize_t (*read)(GSM_StateMachine *, void *, size_t);
	ssize_t (*write)(GSM_StateMachine *, const void *, size_t);
};

/* libGammu gives its device functions no argument of ours, so they find the modem here. */
static struct {
	struct modem *modem;
	struct buf lines; /* for libGammu to read */
	char command[64]; /* what it wrote last, without CR */
	size_t command_n;
	int64_t deadline_ms;
	bool is_opened, is_safe;
} the;

static int64_t now_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* libGammu paces its writing by usleep. Few modems need that (pace = safe); our reading waits. */
int usleep(useconds_t us)
{
	if (!the.is_safe)
		return 0;
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000 };
	return clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL) == 0 ? 0 : -1;
}

static GSM_Error serial_open(GSM_StateMachine *s)
{
	(void)s;
	the.is_opened = true; /* it is open and locked already */
	return ERR_NONE;
}

static GSM_Error serial_close(GSM_StateMachine *s)
{
	(void)s;
	return ERR_NONE;
}

static GSM_Error serial_parity(GSM_StateMachine *s, gboolean parity)
{
	(void)s;
	return parity ? ERR_NOTSUPPORTED : ERR_NONE;
}

static GSM_Error serial_dtr_rts(GSM_StateMachine *s, gboolean dtr, gboolean rts)
{
	(void)s;
	(void)dtr;
	(void)rts;
	return ERR_NONE;
}

static GSM_Error serial_speed(GSM_StateMachine *s, int speed)
{
	(void)s;
	(void)speed; /* device.c has set the one that the configuration names */
	return ERR_NONE;
}

static ssize_t serial_read(GSM_StateMachine *s, void *ret, size_t room)
{
	(void)s;
	struct modem *m = the.modem;
	if (m->feed == NULL)
		return 0;
	if (now_ms() >= the.deadline_ms)
		modem_fail_mute(m, "the modem does not answer libGammu's questions");
	if (the.lines.n == 0)
		modem_turn(m, READ_MS);
	if (the.lines.failed)
		modem_fail(m, "the modem chatters: it says more than can be read");
	size_t n = the.lines.n < room ? the.lines.n : room;
	if (n > 0)
		memcpy(ret, the.lines.p, n);
	buf_consume(&the.lines, n);
	return (ssize_t)n;
}

/* Notes what libGammu asks: a line that begins like its command is an answer, not an event. */
static void note_command(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r' || p[i] == 0x1b) {
			the.command[the.command_n] = '\0';
			the.command_n = 0;
		} else if (the.command_n < sizeof the.command - 1) {
			the.command[the.command_n++] = (char)p[i];
			the.command[the.command_n] = '\0';
		}
	}
}

static ssize_t serial_write(GSM_StateMachine *s, const void *p, size_t n)
{
	(void)s;
	note_command(p, n);
	modem_write(the.modem, span_make(p, n));
	return (ssize_t)n;
}

static const char *put_functions(void)
{
	struct serial_functions *table = dlsym(RTLD_DEFAULT, "SerialDevice");
	Dl_info where;
	if (table == NULL || dladdr(table, &where) == 0 || where.dli_fname == NULL ||
	    strstr(where.dli_fname, "libGammu.so.8") == NULL)
		return "this libGammu hides its serial device; Safar needs libGammu 1.42 (libGammu.so.8)";
	*table = (struct serial_functions){ serial_open, serial_close, serial_parity, serial_dtr_rts,
		serial_speed, serial_read, serial_write };
	return NULL;
}

static void begin(int64_t within_ms)
{
	the.lines.n = 0;
	the.deadline_ms = now_ms() + within_ms;
	the.modem->feed = &the.lines;
	the.modem->feed_command = the.command;
}

static void end(void)
{
	the.modem->feed = NULL;
	the.modem->feed_command = NULL;
}

static GSM_StateMachine *make_machine(const struct modem *m)
{
	GSM_StateMachine *s = GSM_AllocStateMachine();
	if (s == NULL)
		return NULL;
	GSM_Config *c = GSM_GetConfig(s, 0);
	memset(c, 0, sizeof *c);
	c->Device = strdup(m->cfg.device);
	c->Connection = strdup(m->cfg.connection);
	c->UseGlobalDebugFile = FALSE;
	for (size_t i = 0; i < sizeof c->CNMIParams / sizeof c->CNMIParams[0]; i++)
		c->CNMIParams[i] = -1; /* 0 would be a choice */
	if (c->Device == NULL || c->Connection == NULL) {
		GSM_FreeStateMachine(s);
		return NULL;
	}
	GSM_SetConfigNum(s, 1);
	return s;
}

/* libGammu writes as much as its own limits say; these arrays are larger. */
static void ask(GSM_StateMachine *s, struct identity *ret)
{
	char firmware[GSM_MAX_VERSION_LENGTH + 1] = "", date[GSM_MAX_VERSION_DATE_LENGTH + 1] = "";
	char imsi[LINE_OCTETS_MAX + 1] = ""; /* libGammu copies a whole line, unchecked */
	double number = 0;
	begin(CALL_MS);
	(void)GSM_GetManufacturer(s, ret->maker);
	(void)GSM_GetModel(s, ret->model);
	end();
	begin(CALL_MS);
	if (GSM_GetFirmware(s, firmware, date, &number) == ERR_NONE)
		memcpy(ret->firmware, firmware, sizeof firmware);
	end();
	begin(CALL_MS);
	(void)GSM_GetIMEI(s, ret->imei);
	if (GSM_GetSIMIMSI(s, imsi) == ERR_NONE) {
		const char *digits = imsi + strcspn(imsi, "0123456789");
		size_t n = strspn(digits, "0123456789");
		if (n < sizeof ret->imsi)
			memcpy(ret->imsi, digits, n); /* the rest is zeros */
	}
	end();
}

const char *gammu_identify(struct modem *m, struct identity *ret)
{
	_Static_assert(sizeof ret->maker > GSM_MAX_MANUFACTURER_LENGTH &&
	               sizeof ret->model > GSM_MAX_MODEL_LENGTH &&
	               sizeof ret->firmware > GSM_MAX_VERSION_LENGTH &&
	               sizeof ret->imei > GSM_MAX_IMEI_LENGTH, "libGammu's limits fit");
	memset(ret, 0, sizeof *ret);
	the.modem = m;
	the.is_safe = !m->cfg.fast;
	buf_init(&the.lines, 1u << 16);
	const char *reason = put_functions();
	if (reason != NULL)
		return reason;
	GSM_StateMachine *s = make_machine(m);
	if (s == NULL)
		return "there is no memory left for libGammu";
	begin(the.is_safe ? INIT_SAFE_MS : INIT_MS);
	GSM_Error e = GSM_InitConnection(s, 1);
	end();
	if (!the.is_opened)
		return e == ERR_UNKNOWNCONNECTIONTYPESTRING
		       ? "libGammu doesn't know this connection; try connection = at115200"
		       : "libGammu did not use Safar's device functions; Safar needs libGammu 1.42";
	if (e == ERR_NONE)
		ask(s, ret); /* else it wants of the modem what this one lacks: who asks next needs less */
	the.is_safe = false;
	/* the state machine stays: libGammu's codec and tables are used on */
	return NULL;
}
