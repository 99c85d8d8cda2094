/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables behind queries.h, and proof that the numbers in the SQL are those of the enums. */
#include "store/queries.h"

#include "store/campaigns.h"
#include "store/delivery.h"
#include "store/plans.h"
#include "base/banned.h"

#define X(id, sql) [Q_##id] = #id,
const char *const query_names[Q_COUNT] = { QUERIES(X) };
#undef X

#define X(id, sql) [Q_##id] = sql,
const char *const query_texts[Q_COUNT] = { QUERIES(X) };
#undef X

_Static_assert(DELIVERY_QUEUED == 0 && DELIVERY_CLAIMED == 1 && DELIVERY_SUBMITTING == 2 &&
               DELIVERY_ACCEPTED == 3 && DELIVERY_IN_DOUBT == 9, "the SQL names these numbers");
_Static_assert(PART_SUBMITTING == 0 && PART_ACCEPTED == 1 && PART_IN_DOUBT == 2 &&
               PART_DELIVERED == 3 && PART_UNDELIVERED == 4, "the SQL names these numbers");
_Static_assert(LANE_ANSWER == 0 && LANE_TEST == 2 && LANE_CAMPAIGN == 3,
               "the SQL names these numbers");
_Static_assert(CAMPAIGN_WRITING == 0 && CAMPAIGN_RELEASING == 1 && CAMPAIGN_WHOLE == 2 &&
               CAMPAIGN_ABANDONED == 3, "the SQL names these numbers");
_Static_assert(PLAN_DRAFT == 0 && PLAN_SCHEDULED == 3 && PLAN_RUNNING == 4 && PLAN_PAUSED == 5 &&
               PLAN_STOPPED == 6, "the SQL names these numbers");
_Static_assert(RING_LIVE == 0 && RING_PEOPLE == 3, "the SQL names these numbers");
