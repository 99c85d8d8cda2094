/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema, step by step. A step that went out is never changed: what is wrong in it is put right
 * by the next one.
 *
 * Numbers in the columns are those of the enums, in the order of their lists, which only grow at
 * the end:
 *   delivery.state   DELIVERY_STATES  0 queued 1 claimed 2 submitting 3 accepted 4 delivered
 *                                     5 undelivered 6 failed 7 expired 8 cancelled 9 in_doubt
 *   delivery.lane    LANES            0 answer 1 alert 2 test 3 campaign
 *   delivery.ring    enum ring        0 live 3 people
 *   delivery.reason  REASONS
 *   part.state       PART_STATES      0 submitting 1 accepted 2 in_doubt 3 delivered 4 undelivered
 *                                     5 refused
 *   inbox.state      INBOX_STATES     0 received 1 answered 2 silent
 * Times are ms since 1970 UTC. A number of a person stands nowhere: number_sealed and sender_sealed
 * are sealed; number, tail, sender and mo_key are keyed hashes; all go with their row's life. */
#include "store/queries.h"

#include <stddef.h>

#include "base/banned.h"

const char connection_settings[] =
	"PRAGMA journal_mode=WAL;"
	"PRAGMA synchronous=FULL;"
	"PRAGMA secure_delete=ON;"
	"PRAGMA foreign_keys=ON;"
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA temp_store=MEMORY;"
	"PRAGMA wal_autocheckpoint=1000;"     /* 4 MB */
	"PRAGMA journal_size_limit=16777216;"; /* a long read lets the WAL grow; it shrinks again */

/* A commit makes what a reader has cached old, so a large cache only grows the heaps of the threads
 * that take turns with the reader. */
const char reader_settings[] = "PRAGMA query_only=ON;" "PRAGMA cache_size=-256;";

