/* SPDX-License-Identifier: GPL-3.0-or-later */
/* playback.h - a modem that answers as a dialogue says, and as the built-in one where it says nothing.
 *
 * Ownership: playback_open() makes the player, which owns the dialogue from then on.
 * Errors:    none. A NULL player plays nothing: the modem is the built-in one.
 * Threads:   none.   Units: ms; `speed` is how many times faster than the dialogue's pauses.
 */
#ifndef SIM_PLAYBACK_H
#define SIM_PLAYBACK_H

#include "dialogue.h"
#include "modem.h"

struct playback *playback_open(struct dialogue *d, int speed);
void playback_close(struct playback *p);

/* Power-on: what the dialogue opens with is on its way. What was under way is forgotten. */
void playback_power(struct modem *m);

/* A whole line, or what stood behind the prompt, is in m->line. True: it is answered here. */
bool playback_takes(struct modem *m, bool is_message);

/* An answer is being given: commands and indications wait. */
bool playback_busy(const struct modem *m);

/* Says whatever is due; returns when the next thing is, or NEVER. */
int64_t playback_tick(struct modem *m);

#endif
