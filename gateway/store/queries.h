/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queries.h - every statement of the store, a row a query.  Private to the room.
 * Values are bound, never pasted; a statement is prepared once a connection and kept.
 * States, lanes and rings are the numbers of their enums (queries.c holds the ones used here):
 *   state  0 queued 1 claimed 2 submitting 3 accepted 9 in_doubt
 *   plan   0 draft 1 in_review 2 approved 3 scheduled 4 running 5 paused 6 stopped 7 finished
 *   part   0 submitting 1 accepted 2 in_doubt 3 delivered
 *   lane   0 answer 2 test 3 campaign      ring  0 live 1 session
 * A condition repeated word for word is that of a partial index: SQLite asks for it. */
#ifndef SAFAR_STORE_QUERIES_H
#define SAFAR_STORE_QUERIES_H

#define CONTACT_HAS_CONSENT "EXISTS (SELECT 1 FROM consent WHERE contact=c.id AND ended IS NULL)"
/* Whom a filter means, ?1 to ?12: lists are JSON arrays, NULL stands for "any". */
#define CONTACT_IN(column, list) "(" list " IS NULL OR c." column " IN (SELECT value FROM" \
	" json_each(" list ")))"
#define CONTACT_TAGGED(list) "EXISTS (SELECT 1 FROM json_each(" list ") w JOIN contact_tag t" \
	" ON t.tag=w.value AND t.contact=c.id)"
#define CONTACT_FILTER \
	CONTACT_IN("language", "?1") " AND " CONTACT_IN("script", "?2") " AND " \
	CONTACT_IN("region", "?3") " AND " CONTACT_IN("country", "?4") " AND " \
	CONTACT_IN("operator", "?5") \
	" AND (?6 IS NULL OR " CONTACT_TAGGED("?6") ")" \
	" AND (?7 IS NULL OR NOT " CONTACT_TAGGED("?7") ")" \
	" AND (?8 IS NULL OR c.reached IS NULL OR c.reached<?8)" \
	" AND (?9 IS NULL OR c.reached>=?9)" \
	" AND (?10 IS NULL OR c.engaged IS NULL OR c.engaged<?10)" \
	" AND (?11 IS NULL OR c.engaged>=?11)" \
	" AND (?12 IS NULL OR ((c.quiet_until IS NULL OR c.quiet_until<=?12) AND " \
	CONTACT_HAS_CONSENT "))"
#define CONTACT_COLUMNS "c.id,c.key_version,c.number,c.sealed,c.country,c.operator,c.language," \
	"c.script,c.region,c.source,c.added,c.updated,c.reached,c.engaged,c.quiet_until," \
	CONTACT_HAS_CONSENT