static const char *const first_schema[] = {
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;",
	/* Counts that are kept with each change, since counting rows would grow with them:
	 * delivery.STATE, parts.sent, parts.delivered, inbox.received, inbox.answered,
	 * inbox.partial, link.NAME.sent, link.NAME.failed. */
	"CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;",

	/* Texts never change: a delivery is rendered from its revision when it is claimed. */
	"CREATE TABLE revision (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE,"
	" ring INTEGER NOT NULL, key_version INTEGER NOT NULL, sealed BLOB NOT NULL,"
	" at INTEGER NOT NULL) STRICT;",
	"CREATE TABLE campaign (id INTEGER PRIMARY KEY,"
	" revision INTEGER NOT NULL REFERENCES revision(id), consent TEXT NOT NULL,"
	" override TEXT NOT NULL, uid INTEGER NOT NULL, at INTEGER NOT NULL, request BLOB) STRICT;",
	/* A request that comes twice makes one campaign. */
	"CREATE UNIQUE INDEX campaign_request ON campaign(request) WHERE request IS NOT NULL;",

	/* route: s > 0: by SIM s alone; 0: by any; -s: by any but s, which refused it.
	 * on_air: the part that is being submitted, 0 between parts.
	 * link: who has it, or had it last; '' while it waits.
	 * number_sealed, number, tail, args_sealed: NULL once they may not be known any more. */
	"CREATE TABLE delivery (id INTEGER PRIMARY KEY, lane INTEGER NOT NULL,"
	" state INTEGER NOT NULL, reason INTEGER NOT NULL, ring INTEGER NOT NULL,"
	" key_version INTEGER NOT NULL, number_sealed BLOB, number BLOB, tail BLOB,"
	" revision INTEGER REFERENCES revision(id), content_key TEXT NOT NULL, args_sealed BLOB,"
	" language TEXT NOT NULL, route INTEGER NOT NULL, not_before INTEGER NOT NULL,"
	" expires INTEGER NOT NULL, parts INTEGER NOT NULL CHECK (parts BETWEEN 1 AND 10),"
	" concat_ref INTEGER NOT NULL, on_air INTEGER NOT NULL, tries INTEGER NOT NULL,"
	" resent INTEGER NOT NULL, link TEXT NOT NULL, campaign INTEGER REFERENCES campaign(id),"
	" inbox INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;",
	/* What waits, in the order in which it goes. The ring comes before the route, so that the
	 * deliveries of a locked ring cost a claim nothing. */
	"CREATE INDEX delivery_due ON delivery(lane,ring,route,not_before,id) WHERE state=0;",
	"CREATE INDEX delivery_held ON delivery(link,lane,ring,id) WHERE state IN (1,2);",
	"CREATE INDEX delivery_open ON delivery(number) WHERE state IN (0,1,2,3,9);",
	"CREATE INDEX delivery_past ON delivery(expires) WHERE state=0;",
	"CREATE INDEX delivery_unreported ON delivery(updated) WHERE state=3;",
	"CREATE INDEX delivery_readable ON delivery(created)"
	" WHERE ring=0 AND number_sealed IS NOT NULL AND state IN (3,9);",
	"CREATE INDEX delivery_live ON delivery(key_version)"
	" WHERE ring=0 AND number_sealed IS NOT NULL;",
	"CREATE INDEX delivery_campaign ON delivery(campaign,state) WHERE campaign IS NOT NULL;",

	"CREATE TABLE part (delivery INTEGER NOT NULL REFERENCES delivery(id), seq INTEGER NOT NULL,"
	" state INTEGER NOT NULL, concat_ref INTEGER NOT NULL, sim INTEGER NOT NULL, tp_mr INTEGER,"
	" link TEXT NOT NULL, submitted INTEGER NOT NULL, accepted INTEGER, reported INTEGER,"
	" PRIMARY KEY (delivery,seq)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX part_reference ON part(sim,tp_mr,accepted) WHERE tp_mr IS NOT NULL;",
	"CREATE INDEX part_submitted ON part(sim,submitted);",
	"CREATE INDEX part_open ON part(sim,submitted) WHERE state IN (0,2);",
	/* Campaign parts accepted, by SIM and quarter of an hour since 1970: every zone's day begins
	 * with one. */
	"CREATE TABLE parts_quarter (sim INTEGER NOT NULL, quarter INTEGER NOT NULL,"
	" n INTEGER NOT NULL, PRIMARY KEY (sim,quarter)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX parts_quarter_age ON parts_quarter(quarter);",
	"CREATE TABLE report_early (sim INTEGER NOT NULL, tp_mr INTEGER NOT NULL,"
	" ring INTEGER NOT NULL, key_version INTEGER NOT NULL, tail BLOB NOT NULL,"
	" status INTEGER NOT NULL, at INTEGER NOT NULL,"
	" PRIMARY KEY (sim,tp_mr,ring,key_version,tail)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX report_early_age ON report_early(at);",

	/* message: the id of the first part of the message that came.
	 * inbox: the message that it became; 0: given up; NULL: waits for the others.
	 * deleted: when the modem's copy went; until then an equal part is this one. */
	"CREATE TABLE mo_part (id INTEGER PRIMARY KEY, message INTEGER NOT NULL,"
	" sim INTEGER NOT NULL, sim_index INTEGER NOT NULL, link TEXT NOT NULL,"
	" mo_key BLOB NOT NULL, key_version INTEGER NOT NULL, sender BLOB, sender_sealed BLOB,"
	" text_sealed BLOB, scts INTEGER NOT NULL, received INTEGER NOT NULL, ref INTEGER NOT NULL,"
	" total INTEGER NOT NULL, seq INTEGER NOT NULL, inbox INTEGER, deleted INTEGER) STRICT;",
	"CREATE UNIQUE INDEX mo_part_key ON mo_part(mo_key) WHERE deleted IS NULL;",
	"CREATE INDEX mo_part_place ON mo_part(sim,sim_index) WHERE deleted IS NULL;",
	"CREATE INDEX mo_part_waiting ON mo_part(sim,sender,ref,total,message)"
	" WHERE inbox IS NULL;",
	"CREATE INDEX mo_part_left ON mo_part(received) WHERE inbox IS NULL;",
	"CREATE INDEX mo_part_done ON mo_part(received) WHERE inbox IS NOT NULL;",
	"CREATE INDEX mo_part_gone ON mo_part(id) WHERE inbox IS NOT NULL AND deleted IS NOT NULL;",
	"CREATE INDEX mo_part_message ON mo_part(message,seq);",
	"CREATE INDEX mo_part_version ON mo_part(key_version);",
	"CREATE TABLE inbox (id INTEGER PRIMARY KEY, sim INTEGER NOT NULL, link TEXT NOT NULL,"
	" intent TEXT NOT NULL, language TEXT NOT NULL, state INTEGER NOT NULL,"
	" received INTEGER NOT NULL, scts INTEGER NOT NULL) STRICT;",

	"CREATE TABLE stop (key_version INTEGER NOT NULL, number BLOB NOT NULL,"
	" at INTEGER NOT NULL, PRIMARY KEY (key_version,number)) STRICT, WITHOUT ROWID;",
	"CREATE TABLE stop_pending (id INTEGER PRIMARY KEY, stop INTEGER NOT NULL,"
	" box BLOB NOT NULL, live_version INTEGER NOT NULL, live BLOB NOT NULL,"
	" at INTEGER NOT NULL) STRICT;",
	"CREATE INDEX stop_pending_live ON stop_pending(live_version,live,id);",
	"CREATE TABLE session (key_version INTEGER NOT NULL, who BLOB NOT NULL,"
	" sealed BLOB NOT NULL, expires INTEGER NOT NULL,"
	" PRIMARY KEY (key_version,who)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX session_age ON session(expires);",
	/* hash: BLAKE2b of the hash before and of this entry, so that none can be taken out unseen. */
	"CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, uid INTEGER NOT NULL,"
	" what TEXT NOT NULL, detail TEXT NOT NULL, hash BLOB NOT NULL) STRICT;",

	"CREATE TABLE sim (id INTEGER PRIMARY KEY, iccid TEXT NOT NULL, imsi TEXT NOT NULL,"
	" operator TEXT NOT NULL, added INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;",
	"CREATE UNIQUE INDEX sim_iccid ON sim(iccid) WHERE iccid<>'';",
	"CREATE INDEX sim_imsi ON sim(imsi) WHERE imsi<>'';",
	/* A try whose end is unknown counts as refused; a success clears the card's rows. */
	"CREATE TABLE pin_refused (card TEXT NOT NULL, pin BLOB NOT NULL, at INTEGER NOT NULL,"
	" PRIMARY KEY (card,pin)) STRICT, WITHOUT ROWID;",
	"PRAGMA user_version=1;",
	NULL,
};

