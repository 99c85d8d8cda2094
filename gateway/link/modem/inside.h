/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inside.h - what keeper.c (sending), life.c (the process) and heard.c (its frames) share.  Room: link.
 * Threads: the loop's. */
#ifndef SAFAR_LINK_MODEM_INSIDE_H
#define SAFAR_LINK_MODEM_INSIDE_H

#include "link/modem/helper.h"
#include "link/modem/keeper.h"
#include "link/modem/supervisor.h"

#define HELD_MAX 256
#define ON_AIR_MS 100000 /* the child's own limits come to it (submit.c) */

enum phase { PHASE_DOWN, PHASE_STARTING, PHASE_LOCKED, PHASE_REGISTERING, PHASE_READY };

/* A USSD code on its way. */
struct asking {
	bool is_on;
	uint32_t number;         /* of the question, so that a late answer is known as one */
	int64_t until_ms;
	struct errand *errand;   /* whose it is; NULL: the link's own, for the balance */
	struct errand *next;     /* waits for the link's own */
	int64_t not_before_ms;   /* for the balance */
};

struct keeper {
	struct hub *hub;
	const char *program;
	struct link_settings set; /* strings are ours */
	struct supervisor *child;
	enum phase phase;
	char reason[96], operator_[48];
	int signal;
	int64_t sim;
	bool claiming;       /* a change that may claim is under way */
	bool reading;        /* the child reads what came in: the next part is chosen after that */
	bool on_air;
	int64_t air_delivery, air_until_ms;
	unsigned air_seq;
	bool doubt;          /* the last part's outcome is open: the next child looks for it */
	unsigned works;      /* changes under way */
	unsigned refusals;   /* in a row, by the modem itself */
	bool freeing;        /* what the dead child held isn't freed yet */
	bool free_waits;     /* until the change that claims is answered */
	bool finishing, restart_asked;
	int64_t heard_ms;    /* when octets came from the modem last, or its process began */
	int64_t started_ms, restart_at_ms, pause_ms, not_before_ms;
	struct timer restart;
	bool seeks;          /* no device had our modem: another may appear */
	uint64_t devices;    /* a hash of those that were there then */
	unsigned sims_asked; /* changes under way that look for a SIM's row */
	bool slow;
	bool mute;           /* why the child ends: its modem answers nothing */
	char device[256];    /* of this start */
	char found[256];     /* where the modem with our IMEI was last; "": not yet */
	unsigned candidate;  /* the next one to try */
	bool is_ours;        /* the modem at `device` has our IMEI */
	enum rung climbed;   /* the last one that was tried since the modem was steady */
	enum rung rung;      /* for this start; RUNG_NONE: an ordinary one */
	bool rung_done;      /* the helper's part of it is over */
	struct helper *helper;
	uint8_t sandbox;     /* bits of enum sandbox; 0: the child isn't confined yet */
	int64_t ready_ms;    /* since when; 0: not */
	enum err_code complained_of;
	int64_t complain_at_ms, finish_ms;
	char card[CARD_LIMIT];
	struct work *held;   /* came in before the SIM's row was known */
	unsigned held_count;
	struct asking asking;
	struct sim_balance balance; /* of this SIM, or of the one before until this one is known */
};

/* Moves the phase, and tells staff where that is news. */
void keeper_say(struct keeper *k, enum phase phase, const char *reason);
/* A change for this modem; without memory the child is ended and NULL given. */
struct work *keeper_work(struct keeper *k, enum work_kind kind);
/* Submits; what needs the SIM's row is held back until it is known. */
void keeper_submit(struct keeper *k, struct work *w);
/* Ends a change that is not submitted. */
void keeper_drop(struct keeper *k, struct work *w);
/* Records what came of the part on the air, and claims the next in the same commit. */
void keeper_outcome(struct keeper *k, struct work *w);
void keeper_pause(struct keeper *k); /* claims nothing for a while: the modem takes nothing */
void keeper_changed(struct keeper *k); /* `status` shows something new, or it became idle */
/* Submits what was held back, as of this SIM; 0: drops it. */
void keeper_release_held(struct keeper *k, int64_t sim);
void keeper_free_claims(struct keeper *k); /* of the process that has gone */

/* ---- life.c */
void keeper_restart_in(struct keeper *k, int64_t in_ms);
void keeper_start_if_due(struct keeper *k); /* or sets the timer; called when anything ends */

/* ---- find.c */
bool keeper_searches(const struct keeper *k);   /* by IMEI */
bool keeper_find_device(struct keeper *k);      /* into k->device; false: no more candidates */
bool keeper_next_device(struct keeper *k);      /* the child has gone: true when another is due */
void keeper_found_device(struct keeper *k);     /* and writes it down */
void keeper_recall_device(struct keeper *k);    /* as it was written down by an earlier daemon */
bool keeper_is_ours(const struct keeper *k);    /* the modem is the one that is wanted */
uint64_t keeper_devices(const struct keeper *k);/* a hash of what the pattern finds */
/* ---- ladder.c */
void keeper_climb(struct keeper *k);        /* the modem was mute: the next rung */
bool keeper_helps(struct keeper *k);        /* runs the rung's helper; false: start the child now */
const char *keeper_step(const struct keeper *k); /* for staff; "" on an ordinary start */

/* ---- record.c's parent half: a descriptor, or -1 when nothing is to be recorded */
int keeper_open_record(const struct keeper *k);

/* ---- asking.c */
bool keeper_answered(struct keeper *k, struct frame_in *f); /* USSD_ANSWER */
void keeper_ask_tick(struct keeper *k); /* deadlines, and the balance when it is due */
void keeper_ask_gone(struct keeper *k); /* nobody answers any more */

/* One frame of the child; false ends it. */
bool keeper_on_frame(void *keeper, struct frame_in *f);
/* The answer to WORK_PIN: the PIN goes to the child, or the reason to staff. */
void keeper_unlock(struct keeper *k, const struct work *w);

#endif
