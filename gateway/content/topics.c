/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/topics.json: the tree. It is read in two passes, since a menu may name a topic that
 * stands further down; then it is walked from the root, which finds what hangs nowhere. */
#include <stdio.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

#define FILE_NAME "topics.json"

/* Wishes that a word can tell and that an answer with a number must follow. */
static const char *const wishes[] = { "emergency", "hotline", "shelter", "legal", "documents", "work",
	"wages", "return_home", "violence", "children", "health", "call_me" };
#define WISH_COUNT (sizeof wishes / sizeof wishes[0])

static const char *const kinds[KIND_COUNT] = {
#define X(id, word) [KIND_##id] = word,
	KINDS(X)
#undef X
};

const char *kind_word(enum kind k) { return k < KIND_COUNT ? kinds[k] : ""; }

/* ---- first pass: each topic by itself */
static bool is_id(const char *id)
{
	const size_t n = strlen(id);
	return n > 0 && n < TOPIC_ID_LIMIT &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool read_flag(const cJSON *from, const char *name, const char *id, struct faults *f)
{
	const cJSON *flag = cJSON_GetObjectItemCaseSensitive(from, name);
	if (flag != NULL && !cJSON_IsBool(flag))
		fault_add(f, FILE_NAME, id, "nearest, sensitive and forget_line are true or false");
	return cJSON_IsTrue(flag);
}

static enum kind read_service(const cJSON *from, const char *id, struct faults *f)
{
	const char *word = json_string(from, "service", false, FILE_NAME, id, f);
	for (enum kind k = 0; k < KIND_POLICE; k++)
		if (strcmp(kinds[k], word) == 0)
			return k;
	if (word[0] != '\0')
		fault_add(f, FILE_NAME, id, "there is no such service; see messages/README.md");
	return KIND_NONE;
}

static struct topic *find(struct topics *t, const char *id)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->list[i].id, id) == 0)
			return &t->list[i];
	return NULL;
}

static void read_topic(const cJSON *from, struct topics *t, struct faults *f)
{
	static const char *const fields[] = { "id", "intents", "children", "service", "nearest",
		"sensitive", "forget_line", NULL };
	const char *id = json_string(from, "id", true, FILE_NAME, "topics", f);
	json_members(from, fields, FILE_NAME, id, f);
	if (!is_id(id)) {
		fault_add(f, FILE_NAME, id, "an id is of a-z 0-9 _ and has at most 17 characters");
	} else if (find(t, id) != NULL) {
		fault_add(f, FILE_NAME, id, "two topics have this id");
	} else if (t->n == TOPICS_MAX) {
		fault_add(f, FILE_NAME, id, "there are too many topics: at most 128");
	} else {
		struct topic *new = &t->list[t->n++];
		*new = (struct topic){ .service = read_service(from, id, f),
			.nearest = read_flag(from, "nearest", id, f),
			.sensitive = read_flag(from, "sensitive", id, f),
			.forget_line = read_flag(from, "forget_line", id, f) };
		(void)text_copy(new->id, sizeof new->id, id);
		if (new->nearest && new->service == KIND_NONE)
			fault_add(f, FILE_NAME, id, "nearest needs a service that can be near");
	}
}

/* ---- second pass: who leads to whom */
static void add_child(struct topics *t, struct topic *parent, const char *id, struct faults *f)
{
	struct topic *child = find(t, id);
	if (child == NULL)
		fault_addf(f, FILE_NAME, parent->id, "its child \"%.32s\" doesn't exist", id);
	else if (child == t->root)
		fault_addf(f, FILE_NAME, parent->id, "its child \"%.32s\" is the root: a loop", id);
	else if (child->parent != NULL)
		fault_addf(f, FILE_NAME, id, "it stands in two places: under %s and under %s",
		           child->parent->id, parent->id);
	else if (parent->children == TOPIC_CHILDREN_MAX)
		fault_add(f, FILE_NAME, parent->id, "a menu has at most 9 children, for it has 9 digits");
	else {
		child->parent = parent;
		parent->child[parent->children++] = child;
	}
}

static void add_wish(struct topics *t, const struct topic *to, const char *word, struct faults *f)
{
	size_t i = 0;
	while (i < WISH_COUNT && strcmp(wishes[i], word) != 0)
		i++;
	const struct topic *other = NULL;
	for (size_t k = 0; k < t->wishes; k++)
		if (strcmp(t->wish[k].word, word) == 0)
			other = t->wish[k].topic;
	if (i == WISH_COUNT) {
		fault_addf(f, FILE_NAME, to->id, "no wish is called \"%.32s\"", word);
	} else if (other != NULL) {
		fault_addf(f, FILE_NAME, to->id, "the wish \"%s\" leads to %s already", word, other->id);
	} else if (t->wishes < WISHES_MAX) {
		(void)text_copy(t->wish[t->wishes].word, sizeof t->wish[0].word, word);
		t->wish[t->wishes++].topic = to;
	}
}

