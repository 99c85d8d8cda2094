/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What operators send in the name of somebody without credit: a phrase, and a number beside it. */
#include <string.h>

#include "content/inside.h"
#include "text/fold.h"
#include "base/banned.h"

#define FILE_NAME "operators.json"
#define SKELETON_MAX 4096u

/* ---- the file */
static void read_phrase(const cJSON *phrase, const char *operator, struct operators *ret,
                        struct faults *f)
{
	struct buf skeleton;
	buf_init(&skeleton, PHRASE_LIMIT - 1);
	if (cJSON_IsString(phrase))
		fold_skeleton(span_of(phrase->valuestring), &skeleton);
	const char *text = skeleton.failed || skeleton.n == 0 ? NULL : buf_text(&skeleton);
	if (text == NULL)
		fault_add(f, FILE_NAME, operator, "a phrase is a text of 1 to 95 letters");
	else if (ret->n == OPERATORS_MAX)
		fault_add(f, FILE_NAME, operator, "there are at most 64 phrases");
	else
		(void)text_copy(ret->phrase[ret->n++], PHRASE_LIMIT, text);
	buf_free(&skeleton);
}

static void read_pattern(const cJSON *pattern, void *arg, struct faults *f)
{
	struct operators *ret = arg;
	static const char *const names[] = { "operator", "phrases", "source", NULL };
	const char *operator = json_string(pattern, "operator", true, FILE_NAME, "patterns", f);
	json_members(pattern, names, FILE_NAME, operator, f);
	if (json_string(pattern, "source", false, FILE_NAME, operator, f)[0] == '\0')
		warn_addf(f, FILE_NAME, operator, "nobody has seen such a text yet: it has no source");
	const cJSON *phrases = cJSON_GetObjectItemCaseSensitive(pattern, "phrases"), *one;
	if (!cJSON_IsArray(phrases))
		fault_add(f, FILE_NAME, operator, "phrases is a list of texts");
	cJSON_ArrayForEach(one, phrases)
		read_phrase(one, operator, ret, f);
}

void operators_read(const char *folder, struct operators *ret, struct faults *f)
{
	ret->n = 0;
	json_list(folder, FILE_NAME, "patterns", read_pattern, ret, f);
}

/* ---- a text */
static bool has_phrase(const struct operators *o, struct span utf8)
{
	struct buf skeleton;
	bool found = false;
	buf_init(&skeleton, SKELETON_MAX);
	fold_skeleton(utf8, &skeleton);
	const char *text = skeleton.failed ? NULL : buf_text(&skeleton);
	for (size_t i = 0; i < o->n && text != NULL && !found; i++)
		found = strstr(text, o->phrase[i]) != NULL;
	buf_wipe(&skeleton);
	return found;
}

static bool is_of_number(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == ' ' || c == '-';
}

#define DIGITS_MAX 12u /* in Kazakhstan and around it */

/* A time may stand behind it: "+998901234567 12:30". */
static bool read_number(struct span digits, struct msisdn *ret)
{
	for (;;) {
		digits = span_trim(digits);
		if (msisdn_parse(digits, ret) == MSISDN_OK && msisdn_span(ret).n <= DIGITS_MAX)
			return true;
		while (digits.n > 0 && digits.p[digits.n - 1] != ' ')
			digits.n--;
		if (digits.n == 0)
			return false;
	}
}

/* The first run of octets that is somebody's number: times and dates are too short for one. */
static bool find_number(struct span utf8, struct msisdn *ret)
{
	for (size_t i = 0; i < utf8.n; i++) {
		if (utf8.p[i] != '+' && (utf8.p[i] < '0' || utf8.p[i] > '9'))
			continue;
		size_t end = i + 1;
		while (end < utf8.n && is_of_number(utf8.p[end]))
			end++;
		if (read_number(span_make(utf8.p + i, end - i), ret))
			return true;
		i = end - 1;
	}
	return false;
}

bool content_call_request(const struct content *c, struct span utf8, struct msisdn *ret)
{
	return has_phrase(&c->operators, utf8) && find_number(utf8, ret);
}
