/* SPDX-License-Identifier: GPL-3.0-or-later */
/* messages/keywords.json: which words say which wish, and in which language. */
#include <stdio.h>
#include <string.h>

#include "content/inside.h"
#include "base/banned.h"

#define FILE_NAME "keywords.json"
#define PATTERN_OCTETS_MAX 8192u
#define PATTERN_SHOWN 60u /* octets, in a fault */
#define GROUPS_KEY "groups"

/* Keys that are no intent's name. */
static const struct {
	const char *key;
	struct meaning meaning;
} other_keys[] = {
	{ "help", { .kind = MEANS_WISH, .intent = INTENT_HOTLINE, .is_cry = true } },
	{ "names", { .kind = MEANS_LANGUAGE, .intent = INTENT_LANGUAGE } },
	{ "chat", { .kind = MEANS_CHAT } },
	{ "machine", { .kind = MEANS_MACHINE } },
	{ "not", { .kind = MEANS_NOTHING } },
	{ "fillers", { .kind = MEANS_FILLER, .is_exact = true } },
};

static bool find_key(const char *key, struct meaning *ret)
{
	for (size_t i = 0; i < sizeof other_keys / sizeof other_keys[0]; i++)
		if (strcmp(other_keys[i].key, key) == 0) {
			*ret = other_keys[i].meaning;
			return true;
		}
	for (enum intent i = 0; i < INTENT_UNKNOWN; i++)
		if (strcmp(intent_word(i), key) == 0) {
			*ret = (struct meaning){ .kind = MEANS_WISH, .intent = (uint8_t)i,
				.is_exact = i == INTENT_STOP || i == INTENT_START || i == INTENT_DELETE };
			return true;
		}
	return false;
}

/* ---- one pattern */
static bool takes_end(struct span *pattern, char mark)
{
	if (pattern->n == 0 || pattern->p[pattern->n - 1] != (uint8_t)mark)
		return false;
	pattern->n--;
	return true;
}

/* Where words of stop and start count: "стоп" is the whole message, "стоп *" may begin it, and
 * "* не пишите *" stands anywhere. */
static const char *take_place(struct span *pattern, struct meaning *m)
{
	const bool goes_on = pattern->n > 2 && memcmp(pattern->p + pattern->n - 2, " *", 2) == 0;
	const bool is_amid = pattern->n > 2 && memcmp(pattern->p, "* ", 2) == 0;
	if (!m->is_exact || m->kind != MEANS_WISH)
		return goes_on || is_amid ? "other words are found anywhere, without \" *\"" : NULL;
	m->at = is_amid ? AT_ANYWHERE : goes_on ? AT_START : AT_WHOLE;
	if (goes_on)
		pattern->n -= 2;
	if (is_amid)
		*pattern = span_make(pattern->p + 2, pattern->n - 2);
	if (!is_amid && memchr(pattern->p, '*', pattern->n) != NULL)
		return "words of stop and start take no ending";
	return NULL;
}

static const char *take_marks(struct span *pattern, struct meaning *m)
{
	for (bool more = true; more;) {
		more = false;
		if (takes_end(pattern, '?'))
			more = m->is_weak = true;
		else if (takes_end(pattern, '!'))
			more = m->is_only = true;
		else if (takes_end(pattern, '='))
			more = m->is_exact = true;
		else if (takes_end(pattern, '~'))
			more = m->is_close = true;
	}
	return NULL;
}

/* Puts the groups' words in: "<паспорт>" is what groups.ru.паспорт says. */
static const char *put_groups(const cJSON *groups, struct span pattern, struct buf *ret)
{
	while (pattern.n > 0) {
		const uint8_t *open = memchr(pattern.p, '<', pattern.n);
		const size_t before = open != NULL ? (size_t)(open - pattern.p) : pattern.n;
		buf_add(ret, span_make(pattern.p, before));
		pattern = span_make(pattern.p + before, pattern.n - before);
		if (open == NULL)
			break;
		const uint8_t *close = memchr(pattern.p, '>', pattern.n);
		char name[64];
		if (close == NULL || (size_t)(close - pattern.p) >= sizeof name)
			return "a group's name stands between < and >";
		const size_t n = (size_t)(close - pattern.p) - 1;
		memcpy(name, pattern.p + 1, n);
		name[n] = '\0';
		const cJSON *group = cJSON_GetObjectItemCaseSensitive(groups, name);
		if (!cJSON_IsString(group))
			return "this language has no such group";
		buf_add_text(ret, group->valuestring);
		pattern = span_make(close + 1, pattern.n - n - 2);
	}
	return ret->failed ? "it is too long" : NULL;
}