/* Parts of a message stay known after the modem's copy went: the network brings one again, or late.
 * guard: how often a number was answered, `who` hashed under the session key (an hour's count) or
 *   the live key (a day's count of what goes beyond); gone with `expires`.
 * campaign.state: CAMPAIGN_STATES  0 writing 1 releasing 2 whole 3 abandoned */
static const char *const inbox_schema[] = {
	"DROP INDEX mo_part_key;",
	"CREATE INDEX mo_part_key ON mo_part(mo_key);",
	"DROP INDEX mo_part_gone;",
	"CREATE INDEX mo_part_gone ON mo_part(id)"
	" WHERE inbox IS NOT NULL AND deleted IS NOT NULL AND total=1;",
	"CREATE INDEX mo_part_late ON mo_part(sim,sender,ref,total,message)"
	" WHERE inbox IS NOT NULL AND sender IS NOT NULL;",
	"CREATE TABLE guard (ring INTEGER NOT NULL, key_version INTEGER NOT NULL, who BLOB NOT NULL,"
	" started INTEGER NOT NULL, n INTEGER NOT NULL, latest INTEGER NOT NULL,"
	" expires INTEGER NOT NULL, PRIMARY KEY (ring,key_version,who)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX guard_age ON guard(expires);",
	"ALTER TABLE campaign ADD COLUMN state INTEGER NOT NULL DEFAULT 2;",
	"CREATE INDEX campaign_open ON campaign(state) WHERE state<>2;",
	"PRAGMA user_version=2;",
	NULL,
};

