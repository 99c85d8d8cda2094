/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.h - messages between safard and a safar-modem, over a socket pair.
 * Room:      base.
 * Layout:    a fixed head, then fields in a fixed order; numbers are little-endian, a text is a
 *            16-bit length and its octets. Every field is read by the sister of the call that
 *            wrote it, and octets left over at the end are an error.
 * Ownership: a frame read borrows the reader's octets until the next frame_take().
 * Errors:    a bad head or body is final: the parent kills that child, the child ends.
 * Threads:   no state.  Limits: FRAME_MAX octets a frame, judged before anything is kept. */
#ifndef SAFAR_BASE_FRAME_H
#define SAFAR_BASE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define FRAME_VERSION 1
#define FRAME_MAX 4096u

/* name, 'p' from the parent or 'c' from the child, fields */
#define FRAME_TYPES(X) \
	X(CONFIGURE, 'p')  /* text device, connection, operator; u8 fast; u32 poll_ms; u8 doubt;
	                      u8 enum rung; text imei; u8 probing,
	                      records (to descriptor 4) */ \
	X(UNLOCK, 'p')     /* text pin */ \
	X(SUBMIT, 'p')     /* u8 seq, total; u16 concat_ref; text number; u8 alphabet, validity;
	                      i32 class (-1: none); text part (UTF-8) */ \
	X(DELETE, 'p')     /* i32 index */ \
	X(FINISH, 'p')     /* - : finish what is on the air, then end */ \
	X(STATE, 'c')      /* u8 enum modem_state; text reason */ \
	X(MUTE, 'c')       /* - : the modem answers nothing; STATE failed follows, and the end */ \
	X(SANDBOX, 'c')    /* u8 bits of enum sandbox: what confines the child from now on */ \
	X(MATCHED, 'c')    /* - : the modem has the IMEI that was asked for */ \
	X(PIN_ASKED, 'c')  /* i32 tries left (-1: the modem doesn't say); text iccid, imei */ \
	X(PIN_RESULT, 'c') /* u8 accepted */ \
	X(IDENTITY, 'c')   /* text maker, model, firmware, imei, imsi, iccid */ \
	X(SIGNAL, 'c')     /* i32 percent (-1: unknown); text operator */ \
	X(ALIVE, 'c')      /* - : octets came from the modem since the last one (it is asked each 4 s) */ \
	X(ACCEPTED, 'c')   /* u8 seq; u8 tp_mr */ \
	X(REFUSED, 'c')    /* u8 seq; u8 kind ('S' +CMS ERROR, 'E' +CME ERROR, 'N' ERROR without a
	                      code, 'X' nothing went on the air); i32 code */ \
	X(DOUBT, 'c')      /* u8 seq : the deadline passed after Ctrl-Z */ \
	X(LATE, 'c')       /* u8 tp_mr : a +CMGS that nobody in this process waits for */ \
	X(MO, 'c')         /* i32 index; text sender; i64 scts_ms; u16 ref; u8 total, seq;
	                      text (UTF-8); octets hash[32] of the PDU */ \
	X(REPORT, 'c')     /* i32 index (-1: not on the SIM); u8 tp_mr, status; text recipient;
	                      i64 discharge_ms; octets hash[32] of the PDU */ \
	X(UNREADABLE, 'c') /* i32 index; octets hash[32]: a PDU that doesn't parse; it stays */ \
	X(DELETED, 'c')    /* i32 index */ \
	X(CLEARED, 'c')    /* i32 index: the storage was full of drafts and of what can't be read */ \
	X(CALL, 'c')       /* text caller (empty: withheld); it is hung up already */ \
	X(READING, 'c')    /* u8 1: a text is announced or a call rings, so the next part is not to be
	                      chosen yet; 0: all of it was told */ \
	X(USSD, 'p')       /* u32 number of the question; text code */ \
	X(USSD_ANSWER, 'c') /* u32 number; u8 enum ussd_outcome; text (UTF-8) */

#define X(id, from) FRAME_##id,
enum frame_type { FRAME_TYPES(X) FRAME_TYPE_COUNT };
#undef X

enum modem_state { MODEM_OPENING, MODEM_LOCKED, MODEM_REGISTERING, MODEM_READY, MODEM_FAILED };

/* What is done to a modem that answered nothing: design, "the ladder". */
enum rung { RUNG_NONE, RUNG_AT, RUNG_CFUN, RUNG_REOPEN, RUNG_USB, RUNG_HOOK, RUNG_COUNT };

enum sandbox { SANDBOX_SECCOMP = 1, SANDBOX_LANDLOCK = 2 };

/* What came of a USSD code. */
enum ussd_outcome { USSD_DONE, USSD_MORE /* the operator waits for a choice; it is told that none
	comes */, USSD_REFUSED /* by modem or network */, USSD_SILENT, USSD_OUTCOME_COUNT };
#define USSD_CODE_MAX 63 /* octets; an operator's code has a dozen */
#define USSD_ANSWER_MAX 1023 /* octets of UTF-8; a network sends at most 182 characters */
/* Digits, *, # and +: it goes into a command in quotes. */
bool ussd_code_is_good(const char *code);

struct frame_head {
	uint32_t len; /* counts the head */
	uint16_t version, type;
	uint64_t delivery; /* 0 where the type doesn't belong to one */
};
#define FRAME_HEAD_SIZE 16u

/* ---- writing: start, put fields in the order above, finish */
struct frame_out {
	struct buf *to;
	size_t start;
};
void frame_start(struct frame_out *f, struct buf *to, enum frame_type type, uint64_t delivery);
void frame_put_u8(struct frame_out *f, uint8_t v);
void frame_put_u16(struct frame_out *f, uint16_t v);
void frame_put_u32(struct frame_out *f, uint32_t v);
void frame_put_i32(struct frame_out *f, int32_t v);
void frame_put_i64(struct frame_out *f, int64_t v);
void frame_put_text(struct frame_out *f, struct span text);
void frame_put_octets(struct frame_out *f, const uint8_t *p, size_t n);
/* Fills in the length. False (and the frame is taken back) when it is longer than FRAME_MAX or
 * the buffer is full. */
bool frame_finish(struct frame_out *f);

/* ---- reading */
enum frame_take { FRAME_TAKEN, FRAME_SHORT /* more octets are needed */, FRAME_BAD };
struct frame_in {
	struct frame_head head;
	struct span body; /* what is left to get */
	bool bad;
};
/* Takes the first whole frame of *from; `side` is who may have sent it ('p' or 'c'). On
 * FRAME_TAKEN *ret_size is the number of octets that it took. */
enum frame_take frame_take(struct span from, char side, struct frame_in *ret, size_t *ret_size);
uint8_t frame_get_u8(struct frame_in *f); /* past the end: 0, and bad */
uint16_t frame_get_u16(struct frame_in *f);
uint32_t frame_get_u32(struct frame_in *f);
int32_t frame_get_i32(struct frame_in *f);
int64_t frame_get_i64(struct frame_in *f);
struct span frame_get_text(struct frame_in *f);
/* A text into a fixed array; bad when it doesn't fit or holds a NUL. */
void frame_get_string(struct frame_in *f, char *ret, size_t room);
void frame_get_octets(struct frame_in *f, uint8_t *ret, size_t n);
/* True when all fields were there and nothing is left over. */
bool frame_end(const struct frame_in *f);
const char *frame_name(enum frame_type type);

#endif
