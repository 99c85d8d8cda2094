/* SPDX-License-Identifier: GPL-3.0-or-later */
/* modem.h - one modem with its SIM: what it knows, what it has in hand, and its timers.
 *
 * Standard:  3GPP TS 27.005, TS 27.007; ITU-T V.250 for the line.
 * Ownership: modem_open() makes it, modem_close() frees it. The fields are shared by the files that
 *            play a modem (modem.c, at*.c) and may be read by the others.
 * Errors:    a port that can't be made leaves modem_plug() false with errno set.
 * Threads:   none.   Units: `_ms` as world.h; text in octets.
 */
#ifndef SIM_MODEM_H
#define SIM_MODEM_H

#include "pdu.h"
#include "tty.h"
#include "world.h"

#define LINE_MAX_OCTETS 1024   /* an AT line, and a PDU in hex */
#define QUEUE_OCTETS 65536     /* answers that nobody reads */
#define SLOTS_MAX 255
#define ME_SLOTS 100
#define MT_WAITING_MAX 10000   /* texts that wait for room on one SIM */
#define ACK_MS 15000           /* how long +CNMA may take, TS 27.005 §3.4.1 leaves it open */
#define RING_MS 3000
#define PATIENCE_MS 30000      /* of a caller */
#define LINE_PATIENCE_MS 1000  /* a half-typed line holds indications back no longer than this */
#define NETWORK_SMSC "+77010000000"

enum { MEM_SM, MEM_ME, MEM_SR /* reports alone */, MEMS };
enum slot_stat { STAT_UNREAD, STAT_READ, STAT_UNSENT, STAT_SENT }; /* TS 27.005 §3.1 <stat> */
enum entry { ENTRY_NONE, ENTRY_SEND, ENTRY_WRITE };
enum charset { CHARSET_IRA, CHARSET_UCS2, CHARSET_GSM, CHARSETS }; /* TS 27.007 §5.5 */
enum pin_state { PIN_READY, PIN_WANTED, PUK_WANTED, SIM_BLOCKED };
enum { CNMI_MODE, CNMI_MT, CNMI_BM, CNMI_DS, CNMI_BFR, CNMI_N };

/* USSD_USUAL: packed where the modem is a Huawei. USSD_CODED: takes packed codes alone. */
enum ussd_way { USSD_USUAL, USSD_PLAIN, USSD_UCS2, USSD_PACKED, USSD_MENU, USSD_CODED, USSD_NONE };

struct slot { char *pdu; /* hex; NULL: free */ enum slot_stat stat; };
struct store { struct slot slots[SLOTS_MAX]; unsigned n; };

struct mt { /* waits for room, for the network or for an acknowledgement */
	struct mt *next;
	size_t n; /* octets, with the SMSC's address */
	char hex[];
};
struct mt_queue { struct mt *first, *last; unsigned n; };

struct settings { /* what a reset forgets */
	bool echo, clip, long_cring, curc, text_mode;
	enum charset charset;
	int cmee, creg, cgreg, csms, cops_format;
	int cnmi[CNMI_N], mem[3];
};

struct modem {
	struct world *w;
	unsigned index;
	char number[ADDRESS_MAX], imei[16], imsi[16], iccid[21], smsc[ADDRESS_MAX];
	struct tty tty;
	bool plugged;
	struct settings set;

	char pin[9], puk[9];
	enum pin_state pin_state;
	bool pin_on; /* the SIM asks at power-on */
	int pin_left, puk_left;
	int cfun, reg_wanted, reg_said, signal;
	int64_t registers_ms;

	struct store mem[MEMS];
	struct mt_queue texts, reports;
	int64_t ack_until_ms;        /* NEVER: nothing is unacknowledged */
	struct mt *unacked;          /* the text among it; a report is not sent again */
	unsigned mo_ref;
	uint8_t mr;
	int air_ms, dlr_ms;

	char line[LINE_MAX_OCTETS + 1];
	size_t line_n;
	bool line_long, runs; /* a command runs: indications follow its result */
	int64_t line_ms;             /* when its last octet came */
	int64_t line_us;             /* and its first one, by the transcript's clock */
	enum entry entry;            /* the prompt stands there */
	int entry_length, entry_stat;
	bool on_air;
	struct submit air;
	int air_slot;                /* of +CMSS, or -1 */
	int64_t air_until_ms;
	int fail_code, fail_left;
	bool fail_is_cme;

	char caller[ADDRESS_MAX];    /* empty: no call */
	bool answered;
	int64_t ring_ms, caller_gives_up_ms;
	char ussd[1024];             /* the answer on its way */
	int64_t ussd_ms;
	enum ussd_way ussd_way;      /* how the operator answers, once a test has said it */
	int ussd_after_ms;
	char ussd_said[184];

	int64_t hang_until_ms, chatter_until_ms, chatter_ms;
	bool wedged; /* it hangs until AT+CFUN=1,1 */
	char rx[4096];
	size_t rx_from, rx_n;
	struct out tx, urc, noise, kept; /* kept: +CNMI mode 0 */
	struct playback *play; /* NULL: it is the built-in modem */
	uint64_t lost_said;
};

struct modem *modem_open(struct world *w, unsigned index);
void modem_close(struct modem *m);
bool modem_plug(struct modem *m);   /* powers on */
void modem_unplug(struct modem *m); /* powers off; what is on the air goes on */
void modem_reset(struct modem *m);  /* settings and PIN as after power-on */

/* Everything whose time has come; returns when the next thing is due, or NEVER. */
int64_t modem_tick(struct modem *m);

/* The tty can be read. */
void modem_read(struct modem *m);
bool modem_listens(const struct modem *m); /* false: commands wait, in the kernel */
void modem_write(struct modem *m);
bool modem_wants_to_write(const struct modem *m);

/* A line of an answer, and an unsolicited one. */
__attribute__((format(printf, 2, 3))) void modem_say(struct modem *m, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void modem_indicate(struct modem *m, const char *fmt, ...);
void modem_indicate_octets(struct modem *m, const char *p, size_t n); /* line ends in it */
/* The same, but +CNMI's mode may keep it back. */
__attribute__((format(printf, 2, 3))) void modem_message_indicate(
	struct modem *m, const char *fmt, ...);

int modem_registered(const struct modem *m); /* <stat> of TS 27.007 §7.2 */
bool modem_has_service(const struct modem *m);

/* A PDU from the network: it is shown, stored, or waits for room. */
void modem_incoming(struct modem *m, const uint8_t *pdu, size_t n, bool is_report);
void modem_take_waiting(struct modem *m);
void modem_acknowledge(struct modem *m, bool taken); /* +CNMA */
int modem_store(
	struct modem *m, int mem, const char *hex, enum slot_stat stat); /* slot, or -1: full */
unsigned modem_used(const struct modem *m, int mem);
unsigned modem_first_slot(const struct modem *m); /* Huawei counts from 0, others from 1 */
void modem_delete(struct modem *m, int mem, unsigned slot);

bool modem_call(struct modem *m, const char *from); /* false: a call is going on */
void modem_hangup(struct modem *m, const char *who); /* "modem", "caller" */

#endif