/* flash: 1 for a text that shows at once and is not kept (class 0, TS 23.038 §4).
 * balance: in hundredths, as the operator said it at balance_at; NULL: not known. */
static const char *const balance_and_flash[] = {
	"ALTER TABLE delivery ADD COLUMN flash INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE sim ADD COLUMN balance INTEGER;",
	"ALTER TABLE sim ADD COLUMN balance_at INTEGER;",
	"PRAGMA user_version=3;",
	NULL,
};

/* Open USSD sessions, in the order in which they began and expire: what is written at one time lies
 * together, so that a commit of many is of few pages. session, alias (the ids of an operator's dialog)
 * and who are hashes under a session key. */
static const char *const ussd_sessions[] = {
	"CREATE TABLE ussd (id INTEGER PRIMARY KEY, session BLOB NOT NULL, who BLOB NOT NULL,"
	" alias BLOB, expires INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;",
	"CREATE UNIQUE INDEX ussd_session ON ussd(session);",
	"CREATE INDEX ussd_who ON ussd(who);",
	"CREATE INDEX ussd_alias ON ussd(alias) WHERE alias IS NOT NULL;",
	"PRAGMA user_version=4;",
	NULL,
};

/* call_wish: who wants to be rung; the number stands in a box to the people keys, live finds it while
 *   its day's key is there. n: how often they asked.
 * gap: words of questions that nothing is known for, each by itself; n: of how many questions. */
static const char *const wishes[] = {
	"CREATE TABLE call_wish (id INTEGER PRIMARY KEY, live_version INTEGER NOT NULL,"
	" live BLOB NOT NULL, box BLOB NOT NULL, language TEXT NOT NULL, n INTEGER NOT NULL,"
	" at INTEGER NOT NULL, latest INTEGER NOT NULL) STRICT;",
	"CREATE UNIQUE INDEX call_wish_live ON call_wish(live_version,live);",
	"CREATE INDEX call_wish_age ON call_wish(latest);",
	"CREATE TABLE gap (word TEXT NOT NULL, language TEXT NOT NULL, n INTEGER NOT NULL,"
	" latest INTEGER NOT NULL, PRIMARY KEY (word,language)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX gap_age ON gap(latest);",
	"CREATE INDEX gap_most ON gap(n);",
	"CREATE INDEX mo_part_sender ON mo_part(sender) WHERE inbox IS NULL;",
	"PRAGMA user_version=5;",
	NULL,
};

/* source: the word on each kind of a drive's material; source_day: questions that carried it, by local
 * day (20261125). */
static const char *const sources[] = {
	"CREATE TABLE source (word TEXT PRIMARY KEY, drive TEXT NOT NULL, kind TEXT NOT NULL,"
	" added INTEGER NOT NULL, UNIQUE (drive,kind)) STRICT, WITHOUT ROWID;",
	"CREATE TABLE source_day (word TEXT NOT NULL REFERENCES source(word), day INTEGER NOT NULL,"
	" n INTEGER NOT NULL, PRIMARY KEY (word,day)) STRICT, WITHOUT ROWID;",
	"PRAGMA user_version=6;",
	NULL,
};

/* ICCID and IMSI of what modems told stood in each other's place. A card of which only one was told is
 * known anew. */
static const char *const cards[] = {
	"UPDATE OR IGNORE sim SET iccid=imsi, imsi=iccid WHERE imsi<>'' AND iccid NOT LIKE 'loop:%'"
	" AND length(iccid)<18;",
	"PRAGMA user_version=7;",
	NULL,
};

/* contact.number and sealed: under the people ring; region: an id of messages/places.json.
 *   reached, engaged: last delivered, last wrote or rang; quiet_until: asked for help before.
 * consent: a ledger; `ended` is NULL while it holds. Wordings are many people's, so they stand once.
 * segment.filter: canonical JSON. */
