/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/prefixes.json: whose a number was first, by how it begins. And regions by their names. */
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

#define FILE_NAME "prefixes.json"

/* ---- the file */
static bool is_operator(const char *name)
{
	const size_t n = strlen(name);
	return n > 0 && n < PREFIX_OPERATOR_LIMIT &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static void read_prefix(const cJSON *one, const char *operator, struct prefixes *ret,
                        struct faults *f)
{
	const char *digits = cJSON_IsString(one) ? one->valuestring : "";
	const size_t n = strlen(digits);
	if (n < 2 || n >= sizeof ret->list[0].digits || strspn(digits, "0123456789") != n)
		fault_add(f, FILE_NAME, operator, "how a number begins: 2 to 10 digits, in quotes");
	else if (ret->n == PREFIXES_MAX)
		fault_add(f, FILE_NAME, operator, "there are at most 512 of them");
	else {
		struct prefix *p = &ret->list[ret->n++];
		(void)text_copy(p->digits, sizeof p->digits, digits);
		(void)text_copy(p->operator_, sizeof p->operator_, operator);
	}
}

static void read_operator(const cJSON *one, void *arg, struct faults *f)
{
	struct prefixes *ret = arg;
	static const char *const names[] = { "operator", "numbers", "source", NULL };
	const char *operator = json_string(one, "operator", true, FILE_NAME, "prefixes", f);
	json_members(one, names, FILE_NAME, operator, f);
	(void)json_string(one, "source", false, FILE_NAME, operator, f);
	if (!is_operator(operator)) {
		fault_add(f, FILE_NAME, "operator", "a word of a-z, 0-9 and -, of 23 letters at most");
		return;
	}
	const cJSON *numbers = cJSON_GetObjectItemCaseSensitive(one, "numbers"), *digits;
	if (!cJSON_IsArray(numbers))
		fault_add(f, FILE_NAME, operator, "numbers is a list");
	cJSON_ArrayForEach(digits, numbers)
		read_prefix(digits, operator, ret, f);
}

void prefixes_read(const char *folder, struct prefixes *ret, struct faults *f)
{
	ret->n = 0;
	json_list(folder, FILE_NAME, "prefixes", read_operator, ret, f);
}

/* ---- a number, a name */
const char *content_operator(const struct content *c, const struct msisdn *m)
{
	const struct span digits = msisdn_span(m);
	const struct prefix *best = NULL;
	for (size_t i = 0; i < c->prefixes.n; i++) {
		const struct prefix *p = &c->prefixes.list[i];
		const size_t n = strlen(p->digits);
		if (n <= digits.n && memcmp(digits.p, p->digits, n) == 0 &&
		    (best == NULL || n > strlen(best->digits)))
			best = p;
	}
	return best != NULL ? best->operator_ : "";
}

const char *content_region(const struct content *c, struct span utf8)
{
	struct wish w;
	struct buf said;
	for (size_t i = 0; i < c->places.n; i++)
		if (c->places.list[i].kind != PLACE_ABROAD && span_is(utf8, c->places.list[i].id))
			return c->places.list[i].region;
	content_wish(c, utf8, NULL, &w);
	if (w.region != NULL)
		return w.region;
	/* «Орал» alone may be a word; in a column of places it is the town */
	buf_init(&said, 256);
	buf_add_text(&said, "город ");
	buf_add(&said, utf8);
	if (!said.failed)
		content_wish(c, buf_span(&said), NULL, &w);
	buf_wipe(&said);
	return w.region != NULL ? w.region : "";
}