static void add(struct lexicon *x, const cJSON *groups, const char *text, struct meaning m,
                const char *key, struct faults *f)
{
	struct buf b;
	struct span pattern = span_trim(span_of(text));
	const char *fault = take_marks(&pattern, &m);
	buf_init(&b, PATTERN_OCTETS_MAX);
	if (fault == NULL)
		fault = take_place(&pattern, &m);
	if (fault == NULL)
		fault = put_groups(groups, pattern, &b);
	if (fault == NULL)
		fault = lexicon_add(x, buf_span(&b), &m);
	buf_free(&b);
	if (fault == NULL)
		return;
	char where[ERR_WHOM_LIMIT];
	size_t n = strlen(text) < PATTERN_SHOWN ? strlen(text) : PATTERN_SHOWN;
	while (n > 0 && ((uint8_t)text[n] & 0xC0) == 0x80)
		n--; /* no letter is cut */
	(void)snprintf(where, sizeof where, "%s \"%.*s\"", key, (int)n, text);
	fault_add(f, FILE_NAME, where, fault);
}

/* ---- the file */
static bool parse_language(const char *tag, uint8_t *ret_bits, enum language *ret)
{
	*ret = LANGUAGE_UNKNOWN;
	*ret_bits = 0;
	if (strcmp(tag, "any") == 0)
		return true;
	if (!language_parse(span_of(tag), ret) || *ret >= LANGUAGE_PEOPLE)
		return false;
	/* Uzbek's keywords are written once: both scripts have one skeleton */
	*ret_bits = (uint8_t)((LANGUAGE_BIT(*ret) & KEYWORD_UZ) != 0 ? KEYWORD_UZ
	                                                             : LANGUAGE_BIT(*ret));
	return true;
}

/* One wish: {"kk":["көмек*",…],"any":[…]}; of `names`, the language is the one that is named. */
static void read_wish(struct lexicon *x, const cJSON *wish, const cJSON *groups, struct meaning m,
                      struct faults *f)
{
	const cJSON *words, *word;
	cJSON_ArrayForEach(words, wish) {
		char key[96];
		enum language l;
		(void)snprintf(key, sizeof key, "%.40s.%.40s", wish->string, words->string);
		if (!parse_language(words->string, &m.languages, &l) ||
		    (m.kind == MEANS_LANGUAGE && l == LANGUAGE_UNKNOWN)) {
			fault_add(f, FILE_NAME, key, "a language's tag stands here, or \"any\"");
			continue;
		}
		if (cJSON_GetObjectItemCaseSensitive(wish, words->string) != words)
			fault_add(f, FILE_NAME, key, "it stands there twice");
		if (m.kind == MEANS_LANGUAGE) {
			m.languages = 0; /* "по-казахски" is not Kazakh */
			m.value = (uint16_t)l;
		}
		if (!cJSON_IsArray(words))
			fault_add(f, FILE_NAME, key, "a list of words stands here");
		m.number = 0;
		cJSON_ArrayForEach(word, words) {
			m.number++;
			if (cJSON_IsString(word))
				add(x, cJSON_GetObjectItemCaseSensitive(groups, words->string),
				    word->valuestring, m, key, f);
			else
				fault_add(f, FILE_NAME, key, "every word stands in quotes");
		}
	}
}

void keywords_read(const char *folder, struct lexicon *x, struct faults *f)
{
	cJSON *root = json_read(folder, FILE_NAME, f);
	const cJSON *groups = cJSON_GetObjectItemCaseSensitive(root, GROUPS_KEY), *wish;
	cJSON_ArrayForEach(wish, root) {
		struct meaning m;
		if (wish == groups)
			continue;
		if (cJSON_GetObjectItemCaseSensitive(root, wish->string) != wish)
			fault_add(f, FILE_NAME, wish->string, "it stands there twice");
		else if (!find_key(wish->string, &m))
			fault_add(f, FILE_NAME, wish->string, "no such wish is known");
		else
			read_wish(x, wish, groups, m, f);
	}
	cJSON_Delete(root);
}
