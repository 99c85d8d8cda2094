/* SPDX-License-Identifier: GPL-3.0-or-later */
/* modem.h - what the modules of the child process safar-modem share: one modem, one parent.
 * Room:      link/modem (the child; includes base/ and text/ only).
 * Ownership: one struct modem a process; it lives until the process ends.
 * Errors:    what can't be mended ends the process: modem_fail() tells the parent a reason in plain
 *            words and exits. No reason names a number, a text or a PIN.
 * Threads:   one.  Units: milliseconds of the monotonic clock in `_ms` fields.
 *
 * All waiting happens in modem_turn(): one poll over the parent's socket, the device and SIGTERM.
 * So frames are taken while the modem is busy, the parent's end is seen at once, and no event is
 * missed: each line is judged there first, and only what is no event reaches who waits for an
 * answer (at.h, or a call of libGammu in hand, gammu.h). */
#ifndef SAFAR_LINK_MODEM_MODEM_H
#define SAFAR_LINK_MODEM_MODEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/frame.h"
#include "link/modem/line.h"
#include "link/modem/pdu.h"
#include "link/modem/record.h"

#define REASON_MAX 95u    /* octets of a STATE's reason */
#define NAME_MAX_OCTETS 47u /* of a maker, a model, an operator */
#define FIRMWARE_MAX 63u
#define CARD_MAX 23u      /* of an IMEI, IMSI or ICCID: at most 20 digits */

#define KNOWN_MAX 600u   /* messages in the modem that the parent was told of */
#define HINTS_MAX 64u    /* indices that +CMTI and +CDSI told; more: everything is read */
#define DELETES_MAX 600u /* as many as can be known */

enum storage { STORAGE_SM, STORAGE_ME, STORAGE_SR, STORAGE_MT, STORAGE_COUNT };

struct configuration {
	bool there;
	char device[256], connection[32], operator_[64];
	bool fast, doubt;
	enum rung rung;
	char imei[16];  /* of the modem that is wanted; "": any */
	bool probing;   /* it may well be at another device: no long patience here */
	bool records;
	uint32_t poll_ms;
};

struct submission {
	bool waiting;
	bool may_be_out; /* its Ctrl-Z was written, or is about to be */
	bool is_told;    /* what came of it */
	uint64_t delivery;
	struct pdu_part part; /* its text is in `text` */
	char text[1024];
};

/* A message in the modem that the parent was told of and has not had deleted yet. */
struct known {
	int32_t index;
	uint8_t hash[PDU_HASH_SIZE];
	bool is_listed; /* seen by the listing that runs */
	bool is_stuck;  /* a draft, or a PDU that doesn't parse: it goes only when the storage is full */
};

struct storages {
	bool is_there[STORAGE_COUNT]; /* and polled */
	enum storage now; /* AT+CPMS's first; STORAGE_COUNT: not chosen yet */
	struct known known[KNOWN_MAX];
	size_t known_count;
	int32_t hint[HINTS_MAX];
	size_t hint_count;
	size_t texts_hinted; /* so many of the first ones hold a text (+CMTI), not only reports */
	int32_t delete_[DELETES_MAX];
	size_t delete_count;
	unsigned poll_next; /* the storage that this poll reads next; STORAGE_COUNT: it is done */
	int64_t poll_due_ms;
};

struct call {
	bool is_ringing;
	bool has_caller;    /* +CLIP came, perhaps withheld */
	int64_t since_ms;   /* its first RING */
	int64_t ended_ms;   /* when the last call was hung up */
	struct pdu_address caller;
};

struct ussd {
	bool is_waiting; /* a code is to be sent */
	bool is_asked;   /* it was: its answer may come */
	bool is_over;    /* a session is to be ended */
	uint32_t number; /* of the parent's question */
	int64_t until_ms;
	char code[USSD_CODE_MAX + 1];
	char line[LINE_OCTETS_MAX]; /* a +CUSD whose body goes on in the next line */
	size_t line_n;
	int64_t line_ms;
};

struct identity; /* gammu.h's */
struct command; /* at.c's: the command that waits for its answer */

struct modem {
	int parent, device, signals;
	struct buf in, out; /* frames from and to the parent */
	bool is_failing;
	struct configuration cfg;
	struct submission submission;
	bool may_unlock;
	char pin[9];
	bool finish;

	struct line_reader reader;
	struct record record;
	enum line_kind pdu_follows; /* LINE_CDS or LINE_CMT: the next line is its PDU */
	size_t pdu_length;
	struct command *command;
	struct buf *feed;           /* lines for the call of libGammu in hand; NULL: none */
	const char *feed_command;   /* what libGammu wrote last */
	int64_t heard_ms;           /* when octets came last */
	bool heard_since_alive;
	int64_t alive_ms;

