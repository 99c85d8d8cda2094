/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store_world.h - a store in a folder of its own, and a hand on its tables.
 * The stories of deliveries and messages run their moves on one connection, without the writer's
 * thread between; those of the writer use the store as everyone does. */
#ifndef SAFAR_TESTS_STORE_WORLD_H
#define SAFAR_TESTS_STORE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/delivery.h"
#include "store/sims.h"
#include "store/txn.h"

#define SIM_A 11
#define SIM_B 12

struct world {
	char folder[64], path[96], url[112];
	struct store *st;
	struct conn conn;
	struct txn tx;
	int64_t now; /* ms */
	int64_t revision;
};

int world_open(void **state);
int world_close(void **state);

void must(struct err e);                     /* fails the test with the error's text */
void must_be(struct err e, enum err_code code);
int64_t count(struct world *w, const char *sql); /* first column of the first row */
bool is_null(struct world *w, const char *sql);
struct hash hash_of(uint64_t seed);

/* A delivery to person `who`: ready now, with an hour to live. */
struct delivery_new new_delivery(struct world *w, enum lane lane, unsigned parts, uint64_t who);
int64_t add(struct world *w, enum lane lane, unsigned parts, uint64_t who);
struct claimant on(const char *link, int64_t sim);
/* The next part on this link must be this one. */
void next_is(struct world *w, struct claimant by, int64_t id, unsigned seq);
void next_is_none(struct world *w, struct claimant by);
void state_is(struct world *w, int64_t id, enum delivery_state s);
void accept(struct world *w, int64_t id, unsigned seq, uint8_t tp_mr);
/* Parts that became doubtful. */
unsigned free_link(struct world *w, const char *link);
/* A report on a message to `who`, given under several open versions; true: matched. */
bool report(struct world *w, int64_t sim, uint8_t tp_mr, uint8_t status, enum ring ring,
            uint64_t who);
void sweep_all(struct world *w, const int64_t *sims, size_t n);
int64_t field(struct world *w, const char *name, int64_t id); /* of the delivery's row */
bool is_cleared(struct world *w, int64_t id);

#endif