#define QUERIES(X) \
	/* transactions */ \
	X(BEGIN_WRITE, "BEGIN IMMEDIATE") \
	X(BEGIN_READ, "BEGIN") \
	X(COMMIT, "COMMIT") \
	X(ROLLBACK, "ROLLBACK") \
	X(CHANGE, "SAVEPOINT change") \
	X(CHANGE_KEEP, "RELEASE change") \
	X(CHANGE_UNDO, "ROLLBACK TO change") \
	X(SETTLE, "PRAGMA wal_checkpoint(TRUNCATE)") \
	X(SCHEMA, "PRAGMA user_version") \
	/* small facts and counts */ \
	X(META_GET, "SELECT value FROM meta WHERE name=?1") \
	X(META_SET, "INSERT INTO meta(name,value) VALUES(?1,?2)" \
	  " ON CONFLICT(name) DO UPDATE SET value=excluded.value") \
	X(NEWEST_ID, "SELECT max(ifnull((SELECT max(id) FROM delivery),0)," \
	  "ifnull((SELECT max(id) FROM inbox),0),ifnull((SELECT max(id) FROM mo_part),0)," \
	  "ifnull((SELECT max(id) FROM campaign),0),ifnull((SELECT max(id) FROM revision),0)," \
	  "ifnull((SELECT max(id) FROM stop_pending),0),ifnull((SELECT max(id) FROM call_wish),0)," \
	  "ifnull((SELECT max(id) FROM contact),0)," \
	  "ifnull((SELECT max(id) FROM plan),0))") \
	X(TALLY_ADD, "INSERT INTO tally(name,n) VALUES(?1,?2)" \
	  " ON CONFLICT(name) DO UPDATE SET n=n+excluded.n") \
	X(TALLY_GET, "SELECT n FROM tally WHERE name=?1") \
	/* deliveries */ \
	X(DELIVERY_ADD, "INSERT INTO delivery(id,lane,state,reason,ring,key_version,number_sealed," \
	  "number,tail,revision,content_key,args_sealed,language,route,not_before,expires,parts," \
	  "concat_ref,on_air,tries,resent,link,campaign,inbox,created,updated,flash,closes,country)" \
	  " VALUES(?1,?2,0,0,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,0,0,0,0,'',?16,?17,?18,?18," \
	  "?19,?20,?21)") \
	X(DELIVERY_LOAD, "SELECT lane,state,reason,ring,key_version,parts,concat_ref,route,tries," \
	  "resent,on_air,link,not_before,expires,campaign,closes FROM delivery WHERE id=?1") \
	X(DELIVERY_WRITE, "UPDATE delivery SET state=?3,reason=?4,updated=?5,link=?6,route=?7," \
	  "not_before=?8,tries=?9,resent=?10,on_air=?11,concat_ref=?12 WHERE id=?1 AND state=?2") \
	X(DELIVERY_CLEAR, "UPDATE delivery SET number_sealed=NULL,number=NULL,tail=NULL," \
	  "args_sealed=NULL WHERE id=?1") \
	X(DELIVERY_CONTENT, "SELECT number_sealed,args_sealed,revision,content_key,language,flash" \
	  " FROM delivery WHERE id=?1") \
	X(DELIVERY_DUE, "SELECT id,not_before FROM delivery WHERE state=0 AND lane=?1 AND ring=?2" \
	  " AND route=?3 AND not_before<=?4 ORDER BY not_before,id LIMIT 1") \
	X(DELIVERY_NEXT_ROUTE, "SELECT route FROM delivery WHERE state=0 AND lane=?1 AND ring=?2" \
	  " AND route>?3 AND route<0 ORDER BY route LIMIT 1") \
	X(DELIVERY_BEGUN, "SELECT id FROM delivery WHERE state IN (1,2) AND link=?1 AND lane=?2" \
	  " AND ring=?3 AND state=2 AND on_air=0 ORDER BY id LIMIT 1") \
	X(DELIVERY_DUE_TO, "SELECT id FROM delivery WHERE state IN (0,1,2,3,9) AND number=?1" \
	  " AND state=0 AND ring=?2 AND key_version=?3 AND lane=?4 AND not_before<=?5" \
	  " AND (route=?6 OR (lane<>0 AND route<=0 AND route<>-?6)) ORDER BY id LIMIT 1") \
	X(DELIVERY_BEGUN_TO, "SELECT id FROM delivery WHERE state IN (0,1,2,3,9) AND number=?1" \
	  " AND state=2 AND ring=?2 AND key_version=?3 AND lane=?4 AND link=?5 AND on_air=0" \
	  " ORDER BY id LIMIT 1") \
	X(DELIVERY_IS_TO, "SELECT 1 FROM delivery WHERE id=?1 AND number=?2 AND ring=?3" \
	  " AND key_version=?4") \
	X(DELIVERY_HELD, "SELECT id FROM delivery WHERE state IN (1,2) AND link=?1 LIMIT 1") \
	X(DELIVERY_HELD_ANY, "SELECT id FROM delivery WHERE state IN (1,2) LIMIT 1") \
	X(DELIVERY_REFS, "SELECT concat_ref FROM delivery WHERE state IN (0,1,2,3,9)" \
	  " AND number=(SELECT number FROM delivery WHERE id=?1) AND concat_ref>0") \
	X(DELIVERY_TO, "SELECT id FROM delivery WHERE state IN (0,1,2,3,9) AND number=?1" \
	  " AND state=0 AND ring=?2 AND key_version=?3 AND lane IN (2,3) LIMIT 1") \
	X(DELIVERY_OPEN_TO, "SELECT id FROM delivery WHERE state IN (0,1,2,3,9) AND number=?1" \
	  " AND state IN (0,3,9) AND ring=?2 AND key_version=?3 LIMIT 1") \
	X(DELIVERY_PAST, "SELECT id FROM delivery WHERE state=0 AND expires<=?1" \
	  " ORDER BY expires LIMIT 1") \
	X(DELIVERY_UNREPORTED, "SELECT id FROM delivery WHERE state=3 AND updated<=?1" \
	  " ORDER BY updated LIMIT 1") \
	X(DELIVERY_READABLE, "SELECT id FROM delivery WHERE ring=0 AND number_sealed IS NOT NULL" \
	  " AND state IN (3,9) AND created<=?1 ORDER BY created LIMIT 1") \
	X(DELIVERY_STRANDED, "SELECT id FROM delivery WHERE state=0 AND lane=?1 AND ring=?2" \
	  " AND route=?3 AND NOT EXISTS (SELECT 1 FROM part WHERE delivery=delivery.id" \
	  " AND part.state IN (1,3,4)) LIMIT 1") \
	X(DELIVERY_REROUTE, "UPDATE delivery SET route=0 WHERE id=?1") \
	X(DELIVERY_LIST, "SELECT id,lane,state,reason,resent,ring,key_version,number_sealed,link," \
	  "language,parts,created,updated,campaign FROM delivery WHERE id<?1 ORDER BY id DESC LIMIT ?2") \
	X(DELIVERY_CAMPAIGN, "SELECT state,count(*) FROM delivery WHERE campaign=?1 GROUP BY state") \
	X(DELIVERY_OLDEST, "SELECT key_version FROM delivery WHERE ring=0" \
	  " AND number_sealed IS NOT NULL ORDER BY key_version LIMIT 1") \
	/* parts */ \
	X(PART_BEGIN, "INSERT INTO part(delivery,seq,state,concat_ref,sim,link,submitted)" \
	  " VALUES(?1,?2,0,?3,?4,?5,?6) ON CONFLICT(delivery,seq) DO UPDATE SET state=0," \
	  "concat_ref=excluded.concat_ref,sim=excluded.sim,link=excluded.link," \
	  "submitted=excluded.submitted,tp_mr=NULL") \
	X(PART_LIST, "SELECT seq,state,sim FROM part WHERE delivery=?1 ORDER BY seq") \
	X(PART_LOAD, "SELECT state,sim,link FROM part WHERE delivery=?1 AND seq=?2") \
	X(PART_SIM, "SELECT sim FROM part WHERE delivery=?1 AND seq=?2") \
	X(PART_STATE, "UPDATE part SET state=?3 WHERE delivery=?1 AND seq=?2") \
	X(PART_TAKEN, "UPDATE part SET state=1,tp_mr=?3,accepted=?4 WHERE delivery=?1 AND seq=?2") \
	X(PART_REPORTED, "UPDATE part SET state=?3,reported=?4 WHERE delivery=?1 AND seq=?2") \
	X(PART_DROP, "DELETE FROM part WHERE delivery=?1 AND seq=?2") \
	X(PART_NEWEST, "SELECT delivery,seq,state,submitted FROM part WHERE sim=?1" \
	  " ORDER BY submitted DESC,delivery DESC LIMIT 1") \
	X(PART_BY_REFERENCE, "SELECT part.delivery,part.seq,part.state,d.ring,d.key_version,d.tail" \
	  " FROM part CROSS JOIN delivery d ON d.id=part.delivery WHERE part.sim=?1" \
	  " AND part.tp_mr=?2 AND part.accepted>=?3 ORDER BY part.accepted DESC") \
	X(PART_OPEN, "SELECT part.delivery,part.seq,part.state,d.ring,d.key_version,d.tail" \
	  " FROM part CROSS JOIN delivery d ON d.id=part.delivery WHERE part.state IN (0,2)" \
	  " AND part.sim=?1 AND part.submitted>=?2 ORDER BY part.submitted DESC") \
	X(PARTS_DAY_ADD, "INSERT INTO parts_quarter(sim,quarter,n) VALUES(?1,?2,1)" \
	  " ON CONFLICT(sim,quarter) DO UPDATE SET n=n+1") \
	X(PARTS_DAY, "SELECT ifnull(sum(n),0) FROM parts_quarter WHERE sim=?1 AND quarter>=?2") \
	X(PARTS_DAY_DROP, "DELETE FROM parts_quarter WHERE quarter<?1") \
	X(EARLY_ADD, "INSERT OR REPLACE INTO report_early(sim,tp_mr,ring,key_version,tail,status,at)" \
	  " VALUES(?1,?2,?3,?4,?5,?6,?7)") \
	X(EARLY_FIND, "SELECT e.status FROM delivery d CROSS JOIN report_early e ON e.sim=?2" \
	  " AND e.tp_mr=?3 AND e.ring=d.ring AND e.key_version=d.key_version AND e.tail=d.tail" \
	  " WHERE d.id=?1 AND e.at>=?4") \
	X(EARLY_OF_DOUBT, "SELECT e.sim,e.tp_mr,e.status FROM part p CROSS JOIN delivery d ON d.id=p.delivery" \
	  " CROSS JOIN report_early e ON e.sim=p.sim AND e.ring=d.ring AND e.key_version=d.key_version" \
	  " AND e.tail=d.tail WHERE p.delivery=?1 AND p.seq=?2 AND e.at>=p.submitted AND NOT EXISTS" \
	  " (SELECT 1 FROM part o CROSS JOIN delivery od ON od.id=o.delivery WHERE o.sim=e.sim" \
	  " AND o.tp_mr=e.tp_mr AND o.accepted>=?3 AND od.ring=d.ring" \
	  " AND od.key_version=d.key_version AND od.tail=d.tail) LIMIT 1") \
	X(EARLY_TAKE, "DELETE FROM report_early WHERE sim=?1 AND tp_mr=?2") \
	X(EARLY_DROP, "DELETE FROM report_early WHERE at<?1") \
	/* what came in */ \
	X(MO_KNOWN, "SELECT id FROM mo_part WHERE mo_key=?1 AND (deleted IS NULL OR total>1)" \
	  " AND (total=1 OR abs(scts-?2)<=?3) LIMIT 1") \
	X(MO_MOVED, "UPDATE mo_part SET sim_index=?2 WHERE id=?1") \
	X(MO_GROUP, "SELECT message FROM mo_part WHERE inbox IS NULL AND sim=?1 AND sender=?2" \
	  " AND ref=?3 AND total=?4 AND NOT EXISTS (SELECT 1 FROM mo_part same" \
	  " WHERE same.message=mo_part.message AND same.seq=?5) ORDER BY message DESC LIMIT 1") \
	X(MO_LATE, "SELECT message,inbox FROM mo_part WHERE inbox IS NOT NULL AND sender IS NOT NULL" \
	  " AND sim=?1 AND sender=?2 AND ref=?3 AND total=?4 AND NOT EXISTS (SELECT 1 FROM mo_part same" \
	  " WHERE same.message=mo_part.message AND same.seq=?5) ORDER BY message DESC LIMIT 1") \
	X(MO_ADD, "INSERT INTO mo_part(id,message,sim,sim_index,link,mo_key,key_version,sender," \
	  "sender_sealed,text_sealed,scts,received,ref,total,seq)" \
	  " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)") \
	X(MO_COUNT, "SELECT count(*),max(total) FROM mo_part WHERE message=?1 AND inbox IS NULL") \
	X(MO_MESSAGE, "SELECT message FROM mo_part WHERE id=?1") \
	X(MO_LIST, "SELECT id,key_version,text_sealed,seq,scts FROM mo_part WHERE message=?1" \
	  " AND inbox IS NULL ORDER BY seq") \
	X(MO_JOIN, "UPDATE mo_part SET inbox=?2,sender=NULL,sender_sealed=NULL,text_sealed=NULL" \
	  " WHERE message=?1 AND inbox IS NULL") \
	X(MO_JOIN_PARTIAL, "UPDATE mo_part SET inbox=?2,sender_sealed=NULL,text_sealed=NULL" \
	  " WHERE message=?1 AND inbox IS NULL") \
	X(MO_JOIN_LATE, "UPDATE mo_part SET inbox=?2,sender=NULL,sender_sealed=NULL,text_sealed=NULL" \
	  " WHERE id=?1") \
	X(MO_DELETED, "UPDATE mo_part SET deleted=?3 WHERE deleted IS NULL AND sim=?1" \
	  " AND sim_index=?2") \
	X(MO_LEFT, "SELECT message FROM mo_part WHERE inbox IS NULL AND received<=?1" \
	  " ORDER BY received LIMIT 1") \
	X(MO_OF, "SELECT message FROM mo_part WHERE inbox IS NULL AND sender=?1 LIMIT 1") \
	X(MO_OVERDUE, "SELECT id,message,sim,link,key_version,sender_sealed,received,total" \
	  " FROM mo_part WHERE inbox IS NULL AND received<=?1 AND NOT EXISTS (SELECT 1" \
	  " FROM mo_part newer WHERE newer.message=mo_part.message AND newer.received>?1)" \
	  " ORDER BY received LIMIT 1") \
	X(MO_DROP_DELETED, "DELETE FROM mo_part WHERE id IN (SELECT id FROM mo_part" \
	  " WHERE inbox IS NOT NULL AND deleted IS NOT NULL AND total=1 LIMIT ?1)") \
	X(MO_DROP_OLD, "DELETE FROM mo_part WHERE id IN (SELECT id FROM mo_part" \
	  " WHERE inbox IS NOT NULL AND received<=?1 LIMIT ?2)") \
	X(MO_OLDEST, "SELECT key_version FROM mo_part ORDER BY key_version LIMIT 1") \
	X(INBOX_ADD, "INSERT INTO inbox(id,sim,link,intent,language,state,received,scts)" \
	  " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)") \
	X(INBOX_LIST, "SELECT id,received,link,intent,state FROM inbox WHERE id<?1" \
	  " ORDER BY id DESC LIMIT ?2") \
	/* how often one number was answered */ \
	X(GUARD_GET, "SELECT started,n,latest FROM guard WHERE ring=?1 AND key_version=?2 AND who=?3" \
	  " AND expires>?4") \
	X(GUARD_PUT, "INSERT INTO guard(ring,key_version,who,started,n,latest,expires)" \
	  " VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(ring,key_version,who) DO UPDATE SET" \
	  " started=excluded.started,n=excluded.n,latest=excluded.latest,expires=excluded.expires") \
	X(GUARD_SWEEP, "DELETE FROM guard WHERE expires<=?1") \
	/* people */ \
	X(STOP_ADD, "INSERT INTO stop(key_version,number,at) VALUES(?1,?2,?3)" \
	  " ON CONFLICT(key_version,number) DO NOTHING") \
	X(STOP_REMOVE, "DELETE FROM stop WHERE key_version=?1 AND number=?2") \
	X(STOP_HAS, "SELECT 1 FROM stop WHERE key_version=?1 AND number=?2") \
	X(STOP_PEND, "INSERT INTO stop_pending(id,stop,box,live_version,live,at)" \
	  " VALUES(?1,?2,?3,?4,?5,?6)") \
	X(STOP_PENDING_HAS, "SELECT stop FROM stop_pending WHERE live_version=?1 AND live=?2" \
	  " ORDER BY id DESC LIMIT 1") \
	X(STOP_PENDING_NEXT, "SELECT id,stop,box FROM stop_pending WHERE id>?1 ORDER BY id LIMIT 1") \
	X(STOP_PENDING_DROP, "DELETE FROM stop_pending WHERE id=?1") \
	X(SESSION_PUT, "INSERT INTO session(key_version,who,sealed,expires) VALUES(?1,?2,?3,?4)" \
	  " ON CONFLICT(key_version,who) DO UPDATE SET sealed=excluded.sealed," \
	  "expires=excluded.expires") \
	X(SESSION_GET, "SELECT sealed FROM session WHERE key_version=?1 AND who=?2 AND expires>?3") \
	X(SESSION_DROP, "DELETE FROM session WHERE key_version=?1 AND who=?2") \
	X(SESSION_SWEEP, "DELETE FROM session WHERE expires<=?1") \
	X(SESSION_OLDEST, "SELECT key_version FROM session ORDER BY key_version LIMIT 1") \
	/* who wants to be rung, and words that nothing is known for */ \
	X(CALL_WISH_ADD, "INSERT INTO call_wish(id,live_version,live,box,language,n,at,latest)" \
	  " VALUES(?1,?2,?3,?4,?5,1,?6,?6)") \
	X(CALL_WISH_AGAIN, "UPDATE call_wish SET n=n+1,latest=max(latest,?3) WHERE live_version=?1" \
	  " AND live=?2") \
	X(CALL_WISH_LIST, "SELECT id,box,language,n,at,latest FROM call_wish WHERE id>?1 ORDER BY id" \
	  " LIMIT ?2") \
	X(CALL_WISH_COUNT, "SELECT count(*) FROM call_wish") \
	X(CALL_WISH_DONE, "DELETE FROM call_wish WHERE id=?1") \
	X(CALL_WISH_FORGET, "DELETE FROM call_wish WHERE live_version=?1 AND live=?2") \
	X(CALL_WISH_SWEEP, "DELETE FROM call_wish WHERE latest<=?1") \
	X(GAP_COUNT, "SELECT count(*) FROM gap") \
	X(GAP_ADD, "INSERT INTO gap(word,language,n,latest) VALUES(?1,?2,1,?3)" \
	  " ON CONFLICT(word,language) DO UPDATE SET n=n+1,latest=excluded.latest") \
	X(GAP_AGAIN, "UPDATE gap SET n=n+1,latest=?3 WHERE word=?1 AND language=?2") \
	X(GAP_LIST, "SELECT word,language,n FROM gap WHERE n>=?1 ORDER BY n DESC" \
	  " LIMIT ?2") \
	X(GAP_FEW, "SELECT count(*) FROM gap WHERE n<?1") \
	X(GAP_SWEEP, "DELETE FROM gap WHERE latest<=?1 AND n<?2") \
	/* drives */ \
	X(SOURCE_HAS, "SELECT 1 FROM source WHERE word=?1") \
	X(SOURCE_ANY, "SELECT 1 FROM source LIMIT 1") \
	X(SOURCE_FIND, "SELECT word FROM source WHERE drive=?1 AND kind=?2") \
	X(SOURCE_ADD, "INSERT INTO source(word,drive,kind,added) VALUES(?1,?2,?3,?4)") \
	X(SOURCE_COUNT, "INSERT INTO source_day(word,day,n) VALUES(?1,?2,1)" \
	  " ON CONFLICT(word,day) DO UPDATE SET n=n+1") \
	X(SOURCE_LIST, "SELECT s.drive,s.kind,s.word,ifnull(d.day,0),ifnull(d.n,0) FROM source s" \
	  " LEFT JOIN source_day d ON d.word=s.word ORDER BY s.drive,s.kind,d.day") \
	/* contacts */ \
	X(CONTACT_FIND, "SELECT id FROM contact WHERE key_version=?1 AND number=?2") \
	X(CONTACT_ADD, "INSERT INTO contact(id,key_version,number,sealed,country,operator,language," \
	  "script,region,source,added,updated) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?11)") \
	X(CONTACT_UPDATE, "UPDATE contact SET country=CASE ?2 WHEN '' THEN country ELSE ?2 END," \
	  "operator=CASE ?3 WHEN '' THEN operator ELSE ?3 END," \
	  "language=CASE ?4 WHEN '' THEN language ELSE ?4 END," \
	  "script=CASE ?5 WHEN '' THEN script ELSE ?5 END," \
	  "region=CASE ?6 WHEN '' THEN region ELSE ?6 END,updated=?7 WHERE id=?1") \
	X(CONTACT_GET, "SELECT " CONTACT_COLUMNS " FROM contact c WHERE c.id=?1") \
	X(CONTACT_MATCH, "SELECT " CONTACT_COLUMNS " FROM contact c WHERE " CONTACT_FILTER \
	  " AND (c.key_version,c.number)>(?13,?14) ORDER BY c.key_version,c.number LIMIT ?15") \
	X(CONTACT_COUNT, "SELECT count(*) FROM contact c WHERE " CONTACT_FILTER) \
	X(CONTACT_LANGUAGES, "SELECT language,script,count(*) FROM contact c WHERE " CONTACT_FILTER \
	  " GROUP BY language,script") \
	X(CONTACT_REACHED_BY, "UPDATE contact SET reached=max(ifnull(reached,0),?2)" \
	  " WHERE (key_version,number)=(SELECT key_version,number FROM delivery WHERE id=?1)") \
	X(CONTACT_ENGAGED, "UPDATE contact SET engaged=max(ifnull(engaged,0),?3)" \
	  " WHERE key_version=?1 AND number=?2") \
	X(CONTACT_QUIET, "UPDATE contact SET quiet_until=max(ifnull(quiet_until,0),?3)" \
	  " WHERE key_version=?1 AND number=?2") \
	X(CONTACT_DROP, "DELETE FROM contact WHERE id=?1") \
	X(CONTACT_TRACES, "SELECT (SELECT count(*) FROM contact WHERE id=?1 OR (key_version=?2" \
	  " AND number=?3)),(SELECT count(*) FROM contact_tag WHERE contact=?1)," \
	  "(SELECT count(*) FROM consent WHERE contact=?1)," \
	  "(SELECT count(*) FROM delivery WHERE ring=3 AND key_version=?2 AND number=?3)") \
	X(CONTACT_SENT, "SELECT id FROM delivery WHERE ring=3 AND key_version=?1 AND number=?2" \
	  " AND state NOT IN (1,2) LIMIT ?3") \
	X(CONTACT_TAG_ADD, "INSERT INTO contact_tag(tag,contact) VALUES(?1,?2)" \
	  " ON CONFLICT(tag,contact) DO NOTHING") \
	X(CONTACT_TAG_REMOVE, "DELETE FROM contact_tag WHERE tag=?1 AND contact=?2") \
	X(CONTACT_TAGS, "SELECT tag FROM contact_tag WHERE contact=?1 ORDER BY tag") \
	X(CONTACT_TAGS_DROP, "DELETE FROM contact_tag WHERE contact=?1") \
	X(WORDING_FIND, "SELECT id FROM consent_wording WHERE text=?1") \
	X(WORDING_ADD, "INSERT INTO consent_wording(text) VALUES(?1) RETURNING id") \
	X(WORDING_DROP, "DELETE FROM consent_wording WHERE id IN (SELECT wording FROM consent" \
	  " WHERE contact=?1) AND NOT EXISTS (SELECT 1 FROM consent WHERE wording=consent_wording.id" \
	  " AND contact<>?1)") \
	X(CONSENT_ADD, "INSERT INTO consent(contact,at,channel,wording,language,proof)" \
	  " VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT DO NOTHING") \
	X(CONSENT_HAS, "SELECT 1 FROM consent WHERE contact=?1 AND ended IS NULL LIMIT 1") \
	X(CONSENT_LIST, "SELECT at,channel,text,language,proof,ended FROM consent JOIN consent_wording w" \
	  " ON w.id=wording WHERE contact=?1 ORDER BY at") \
	X(CONSENT_DROP, "DELETE FROM consent WHERE contact=?1") \
	X(SEGMENT_PUT, "INSERT INTO segment(name,filter) VALUES(?1,?2)" \
	  " ON CONFLICT(name) DO UPDATE SET filter=excluded.filter") \
	X(SEGMENT_GET, "SELECT filter FROM segment WHERE name=?1") \
	X(SEGMENT_DROP, "DELETE FROM segment WHERE name=?1") \
	X(SEGMENT_LIST, "SELECT name,filter FROM segment WHERE name>?1 ORDER BY name LIMIT ?2") \
	/* USSD sessions */ \
	X(USSD_GET, "SELECT id,session,who,alias,expires,sealed FROM ussd WHERE session=?1" \
	  " AND expires>?2") \
	X(USSD_OF_ALIAS, "SELECT id,session,who,alias,expires,sealed FROM ussd" \
	  " WHERE alias IS NOT NULL AND alias=?1 AND expires>?2") \
	X(USSD_OF, "SELECT id,session,who,alias,expires,sealed FROM ussd WHERE who=?1 AND expires>?2") \
	X(USSD_ADD, "INSERT INTO ussd(session,who,alias,expires,sealed) VALUES(?1,?2,?3,?4,?5)" \
	  " RETURNING id") \
	X(USSD_KEEP, "UPDATE ussd SET sealed=?2 WHERE id=?1") \
	X(USSD_DROP, "DELETE FROM ussd WHERE id=?1") \
	X(USSD_DROP_SESSION, "DELETE FROM ussd WHERE session=?1") \
	X(USSD_SWEEP, "DELETE FROM ussd WHERE id IN (SELECT id FROM ussd WHERE id>0 ORDER BY id" \
	  " LIMIT ?2) AND expires<=?1") \
	X(REVISION_FIND, "SELECT id FROM revision WHERE digest=?1") \
	X(REVISION_ADD, "INSERT INTO revision(id,digest,ring,key_version,sealed,at)" \
	  " VALUES(?1,?2,?3,?4,?5,?6)") \
	X(REVISION_GET, "SELECT ring,key_version,sealed FROM revision WHERE id=?1") \
	X(CAMPAIGN_ADD, "INSERT INTO campaign(id,revision,consent,override,uid,at,request,state)" \
	  " VALUES(?1,?2,?3,?4,?5,?6,?7,0)") \
	X(CAMPAIGN_FIND, "SELECT id FROM campaign WHERE request IS NOT NULL AND request=?1" \
	  " AND state IN (1,2)") \
	X(CAMPAIGN_STATE, "UPDATE campaign SET state=?3 WHERE id=?1 AND state=?2") \
	X(CAMPAIGN_ABANDON, "UPDATE campaign SET state=3,request=NULL WHERE state<>2 AND state=0") \
	X(CAMPAIGN_OPEN, "SELECT id FROM campaign WHERE state<>2 AND state=?1 LIMIT 1") \
	X(CAMPAIGN_DROP, "DELETE FROM campaign WHERE id=?1") \
	X(HELD_RELEASE, "UPDATE delivery SET not_before=?5 WHERE id IN (SELECT id FROM delivery" \
	  " WHERE state=0 AND lane=?1 AND ring=?2 AND route=0 AND not_before=?3 LIMIT ?4)") \
	X(HELD_DROP, "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE campaign=?1" \
	  " AND state=?2 LIMIT ?3)") \
	/* what staff plan */ \
	X(PLAN_ADD, "INSERT INTO plan(id,name,state,spec,reviewed,made_by,any_hour,reason,start,ends," \
	  "cursor_version,is_expanded,next_due,people,parts,spent,is_swept,created,updated)" \
	  " VALUES(?1,?2,0,?3,'{}',?4,0,'',0,0,0,0,0,0,0,0,0,?5,?5)") \
	X(PLAN_BY_NAME, "SELECT id FROM plan WHERE name=?1") \
	X(PLAN_LOAD, "SELECT name,state,spec,revision,reviewed,digest,made_by,submitted_by," \
	  "approved_by,any_hour,reason,start,ends,cursor,is_expanded,next_due,people,parts,spent," \
	  "created,updated,cursor_version FROM plan WHERE id=?1") \
	X(PLAN_STATE, "SELECT state FROM plan WHERE id=?1") \
	X(PLAN_SWEPT, "UPDATE plan SET is_swept=1 WHERE id=?1") \
	X(PLAN_NEXT, "SELECT id FROM plan WHERE state IN (3,4,5,6) AND is_swept=0 AND state=?1 AND id>?2" \
	  " ORDER BY id LIMIT 1") \
	X(PLAN_COUNT, "SELECT count(*) FROM plan WHERE state IN (3,4,5,6) AND is_swept=0 AND state=?1") \
	X(PLAN_LIST, "SELECT id FROM plan WHERE id<?1 ORDER BY id DESC LIMIT 1") \
	X(PLAN_MOVE, "UPDATE plan SET state=?3,reason=?4,updated=?5 WHERE id=?1 AND state=?2") \
	X(PLAN_SAVE, "UPDATE plan SET spec=?2,revision=?3,reviewed=?4,digest=?5,submitted_by=?6," \
	  "approved_by=?7,any_hour=?8,start=?9,ends=?10,updated=?11 WHERE id=?1") \
	X(PLAN_SAVE_PLACE, "UPDATE plan SET cursor=?2,is_expanded=?3,next_due=?4,people=?5,parts=?6," \
	  "spent=?7,cursor_version=?8 WHERE id=?1") \
	X(PLAN_WAITING, "SELECT count(*) FROM (SELECT 1 FROM delivery WHERE campaign IS NOT NULL" \
	  " AND campaign=?1 AND state=0 AND not_before BETWEEN ?2 AND ?3 LIMIT ?4)") \
	X(PLAN_UNDER_WAY, "SELECT 1 FROM delivery WHERE campaign IS NOT NULL AND campaign=?1" \
	  " AND state IN (0,1,2) LIMIT 1") \
	X(PLAN_HELD, "SELECT id,country FROM delivery WHERE campaign IS NOT NULL AND campaign=?1" \
	  " AND state=0 AND not_before=?1 LIMIT 1") \
	X(PLAN_HOLD_CLOSED, "UPDATE delivery SET not_before=?1,closes=0 WHERE id IN (SELECT id" \
	  " FROM delivery WHERE campaign IS NOT NULL AND campaign=?1 AND state=0 AND not_before<=?2" \
	  " AND closes BETWEEN 1 AND ?2 LIMIT ?3)") \
	X(PLAN_HOLD, "UPDATE delivery SET not_before=?1 WHERE id IN (SELECT id FROM delivery" \
	  " WHERE campaign IS NOT NULL AND campaign=?1 AND state=0 AND not_before<?1 LIMIT ?2)") \
	X(PLAN_QUEUED, "SELECT id FROM delivery WHERE campaign IS NOT NULL AND campaign=?1" \
	  " AND state=0 LIMIT 1") \
	X(DELIVERY_PLACE, "UPDATE delivery SET not_before=?2,closes=?3 WHERE id=?1 AND state=0") \
	X(DELIVERY_BEFORE, "SELECT campaign FROM delivery WHERE number=?1 AND campaign IS NOT NULL" \
	  " AND (campaign=?2 OR (revision=?3 AND created>=?4 AND state IN (0,1,2,3,4,9))) LIMIT 1") \
	X(PLAN_TO, "SELECT id FROM delivery WHERE state IN (0,1,2,3,9) AND number=?1 AND state=0" \
	  " AND ring=3 AND key_version=?2 AND lane=3 LIMIT 1") \
	X(OUTCOME_ADD, "INSERT INTO outcome(campaign,minute,what,n) VALUES(?1,?2,?3,?4)" \
	  " ON CONFLICT(campaign,minute,what) DO UPDATE SET n=n+excluded.n") \
	X(OUTCOME_SUM, "SELECT what,sum(n) FROM outcome WHERE campaign=?1 AND minute>=?2" \
	  " GROUP BY what") \
	X(OUTCOME_LAST, "SELECT campaign FROM delivery WHERE number=?1 AND campaign IS NOT NULL" \
	  " AND updated>=?2 AND state IN (3,4,9) ORDER BY campaign DESC LIMIT 1") \
	X(AUDIT_LAST, "SELECT id,hash FROM audit ORDER BY id DESC LIMIT 1") \
	X(AUDIT_ADD, "INSERT INTO audit(id,at,uid,what,detail,hash) VALUES(?1,?2,?3,?4,?5,?6)") \
	/* SIM cards */ \
	X(SIM_BY_ICCID, "SELECT id FROM sim WHERE iccid<>'' AND iccid=?1") \
	X(SIM_BY_IMSI, "SELECT id,iccid FROM sim WHERE imsi<>'' AND imsi=?1 ORDER BY id DESC LIMIT 1") \
	X(SIM_ADD, "INSERT INTO sim(iccid,imsi,operator,added,seen) VALUES(?1,?2,?3,?4,?4)" \
	  " RETURNING id") \
	X(SIM_SEEN, "UPDATE sim SET iccid=CASE ?2 WHEN '' THEN iccid ELSE ?2 END," \
	  "imsi=CASE ?3 WHEN '' THEN imsi ELSE ?3 END," \
	  "operator=CASE ?4 WHEN '' THEN operator ELSE ?4 END,seen=?5 WHERE id=?1") \
	X(SIM_THERE, "UPDATE sim SET seen=?2 WHERE id=?1 AND seen<>?2") \
	X(SIM_ALL_SEEN, "UPDATE sim SET seen=?1") \
	X(SIM_AWAY, "SELECT id FROM sim WHERE id>?1 AND seen<=?2 AND iccid NOT LIKE 'loop:%'" \
	  " ORDER BY id LIMIT 1") \
	X(SIM_IMSI, "SELECT substr(imsi,1,15) FROM sim WHERE id=?1") \
	X(SIM_BALANCE, "SELECT balance,balance_at FROM sim WHERE id=?1 AND balance_at IS NOT NULL") \
	X(SIM_BALANCE_SET, "UPDATE sim SET balance=?2,balance_at=?3 WHERE id=?1") \
	X(PIN_HAS, "SELECT 1 FROM pin_refused WHERE card=?1 AND pin=?2") \
	X(PIN_COUNT, "SELECT count(*) FROM pin_refused WHERE card=?1") \
	X(PIN_ADD, "INSERT OR REPLACE INTO pin_refused(card,pin,at) VALUES(?1,?2,?3)") \
	X(PIN_CLEAR, "DELETE FROM pin_refused WHERE card=?1")

#define X(id, sql) Q_##id,
enum query_id { QUERIES(X) Q_COUNT };
#undef X

extern const char *const query_names[Q_COUNT];
extern const char *const query_texts[Q_COUNT];

/* Migration n takes a schema from version n to n + 1: statements up to NULL, the last of which sets
 * the version, in a transaction of their own. */
extern const char *const *const migrations[];
extern const int migration_count;
/* Set on each connection when it opens. */
extern const char connection_settings[];
extern const char reader_settings[];

#endif
