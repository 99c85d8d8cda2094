/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone.c - see phone.h. The table of phones is a hash with open addressing over an array that
 * keeps the order of making; it is never more than half full. */
#include "phone.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

struct phones {
	struct phone **all;
	size_t n, size;
	uint32_t *slots; /* index into `all` plus 1; 0 is free */
	size_t slots_n;  /* a power of two */
};

static uint64_t hash(const char *s)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h ^ h >> 29;
}

struct phones *phones_open(void)
{
	struct phones *p = sim_alloc(sizeof *p);
	p->slots_n = 1024;
	p->slots = sim_alloc(p->slots_n * sizeof *p->slots);
	return p;
}

static void message_free(struct message *m)
{
	for (unsigned i = 0; m->pieces && i < m->part.total; i++)
		free(m->pieces[i].units);
	free(m->pieces);
	free(m->text);
	free(m);
}

static void messages_free(struct message *m)
{
	while (m) {
		struct message *next = m->next;
		message_free(m);
		m = next;
	}
}

void phones_close(struct phones *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++) {
		struct phone *ph = p->all[i];
		messages_free(ph->first);
		messages_free(ph->open);
		for (struct held *h = ph->held_first, *next; h; h = next) {
			next = h->next;
			free(h);
		}
		free(ph);
	}
	free(p->all);
	free(p->slots);
	free(p);
}

static uint32_t *place(struct phones *p, const char *number)
{
	size_t at = hash(number) & (p->slots_n - 1);

	while (p->slots[at] && strcmp(p->all[p->slots[at] - 1]->number, number))
		at = (at + 1) & (p->slots_n - 1);
	return p->slots + at;
}

struct phone *phones_find(struct phones *p, const char *number)
{
	uint32_t i = *place(p, number);
	return i ? p->all[i - 1] : NULL;
}

static void grow(struct phones *p)
{
	p->slots_n *= 2;
	free(p->slots);
	p->slots = sim_alloc(p->slots_n * sizeof *p->slots);
	for (size_t i = 0; i < p->n; i++)
		*place(p, p->all[i]->number) = (uint32_t)i + 1;
}

struct phone *phones_get(struct phones *p, const char *number)
{
	struct phone *ph = phones_find(p, number);
	if (ph || p->n == PHONES_MAX)
		return ph;
	if (2 * (p->n + 1) > p->slots_n)
		grow(p);
	if (p->n == p->size) {
		p->size = p->size ? 2 * p->size : 256;
		p->all = sim_grow(p->all, p->size * sizeof *p->all);
	}
	ph = sim_alloc(sizeof *ph);
	memcpy(ph->number, number, strlen(number) + 1);
	*place(p, number) = (uint32_t)p->n + 1;
	p->all[p->n++] = ph;
	return ph;
}

struct phone *phones_at(struct phones *p, size_t i)
{
	return i < p->n ? p->all[i] : NULL;
}

static bool belongs(const struct message *m, const struct submit *s, const char *from)
{
	return m->part.total == s->part.total && m->part.ref == s->part.ref
	    && m->part.ref_bits == s->part.ref_bits && !strcmp(m->from, from);
}

static bool is_piece(const struct message *m, const struct submit *s)
{
	const struct piece *p = m->pieces + s->part.seq - 1;
	return p->units && p->n == s->units_n
		&& !memcmp(p->units, s->units, p->n * sizeof *p->units);
}

static bool is_copy(struct phone *ph, const struct submit *s, const char *from, int64_t now_ms)
{
	for (struct message *m = ph->open; m; m = m->next) {
		if (belongs(m, s, from) && is_piece(m, s)) {
			m->copies++;
			return true;
		}
	}
	for (unsigned i = 0; i < RECENT; i++) {
		struct message *m = ph->recent[i];
		if (m && now_ms - m->ms < COPY_WINDOW_MS && belongs(m, s, from) && is_piece(m, s)) {
			m->copies++;
			return true;
		}
	}
	return false;
}

/* The link that points at the incomplete message which lacks this part, or at the list's end. */
static struct message **find_open(struct phone *ph, const struct submit *s, const char *from)
{
	struct message **at = &ph->open;

	while (*at && (!belongs(*at, s, from) || (*at)->pieces[s->part.seq - 1].units))
		at = &(*at)->next;
	return at;
}

static void complete(struct phone *ph, struct message *m, int64_t now_ms)
{
	struct out text = { 0 };

	message_text(m, &text);
	out_add(&text, "", 1);
	m->text = text.p;
	m->ms = now_ms;
	m->next = NULL;
	*(ph->last ? &ph->last->next : &ph->first) = m;
	ph->last = m;
	ph->complete++;
	if (m->part.total > 1)
		ph->recent[ph->recent_at++ % RECENT] = m;
}

struct message *phone_take(struct phone *ph, const struct submit *s, unsigned modem,
	const char *from, int64_t now_ms, bool *ret_copy)
{
	ph->parts++;
	*ret_copy = s->part.total > 1 && is_copy(ph, s, from, now_ms);
	if (*ret_copy)
		return NULL;
	struct message **at = s->part.total > 1 ? find_open(ph, s, from) : &ph->open;
	struct message *m = s->part.total > 1 ? *at : NULL;
	if (!m) {
		m = sim_alloc(sizeof *m);
		m->modem = modem;
		memcpy(m->from, from, strlen(from) + 1);
		m->msg_class = s->msg_class;
		m->alphabet = s->alphabet;
		m->part = s->part;
		m->ms = now_ms;
		m->pieces = sim_alloc(s->part.total * sizeof *m->pieces);
		m->next = ph->open;
		ph->open = m;
		at = &ph->open;
	}
	struct piece *p = m->pieces + s->part.seq - 1;
	p->units = sim_alloc(s->units_n * sizeof *p->units);
	p->n = s->units_n;
	memcpy(p->units, s->units, p->n * sizeof *p->units);
	if (++m->got < m->part.total)
		return NULL;
	*at = m->next;
	complete(ph, m, now_ms);
	return m;
}

void message_text(const struct message *m, struct out *o)
{
	uint16_t *units = sim_alloc(m->part.total * PART_UNITS * sizeof *units);
	size_t n = 0;

	for (unsigned i = 0; i < m->part.total; i++) {
		if (!m->pieces[i].units) {
			units[n++] = 0x2026;
			continue;
		}
		memcpy(units + n, m->pieces[i].units, m->pieces[i].n * sizeof *units);
		n += m->pieces[i].n;
	}
	if (m->alphabet == ALPHABET_8BIT) {
		for (size_t i = 0; i < n; i++)
			out_f(o, "%02X", units[i] & 0xffu);
	} else {
		text_utf8(o, units, n);
	}
	free(units);
}