	enum modem_state state;
	bool is_checking;           /* asks whether it was reset */
	bool is_set_up;             /* a restart of the modem would undo it */
	bool stores_reports;        /* +CNMI's <ds> is 2 */
	char cnmi[64];              /* how it tells what was set up; "": it doesn't */
	bool is_echoless;           /* it doesn't echo commands, whatever it is told */
	bool has_more;              /* AT+CMMS: the link to the network can be held between parts */
	int64_t taken_ms;           /* when it took a part last; 0: never */
	bool holds_link;            /* what AT+CMMS was set to last */
	int registration;           /* +CREG's <stat>; -1: unknown */
	bool registration_changed;
	bool has_told;              /* of a part or of what came in: the parent holds it for a SIM */
	bool told_reading;          /* what the last READING said */
	int64_t look_due_ms;        /* at signal and registration */
	struct storages storages;
	struct call call;
	struct ussd ussd;
};

/* ---- modem.c: the parent, the pump, the end */
void modem_start(struct modem *m, int parent);
/* Waits at most wait_ms for something to happen, and takes it in. */
void modem_turn(struct modem *m, int64_t wait_ms);
void modem_pause(struct modem *m, int64_t for_ms); /* turns until then */
/* Writes to the device; fails the process when it takes nothing for 10 s. */
void modem_write(struct modem *m, struct span octets);
_Noreturn void modem_fail(struct modem *m, const char *reason); /* STATE failed, exit 1 */
_Noreturn void modem_fail_mute(struct modem *m, const char *reason); /* the ladder's next rung, please */
_Noreturn void modem_end(struct modem *m);                      /* all told, exit 0 */

/* ---- tell.c: frames to the parent */
void tell_state(struct modem *m, enum modem_state state, const char *reason);
void tell_seq(struct modem *m, enum frame_type type, uint64_t delivery, uint8_t seq); /* DOUBT */
void tell_accepted(struct modem *m, uint64_t delivery, uint8_t seq, uint8_t tp_mr);
void tell_refused(struct modem *m, uint64_t delivery, uint8_t seq, char kind, int32_t code);
void tell_octet(struct modem *m, enum frame_type type, uint8_t value); /* PIN_RESULT, LATE, READING */
void tell_reading(struct modem *m); /* where that changed */
void tell_pin_asked(struct modem *m, int32_t tries, const char *iccid, const char *imei);
void tell_signal(struct modem *m, int32_t percent, const char *operator_);
void tell_identity(struct modem *m, const struct identity *who, const char *iccid);
void tell_alive(struct modem *m);
void tell_bare(struct modem *m, enum frame_type type); /* MUTE, MATCHED */
void tell_pdu(struct modem *m, int32_t index, const struct pdu *p); /* MO, REPORT, UNREADABLE */
void tell_deleted(struct modem *m, int32_t index);
void tell_cleared(struct modem *m, int32_t index);
void tell_call(struct modem *m, const struct pdu_address *caller);
void tell_ussd(struct modem *m, uint32_t number, enum ussd_outcome outcome, const char *text);
/* ---- heed.c: frames from the parent */
void heed_frames(struct modem *m); /* takes the whole frames of m->in */

/* ---- start.c: from an opened device to a registered modem */
void start_open(struct modem *m);
void start_recover(struct modem *m, int64_t within_ms);
void start_all(struct modem *m);
void start_look(struct modem *m); /* signal, operator and registration, now */

/* ---- reset.c: a modem that began anew by itself ends the process, which is started again */
void reset_note(struct modem *m);  /* all is set up now */
void reset_heard(struct modem *m, struct span line);
bool reset_check(struct modem *m); /* asks; false: there is nothing to know it by */

/* ---- storage.c: reading and deleting; the index of a frame is index + 100000 * storage */
#define STORAGE_STRIDE 100000
void storage_start(struct modem *m);                 /* which there are; a poll is due */
void storage_hint(struct modem *m, struct span line);/* +CMTI or +CDSI */
bool storage_step(struct modem *m);                  /* one operation; false: nothing to do */
void storage_delete(struct modem *m, int32_t index); /* the parent may have it deleted */

/* ---- submit.c */
void submit_part(struct modem *m); /* m->submission; answers it */

/* ---- ussd.c */
void ussd_ask(struct modem *m, uint32_t number, const char *code);
void ussd_line(struct modem *m, struct span line); /* +CUSD */
/* True when the line belongs to a +CUSD whose body has line breaks. */
bool ussd_goes_on(struct modem *m, enum line_kind kind, struct span line);
bool ussd_step(struct modem *m); /* one operation; false: nothing to do */
int64_t ussd_due_ms(const struct modem *m);

/* ---- call.c */
void call_ring(struct modem *m);
void call_clip(struct modem *m, struct span line);
void call_over(struct modem *m); /* NO CARRIER */
bool call_is_due(const struct modem *m, int64_t now_ms);
void call_hang_up(struct modem *m);

#endif
