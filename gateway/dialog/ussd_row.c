/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session as octets, to be sealed. A topic is kept by its id: the tree may have changed when it is
 * read again, and one that is gone is the root. */
#include <string.h>

#include "dialog/ussd_row.h"
#include "base/banned.h"

#define FORM 2
#define PLACE_OCTETS (5 + TOPIC_ID_LIMIT)
#define TOLD_OCTETS 32 /* the id of a town or region: at most 31 letters */
#define FLAG_ENDED 1u
#define FLAG_SENSITIVE 2u
#define FLAG_TOWN 4u /* the place that was told is a town, not a region */
#define FLAG_SENT 8u
#define FLAG_GOT 16u
#define FLAG_ECHOES 32u
#define FLAG_COUNTS 64u
#define FLAG_ALL 127u

struct cursor {
	uint8_t *p;      /* writing */
	const uint8_t *q; /* reading */
};

static void put(struct cursor *c, uint64_t v, size_t octets)
{
	for (size_t i = 0; i < octets; i++)
		*c->p++ = (uint8_t)(v >> 8 * i);
}

static uint64_t get(struct cursor *c, size_t octets)
{
	uint64_t v = 0;
	for (size_t i = 0; i < octets; i++)
		v |= (uint64_t)*c->q++ << 8 * i;
	return v;
}

static void put_place(struct cursor *c, const struct ussd_place *p)
{
	put(c, (uint64_t)p->where, 1);
	put(c, (uint64_t)p->language, 1);
	put(c, p->is_wrong ? 1 : 0, 1);
	put(c, p->offset, 2);
	memset(c->p, 0, TOPIC_ID_LIMIT);
	if (p->topic != NULL)
		memcpy(c->p, p->topic->id, strnlen(p->topic->id, TOPIC_ID_LIMIT - 1));
	c->p += TOPIC_ID_LIMIT;
}

static bool get_place(struct cursor *c, const struct content *content, struct ussd_place *ret)
{
	const uint64_t where = get(c, 1), language = get(c, 1), is_wrong = get(c, 1),
	               offset = get(c, 2);
	char id[TOPIC_ID_LIMIT + 1] = "";
	memcpy(id, c->q, TOPIC_ID_LIMIT);
	c->q += TOPIC_ID_LIMIT;
	if (where >= WHERE_COUNT || language > LANGUAGE_UNKNOWN || is_wrong > 1)
		return false;
	*ret = (struct ussd_place){ .where = (enum ussd_where)where,
		.language = (enum language)language, .is_wrong = is_wrong == 1,
		.offset = (unsigned)offset, .topic = content_topic(content, id) };
	if ((where == WHERE_TOPIC || where == WHERE_SENT) && ret->topic == NULL) {
		ret->topic = content_root(content);
		ret->offset = 0;
	}
	return true;
}

static void put_told(struct cursor *c, const struct ussd_place *p)
{
	const char *id = p->town != NULL ? p->town : p->region != NULL ? p->region : "";
	memset(c->p, 0, TOLD_OCTETS);
	memcpy(c->p, id, strnlen(id, TOLD_OCTETS - 1));
	c->p += TOLD_OCTETS;
}

/* One that is gone is asked for again. */
static void get_told(struct cursor *c, const struct content *content, bool is_town,
                     struct ussd_place *p)
{
	char id[TOLD_OCTETS + 1] = "";
	memcpy(id, c->q, TOLD_OCTETS);
	c->q += TOLD_OCTETS;
	if (id[0] != '\0')
		(void)content_place(content, id, is_town, &p->town, &p->region);
}

void session_write(const struct ussd_session *s, uint8_t ret[SESSION_OCTETS])
{
	struct cursor c = { .p = ret };
	const struct ussd_sequence *q = &s->sequence;
	_Static_assert(SESSION_OCTETS == 2 + 2 * PLACE_OCTETS + TOLD_OCTETS + DIGEST_SIZE +
	               MARKS_KEPT * DIGEST_SIZE + 4 * 4 + 2 * 8 + USSD_CALLER_MAX + 1,
	               "all that is written below");
	put(&c, FORM, 1);
	put(&c, (s->is_ended ? FLAG_ENDED : 0) | (s->state.was_sensitive ? FLAG_SENSITIVE : 0) |
	        (s->state.now.town != NULL ? FLAG_TOWN : 0) | (s->was_sent ? FLAG_SENT : 0) |
	        (q->has_got ? FLAG_GOT : 0) | (q->echoes ? FLAG_ECHOES : 0) |
	        (q->counts ? FLAG_COUNTS : 0), 1);
	put_place(&c, &s->state.now);
	put_place(&c, &s->state.kept);
	put_told(&c, &s->state.now);
	memcpy(c.p, q->last, sizeof q->last);
	c.p += sizeof q->last;
	memcpy(c.p, q->ids, sizeof q->ids);
	c.p += sizeof q->ids;
	put(&c, (uint32_t)q->begin, 4);
	put(&c, (uint32_t)q->sent, 4);
	put(&c, (uint32_t)q->got, 4);
	put(&c, q->steps, 4);
	put(&c, (uint64_t)s->began_ms, 8);
	put(&c, (uint64_t)s->at_ms, 8);
	memcpy(c.p, s->caller, sizeof s->caller);
}

bool session_read(struct span octets, const struct content *content, struct ussd_session *ret)
{
	struct cursor c = { .q = octets.p };
	struct ussd_session s = { .is_ended = false };
	if (octets.n != SESSION_OCTETS || get(&c, 1) != FORM)
		return false;
	const uint64_t flags = get(&c, 1);
	if (flags > FLAG_ALL || !get_place(&c, content, &s.state.now) ||
	    !get_place(&c, content, &s.state.kept))
		return false;
	get_told(&c, content, (flags & FLAG_TOWN) != 0, &s.state.now);
	s.is_ended = (flags & FLAG_ENDED) != 0;
	s.was_sent = (flags & FLAG_SENT) != 0;
	s.state.was_sensitive = (flags & FLAG_SENSITIVE) != 0;
	s.sequence.has_got = (flags & FLAG_GOT) != 0;
	s.sequence.echoes = (flags & FLAG_ECHOES) != 0;
	s.sequence.counts = (flags & FLAG_COUNTS) != 0;
	memcpy(s.sequence.last, c.q, sizeof s.sequence.last);
	c.q += sizeof s.sequence.last;
	memcpy(s.sequence.ids, c.q, sizeof s.sequence.ids);
	c.q += sizeof s.sequence.ids;
	s.sequence.begin = (int)(int32_t)get(&c, 4);
	s.sequence.sent = (int)(int32_t)get(&c, 4);
	s.sequence.got = (int)(int32_t)get(&c, 4);
	s.sequence.steps = (unsigned)get(&c, 4);
	s.began_ms = (int64_t)get(&c, 8);
	s.at_ms = (int64_t)get(&c, 8);
	memcpy(s.caller, c.q, sizeof s.caller);
	s.caller[sizeof s.caller - 1] = '\0';
	*ret = s;
	return true;
}