static void read_links(const cJSON *from, struct topics *t, struct faults *f)
{
	const char *id = json_string(from, "id", false, FILE_NAME, "topics", f);
	struct topic *topic = find(t, id);
	if (topic == NULL)
		return;
	const cJSON *children = cJSON_GetObjectItemCaseSensitive(from, "children"), *one;
	const cJSON *intents = cJSON_GetObjectItemCaseSensitive(from, "intents");
	if ((children != NULL && !cJSON_IsArray(children)) || (intents != NULL && !cJSON_IsArray(intents)))
		fault_add(f, FILE_NAME, id, "children and intents are lists");
	cJSON_ArrayForEach(one, children)
		add_child(t, topic, cJSON_IsString(one) ? one->valuestring : "", f);
	cJSON_ArrayForEach(one, intents)
		add_wish(t, topic, cJSON_IsString(one) ? one->valuestring : "", f);
}

/* ---- all of it together */
/* A topic that isn't below the root hangs nowhere, or in a loop of its own. */
static void check_way(struct topics *t, struct topic *topic, struct faults *f)
{
	const struct topic *up = topic;
	size_t steps = 0;
	while (up->parent != NULL && steps <= t->n) {
		up = up->parent;
		steps++;
	}
	topic->depth = steps;
	if (steps > t->n)
		fault_add(f, FILE_NAME, topic->id, "it is in a loop, and no way from the root leads to it");
	else if (up != t->root)
		fault_add(f, FILE_NAME, topic->id, "no way from the root leads to it");
	else if (steps > TOPIC_DEPTH_MAX)
		fault_add(f, FILE_NAME, topic->id, "it is more than 3 steps from the root");
}

static void check_wishes(const struct topics *t, struct faults *f)
{
	for (size_t i = 0; i < WISH_COUNT; i++) {
		size_t k = 0;
		while (k < t->wishes && strcmp(t->wish[k].word, wishes[i]) != 0)
			k++;
		if (k == t->wishes)
			fault_addf(f, FILE_NAME, "topics", "the wish \"%s\" leads nowhere: no topic has it "
			           "among its intents", wishes[i]);
	}
}

void topics_read(const char *folder, struct topics *ret, struct faults *f)
{
	static const char *const outer[] = { "root", "topics", NULL };
	ret->n = 0;
	ret->wishes = 0;
	ret->root = NULL;
	cJSON *root = json_read(folder, FILE_NAME, f);
	if (root == NULL)
		return;
	json_members(root, outer, FILE_NAME, NULL, f);
	const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, "topics"), *one;
	cJSON_ArrayForEach(one, all)
		read_topic(one, ret, f);
	ret->root = find(ret, json_string(root, "root", true, FILE_NAME, NULL, f));
	if (ret->root == NULL)
		fault_add(f, FILE_NAME, "root", "it is the id of the topic that everything begins with");
	cJSON_ArrayForEach(one, all)
		read_links(one, ret, f);
	for (size_t i = 0; i < ret->n && ret->root != NULL; i++) {
		struct topic *t = &ret->list[i];
		t->has_body = t->children == 0;
		check_way(ret, t, f);
	}
	if (ret->root != NULL && ret->root->children == 0)
		fault_add(f, FILE_NAME, ret->root->id, "the root is a menu: it has children");
	check_wishes(ret, f);
	cJSON_Delete(root);
}

void topics_note_body(struct topics *t, const struct topic *of)
{
	t->list[of - t->list].has_body = true;
}

/* ---- looking */
const struct topic *content_root(const struct content *c) { return c->topics.root; }

const struct topic *content_topic(const struct content *c, const char *id)
{
	for (size_t i = 0; i < c->topics.n; i++)
		if (strcmp(c->topics.list[i].id, id) == 0)
			return &c->topics.list[i];
	return NULL;
}

const struct topic *content_topic_for(const struct content *c, const char *wish)
{
	for (size_t i = 0; i < c->topics.wishes; i++)
		if (strcmp(c->topics.wish[i].word, wish) == 0)
			return c->topics.wish[i].topic;
	return NULL;
}

const struct topic *topic_child(const struct topic *t, int digit)
{
	return digit >= 1 && (size_t)digit <= t->children ? t->child[digit - 1] : NULL;
}

void topic_answer_key(const struct topic *t, unsigned lines, char ret[ANSWER_KEY_LIMIT])
{
	const bool has_menu = t->children > 0;
	if (!t->has_body) {
		(void)snprintf(ret, ANSWER_KEY_LIMIT, "menu.%s", t->id);
		return;
	}
	(void)snprintf(ret, ANSWER_KEY_LIMIT, "topic.%s.body%s%s%s", t->id,
	               (lines & LINE_FORGET) != 0 && t->forget_line ? "+line.forget" : "",
	               (lines & LINE_LANGUAGE) != 0 && !has_menu ? "+line.language" : "",
	               has_menu ? "+menu." : "");
	const size_t n = strlen(ret);
	if (has_menu)
		(void)snprintf(ret + n, ANSWER_KEY_LIMIT - n, "%s", t->id);
}

void content_arguments(const char *number, enum script s, struct buf *ret)
{
	buf_addf(ret, "{\"number\":\"%s\"", number);
	if (s != SCRIPT_NATIVE)
		buf_addf(ret, ",\"" SCRIPT_ARGUMENT "\":\"%s\"", script_word(s));
	buf_add_octet(ret, '}');
}