static const char *const contacts[] = {
	"CREATE TABLE contact (id INTEGER PRIMARY KEY, key_version INTEGER NOT NULL,"
	" number BLOB NOT NULL, sealed BLOB NOT NULL, country TEXT NOT NULL, operator TEXT NOT NULL,"
	" language TEXT NOT NULL, script TEXT NOT NULL, region TEXT NOT NULL, source TEXT NOT NULL,"
	" added INTEGER NOT NULL, updated INTEGER NOT NULL, reached INTEGER, engaged INTEGER,"
	" quiet_until INTEGER, UNIQUE (key_version,number)) STRICT;",
	"CREATE TABLE contact_tag (tag TEXT NOT NULL, contact INTEGER NOT NULL,"
	" PRIMARY KEY (tag,contact)) STRICT, WITHOUT ROWID;",
	"CREATE INDEX contact_tag_of ON contact_tag(contact);",
	"CREATE TABLE consent_wording (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;",
	"CREATE TABLE consent (contact INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT NOT NULL,"
	" wording INTEGER NOT NULL, language TEXT NOT NULL, proof TEXT NOT NULL, ended INTEGER,"
	" PRIMARY KEY (contact,at,channel,wording,language,proof)) STRICT, WITHOUT ROWID;",
	"CREATE TABLE segment (name TEXT PRIMARY KEY, filter TEXT NOT NULL) STRICT, WITHOUT ROWID;",
	"PRAGMA user_version=8;",
	NULL,
};

/* plan: what staff plan; its row in campaign, of the same id, comes when it starts.
 *   state: PLAN_STATES  0 draft 1 in_review 2 approved 3 scheduled 4 running 5 paused 6 stopped
 *     7 finished
 *   spec: JSON (campaign/spec.h); reviewed: JSON, who has read the text of a language
 *   digest: of all that was approved or is being reviewed
 *   cursor, cursor_version: the number's hash, and its key's, up to which the
 *   audience has become deliveries
 * delivery.closes: when its sending hours end, 0: it has none; then it is held (not_before is its
 *   campaign's id) until they begin again. country: of its number, for the hours.
 * delivery_once: a campaign writes to a number once; and it finds all that a number got.
 * outcome: what became of a campaign's deliveries, by minutes; what: OUTCOMES */
static const char *const plans[] = {
	"CREATE TABLE plan (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" state INTEGER NOT NULL, spec TEXT NOT NULL, revision INTEGER REFERENCES revision(id),"
	" reviewed TEXT NOT NULL, digest BLOB, made_by INTEGER NOT NULL, submitted_by INTEGER,"
	" approved_by INTEGER, any_hour INTEGER NOT NULL, reason TEXT NOT NULL,"
	" start INTEGER NOT NULL, ends INTEGER NOT NULL, cursor BLOB, cursor_version INTEGER NOT NULL,"
	" is_expanded INTEGER NOT NULL, next_due INTEGER NOT NULL, people INTEGER NOT NULL,"
	" parts INTEGER NOT NULL, spent INTEGER NOT NULL, is_swept INTEGER NOT NULL,"
	" created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;",
	"CREATE INDEX plan_open ON plan(state,id) WHERE state IN (3,4,5,6)"
	" AND is_swept=0;",
	"ALTER TABLE delivery ADD COLUMN closes INTEGER NOT NULL DEFAULT 0;",
	"ALTER TABLE delivery ADD COLUMN country TEXT NOT NULL DEFAULT '';",
	"DROP INDEX delivery_campaign;",
	"CREATE INDEX delivery_campaign ON delivery(campaign,state,not_before)"
	" WHERE campaign IS NOT NULL;",
	"CREATE UNIQUE INDEX delivery_once ON delivery(number,campaign) WHERE number IS NOT NULL;",
	"CREATE TABLE outcome (campaign INTEGER NOT NULL, minute INTEGER NOT NULL,"
	" what INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (campaign,minute,what))"
	" STRICT, WITHOUT ROWID;",
	"PRAGMA user_version=9;",
	NULL,
};

const char *const *const migrations[] = { first_schema, inbox_schema, balance_and_flash, ussd_sessions,
	wishes, sources, cards, contacts, plans };
const int migration_count = sizeof migrations / sizeof migrations[0];
